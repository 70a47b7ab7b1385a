/* procedure.c - what a person is offered: the same checks that the acts make. See procedure.h. */
#include "core/procedure/inside.h"

static bool holds_part(const struct flow *w, const char *role, enum scope scope, const struct actor *who)
{
        if (flow_holds(w, role, scope, who))
                return true;
        for (size_t i = 0; role && i < who->deputises_count; i++) {
                struct actor principal = { .person = who->deputises[i].person, .section = who->deputises[i].section, .roles = { who->deputises[i].role },
                                           .roles_count = 1 };

                if (flow_holds(w, role, scope, &principal))
                        return true;
        }
        return false;
}

/* Whoever has a part in it may look at it. */
static bool may_see(const struct flow *w, const struct actor *who)
{
        const struct pack_procedure *p = w->procedure;

        for (size_t i = 0; i < p->steps_count; i++)
                if (holds_part(w, p->steps[i].role, p->steps[i].scope, who) || holds_part(w, p->steps[i].confirm_role, p->steps[i].scope, who) ||
                    flow_standing(w, i, who, false, NULL).capacity != CAPACITY_NONE)
                        return true;
        for (size_t i = 0; i < p->sheets_count; i++)
                if (holds_part(w, p->sheets[i].role, p->sheets[i].scope, who))
                        return true;
        return false;
}

static unsigned may_at_steps(const struct flow *w, const struct actor *who)
{
        unsigned may = 0;

        for (size_t i = 0; i < w->procedure->steps_count; i++) {
                bool entered = row_is(&w->facts->steps[i], STEP_state, "entered");

                if (!w->active[i] || flow_standing(w, i, who, entered, NULL).capacity == CAPACITY_NONE)
                        continue;
                may |= entered ? MAY_CONFIRM : MAY_DECIDE;
                if (w->procedure->steps[i].kind == STEP_JUDGE)
                        may |= MAY_JUDGE;
        }
        for (size_t i = 0, step; i < w->procedure->sheets_count; i++)
                if (sheet_for(&step, w, w->procedure->sheets[i].id, who, NULL))
                        may |= MAY_FILL;
        return rating_may(w, who) == ERR_OK ? may | MAY_RATE : may;
}

static unsigned may_of_applicant(const struct flow *w, const struct actor *who)
{
        const struct row *app = &w->facts->application;
        bool submitted = row_is(app, APPLICATION_state, "submitted"), returned = row_is(app, APPLICATION_state, "returned");
        unsigned may = 0;

        if (row_is(app, APPLICATION_applicant, who->person) && (submitted || returned))
                may |= MAY_WITHDRAW;
        if ((submitted || returned) && applying_side(w->facts, w->procedure, who, NULL) == ERR_OK)
                may |= submitted ? MAY_CORRECT : MAY_RESUBMIT;
        return may;
}

unsigned procedure_may(const struct pack *pack, const struct case_facts *f, const struct actor *who, utime_t now)
{
        struct flow w;
        bool own = row_is(&f->application, APPLICATION_applicant, who->person) || row_is(&f->application, APPLICATION_drafter, who->person);
        unsigned may = own || actor_has(who, "system_manager") ? MAY_SEE : 0;
        const char *role = NULL;

        if (flow_init(&w, pack, f, now, NULL) < 0)
                return may;
        if (may_see(&w, who))
                may |= MAY_SEE;
        may |= may_at_steps(&w, who) | may_of_applicant(&w, who);
        if (w.procedure->steps_count)
                role = w.procedure->steps[w.procedure->steps_count - 1].role; /* the last step's role answers for the permit */
        if (f->permit.rev && role && permit_may_change(&f->permit, &f->application, role, who, NULL) == ERR_OK)
                may |= MAY_REVOKE | MAY_CHANGE_UNTIL;
        return may;
}
