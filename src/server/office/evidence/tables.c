/* tables.c - tables/: cases, steps, duties, entries, attachments and gaps, each as one CSV and as xlsx of 10,000 rows a file. */
#include <stdlib.h>

#include "base/codec.h"
#include "core/grid/csv.h"
#include "server/office/evidence/said.h"

enum { FILE_ROWS = 10000, COLUMNS_MAX = 12, STEPS_MAX = 100, STEP_EVERY = 200, PEOPLE = 512 };

SCOPED(json_decref, json_t *)

/* ---- a table that grows ---- */

struct listing { struct dossier *d; const char *name; const char *const *columns; size_t width; struct buf csv; struct grid grid; unsigned parts; };

static int listing_begin(struct listing *t, struct err *e)
{
        struct grid_sheet *s = &t->grid.sheets[0];

        t->grid = GRID_INIT;
        t->grid.n = 1;
        *s = (struct grid_sheet){ .name = t->name, .columns_count = t->width, .columns = arena_array(&t->grid.arena, t->width, sizeof(*s->columns)) };
        for (size_t i = 0; s->columns && i < t->width; i++) {
                const char *key = arena_printf(&t->grid.arena, "evidence.column.%s", t->columns[i]);

                if (!key)
                        return err_set(e, ERR_NOMEM, "table");
                s->columns[i] = (struct grid_column){ .id = t->columns[i], .title = { text_get(LANG_JA, key), text_get(LANG_EN, key) }, .readonly = true };
        }
        return s->columns ? ERR_OK : err_set(e, ERR_NOMEM, "table");
}

/* The rows that are there go out; the header stands in the CSV once. */
static int listing_flush(struct listing *t, struct err *e)
{
        scoped(json_decref) json_t *grid = grid_json(&t->grid);
        scoped(buf_done) struct buf rows = BUF_INIT, xlsx = BUF_INIT;
        struct str lines, head;
        char name[64], number[16] = "", *text = grid ? json_dumps(grid, JSON_COMPACT) : NULL;
        int r = csv_write(&rows, &t->grid.sheets[0], t->d->job->lang, e);

        lines = buf_view(&rows);
        if (t->parts && str_cut(lines, '\n', &head, &lines))
                buf_str(&t->csv, lines);
        else
                buf_str(&t->csv, buf_view(&rows));
        if (r == ERR_OK && buf_bad(&t->csv))
                r = err_key(e, ERR_TOO_BIG, "evidence.big", "", NULL);
        if (r == ERR_OK)
                r = text ? t->d->job->render(&xlsx, t->d->job->render_ctx, t->d->job->lang == LANG_EN ? "grid-to-xlsx-en" : "grid-to-xlsx", str_of(text), e) : err_set(e, ERR_NOMEM, "table");
        free(text);
        if (t->parts++)
                (void)snprintf(number, sizeof(number), "-%u", t->parts);
        (void)snprintf(name, sizeof(name), "tables/%s%s.xlsx", t->name, number);
        if (r == ERR_OK)
                r = zip_out_file(t->d->zip, name, buf_view(&xlsx), true, e);
        grid_done(&t->grid);
        return r < 0 ? r : listing_begin(t, e);
}

static int listing_row(struct listing *t, const char *const *cells, struct err *e)
{
        struct grid_row *row;
        int r = t->grid.sheets[0].rows_count < FILE_ROWS ? ERR_OK : listing_flush(t, e);

        if (r < 0)
                return r;
        row = grid_add_row(&t->grid, &t->grid.sheets[0]);
        for (size_t i = 0; row && i < t->width; i++) {
                row->cells[i] = arena_text(&t->grid.arena, cells[i] ? cells[i] : "");
                if (!row->cells[i])
                        row = NULL;
        }
        return row ? ERR_OK : err_set(e, ERR_NOMEM, "table");
}

static int listing_end(struct listing *t, int r, struct err *e)
{
        char name[64];

        if (r == ERR_OK && (!t->parts || t->grid.sheets[0].rows_count))
                r = listing_flush(t, e);
        (void)snprintf(name, sizeof(name), "tables/%s.csv", t->name);
        if (r == ERR_OK)
                r = zip_out_file(t->d->zip, name, buf_view(&t->csv), true, e);
        grid_done(&t->grid);
        buf_done(&t->csv);
        return r;
}

#define LISTING(d, name, ...) { d, name, (const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *), BUF_INIT, { .n = 0 }, 0 }

/* ---- cases and their steps ---- */

static const char *service_of(const struct dossier *d, struct str id, struct arena *a)
{
        struct row row;

        if (!id.n || store_row(&row, d->job->db, TABLE_SERVICE, id.p, NULL, a, NULL) < 0 || !row.rev)
                return "";
        return said_column(d, &row, SERVICE_name, false, a);
}

static int put_case(struct listing *t, const struct row *row, struct arena *a, struct err *e)
{
        struct dossier *d = t->d;
        const char *cells[] = {
                said_column(d, row, APPLICATION_number, true, a), said_form(d, row, a), said_column(d, row, APPLICATION_section, true, a),
                said_person(d, row_get_text(row, APPLICATION_applicant), a), said_person(d, row_get_text(row, APPLICATION_drafter), a),
                service_of(d, row_get_text(row, APPLICATION_service), a), said_moment(row_get_int(row, APPLICATION_submitted_at), a),
                said_word(d, "state.application", row_get_text(row, APPLICATION_state), a), said_moment(row_get_int(row, APPLICATION_ended_at), a), row->id,
        };

        return listing_row(t, cells, e);
}

static const char *step_title(const struct dossier *d, const struct row *application, const char *k, struct arena *a)
{
        const struct pack_procedure *p = pack_find_procedure(d->job->office->pack, said_column(d, application, APPLICATION_procedure, true, a));
        const struct pack_step *s = p ? procedure_find_step(p, k) : NULL;

        return s ? said_pack(d, &s->title) : k;
}

static int put_steps(struct listing *t, const struct row *application, struct arena *a, struct err *e)
{
        struct dossier *d = t->d;
        struct row *rows = NULL;
        size_t n = 0;
        int r = store_rows_of(&rows, &n, d->job->db, TABLE_STEP, application->id, STEPS_MAX, a, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                const struct row *s = &rows[i];
                const char *cells[] = {
                        said_column(d, application, APPLICATION_number, true, a), step_title(d, application, s->k, a), said_role(d, row_get_text(s, STEP_role), a),
                        said_word(d, "state.step", row_get_text(s, STEP_state), a), said_person(d, row_get_text(s, STEP_decider), a), said_person(d, row_get_text(s, STEP_principal), a),
                        said_moment(row_get_int(s, STEP_decided_at), a), said_column(d, s, STEP_document, false, a), said_column(d, s, STEP_condition, false, a),
                        said_column(d, s, STEP_reason, false, a),
                };

                r = listing_row(t, cells, e);
        }
        return r;
}

static int put_cases(struct dossier *d, struct err *e)
{
        struct listing cases = LISTING(d, "cases", "number", "form", "section", "applicant", "drafter", "service", "submitted", "state", "ended", "id");
        struct listing steps = LISTING(d, "steps", "number", "step", "role", "state", "decider", "principal", "decided", "document", "condition", "reason");
        int r = listing_begin(&cases, e);

        if (r == ERR_OK)
                r = listing_begin(&steps, e);
        for (size_t i = 0; r == ERR_OK && i < d->gathered.cases.n; i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct row row;

                r = store_row(&row, d->job->db, TABLE_APPLICATION, d->gathered.cases.v[i].p, NULL, &a, e);
                if (r == ERR_OK)
                        r = put_case(&cases, &row, &a, e);
                if (r == ERR_OK)
                        r = put_steps(&steps, &row, &a, e);
                if (r == ERR_OK && a.refused)
                        r = err_set(e, ERR_NOMEM, "table");
                if (r == ERR_OK && i % STEP_EVERY == 0)
                        r = dossier_step(d, PHASE_TABLES, i, d->gathered.cases.n, e);
        }
        r = listing_end(&cases, r, e);
        return listing_end(&steps, r, e);
}

/* ---- duties ---- */

static int put_duties(struct dossier *d, struct err *e)
{
        struct listing t = LISTING(d, "duties", "duty", "what", "number", "service", "role", "person", "due", "state", "closed", "closer", "done", "id");
        int r = listing_begin(&t, e);

        for (size_t i = 0; r == ERR_OK && i < d->gathered.duties.n; i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct row row, application = { 0 };
                struct str of;

                r = store_row(&row, d->job->db, TABLE_DUTY, d->gathered.duties.v[i].p, NULL, &a, e);
                of = r == ERR_OK ? row_get_text(&row, DUTY_application) : STR("");
                if (of.n)
                        (void)store_row(&application, d->job->db, TABLE_APPLICATION, of.p, NULL, &a, NULL);
                if (r == ERR_OK) {
                        bool late = row_is(&row, DUTY_state, "open") && row_get_int(&row, DUTY_due_at) <= d->job->now;
                        const char *cells[] = {
                                said_word(d, "duty.kind", row_get_text(&row, DUTY_kind), &a), said_column(d, &row, DUTY_text, false, &a), said_column(d, &application, APPLICATION_number, true, &a),
                                service_of(d, row_get_text(&row, DUTY_service), &a), said_role(d, row_get_text(&row, DUTY_role), &a), said_person(d, row_get_text(&row, DUTY_person), &a),
                                said_last_day(row_get_int(&row, DUTY_due_at), &a), said_word(d, "state.duty", late ? STR("overdue") : row_get_text(&row, DUTY_state), &a),
                                said_moment(row_get_int(&row, DUTY_closed_at), &a), said_person(d, row_get_text(&row, DUTY_closed_by), &a), said_column(d, &row, DUTY_evidence, false, &a), row.id,
                        };

                        r = listing_row(&t, cells, e);
                }
                if (r == ERR_OK && a.refused)
                        r = err_set(e, ERR_NOMEM, "table");
        }
        return listing_end(&t, r, e);
}

/* ---- entries ---- */

/* The same few people act in most of them. */
struct person { char id[UUID_TEXT]; const char *said; };

static const char *actor_of(const struct dossier *d, struct person *known, struct str id, struct arena *keep)
{
        size_t at = id.n ? (unsigned char)id.p[id.n - 1] + 31u * (unsigned char)id.p[id.n - 2] + 977u * (unsigned char)id.p[id.n - 3] : 0;
        struct person *p = &known[at % PEOPLE];

        if (!id.n || id.n >= UUID_TEXT)
                return "";
        if (!p->said || !str_is(id, p->id)) {
                (void)snprintf(p->id, sizeof(p->id), "%.*s", (int)id.n, id.p);
                p->said = said_person(d, id, keep);
        }
        return p->said;
}

static int put_entry(struct listing *t, uint64_t index, struct person *known, struct arena *keep, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        char hex[2 * HASH_SIZE + 1];
        struct gathered_entry entry;
        int r = gather_entry(&entry, t->d->job->db, index, &a, e);

        if (r < 0)
                return r;
        hex_text(hex, entry.leaf.b, HASH_SIZE);
        {
                const char *cells[] = { arena_printf(&a, "%llu", (unsigned long long)index), said_moment(entry.at, &a), said_word(t->d, "entry", entry.type, &a), entry.type.p,
                                        actor_of(t->d, known, entry.actor, keep), entry.ref.p, hex };

                return listing_row(t, cells, e);
        }
}

static int put_entries(struct dossier *d, struct err *e)
{
        struct listing t = LISTING(d, "entries", "index", "at", "what", "type", "actor", "ref", "leaf");
        struct person *known = arena_array(d->arena, PEOPLE, sizeof(*known));
        const struct index_set *all = &d->gathered.entries;
        int r = known ? listing_begin(&t, e) : err_set(e, ERR_NOMEM, "table");

        for (size_t i = 0; r == ERR_OK && i < all->n; i++) {
                r = put_entry(&t, all->v[i], known, d->arena, e);
                if (r == ERR_OK && i % STEP_EVERY == 0)
                        r = dossier_step(d, PHASE_TABLES, i, all->n, e);
        }
        return listing_end(&t, r, e);
}

/* ---- attachments and gaps ---- */

static int put_attached(struct dossier *d, struct err *e)
{
        struct listing t = LISTING(d, "attachments", "hash", "name");
        int r = listing_begin(&t, e);

        for (size_t i = 0; r == ERR_OK && i < d->files_count; i++) {
                const char *cells[] = { d->files[i].hash.p, d->job->withhold ? text_get(d->job->lang, "evidence.withheld") : d->files[i].name.p };

                r = listing_row(&t, cells, e);
        }
        return listing_end(&t, r, e);
}

static int put_gaps(struct dossier *d, struct err *e)
{
        struct listing t = LISTING(d, "gaps", "gap", "about", "count");
        int r = listing_begin(&t, e);
        json_t *gap;
        size_t i;

        json_array_foreach(d->gaps, i, gap) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                const char *cells[] = { said_word(d, "evidence.gap", str_of(json_string_value(json_object_get(gap, "kind"))), &a), json_string_value(json_object_get(gap, "about")),
                                        arena_printf(&a, "%lld", (long long)json_integer_value(json_object_get(gap, "count"))) };

                if (r == ERR_OK)
                        r = listing_row(&t, cells, e);
        }
        return listing_end(&t, r, e);
}

int dossier_put_tables(struct dossier *d, struct err *e)
{
        int r = put_cases(d, e);

        if (r == ERR_OK)
                r = put_duties(d, e);
        if (r == ERR_OK)
                r = put_entries(d, e);
        if (r == ERR_OK)
                r = put_attached(d, e);
        return r < 0 ? r : put_gaps(d, e);
}
