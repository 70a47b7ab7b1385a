/* world.h - a town without a server: rows, people and a clock, for tests of procedures.
 *
 * Does      apply changes to rows as the store would (revisions must follow on), build the facts of a case from them.
 * Owns      all in the world's arena; a test's scratch arena may die at once.
 * Fails     the test, when a change does not fit the row that is there.
 */
#ifndef TESTS_UNIT_WORLD_H
#define TESTS_UNIT_WORLD_H

#include "core/procedure/procedure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORLD_ROWS = 4000, WORLD_PEOPLE = 40 };

struct resident { const char *name, *section; const char *roles[4]; };

struct world {
        struct arena arena;
        const struct pack *pack;
        const struct resident *people;
        size_t people_count;
        struct row rows[WORLD_ROWS];
        size_t n;
        utime_t now;
        uint16_t ids;
        char person[WORLD_PEOPLE][UUID_TEXT];         /* id of people[i] */
        bool left[WORLD_PEOPLE];
};

static inline struct uuid world_id(struct world *w)
{
        struct uuid id = { { 9, 9, 9, 9, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, (uint8_t)(w->ids >> 8), (uint8_t)w->ids } };

        w->ids++;
        return id;
}

/* ---- rows ---- */

static inline struct row *world_find(struct world *w, enum table t, const char *id, const char *k)
{
        for (size_t i = 0; i < w->n; i++)
                if (w->rows[i].table == t && strcmp(w->rows[i].id, id) == 0 && strcmp(w->rows[i].k, k) == 0)
                        return &w->rows[i];
        return NULL;
}

/* A row that must be there. */
static inline struct row *world_get(struct world *w, enum table t, const char *id, const char *k)
{
        struct row *row = world_find(w, t, id, k);

        if (!row)
                abort();
        return row;
}

static inline void world_put(struct world *w, const struct row *row)
{
        struct row *at = world_find(w, row->table, row->id, row->k);

        if (row->rev != (at ? at->rev : 0) + 1) {
                printf("Bail out! table %d %s %s: revision %lld after %lld\n", row->table, row->id, row->k, (long long)row->rev, at ? (long long)at->rev : 0);
                abort();
        }
        if (!at) {
                if (w->n == WORLD_ROWS)
                        abort();
                at = &w->rows[w->n++];
        }
        *at = *row;
        for (size_t c = 0; c < table_infos[row->table].cols_count; c++)
                if (at->v[c].kind == VALUE_TEXT)
                        at->v[c].s.p = arena_copy(&w->arena, row->v[c].s.p ? row->v[c].s.p : "", row->v[c].s.n);
}

static inline void world_apply(struct world *w, const struct changes *c)
{
        for (size_t i = 0; i < c->rows_count; i++)
                world_put(w, &c->rows[i]);
}

enum { WORLD_BY_ID = -1, WORLD_ALL = -2 };

/* Rows of a table: whose id is `id`, whose column `col` says so, or all. */
static inline struct row_list world_rows(struct world *w, struct arena *a, enum table t, const char *id, int col)
{
        struct row *rows;
        size_t n = 0;

        for (size_t i = 0; i < w->n; i++)
                n += w->rows[i].table == t;
        rows = arena_array(a, n + 1, sizeof(*rows));
        n = 0;
        for (size_t i = 0; rows && i < w->n; i++)
                if (w->rows[i].table == t && (col == WORLD_ALL || (col == WORLD_BY_ID ? strcmp(w->rows[i].id, id) == 0 : row_is(&w->rows[i], col, id))))
                        rows[n++] = w->rows[i];
        return (struct row_list){ rows, n };
}

/* ---- people ---- */

static inline int world_person(const struct world *w, const char *id)
{
        for (size_t i = 0; i < w->people_count; i++)
                if (strcmp(w->person[i], id) == 0)
                        return (int)i;
        return -1;
}

/* Roles as of now, and whom they are deputy for now: one principal a role. Nobody, when they have left. */
static inline struct actor world_actor(struct world *w, size_t i, struct arena *a)
{
        struct actor who = { .person = w->person[i], .section = str_of(w->people[i].section) };
        struct principal *p = arena_array(a, WORLD_PEOPLE * 4, sizeof(*p));

        if (w->left[i])
                return (struct actor){ 0 };
        for (size_t r = 0; r < 4 && w->people[i].roles[r]; r++)
                who.roles[who.roles_count++] = w->people[i].roles[r];
        for (size_t k = 0; p && k < w->n; k++) {
                const struct row *d = &w->rows[k];
                int of = d->table == TABLE_DEPUTY && strcmp(d->k, w->person[i]) == 0 && deputy_holds(d, w->now) ? world_person(w, d->id) : -1;

                for (size_t r = 0; of >= 0 && !w->left[of] && r < 4 && w->people[of].roles[r]; r++)
                        if (!row_get_text(d, DEPUTY_role).n || row_is(d, DEPUTY_role, w->people[of].roles[r]))
                                p[who.deputises_count++] = (struct principal){ w->person[of], str_of(w->people[of].section), w->people[of].roles[r] };
        }
        who.deputises = p;
        return who;
}

static inline size_t world_named(const struct world *w, const char *name)
{
        for (size_t i = 0; i < w->people_count; i++)
                if (strcmp(w->people[i].name, name) == 0)
                        return i;
        printf("Bail out! nobody is called %s\n", name);
        exit(1);
}

static inline struct actor world_who(struct world *w, const char *name, struct arena *a)
{
        return world_actor(w, world_named(w, name), a);
}

static inline void world_init(struct world *w, const struct pack *pack, const struct resident *people, size_t n, utime_t now)
{
        *w = (struct world){ .pack = pack, .people = people, .people_count = n, .now = now, .ids = 1 };
        for (size_t i = 0; i < n; i++) {
                struct uuid id = { { 1, 1, 1, 1, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, (uint8_t)(i + 1) } };
                struct row row = row_new(TABLE_PERSON, id, NULL);

                uuid_text(w->person[i], id);
                row_text(&row, PERSON_state, STR("active"));
                row.rev = 1;
                world_put(w, &row);
        }
}

static inline void world_leave(struct world *w, size_t i)
{
        struct row row = *world_get(w, TABLE_PERSON, w->person[i], "");

        w->left[i] = true;
        row_text(&row, PERSON_state, STR("left"));
        row.rev++;
        world_put(w, &row);
}

/* ---- facts ---- */

static inline const char *world_text(struct arena *a, const struct row *row, int col)
{
        struct str s = row_get_text(row, col);

        return arena_copy(a, s.p ? s.p : "", s.n);
}

static inline struct actor world_party(struct world *w, const struct row *app, int col, struct arena *a)
{
        int i = world_person(w, world_text(a, app, col));

        return i < 0 ? (struct actor){ 0 } : world_actor(w, (size_t)i, a);
}

static inline void world_answers(struct case_facts *f, const struct pack_form *form, struct answer *to)
{
        for (size_t i = 0; form && i < form->fields_count; i++) {
                const struct row *row = facts_row((struct row_list){ f->answer_rows, f->answer_rows_count }, form->fields[i].id);

                to[f->answers_count++] = (struct answer){ &form->fields[i], row ? row_get_text(row, ANSWER_value) : STR("") };
        }
}

static inline const struct case_facts *world_facts(struct world *w, const char *id, struct arena *a)
{
        struct case_facts *f = arena_new(a, struct case_facts);
        struct answer *answers = arena_array(a, 600, sizeof(*answers));
        const struct row *app = world_get(w, TABLE_APPLICATION, id, "");
        const struct pack_procedure *p = pack_find_procedure(w->pack, world_text(a, app, APPLICATION_procedure));
        struct row_list rows = world_rows(w, a, TABLE_ANSWER, id, -1);
        const char *service = world_text(a, app, APPLICATION_service), *target = world_text(a, app, APPLICATION_target), *permit = world_text(a, app, APPLICATION_permit);

        f->application = *app;
        for (size_t i = 0; i < p->steps_count; i++)
                f->steps[f->steps_count++] = *world_get(w, TABLE_STEP, id, p->steps[i].id);
        f->answer_rows = rows.rows;
        f->answer_rows_count = rows.n;
        f->answers = answers;
        world_answers(f, pack_find_form(w->pack, world_text(a, app, APPLICATION_form)), answers);
        for (size_t i = 0; i < p->sheets_count; i++)
                world_answers(f, pack_find_form(w->pack, p->sheets[i].id), answers);
        f->ratings = world_rows(w, a, TABLE_RATING, id, -1);
        f->criteria = world_rows(w, a, TABLE_CRITERION, id, -1);
        f->exceptions = world_rows(w, a, TABLE_EXCEPTION, id, -1);
        f->duties = world_rows(w, a, TABLE_DUTY, id, DUTY_application);
        if (*service) {
                f->service = *world_get(w, TABLE_SERVICE, service, "");
                f->service_ratings = world_rows(w, a, TABLE_RATING, service, -1);
                f->subcontractors = world_rows(w, a, TABLE_SUBCONTRACTOR, service, SUBCONTRACTOR_service);
        }
        if (*target) {
                f->target = *world_get(w, TABLE_APPLICATION, target, "");
                f->target_exceptions = world_rows(w, a, TABLE_EXCEPTION, target, -1);
        }
        if (*permit)
                f->permit = *world_get(w, TABLE_PERMIT, permit, "");
        f->providers = world_rows(w, a, TABLE_PROVIDER, "", WORLD_ALL);
        f->people = world_rows(w, a, TABLE_PERSON, "active", PERSON_state);
        f->applicant = world_party(w, app, APPLICATION_applicant, a);
        f->drafter = world_party(w, app, APPLICATION_drafter, a);
        return f;
}

static inline void world_fresh(struct world *w, struct uuid ids[PROCEDURE_IDS])
{
        for (size_t i = 0; i < PROCEDURE_IDS; i++)
                ids[i] = world_id(w);
}

#endif
