/* standing.c - who may act at a step: the rule of four hands. See flow.h; nothing else may ask it in other words. */
#include "core/procedure/flow.h"

/* ---- where a role is held ---- */

static bool in_scope(const struct flow *w, enum scope scope, struct str person, struct str section, bool has_role)
{
        const struct case_facts *f = w->facts;

        switch (scope) {
        case SCOPE_SECTION:
                return has_role && section.n && str_eq(section, row_get_text(&f->application, APPLICATION_section));
        case SCOPE_BODY:
                return has_role;
        case SCOPE_SERVICE: /* the register says who: the role is its name only */
                return f->service.rev && person.n && str_eq(person, row_get_text(&f->service, SERVICE_manager));
        case SCOPES_COUNT:
                break;
        }
        return false;
}

static bool holds(const struct flow *w, const char *role, enum scope scope, const struct actor *who)
{
        return role && who->person && in_scope(w, scope, str_of(who->person), who->section, actor_has(who, role));
}

static bool is_service_deputy(const struct flow *w, enum scope scope, const struct actor *who)
{
        return scope == SCOPE_SERVICE && who->person && w->facts->service.rev && row_is(&w->facts->service, SERVICE_deputy, who->person);
}

bool flow_holds(const struct flow *w, const char *role, enum scope scope, const struct actor *who)
{
        return holds(w, role, scope, who) || (role && is_service_deputy(w, scope, who));
}

/* ---- who never may ---- */

static bool is_party_of(const struct row *application, struct str person)
{
        return application->rev && person.n &&
               (str_eq(person, row_get_text(application, APPLICATION_applicant)) || str_eq(person, row_get_text(application, APPLICATION_drafter)));
}

/* A case about another case (an exception for it) decides on that one too. */
static bool is_party(const struct flow *w, struct str person)
{
        return is_party_of(&w->facts->application, person) || is_party_of(&w->facts->target, person);
}

static bool had_a_hand_in(const struct row *step, struct str person)
{
        static const int cols[] = { STEP_decider, STEP_principal, STEP_entered_by, STEP_entered_for };

        if (!row_is(step, STEP_state, "approved") && !row_is(step, STEP_state, "entered"))
                return false;
        for (size_t i = 0; i < countof(cols); i++)
                if (person.n && str_eq(person, row_get_text(step, cols[i])))
                        return true;
        return false;
}

static bool names(const struct pack_step *a, const struct pack_step *b)
{
        for (size_t i = 0; i < a->not_same_as_count; i++)
                if (strcmp(a->not_same_as[i].id, b->id) == 0)
                        return true;
        return false;
}

/* Either may be decided first when they are parallel, so it counts whichever names the other. */
static bool decided_the_other(const struct flow *w, size_t i, struct str person)
{
        const struct pack_step *steps = w->procedure->steps;

        for (size_t j = 0; j < w->procedure->steps_count; j++)
                if (j != i && (names(&steps[i], &steps[j]) || names(&steps[j], &steps[i])) && had_a_hand_in(&w->facts->steps[j], person))
                        return true;
        return false;
}

static bool entered_it(const struct flow *w, size_t i, struct str person)
{
        const struct row *step = &w->facts->steps[i];

        return person.n && (str_eq(person, row_get_text(step, STEP_entered_by)) || str_eq(person, row_get_text(step, STEP_entered_for)));
}

/* What bars `who`, as deputy of `principal` (empty: as themselves). */
static int check_hands(const struct flow *w, size_t i, struct str who, struct str principal, bool confirming, struct err *e)
{
        if (is_party(w, who))
                return err_key(e, ERR_FORBIDDEN, "decide.self", "", NULL);
        if (is_party(w, principal))
                return err_key(e, ERR_FORBIDDEN, "decide.self.deputy", "", NULL);
        if (decided_the_other(w, i, who) || decided_the_other(w, i, principal))
                return err_key(e, ERR_FORBIDDEN, "decide.same", "", NULL);
        if (confirming && (entered_it(w, i, who) || entered_it(w, i, principal)))
                return err_key(e, ERR_FORBIDDEN, "decide.confirm.same", "", NULL);
        return ERR_OK;
}

/* ---- in which capacity ---- */

/* `why`: what barred the first capacity there was. */
struct search { const struct flow *w; size_t i; struct str who; bool confirming; struct standing found; struct err why; };

static void offer(struct search *s, enum capacity capacity, const char *role, struct str principal)
{
        int r = check_hands(s->w, s->i, s->who, principal, s->confirming, s->why.code ? NULL : &s->why);

        if (r == ERR_OK && s->found.capacity == CAPACITY_NONE)
                s->found = (struct standing){ capacity, role, principal };
}

/* The pack's substitute acts when whoever applied or drafted holds the role there themselves. */
static bool substitute_acts(const struct flow *w, const struct pack_step *step, const char *role)
{
        return step->substitute && (holds(w, role, step->scope, &w->facts->applicant) || holds(w, role, step->scope, &w->facts->drafter));
}

static void offer_deputies(struct search *s, const struct pack_step *step, const char *role, const struct actor *who)
{
        bool substitute = substitute_acts(s->w, step, role);

        if (is_service_deputy(s->w, step->scope, who))
                offer(s, CAPACITY_DEPUTY, role, row_get_text(&s->w->facts->service, SERVICE_manager));
        for (size_t k = 0; k < who->deputises_count; k++) {
                const struct principal *p = &who->deputises[k];

                if (strcmp(p->role, role) == 0 && in_scope(s->w, step->scope, str_of(p->person), p->section, true))
                        offer(s, CAPACITY_DEPUTY, role, str_of(p->person));
                if (substitute && strcmp(p->role, step->substitute) == 0)
                        offer(s, CAPACITY_DEPUTY, step->substitute, str_of(p->person));
        }
}

struct standing flow_standing(const struct flow *w, size_t i, const struct actor *who, bool confirming, struct err *e)
{
        const struct pack_step *step = &w->procedure->steps[i];
        const char *role = confirming && step->confirm_role ? step->confirm_role : step->role;
        struct search s = { .w = w, .i = i, .who = str_of(who->person), .confirming = confirming };

        /* In this order: a person acts as themselves where they can. */
        if (holds(w, role, step->scope, who))
                offer(&s, CAPACITY_HOLDER, role, STR(""));
        if (role && substitute_acts(w, step, role) && actor_has(who, step->substitute))
                offer(&s, CAPACITY_SUBSTITUTE, step->substitute, STR(""));
        if (role && !step->no_deputy)
                offer_deputies(&s, step, role, who);
        if (s.found.capacity == CAPACITY_NONE && s.why.code && e)
                *e = s.why;
        else if (s.found.capacity == CAPACITY_NONE)
                (void)err_key(e, ERR_FORBIDDEN, "decide.role", "", NULL);
        return s.found;
}

/* ---- at which step ---- */

static bool is_entered(const struct flow *w, size_t i)
{
        return row_is(&w->facts->steps[i], STEP_state, "entered");
}

/* Of two reasons why not, the one that says more. */
static void keep_reason(struct err *e, const struct err *why)
{
        if (e && (!e->code || strcmp(e->key, "decide.role") == 0))
                *e = *why;
}

static bool is_due_later(const struct flow *w, const char *id, const struct actor *who)
{
        for (size_t i = 0; i < w->procedure->steps_count; i++)
                if (w->needed[i] && !w->done[i] && !w->active[i] && (!id || strcmp(id, w->procedure->steps[i].id) == 0) &&
                    flow_standing(w, i, who, false, NULL).capacity != CAPACITY_NONE)
                        return true;
        return false;
}

/* No step is active that was asked for: whoever has a part in it hears that it is over or too early, a stranger only that it is not theirs. */
static int not_active(const struct flow *w, const char *id, const struct actor *who, struct err *e)
{
        (void)err_key(e, ERR_FORBIDDEN, "decide.role", "", NULL);
        for (size_t i = 0; i < w->procedure->steps_count; i++) {
                bool later = w->needed[i] && !w->done[i] && row_is(&w->facts->application, APPLICATION_state, "submitted");
                struct err why = { 0 };

                if (id && strcmp(id, w->procedure->steps[i].id) != 0)
                        continue;
                if (flow_standing(w, i, who, false, &why).capacity != CAPACITY_NONE)
                        return err_key(e, ERR_CONFLICT, later ? "decide.early" : "decide.over", "", NULL);
                keep_reason(e, &why);
        }
        return ERR_FORBIDDEN;
}

int flow_step_for(size_t *i, struct standing *s, const struct flow *w, const char *id, const struct actor *who, struct err *e)
{
        struct standing mine = { .capacity = CAPACITY_NONE };
        struct err reason = { 0 };
        size_t at = 0, active = 0, n = 0;

        for (size_t k = 0; k < w->procedure->steps_count; k++) {
                struct standing here;
                struct err why = { 0 };

                if (!w->active[k] || (id && strcmp(id, w->procedure->steps[k].id) != 0))
                        continue;
                active++;
                here = flow_standing(w, k, who, is_entered(w, k), &why);
                if (here.capacity == CAPACITY_NONE) {
                        keep_reason(&reason, &why);
                        continue;
                }
                n++;
                at = k;
                mine = here;
        }
        if (!active)
                return not_active(w, id, who, e);
        if (!n && strcmp(reason.key, "decide.role") == 0 && is_due_later(w, id, who))
                return err_key(e, ERR_CONFLICT, "decide.early", "", NULL);
        if (!n && e)
                *e = reason;
        if (!n)
                return ERR_FORBIDDEN;
        if (n > 1)
                return err_key(e, ERR_CONFLICT, "decide.step.which", "", NULL);
        *i = at;
        *s = mine;
        return ERR_OK;
}
