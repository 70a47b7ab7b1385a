/* keys.c - see keys.h. */
#include "server/signer/keys.h"

#include <openssl/crypto.h>

#include "base/cursor.h"
#include "server/signer/certs.h"
#include "sys/entropy.h"
#include "sys/files.h"

enum { FILE_MAX = 24 * 1024, FILE_VERSION = 2, FILE_OLD = 1, DER_KEY_MAX = 1024, DER_CA_MAX = 4096 };

static const char magic[8] = { 'S', 'E', 'K', 'I', 'K', 'E', 'Y', 'S' };

struct keys *keys_free(struct keys *k)
{
        if (!k)
                return NULL;
        for (size_t i = 0; i < KEY_USES; i++) {
                EVP_PKEY_free(k->ed25519[i]);
                for (size_t turn = 0; turn < KEY_TURNS; turn++)
                        EVP_PKEY_free(k->coming[i][turn]);
        }
        EVP_PKEY_free(k->ca_key);
        EVP_PKEY_free(k->ca_next_key);
        X509_free(k->ca);
        X509_free(k->ca_next);
        buf_done(&k->ca_der);
        buf_done(&k->ca_next_der);
        buf_done(&k->root_der);
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

static int ed25519_from_seed(EVP_PKEY **key, uint8_t public[ED25519_KEY], const uint8_t seed[ED25519_KEY], struct err *e)
{
        size_t n = ED25519_KEY;

        *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, ED25519_KEY);
        if (!*key || EVP_PKEY_get_raw_public_key(*key, public, &n) != 1 || n != ED25519_KEY)
                return err_set(e, ERR_BUG, "libcrypto makes no Ed25519 key of the seed");
        return ERR_OK;
}

static int ed25519_make(EVP_PKEY **key, uint8_t public[ED25519_KEY], struct err *e)
{
        uint8_t seed[ED25519_KEY];
        int r;

        entropy_fill(seed, sizeof(seed));
        r = ed25519_from_seed(key, public, seed, e);
        OPENSSL_cleanse(seed, sizeof(seed));
        return r;
}

static int coming_make(struct keys *k, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; i < KEY_USES; i++)
                for (size_t turn = 0; r == ERR_OK && turn < KEY_TURNS; turn++)
                        r = ed25519_make(&k->coming[i][turn], k->coming_public[i][turn], e);
        return r;
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

static int ca_make(struct keys *k, utime_t now, struct err *e)
{
        int r;

        k->ca_key = EVP_EC_gen("P-256");
        if (!k->ca_key)
                return err_set(e, ERR_BUG, "libcrypto makes no P-256 key");
        r = certs_make_ca(&k->ca, k->ca_key, k->log.name, now, e);
        return r < 0 ? r : ca_der_make(k, e);
}

int keys_make(struct keys **out, struct uuid install, uint32_t epoch, utime_t now, struct err *e)
{
        scoped(keys_free) struct keys *k = calloc(1, sizeof(*k));
        int r;

        if (!k)
                return err_set(e, ERR_NOMEM, "making keys");
        k->install = install;
        k->epoch = epoch;
        k->ca_generation = 1;
        for (size_t i = 0; i < KEY_USES; i++) {
                k->generation[i] = 1;
                r = ed25519_make(&k->ed25519[i], k->public[i], e);
                if (r < 0)
                        return r;
        }
        r = coming_make(k, e);
        if (r < 0)
                return r;
        log_name(k);
        r = ca_make(k, now, e);
        if (r < 0)
                return r;
        *out = take(k);
        return ERR_OK;
}

static void seed_put(struct buf *out, const EVP_PKEY *key)
{
        uint8_t seed[ED25519_KEY];
        size_t n = sizeof(seed);

        if (EVP_PKEY_get_raw_private_key(key, seed, &n) != 1)
                out->bad = true;
        put_run(out, seed, sizeof(seed));
        OPENSSL_cleanse(seed, sizeof(seed));
}

/* Length and bytes; of no key or certificate the length 0. */
static void ec_put(struct buf *out, const EVP_PKEY *key)
{
        uint8_t *der = NULL;
        int n = key ? i2d_PrivateKey(key, &der) : 0;

        if (n < 0 || n > DER_KEY_MAX)
                out->bad = true;
        put_u32(out, n > 0 ? (uint32_t)n : 0);
        if (n > 0) {
                put_run(out, der, (size_t)n);
                OPENSSL_clear_free(der, (size_t)n);
        }
}

static void der_put(struct buf *out, const struct buf *der)
{
        put_u32(out, (uint32_t)der->n);
        put_run(out, der->p, der->n);
}

static int keys_encode(struct buf *out, const struct keys *k, struct err *e)
{
        struct hash h;

        put_run(out, magic, sizeof(magic));
        put_u16(out, FILE_VERSION);
        put_zeros(out, 2);
        put_u32(out, k->epoch);
        put_run(out, k->install.b, sizeof(k->install.b));
        for (size_t i = 0; i < KEY_USES; i++) {
                put_u32(out, k->generation[i]);
                seed_put(out, k->ed25519[i]);
                for (size_t turn = 0; turn < KEY_TURNS; turn++)
                        seed_put(out, k->coming[i][turn]);
        }
        put_u32(out, k->ca_generation);
        ec_put(out, k->ca_key);
        der_put(out, &k->ca_der);
        ec_put(out, k->ca_next_key);
        der_put(out, &k->ca_next_der);
        der_put(out, &k->root_der);
        h = hash_bytes(buf_view(out));
        put_run(out, h.b, HASH_SIZE);
        return buf_bad(out) ? err_set(e, ERR_BUG, "encoding the keys") : ERR_OK;
}

int keys_store(const struct keys *k, const char *path, struct err *e)
{
        scoped(secret_done) struct buf b = BUF_INIT;
        int r = keys_encode(&b, k, e);

        return r < 0 ? r : file_create(path, buf_view(&b), 0600, e);
}

int keys_replace(const struct keys *k, const char *path, struct err *e)
{
        scoped(secret_done) struct buf b = BUF_INIT;
        int r = keys_encode(&b, k, e);

        return r < 0 ? r : file_replace(path, buf_view(&b), 0600, e);
}

static int seed_get(EVP_PKEY **key, uint8_t public[ED25519_KEY], struct cursor *c, struct err *e)
{
        const uint8_t *p = get_run(c, ED25519_KEY);

        return p ? ed25519_from_seed(key, public, p, e) : err_set(e, ERR_INPUT, "a key is missing");
}

static int ec_get(EVP_PKEY **key, struct cursor *c, uint32_t n, struct err *e)
{
        const uint8_t *p = n <= DER_KEY_MAX ? get_run(c, n) : NULL;

        *key = p && n ? d2i_PrivateKey(EVP_PKEY_EC, NULL, &p, (long)n) : NULL;
        return p && (*key || !n) ? ERR_OK : err_set(e, ERR_INPUT, "a CA key of %u bytes cannot be read", n);
}

static int der_get(struct buf *der, X509 **cert, struct cursor *c, uint32_t n, struct err *e)
{
        const uint8_t *p = n <= DER_CA_MAX ? get_run(c, n) : NULL;

        if (p)
                buf_add(der, p, n);
        *cert = p && n ? d2i_X509(NULL, &p, (long)n) : NULL;
        return p && !buf_bad(der) && (*cert || !n) ? ERR_OK : err_set(e, ERR_INPUT, "a certificate of %u bytes cannot be read", n);
}

/* Version 1: three seeds, then both lengths before the CA's key and certificate. */
static int decode_old(struct keys *k, struct cursor *c, struct err *e)
{
        uint32_t key_n, ca_n;
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < KEY_USES; i++) {
                k->generation[i] = 1;
                r = seed_get(&k->ed25519[i], k->public[i], c, e);
        }
        key_n = get_u32(c);
        ca_n = get_u32(c);
        k->ca_generation = 1;
        k->old = true;
        if (r == ERR_OK)
                r = ec_get(&k->ca_key, c, key_n, e);
        if (r == ERR_OK)
                r = der_get(&k->ca_der, &k->ca, c, ca_n, e);
        return r < 0 ? r : coming_make(k, e);
}

static int decode_new(struct keys *k, struct cursor *c, struct err *e)
{
        X509 *root = NULL;
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < KEY_USES; i++) {
                k->generation[i] = get_u32(c);
                r = seed_get(&k->ed25519[i], k->public[i], c, e);
                for (size_t turn = 0; r == ERR_OK && turn < KEY_TURNS; turn++)
                        r = seed_get(&k->coming[i][turn], k->coming_public[i][turn], c, e);
        }
        k->ca_generation = get_u32(c);
        if (r == ERR_OK)
                r = ec_get(&k->ca_key, c, get_u32(c), e);
        if (r == ERR_OK)
                r = der_get(&k->ca_der, &k->ca, c, get_u32(c), e);
        if (r == ERR_OK)
                r = ec_get(&k->ca_next_key, c, get_u32(c), e);
        if (r == ERR_OK)
                r = der_get(&k->ca_next_der, &k->ca_next, c, get_u32(c), e);
        if (r == ERR_OK)
                r = der_get(&k->root_der, &root, c, get_u32(c), e);
        X509_free(root);
        return r;
}

/* The checksum has been compared: what does not parse now was written by something else than us. */
static int keys_decode(struct keys *k, uint16_t version, struct cursor *c, struct err *e)
{
        int r;

        get_zeros(c, 2);
        k->epoch = get_u32(c);
        get_copy(c, k->install.b, sizeof(k->install.b));
        r = version == FILE_OLD ? decode_old(k, c, e) : decode_new(k, c, e);
        if (r < 0)
                return r;
        log_name(k);
        if (c->left || c->bad || !k->ca_key || !k->ca || X509_check_private_key(k->ca, k->ca_key) != 1 || !k->ca_next != !k->ca_next_key ||
            (k->ca_next && X509_check_private_key(k->ca_next, k->ca_next_key) != 1))
                return err_set(e, ERR_INPUT, "a CA's key and certificate do not belong together");
        return ERR_OK;
}

static int keys_parse(struct keys **out, struct str file, const char *path, struct err *e)
{
        scoped(keys_free) struct keys *k = calloc(1, sizeof(*k));
        struct cursor c = cursor_of(file.p, file.n < HASH_SIZE ? 0 : file.n - HASH_SIZE);
        struct hash h = hash_bytes((struct str){ file.p, c.left });
        char got[sizeof(magic)];
        uint16_t version;
        int r;

        if (!k)
                return err_set(e, ERR_NOMEM, "loading keys");
        get_copy(&c, got, sizeof(got));
        version = get_u16(&c);
        if (c.bad || memcmp(got, magic, sizeof(magic)))
                return err_set(e, ERR_INPUT, "'%s' is no key file", path);
        if (version != FILE_VERSION && version != FILE_OLD)
                return err_set(e, ERR_VERSION, "'%s' has format %u; %u is known", path, version, FILE_VERSION);
        if (memcmp(h.b, file.p + file.n - HASH_SIZE, HASH_SIZE))
                return err_set(e, ERR_TAMPERED, "'%s' is damaged: its checksum does not fit; restore it from the key backup", path);
        r = keys_decode(k, version, &c, e);
        if (r < 0)
                return err_wrap(e, r, "'%s'", path);
        *out = take(k);
        return ERR_OK;
}

int keys_load(struct keys **out, const char *path, struct err *e)
{
        scoped(secret_done) struct buf file = BUF_INIT;
        int r = file_read(&file, path, FILE_MAX, e);

        return r < 0 ? err_wrap(e, r, "signer's keys") : keys_parse(out, buf_view(&file), path, e);
}

static int keys_copy(struct keys **out, const struct keys *k, struct err *e)
{
        scoped(secret_done) struct buf file = BUF_INIT;
        int r = keys_encode(&file, k, e);

        return r < 0 ? r : keys_parse(out, buf_view(&file), "the keys in memory", e);
}

int keys_turn(struct keys **out, const struct keys *k, enum key_use use, struct err *e)
{
        scoped(keys_free) struct keys *t = NULL;
        int r = keys_copy(&t, k, e);

        if (r < 0)
                return r;
        EVP_PKEY_free(t->ed25519[use]);
        t->ed25519[use] = t->coming[use][KEY_NEXT];
        t->coming[use][KEY_NEXT] = t->coming[use][KEY_AFTER];
        t->coming[use][KEY_AFTER] = NULL;
        memcpy(t->public[use], t->coming_public[use][KEY_NEXT], ED25519_KEY);
        memcpy(t->coming_public[use][KEY_NEXT], t->coming_public[use][KEY_AFTER], ED25519_KEY);
        t->generation[use]++;
        r = ed25519_make(&t->coming[use][KEY_AFTER], t->coming_public[use][KEY_AFTER], e);
        if (r < 0)
                return r;
        *out = take(t);
        return ERR_OK;
}

int keys_turn_ca(struct keys **out, const struct keys *k, struct err *e)
{
        scoped(keys_free) struct keys *t = NULL;
        int r;

        if (!k->ca_next)
                return err_set(e, ERR_ABSENT, "no next CA is prepared");
        r = keys_copy(&t, k, e);
        if (r < 0)
                return r;
        EVP_PKEY_free(t->ca_key);
        X509_free(t->ca);
        buf_done(&t->ca_der);
        t->ca_key = take(t->ca_next_key);
        t->ca = take(t->ca_next);
        t->ca_der = t->ca_next_der;
        t->ca_next_der = BUF_INIT;
        t->ca_generation++;
        *out = take(t);
        return ERR_OK;
}

/* Lost or in foreign hands: what was to come after it is no better. */
static int renew_use(struct keys *k, enum key_use use, struct err *e)
{
        int r;

        EVP_PKEY_free(take(k->ed25519[use]));
        r = ed25519_make(&k->ed25519[use], k->public[use], e);
        for (size_t turn = 0; r == ERR_OK && turn < KEY_TURNS; turn++) {
                EVP_PKEY_free(take(k->coming[use][turn]));
                r = ed25519_make(&k->coming[use][turn], k->coming_public[use][turn], e);
        }
        k->generation[use]++;
        return r;
}

/* Without the offline root, whose code nobody types here: it signs itself, until the next rotation of the CA. */
static int renew_ca(struct keys *k, utime_t now, struct err *e)
{
        EVP_PKEY_free(take(k->ca_key));
        X509_free(take(k->ca));
        EVP_PKEY_free(take(k->ca_next_key));
        X509_free(take(k->ca_next));
        buf_clear(&k->ca_der);
        buf_clear(&k->ca_next_der);
        buf_clear(&k->root_der);
        k->ca_generation++;
        return ca_make(k, now, e);
}

int keys_next(struct keys **out, const struct keys *old, uint32_t epoch, unsigned renew, utime_t now, struct err *e)
{
        scoped(keys_free) struct keys *k = NULL;
        bool turn = renew & KEYS_TURN_LOG;
        int r = turn ? keys_turn(&k, old, KEY_LOG, e) : keys_copy(&k, old, e);

        if (r < 0)
                return r;
        k->epoch = epoch;
        for (size_t i = 0; r == ERR_OK && i < KEY_USES; i++)
                if ((i == KEY_LOG && !turn) || renew & (1u << i))
                        r = renew_use(k, (enum key_use)i, e);
        log_name(k);
        if (r == ERR_OK && renew & KEYS_RENEW_CA)
                r = renew_ca(k, now, e);
        if (r == ERR_OK)
                *out = take(k);
        return r;
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
