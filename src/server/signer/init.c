/* init.c - see signer.h: what is done once, by `sekishod init`, in its own process. */
#include <openssl/pem.h>

#include "server/signer/certs.h"
#include "server/signer/paths.h"
#include "server/signer/signer.h"
#include "server/signer/verbs.h"
#include "sys/files.h"

enum { EPOCH_FIRST = 1 };

static int dir_in(const char *data_dir, const char *name, mode_t mode, struct err *e)
{
        struct path p;
        int r = path_in(&p, data_dir, name, e);

        return r < 0 ? r : dir_make(p.p, mode, e);
}

static int tombs_store(struct signer_state *first, const char *data_dir, const struct signer_start *s, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct path p;
        int r = path_in(&p, data_dir, "signer/tombstones", e);

        tombstones_head_encode(&b);
        for (size_t i = 0; i < s->tombs_count; i++) {
                tombstone_encode(&b, &s->tombs[i]);
                first->tombstone_chain = tombstone_chain(&first->tombstone_chain, &s->tombs[i]);
        }
        first->tombstones = s->tombs_count;
        if (r == ERR_OK && buf_bad(&b))
                r = err_set(e, ERR_NOMEM, "tombstones");
        return r < 0 || !s->tombs_count ? r : file_create(p.p, buf_view(&b), 0600, e);
}

int signer_start_epoch(struct vkey *log, const char *data_dir, const struct signer_start *s, utime_t now, struct err *e)
{
        scoped(keys_free) struct keys *k = NULL, *old = NULL;
        struct signer_state first = { .counter = 1, .install = s->install, .epoch = s->epoch, .table_seq = s->table_seq, .crl_number = s->crl_number };
        struct path keys, state;
        int r;

        if (s->edge)
                first.edge = *s->edge;
        if ((r = path_in(&keys, data_dir, "signer/keys", e)) < 0 || (r = path_in(&state, data_dir, "signer/state", e)) < 0 ||
            (r = dir_in(data_dir, "signer", 0700, e)) < 0)
                return r;
        if (file_exists(state.p) || file_exists(keys.p))
                return err_set(e, ERR_CONFLICT, "there is a signer in '%s' already", data_dir);
        r = s->keys ? keys_load(&old, s->keys, e) : ERR_OK;
        if (r == ERR_OK && old && (!uuid_eq(old->install, s->install) || old->epoch >= s->epoch))
                r = err_set(e, ERR_CONFLICT, "'%s' are the keys of another install, or not of an earlier epoch", s->keys);
        if (r == ERR_OK)
                r = old ? keys_next(&k, old, s->epoch, s->renew, now, e) : keys_make(&k, s->install, s->epoch, now, e);
        if (r == ERR_OK)
                r = tombs_store(&first, data_dir, s, e);
        if (r == ERR_OK)
                r = state_sign(&first, k, e);
        if (r < 0)
                return r;
        r = keys_store(k, keys.p, e);
        if (r < 0)
                return err_wrap(e, r, "signer's keys");
        if (log)
                *log = k->log;
        r = state_create(state.p, &first, e);
        return r < 0 ? err_wrap(e, r, "signer's state") : ERR_OK;
}

int signer_init(const char *data_dir, struct uuid install, utime_t now, struct err *e)
{
        return signer_start_epoch(NULL, data_dir, &(struct signer_start){ .install = install, .epoch = EPOCH_FIRST }, now, e);
}

/* What `fill` writes as PEM becomes the file. */
typedef int pem_fn(BIO *to, const void *what);

static int pem_key(BIO *to, const void *what)
{
        return PEM_write_bio_PrivateKey(to, what, NULL, NULL, 0, NULL, NULL);
}

static int pem_chain(BIO *to, const void *what)
{
        const X509 *const *chain = what;
        int ok = 1;

        for (; ok == 1 && *chain; chain++)
                ok = PEM_write_bio_X509(to, *chain);
        return ok;
}

static int pem_store(const char *dir, const char *name, mode_t mode, pem_fn *fill, const void *what, struct err *e)
{
        BIO *bio = BIO_new(BIO_s_secmem());
        struct path p;
        char *bytes = NULL;
        long n = bio && fill(bio, what) == 1 ? BIO_get_mem_data(bio, &bytes) : 0;
        int r = n > 0 ? path_in(&p, dir, name, e) : err_set(e, ERR_NOMEM, "writing PEM");

        if (r == ERR_OK)
                r = file_replace(p.p, (struct str){ bytes, (size_t)n }, mode, e);
        BIO_free(bio);
        return r;
}

int signer_issue_server(const char *data_dir, const char *const *names, const char *crl_url, utime_t now, struct err *e)
{
        struct signer s;
        EVP_PKEY *key = EVP_EC_gen("P-256");
        X509 *cert = NULL, *root = NULL;
        const uint8_t *der;
        int r = key ? signer_open(&s, data_dir, e) : err_set(e, ERR_NOMEM, "making nginx's key");

        if (r < 0) {
                EVP_PKEY_free(key);
                return r;
        }
        const struct issuer ca = { s.keys->ca, s.keys->ca_key };

        der = (const uint8_t *)s.keys->root_der.p;
        root = s.keys->root_der.n ? d2i_X509(NULL, &der, (long)s.keys->root_der.n) : NULL;
        r = certs_issue_server(&cert, &ca, key, names, crl_url, now, e);
        if (r == ERR_OK)
                r = dir_in(data_dir, "tls", 0700, e);
        if (r == ERR_OK)
                r = pem_store(data_dir, "tls/server.key", 0600, pem_key, key, e);
        if (r == ERR_OK)
                r = pem_store(data_dir, "tls/server.pem", 0644, pem_chain, (const X509 *const[]){ cert, ca.cert, NULL }, e);
        if (r == ERR_OK)
                r = pem_store(data_dir, "tls/ca.pem", 0644, pem_chain, (const X509 *const[]){ root ? root : ca.cert, NULL }, e);
        X509_free(cert);
        X509_free(root);
        EVP_PKEY_free(key);
        signer_close(&s);
        return r;
}
