/* tombs.c - see tombs.h. */
#include "server/signer/tombs.h"

#include <fcntl.h>

#include "sys/files.h"

enum { FILE_MAX = TOMBSTONES_HEAD + (TOMBSTONES_MAX + 1) * TOMBSTONE_BYTES };

static off_t at_record(size_t i)
{
        return TOMBSTONES_HEAD + (off_t)i * TOMBSTONE_BYTES;
}

static int make(const char *path, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        tombstones_head_encode(&b);
        return buf_bad(&b) ? err_set(e, ERR_NOMEM, "tombstones") : file_create(path, buf_view(&b), 0600, e);
}

/* The first s->tombstones records are what the state says. */
static int check(const struct tombstone *list, size_t n, const struct signer_state *s, const char *path, struct err *e)
{
        struct hash chain = { { 0 } };

        for (uint64_t i = 0; i < s->tombstones && i < n; i++)
                chain = tombstone_chain(&chain, &list[i]);
        if (n < s->tombstones || !hash_eq(&chain, &s->tombstone_chain))
                return err_set(e, ERR_TAMPERED, "'%s' does not hold the %llu tombstones that were acknowledged: what was erased is not known any more; "
                               "bring the file back from the newest key backup", path, (unsigned long long)s->tombstones);
        return ERR_OK;
}

int tombs_open(struct tombs *t, const char *path, const struct signer_state *s, struct err *e)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        struct tombs opened = { .fd = -1, .arena = ARENA_INIT };
        size_t torn = 0, counted = (size_t)at_record(s->tombstones < TOMBSTONES_MAX ? (size_t)s->tombstones : TOMBSTONES_MAX);
        struct str view;
        int r = !s->tombstones && !file_exists(path) ? make(path, e) : ERR_OK;

        if (r == ERR_OK)
                r = file_read(&file, path, FILE_MAX, e);
        view = buf_view(&file);
        if (view.n > counted)
                view.n = counted;
        if (r == ERR_OK)
                r = tombstones_decode(&opened.list, &opened.n, &torn, view, &opened.arena, e);
        if (r == ERR_OK)
                r = check(opened.list, opened.n, s, path, e);
        if (r == ERR_OK) {
                opened.fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
                r = opened.fd < 0 ? err_errno(e, "open '%s'", path) : ERR_OK;
        }
        if (r == ERR_OK && file.n > counted && ftruncate(opened.fd, (off_t)counted) < 0)
                r = err_errno(e, "'%s'", path);
        if (r < 0) {
                tombs_close(&opened);
                return err_wrap(e, r, "tombstones");
        }
        *t = opened;
        return ERR_OK;
}

void tombs_close(struct tombs *t)
{
        fd_close(take_fd(t->fd));
        arena_done(&t->arena);
        t->list = NULL;
        t->n = 0;
}

bool tombs_has(const struct tombs *t, const char *unit)
{
        for (size_t i = 0; i < t->n; i++)
                if (strcmp(t->list[i].unit, unit) == 0)
                        return true;
        return false;
}

int tombs_write(struct tombs *t, const struct tombstone *tomb, struct signer_state *next, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        int r;

        if (t->n >= TOMBSTONES_MAX)
                return err_set(e, ERR_TOO_BIG, "%zu tombstones", t->n);
        t->grown = arena_array(&t->arena, t->n + 1, sizeof(*t->grown));
        tombstone_encode(&b, tomb);
        r = buf_bad(&b) || !t->grown ? err_set(e, ERR_NOMEM, "tombstone") : file_write_at(t->fd, at_record(t->n), buf_view(&b), e);
        if (r < 0)
                return r;
        if (t->n)
                memcpy(t->grown, t->list, t->n * sizeof(*t->grown));
        t->grown[t->n] = *tomb;
        next->tombstones = t->n + 1;
        next->tombstone_chain = tombstone_chain(&next->tombstone_chain, tomb);
        return ERR_OK;
}

void tombs_keep(struct tombs *t)
{
        t->list = t->grown;
        t->n++;
}
