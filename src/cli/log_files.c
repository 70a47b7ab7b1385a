/* log_files.c - see log_files.h. */
#include "cli/log_files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "sys/files.h"

enum { CHUNK = 64 * 1024 };

int log_folder_open(int *fd, const char *dir, struct err *e)
{
        int got = open(dir, O_RDONLY | O_CLOEXEC | O_DIRECTORY);

        if (got < 0)
                return err_errno(e, "open '%s'", dir);
        *fd = got;
        return ERR_OK;
}

static int folder_read(void *ctx, struct buf *out, const char *path, size_t max, struct err *e)
{
        scoped(fd_close) int fd = openat((int)(intptr_t)ctx, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        char chunk[CHUNK];

        if (fd < 0)
                return errno == ENOTDIR ? err_set(e, ERR_ABSENT, "open '%s'", path) : err_errno(e, "open '%s'", path);
        for (;;) {
                ssize_t got = read(fd, chunk, sizeof(chunk));

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return err_errno(e, "read '%s'", path);
                if (!got)
                        break;
                if (out->n + (size_t)got > max)
                        return err_set(e, ERR_TOO_BIG, "larger than %zu bytes", max);
                buf_add(out, chunk, (size_t)got);
        }
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "reading '%s'", path) : ERR_OK;
}

struct log_files log_folder(int fd)
{
        return (struct log_files){ (void *)(intptr_t)fd, folder_read };
}
