/* log_files.h - where the files of a log directory come from: a folder, or whatever else has names and bytes.
 *
 * Does      read one file whole, by its path inside the log directory.
 * Layer     cli.
 * Threads   read() is called from several threads at once.
 * Trusts    nothing: a size is capped, links are not followed at the last component.
 * Fails     ERR_ABSENT no such file; ERR_TOO_BIG above `max`; ERR_IO, ERR_NOMEM.
 */
#ifndef CLI_LOG_FILES_H
#define CLI_LOG_FILES_H

#include "base/err.h"
#include "base/str.h"

struct log_files {
        void *ctx;
        int (*read)(void *ctx, struct buf *out, const char *path, size_t max, struct err *e);  /* appends to `out`, which is empty */
};

/* `fd` is the caller's: fd_close(). */
int              log_folder_open(int *fd, const char *dir, struct err *e);
struct log_files log_folder(int fd);

#endif
