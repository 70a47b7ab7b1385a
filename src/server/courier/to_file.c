/* to_file.c - the log that is always there: lines of RFC 5424 in DIR/log/notices.log, durable one by one. */
#include <fcntl.h>

#include "core/notice/syslog.h"
#include "server/courier/sink.h"
#include "sys/files.h"

enum { PATH_ROOM = 1024 };

struct log { int fd; };

static void file_close(void *way)
{
        struct log *log = way;

        fd_close(log->fd);
        free(log);
}

/* A courier that died while it wrote left half a line: end it, or the next notice would hang on to it. */
static int end_torn_line(int fd, struct err *e)
{
        off_t size = lseek(fd, 0, SEEK_END);
        char last = '\n';

        if (size < 0 || (size > 0 && pread(fd, &last, 1, size - 1) != 1))
                return err_errno(e, "notices");
        return last == '\n' ? ERR_OK : fd_write_all(fd, STR("\n"), e);
}

static void *file_open(struct sink *s, struct err *e)
{
        struct log *log = malloc(sizeof(*log));
        char path[PATH_ROOM];

        if (!log) {
                (void)err_set(e, ERR_NOMEM, "notices");
                return NULL;
        }
        (void)snprintf(path, sizeof(path), "%s/log/notices.log", s->data_dir);
        log->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (log->fd < 0)
                (void)err_errno(e, "open '%s'", path);
        if (log->fd < 0 || end_torn_line(log->fd, e) < 0) {
                file_close(log);
                return NULL;
        }
        return log;
}

static int deliver(struct sink *s, struct parcel *parcels, size_t n, struct err *e)
{
        const struct log *log = s->with;

        for (size_t i = 0; i < n && !atomic_load(s->stop); i++) {
                scoped(buf_done) struct buf line = BUF_INIT;
                int r;

                syslog_format(&line, parcels[i].items[0], "-", s->practice);
                buf_char(&line, '\n');
                r = buf_bad(&line) ? err_set(e, ERR_NOMEM, "notice") : fd_write_all(log->fd, buf_view(&line), e);
                if (r == ERR_OK && fdatasync(log->fd) < 0)
                        r = err_errno(e, "notices");
                if (r == ERR_OK) {
                        parcels[i].state = PARCEL_TAKEN;
                        r = sink_taken(s, &parcels[i], e);
                }
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

const struct way way_file = { file_open, deliver, file_close };
