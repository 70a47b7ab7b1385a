/* keys.c - see keys.h. */
#include "server/signer/keys.h"

#include <openssl/crypto.h>

#include "base/cursor.h"
#include "server/signer/certs.h"
#include "sys/entropy.h"
#include "sys/files.h"

enum { FILE_MAX = 8192, FILE_VERSION = 1, DER_KEY_MAX = 1024, DER_CA_MAX = 4096 };

static const char magic[8] = { 'S', 'E', 'K', 'I', 'K', 'E', 'Y', 'S' };

struct keys *keys_free(struct keys *k)
{
        if (!k)
                return NULL;
        for (size_t i = 0; i < KEY_USES; i++)
                EVP_PKEY_free(k->ed25519[i]);
        EVP_PKEY_free(k->ca_key);
        X509_free(k->ca);
        buf_done(&k->ca_der);
        free(k);
        return NULL;
}

/* Secrets leave memory when the buf does. */
static void secret_done(struct buf *b)
{
        if (b->p)
                OPENSSL_cleanse(b->p, b->room);
        buf_done(b);
}

static inline void secret_done_at(struct buf *b)
{
        secret_done(b);
}

static int ed25519_from_seed(struct keys *k, enum key_use use, const uint8_t seed[ED25519_KEY], struct err *e)
{
        size_t n = ED25519_KEY;

        k->ed25519[use] = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, ED25519_KEY);
        if (!k->ed25519[use] || EVP_PKEY_get_raw_public_key(k->ed25519[use], k->public[use], &n) != 1 || n != ED25519_KEY)
                return err_set(e, ERR_BUG, "libcrypto makes no Ed25519 key of the seed");
        return ERR_OK;
}

static void log_name(struct keys *k)
{
        note_origin(k->log.name, k->install, k->epoch);
        memcpy(k->log.key, k->public[KEY_LOG], ED25519_KEY);
}

static int ca_der_make(struct keys *k, struct err *e)
{
        uint8_t *der = NULL;
        int n = i2d_X509(k->ca, &der);

        if (n > 0)
                buf_add(&k->ca_der, der, (size_t)n);
        OPENSSL_free(der);
        return n > 0 && n <= DER_CA_MAX && !buf_bad(&k->ca_der) ? ERR_OK : err_set(e, ERR_BUG, "encoding the CA's certificate");
}

int keys_make(struct keys **out, struct uuid install, uint32_t epoch, utime_t now, struct err *e)
{
        scoped(keys_free) struct keys *k = calloc(1, sizeof(*k));
        int r;

        if (!k)
                return err_set(e, ERR_NOMEM, "making keys");
        k->install = install;
        k->epoch = epoch;
        for (size_t i = 0; i < KEY_USES; i++) {
                uint8_t seed[ED25519_KEY];

                entropy_fill(seed, sizeof(seed));
                r = ed25519_from_seed(k, (enum key_use)i, seed, e);
                OPENSSL_cleanse(seed, sizeof(seed));
                if (r < 0)
                        return r;
        }
        log_name(k);
        k->ca_key = EVP_EC_gen("P-256");
        if (!k->ca_key)
                return err_set(e, ERR_BUG, "libcrypto makes no P-256 key");
        r = certs_make_ca(&k->ca, k->ca_key, k->log.name, now, e);
        if (r < 0)
                return r;
        r = ca_der_make(k, e);
        if (r < 0)
                return r;
        *out = take(k);
        return ERR_OK;
}

static int keys_encode(struct buf *out, const struct keys *k, struct err *e)
{
        uint8_t *der = NULL;
        int n = i2d_PrivateKey(k->ca_key, &der);
        struct hash h;

        put_run(out, magic, sizeof(magic));
        put_u16(out, FILE_VERSION);
        put_zeros(out, 2);
        put_u32(out, k->epoch);
        put_run(out, k->install.b, sizeof(k->install.b));
        for (size_t i = 0; i < KEY_USES; i++) {
                uint8_t seed[ED25519_KEY];
                size_t m = sizeof(seed);

                if (EVP_PKEY_get_raw_private_key(k->ed25519[i], seed, &m) != 1)
                        out->bad = true;
                put_run(out, seed, sizeof(seed));
                OPENSSL_cleanse(seed, sizeof(seed));
        }
        put_u32(out, (uint32_t)n);
        put_u32(out, (uint32_t)k->ca_der.n);
        if (n > 0)
                put_run(out, der, (size_t)n);
        put_run(out, k->ca_der.p, k->ca_der.n);
        h = hash_bytes(buf_view(out));
        put_run(out, h.b, HASH_SIZE);
        if (n > 0)
                OPENSSL_clear_free(der, (size_t)n);
        return n <= 0 || n > DER_KEY_MAX || buf_bad(out) ? err_set(e, ERR_BUG, "encoding the keys") : ERR_OK;
}

int keys_store(const struct keys *k, const char *path, struct err *e)
{
        scoped(secret_done) struct buf b = BUF_INIT;
        int r = keys_encode(&b, k, e);

        return r < 0 ? r : file_create(path, buf_view(&b), 0600, e);
}

/* The checksum has been compared: what does not parse now was written by something else than us. */
static int keys_decode(struct keys *k, struct cursor *c, struct err *e)
{
        uint32_t key_n, ca_n;
        const uint8_t *p;

        get_zeros(c, 2);
        k->epoch = get_u32(c);
        get_copy(c, k->install.b, sizeof(k->install.b));
        for (size_t i = 0; i < KEY_USES; i++) {
                int r;

                p = get_run(c, ED25519_KEY);
                r = p ? ed25519_from_seed(k, (enum key_use)i, p, e) : ERR_INPUT;
                if (r < 0)
                        return err_set(e, r, "key %zu", i);
        }
        log_name(k);
        key_n = get_u32(c);
        ca_n = get_u32(c);
        if (key_n > DER_KEY_MAX || ca_n > DER_CA_MAX)
                return err_set(e, ERR_INPUT, "key of %u bytes, certificate of %u", key_n, ca_n);
        p = get_run(c, key_n);
        k->ca_key = p ? d2i_PrivateKey(EVP_PKEY_EC, NULL, &p, (long)key_n) : NULL;
        p = get_run(c, ca_n);
        if (p)
                buf_add(&k->ca_der, p, ca_n);
        k->ca = p ? d2i_X509(NULL, &p, (long)ca_n) : NULL;
        if (c->left || !k->ca_key || !k->ca || buf_bad(&k->ca_der) || X509_check_private_key(k->ca, k->ca_key) != 1)
                return err_set(e, ERR_INPUT, "the CA's key and certificate do not belong together");
        return ERR_OK;
}

int keys_load(struct keys **out, const char *path, struct err *e)
{
        scoped(secret_done) struct buf file = BUF_INIT;
        scoped(keys_free) struct keys *k = calloc(1, sizeof(*k));
        struct cursor c;
        char got[sizeof(magic)];
        uint16_t version;
        struct hash h;
        int r = file_read(&file, path, FILE_MAX, e);

        if (r < 0)
                return err_wrap(e, r, "signer's keys");
        if (!k)
                return err_set(e, ERR_NOMEM, "loading keys");
        c = cursor_of(file.p, file.n < HASH_SIZE ? 0 : file.n - HASH_SIZE);
        h = hash_bytes((struct str){ file.p, c.left });
        get_copy(&c, got, sizeof(got));
        version = get_u16(&c);
        if (c.bad || memcmp(got, magic, sizeof(magic)))
                return err_set(e, ERR_INPUT, "'%s' is no key file", path);
        if (version != FILE_VERSION)
                return err_set(e, ERR_VERSION, "'%s' has format %u; %u is known", path, version, FILE_VERSION);
        if (memcmp(h.b, file.p + file.n - HASH_SIZE, HASH_SIZE))
                return err_set(e, ERR_TAMPERED, "'%s' is damaged: its checksum does not fit; restore it from the key backup", path);
        r = keys_decode(k, &c, e);
        if (r < 0)
                return err_wrap(e, r, "'%s'", path);
        *out = take(k);
        return ERR_OK;
}

int keys_sign(const struct keys *k, enum key_use use, struct str message, uint8_t sig[ED25519_SIG], struct err *e)
{
        EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        size_t n = ED25519_SIG;
        bool ok = ctx && EVP_DigestSignInit(ctx, NULL, NULL, NULL, k->ed25519[use]) == 1 &&
                  EVP_DigestSign(ctx, sig, &n, (const uint8_t *)message.p, message.n) == 1 && n == ED25519_SIG;

        EVP_MD_CTX_free(ctx);
        return ok ? ERR_OK : err_set(e, ERR_NOMEM, "libcrypto did not sign");
}
