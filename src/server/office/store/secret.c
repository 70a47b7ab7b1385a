/* secret.c - see secret.h. */
#include "server/office/store/secret.h"

#include <openssl/evp.h>

#include "sys/entropy.h"

enum { NONCE = 12, TAG = 16 };

static const char unit[] = "local-secret";

/* One direction or the other: the same calls in the same order. `tag` is written when sealing, checked when opening. */
static bool run(bool sealing, uint8_t *out, const uint8_t key[32], const uint8_t nonce[NONCE], struct str about, struct str in, uint8_t tag[TAG])
{
        EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
        int len = 0, way = sealing ? 1 : 0;
        bool ok = c && EVP_CipherInit_ex(c, EVP_aes_256_gcm(), NULL, key, nonce, way) == 1 &&
                  EVP_CipherUpdate(c, NULL, &len, (const uint8_t *)about.p, (int)about.n) == 1 &&
                  EVP_CipherUpdate(c, out, &len, (const uint8_t *)in.p, (int)in.n) == 1 &&
                  (sealing || EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, TAG, tag) == 1) && EVP_CipherFinal_ex(c, out + len, &len) == 1 &&
                  (!sealing || EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG, tag) == 1);

        EVP_CIPHER_CTX_free(c);
        return ok;
}

int secret_seal(struct str *out, struct db *db, struct str about, struct str text, utime_t now, struct arena *a, struct err *e)
{
        uint8_t key[32], *to;
        int r = text.n > SECRET_MAX ? err_set(e, ERR_TOO_BIG, "secret") : db_unit_key(db, unit, true, now, key, e);

        if (r < 0)
                return r;
        to = arena_alloc(a, NONCE + text.n + TAG);
        if (!to)
                return err_set(e, ERR_NOMEM, "secret");
        entropy_fill(to, NONCE);
        if (!run(true, to + NONCE, key, to, about, text, to + NONCE + text.n))
                return err_set(e, ERR_NOMEM, "secret");
        *out = (struct str){ (const char *)to, NONCE + text.n + TAG };
        return ERR_OK;
}

int secret_open(struct str *out, struct db *db, struct str about, struct str sealed, struct arena *a, struct err *e)
{
        uint8_t key[32], tag[TAG], *to;
        size_t n;
        int r;

        if (sealed.n < NONCE + TAG || sealed.n > NONCE + SECRET_MAX + TAG)
                return err_set(e, ERR_TAMPERED, "a sealed secret is malformed");
        r = db_unit_key(db, unit, false, 0, key, e);
        if (r < 0)
                return r == ERR_ABSENT ? err_set(e, ERR_TAMPERED, "the key of sealed secrets is gone") : r;
        n = sealed.n - NONCE - TAG;
        to = arena_alloc(a, n + 1);
        if (!to)
                return err_set(e, ERR_NOMEM, "secret");
        memcpy(tag, sealed.p + NONCE + n, TAG);
        if (!run(false, to, key, (const uint8_t *)sealed.p, about, (struct str){ sealed.p + NONCE, n }, tag))
                return err_set(e, ERR_TAMPERED, "a sealed secret does not open");
        to[n] = 0;
        *out = (struct str){ (const char *)to, n };
        return ERR_OK;
}
