/* files.c - see files.h. */
#include "server/office/store/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/codec.h"
#include "base/cursor.h"
#include "server/office/store/stmt.h"
#include "sys/entropy.h"
#include "sys/files.h"

enum { PATH_ROOM = 1200, FILE_UNIT_MAX = 39, SALT = 32, TAG = 16, NONCE = 12, HEX_ROOM = 2 * HASH_SIZE + 1 };
static const char magic[] = "sekisho-file@1\n";
enum { MAGIC = sizeof(magic) - 1, HEAD_MAX = MAGIC + 1 + FILE_UNIT_MAX + 8 + SALT };

struct stored_file {
        int             fd;
        EVP_CIPHER_CTX *cipher;
        char            unit[FILE_UNIT_MAX + 1];
        uint8_t         key[32], head[HEAD_MAX], salt[SALT];
        size_t          head_n;
        uint64_t        size, at;            /* of the content */
        bool            ended;
        uint8_t         sealed[FILE_CHUNK + TAG], plain[FILE_CHUNK];
};

static void path_of(char to[PATH_ROOM], const char *office_dir, const struct hash *name)
{
        char hex[HEX_ROOM];

        hex_text(hex, name->b, HASH_SIZE);
        (void)snprintf(to, PATH_ROOM, "%s/files/%.2s/%s", office_dir, hex, hex);
}

static int tampered(struct err *e, const struct hash *name)
{
        char hex[HEX_ROOM];

        hex_text(hex, name->b, HASH_SIZE);
        return err_key(e, ERR_TAMPERED, "file.tampered", "", hex, NULL);
}

/* ---- head and pieces ---- */

static void derive_key(struct stored_file *f, const uint8_t unit_key[32])
{
        const struct str runs[] = { STR("sekisho-file"), { (const char *)f->salt, SALT } };
        struct hash k = hash_hmac_runs((struct str){ (const char *)unit_key, 32 }, runs, countof(runs));

        memcpy(f->key, k.b, sizeof(f->key));
        OPENSSL_cleanse(&k, sizeof(k));
}

static void head_make(struct stored_file *f)
{
        uint8_t *p = f->head;
        size_t n = strlen(f->unit);

        memcpy(p, magic, MAGIC);
        p += MAGIC;
        *p++ = (uint8_t)n;
        memcpy(p, f->unit, n);
        p += n;
        for (size_t i = 0; i < 8; i++)
                *p++ = (uint8_t)(f->size >> (8 * i));
        memcpy(p, f->salt, SALT);
        f->head_n = (size_t)(p - f->head) + SALT;
}

static bool head_read(struct stored_file *f)
{
        uint8_t bytes[HEAD_MAX];
        ssize_t n = pread(f->fd, bytes, sizeof(bytes), 0);
        struct cursor c = cursor_of(bytes, n > 0 ? (size_t)n : 0);
        const uint8_t *begin = get_run(&c, MAGIC);
        size_t unit;

        if (!begin || memcmp(begin, magic, MAGIC) != 0)
                return false;
        unit = get_u8(&c);
        if (!unit || unit > FILE_UNIT_MAX || !get_copy(&c, f->unit, unit))
                return false;
        f->size = get_u64(&c);
        if (!get_copy(&c, f->salt, SALT) || f->size > FILE_BYTES_MAX || strlen(f->unit) != unit)
                return false;
        head_make(f);
        return true;
}

static void nonce_of(uint8_t nonce[NONCE], uint64_t piece, bool last)
{
        for (size_t i = 0; i < 8; i++)
                nonce[i] = (uint8_t)(piece >> (8 * i));
        nonce[8] = last;
        memset(nonce + 9, 0, 3);
}

static bool piece_seal(struct stored_file *f, struct str in, bool last)
{
        uint8_t nonce[NONCE];
        int len = 0;

        nonce_of(nonce, f->at / FILE_CHUNK, last);
        return EVP_EncryptInit_ex(f->cipher, EVP_aes_256_gcm(), NULL, f->key, nonce) == 1 && EVP_EncryptUpdate(f->cipher, NULL, &len, f->head, (int)f->head_n) == 1 &&
               EVP_EncryptUpdate(f->cipher, f->sealed, &len, (const uint8_t *)in.p, (int)in.n) == 1 && EVP_EncryptFinal_ex(f->cipher, f->sealed + len, &len) == 1 &&
               EVP_CIPHER_CTX_ctrl(f->cipher, EVP_CTRL_GCM_GET_TAG, TAG, f->sealed + in.n) == 1;
}

static bool piece_open(struct stored_file *f, size_t n, bool last)
{
        uint8_t nonce[NONCE];
        int len = 0;

        nonce_of(nonce, f->at / FILE_CHUNK, last);
        return EVP_DecryptInit_ex(f->cipher, EVP_aes_256_gcm(), NULL, f->key, nonce) == 1 && EVP_DecryptUpdate(f->cipher, NULL, &len, f->head, (int)f->head_n) == 1 &&
               EVP_DecryptUpdate(f->cipher, f->plain, &len, f->sealed, (int)n) == 1 && EVP_CIPHER_CTX_ctrl(f->cipher, EVP_CTRL_GCM_SET_TAG, TAG, f->sealed + n) == 1 &&
               EVP_DecryptFinal_ex(f->cipher, f->plain + len, &len) == 1;
}

/* ---- put ---- */

static int write_all(struct stored_file *f, struct str content, struct err *e)
{
        int r = fd_write_all(f->fd, (struct str){ (const char *)f->head, f->head_n }, e);

        for (bool last = false; r == ERR_OK && !last; f->at += FILE_CHUNK) {
                size_t left = content.n - f->at, n = left > FILE_CHUNK ? FILE_CHUNK : left;

                last = left <= FILE_CHUNK;
                if (!piece_seal(f, (struct str){ content.p + f->at, n }, last))
                        return err_set(e, ERR_NOMEM, "sealing a file");
                r = fd_write_all(f->fd, (struct str){ (const char *)f->sealed, n + TAG }, e);
        }
        return r == ERR_OK && fsync(f->fd) < 0 ? err_errno(e, "fsync of a file") : r;
}

/* Written beside its place, then moved there; both folders are on the disk before it is said to be kept. */
static int write_new(struct stored_file *f, const char *path, struct str content, struct err *e)
{
        char tmp[PATH_ROOM + 40];
        uint8_t dice[8];
        char word[2 * sizeof(dice) + 1];
        int r;

        entropy_fill(dice, sizeof(dice));
        hex_text(word, dice, sizeof(dice));
        (void)snprintf(tmp, sizeof(tmp), "%s.%s.new", path, word);
        f->fd = open(tmp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (f->fd < 0)
                return err_errno(e, "create '%s'", tmp);
        r = write_all(f, content, e);
        if (r == ERR_OK && rename(tmp, path) < 0)
                r = err_errno(e, "rename to '%s'", path);
        if (r < 0)
                (void)unlink(tmp); /* best effort: swept at the next start */
        return r;
}

static int make_dirs(const char *path, struct err *e)
{
        char dir[PATH_ROOM];

        (void)snprintf(dir, sizeof(dir), "%.*s", (int)(strrchr(path, '/') - path), path);
        return dir_make(dir, 0700, e);
}

static int dirs_sync(const char *path, struct err *e)
{
        char dir[PATH_ROOM];
        int r = dir_sync_of(path, e);

        (void)snprintf(dir, sizeof(dir), "%.*s", (int)(strrchr(path, '/') - path), path);
        return r < 0 ? r : dir_sync_of(dir, e);
}

/* Whole, and under this unit's key already. */
static bool is_kept(struct db *db, const char *office_dir, const char *unit, const struct hash *name)
{
        scoped(store_file_close) struct stored_file *f = NULL;

        return store_file_open(&f, db, office_dir, name, NULL) == ERR_OK && strcmp(f->unit, unit) == 0;
}

int store_file_put(struct db *db, const char *office_dir, const char *unit, const struct hash *name, struct str content, struct err *e)
{
        scoped(store_file_close) struct stored_file *f = NULL;
        char path[PATH_ROOM];
        uint8_t key[32];
        int r;

        if (content.n > FILE_BYTES_MAX || strlen(unit) > FILE_UNIT_MAX)
                return err_key(e, ERR_TOO_BIG, "common.body.big", "", NULL);
        path_of(path, office_dir, name);
        if (is_kept(db, office_dir, unit, name))
                return dirs_sync(path, e);      /* who wrote it may not have come so far */
        f = calloc(1, sizeof(*f));
        if (!f)
                return err_set(e, ERR_NOMEM, "file");
        f->fd = -1;
        f->cipher = EVP_CIPHER_CTX_new();
        r = f->cipher ? db_unit_key(db, unit, false, 0, key, e) : err_set(e, ERR_NOMEM, "file");
        if (r < 0)
                return r;
        (void)snprintf(f->unit, sizeof(f->unit), "%s", unit);
        f->size = content.n;
        entropy_fill(f->salt, SALT);
        head_make(f);
        derive_key(f, key);
        OPENSSL_cleanse(key, sizeof(key));
        r = make_dirs(path, e);
        if (r == ERR_OK)
                r = write_new(f, path, content, e);
        if (r == ERR_OK)
                r = dirs_sync(path, e);
        return r == ERR_FULL ? err_key(e, r, "error.full", "", NULL) : r;
}

/* ---- read ---- */

static int open_sealed(struct stored_file *f, struct db *db, const char *path, const struct hash *name, struct err *e)
{
        uint8_t key[32];
        int r;

        f->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (f->fd < 0 && errno == ENOENT)
                return err_key(e, ERR_TAMPERED, "file.lost", "", strrchr(path, '/') + 1, NULL);
        if (f->fd < 0)
                return err_errno(e, "open '%s'", path);
        f->cipher = EVP_CIPHER_CTX_new();
        if (!f->cipher)
                return err_set(e, ERR_NOMEM, "file");
        if (!head_read(f))
                return tampered(e, name);
        r = db_unit_key(db, f->unit, false, 0, key, e);
        if (r == ERR_ABSENT) {                  /* erased, if there is a tombstone; else its head names a unit that never was */
                bool known = false;

                r = db_unit_is_known(&known, db, f->unit, e);
                return r < 0 ? r : known ? err_key(e, ERR_ABSENT, "file.erased", "", NULL) : tampered(e, name);
        }
        if (r < 0)
                return r;
        derive_key(f, key);
        OPENSSL_cleanse(key, sizeof(key));
        return ERR_OK;
}

static int verify(struct stored_file *f, const struct hash *name, struct err *e)
{
        EVP_MD_CTX *md = EVP_MD_CTX_new();
        struct hash h = { { 0 } };
        struct str piece;
        bool ok = md && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1;
        int r = ok ? ERR_OK : err_set(e, ERR_NOMEM, "file");

        while (r == ERR_OK && (r = store_file_read(&piece, f, e)) == ERR_OK && piece.n)
                ok &= EVP_DigestUpdate(md, piece.p, piece.n) == 1;
        if (r == ERR_OK)
                ok &= EVP_DigestFinal_ex(md, h.b, NULL) == 1;
        EVP_MD_CTX_free(md);
        if (r == ERR_INPUT || (r == ERR_OK && (!ok || !hash_eq(&h, name))))
                return tampered(e, name);
        return r;
}

int store_file_open(struct stored_file **out, struct db *db, const char *office_dir, const struct hash *name, struct err *e)
{
        scoped(store_file_close) struct stored_file *f = calloc(1, sizeof(*f));
        char path[PATH_ROOM];
        int r;

        if (!f)
                return err_set(e, ERR_NOMEM, "file");
        f->fd = -1;
        path_of(path, office_dir, name);
        r = open_sealed(f, db, path, name, e);
        if (r == ERR_OK)
                r = verify(f, name, e);
        if (r < 0)
                return r;
        f->at = 0;
        f->ended = false;
        *out = take(f);
        return ERR_OK;
}

uint64_t store_file_size(const struct stored_file *f)
{
        return f->size;
}

/* ERR_INPUT: the piece is not what was sealed. */
int store_file_read(struct str *out, struct stored_file *f, struct err *e)
{
        uint64_t left = f->size - f->at, piece = f->at / FILE_CHUNK;
        size_t n = left > FILE_CHUNK ? FILE_CHUNK : (size_t)left, got = 0;
        bool last = left <= FILE_CHUNK;
        off_t from = (off_t)(f->head_n + piece * (FILE_CHUNK + TAG));

        if (f->ended) {
                *out = STR("");
                return ERR_OK;
        }
        while (got < n + TAG) {
                ssize_t r = pread(f->fd, f->sealed + got, n + TAG - got, from + (off_t)got);

                if (r < 0 && errno == EINTR)
                        continue;
                if (r <= 0)
                        return r < 0 ? err_errno(e, "read of a file") : err_set(e, ERR_INPUT, "file is cut");
                got += (size_t)r;
        }
        if (!piece_open(f, n, last))
                return err_set(e, ERR_INPUT, "piece %llu does not open", (unsigned long long)piece);
        *out = (struct str){ (const char *)f->plain, n };
        f->at += n;
        f->ended = last;
        return ERR_OK;
}

struct stored_file *store_file_close(struct stored_file *f)
{
        if (!f)
                return NULL;
        if (f->fd >= 0)
                (void)close(f->fd);
        EVP_CIPHER_CTX_free(f->cipher);
        OPENSSL_cleanse(f, sizeof(*f));
        free(f);
        return NULL;
}

const char *store_file_unit(const struct stored_file *f)
{
        return f->unit;
}

bool store_file_is_there(const char *office_dir, const struct hash *name, const char *unit)
{
        struct stored_file f = { .fd = -1 };
        char path[PATH_ROOM];
        bool is;

        path_of(path, office_dir, name);
        f.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        is = f.fd >= 0 && head_read(&f) && strcmp(f.unit, unit) == 0;
        if (f.fd >= 0)
                (void)close(f.fd);
        return is;
}

void store_file_remove(const char *office_dir, const struct hash *name)
{
        char path[PATH_ROOM];

        path_of(path, office_dir, name);
        (void)unlink(path); /* best effort: swept at the next start */
}

/* ---- sweep ---- */

int store_file_named(bool *named, struct db *db, const struct hash *name, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_FILE_NAMED);
        char hex[HEX_ROOM];
        int r;

        hex_text(hex, name->b, HASH_SIZE);
        bind_text(&s, str_of(hex));
        r = stmt_row(&s, e);
        *named = r == 1;
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

static int sweep_dir(struct db *db, const char *path, size_t *removed, struct err *e)
{
        DIR *d = opendir(path);
        struct dirent *at;
        int r = d ? ERR_OK : err_errno(e, "open '%s'", path);

        while (r == ERR_OK && (at = readdir(d))) {
                struct hash h;
                bool named = false;

                if (at->d_name[0] == '.')
                        continue;
                if (hex_decode(str_of(at->d_name), h.b, HASH_SIZE))
                        r = store_file_named(&named, db, &h, e);
                if (r == ERR_OK && !named && unlinkat(dirfd(d), at->d_name, 0) == 0)
                        ++*removed;
        }
        if (d)
                (void)closedir(d);
        return r;
}

int store_files_sweep(struct db *db, const char *office_dir, size_t *removed, struct err *e)
{
        char path[PATH_ROOM];
        struct dirent *at;
        DIR *d;
        int r;

        *removed = 0;
        (void)snprintf(path, sizeof(path), "%s/files", office_dir);
        r = dir_make(path, 0700, e);
        d = r == ERR_OK ? opendir(path) : NULL;
        if (r == ERR_OK && !d)
                r = err_errno(e, "open '%s'", path);
        while (r == ERR_OK && (at = readdir(d))) {
                char sub[PATH_ROOM];

                if (at->d_name[0] == '.' || strlen(at->d_name) != 2)
                        continue;
                (void)snprintf(sub, sizeof(sub), "%s/files/%.2s", office_dir, at->d_name);
                r = sweep_dir(db, sub, removed, e);
        }
        if (d)
                (void)closedir(d);
        return r;
}

/* ---- a unit's ---- */

static bool is_of(int dir, const char *name, const char *unit)
{
        struct stored_file f = { .fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) };
        bool is = f.fd >= 0 && head_read(&f) && strcmp(f.unit, unit) == 0;

        if (f.fd >= 0)
                (void)close(f.fd);
        return is;
}

static int unit_dir(uint64_t *n, const char *path, const char *unit, bool rm, struct err *e)
{
        DIR *d = opendir(path);
        struct dirent *at;
        uint64_t removed = 0;
        int r = d ? ERR_OK : err_errno(e, "open '%s'", path);

        while (r == ERR_OK && (at = readdir(d))) {
                if (at->d_name[0] == '.' || !is_of(dirfd(d), at->d_name, unit))
                        continue;
                ++*n;
                if (rm && unlinkat(dirfd(d), at->d_name, 0) < 0)
                        r = err_errno(e, "remove '%s/%s'", path, at->d_name);
                removed += rm;
        }
        if (r == ERR_OK && removed && fsync(dirfd(d)) < 0)
                r = err_errno(e, "sync '%s'", path);
        if (d)
                (void)closedir(d);
        return r;
}

int store_files_of_unit(uint64_t *n, const char *office_dir, const char *unit, bool rm, struct err *e)
{
        char path[PATH_ROOM];
        struct dirent *at;
        DIR *d;
        int r = ERR_OK;

        *n = 0;
        (void)snprintf(path, sizeof(path), "%s/files", office_dir);
        d = opendir(path);
        if (!d)
                return errno == ENOENT ? ERR_OK : err_errno(e, "open '%s'", path);
        while (r == ERR_OK && (at = readdir(d))) {
                char sub[PATH_ROOM];

                if (at->d_name[0] == '.' || strlen(at->d_name) != 2)
                        continue;
                (void)snprintf(sub, sizeof(sub), "%s/files/%.2s", office_dir, at->d_name);
                r = unit_dir(n, sub, unit, rm, e);
        }
        (void)closedir(d);
        return r;
}
