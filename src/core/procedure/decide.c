/* decide.c - decisions at steps, by people and by the machine; see procedure.h. */
#include "core/procedure/inside.h"

static const struct { const char *name, *state; } decisions[] = {
#define X(id, name, state) [id] = { name, state },
        DECISIONS(X)
#undef X
};

bool decision_find(struct str name, enum decision *out)
{
        for (size_t i = 0; i < countof(decisions); i++)
                if (str_is(name, decisions[i].name)) {
                        *out = (enum decision)i;
                        return true;
                }
        return false;
}

bool step_is_plain(enum step_kind kind)
{
        return kind == STEP_APPROVE || kind == STEP_CONCUR || kind == STEP_CONFIRM;
}

static bool decision_of_state(struct str state, enum decision *out)
{
        for (size_t i = 0; i < countof(decisions); i++)
                if (str_is(state, decisions[i].state)) {
                        *out = (enum decision)i;
                        return true;
                }
        return false;
}

/* Who only agrees may not reject: that is for who decides. */
static const bool may_reject[STEP_KINDS_COUNT] = { [STEP_APPROVE] = true, [STEP_COUNCIL] = true, [STEP_EXTERNAL] = true };
static const bool on_paper[STEP_KINDS_COUNT] = { [STEP_COUNCIL] = true, [STEP_EXTERNAL] = true };

/* One decision being made: what it stands on, and what it writes. */
struct act {
        struct changes    *out;
        const struct flow *w;
        size_t             i;
        const struct pack_step *step;
        struct row         row, app;                 /* after-images of the step and the application */
        struct fresh       ids;
};

/* ---- the end ---- */

/* Steps that are not needed are said to be skipped in the entry that ends the case. */
static int skip_steps(struct act *a, struct err *e)
{
        for (size_t j = 0; j < a->w->procedure->steps_count; j++) {
                struct row step = a->w->facts->steps[j];
                int r;

                if (a->w->needed[j] || j == a->i)
                        continue;
                row_text(&step, STEP_state, STR("skipped"));
                step_clear(&step);
                r = changes_add(a->out, &step, e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

/* The only place where an application becomes approved. */
static int end_approved(struct act *a, struct err *e)
{
        int r;

        row_text(&a->app, APPLICATION_state, STR("approved"));
        row_int(&a->app, APPLICATION_ended_at, a->w->now);
        r = skip_steps(a, e);
        if (r == ERR_OK)
                r = effects_run(a->out, a->w, &a->app, &a->ids, e);
        return r < 0 ? r : duties_of_conditions(a->out, a->w, &a->row, &a->app, &a->ids, e);
}

static int nothing_open(const struct flow *w, const struct pack_step *step, struct arena *arena, struct err *e)
{
        struct open_list *open = arena_new(arena, struct open_list);
        char count[24];

        if (!open)
                return err_set(e, ERR_NOMEM, "open");
        flow_open(open, w, step);
        if (!open->n)
                return ERR_OK;
        (void)snprintf(count, sizeof(count), "%zu", open->n);
        return err_key(e, ERR_RULE, "decide.open", "", count, NULL);
}

static int approve(struct act *a, struct err *e)
{
        int r = nothing_open(a->w, a->step, a->out->arena, e);

        if (r < 0)
                return r;
        row_text(&a->row, STEP_state, STR("approved"));
        r = changes_add(a->out, &a->row, e);
        return r < 0 || !flow_is_last(a->w, a->i) ? r : end_approved(a, e);
}

static int reject(struct act *a, struct err *e)
{
        row_text(&a->row, STEP_state, STR("rejected"));
        row_text(&a->app, APPLICATION_state, STR("rejected"));
        row_int(&a->app, APPLICATION_ended_at, a->w->now);
        return changes_add(a->out, &a->row, e);
}

/* ---- sending back ---- */

/* The step `to` and each that comes after it are open again; the one that sends back keeps its words. */
static int send_back_to(struct act *a, const char *to, struct err *e)
{
        uint32_t which = 0;
        size_t n = a->w->procedure->steps_count, t = n;
        int r;

        for (size_t j = 0; j < n; j++)
                if (strcmp(a->w->procedure->steps[j].id, to) == 0)
                        t = j;
        if (t == n || !(a->w->before[a->i] >> t & 1) || !a->w->needed[t] || a->w->procedure->steps[t].kind == STEP_MACHINE)
                return err_key(e, ERR_INPUT, "decide.to", "to", NULL);
        for (size_t j = 0; j < n; j++)
                if (j != a->i && (j == t || (a->w->before[j] >> t & 1)))
                        which |= UINT32_C(1) << j;
        row_text(&a->row, STEP_state, STR("returned"));
        r = changes_add(a->out, &a->row, e);
        return r < 0 ? r : steps_reopen(a->out, a->w->facts, which, e);
}

static int send_back(struct act *a, const char *to, struct err *e)
{
        if (to)
                return send_back_to(a, to, e);
        row_text(&a->row, STEP_state, STR("returned"));
        row_text(&a->app, APPLICATION_state, STR("returned"));
        row_int(&a->app, APPLICATION_ended_at, a->w->now);
        return changes_add(a->out, &a->row, e);
}

/* ---- what was decided elsewhere ---- */

static bool division_known(struct str s)
{
        return str_is(s, "final") || str_is(s, "delegated") || str_is(s, "deputised");
}

/* It counts when another person has confirmed it; until then nothing but the entry is there. */
static int enter(struct act *a, const struct verdict_in *in, const struct actor *who, struct str principal, struct err *e)
{
        struct date d;

        if (!in->paper.document.n || !in->paper.authority.n || !division_known(in->paper.division))
                return err_key(e, ERR_INPUT, "decide.paper", !in->paper.document.n ? "document" : !in->paper.authority.n ? "authority" : "division", NULL);
        if (!date_parse(in->paper.decided_on, &d) || utime_from_jst(d) > a->w->now)
                return err_key(e, ERR_INPUT, "decide.paper.date", "decided_on", NULL);
        step_clear(&a->row);
        row_text(&a->row, STEP_state, STR("entered"));
        row_text(&a->row, STEP_entered_by, str_of(who->person));
        row_int(&a->row, STEP_entered_at, a->w->now);
        if (principal.n)
                row_text(&a->row, STEP_entered_for, principal);
        row_text(&a->row, STEP_outcome, str_of(decisions[in->decision].state));
        row_personal(&a->row, STEP_document, in->paper.document);
        row_text(&a->row, STEP_decided_on, in->paper.decided_on);
        row_text(&a->row, STEP_division, in->paper.division);
        row_personal(&a->row, STEP_authority, in->paper.authority);
        row_personal(&a->row, STEP_reason, in->reason);
        return ERR_OK;
}

/* ---- conditions ---- */

static int set_condition(struct act *a, const struct verdict_in *in, struct err *e)
{
        struct date d;

        if (!in->condition.n && !in->condition_due.n)
                return ERR_OK;
        if (in->decision != DECISION_APPROVE || !a->step->conditional)
                return err_key(e, ERR_RULE, "decide.condition", "condition", NULL);
        if (!in->condition.n || !date_parse(in->condition_due, &d) || utime_from_jst(d) + UTIME_DAY <= a->w->now)
                return err_key(e, ERR_INPUT, "decide.condition.due", in->condition.n ? "condition_due" : "condition", NULL);
        row_personal(&a->row, STEP_condition, in->condition);
        row_text(&a->row, STEP_condition_due, in->condition_due);
        return ERR_OK;
}

/* ---- decide ---- */

static void sign(struct row *row, const struct actor *who, struct str principal, utime_t now)
{
        row_text(row, STEP_decider, str_of(who->person));
        row_int(row, STEP_decided_at, now);
        if (principal.n)
                row_text(row, STEP_principal, principal);
        else
                row_null(row, STEP_principal);
}

/* The second person: what was entered counts now, or goes back to who entered it. */
static int confirm(struct act *a, const struct verdict_in *in, const struct actor *who, struct str principal, struct err *e)
{
        enum decision entered = DECISION_RETURN;

        if (in->decision == DECISION_REJECT || in->to || in->condition.n)
                return err_key(e, ERR_INPUT, "decide.kind", "decision", NULL);
        if (in->decision == DECISION_RETURN) {
                step_clear(&a->row);
                sign(&a->row, who, principal, a->w->now);
                row_personal(&a->row, STEP_reason, in->reason);
                row_text(&a->row, STEP_state, STR("waiting"));
                return changes_add(a->out, &a->row, e);
        }
        if (!decision_of_state(row_get_text(&a->row, STEP_outcome), &entered))
                return err_key(e, ERR_CONFLICT, "decide.over", "", NULL);
        sign(&a->row, who, principal, a->w->now);
        return entered == DECISION_APPROVE ? approve(a, e) : entered == DECISION_REJECT ? reject(a, e) : send_back(a, NULL, e);
}

static int decide_here(struct act *a, const struct verdict_in *in, const struct actor *who, struct str principal, struct err *e)
{
        int r;

        if ((in->decision == DECISION_REJECT && !may_reject[a->step->kind]) || (in->to && (in->decision != DECISION_RETURN || on_paper[a->step->kind])))
                return err_key(e, ERR_INPUT, "decide.kind", "decision", NULL);
        if (on_paper[a->step->kind]) {
                r = enter(a, in, who, principal, e);
                if (r == ERR_OK)
                        r = set_condition(a, in, e);
                return r < 0 ? r : changes_add(a->out, &a->row, e);
        }
        step_clear(&a->row);
        sign(&a->row, who, principal, a->w->now);
        row_personal(&a->row, STEP_reason, in->reason);
        r = set_condition(a, in, e);
        if (r < 0)
                return r;
        return in->decision == DECISION_APPROVE ? approve(a, e) : in->decision == DECISION_REJECT ? reject(a, e) : send_back(a, in->to, e);
}

int procedure_decide(struct changes *out, const struct pack *pack, const struct case_facts *f, const struct verdict_in *in,
                     const struct actor *who, utime_t now, struct err *e)
{
        struct flow *w = arena_new(out->arena, struct flow);
        struct act *a = arena_new(out->arena, struct act);
        struct standing s;
        size_t i = 0;
        int r = w && a ? flow_init(w, pack, f, now, e) : err_set(e, ERR_NOMEM, "decide");

        if (r == ERR_OK)
                r = flow_step_for(&i, &s, w, in->step, who, e);
        if (r == ERR_OK)
                r = application_seen(f, in->seen_rev, e);
        if (r < 0)
                return r;
        if (in->decision != DECISION_APPROVE && !in->reason.n)
                return err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL);

        *a = (struct act){ .out = out, .w = w, .i = i, .step = &w->procedure->steps[i], .row = f->steps[i], .app = f->application,
                           .ids = { in->ids, countof(in->ids), 0 } };
        entry_begin(out, pack, &f->application, who, s.role);
        r = row_is(&a->row, STEP_state, "entered") ? confirm(a, in, who, s.principal, e) : decide_here(a, in, who, s.principal, e);
        if (r == ERR_OK)
                r = changes_add(out, &a->app, e);
        if (r < 0)
                out->rows_count = 0;
        return r;
}

/* ---- the machine ---- */

/* Something is open, or an effect cannot be: the case waits as it was. */
static bool is_waiting(int r, struct changes *out, size_t rows, struct err *e)
{
        if (r != ERR_RULE && r != ERR_CONFLICT)
                return false;
        out->rows_count = rows;
        err_clear(e);
        return true;
}

/* Lets the first machine step that can pass do so, into `f` as well. 1: one did. */
static int pass_one(struct changes *out, const struct pack *pack, struct case_facts *f, struct row *app, struct fresh *ids, utime_t now, struct err *e)
{
        struct flow *w = arena_new(out->arena, struct flow);
        int r = w ? flow_init(w, pack, f, now, e) : err_set(e, ERR_NOMEM, "tick");

        for (size_t i = 0; r == ERR_OK && i < f->steps_count; i++) {
                const struct pack_step *step = &w->procedure->steps[i];
                struct act *a;
                size_t before = out->rows_count;

                if (!w->active[i] || step->kind != STEP_MACHINE || facts_holds(&step->demand, &w->env) != TRUTH_TRUE)
                        continue;
                a = arena_new(out->arena, struct act); /* rows of the effects borrow its ids */
                if (!a)
                        return err_set(e, ERR_NOMEM, "tick");
                *a = (struct act){ .out = out, .w = w, .i = i, .step = step, .row = f->steps[i], .app = *app, .ids = *ids };
                step_clear(&a->row);
                row_int(&a->row, STEP_decided_at, now);
                r = approve(a, e);
                if (is_waiting(r, out, before, e)) {
                        r = ERR_OK;
                        continue;
                }
                if (r < 0)
                        return r;
                f->steps[i] = a->row;
                *app = a->app;
                *ids = a->ids;
                return 1;
        }
        return r;
}

/* All that is needed was decided, and what else there was is needed no more (a day went by, the service's class fell). */
static int end_if_all_done(struct changes *out, const struct pack *pack, const struct case_facts *f, struct row *app, struct fresh *ids, utime_t now, struct err *e)
{
        struct flow *w = arena_new(out->arena, struct flow);
        int r = w ? flow_init(w, pack, f, now, e) : err_set(e, ERR_NOMEM, "tick");
        struct act *a = arena_new(out->arena, struct act);
        size_t last = 0, before = out->rows_count, decided = 0;

        if (r == ERR_OK && !a)
                r = err_set(e, ERR_NOMEM, "tick");
        if (r < 0 || !row_is(app, APPLICATION_state, "submitted"))
                return r;
        for (size_t i = 0; i < f->steps_count; i++) {
                if (!w->done[i])
                        return ERR_OK;
                if (w->needed[i]) {
                        last = i;
                        decided++;
                }
        }
        if (!decided)
                return ERR_OK; /* nobody has decided anything: that is no approval */
        *a = (struct act){ .out = out, .w = w, .i = last, .step = &w->procedure->steps[last], .row = f->steps[last], .app = *app, .ids = *ids };
        r = nothing_open(w, a->step, out->arena, e);
        if (r == ERR_OK)
                r = end_approved(a, e);
        if (is_waiting(r, out, before, e))
                return ERR_OK;
        if (r == ERR_OK)
                *app = a->app;
        return r;
}

int procedure_tick(struct changes *out, const struct pack *pack, const struct case_facts *f, const struct uuid ids[PROCEDURE_IDS], utime_t now, struct err *e)
{
        struct case_facts *g = arena_new(out->arena, struct case_facts);
        struct fresh fresh = { ids, PROCEDURE_IDS, 0 };
        struct row app = f->application;
        int r = ERR_OK;

        if (!g)
                return err_set(e, ERR_NOMEM, "tick");
        *g = *f;
        entry_begin(out, pack, &app, NULL, NULL);
        if (row_is(&app, APPLICATION_state, "submitted")) {
                do {
                        r = pass_one(out, pack, g, &app, &fresh, now, e);
                        g->application = app;
                } while (r == 1 && row_is(&app, APPLICATION_state, "submitted"));
                if (r >= 0)
                        r = end_if_all_done(out, pack, g, &app, &fresh, now, e);
                if (r == ERR_OK && out->rows_count)
                        r = changes_add(out, &app, e);
        }
        return r < 0 ? r : exceptions_tick(out, pack, f, &fresh, now, e);
}
