/* look.c - what is missing in a scope: told before a pack is made, and written into the pack. */
#include "server/office/evidence/dossier.h"

#include "core/pack/coverage.h"
#include "server/office/store/rows.h"
#include "sys/files.h"

enum { PATH_ROOM = OFFICE_PATH_MAX + 128 };

SCOPED(json_decref, json_t *)

/* ---- the clause itself ---- */

static int gap_of_clause(struct dossier *d, struct err *e)
{
        const struct pack *pack = d->job->office->pack;
        const char *clause = d->job->scope.id;
        struct sources_of *sources = arena_new(d->arena, struct sources_of);
        bool planned = false;

        if (d->job->scope.kind != DOSSIER_CLAUSE)
                return ERR_OK;
        if (!sources)
                return err_set(e, ERR_NOMEM, "sources");
        scope_sources_of_clause(sources, pack, clause, d->arena);
        for (size_t i = 0; i < pack->mechanisms_count; i++)
                planned |= mechanism_serves(&pack->mechanisms[i], clause) && pack->mechanisms[i].state == MECHANISM_PLANNED;
        if (!sources->n)
                return dossier_gap(d, planned ? "clause-planned" : "clause-text", clause, 1, e);
        return d->gathered.entries.n ? ERR_OK : dossier_gap(d, "clause-none", clause, 1, e);
}

/* ---- cases and duties ---- */

static int count_open(uint64_t *open, struct dossier *d, struct err *e)
{
        for (size_t i = 0; i < d->gathered.cases.n; i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct row row;
                int r = store_row(&row, d->job->db, TABLE_APPLICATION, d->gathered.cases.v[i].p, NULL, &a, e);

                if (r < 0)
                        return r;
                *open += row_is(&row, APPLICATION_state, "submitted") || row_is(&row, APPLICATION_state, "returned");
        }
        return ERR_OK;
}

static int count_late(uint64_t *late, struct dossier *d, struct err *e)
{
        for (size_t i = 0; i < d->gathered.duties.n; i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct row row;
                int r = store_row(&row, d->job->db, TABLE_DUTY, d->gathered.duties.v[i].p, NULL, &a, e);

                if (r < 0)
                        return r;
                *late += row_is(&row, DUTY_state, "open") && row_get_int(&row, DUTY_due_at) <= d->job->now;
        }
        return ERR_OK;
}

int dossier_find_gaps(struct dossier *d, struct err *e)
{
        uint64_t open = 0, late = 0;
        int r = dossier_gap(d, "unsealed", "", d->gathered.unsealed, e);

        if (r == ERR_OK)
                r = gap_of_clause(d, e);
        if (r == ERR_OK)
                r = count_open(&open, d, e);
        if (r == ERR_OK)
                r = count_late(&late, d, e);
        if (r == ERR_OK)
                r = dossier_gap(d, "open", "", open, e);
        return r < 0 ? r : dossier_gap(d, "late", "", late, e);
}

/* ---- before it is made ---- */

/* Whether a content still lies there; that it is whole is seen when it is read. */
static int look_at_files(struct dossier *d, struct err *e)
{
        for (size_t i = 0; i < d->files_count; i++) {
                bool kept = false, erased = false;
                char path[PATH_ROOM];
                int r = gather_attached(&kept, &erased, d->job->db, d->files[i].hash, e);

                if (r < 0 && r != ERR_ABSENT)
                        return r;
                (void)snprintf(path, sizeof(path), "%s/files/%.2s/%s", d->job->office->store_dir, d->files[i].hash.p, d->files[i].hash.p);
                r = d->job->withhold ? dossier_gap(d, "file-withheld", d->files[i].hash.p, 1, e) : erased ? dossier_gap(d, "file-erased", d->files[i].hash.p, 1, e)
                    : !kept ? dossier_gap(d, "file-removed", d->files[i].hash.p, 1, e) : file_exists(path) ? ERR_OK : dossier_gap(d, "file-lost", d->files[i].hash.p, 1, e);
                if (r < 0)
                        return r;
        }
        d->made.attachments = d->files_count;
        return ERR_OK;
}

static int look(struct dossier *d, struct err *e)
{
        int r = dossier_gather(d, e);

        if (r < 0)
                return r;
        if (d->gathered.entries.n > LOOK_ENTRIES_MAX)      /* a person waits for the answer */
                return dossier_gap(d, "uncounted", "", d->gathered.entries.n, e);
        r = dossier_put_texts(d, e);
        if (r == ERR_OK)
                r = look_at_files(d, e);
        return r < 0 ? r : dossier_gaps_of_texts(d, e);
}

int dossier_look(struct dossier_made *out, json_t **gaps, const struct dossier_job *job, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(json_decref) json_t *list = json_array();
        struct dossier d = { .job = job, .arena = &a, .gaps = list };
        int r = list ? scope_check(&job->scope, job->office->pack, e) : err_set(e, ERR_NOMEM, "gaps");

        if (r == ERR_OK)
                r = db_begin_read(job->db, e);
        if (r < 0)
                return r;
        r = look(&d, e);
        db_rollback(job->db);
        gathered_done(&d.gathered);
        if (r < 0)
                return r;
        *out = d.made;
        *gaps = take(list);
        return ERR_OK;
}
