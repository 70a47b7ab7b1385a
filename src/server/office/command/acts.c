/* acts.c - see acts.h. */
#include "server/office/command/acts.h"

#include "base/codec.h"
#include "core/calendar/calendar.h"
#include "core/journal/canon.h"
#include "server/office/command/drafts.h"
#include "server/office/command/notice.h"
#include "server/office/store/registers.h"
#include "sys/entropy.h"

static int actor_now(struct actor *who, struct act *act, const char *person, struct err *e)
{
        int r = query_actor(who, act->db, person, act->now, act->arena, e);

        return r == ERR_ABSENT ? err_key(e, ERR_UNKNOWN, "session.none", "", NULL) : r;
}

/* The executive body that a section belongs to (教育委員会 KYO); without such a row, or a code in it, the install's. */
static int body_of(const char **out, struct act *act, struct str section, struct err *e)
{
        struct record_found found = { 0 };
        struct row row;
        int r = query_named(&found, act->db, register_of_table(TABLE_SECTION), STR(""), section, act->arena, e);

        *out = act->office->body;
        if (r < 0 || found.n != 1 || found.ended)
                return r;
        r = store_row(&row, act->db, TABLE_SECTION, arena_copy(act->arena, found.id.p, found.id.n), NULL, act->arena, e);
        if (r == ERR_OK && pack_code_ok(row_get_text(&row, SECTION_body)))
                *out = row_get_text(&row, SECTION_body).p;
        return r;
}

/* The counter of body-code-year, as a row keyed by the install. */
static int load_counter(struct row *out, struct act *act, const char *body, const struct pack_form *form, struct err *e)
{
        char k[ROW_KEY_MAX];

        (void)snprintf(k, sizeof(k), "%s-%s-%d", body, form->number_code, calendar_fiscal_year(act->now));
        return store_row(out, act->db, TABLE_COUNTER, act->office->install_text, k, act->arena, e);
}

static void fresh_ids(struct uuid ids[PROCEDURE_IDS], utime_t now)
{
        for (size_t i = 0; i < PROCEDURE_IDS; i++)
                ids[i] = entropy_uuid(now);
}

/* ---- what follows of itself ---- */

static bool has_table(const struct changes *c, enum table t)
{
        for (size_t i = 0; i < c->rows_count; i++)
                if (c->rows[i].table == t)
                        return true;
        return false;
}

/* Machine steps that can pass now, and exceptions that are over. `out` stays without rows when there is nothing. */
static int advance(struct changes *out, struct act *act, const char *application, struct err *e)
{
        struct case_facts *f = arena_new(act->arena, struct case_facts);
        struct uuid *ids = arena_array(act->arena, PROCEDURE_IDS, sizeof(*ids));
        const struct pack *pack;
        struct receipt receipt;
        int r = f && ids ? facts_load(f, &pack, act->office, act->db, str_of(application), act->now, act->arena, e) : err_set(e, ERR_NOMEM, "case");

        changes_init(out, act->arena, "application.advanced", application);
        if (r < 0 || !facts_pack(act->office, &f->application))
                return r;
        fresh_ids(ids, act->now);
        r = procedure_tick(out, pack, f, ids, act->now, e);
        if (r < 0 || !out->rows_count)
                return r;
        if (has_table(out, TABLE_EXCEPTION) && !has_table(out, TABLE_STEP))
                out->type = "exception.expired";
        act->permits_changed |= has_table(out, TABLE_PERMIT);
        return act_append(&receipt, act, out, e);
}

/* The entry of an act, what follows of itself, and who is told of both. `before` NULL: the case is new. */
static int conclude(struct act *act, const struct case_facts *before, const struct pack *pack, struct changes *c, struct receipt *receipt, struct err *e)
{
        struct changes *after = arena_new(act->arena, struct changes);
        int r = after ? act_append(receipt, act, c, e) : err_set(e, ERR_NOMEM, "act");

        act->permits_changed |= has_table(c, TABLE_PERMIT);
        if (r == ERR_OK)
                r = advance(after, act, c->ref, e);
        return r == ERR_OK ? notice_case(act, before, pack, c, after, e) : r;
}

int act_advance(struct act *act, void *arg, struct err *e)
{
        const char *application = arg;
        struct case_facts *before = arena_new(act->arena, struct case_facts);
        struct changes c = { .arena = act->arena };
        const struct pack *pack;
        int r = before ? facts_load(before, &pack, act->office, act->db, str_of(application), act->now, act->arena, e) : err_set(e, ERR_NOMEM, "case");

        if (r == ERR_OK)
                r = advance(&c, act, application, e);
        return r == ERR_OK && c.rows_count ? notice_case(act, before, pack, &c, NULL, e) : r;
}

/* ---- submit ---- */

/* The nominal applicant, when another drafts. */
static int load_applicant(struct submission *s, struct act *act, const struct act_submit *in, struct err *e)
{
        int r;

        if (!in->applicant || strcmp(in->applicant, in->person) == 0)
                return ERR_OK;
        r = query_actor(&s->applicant, act->db, in->applicant, act->now, act->arena, e);
        return r == ERR_ABSENT ? err_key(e, ERR_INPUT, "apply.applicant.absent", "applicant", NULL) : r;
}

static int load_submission(struct submission *s, struct act *act, const struct act_submit *in, const struct actor *who, struct err *e)
{
        const struct pack_procedure *p = in->form->procedure ? pack_find_procedure(act->office->pack, in->form->procedure) : NULL;
        struct subject subject = { 0 };
        const char *body = NULL;
        int r;

        if (!p)
                return err_key(e, ERR_INPUT, "form.absent", "form", NULL);
        if (pack_find_form(act->office->pack, in->form->id) != in->form)      /* rules came into force while it was on its way */
                return err_key(e, ERR_CONFLICT, "rules.changed", "", NULL);
        r = load_applicant(s, act, in, e);
        if (r == ERR_OK)
                r = body_of(&body, act, s->applicant.person ? s->applicant.section : who->section, e);
        if (r == ERR_OK)
                r = load_counter(&s->counter, act, body, in->form, e);
        if (r == ERR_OK)
                s->body = arena_printf(act->arena, "%s%s", act->office->practice ? "P-" : "", body);
        if (r == ERR_OK && !s->body)
                r = err_set(e, ERR_NOMEM, "number");
        if (r == ERR_OK)
                r = facts_subject(&subject, act->db, p, in->form, in->answers, in->form->fields_count, act->arena, e);
        s->service = subject.service;
        s->target = subject.target;
        s->service_ratings = subject.service_ratings;
        s->subcontractors = subject.subcontractors;
        return r;
}

int act_submit(struct act *act, void *arg, struct err *e)
{
        struct act_submit *in = arg;
        struct submission *s = arena_new(act->arena, struct submission);
        struct changes c;
        struct actor who;
        char id[UUID_TEXT];
        int r = s ? actor_now(&who, act, in->person, e) : err_set(e, ERR_NOMEM, "submission");

        if (r < 0)
                return r;
        *s = (struct submission){ .form = in->form, .answers = in->answers, .id = entropy_uuid(act->now) };
        r = load_submission(s, act, in, &who, e);
        if (r < 0)
                return r;
        uuid_text(id, s->id);
        changes_init(&c, act->arena, "application.submitted", id);
        r = procedure_submit(&c, act->office->pack, s, &who, act->now, e);
        if (r == ERR_OK)
                r = conclude(act, NULL, act->office->pack, &c, &in->receipt, e);
        if (r == ERR_OK)
                r = draft_sent(act, in->draft, in->person, e);
        if (r < 0)
                return r;
        memcpy(in->id, id, sizeof(in->id));
        (void)snprintf(in->number, sizeof(in->number), "%s", row_get_text(&c.rows[0], APPLICATION_number).p);
        return ERR_OK;
}

/* ---- acts on a case ---- */

/* What an act says, when who asks, the case and its entry are there. */
struct scene { struct changes c; struct case_facts f; const struct pack *pack; struct actor who; utime_t now; };
typedef int say_fn(struct scene *x, const void *in, struct err *e);

static int run(struct act *act, struct on_case *on, const char *type, say_fn *say, const void *in, struct err *e)
{
        struct scene *x = arena_new(act->arena, struct scene);
        struct row app;
        int r = x ? actor_now(&x->who, act, on->person, e) : err_set(e, ERR_NOMEM, "act");

        if (r == ERR_OK)
                r = facts_load(&x->f, &x->pack, act->office, act->db, on->application, act->now, act->arena, e);
        if (r == ERR_OK && !facts_pack(act->office, &x->f.application))
                r = err_key(e, ERR_CONFLICT, "decide.procedure.gone", "", NULL);
        if (r < 0)
                return r;
        x->now = act->now;
        changes_init(&x->c, act->arena, type, x->f.application.id);
        r = say(x, in, e);
        if (r == ERR_OK)
                r = conclude(act, &x->f, x->pack, &x->c, &on->receipt, e);
        if (r == ERR_OK)
                r = draft_sent(act, on->draft, on->person, e);
        if (r == ERR_OK)
                r = store_row(&app, act->db, TABLE_APPLICATION, x->f.application.id, NULL, act->arena, e);
        if (r == ERR_OK)
                on->rev_after = app.rev;
        return r;
}

static int say_resubmit(struct scene *x, const void *arg, struct err *e)
{
        const struct act_resubmit *in = arg;

        if (in->correct && !in->reason.n)
                return err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL);
        return procedure_resubmit(&x->c, x->pack, &x->f, in->form, in->answers, in->on.rev, in->correct ? in->reason : STR(""), &x->who, x->now, e);
}

static int say_fill(struct scene *x, const void *arg, struct err *e)
{
        const struct act_fill *in = arg;

        return procedure_fill_sheet(&x->c, x->pack, &x->f, in->sheet, in->answers, in->on.rev, &x->who, x->now, e);
}

static int say_judge(struct scene *x, const void *arg, struct err *e)
{
        const struct act_judge *in = arg;

        return procedure_judge(&x->c, x->pack, &x->f, in->lines, in->n, in->on.rev, &x->who, x->now, e);
}

static int say_rate(struct scene *x, const void *arg, struct err *e)
{
        const struct act_rate *in = arg;

        return procedure_rate(&x->c, x->pack, &x->f, in->axis, in->level, in->reason, in->on.rev, &x->who, x->now, e);
}

static int say_decide(struct scene *x, const void *arg, struct err *e)
{
        const struct act_decide *in = arg;
        struct verdict_in *v = arena_new(x->c.arena, struct verdict_in);

        if (!v)
                return err_set(e, ERR_NOMEM, "decision");
        *v = (struct verdict_in){ .decision = in->decision, .step = in->step, .to = in->to, .reason = in->reason, .condition = in->condition,
                                  .condition_due = in->condition_due, .paper = in->paper, .seen_rev = in->on.rev };
        fresh_ids(v->ids, x->now);
        return procedure_decide(&x->c, x->pack, &x->f, v, &x->who, x->now, e);
}

static int say_withdraw(struct scene *x, const void *arg, struct err *e)
{
        const struct act_withdraw *in = arg;

        return procedure_withdraw(&x->c, &x->f, in->reason, in->on.rev, &x->who, x->now, e);
}

int act_resubmit(struct act *act, void *arg, struct err *e)
{
        struct act_resubmit *in = arg;

        return in->correct ? run(act, &in->on, "application.corrected", say_resubmit, in, e) : run(act, &in->on, "application.resubmitted", say_resubmit, in, e);
}

int act_fill(struct act *act, void *arg, struct err *e)
{
        return run(act, &((struct act_fill *)arg)->on, "application.filled", say_fill, arg, e);
}

int act_judge(struct act *act, void *arg, struct err *e)
{
        return run(act, &((struct act_judge *)arg)->on, "application.judged", say_judge, arg, e);
}

int act_rate(struct act *act, void *arg, struct err *e)
{
        return run(act, &((struct act_rate *)arg)->on, "application.rated", say_rate, arg, e);
}

int act_decide(struct act *act, void *arg, struct err *e)
{
        return run(act, &((struct act_decide *)arg)->on, "application.decided", say_decide, arg, e);
}

int act_withdraw(struct act *act, void *arg, struct err *e)
{
        return run(act, &((struct act_withdraw *)arg)->on, "application.withdrawn", say_withdraw, arg, e);
}

/* ---- permits ---- */

/* The role that decided last answers for the permit. */
static char *deciding_role(const struct case_facts *f, struct arena *a)
{
        struct str role = f->steps_count ? row_get_text(&f->steps[f->steps_count - 1], STEP_role) : STR("");

        return arena_copy(a, role.p, role.n);
}

static uint32_t max_days_of(const struct pack *pack, const struct case_facts *f)
{
        for (size_t i = 0; i < pack->procedures_count; i++)
                if (row_is(&f->application, APPLICATION_procedure, pack->procedures[i].id))
                        return pack->procedures[i].max_days;
        return 0;
}

int act_permit(struct act *act, void *arg, struct err *e)
{
        struct act_permit *in = arg;
        struct case_facts f;
        const struct pack *pack;
        struct changes c;
        struct actor who;
        char *role;
        int r = actor_now(&who, act, in->person, e);

        if (r == ERR_OK)
                r = facts_of_permit(&f, &pack, act->office, act->db, in->permit, act->now, act->arena, e);
        if (r < 0)
                return r;
        role = deciding_role(&f, act->arena);
        r = role ? permit_may_change(&f.permit, &f.application, role, &who, e) : err_set(e, ERR_NOMEM, "role");
        if (r < 0)
                return r;
        changes_init(&c, act->arena, in->revoke ? "permit.revoked" : "permit.changed", f.permit.id);
        c.actor = who.person;
        c.post = role;
        r = in->revoke ? permit_revoke(&c, &f.permit, in->rev, in->reason, e)
                       : permit_change_until(&c, &f.permit, in->rev, in->until, act->now, max_days_of(pack, &f), in->reason, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r < 0)
                return r;
        act->permits_changed = true;
        in->rev_after = c.rows[0].rev;
        return ERR_OK;
}
