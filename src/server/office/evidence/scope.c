/* scope.c - see scope.h. */
#include "server/office/evidence/scope.h"

#include "core/pack/coverage.h"
#include "core/register/registers.h"
#include "server/office/store/journal.h"

const char *const scope_kind_names[DOSSIER_KINDS_COUNT] = {
#define X(id, name) name,
        DOSSIER_KINDS(X)
#undef X
};

/* ---- is there such a thing? ---- */

/* "service:0198..." */
static bool row_named(const char *id, struct str *table, struct str *row)
{
        struct uuid u;

        return str_cut(str_of(id), ':', table, row) && table_find(*table) >= 0 && uuid_parse(*row, &u);
}

/* Ids are written as they are into the manifest and the journal. */
static bool plain(const char *s)
{
        return strlen(s) < SCOPE_ID_MAX && strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.:_-") == strlen(s);
}

int scope_check(const struct dossier_scope *s, const struct pack *pack, struct err *e)
{
        struct str table, row;
        bool there = false;

        switch (plain(s->id) && plain(s->body) ? (int)s->kind : DOSSIER_KINDS_COUNT) {
        case DOSSIER_CLAUSE:
                there = pack_find_clause(pack, s->id) != NULL;
                break;
        case DOSSIER_PROCEDURE:
                there = pack_find_procedure(pack, s->id) != NULL;
                break;
        case DOSSIER_BODY:
                there = !*s->id && *s->body;
                break;
        case DOSSIER_ROW:
                there = row_named(s->id, &table, &row);
                break;
        default:
                break;
        }
        if (!there)
                return err_key(e, ERR_ABSENT, "evidence.scope.absent", "id", scope_kind_names[s->kind], *s->id ? s->id : s->body, NULL);
        return s->from < s->until ? ERR_OK : err_key(e, ERR_INPUT, "evidence.period", "until", NULL);
}

/* ---- sources: by what carries a mechanism, as coverage.c looks for its newest trace ---- */

static void add(struct sources_of *out, enum source_kind kind, const char *of, const char *id)
{
        for (size_t i = 0; i < out->n; i++)
                if (out->list[i].kind == kind && strcmp(out->list[i].of, of) == 0)
                        return;
        if (of && out->n < SOURCES_MAX)      /* a pack has fewer procedures, registers, duties and types */
                out->list[out->n++] = (struct source){ kind, of, id };
}

static void add_form(struct sources_of *out, const struct pack *pack, const char *form)
{
        const struct pack_form *f = pack_find_form(pack, form);

        if (f && f->procedure)
                add(out, SOURCE_PROCEDURE, f->procedure, "");
        for (size_t i = 0; f && i < pack->procedures_count; i++)
                for (size_t s = 0; s < pack->procedures[i].sheets_count; s++)
                        if (strcmp(pack->procedures[i].sheets[s].id, form) == 0)
                                add(out, SOURCE_PROCEDURE, pack->procedures[i].id, "");
}

static bool judges(const struct pack *pack, const struct pack_step *s, const char *criterion)
{
        const struct pack_criteria *list = s->kind == STEP_JUDGE && s->criteria ? pack_find_criteria(pack, s->criteria) : NULL;

        for (size_t i = 0; list && i < list->criteria_count; i++)
                if (strcmp(list->criteria[i].id, criterion) == 0)
                        return true;
        return false;
}

/* In a procedure with a step that judges it. */
static void add_judged(struct sources_of *out, const struct pack *pack, const char *criterion)
{
        for (size_t i = 0; i < pack->procedures_count; i++)
                for (size_t s = 0; s < pack->procedures[i].steps_count; s++)
                        if (judges(pack, &pack->procedures[i].steps[s], criterion))
                                add(out, SOURCE_PROCEDURE, pack->procedures[i].id, "");
}

static void add_mechanism(struct sources_of *out, const struct pack *pack, const struct pack_mechanism *m, struct arena *a)
{
        struct str left = str_of(m->where), right;
        const char *outer;

        (void)str_cut(left, '.', &left, &right);
        outer = arena_copy(a, left.p, left.n);
        if (!outer)
                return;      /* the arena says so at the end */
        switch (m->carrier) {
        case CARRIER_FORM:
        case CARRIER_FIELD:
                add_form(out, pack, outer);
                break;
        case CARRIER_PROCEDURE:
        case CARRIER_RULE:
        case CARRIER_EFFECT:
        case CARRIER_STEP:
                add(out, SOURCE_PROCEDURE, outer, "");
                break;
        case CARRIER_CRITERION:
                add_judged(out, pack, m->where);
                break;
        case CARRIER_REGISTER:
                add(out, SOURCE_REGISTER, m->where, "");
                break;
        case CARRIER_DUTY:
                add(out, SOURCE_DUTY, m->where, "");
                break;
        case CARRIER_COMMAND:
                add(out, SOURCE_TYPE, strcmp(m->where, "decide") == 0 ? "application.decided" : m->where, "");
                break;
        case CARRIER_GATE:
                add(out, SOURCE_TYPE, strcmp(m->where, "permit-end") == 0 ? "permit.expired" : "grants.applied", "");
                break;
        default:
                break;
        }
}

void scope_sources_of_clause(struct sources_of *out, const struct pack *pack, const char *clause, struct arena *a)
{
        for (size_t i = 0; i < pack->mechanisms_count; i++) {
                const struct pack_mechanism *m = &pack->mechanisms[i];

                if (m->state == MECHANISM_BUILT && m->kind != MECHANISM_TEXT && mechanism_serves(m, clause))
                        add_mechanism(out, pack, m, a);
        }
}

static void sources_of(struct sources_of *out, const struct dossier_scope *s, const struct pack *pack, struct arena *a)
{
        struct str table, row;

        switch (s->kind) {
        case DOSSIER_CLAUSE:
                scope_sources_of_clause(out, pack, s->id, a);
                break;
        case DOSSIER_PROCEDURE:
                add(out, SOURCE_PROCEDURE, s->id, "");
                break;
        case DOSSIER_BODY:
                add(out, SOURCE_PROCEDURE, "", "");
                break;
        default:
                if (row_named(s->id, &table, &row))
                        add(out, SOURCE_ROW, arena_copy(a, table.p, table.n), arena_copy(a, row.p, row.n));
        }
}

/* ---- gathering ---- */

struct desk { struct gathered *g; struct db *db; const struct dossier_scope *scope; struct str own; uint64_t size; struct arena *a; };

static int ids(struct id_list *list, struct desk *d, enum gather_ids what, const char *of, struct entry_range in, struct err *e)
{
        return gather_ids(list, d->db, what, str_of(of), in, str_of(d->scope->body), d->own, d->a, e);
}

static int entries_about(struct desk *d, struct str id, struct err *e)
{
        return gather_entries(&d->g->entries, d->db, GATHER_REF, id, STR(""), (struct entry_range){ 0, d->size }, e);
}

/* A case is taken whole, with the duties it set, its permit, and what was recorded with the service it is about. */
static int take_cases(struct desk *d, size_t from, struct err *e)
{
        struct gathered *g = d->g;
        const struct entry_range all = { 0, d->size };
        struct id_list others = { 0 };
        int r = ERR_OK;

        for (size_t i = from; r == ERR_OK && i < g->cases.n; i++) {
                size_t duties = g->duties.n;

                others.n = 0;
                r = entries_about(d, g->cases.v[i], e);
                if (r == ERR_OK)
                        r = ids(&others, d, GATHER_OPENED, g->cases.v[i].p, all, e);
                for (size_t k = 0; r == ERR_OK && k < others.n; k++)
                        r = entries_about(d, others.v[k], e);
                if (r == ERR_OK)
                        r = ids(&g->duties, d, GATHER_DUTIES_APP, g->cases.v[i].p, all, e);
                for (size_t k = duties; r == ERR_OK && k < g->duties.n; k++)
                        r = entries_about(d, g->duties.v[k], e);
        }
        return r;
}

static int take_duties(struct desk *d, size_t from, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = from; r == ERR_OK && i < d->g->duties.n; i++)
                r = entries_about(d, d->g->duties.v[i], e);
        return r;
}

/* What happened to the row, and the cases and duties about it. */
static int take_row(struct desk *d, const struct source *s, struct entry_range in, struct err *e)
{
        struct gathered *g = d->g;
        size_t cases = g->cases.n, duties;
        int r = gather_entries(&g->entries, d->db, GATHER_ROW, str_of(s->of), str_of(s->id), in, e);

        if (r == ERR_OK)
                r = gather_entries(&g->entries, d->db, GATHER_REF, str_of(s->id), STR(""), in, e);
        if (r == ERR_OK)
                r = ids(&g->cases, d, GATHER_CASES_OF, s->id, in, e);
        if (r == ERR_OK)
                r = take_cases(d, cases, e);
        duties = g->duties.n;
        if (r == ERR_OK)
                r = ids(&g->duties, d, GATHER_DUTIES_OF, s->id, in, e);
        return r < 0 ? r : take_duties(d, duties, e);
}

static int take_source(struct desk *d, const struct source *s, struct entry_range in, struct err *e)
{
        struct gathered *g = d->g;
        size_t cases = g->cases.n, duties = g->duties.n;
        bool everywhere = !*d->scope->body;      /* what belongs to no section belongs to no body */
        int r = ERR_OK;

        switch (s->kind) {
        case SOURCE_PROCEDURE:
                r = ids(&g->cases, d, GATHER_CASES, s->of, in, e);
                return r < 0 ? r : take_cases(d, cases, e);
        case SOURCE_DUTY:
                r = ids(&g->duties, d, GATHER_DUTIES_BY, s->of, in, e);
                return r < 0 ? r : take_duties(d, duties, e);
        case SOURCE_REGISTER:
                return everywhere ? gather_entries(&g->entries, d->db, GATHER_REGISTER, str_of(s->of), STR(""), in, e) : ERR_OK;
        case SOURCE_TYPE:
                return everywhere ? gather_entries(&g->entries, d->db, GATHER_TYPE, str_of(s->of), STR(""), in, e) : ERR_OK;
        default:
                return take_row(d, s, in, e);
        }
}

/* The two that lead from one epoch's key to the next are in every pack. */
static int take_keys(struct desk *d, struct err *e)
{
        const struct entry_range all = { 0, d->size };
        int r = gather_entries(&d->g->entries, d->db, GATHER_TYPE, STR("epoch.opened"), STR(""), all, e);

        return r < 0 ? r : gather_entries(&d->g->entries, d->db, GATHER_TYPE, STR("key.rotated"), STR(""), all, e);
}

static int by_bytes(const void *a, const void *b)
{
        return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* A duty may be one of a case's and one of a rule's. */
static void each_once(struct id_list *list)
{
        size_t kept = 0;

        if (list->n)
                qsort(list->v, list->n, sizeof(*list->v), by_bytes);
        for (size_t i = 0; i < list->n; i++)
                if (!kept || str_cmp(list->v[kept - 1], list->v[i]) != 0)
                        list->v[kept++] = list->v[i];
        list->n = kept;
}

int scope_gather(struct gathered *out, struct db *db, const struct dossier_scope *s, const struct pack *pack, const char *own, uint64_t size, struct arena *a, struct err *e)
{
        struct sources_of *sources = arena_new(a, struct sources_of);
        struct gathered g = { 0 };
        struct desk d = { &g, db, s, str_of(own), size, a };
        uint64_t total = 0, late = 0;
        int r = sources ? journal_size(&total, NULL, db, e) : err_set(e, ERR_NOMEM, "sources");

        if (r == ERR_OK)
                r = gather_first(&g.first, db, s->from, size, e);
        if (r == ERR_OK)
                r = gather_first(&g.before, db, s->until, size, e);
        if (r == ERR_OK)
                r = gather_first(&late, db, s->until, total, e);
        if (r == ERR_OK)
                sources_of(sources, s, pack, a);
        for (size_t i = 0; r == ERR_OK && i < sources->n; i++)
                r = take_source(&d, &sources->list[i], (struct entry_range){ g.first, g.before }, e);
        if (r == ERR_OK)
                r = take_keys(&d, e);
        index_set_settle(&g.entries);
        each_once(&g.duties);
        g.unsealed = late > size ? late - size : 0;
        if (r == ERR_OK && g.entries.n > DOSSIER_ENTRIES_MAX)
                r = err_key(e, ERR_TOO_BIG, "evidence.big", "until", NULL);
        if (r < 0) {
                gathered_done(&g);
                return r;
        }
        *out = g;
        return ERR_OK;
}
