/* flow.c - see flow.h: which steps are needed, done, active. */
#include "core/procedure/flow.h"

static size_t step_index(const struct pack_procedure *p, const char *id)
{
        for (size_t i = 0; i < p->steps_count; i++)
                if (strcmp(p->steps[i].id, id) == 0)
                        return i;
        return p->steps_count;
}

/* What stands directly before step `i`. No `after`: the step before in the list. "start": none. */
static uint32_t links_of(const struct pack_procedure *p, size_t i)
{
        uint32_t bits = 0;

        if (!p->steps[i].after_count)
                return i ? UINT32_C(1) << (i - 1) : 0;
        for (size_t k = 0; k < p->steps[i].after_count; k++) {
                size_t j = step_index(p, p->steps[i].after[k].id);

                if (j < p->steps_count)
                        bits |= UINT32_C(1) << j;
        }
        return bits;
}

/* As many rounds as there are steps reach the farthest. A ring, which the loader refuses, puts its steps before themselves: they
 * never become active. */
static void close_before(struct flow *w)
{
        size_t n = w->procedure->steps_count;

        for (size_t i = 0; i < n; i++)
                w->before[i] = links_of(w->procedure, i);
        for (size_t round = 0; round < n; round++)
                for (size_t i = 0; i < n; i++)
                        for (size_t j = 0; j < n; j++)
                                if (w->before[i] >> j & 1)
                                        w->before[i] |= w->before[j];
}

static bool approved(const struct flow *w, size_t i)
{
        return row_is(&w->facts->steps[i], STEP_state, "approved");
}

static bool holds_still(const struct flow *w, size_t i)
{
        utime_t at = row_get_int(&w->facts->steps[i], STEP_decided_at);

        if (!approved(w, i))
                return false;
        for (size_t j = 0; j < w->procedure->steps_count; j++)
                if ((w->before[i] >> j & 1) && w->needed[j] && (!approved(w, j) || row_get_int(&w->facts->steps[j], STEP_decided_at) > at))
                        return false;
        return true;
}

static bool is_reached(const struct flow *w, size_t i)
{
        for (size_t j = 0; j < w->procedure->steps_count; j++)
                if ((w->before[i] >> j & 1) && !w->done[j])
                        return false;
        return true;
}

int flow_init(struct flow *w, const struct pack *pack, const struct case_facts *f, utime_t now, struct err *e)
{
        bool submitted = row_is(&f->application, APPLICATION_state, "submitted");

        *w = (struct flow){ .pack = pack, .facts = f, .now = now };
        for (size_t i = 0; i < pack->procedures_count; i++)
                if (row_is(&f->application, APPLICATION_procedure, pack->procedures[i].id))
                        w->procedure = &pack->procedures[i];
        if (!w->procedure || w->procedure->steps_count != f->steps_count || f->steps_count > PROCEDURE_STEPS_MAX)
                return err_key(e, ERR_CONFLICT, "decide.procedure.gone", "", NULL);
        for (size_t i = 0; i < f->steps_count; i++)
                if (strcmp(f->steps[i].k, w->procedure->steps[i].id) != 0)
                        return err_key(e, ERR_CONFLICT, "decide.procedure.gone", "", NULL);

        facts_env_init(&w->ctx, &w->env, pack, w->procedure, f, now);
        close_before(w);
        for (size_t i = 0; i < f->steps_count; i++)
                w->needed[i] = facts_holds(&w->procedure->steps[i].when, &w->env) != TRUTH_FALSE;
        for (size_t i = 0; i < f->steps_count; i++)
                w->done[i] = !w->needed[i] || holds_still(w, i);
        for (size_t i = 0; i < f->steps_count; i++)
                w->active[i] = submitted && w->needed[i] && !w->done[i] && is_reached(w, i);
        return ERR_OK;
}

bool flow_is_last(const struct flow *w, size_t i)
{
        for (size_t j = 0; j < w->procedure->steps_count; j++)
                if (j != i && !w->done[j])
                        return false;
        return true;
}
