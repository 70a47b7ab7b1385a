/* spool.c - see spool.h. */
#include "link/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { PATH_ROOM = 1024, CHUNK = 64 * 1024 };

static int open_nameless(int *fd, const char *dir, struct err *e)
{
        char path[PATH_ROOM];
        int f;

        if ((size_t)snprintf(path, sizeof(path), "%s/body.XXXXXX", dir) >= sizeof(path))
                return err_set(e, ERR_TOO_BIG, "path too long");
        f = mkostemp(path, O_CLOEXEC);      /* 0600 */
        if (f < 0)
                return err_errno(e, "spool in '%s'", dir);
        if (unlink(path) < 0) {
                int r = err_errno(e, "spool '%s'", path);

                (void)close(f);
                return r;
        }
        *fd = f;
        return ERR_OK;
}

static int copy(int to, int from, size_t n, utime_t deadline, struct err *e)
{
        char chunk[CHUNK];

        while (n) {
                size_t got = n < sizeof(chunk) ? n : sizeof(chunk);
                int r = sock_read(from, chunk, got, deadline, e);

                if (r == ERR_OK)
                        r = fd_write_all(to, (struct str){ chunk, got }, e);
                if (r < 0)
                        return r;
                n -= got;
        }
        return ERR_OK;
}

int spool_take(struct str *out, size_t n, int from, utime_t deadline, const char *dir, struct err *e)
{
        scoped(fd_close) int fd = -1;
        void *p;
        int r = open_nameless(&fd, dir, e);

        if (r == ERR_OK)
                r = copy(fd, from, n, deadline, e);
        if (r == ERR_FULL)
                return err_key(e, r, "error.full", "", NULL);
        if (r < 0)
                return r;
        /* Every byte was written a moment ago by us alone, so no page can be missing behind the view. */
        p = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
        if (p == MAP_FAILED)
                return err_errno(e, "spool");
        *out = (struct str){ p, n };
        return ERR_OK;
}

void spool_done(struct str view)
{
        (void)munmap((void *)(uintptr_t)view.p, view.n);
}

int spool_sweep(const char *dir, struct err *e)
{
        int r = dir_make(dir, 0700, e);
        DIR *d = r == ERR_OK ? opendir(dir) : NULL;
        struct dirent *at;

        if (r == ERR_OK && !d)
                r = err_errno(e, "spool '%s'", dir);
        while (d && (at = readdir(d)))
                if (str_starts(str_of(at->d_name), "body."))
                        (void)unlinkat(dirfd(d), at->d_name, 0); /* best effort: the next start comes */
        if (d)
                (void)closedir(d);
        return r;
}
