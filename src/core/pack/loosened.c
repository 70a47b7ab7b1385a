/* loosened.c - see loosened.h. */
#include "core/pack/loosened.h"

#include "core/pack/diff.h"

/* A folder's name ends with a stroke. */
static bool is_list(const struct change_step *step, const char *name)
{
        size_t n = strlen(name);

        return strncmp(step->list, name, n) == 0 && (!step->list[n] || strcmp(step->list + n, "/") == 0);
}

/* ---- what serves a clause ---- */

struct spot_of { const char *list; struct str id; const char *inner; struct str inner_id; };    /* inner NULL: the outer record */

static bool binds(const struct pack *p, const char *clause)
{
        const struct pack_clause *c = pack_find_clause(p, clause);

        return c && (c->strength == STRENGTH_MUST || c->strength == STRENGTH_NECESSARY);
}

static const char *binding_of(const struct pack *p, const struct pack_link *clauses, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (binds(p, clauses[i].id))
                        return clauses[i].id;
        return NULL;
}

/* Is the change at this record or below it; or, when something was removed, above it? */
static bool touches(const struct change *c, struct spot_of s)
{
        bool removed = c->kind == CHANGE_REMOVED;

        if (!c->depth || !is_list(&c->path[0], s.list) || !str_is(s.id, c->path[0].id))
                return false;
        if (!s.inner)
                return true;
        if (c->depth == 1)
                return removed;
        return is_list(&c->path[1], s.inner) && str_is(s.inner_id, c->path[1].id);
}

/* Which list the carrier stands in, and which list within that. */
static const struct { const char *list, *inner; } carried[CARRIERS_COUNT] = {
        [CARRIER_FORM] = { "forms", NULL },           [CARRIER_FIELD] = { "forms", "fields" },
        [CARRIER_PROCEDURE] = { "procedures", NULL }, [CARRIER_STEP] = { "procedures", "steps" },
        [CARRIER_EFFECT] = { "procedures", "effects" }, [CARRIER_DUTY] = { "duties", NULL },
};

/* A form that somebody else fills in is lost with the sheet, too. */
static bool touches_sheet(const struct change *c, struct str form)
{
        return c->depth > 1 && is_list(&c->path[1], "sheets") && str_is(form, c->path[1].id);
}

static bool touches_criterion(const struct change *c, struct str id)
{
        return c->depth && is_list(&c->path[0], "criteria") && (str_is(id, c->path[0].id) || (c->depth > 1 && str_is(id, c->path[1].id)));
}

static bool touches_carrier(const struct change *c, const struct pack_mechanism *m)
{
        struct spot_of s = { carried[m->carrier].list, str_of(m->where), carried[m->carrier].inner, { "", 0 } };

        if (m->carrier == CARRIER_CRITERION)
                return touches_criterion(c, s.id);
        if (!s.list)
                return false;
        if (s.inner)
                (void)str_cut(s.id, '.', &s.id, &s.inner_id);
        return touches(c, s) || (strcmp(s.list, "forms") == 0 && touches_sheet(c, s.id));
}

/* Of those that name a part of something, then of those that name the whole of it. */
static const char *served_by_mechanisms(const struct pack *p, const struct change *c, bool of_parts)
{
        for (const struct pack_mechanism *m = p->mechanisms; m < p->mechanisms + p->mechanisms_count; m++) {
                const char *clause = m->state == MECHANISM_BUILT && m->kind != MECHANISM_TEXT ? binding_of(p, m->clauses, m->clauses_count) : NULL;

                if (of_parts != (carried[m->carrier].inner != NULL))
                        continue;
                if (clause && (touches(c, (struct spot_of){ "mechanisms", str_of(m->id), NULL, { "", 0 } }) || touches_carrier(c, m)))
                        return clause;
        }
        return NULL;
}

static const char *served_by_rules(const struct pack *p, const struct change *c)
{
        for (const struct pack_procedure *o = p->procedures; o < p->procedures + p->procedures_count; o++)
                for (const struct pack_rule *r = o->rules; r < o->rules + o->rules_count; r++) {
                        const char *clause = binding_of(p, r->clauses, r->clauses_count);

                        if (clause && touches(c, (struct spot_of){ "procedures", str_of(o->id), "rules", str_of(r->id) }))
                                return clause;
                }
        return NULL;
}

static const char *served_by_criteria(const struct pack *p, const struct change *c)
{
        for (const struct pack_criteria *o = p->criteria; o < p->criteria + p->criteria_count; o++)
                for (const struct pack_criterion *k = o->criteria; k < o->criteria + o->criteria_count; k++) {
                        const char *clause = binding_of(p, k->clauses, k->clauses_count);

                        if (clause && touches(c, (struct spot_of){ "criteria", str_of(o->id), "criteria", str_of(k->id) }))
                                return clause;
                }
        return NULL;
}

static const char *served(const struct pack *p, const struct change *c)
{
        const char *clause = served_by_rules(p, c);

        if (!clause && c->depth && is_list(&c->path[0], "clauses") && binds(p, c->path[0].id))
                clause = pack_find_clause(p, c->path[0].id)->id;
        if (!clause)
                clause = served_by_criteria(p, c);
        if (!clause)
                clause = served_by_mechanisms(p, c, true);
        return clause ? clause : served_by_mechanisms(p, c, false);
}

/* The questions, the axes and what follows from the answers decide where the rest holds. */
static bool is_class(const struct change *c)
{
        static const char *const lists[] = { "questions", "axes", "derivations" };

        for (size_t i = 0; i < countof(lists) && c->depth; i++)
                if (is_list(&c->path[0], lists[i]))
                        return true;
        return false;
}

/* ---- what loosens ---- */

static bool was_dropped(const struct change *c)
{
        return strcmp(c->before, "true") == 0;
}

static bool was_set(const struct change *c)
{
        return strcmp(c->after, "true") == 0;
}

/* What was demanded is demanded otherwise, or no longer. Whether the new words ask for as much, no program can tell. */
static bool was_there(const struct change *c)
{
        return *c->before;
}

/* A condition narrows: without one, it held always. */
static bool is_there(const struct change *c)
{
        return *c->after;
}

static size_t rank(const char *strength)
{
        static const char *const order[] = { "M", "N", "R", "C", "I" };
        size_t i = 0;

        while (i < countof(order) && strcmp(order[i], strength) != 0)
                i++;
        return i;
}

static bool is_lower(const struct change *c)
{
        return rank(c->after) > rank(c->before);
}

static size_t hold(const char *kind)
{
        static const char *const order[] = { "enforced", "detected", "recorded" };
        size_t i = 0;

        while (i < countof(order) && strcmp(order[i], kind) != 0)
                i++;
        return i;
}

static bool is_softer(const struct change *c)
{
        return hold(c->after) > hold(c->before);
}

/* Counts that can be compared. Of other periods nobody knows which is more, and the change is listed. */
static bool are_alike(const struct change *c, enum period_kind kind, struct period *before, struct period *after)
{
        return period_parse(before, str_of(c->before), 1u << kind, NULL) == ERR_OK && period_parse(after, str_of(c->after), 1u << kind, NULL) == ERR_OK &&
               before->unit == after->unit && before->roll == after->roll;
}

/* Fewer days before it is due; without a day, people are told at once. */
static bool is_later(const struct change *c)
{
        struct period before, after;

        return *c->after && !(are_alike(c, PERIOD_BEFORE, &before, &after) && after.n >= before.n);
}

/* Without it, people are told once. */
static bool is_rarer(const struct change *c)
{
        struct period before, after;

        return *c->before && !(are_alike(c, PERIOD_EVERY, &before, &after) && after.n <= before.n);
}

/* Of hours or days; when one takes the place of the other, it is listed. */
static bool is_more(const struct change *c)
{
        size_t before = strlen(c->before), after = strlen(c->after);

        return !before || !after || after > before || (after == before && strcmp(c->after, c->before) > 0);
}

static const struct { const char *list, *key; bool (*loosens)(const struct change *c); } values[] = {
        { "clauses",     "strength",      is_lower },
        { "clauses",     "also",          is_lower },
        { "criteria",    "strength",      is_lower },
        { "criteria",    "always",        was_dropped },
        { "criteria",    "article",       was_dropped },
        { "criteria",    "document",      was_dropped },
        { "criteria",    "exception",     was_set },
        { "criteria",    "when",          is_there },
        { "rules",       "exception",     was_set },
        { "rules",       "demand",        was_there },
        { "rules",       "at",            is_there },
        { "fields",      "required",      was_dropped },
        { "fields",      "required_when", was_there },
        { "fields",      "visible_when",  is_there },
        { "columns",     "required",      was_dropped },
        { "questions",   "required",      was_dropped },
        { "questions",   "required_when", was_there },
        { "questions",   "visible_when",  is_there },
        { "steps",       "kind",          was_there },
        { "steps",       "criteria",      was_there },
        { "steps",       "when",          is_there },
        { "steps",       "demand",        was_there },
        { "steps",       "conditional",   was_set },
        { "steps",       "no_deputy",     was_dropped },
        { "effects",     "kind",          was_there },
        { "effects",     "when",          is_there },
        { "duties",      "trigger",       was_there },
        { "duties",      "role",          was_there },
        { "duties",      "opens",         is_later },
        { "duties",      "overdue_role",  was_there },
        { "duties",      "overdue_every", is_rarer },
        { "duties",      "suspend",       was_dropped },
        { "duties",      "period",        was_there },
        { "duties",      "hours",         is_more },
        { "duties",      "days",          is_more },
        { "duties",      "leak",          is_there },
        { "duties",      "reportable",    was_set },
        { "duties",      "malice",        is_there },
        { "remind",      "at",            is_later },
        { "mechanisms",  "kind",          is_softer },
        { "mechanisms",  "state",         was_there },
        { "levels",      "conf2plus",     was_dropped },
        { "derivations", "when",          was_there },
        { "derivations", "level",         was_there },
};

/* Records whose loss counts. Choices, actors, proofs and the order of steps are nobody's demand. */
static const char *const removed[] = {
        "forms", "fields", "columns", "procedures", "steps", "sheets", "rules", "effects", "not_same_as", "criteria", "mechanisms", "clauses",
        "questions", "axes", "levels", "derivations", "duties", "remind",
};

static bool loosens(const struct change *c)
{
        const struct change_step *last = c->depth ? &c->path[c->depth - 1] : NULL;

        for (size_t i = 0; last && c->kind == CHANGE_REMOVED && i < countof(removed); i++)
                if (is_list(last, removed[i]))
                        return true;
        for (size_t i = 0; last && c->kind == CHANGE_VALUE && i < countof(values); i++)
                if (is_list(last, values[i].list) && strcmp(c->key, values[i].key) == 0)
                        return values[i].loosens(c);
        return false;
}

/* ---- the list ---- */

struct finder {
        const struct pack    *before;
        const char           *layer;
        struct arena         *arena;
        struct pack_loosened *list;             /* NULL: only count */
        size_t                n;
        bool                  failed;
};

static const struct pack_text *copy_name(struct arena *a, const struct pack_text *from)
{
        struct pack_text *to = from ? arena_new(a, struct pack_text) : NULL;

        if (to)
                to->key = from->key ? arena_text(a, from->key) : NULL;
        for (int lang = 0; to && lang < LANG_COUNT; lang++)
                to->in[lang] = arena_text(a, from->in[lang]);
        return to;
}

static const struct change *copy_change(struct arena *a, const struct change *from)
{
        struct change *to = arena_new(a, struct change);
        struct change_step *path = arena_array(a, from->depth, sizeof(*path));

        if (!to || !path)
                return NULL;
        *to = *from;
        to->path = path;
        to->before = arena_text(a, from->before);
        to->after = arena_text(a, from->after);
        to->before_name = copy_name(a, from->before_name);
        to->after_name = copy_name(a, from->after_name);
        for (size_t i = 0; i < from->depth; i++) {
                path[i] = from->path[i];
                path[i].id = arena_text(a, from->path[i].id);
                path[i].name = copy_name(a, from->path[i].name);
        }
        return to;
}

static void see(void *ctx, const struct change *c)
{
        struct finder *f = ctx;
        const char *clause = loosens(c) ? served(f->before, c) : NULL;

        /* Of a list of clauses, those that bind are missed; the others are nobody's loss. */
        if (clause && c->kind == CHANGE_REMOVED && c->depth > 1 && is_list(&c->path[c->depth - 1], "clauses"))
                clause = binds(f->before, c->path[c->depth - 1].id) ? c->path[c->depth - 1].id : NULL;
        if (!clause && !(loosens(c) && is_class(c)))
                return;
        if (f->list) {
                struct pack_loosened *l = &f->list[f->n];

                *l = (struct pack_loosened){ f->layer, arena_text(f->arena, clause), copy_change(f->arena, c) };
                f->failed |= !l->change || (clause && !l->clause);
        }
        f->n++;
}

static size_t walk(struct finder *f, struct pack *const *made, size_t n)
{
        f->n = 0;
        for (size_t i = 1; i < n; i++) {
                f->before = made[i - 1];
                f->layer = made[n - 1]->layers[i].id;
                pack_diff(made[i - 1], made[i], see, f);
        }
        return f->n;
}

int loosened_find(struct pack *const *made, size_t n)
{
        struct pack *p = made[n - 1];
        struct finder f = { .arena = &p->arena };
        struct pack_loosened *list = arena_array(&p->arena, walk(&f, made, n), sizeof(*list));

        if (!list)
                return ERR_NOMEM;

        f.list = list;
        p->loosened = list;
        p->loosened_count = walk(&f, made, n);
        return f.failed || p->arena.refused ? ERR_NOMEM : 0;
}
