/* sealed.c - see sealed.h. */
#include "wire/sealed.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/cursor.h"
#include "core/journal/hash.h"

enum { TAG = 16, NONCE = 12 };

static const char magic[8] = { 'S', 'E', 'K', 'I', 'S', 'E', 'A', 'L' };

enum kind { UNDER_CODE, TO_KEY };

struct header { enum kind kind; struct str about, body; const uint8_t *salt; struct hash mark; size_t bytes; uint64_t size; };     /* bytes: of the header */

/* RFC 5869: extract with the salt, then one block for each use. */
static struct hash derive(const uint8_t secret[32], struct str salt, struct str use)
{
        struct hash prk = hash_hmac(salt, (struct str){ (const char *)secret, 32 }), out;
        struct str runs[] = { use, { "\1", 1 } };

        out = hash_hmac_runs((struct str){ (const char *)prk.b, HASH_SIZE }, runs, countof(runs));
        OPENSSL_cleanse(&prk, sizeof(prk));
        return out;
}

/* What a file's key and mark are derived from, and the salt it is done with. */
struct source { uint8_t secret[32]; uint8_t salt[2 * 32]; size_t salt_bytes; };

static struct hash derived(const struct source *s, const char *use)
{
        return derive(s->secret, (struct str){ (const char *)s->salt, s->salt_bytes }, str_of(use));
}

#define MARK "sekisho-seal-v1 mark"
#define KEY  "sekisho-seal-v1 key"

/* ---- X25519 ---- */

static struct hash private_of(const uint8_t recovery[RECOVERY_BYTES])
{
        return derive(recovery, STR("sekisho-recovery-v1"), STR("x25519"));
}

static bool public_of(uint8_t out[32], const uint8_t private[32])
{
        EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, private, 32);
        size_t n = 32;
        bool ok = key && EVP_PKEY_get_raw_public_key(key, out, &n) == 1 && n == 32;

        EVP_PKEY_free(key);
        return ok;
}

/* False, too, for a public key of small order: nothing secret would come of it. */
static bool agree(uint8_t out[32], const uint8_t private[32], const uint8_t public[32])
{
        EVP_PKEY *ours = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, private, 32), *theirs = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, public, 32);
        EVP_PKEY_CTX *c = ours && theirs ? EVP_PKEY_CTX_new(ours, NULL) : NULL;
        size_t n = 32;
        bool ok = c && EVP_PKEY_derive_init(c) == 1 && EVP_PKEY_derive_set_peer(c, theirs) == 1 && EVP_PKEY_derive(c, out, &n) == 1 && n == 32;

        EVP_PKEY_CTX_free(c);
        EVP_PKEY_free(ours);
        EVP_PKEY_free(theirs);
        return ok;
}

int recovery_public(uint8_t out[RECOVERY_PUBLIC], const uint8_t recovery[RECOVERY_BYTES], struct err *e)
{
        struct hash private = private_of(recovery);
        bool ok = public_of(out, private.b);

        OPENSSL_cleanse(&private, sizeof(private));
        return ok ? ERR_OK : err_set(e, ERR_NOMEM, "the recovery code's public key");
}

static struct source source_of_code(const uint8_t recovery[RECOVERY_BYTES], const uint8_t salt[SEALED_SALT])
{
        struct source s = { .salt_bytes = SEALED_SALT };

        memcpy(s.secret, recovery, sizeof(s.secret));
        memcpy(s.salt, salt, SEALED_SALT);
        return s;
}

/* `private` agrees with `other`; both public keys are bound into the salt: first the file's, then the code's. */
static bool source_of_keys(struct source *s, const uint8_t private[32], const uint8_t other[32], const uint8_t of_file[32], const uint8_t of_code[32])
{
        s->salt_bytes = sizeof(s->salt);
        memcpy(s->salt, of_file, 32);
        memcpy(s->salt + 32, of_code, 32);
        return agree(s->secret, private, other);
}

/* ---- bytes ---- */

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

static int make(struct buf *out, enum kind kind, const struct source *source, const uint8_t salt[SEALED_SALT], struct str about, struct str plain, struct err *e)
{
        struct hash mark = derived(source, MARK), key;
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
        put_u16(out, kind);
        put_zeros(out, 2);
        put_run(out, salt, SEALED_SALT);
        put_run(out, mark.b, TAG);
        put_u64(out, plain.n);
        buf_str(out, about);
        head = out->n - from;
        put_zeros(out, plain.n + TAG);
        if (buf_bad(out))
                return err_set(e, ERR_NOMEM, "sealing");
        key = derived(source, KEY);
        ok = run(true, (uint8_t *)out->p + from + head, &key, (struct str){ out->p + from, head }, plain, tag);
        OPENSSL_cleanse(&key, sizeof(key));
        memcpy(out->p + from + head + plain.n, tag, TAG);
        return ok ? ERR_OK : err_set(e, ERR_NOMEM, "sealing");
}

int sealed_make(struct buf *out, const uint8_t recovery[RECOVERY_BYTES], struct str about, struct str plain, const uint8_t salt[SEALED_SALT], struct err *e)
{
        struct source s = source_of_code(recovery, salt);
        int r = make(out, UNDER_CODE, &s, salt, about, plain, e);

        OPENSSL_cleanse(&s, sizeof(s));
        return r;
}

int sealed_make_to(struct buf *out, const uint8_t to[RECOVERY_PUBLIC], struct str about, struct str plain, const uint8_t once[32], struct err *e)
{
        uint8_t public[32];
        struct source s;
        int r = public_of(public, once) && source_of_keys(&s, once, to, public, to) ? ERR_OK : err_set(e, ERR_INPUT, "the recovery code's public key is none");

        if (r == ERR_OK)
                r = make(out, TO_KEY, &s, public, about, plain, e);
        OPENSSL_cleanse(&s, sizeof(s));
        return r;
}

static int header_decode(struct header *out, struct str file, struct err *e)
{
        struct cursor c = cursor_of(file.p, file.n);
        struct header h = { 0 };
        char got[sizeof(magic)];
        const uint8_t *about;
        uint16_t version, n, kind;

        get_copy(&c, got, sizeof(got));
        version = get_u16(&c);
        if (c.bad || memcmp(got, magic, sizeof(magic)) != 0)
                return err_key(e, ERR_INPUT, "sealed.format", "", NULL);
        if (version != SEALED_VERSION)
                return err_key(e, ERR_VERSION, "sealed.version", "", NULL);
        n = get_u16(&c);
        kind = get_u16(&c);
        h.kind = kind == TO_KEY ? TO_KEY : UNDER_CODE;
        get_zeros(&c, 2);
        h.salt = get_run(&c, SEALED_SALT);
        get_copy(&c, h.mark.b, TAG);
        h.size = get_u64(&c);
        about = get_run(&c, n);
        h.about = (struct str){ (const char *)about, n };
        h.bytes = file.n - c.left;
        if (c.bad || kind > TO_KEY || !about_ok(h.about) || h.size > SEALED_MAX || c.left != h.size + TAG)
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

static int source_find(struct source *s, const struct header *h, const uint8_t recovery[RECOVERY_BYTES], struct err *e)
{
        struct hash private;
        uint8_t public[32];
        bool ok;

        if (h->kind == UNDER_CODE) {
                *s = source_of_code(recovery, h->salt);
                return ERR_OK;
        }
        private = private_of(recovery);
        ok = public_of(public, private.b);
        if (ok && !source_of_keys(s, private.b, h->salt, h->salt, public))
                return err_key(e, ERR_TAMPERED, "sealed.changed", "", NULL);
        OPENSSL_cleanse(&private, sizeof(private));
        return ok ? ERR_OK : err_set(e, ERR_NOMEM, "opening a sealed file");
}

int sealed_open(struct buf *plain, const uint8_t recovery[RECOVERY_BYTES], struct str file, struct err *e)
{
        struct header h;
        struct source s;
        struct hash mark, key;
        size_t from = plain->n;
        uint8_t tag[TAG];
        bool ok;
        int r = header_decode(&h, file, e);

        if (r == ERR_OK)
                r = source_find(&s, &h, recovery, e);
        if (r < 0)
                return r;
        mark = derived(&s, MARK);
        key = derived(&s, KEY);
        OPENSSL_cleanse(&s, sizeof(s));
        if (CRYPTO_memcmp(mark.b, h.mark.b, TAG) != 0)
                return err_key(e, ERR_FORBIDDEN, "sealed.code", "", NULL);
        put_zeros(plain, (size_t)h.size);
        if (buf_bad(plain))
                return err_set(e, ERR_NOMEM, "opening a sealed file");
        memcpy(tag, h.body.p + h.size, TAG);
        ok = run(false, (uint8_t *)plain->p + from, &key, (struct str){ file.p, h.bytes }, (struct str){ h.body.p, (size_t)h.size }, tag);
        OPENSSL_cleanse(&key, sizeof(key));
        if (ok)
                return ERR_OK;
        OPENSSL_cleanse(plain->p + from, (size_t)h.size);
        plain->n = from;
        return err_key(e, ERR_TAMPERED, "sealed.changed", "", NULL);
}
