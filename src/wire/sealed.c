/* sealed.c - see sealed.h. */
#include "wire/sealed.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/cursor.h"
#include "core/journal/hash.h"

enum { TAG = 16, NONCE = 12 };

static const char magic[8] = { 'S', 'E', 'K', 'I', 'S', 'E', 'A', 'L' };

struct header { struct str about, body; const uint8_t *salt; struct hash mark; size_t bytes; uint64_t size; };     /* bytes: of the header */

/* RFC 5869: extract with the file's salt, then one block for each use. */
static struct hash derive(const uint8_t recovery[RECOVERY_BYTES], const uint8_t salt[SEALED_SALT], struct str use)
{
        struct hash prk = hash_hmac((struct str){ (const char *)salt, SEALED_SALT }, (struct str){ (const char *)recovery, RECOVERY_BYTES }), out;
        struct str runs[] = { use, { "\1", 1 } };

        out = hash_hmac_runs((struct str){ (const char *)prk.b, HASH_SIZE }, runs, countof(runs));
        OPENSSL_cleanse(&prk, sizeof(prk));
        return out;
}

/* One key is used for one file, so the nonce may stand still. One direction or the other: the same calls in the same order. */
static bool run(bool sealing, uint8_t *out, const struct hash *key, struct str head, struct str in, uint8_t tag[TAG])
{
        static const uint8_t nonce[NONCE];
        EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
        int len = 0, way = sealing ? 1 : 0;
        bool ok = c && EVP_CipherInit_ex(c, EVP_aes_256_gcm(), NULL, key->b, nonce, way) == 1 &&
                  EVP_CipherUpdate(c, NULL, &len, (const uint8_t *)head.p, (int)head.n) == 1 &&
                  EVP_CipherUpdate(c, out, &len, (const uint8_t *)in.p, (int)in.n) == 1 &&
                  (sealing || EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, TAG, tag) == 1) && EVP_CipherFinal_ex(c, out + len, &len) == 1 &&
                  (!sealing || EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG, tag) == 1);

        EVP_CIPHER_CTX_free(c);
        return ok;
}

static bool about_ok(struct str s)
{
        for (size_t i = 0; i < s.n; i++)
                if (s.p[i] < 0x20 || s.p[i] > 0x7e)
                        return false;
        return s.n && s.n <= SEALED_ABOUT_MAX;
}

int sealed_make(struct buf *out, const uint8_t recovery[RECOVERY_BYTES], struct str about, struct str plain, const uint8_t salt[SEALED_SALT], struct err *e)
{
        struct hash mark = derive(recovery, salt, STR("sekisho-seal-v1 mark")), key;
        size_t from = out->n, head;
        uint8_t tag[TAG];
        bool ok;

        if (!about_ok(about))
                return err_set(e, ERR_BUG, "a sealed file about '%.*s'", (int)about.n, about.p);
        if (plain.n > SEALED_MAX)
                return err_set(e, ERR_TOO_BIG, "%zu bytes to seal, %d are possible", plain.n, SEALED_MAX);
        put_run(out, magic, sizeof(magic));
        put_u16(out, SEALED_VERSION);
        put_u16(out, (uint16_t)about.n);
        put_zeros(out, 4);
        put_run(out, salt, SEALED_SALT);
        put_run(out, mark.b, TAG);
        put_u64(out, plain.n);
        buf_str(out, about);
        head = out->n - from;
        put_zeros(out, plain.n + TAG);
        if (buf_bad(out))
                return err_set(e, ERR_NOMEM, "sealing");
        key = derive(recovery, salt, STR("sekisho-seal-v1 key"));
        ok = run(true, (uint8_t *)out->p + from + head, &key, (struct str){ out->p + from, head }, plain, tag);
        OPENSSL_cleanse(&key, sizeof(key));
        memcpy(out->p + from + head + plain.n, tag, TAG);
        return ok ? ERR_OK : err_set(e, ERR_NOMEM, "sealing");
}

static int header_decode(struct header *out, struct str file, struct err *e)
{
        struct cursor c = cursor_of(file.p, file.n);
        struct header h = { 0 };
        char got[sizeof(magic)];
        const uint8_t *about;
        uint16_t version, n;

        get_copy(&c, got, sizeof(got));
        version = get_u16(&c);
        if (c.bad || memcmp(got, magic, sizeof(magic)) != 0)
                return err_key(e, ERR_INPUT, "sealed.format", "", NULL);
        if (version != SEALED_VERSION)
                return err_key(e, ERR_VERSION, "sealed.version", "", NULL);
        n = get_u16(&c);
        get_zeros(&c, 4);
        h.salt = get_run(&c, SEALED_SALT);
        get_copy(&c, h.mark.b, TAG);
        h.size = get_u64(&c);
        about = get_run(&c, n);
        h.about = (struct str){ (const char *)about, n };
        h.bytes = file.n - c.left;
        if (c.bad || !about_ok(h.about) || h.size > SEALED_MAX || c.left != h.size + TAG)
                return err_key(e, ERR_INPUT, "sealed.format", "", NULL);
        h.body = (struct str){ file.p + h.bytes, c.left };
        *out = h;
        return ERR_OK;
}

int sealed_about(struct str *about, struct str file, struct err *e)
{
        struct header h;
        int r = header_decode(&h, file, e);

        if (r == ERR_OK)
                *about = h.about;
        return r;
}

int sealed_open(struct buf *plain, const uint8_t recovery[RECOVERY_BYTES], struct str file, struct err *e)
{
        struct header h;
        struct hash mark, key;
        size_t from = plain->n;
        uint8_t tag[TAG];
        bool ok;
        int r = header_decode(&h, file, e);

        if (r < 0)
                return r;
        mark = derive(recovery, h.salt, STR("sekisho-seal-v1 mark"));
        if (CRYPTO_memcmp(mark.b, h.mark.b, TAG) != 0)
                return err_key(e, ERR_FORBIDDEN, "sealed.code", "", NULL);
        put_zeros(plain, (size_t)h.size);
        if (buf_bad(plain))
                return err_set(e, ERR_NOMEM, "opening a sealed file");
        memcpy(tag, h.body.p + h.size, TAG);
        key = derive(recovery, h.salt, STR("sekisho-seal-v1 key"));
        ok = run(false, (uint8_t *)plain->p + from, &key, (struct str){ file.p, h.bytes }, (struct str){ h.body.p, (size_t)h.size }, tag);
        OPENSSL_cleanse(&key, sizeof(key));
        if (ok)
                return ERR_OK;
        OPENSSL_cleanse(plain->p + from, (size_t)h.size);
        plain->n = from;
        return err_key(e, ERR_TAMPERED, "sealed.changed", "", NULL);
}
