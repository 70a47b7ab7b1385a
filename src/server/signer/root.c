/* root.c - see root.h. */
#include "server/signer/root.h"

#include <openssl/crypto.h>

#include "base/cursor.h"
#include "server/signer/certs.h"
#include "server/signer/keys.h"
#include "server/signer/paths.h"
#include "sys/entropy.h"
#include "sys/files.h"
#include "sys/sock.h"

enum { SEALED_FILE_MAX = 64 * 1024, ONCE = 32 };

static inline void pkey_drop(EVP_PKEY *x)       { EVP_PKEY_free(x); }
static inline void x509_drop(X509 *x)           { X509_free(x); }
SCOPED(pkey_drop, EVP_PKEY *)
SCOPED(x509_drop, X509 *)

static void wipe(struct buf *b)
{
        if (b->p)
                OPENSSL_cleanse(b->p, b->room);
        buf_done(b);
}

/* The key's DER (RFC 5915) is all that is sealed; the certificate stands in the key file. */
static int root_seal(const char *data_dir, const uint8_t to[RECOVERY_PUBLIC], const EVP_PKEY *key, struct uuid install, struct err *e)
{
        scoped(buf_done) struct buf file = BUF_INIT, about = BUF_INIT;
        uint8_t once[ONCE], *der = NULL;
        char id[UUID_TEXT];
        struct path p;
        int n = i2d_PrivateKey(key, &der), r;

        if (n <= 0)
                return err_set(e, ERR_NOMEM, "encoding the root's key");
        uuid_text(id, install);
        buf_printf(&about, "root %s", id);
        entropy_fill(once, sizeof(once));
        r = sealed_make_to(&file, to, buf_view(&about), (struct str){ (const char *)der, (size_t)n }, once, e);
        OPENSSL_cleanse(once, sizeof(once));
        OPENSSL_clear_free(der, (size_t)n);
        if (r == ERR_OK)
                r = path_in(&p, data_dir, "signer/root.sealed", e);
        return r < 0 ? r : file_create(p.p, buf_view(&file), 0600, e);
}

static int der_of(struct buf *out, X509 *x, struct err *e)
{
        uint8_t *der = NULL;
        int n = i2d_X509(x, &der);

        buf_clear(out);
        if (n > 0)
                buf_add(out, der, (size_t)n);
        OPENSSL_free(der);
        return n > 0 && !buf_bad(out) ? ERR_OK : err_set(e, ERR_NOMEM, "encoding a certificate");
}

int root_make(const char *data_dir, const uint8_t recovery[RECOVERY_PUBLIC], utime_t now, struct err *e)
{
        scoped(keys_free) struct keys *k = NULL;
        scoped(pkey_drop) EVP_PKEY *key = EVP_EC_gen("P-256"), *ca_key = EVP_EC_gen("P-256");
        scoped(x509_drop) X509 *root = NULL, *ca = NULL;
        char name[NOTE_ORIGIN_MAX + 16], id[UUID_TEXT];
        struct path keys;
        int r = path_in(&keys, data_dir, "signer/keys", e);

        if (r == ERR_OK)
                r = keys_load(&k, keys.p, e);
        if (r < 0)
                return r;
        if (!key || !ca_key)
                return err_set(e, ERR_NOMEM, "making the root's key");
        uuid_text(id, k->install);
        (void)snprintf(name, sizeof(name), "sekisho/%s root", id);
        r = certs_make_root(&root, key, name, now, e);
        if (r == ERR_OK)
                r = certs_make_issuing(&ca, &(struct issuer){ root, key }, ca_key, k->log.name, now, e);
        if (r == ERR_OK)
                r = der_of(&k->root_der, root, e);
        if (r == ERR_OK)
                r = der_of(&k->ca_der, ca, e);
        if (r == ERR_OK)
                r = root_seal(data_dir, recovery, key, k->install, e);
        if (r < 0)
                return r;
        EVP_PKEY_free(k->ca_key);
        X509_free(k->ca);
        k->ca_key = take(ca_key);
        k->ca = take(ca);
        return keys_replace(k, keys.p, e);
}

/* A running signer has the keys in memory: at its next rotation it would write over what is prepared here. */
static int signer_is_down(const char *data_dir, struct err *e)
{
        struct path p;
        int fd = -1, r = path_in(&p, data_dir, "run/signer.sock", e);

        if (r < 0)
                return r;
        r = sock_connect(&fd, p.p, NULL);
        if (r == ERR_OK)
                fd_close(fd);
        return r == ERR_OK ? err_key(e, ERR_CONFLICT, "ca.signer.runs", "", data_dir, NULL) : ERR_OK;
}

static int root_open(EVP_PKEY **key, const char *data_dir, const uint8_t code[RECOVERY_BYTES], struct err *e)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        struct buf plain = BUF_INIT;
        const uint8_t *p;
        struct path path;
        int r = path_in(&path, data_dir, "signer/root.sealed", e);

        if (r == ERR_OK)
                r = file_read(&file, path.p, SEALED_FILE_MAX, e);
        if (r == ERR_ABSENT)
                return err_key(e, r, "ca.root.none", "", data_dir, NULL);
        if (r == ERR_OK)
                r = sealed_open(&plain, code, buf_view(&file), e);
        if (r < 0)
                return r;
        p = (const uint8_t *)plain.p;
        *key = d2i_PrivateKey(EVP_PKEY_EC, NULL, &p, (long)plain.n);
        wipe(&plain);
        return *key ? ERR_OK : err_set(e, ERR_TAMPERED, "'%s' holds no key", path.p);
}

int root_issue(const char *data_dir, const uint8_t code[RECOVERY_BYTES], utime_t now, struct err *e)
{
        scoped(keys_free) struct keys *k = NULL;
        scoped(pkey_drop) EVP_PKEY *key = NULL, *ca_key = EVP_EC_gen("P-256");
        scoped(x509_drop) X509 *root = NULL, *ca = NULL;
        const uint8_t *der;
        struct path keys;
        int r = path_in(&keys, data_dir, "signer/keys", e);

        if (r == ERR_OK)
                r = signer_is_down(data_dir, e);
        if (r == ERR_OK)
                r = keys_load(&k, keys.p, e);
        if (r == ERR_OK && !k->root_der.n)
                r = err_key(e, ERR_ABSENT, "ca.root.none", "", data_dir, NULL);
        if (r == ERR_OK)
                r = root_open(&key, data_dir, code, e);
        if (r < 0)
                return r;
        der = (const uint8_t *)k->root_der.p;
        root = d2i_X509(NULL, &der, (long)k->root_der.n);
        if (!root || !ca_key)
                return err_set(e, ERR_NOMEM, "making an issuing CA");
        if (X509_check_private_key(root, key) != 1)
                return err_key(e, ERR_TAMPERED, "ca.root.other", "", data_dir, NULL);
        r = certs_make_issuing(&ca, &(struct issuer){ root, key }, ca_key, k->log.name, now, e);
        if (r == ERR_OK)
                r = der_of(&k->ca_next_der, ca, e);
        if (r < 0)
                return r;
        EVP_PKEY_free(k->ca_next_key);
        X509_free(k->ca_next);
        k->ca_next_key = take(ca_key);
        k->ca_next = take(ca);
        return keys_replace(k, keys.p, e);
}
