/* log_subset.c - see log_view.h: a partial log, each entry by its proof. */
#include <stdlib.h>

#include "cli/log_view.h"
#include "core/journal/scan.h"

enum { ENTRY_PATH = 64, PROOF_MAX = 256 * 1024 };

struct log_subset { struct buf index; };        /* the file, which was parsed once */

struct log_subset *log_subset_free(struct log_subset *s)
{
        if (s)
                buf_done(&s->index);
        free(s);
        return NULL;
}

uint64_t log_subset_from(const struct log_subset *s, uint64_t from)
{
        struct subset all;
        uint64_t index, n = 0;

        if (subset_open(&all, buf_view(&s->index), NULL) < 0)
                return 0;
        while (subset_next(&index, &all, NULL) == ERR_OK)
                n += index >= from;
        return n;
}

static bool load(struct log_view *v, struct buf *out, const char *path, size_t max)
{
        struct err e = { 0 };
        int r;

        buf_clear(out);
        r = v->files->read(v->files->ctx, out, path, max, &e);
        if (r < 0)
                log_file_failed(v->report, path, r, &e);
        return r == ERR_OK;
}

static bool bad(struct log_view *v, const char *path, const char *why)
{
        report(v->report, VERDICT_TAMPERED, "verify.file.bad", path, why, NULL);
        return false;
}

/* The proof is about this entry, this index, and leads to the very checkpoint of this log. */
static bool proof_check(struct log_view *v, uint64_t index, struct str entry, struct buf *file, struct buf *room)
{
        struct hash leaf = hash_leaf(entry);
        struct entry_proof p;
        struct err e = { 0 };
        char path[ENTRY_PATH], file_of[ENTRY_PATH];

        (void)snprintf(file_of, sizeof(file_of), "entries/%llu.json", (unsigned long long)index);
        (void)snprintf(path, sizeof(path), "proofs/%llu.tlog-proof", (unsigned long long)index);
        buf_clear(room);
        if (!load(v, file, path, PROOF_MAX))
                return false;
        if (proof_parse(&p, buf_view(file), room, &e) < 0)
                return bad(v, path, e.text);
        if (p.index != index)
                return bad(v, path, "it is about another entry");
        if (!str_eq(p.entry, entry)) {
                report(v->report, VERDICT_TAMPERED, "verify-log.proof.differs", file_of, path, NULL);
                return false;
        }
        if (!str_eq(p.checkpoint, buf_view(&v->note)))
                return bad(v, path, "it does not end with the checkpoint of this log");
        if (tree_verify_inclusion(&leaf, index, v->head.size, p.proof.hash, p.proof.n, &v->head.root, &e) < 0)
                return bad(v, path, e.text);
        return true;
}

struct room { struct buf entry, file, decoded; int64_t last; };

static bool entry_check(struct log_view *v, struct room *m, uint64_t index, bool first)
{
        struct entry_seen seen;
        struct err e = { 0 };
        char path[ENTRY_PATH];
        int r;

        (void)snprintf(path, sizeof(path), "entries/%llu.json", (unsigned long long)index);
        if (!load(v, &m->entry, path, ENTRY_MAX) || !proof_check(v, index, buf_view(&m->entry), &m->file, &m->decoded))
                return false;
        if (entry_scan(&seen, buf_view(&m->entry), &e) < 0) {
                report(v->report, VERDICT_TAMPERED, "verify-log.entry.bad", decimal(index), path, e.text, NULL);
                return false;
        }
        if (!first && seen.at < m->last) {
                report(v->report, VERDICT_TAMPERED, "verify-log.entry.early", decimal(index), path, NULL);
                return false;
        }
        m->last = seen.at;
        r = log_is_special(seen.type) ? log_special_add(v, index, seen.type, buf_view(&m->entry)) : ERR_OK;
        return r == ERR_OK || bad(v, path, "more such entries than there may be");
}

static bool entries_check(struct log_view *v, struct subset *s)
{
        struct room m = { 0 };
        struct err e = { 0 };
        uint64_t index;
        bool good = true;
        int r = ERR_OK;

        while (good && (r = subset_next(&index, s, &e)) == ERR_OK)
                good = entry_check(v, &m, index, s->seen == 1);
        buf_done(&m.entry);
        buf_done(&m.file);
        buf_done(&m.decoded);
        return good && (r == ERR_ABSENT || bad(v, "subset", e.text));
}

bool log_subset_read(struct log_view *v, struct str file)
{
        struct subset s;
        struct err e = { 0 };

        v->subset = calloc(1, sizeof(*v->subset));
        if (v->subset)
                buf_str(&v->subset->index, file);
        if (!v->subset || buf_bad(&v->subset->index)) {
                report(v->report, VERDICT_USAGE, "verify.unreadable", "subset", "no memory", NULL);
                return false;
        }
        if (subset_open(&s, file, &e) < 0)
                return bad(v, "subset", e.text);
        if (s.size != v->head.size)
                return bad(v, "subset", "it is of a log of another size");
        if (!entries_check(v, &s))
                return false;
        report(v->report, VERDICT_VERIFIED, "verify-log.subset", decimal(s.seen), decimal(s.size), NULL);
        return true;
}

int log_subset_agrees(struct log_view *v, const struct point *p, struct err *e)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        struct consistency c;
        char path[ENTRY_PATH];
        int r;

        if (p->size == v->head.size)
                return hash_eq(&p->root, &v->head.root) ? ERR_OK : err_set(e, ERR_TAMPERED, "two roots of one size");
        (void)snprintf(path, sizeof(path), "consistency/%llu", (unsigned long long)p->size);
        r = v->files->read(v->files->ctx, &file, path, PROOF_MAX, e);
        if (r < 0)
                return r;
        r = consistency_parse(&c, buf_view(&file), e);
        if (r == ERR_OK && (c.from != p->size || !str_eq(c.checkpoint, buf_view(&v->note))))
                r = err_set(e, ERR_TAMPERED, "it is about another log");
        if (r == ERR_OK)
                r = tree_verify_consistency(p->size, &p->root, v->head.size, &v->head.root, c.proof.hash, c.proof.n, e);
        return r < 0 ? err_wrap(e, ERR_TAMPERED, "%s", path) : ERR_OK;
}
