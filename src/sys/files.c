/* files.c - see files.h. */
#include "sys/files.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/file.h>
#include <sys/stat.h>

enum { PATH_ROOM = 4096 };

int file_read(struct buf *out, const char *path, size_t max_bytes, struct err *e)
{
        scoped(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        char chunk[16384];

        if (fd < 0)
                return err_errno(e, "open '%s'", path);

        for (;;) {
                ssize_t got = read(fd, chunk, sizeof(chunk));

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return err_errno(e, "read '%s'", path);
                if (!got)
                        break;
                if (out->n + (size_t)got > max_bytes)
                        return err_set(e, ERR_TOO_BIG, "'%s' is larger than %zu bytes", path, max_bytes);
                buf_add(out, chunk, (size_t)got);
        }
        if (!out->p)
                buf_add(out, "", 0);
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "reading '%s'", path) : ERR_OK;
}

int fd_write_all(int fd, struct str data, struct err *e)
{
        while (data.n) {
                ssize_t put = write(fd, data.p, data.n);

                if (put < 0 && errno == EINTR)
                        continue;
                if (put < 0)
                        return err_errno(e, "write");
                data.p += put;
                data.n -= (size_t)put;
        }
        return ERR_OK;
}

int file_write_at(int fd, off_t at, struct str data, struct err *e)
{
        while (data.n) {
                ssize_t put = pwrite(fd, data.p, data.n, at);

                if (put < 0 && errno == EINTR)
                        continue;
                if (put < 0)
                        return err_errno(e, "write");
                data.p += put;
                data.n -= (size_t)put;
                at += put;
        }
        return fdatasync(fd) < 0 ? err_errno(e, "fdatasync") : ERR_OK;
}

int dir_sync_of(const char *path, struct err *e)
{
        char dir[PATH_ROOM];
        const char *slash = strrchr(path, '/');
        size_t n = slash ? (size_t)(slash - path) : 0;

        if (n >= sizeof(dir))
                return err_set(e, ERR_TOO_BIG, "path too long");
        memcpy(dir, path, n);
        dir[n] = 0;

        scoped(fd_close) int fd = open(slash ? (n ? dir : "/") : ".", O_RDONLY | O_CLOEXEC | O_DIRECTORY);

        if (fd < 0 || fsync(fd) < 0)
                return err_errno(e, "sync directory of '%s'", path);
        return ERR_OK;
}

static int write_new(const char *path, struct str data, mode_t mode, struct err *e)
{
        scoped(fd_close) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        int r;

        if (fd < 0)
                return errno == EEXIST ? err_set(e, ERR_CONFLICT, "'%s' exists", path) : err_errno(e, "create '%s'", path);
        r = fchmod(fd, mode) < 0 ? err_errno(e, "mode of '%s'", path) : fd_write_all(fd, data, e);
        if (r == ERR_OK && fsync(fd) < 0)
                r = err_errno(e, "fsync '%s'", path);
        if (r < 0)
                (void)unlink(path); /* best effort: the name was ours a moment ago */
        return r;
}

int file_create(const char *path, struct str data, mode_t mode, struct err *e)
{
        int r = write_new(path, data, mode, e);

        return r < 0 ? r : dir_sync_of(path, e);
}

int file_replace(const char *path, struct str data, mode_t mode, struct err *e)
{
        char tmp[PATH_ROOM];
        int r;

        if ((size_t)snprintf(tmp, sizeof(tmp), "%s.new", path) >= sizeof(tmp))
                return err_set(e, ERR_TOO_BIG, "path too long");
        (void)unlink(tmp); /* left by a crash */
        r = write_new(tmp, data, mode, e);
        if (r < 0)
                return r;
        if (rename(tmp, path) < 0) {
                r = err_errno(e, "rename to '%s'", path);
                (void)unlink(tmp);
                return r;
        }
        return dir_sync_of(path, e);
}

int dir_make(const char *path, mode_t mode, struct err *e)
{
        if (mkdir(path, mode) < 0 && errno != EEXIST)
                return err_errno(e, "make directory '%s'", path);
        return ERR_OK;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
        return remove(path);
}

int dir_remove_tree(const char *path, struct err *e)
{
        enum { FDS = 16 };

        if (nftw(path, remove_one, FDS, FTW_DEPTH | FTW_PHYS) < 0 && errno != ENOENT)
                return err_errno(e, "remove '%s'", path);
        return ERR_OK;
}

int file_lock(int *fd, const char *path, struct err *e)
{
        scoped(fd_close) int f = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

        if (f < 0)
                return err_errno(e, "open '%s'", path);
        if (flock(f, LOCK_EX | LOCK_NB) < 0)
                return errno == EWOULDBLOCK ? err_set(e, ERR_CONFLICT, "'%s' is held by another process", path) : err_errno(e, "lock '%s'", path);
        *fd = f;
        f = -1;
        return ERR_OK;
}

bool file_exists(const char *path)
{
        return access(path, F_OK) == 0;
}
