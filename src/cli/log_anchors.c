/* log_anchors.c - see verify_log.h: what was fixed outside, against a log that was read. */
#include "base/codec.h"
#include "cli/verify_log.h"
#include "core/journal/cosign.h"
#include "sys/files.h"
#include "wire/signer_state.h"

enum { FILE_MAX = 256 * 1024, WITNESS_PATH = 40 };

/* epoch: which of the log's, -1 unknown (a root on paper does not say). */
struct anchor { const char *name; struct point p; int epoch; };

/* Largest size that something fixed outside bears out. */
struct anchors { struct log_view *v; uint64_t vouched; size_t given; };

static bool same(const struct hash *a, const struct hash *b)
{
        return hash_eq(a, b);
}

/* The opening behind which this size of this epoch would be lost; NULL: it would not. */
static const struct log_opening *gap_of(const struct log_view *v, const struct anchor *a)
{
        for (uint32_t i = 1; i < v->epochs.n; i++)
                if ((a->epoch < 0 ? a->p.size <= v->opening[i].known_size : (int)i == a->epoch + 1) && a->p.size > v->opening[i].index)
                        return &v->opening[i];
        return NULL;
}

/* A state of a history that was lost in part. It was recorded, or it should have been; it says nothing about what is here. */
static void lost_check(struct log_view *v, const struct anchor *a, const struct log_opening *gap)
{
        const char *size = decimal(a->p.size);

        if (a->p.size > gap->known_size)
                report(v->report, VERDICT_TAMPERED, "verify-log.anchor.dropped", a->name, size, decimal(gap->known_size), NULL);
        else if (a->p.size < gap->known_size)
                report(v->report, VERDICT_INCOMPLETE, "verify-log.anchor.inside", a->name, size, NULL);
        else if (same(&a->p.root, &gap->known_root))
                report(v->report, VERDICT_VERIFIED, "verify-log.anchor.gap", a->name, size, decimal(gap->index), NULL);
        else
                report(v->report, VERDICT_TAMPERED, "verify-log.anchor.differs", a->name, size, "epoch.opened", NULL);
}

static void anchor_check(struct anchors *all, const struct anchor *a)
{
        struct log_view *v = all->v;
        const struct log_opening *gap = gap_of(v, a);
        const char *size = decimal(a->p.size);
        struct err e = { 0 };
        int r;

        if (!a->p.size) {
                report(v->report, VERDICT_VERIFIED, "verify-log.anchor.empty", a->name, NULL);
                return;
        }
        if (gap && a->epoch >= 0) {
                lost_check(v, a, gap);
                return;
        }
        if (a->p.size > v->head.size) {
                if (gap)
                        lost_check(v, a, gap);
                else
                        report(v->report, VERDICT_INCOMPLETE, "verify-log.anchor.larger", a->name, size, decimal(v->head.size), NULL);
                return;
        }
        r = log_view_agrees(v, &a->p, &e);
        if (r == ERR_OK) {
                report(v->report, VERDICT_VERIFIED, "verify-log.anchor.agrees", a->name, size, NULL);
                all->vouched = a->p.size > all->vouched ? a->p.size : all->vouched;
        } else if (r == ERR_ABSENT) {
                report(v->report, VERDICT_INCOMPLETE, "verify-log.anchor.step", a->name, size, NULL);
        } else if (gap) {
                lost_check(v, a, gap);  /* a root on paper of the history that was lost */
        } else {
                report(v->report, VERDICT_TAMPERED, "verify-log.anchor.differs", a->name, size, e.text, NULL);
        }
}

/* ---- the kinds ---- */

/* 64 hexadecimal digits, blanks between as they are printed; or Base64. */
static int root_parse(struct point *out, const char *typed, struct err *e)
{
        scoped(buf_done) struct buf hex = BUF_INIT;
        struct str size, root;

        if (str_cut(str_of(typed), ':', &size, &root) && str_u64(size, TREE_SIZE_MAX, &out->size)) {
                for (size_t i = 0; i < root.n; i++) {
                        char c = root.p[i];

                        if (c != ' ' && c != '-')
                                buf_char(&hex, c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c);
                }
                if (hex_decode(buf_view(&hex), out->root.b, HASH_SIZE))
                        return ERR_OK;
        }
        return point_from_root(out, str_of(typed), e);
}

static void root_check(struct anchors *all, const char *typed)
{
        struct anchor a = { .name = text_get(all->v->report->lang, "verify.anchor.root"), .epoch = -1 };

        if (root_parse(&a.p, typed, NULL) < 0)
                report(all->v->report, VERDICT_USAGE, "verify.root", typed, NULL);
        else
                anchor_check(all, &a);
}

static bool load(struct log_view *v, struct buf *out, const char *path)
{
        struct err e = { 0 };

        if (file_read(out, path, FILE_MAX, &e) == ERR_OK)
                return true;
        report(v->report, VERDICT_USAGE, "verify.unreadable", path, e.text, NULL);
        return false;
}

static void checkpoint_check(struct anchors *all, const char *path)
{
        struct log_view *v = all->v;
        struct anchor a = { .name = text_get(v->report->lang, "verify.anchor.checkpoint") };
        scoped(buf_done) struct buf note = BUF_INIT;
        struct err e = { 0 };

        if (!load(v, &note, path))
                return;
        a.epoch = log_epoch_of(&v->epochs, buf_view(&note));
        if (a.epoch < 0)
                report(v->report, VERDICT_TAMPERED, "verify-log.anchor.foreign", path, NULL);
        else if (point_from_checkpoint(&a.p, buf_view(&note), &v->epochs.key[a.epoch], &e) < 0)
                report(v->report, VERDICT_TAMPERED, "verify.file.bad", path, e.text, NULL);
        else
                anchor_check(all, &a);
}

static void signer_state_check(struct anchors *all, const char *path)
{
        struct log_view *v = all->v;
        struct anchor a = { .name = text_get(v->report->lang, "verify.anchor.signer-state"), .epoch = -1 };
        scoped(buf_done) struct buf file = BUF_INIT;
        struct signer_state s;
        struct err e = { 0 };

        if (!load(v, &file, path))
                return;
        if (signer_state_decode(&s, buf_view(&file), &e) < 0) {
                report(v->report, VERDICT_TAMPERED, "verify.file.bad", path, e.text, NULL);
                return;
        }
        for (uint32_t i = 0; i < v->epochs.n; i++)
                if (v->epochs.number[i] == s.epoch)
                        a.epoch = (int)i;
        if (a.epoch < 0 || !uuid_eq(s.install, v->epochs.install))
                report(v->report, VERDICT_TAMPERED, "verify-log.anchor.foreign", path, NULL);
        else if (point_from_signer_state(&a.p, buf_view(&file), &v->epochs.key[a.epoch], &e) < 0)
                report(v->report, VERDICT_TAMPERED, "verify.file.bad", path, e.text, NULL);
        else
                anchor_check(all, &a);
}

/* A note that the witness and the log both signed. ERR_ABSENT: no such file, or not a word of this witness in it. */
static int cosigned(struct log_view *v, struct anchor *a, const struct vkey *witness, const char *path, struct err *e)
{
        scoped(buf_done) struct buf note = BUF_INIT;
        uint8_t sig[ED25519_SIG];
        uint64_t at;
        int r = v->files->read(v->files->ctx, &note, path, NOTE_MAX, e);

        if (r == ERR_OK)
                r = cosign_check(&at, sig, buf_view(&note), witness, e);
        if (r < 0)
                return r;
        a->epoch = log_epoch_of(&v->epochs, buf_view(&note));
        if (a->epoch < 0)
                return err_set(e, ERR_TAMPERED, "it is of another log");
        return point_from_checkpoint(&a->p, buf_view(&note), &v->epochs.key[a->epoch], e);
}

static void witness_check(struct anchors *all, const char *typed)
{
        scoped(buf_done) struct buf file = BUF_INIT, name = BUF_INIT;
        struct log_view *v = all->v;
        struct str text = str_of(typed);
        const char *args[1];
        char id[WITNESS_ID_TEXT], path[2][WITNESS_PATH] = { "", "checkpoint" };
        struct vkey k;
        struct err e = { 0 };
        bool any = false;

        if (*typed == '@') {
                if (!load(v, &file, typed + 1))
                        return;
                text = buf_view(&file);
        }
        if (witness_key_parse(&k, str_trim(text), &e) < 0) {
                report(v->report, VERDICT_USAGE, "verify.key", e.text, NULL);
                return;
        }
        args[0] = k.name;
        text_format(&name, v->report->lang, "verify-log.anchor.witness", args, 1);
        witness_key_id(id, &k);
        (void)snprintf(path[0], sizeof(path[0]), "witnesses/%s/checkpoint", id);
        for (size_t i = 0; i < countof(path); i++) {
                struct anchor a = { .name = buf_view(&name).p };
                int r = cosigned(v, &a, &k, path[i], &e);

                any = any || r != ERR_ABSENT;
                if (r == ERR_OK)
                        anchor_check(all, &a);
                else if (r != ERR_ABSENT)
                        report(v->report, VERDICT_TAMPERED, "verify.file.bad", path[i], e.text, NULL);
        }
        if (!any)
                report(v->report, VERDICT_INCOMPLETE, "verify-log.witness.absent", k.name, NULL);
}

void log_anchors_check(struct log_view *v, const struct log_ask *ask)
{
        const struct { const struct log_list *list; void (*check)(struct anchors *all, const char *typed); } kinds[] = {
                { &ask->roots, root_check },
                { &ask->checkpoints, checkpoint_check },
                { &ask->signer_states, signer_state_check },
                { &ask->witnesses, witness_check },
        };
        struct anchors all = { .v = v };
        uint64_t late;

        for (size_t k = 0; k < countof(kinds); k++)
                for (size_t i = 0; i < kinds[k].list->n; i++, all.given++)
                        kinds[k].check(&all, kinds[k].list->item[i]);
        if (!all.vouched) {
                report(v->report, VERDICT_INCOMPLETE, all.given ? "verify-log.anchor.nothing" : "verify-log.anchor.none", NULL);
                return;
        }
        late = log_view_from(v, all.vouched);
        if (late && v->subset)
                report(v->report, VERDICT_INCOMPLETE, "verify-log.late", decimal(late), decimal(all.vouched), NULL);
        else if (late)
                report(v->report, VERDICT_VERIFIED, "verify-log.held", decimal(all.vouched), NULL);
}
