/* files.h - the door to the file system.
 *
 * Does      whole reads with a cap, durable replacement, durable in-place writes, directories.
 * Layer     sys.
 * Owns      struct buf results are the caller's; fds are closed by scoped(fd_close).
 * Trusts    nothing: sizes are capped, symbolic links at the last component are not followed.
 * Fails     ERR_IO, ERR_FULL, ERR_ABSENT, ERR_TOO_BIG, ERR_NOMEM. After a failed fsync the file's state is unknown: the
 *           caller stops writing and says so; nobody retries an fsync.
 */
#ifndef SYS_FILES_H
#define SYS_FILES_H

#include <sys/types.h>

#include "base/err.h"
#include "base/str.h"

static inline void fd_close(int fd)
{
        if (fd >= 0)
                (void)close(fd);
}
SCOPED(fd_close, int)

int  file_read(struct buf *out, const char *path, size_t max_bytes, struct err *e);
int  file_replace(const char *path, struct str data, mode_t mode, struct err *e);   /* tmp, fsync, rename, fsync directory */
int  file_create(const char *path, struct str data, mode_t mode, struct err *e);    /* durable; ERR_CONFLICT when it exists */
int  file_write_at(int fd, off_t at, struct str data, struct err *e);               /* all bytes, then fdatasync */
int  fd_write_all(int fd, struct str data, struct err *e);
int  dir_make(const char *path, mode_t mode, struct err *e);                        /* exists already: fine */
int  dir_sync_of(const char *path, struct err *e);                                  /* fsync the directory that holds `path` */
int  dir_remove_tree(const char *path, struct err *e);                              /* follows no link; absent: fine */
int  file_lock(int *fd, const char *path, struct err *e);                             /* held while *fd is open, by one process; ERR_CONFLICT */
bool file_exists(const char *path);

#endif
