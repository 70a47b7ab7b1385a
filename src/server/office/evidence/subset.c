/* subset.c - log/: the entries of the pack, each with its proof to one checkpoint, and what ties that checkpoint to others. */
#include "base/codec.h"
#include "server/office/evidence/dossier.h"
#include "server/office/evidence/log_out.h"
#include "server/office/evidence/prover.h"
#include "server/office/store/tree.h"

enum { STEP_EVERY = 500, NAME_ROOM = 80 };

/* ---- which keys there were ---- */

static int put_frame(void *ctx, const char *path, struct str bytes, struct err *e)
{
        struct dossier *d = ctx;
        char name[NAME_ROOM];

        (void)snprintf(name, sizeof(name), "log/%s", path);
        return zip_out_file(d->zip, name, bytes, true, e);
}

/* ---- entries and proofs ---- */

static int put_subset(struct dossier *d, struct err *e)
{
        const struct index_set *all = &d->gathered.entries;
        scoped(buf_done) struct buf b = BUF_INIT;

        subset_format(&b, d->job->head.size);
        for (size_t i = 0; i < all->n; i++)
                subset_add(&b, all->v[i]);
        return buf_bad(&b) ? err_set(e, ERR_NOMEM, "log") : zip_out_file(d->zip, "log/subset", buf_view(&b), true, e);
}

static int put_entry(struct dossier *d, struct prover *prover, uint64_t index, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(buf_done) struct buf file = BUF_INIT;
        struct gathered_entry entry;
        char name[NAME_ROOM];
        struct proof proof;
        int r = gather_entry(&entry, d->job->db, index, &a, e);

        if (r == ERR_OK)
                r = prover_prove(&proof, prover, index, e);
        if (r < 0)
                return r;
        (void)snprintf(name, sizeof(name), "log/entries/%llu.json", (unsigned long long)index);
        r = zip_out_file(d->zip, name, entry.bytes, true, e);
        if (r < 0)
                return r;
        proof_format(&file, entry.bytes, index, &proof, d->job->note);
        (void)snprintf(name, sizeof(name), "log/proofs/%llu.tlog-proof", (unsigned long long)index);
        return buf_bad(&file) ? err_set(e, ERR_NOMEM, "proof") : zip_out_file(d->zip, name, buf_view(&file), true, e);
}

static int put_entries(struct dossier *d, struct err *e)
{
        const struct index_set *all = &d->gathered.entries;
        scoped(prover_free) struct prover *prover = NULL;
        int r = prover_new(&prover, d->job->db, d->job->head.size, e);

        for (size_t i = 0; r == ERR_OK && i < all->n; i++) {
                r = put_entry(d, prover, all->v[i], e);
                if (r == ERR_OK && i % STEP_EVERY == 0)
                        r = dossier_step(d, PHASE_LOG, i, all->n, e);
        }
        return r;
}

/* From an earlier size, so that what was printed then can be compared. */
static int put_tie(struct dossier *d, uint64_t from, struct err *e)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        char name[NAME_ROOM];
        struct proof proof;
        int r;

        if (!from || from > d->job->head.size)
                return err_key(e, ERR_INPUT, "proof.from.bad", "from", NULL);
        r = tree_prove_consistency(&proof, from, d->job->head.size, tree_read_db, d->job->db, e);
        if (r < 0)
                return r;
        consistency_format(&file, from, &proof, d->job->note);
        (void)snprintf(name, sizeof(name), "log/consistency/%llu", (unsigned long long)from);
        if (buf_bad(&file))
                return err_set(e, ERR_NOMEM, "consistency");
        return zip_out_has(d->zip, name) ? ERR_OK : zip_out_file(d->zip, name, buf_view(&file), true, e);
}

/* Where an older epoch's last checkpoint ends before the next one begins, it is the beginning of this tree; what lies above was lost. */
static int put_epochs(struct dossier *d, const struct log_moment *m, struct err *e)
{
        scoped(index_set_done) struct index_set opened = INDEX_SET_INIT;
        int r = gather_entries(&opened, d->job->db, GATHER_TYPE, STR("epoch.opened"), STR(""), (struct entry_range){ 0, m->head.size }, e);

        index_set_settle(&opened);
        for (uint32_t i = 0; r == ERR_OK && i + 1 < m->epochs.n && i < opened.n; i++) {
                struct checkpoint old = { 0 };

                if (!m->note[i].n)
                        continue;
                r = checkpoint_open(&old, m->note[i], &m->epochs.key[i], e);
                if (r == ERR_OK && old.size && old.size <= opened.v[i])
                        r = put_tie(d, old.size, e);
        }
        return r;
}

int dossier_put_log(struct dossier *d, struct err *e)
{
        struct log_moment *m = NULL;
        int r = log_moment_take(&m, d->job->office, d->job->db, d->job->note, d->arena, e);

        if (r == ERR_OK)
                r = log_frame(m, put_frame, d, e);
        if (r == ERR_OK)
                r = put_subset(d, e);
        if (r == ERR_OK)
                r = put_epochs(d, m, e);
        for (size_t i = 0; r == ERR_OK && i < d->job->ties_count; i++)
                r = put_tie(d, d->job->ties[i], e);
        return r < 0 ? r : put_entries(d, e);
}
