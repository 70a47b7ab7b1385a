/* zip.c - see zip.h. */
#include "server/office/evidence/zip.h"

#include <errno.h>
#include <fcntl.h>
#include <minizip/zip.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include "sys/files.h"

enum { UTF8_NAMES = 1 << 11, MADE_BY = 3 << 8 | 45 /* Unix, version 4.5 */, LEVEL = 1, PIECE_MAX = 1 << 30, MEMBERS_FIRST = 256 };

struct zip_out {
        zipFile            file;
        char              *path;
        zip_fileinfo       info;
        EVP_MD_CTX        *digest;
        struct zip_member *members;
        size_t             n, room;
        uint64_t           bytes;
        bool               open;
};

static int no_zip(struct err *e)
{
        return errno == ENOSPC || errno == EDQUOT ? err_key(e, ERR_FULL, "error.full", "", NULL) : err_set(e, ERR_IO, "writing a zip");
}

static zip_fileinfo date_of(utime_t t)
{
        struct date d = utime_date_jst(t);
        int64_t second = (t - utime_from_jst(d)) / UTIME_S;
        zip_fileinfo info = { 0 };

        info.tmz_date = (tm_zip){ .tm_year = (unsigned)d.year, .tm_mon = (unsigned)d.month - 1, .tm_mday = (unsigned)d.day,
                                  .tm_hour = (unsigned)(second / 3600), .tm_min = (unsigned)(second / 60 % 60), .tm_sec = (unsigned)(second % 60) };
        info.external_fa = 0100644UL << 16;
        return info;
}

int zip_out_open(struct zip_out **out, const char *path, utime_t made_at, struct err *e)
{
        struct zip_out *z = calloc(1, sizeof(*z));

        if (!z)
                return err_set(e, ERR_NOMEM, "zip");
        z->path = strdup(path);
        z->digest = EVP_MD_CTX_new();
        z->info = date_of(made_at);
        errno = 0;
        z->file = z->path && z->digest ? zipOpen64(path, APPEND_STATUS_CREATE) : NULL;
        if (!z->file) {
                int r = z->path && z->digest ? err_errno(e, "'%s'", path) : err_set(e, ERR_NOMEM, "zip");

                zip_out_drop(z);
                return r;
        }
        *out = z;
        return ERR_OK;
}

static struct zip_member *member_new(struct zip_out *z, const char *name)
{
        if (z->n == z->room) {
                size_t room = z->room ? z->room * 2 : MEMBERS_FIRST;
                struct zip_member *more = reallocarray(z->members, room, sizeof(*more));

                if (!more)
                        return NULL;
                z->members = more;
                z->room = room;
        }
        z->members[z->n] = (struct zip_member){ .path = strdup(name) };
        return z->members[z->n].path ? &z->members[z->n++] : NULL;
}

int zip_out_begin(struct zip_out *z, const char *name, bool listed, bool packed, struct err *e)
{
        struct zip_member *m;

        if (z->n >= ZIP_MEMBERS_MAX || z->bytes > ZIP_BYTES_MAX)
                return err_key(e, ERR_TOO_BIG, "evidence.big", "", NULL);
        m = strlen(name) < ZIP_NAME_MAX ? member_new(z, name) : NULL;
        if (!m)
                return err_set(e, ERR_NOMEM, "zip");
        m->listed = listed;
        errno = 0;
        if (EVP_DigestInit_ex(z->digest, EVP_sha256(), NULL) != 1)
                return err_set(e, ERR_NOMEM, "zip");
        if (zipOpenNewFileInZip4_64(z->file, name, &z->info, NULL, 0, NULL, 0, NULL, packed ? Z_DEFLATED : 0, LEVEL, 0, -MAX_WBITS, DEF_MEM_LEVEL, Z_DEFAULT_STRATEGY, NULL, 0,
                                    MADE_BY, UTF8_NAMES, 0) != ZIP_OK)
                return no_zip(e);
        z->open = true;
        return ERR_OK;
}

int zip_out_add(struct zip_out *z, struct str bytes, struct err *e)
{
        struct zip_member *m = &z->members[z->n - 1];

        if (!bytes.n)
                return ERR_OK;
        if (bytes.n > PIECE_MAX || m->size > UINT32_MAX - bytes.n)      /* a member of 4 GiB would want ZIP64 from its beginning */
                return err_key(e, ERR_TOO_BIG, "evidence.big", "", NULL);
        errno = 0;
        if (EVP_DigestUpdate(z->digest, bytes.p, bytes.n) != 1)
                return err_set(e, ERR_NOMEM, "zip");
        if (zipWriteInFileInZip(z->file, bytes.p, (unsigned)bytes.n) != ZIP_OK)
                return no_zip(e);
        m->size += bytes.n;
        z->bytes += bytes.n;
        return ERR_OK;
}

int zip_out_end(struct zip_out *z, struct err *e)
{
        struct zip_member *m = &z->members[z->n - 1];

        errno = 0;
        z->open = false;
        if (zipCloseFileInZip(z->file) != ZIP_OK)
                return no_zip(e);
        return EVP_DigestFinal_ex(z->digest, m->sha256.b, NULL) == 1 ? ERR_OK : err_set(e, ERR_NOMEM, "zip");
}

int zip_out_file(struct zip_out *z, const char *name, struct str bytes, bool listed, struct err *e)
{
        int r = zip_out_begin(z, name, listed, true, e);

        if (r == ERR_OK)
                r = zip_out_add(z, bytes, e);
        return r < 0 ? r : zip_out_end(z, e);
}

bool zip_out_has(const struct zip_out *z, const char *name)
{
        for (size_t i = 0; i < z->n; i++)
                if (strcmp(z->members[i].path, name) == 0)
                        return true;
        return false;
}

const struct zip_member *zip_out_members(const struct zip_out *z, size_t *n)
{
        *n = z->n;
        return z->members;
}

uint64_t zip_out_bytes(const struct zip_out *z)
{
        return z->bytes;
}

static void done(struct zip_out *z)
{
        for (size_t i = 0; i < z->n; i++)
                free(z->members[i].path);
        free(z->members);
        EVP_MD_CTX_free(z->digest);
        free(z->path);
        free(z);
}

static int make_durable(const char *path, struct err *e)
{
        scoped(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

        if (fd < 0 || fsync(fd) < 0)
                return err_errno(e, "'%s'", path);
        return dir_sync_of(path, e);
}

int zip_out_close(struct zip_out *z, struct err *e)
{
        int r;

        errno = 0;
        r = zipClose(z->file, NULL) == ZIP_OK ? ERR_OK : no_zip(e);
        z->file = NULL;
        if (r == ERR_OK)
                r = make_durable(z->path, e);
        if (r < 0)
                (void)unlink(z->path);
        done(z);
        return r;
}

void zip_out_drop(struct zip_out *z)
{
        if (!z)
                return;
        if (z->file) {
                if (z->open)
                        (void)zipCloseFileInZip(z->file);
                (void)zipClose(z->file, NULL);
                (void)unlink(z->path);      /* half of a pack is none */
        }
        done(z);
}
