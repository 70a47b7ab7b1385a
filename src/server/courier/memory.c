/* memory.c - see memory.h. */
#include "server/courier/memory.h"

#include <fcntl.h>
#include <sys/file.h>

#include "sys/files.h"
#include "sys/log.h"

enum { FILE_BYTES_MAX = 4 * 1024 * 1024, GROW = 64 };

struct line { int64_t id; char tag[NOTICE_TAG + 1], who[NOTICE_WHO_MAX + 1]; };

struct memory { int fd; struct line *lines; size_t n, room; };

struct memory *memory_close(struct memory *m)
{
        if (m) {
                fd_close(m->fd);
                free(m->lines);
                free(m);
        }
        return NULL;
}

static int keep(struct memory *m, int64_t id, struct str tag, struct str who, struct err *e)
{
        struct line *at;

        if (m->n == m->room) {
                struct line *more = reallocarray(m->lines, m->room + GROW, sizeof(*more));

                if (!more)
                        return err_set(e, ERR_NOMEM, "memory of a sink");
                m->lines = more;
                m->room += GROW;
        }
        at = &m->lines[m->n++];
        at->id = id;
        (void)snprintf(at->tag, sizeof(at->tag), "%.*s", (int)tag.n, tag.p);
        (void)snprintf(at->who, sizeof(at->who), "%.*s", (int)who.n, who.p);
        return ERR_OK;
}

static bool parse(struct str line, int64_t *id, struct str *tag, struct str *who)
{
        struct str mark, number, rest;
        uint64_t v;

        if (!str_cut(line, ' ', &mark, &rest) || !str_is(mark, "s") || !str_cut(rest, ' ', &number, &rest) || !str_cut(rest, ' ', tag, who) ||
            !str_u64(number, INT64_MAX, &v) || tag->n != NOTICE_TAG || !who->n || who->n > NOTICE_WHO_MAX)
                return false;
        *id = (int64_t)v;
        return true;
}

static int read_back(struct memory *m, struct str all, const char *path, struct err *e)
{
        struct str line, tag, who;
        int64_t id;

        while (str_cut(all, '\n', &line, &all)) {
                int r = parse(line, &id, &tag, &who) ? keep(m, id, tag, who, e) : ERR_OK;

                if (r < 0)
                        return r;
                if (!parse(line, &id, &tag, &who))
                        log_say(LOG_WARN, "'%s': a line that is none", path);
        }
        /* A torn last line is ended, or the next one would hang on to it. */
        return all.n ? fd_write_all(m->fd, STR("\n"), e) : ERR_OK;
}

int memory_open(struct memory **out, const char *path, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct memory *m = calloc(1, sizeof(*m));
        int r = m ? ERR_OK : err_set(e, ERR_NOMEM, "memory of a sink");

        if (r < 0)
                return r;
        m->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (m->fd < 0)
                r = err_errno(e, "open '%s'", path);
        if (r == ERR_OK && flock(m->fd, LOCK_EX | LOCK_NB) < 0)
                r = err_set(e, ERR_CONFLICT, "'%s': another courier has it", path);
        if (r == ERR_OK)
                r = file_read(&b, path, FILE_BYTES_MAX, e);
        if (r == ERR_OK)
                r = read_back(m, buf_view(&b), path, e);
        if (r == ERR_OK)
                r = dir_sync_of(path, e);
        if (r < 0) {
                (void)memory_close(m);
                return r;
        }
        *out = m;
        return ERR_OK;
}

bool memory_has(const struct memory *m, int64_t id, const char *tag, const char *who)
{
        for (size_t i = 0; i < m->n; i++)
                if (m->lines[i].id == id && strcmp(m->lines[i].tag, tag) == 0 && strcmp(m->lines[i].who, who) == 0)
                        return true;
        return false;
}

int memory_add(struct memory *m, int64_t id, const char *tag, const char *who, struct err *e)
{
        scoped(buf_done) struct buf line = BUF_INIT;
        int r = keep(m, id, str_of(tag), str_of(who), e);

        if (r < 0)
                return r;
        buf_printf(&line, "s %lld %s %s\n", (long long)id, tag, who);
        return buf_bad(&line) ? err_set(e, ERR_NOMEM, "memory of a sink") : fd_write_all(m->fd, buf_view(&line), e);
}

int memory_sync(struct memory *m, struct err *e)
{
        return fdatasync(m->fd) < 0 ? err_errno(e, "memory of a sink") : ERR_OK;
}

/* Lines that come back after a death do no harm, so emptying the file needs no care. */
void memory_forget(struct memory *m, int64_t id)
{
        size_t left = 0;

        for (size_t i = 0; i < m->n; i++)
                if (m->lines[i].id != id)
                        m->lines[left++] = m->lines[i];
        m->n = left;
        if (!left && ftruncate(m->fd, 0) < 0)
                log_say(LOG_WARN, "a sink's memory cannot be emptied");
}
