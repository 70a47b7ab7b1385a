/* backup.c - see backup.h. */
#include "server/office/store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>

#include "server/office/store/stmt.h"
#include "sys/files.h"

enum { PAGES_AT_ONCE = 2000, CHUNK = 256 * 1024, KEYS_MAX = 32 * 1024 * 1024 };

uint32_t store_version(void)
{
        return DB_VERSION;
}

static int pages(sqlite3_backup *b, journal_progress_fn *progress, void *ctx)
{
        int r;

        do {
                r = sqlite3_backup_step(b, PAGES_AT_ONCE);
                if (progress)
                        progress(ctx, (uint64_t)(sqlite3_backup_pagecount(b) - sqlite3_backup_remaining(b)), (uint64_t)sqlite3_backup_pagecount(b));
        } while (r == SQLITE_OK);
        return r;
}

/* The reader's own snapshot stands still, so no page is ever copied twice. Rolled back to one file: nothing lies beside it. */
int store_copy(struct db *db, const char *to, journal_progress_fn *progress, void *ctx, struct err *e)
{
        sqlite3 *s = NULL;
        sqlite3_backup *b = NULL;
        int r, x;

        if (file_exists(to))
                return err_set(e, ERR_CONFLICT, "'%s' exists", to);
        r = sqlite3_open_v2(to, &s, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
        if (r == SQLITE_OK && !(b = sqlite3_backup_init(s, "main", db->sqlite, "main")))
                r = sqlite3_errcode(s);
        if (b)
                r = pages(b, progress, ctx);
        (void)sqlite3_backup_finish(b);
        x = r == SQLITE_DONE ? ERR_OK : sqlite_err(s, r, e, to);
        if (x == ERR_OK && (r = sqlite3_exec(s, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL)) != SQLITE_OK)
                x = sqlite_err(s, r, e, to);
        (void)sqlite3_close(s);
        return x;
}

int store_keys_image(struct buf *out, struct db *db, struct err *e)
{
        sqlite3_int64 n = 0;
        unsigned char *p = sqlite3_serialize(db->keys, "main", &n, 0);

        if (!p || n <= 0 || n > KEYS_MAX) {
                sqlite3_free(p);
                return p ? err_set(e, ERR_TOO_BIG, "the key store has %lld bytes", (long long)n) : err_set(e, ERR_NOMEM, "key store");
        }
        if (n > 20)
                p[18] = p[19] = 1;                     /* file format: no log beside it */
        buf_add(out, p, (size_t)n);
        OPENSSL_cleanse(p, (size_t)n);
        sqlite3_free(p);
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "key store") : ERR_OK;
}

static int pour(uint64_t *size, EVP_MD_CTX *md, int from, int to, char *chunk, struct err *e)
{
        *size = 0;
        for (;;) {
                ssize_t got = read(from, chunk, CHUNK);

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return err_errno(e, "read");
                if (!got)
                        return ERR_OK;
                if (EVP_DigestUpdate(md, chunk, (size_t)got) != 1)
                        return err_set(e, ERR_NOMEM, "hashing");
                if (to >= 0) {
                        int r = fd_write_all(to, (struct str){ chunk, (size_t)got }, e);

                        if (r < 0)
                                return r;
                }
                *size += (uint64_t)got;
        }
}

int store_file_copy(uint64_t *size, struct hash *sha, const char *from, const char *to, struct err *e)
{
        scoped(fd_close) int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), out = -1;
        EVP_MD_CTX *md;
        char *chunk;
        int r;

        if (in < 0)
                return err_errno(e, "'%s'", from);
        if (to && (out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)) < 0)
                return err_errno(e, "'%s'", to);
        md = EVP_MD_CTX_new();
        chunk = malloc(CHUNK);
        r = md && chunk && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1 ? pour(size, md, in, out, chunk, e) : err_set(e, ERR_NOMEM, "copying");
        if (r == ERR_OK && EVP_DigestFinal_ex(md, sha->b, NULL) != 1)
                r = err_set(e, ERR_NOMEM, "hashing");
        if (r == ERR_OK && to && fsync(out) < 0)
                r = err_errno(e, "'%s'", to);
        EVP_MD_CTX_free(md);
        free(chunk);
        return r < 0 ? err_wrap(e, r, "'%s'", from) : ERR_OK;
}

int store_local_end(struct db *db, bool all, struct err *e)
{
        static const enum sql few[] = { SQL_SESSION_CLEAR, SQL_CODE_CLEAR, SQL_CLOCK_CLEAR },
                              every[] = { SQL_SCRUB_CLEAR, SQL_SESSION_CLEAR, SQL_CODE_CLEAR, SQL_CRED_CLEAR, SQL_TABLE_CLEAR, SQL_OUTBOX_CLEAR, SQL_SENT_CLEAR, SQL_SINK_CLEAR, SQL_REPORT_CLEAR, SQL_DRAFT_CLEAR, SQL_CLOCK_CLEAR };
        size_t n = all ? countof(every) : countof(few);
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                struct stmt s = stmt_of(db, all ? every[i] : few[i]);

                r = stmt_run(&s, e);
        }
        return r;
}
