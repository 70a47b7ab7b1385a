/* log_view.c - see log_view.h: what both kinds begin with. */
#include "cli/log_view.h"

#include <stdlib.h>

void log_file_failed(struct report *r, const char *path, int code, const struct err *e)
{
        if (code == ERR_ABSENT)
                report(r, VERDICT_INCOMPLETE, "verify-log.absent", path, NULL);
        else if (code == ERR_TOO_BIG)
                report(r, VERDICT_TAMPERED, "verify.file.bad", path, e->text, NULL);
        else
                report(r, VERDICT_USAGE, "verify.unreadable", path, e->text, NULL);
}

bool log_is_special(struct str type)
{
        return str_is(type, "epoch.opened") || str_is(type, "key.rotated");
}

int log_special_add(struct log_view *v, uint64_t index, struct str type, struct str entry)
{
        struct log_special *s = &v->special[v->n_special];
        char *copy;

        if (v->n_special == LOG_SPECIALS_MAX)
                return ERR_TOO_BIG;
        copy = arena_copy(&v->arena, entry.p, entry.n);
        if (!copy)
                return ERR_NOMEM;
        *s = (struct log_special){ index, str_is(type, "epoch.opened"), { copy, entry.n } };
        v->n_special++;
        return ERR_OK;
}

/* A checkpoint whose signature lines were taken away is not signed wrongly, it is not signed. */
static bool is_unsigned(struct str note)
{
        return !memmem(note.p, note.n, "\n\n\xe2\x80\x94 ", 6);
}

static bool read_index(struct log_view *v)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        struct err e = { 0 };
        int r = v->files->read(v->files->ctx, &file, "sekisho-log", LOG_INDEX_BYTES, &e);

        if (r < 0) {
                log_file_failed(v->report, "sekisho-log", r, &e);
                return false;
        }
        if (log_epochs_parse(&v->epochs, buf_view(&file), &e) < 0) {
                report(v->report, VERDICT_TAMPERED, "verify.file.bad", "sekisho-log", e.text, NULL);
                return false;
        }
        return true;
}

/* Of the newest epoch, signed by its key. */
static bool read_checkpoint(struct log_view *v)
{
        const struct vkey *newest = &v->epochs.key[v->epochs.n - 1];
        struct err e = { 0 };
        int r = v->files->read(v->files->ctx, &v->note, "checkpoint", NOTE_MAX, &e);

        if (r < 0) {
                log_file_failed(v->report, "checkpoint", r, &e);
                return false;
        }
        if (is_unsigned(buf_view(&v->note))) {
                report(v->report, VERDICT_INCOMPLETE, "verify.unsigned", NULL);
                return false;
        }
        if (point_from_checkpoint(&v->head, buf_view(&v->note), newest, &e) < 0) {
                report(v->report, VERDICT_TAMPERED, "verify.signature", newest->name, e.text, NULL);
                return false;
        }
        return true;
}

struct log_view *log_view_open(const struct log_files *files, struct report *r)
{
        scoped(log_view_free) struct log_view *v = calloc(1, sizeof(*v));
        scoped(buf_done) struct buf subset = BUF_INIT;
        struct err e = { 0 };
        int got;

        if (!v) {
                report(r, VERDICT_USAGE, "verify.unreadable", "sekisho-log", "no memory", NULL);
                return NULL;
        }
        v->files = files;
        v->report = r;
        if (!read_index(v) || !read_checkpoint(v))
                return NULL;
        report(r, VERDICT_VERIFIED, "verify-log.log", v->epochs.key[v->epochs.n - 1].name, decimal(v->head.size), NULL);
        got = files->read(files->ctx, &subset, "subset", BUF_MAX - 1, &e);
        if (got < 0 && got != ERR_ABSENT) {
                log_file_failed(r, "subset", got, &e);
                return NULL;
        }
        if (got == ERR_ABSENT ? !log_walk_read(v) : !log_subset_read(v, buf_view(&subset)))
                return NULL;
        return take(v);
}

struct log_view *log_view_free(struct log_view *v)
{
        if (!v)
                return NULL;
        (void)log_walk_free(v->walk);
        (void)log_subset_free(v->subset);
        buf_done(&v->note);
        arena_done(&v->arena);
        free(v);
        return NULL;
}

int log_view_agrees(struct log_view *v, const struct point *p, struct err *e)
{
        return v->walk ? log_walk_agrees(v, p, e) : log_subset_agrees(v, p, e);
}

uint64_t log_view_from(const struct log_view *v, uint64_t from)
{
        if (v->subset)
                return log_subset_from(v->subset, from);
        return from < v->head.size ? v->head.size - from : 0;
}
