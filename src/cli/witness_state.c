/* witness_state.c - see witness_state.h. */
#include "cli/witness_state.h"

#include <dirent.h>
#include <errno.h>
#include <openssl/crypto.h>

#include "base/codec.h"
#include "core/journal/lines.h"
#include "sys/entropy.h"
#include "sys/files.h"

enum { KEY_FILE_MAX = 1024, RECORD_MAX = 2048 };

#define KEY_FIRST    "sekisho-witness-key@v1"
#define RECORD_FIRST "sekisho-witness-log@v1"

static int path_in(char to[WITNESS_PATH], const char *dir, const char *name, struct err *e)
{
        return snprintf(to, WITNESS_PATH, "%s/%s", dir, name) < WITNESS_PATH ? ERR_OK : err_set(e, ERR_TOO_BIG, "path too long");
}

/* ---- the key ---- */

static int key_of_seed(struct witness *w, const uint8_t seed[ED25519_KEY], struct err *e)
{
        size_t n = ED25519_KEY;

        w->key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, ED25519_KEY);
        return w->key && EVP_PKEY_get_raw_public_key(w->key, w->me.key, &n) == 1 ? ERR_OK : err_set(e, ERR_NOMEM, "making the key");
}

static int key_files(struct witness *w, const uint8_t seed[ED25519_KEY], struct err *e)
{
        scoped(buf_done) struct buf secret = BUF_INIT, open = BUF_INIT;
        char path[WITNESS_PATH];
        int r = path_in(path, w->dir, "key", e);

        witness_key_format(&open, &w->me);
        buf_char(&open, '\n');
        buf_text(&secret, KEY_FIRST "\n");
        buf_str(&secret, buf_view(&open));
        base64_encode(&secret, seed, ED25519_KEY);
        buf_char(&secret, '\n');
        if (r == ERR_OK && (buf_bad(&secret) || buf_bad(&open)))
                r = err_set(e, ERR_NOMEM, "writing the key");
        if (r == ERR_OK)
                r = file_create(path, buf_view(&secret), 0600, e);
        if (secret.p)
                OPENSSL_cleanse(secret.p, secret.room);
        if (r == ERR_OK)
                r = path_in(path, w->dir, "witness.pub", e);
        return r < 0 ? r : file_replace(path, buf_view(&open), 0644, e);
}

int witness_make(const char *dir, const char *name, struct err *e)
{
        struct witness w = { .lock = -1 };
        uint8_t seed[ED25519_KEY];
        char path[WITNESS_PATH];
        int r = path_in(w.dir, dir, "", e);

        if (!witness_name_ok(name) || strlen(name) >= sizeof(w.me.name))
                return err_key(e, ERR_INPUT, "witness.name", "", name, NULL);
        (void)snprintf(w.me.name, sizeof(w.me.name), "%s", name);
        if (r == ERR_OK)
                r = path_in(path, dir, "logs", e);
        if (r == ERR_OK)
                r = dir_make(dir, 0700, e);
        if (r == ERR_OK)
                r = dir_make(path, 0700, e);
        entropy_fill(seed, sizeof(seed));
        if (r == ERR_OK)
                r = key_of_seed(&w, seed, e);
        if (r == ERR_OK)
                r = key_files(&w, seed, e);
        OPENSSL_cleanse(seed, sizeof(seed));
        EVP_PKEY_free(w.key);
        return r == ERR_CONFLICT ? err_key(e, r, "witness.made", "", dir, NULL) : r;
}

static int key_load(struct witness *w, struct err *e)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        struct str rest, first, vkey, text;
        uint8_t seed[ED25519_KEY] = { 0 };
        char path[WITNESS_PATH];
        struct vkey said;
        size_t n = 0;
        int r = path_in(path, w->dir, "key", e);

        if (r == ERR_OK)
                r = file_read(&file, path, KEY_FILE_MAX, e);
        if (r < 0)
                return r == ERR_ABSENT ? err_key(e, r, "witness.absent", "", w->dir, NULL) : r;
        rest = buf_view(&file);
        if (!line_next(&rest, &first) || !str_is(first, KEY_FIRST) || !line_next(&rest, &vkey) || !line_next(&rest, &text) || rest.n ||
            !base64_decode(text, seed, sizeof(seed), &n) || n != sizeof(seed) || witness_key_parse(&said, vkey, e) < 0)
                r = err_key(e, ERR_TAMPERED, "witness.key.bad", "", path, NULL);
        if (r == ERR_OK)
                r = key_of_seed(w, seed, e);
        OPENSSL_cleanse(seed, sizeof(seed));
        OPENSSL_cleanse(file.p, file.room);
        if (r == ERR_OK && memcmp(said.key, w->me.key, ED25519_KEY) != 0)
                r = err_key(e, ERR_TAMPERED, "witness.key.bad", "", path, NULL);
        if (r == ERR_OK)
                w->me = said;
        return r;
}

int witness_open(struct witness *w, const char *dir, struct err *e)
{
        char path[WITNESS_PATH];
        int r;

        *w = (struct witness){ .lock = -1 };
        if ((size_t)snprintf(w->dir, sizeof(w->dir), "%s", dir) >= sizeof(w->dir))
                return err_set(e, ERR_TOO_BIG, "path too long");
        r = key_load(w, e);
        if (r == ERR_OK)
                r = path_in(path, dir, "lock", e);
        if (r == ERR_OK)
                r = file_lock(&w->lock, path, e);
        if (r < 0)
                witness_close(w);
        return r == ERR_CONFLICT ? err_key(e, r, "witness.busy", "", dir, NULL) : r;
}

void witness_close(struct witness *w)
{
        EVP_PKEY_free(w->key);
        w->key = NULL;
        fd_close(w->lock);
        w->lock = -1;
}

int witness_sign(uint8_t sig[ED25519_SIG], const struct witness *w, struct str message, struct err *e)
{
        EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        size_t n = ED25519_SIG;
        bool ok = ctx && EVP_DigestSignInit(ctx, NULL, NULL, NULL, w->key) == 1 &&
                  EVP_DigestSign(ctx, sig, &n, (const uint8_t *)message.p, message.n) == 1 && n == ED25519_SIG;

        EVP_MD_CTX_free(ctx);
        return ok ? ERR_OK : err_set(e, ERR_NOMEM, "signing");
}

/* ---- what is known of a log ---- */

static int record_path(char to[WITNESS_PATH], const struct witness *w, struct str origin, struct err *e)
{
        struct hash h = hash_bytes(origin);
        char name[8 + 2 * HASH_SIZE] = "logs/";

        hex_text(name + 5, h.b, HASH_SIZE);
        return path_in(to, w->dir, name, e);
}

static void record_text(struct buf *out, const struct known *k)
{
        buf_text(out, RECORD_FIRST "\n");
        vkey_format(out, &k->log);
        buf_printf(out, "\nsize %llu\n", (unsigned long long)k->size);
        line_hash_format(out, &k->root);
        buf_printf(out, "at %llu\n", (unsigned long long)k->at);
}

static int record_parse(struct known *out, const struct witness *w, struct str file, struct err *e)
{
        struct str rest = file, first, vkey, size, root, at, text, sig_text;
        uint8_t sig[ED25519_SIG];
        struct known k = { 0 };
        size_t n = 0;

        if (!line_next(&rest, &first) || !str_is(first, RECORD_FIRST) || !line_next(&rest, &vkey) || !line_next(&rest, &size) ||
            !line_next(&rest, &root) || !line_next(&rest, &at) || vkey_parse(&k.log, vkey, e) < 0 ||
            !line_number(size, "size ", TREE_SIZE_MAX, &k.size) || !line_hash(root, &k.root) || !line_number(at, "at ", INT64_MAX, &k.at))
                return ERR_TAMPERED;
        text = (struct str){ file.p, file.n - rest.n };
        if (!line_next(&rest, &sig_text) || rest.n || !base64_decode(sig_text, sig, sizeof(sig), &n) || n != sizeof(sig) ||
            ed25519_verify(w->me.key, text, sig, e) < 0)
                return ERR_TAMPERED;
        *out = k;
        return ERR_OK;
}

static int record_load(struct known *out, const struct witness *w, const char *path, struct err *e)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        int r = file_read(&file, path, RECORD_MAX, e);

        if (r < 0)
                return r;
        return record_parse(out, w, buf_view(&file), e) < 0 ? err_key(e, ERR_TAMPERED, "witness.record.bad", "", path, NULL) : ERR_OK;
}

int known_load(struct known *out, const struct witness *w, struct str origin, struct err *e)
{
        char path[WITNESS_PATH];
        int r = record_path(path, w, origin, e);

        if (r == ERR_OK)
                r = record_load(out, w, path, e);
        if (r == ERR_OK && !str_is(origin, out->log.name))
                r = err_key(e, ERR_TAMPERED, "witness.record.bad", "", path, NULL);
        return r;
}

int known_store(const struct witness *w, const struct known *k, struct err *e)
{
        scoped(buf_done) struct buf text = BUF_INIT;
        uint8_t sig[ED25519_SIG];
        char path[WITNESS_PATH];
        int r = record_path(path, w, str_of(k->log.name), e);

        record_text(&text, k);
        if (r == ERR_OK)
                r = buf_bad(&text) ? err_set(e, ERR_NOMEM, "record") : witness_sign(sig, w, buf_view(&text), e);
        if (r < 0)
                return r;
        base64_encode(&text, sig, sizeof(sig));
        buf_char(&text, '\n');
        return buf_bad(&text) ? err_set(e, ERR_NOMEM, "record") : file_replace(path, buf_view(&text), 0600, e);
}

int known_each(const struct witness *w, known_fn *fn, void *ctx, struct err *e)
{
        char path[WITNESS_PATH];
        struct dirent *d;
        DIR *logs;
        int r = path_in(path, w->dir, "logs", e);

        logs = r == ERR_OK ? opendir(path) : NULL;
        if (r == ERR_OK && !logs)
                return err_errno(e, "open '%s'", path);
        while (r == ERR_OK && (d = readdir(logs))) {
                char name[sizeof(d->d_name) + 8];
                struct known k;

                if (strlen(d->d_name) != (size_t)2 * HASH_SIZE)
                        continue;
                (void)snprintf(name, sizeof(name), "logs/%s", d->d_name);
                r = path_in(path, w->dir, name, e);
                if (r == ERR_OK)
                        r = record_load(&k, w, path, e);
                if (r == ERR_OK)
                        r = fn(ctx, &k, e);
        }
        if (logs)
                (void)closedir(logs);
        return r;
}
