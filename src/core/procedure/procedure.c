/* procedure.c - see procedure.h. */
#include "core/procedure/procedure.h"

#include "base/codec.h"
#include "core/calendar/calendar.h"

static const struct { enum decision d; const char *name; const char *state; } decisions[] = {
#define X(id, name, state) { id, name, state },
        DECISIONS(X)
#undef X
};

bool decision_find(struct str name, enum decision *out)
{
        for (size_t i = 0; i < countof(decisions); i++)
                if (str_is(name, decisions[i].name)) {
                        *out = decisions[i].d;
                        return true;
                }
        return false;
}

static struct str hash_hex(struct arena *a, const struct hash *h)
{
        char *to = arena_alloc(a, 2 * HASH_SIZE + 1);

        if (!to)
                return STR("");
        hex_text(to, h->b, HASH_SIZE);
        return (struct str){ to, 2 * HASH_SIZE };
}

/* What people write themselves is a payload whatever the pack says: entries hold ASCII only, and text can hold anything. */
static void put_answer(struct row *row, const struct answer *a)
{
        bool written = a->field->type == FIELD_TEXT || a->field->type == FIELD_LINES;

        (a->field->personal || written ? row_personal : row_text)(row, ANSWER_value, a->value);
}

/* ---- submit ---- */

static int add_answers(struct changes *out, const struct submission *in, struct err *e)
{
        for (size_t i = 0; i < in->form->fields_count; i++) {
                const struct answer *answer = &in->answers[i];
                struct row row = row_new(TABLE_ANSWER, in->id, answer->field->id);
                int r;

                if (!answer->value.n)
                        continue;
                put_answer(&row, answer);
                r = changes_add(out, &row, e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

static int add_steps(struct changes *out, const struct pack_procedure *p, struct uuid id, struct err *e)
{
        for (size_t i = 0; i < p->steps_count; i++) {
                struct row row = row_new(TABLE_STEP, id, p->steps[i].id);
                static const char *const kinds[] = {
#define X(id, name) name,
                        STEP_KINDS(X)
#undef X
                };
                int r;

                row_text(&row, STEP_kind, str_of(kinds[p->steps[i].kind]));
                row_text(&row, STEP_role, str_of(p->steps[i].role));
                row_text(&row, STEP_state, STR("waiting"));
                r = changes_add(out, &row, e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

/* Periods are checked at submission too, so that nobody waits for a decision that cannot be. */
static int check_effects(const struct pack_procedure *p, const struct answer *answers, size_t n, utime_t now, struct err *e)
{
        for (size_t i = 0; i < p->effects_count; i++)
                for (size_t a = 0; a < n; a++) {
                        utime_t until;
                        int r;

                        if (strcmp(answers[a].field->id, p->effects[i].until_field) != 0)
                                continue;
                        if (!moment_parse(&until, answers[a].value))
                                return err_key(e, ERR_INPUT, "form.moment.bad", answers[a].field->id, NULL);
                        r = permit_check_period(now, until, now, p->max_days, answers[a].field->id, e);
                        if (r < 0)
                                return r;
                }
        return ERR_OK;
}

int procedure_submit(struct changes *out, const struct pack *pack, const struct submission *in, const struct actor *who, utime_t now, struct err *e)
{
        const struct pack_procedure *p = pack_find_procedure(pack, in->form->procedure);
        struct row app = row_new(TABLE_APPLICATION, in->id, NULL), counter = in->counter;
        struct buf number = BUF_INIT;
        char *text;
        int r;

        if (!p || !actor_has(who, p->apply_role))
                return err_key(e, ERR_FORBIDDEN, "apply.role", "", NULL);
        r = check_effects(p, in->answers, in->form->fields_count, now, e);
        if (r < 0)
                return r;

        row_int(&counter, COUNTER_value, row_get_int(&counter, COUNTER_value) + 1);
        calendar_number(&number, in->body, in->form->number_code, pack, calendar_fiscal_year(now), (uint64_t)row_get_int(&counter, COUNTER_value));
        text = buf_bad(&number) ? NULL : arena_text(out->arena, number.p);
        buf_done(&number);
        if (!text)
                return err_set(e, ERR_NOMEM, "number");

        out->actor = who->person;
        out->pack = hash_hex(out->arena, &pack->hash);
        out->form = hash_hex(out->arena, &in->form->hash);
        row_text(&app, APPLICATION_number, str_of(text));
        row_text(&app, APPLICATION_form, str_of(in->form->id));
        row_text(&app, APPLICATION_form_hash, out->form);
        row_text(&app, APPLICATION_procedure, str_of(p->id));
        row_text(&app, APPLICATION_state, STR("submitted"));
        row_text(&app, APPLICATION_applicant, str_of(who->person));
        row_personal(&app, APPLICATION_section, who->section);
        row_int(&app, APPLICATION_submitted_at, now);
        row_text(&app, APPLICATION_pack, out->pack);
        r = changes_add(out, &app, e);
        if (r == ERR_OK)
                r = add_answers(out, in, e);
        if (r == ERR_OK)
                r = add_steps(out, p, in->id, e);
        return r < 0 ? r : changes_add(out, &counter, e);
}

/* ---- decide ---- */

static const struct row *step_waiting(const struct case_facts *f)
{
        if (!row_is(&f->application, APPLICATION_state, "submitted"))
                return NULL;
        for (size_t i = 0; i < f->steps_count; i++)
                if (row_is(&f->steps[i], STEP_state, "waiting"))
                        return &f->steps[i];
        return NULL;
}

static bool decides(const struct row *step, const struct actor *who)
{
        char role[ROW_KEY_MAX];

        (void)snprintf(role, sizeof(role), "%.*s", (int)row_get_text(step, STEP_role).n, row_get_text(step, STEP_role).p);
        return actor_has(who, role);
}

/* Order: who you are, then what state it is in, so that a stranger learns nothing from the answer. `step` NULL: none waits. */
static int check_decider(const struct case_facts *f, const struct row *step, const struct actor *who, struct err *e)
{
        bool role = step && decides(step, who);

        for (size_t i = 0; !step && i < f->steps_count; i++)
                role |= decides(&f->steps[i], who);
        if (!role || !str_eq(who->section, row_get_text(&f->application, APPLICATION_section)))
                return err_key(e, ERR_FORBIDDEN, "decide.role", "", NULL);
        if (row_is(&f->application, APPLICATION_applicant, who->person))
                return err_key(e, ERR_FORBIDDEN, "decide.self", "", NULL);
        return step ? ERR_OK : err_key(e, ERR_CONFLICT, "decide.over", "", NULL);
}

static const struct answer *answer_of(const struct case_facts *f, const char *field)
{
        for (size_t i = 0; i < f->answers_count; i++)
                if (strcmp(f->answers[i].field->id, field) == 0 && f->answers[i].value.n)
                        return &f->answers[i];
        return NULL;
}

static int open_permit(struct changes *out, const struct pack *pack, const struct pack_procedure *p, const struct pack_effect *fx,
                       const struct case_facts *f, struct uuid permit_id, struct uuid subject_id, utime_t now, struct err *e)
{
        const struct answer *key = answer_of(f, fx->key_field), *until_answer = answer_of(f, fx->until_field);
        const struct pack_zone *zone = pack_find_zone(pack, fx->zone);
        struct row permit = row_new(TABLE_PERMIT, permit_id, NULL);
        char subject[UUID_TEXT];
        utime_t until;
        int r;

        if (!key || !until_answer || !zone || !moment_parse(&until, until_answer->value))
                return err_key(e, ERR_CONFLICT, "decide.answers.gone", "", NULL);
        r = permit_check_period(now, until, now, p->max_days, fx->until_field, e);
        if (r < 0)
                return r;

        uuid_text(subject, subject_id);
        row_text(&permit, PERMIT_application, str_of(f->application.id));
        row_text(&permit, PERMIT_subject, str_of(arena_text(out->arena, subject)));
        row_int(&permit, PERMIT_kind, 1);
        row_personal(&permit, PERMIT_key, key->value);
        row_int(&permit, PERMIT_zone, zone->number);
        row_text(&permit, PERMIT_zone_id, str_of(zone->id));
        row_int(&permit, PERMIT_from_at, now);
        row_int(&permit, PERMIT_until_at, until);
        row_text(&permit, PERMIT_state, STR("active"));
        return changes_add(out, &permit, e);
}

static bool is_last(const struct case_facts *f, const struct row *step)
{
        for (const struct row *s = step + 1; s < f->steps + f->steps_count; s++)
                if (row_is(s, STEP_state, "waiting"))
                        return false;
        return true;
}

int procedure_decide(struct changes *out, const struct pack *pack, const struct case_facts *f, const struct verdict_in *in, const struct actor *who,
                     utime_t now, struct err *e)
{
        enum decision d = in->decision;
        const struct row *waiting = step_waiting(f);
        const struct pack_procedure *p;
        struct row step, app = f->application;
        bool ends;
        int r = check_decider(f, waiting, who, e);

        if (r < 0)
                return r;
        if (f->application.rev != in->seen_rev)
                return err_key(e, ERR_CONFLICT, "common.rev.moved", "", NULL);
        if (d != DECISION_APPROVE && !in->reason.n)
                return err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL);

        out->actor = who->person;
        step = *waiting;
        out->post = arena_printf(out->arena, "%.*s", (int)row_get_text(waiting, STEP_role).n, row_get_text(waiting, STEP_role).p);
        out->pack = hash_hex(out->arena, &pack->hash);
        out->form = row_get_text(&app, APPLICATION_form_hash);
        row_text(&step, STEP_state, str_of(decisions[d].state));
        row_text(&step, STEP_decider, str_of(who->person));
        row_int(&step, STEP_decided_at, now);
        row_personal(&step, STEP_reason, in->reason);
        r = changes_add(out, &step, e);

        ends = d != DECISION_APPROVE || is_last(f, waiting);
        if (r == ERR_OK && ends) {
                row_text(&app, APPLICATION_state, str_of(decisions[d].state));
                row_int(&app, APPLICATION_ended_at, now);
        }
        p = pack_find_procedure(pack, arena_printf(out->arena, "%.*s", (int)row_get_text(&app, APPLICATION_procedure).n,
                                                   row_get_text(&app, APPLICATION_procedure).p));
        if (r == ERR_OK && !p)
                return err_key(e, ERR_CONFLICT, "decide.procedure.gone", "", NULL);
        for (size_t i = 0; r == ERR_OK && ends && d == DECISION_APPROVE && i < p->effects_count; i++) {
                char id[UUID_TEXT];

                uuid_text(id, in->ids[0]);
                row_text(&app, APPLICATION_permit, str_of(arena_text(out->arena, id)));
                r = open_permit(out, pack, p, &p->effects[i], f, in->ids[0], in->ids[1], now, e);
        }
        return r < 0 ? r : changes_add(out, &app, e);
}

/* ---- send in again, take back ---- */

static const struct row *answer_row(const struct case_facts *f, const char *field)
{
        for (size_t i = 0; i < f->answer_rows_count; i++)
                if (strcmp(f->answer_rows[i].k, field) == 0)
                        return &f->answer_rows[i];
        return NULL;
}

/* Only what differs becomes an after-image: an unchanged text keeps its commitment. */
static int mend_answers(struct changes *out, const struct case_facts *f, const struct pack_form *form, const struct answer *answers, struct uuid id,
                        struct err *e)
{
        for (size_t i = 0; i < form->fields_count; i++) {
                const struct row *old = answer_row(f, answers[i].field->id);
                struct row row = old ? *old : row_new(TABLE_ANSWER, id, answers[i].field->id);
                int r;

                if (str_eq(row_get_text(&row, ANSWER_value), answers[i].value) && row.v[ANSWER_value].kind != VALUE_ERASED)
                        continue;
                if (!answers[i].value.n)
                        row.v[ANSWER_value] = (struct value){ .kind = VALUE_NULL };
                else
                        put_answer(&row, &answers[i]);
                r = changes_add(out, &row, e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

static int reopen_steps(struct changes *out, const struct case_facts *f, struct err *e)
{
        for (size_t i = 0; i < f->steps_count; i++) {
                struct row step = f->steps[i];
                int r;

                if (row_is(&step, STEP_state, "waiting"))
                        continue;
                row_text(&step, STEP_state, STR("waiting")); /* what was decided before stays in the journal */
                step.v[STEP_decider] = step.v[STEP_decided_at] = step.v[STEP_reason] = (struct value){ .kind = VALUE_NULL };
                r = changes_add(out, &step, e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

int procedure_resubmit(struct changes *out, const struct pack *pack, const struct case_facts *f, const struct pack_form *form,
                       const struct answer *answers, int64_t seen_rev, struct str reason, const struct actor *who, utime_t now, struct err *e)
{
        const struct pack_procedure *p = pack_find_procedure(pack, form->procedure);
        struct row app = f->application;
        struct uuid id;
        int r;

        if (!row_is(&app, APPLICATION_applicant, who->person))
                return err_key(e, ERR_FORBIDDEN, "resubmit.role", "", NULL);
        if (app.rev != seen_rev)
                return err_key(e, ERR_CONFLICT, "common.rev.moved", "", NULL);
        if (!row_is(&app, APPLICATION_state, "returned"))
                return err_key(e, ERR_CONFLICT, "resubmit.over", "", NULL);
        if (!p || !row_is(&app, APPLICATION_form, form->id) || !uuid_parse(str_of(app.id), &id))
                return err_key(e, ERR_CONFLICT, "decide.procedure.gone", "", NULL);
        if (!actor_has(who, p->apply_role))
                return err_key(e, ERR_FORBIDDEN, "apply.role", "", NULL);
        r = check_effects(p, answers, form->fields_count, now, e);
        if (r < 0)
                return r;

        out->actor = who->person;
        out->pack = hash_hex(out->arena, &pack->hash);
        out->form = hash_hex(out->arena, &form->hash);
        r = mend_answers(out, f, form, answers, id, e);
        if (r == ERR_OK)
                r = reopen_steps(out, f, e);
        row_text(&app, APPLICATION_state, STR("submitted"));
        row_text(&app, APPLICATION_form_hash, out->form);
        row_int(&app, APPLICATION_submitted_at, now);
        app.v[APPLICATION_ended_at] = (struct value){ .kind = VALUE_NULL };
        return r < 0 ? r : changes_add(out, &app, e);
}

int procedure_withdraw(struct changes *out, const struct case_facts *f, struct str reason, int64_t seen_rev, const struct actor *who,
                       utime_t now, struct err *e)
{
        struct row app = f->application;

        if (!row_is(&app, APPLICATION_applicant, who->person))
                return err_key(e, ERR_FORBIDDEN, "withdraw.role", "", NULL);
        if (app.rev != seen_rev)
                return err_key(e, ERR_CONFLICT, "common.rev.moved", "", NULL);
        if (!row_is(&app, APPLICATION_state, "submitted") && !row_is(&app, APPLICATION_state, "returned"))
                return err_key(e, ERR_CONFLICT, "withdraw.over", "", NULL);
        if (!reason.n)
                return err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL);

        out->actor = who->person;
        row_text(&app, APPLICATION_state, STR("withdrawn"));
        row_int(&app, APPLICATION_ended_at, now);
        row_personal(&app, APPLICATION_reason, reason);
        return changes_add(out, &app, e);
}

unsigned procedure_may(const struct pack *pack, const struct case_facts *f, const struct actor *who, utime_t now)
{
        const struct pack_procedure *p = NULL;
        bool own = row_is(&f->application, APPLICATION_applicant, who->person);
        bool same_section = str_eq(who->section, row_get_text(&f->application, APPLICATION_section));
        const char *role = f->steps_count ? NULL : "";
        unsigned may = own || actor_has(who, "system_manager") ? MAY_SEE : 0;

        for (size_t i = 0; i < pack->procedures_count; i++)
                if (row_is(&f->application, APPLICATION_procedure, pack->procedures[i].id))
                        p = &pack->procedures[i];
        if (!p)
                return may;
        for (size_t i = 0; i < p->steps_count; i++) {
                role = p->steps[i].role; /* the last step's role answers for the permit */
                if (same_section && actor_has(who, role))
                        may |= MAY_SEE;
        }
        if (check_decider(f, step_waiting(f), who, NULL) == ERR_OK)
                may |= MAY_DECIDE;
        if (own && (row_is(&f->application, APPLICATION_state, "submitted") || row_is(&f->application, APPLICATION_state, "returned")))
                may |= MAY_WITHDRAW;
        if (own && row_is(&f->application, APPLICATION_state, "returned") && actor_has(who, p->apply_role))
                may |= MAY_RESUBMIT;
        if (f->permit.rev && role && permit_may_change(&f->permit, &f->application, role, who, NULL) == ERR_OK)
                may |= MAY_REVOKE | MAY_CHANGE_UNTIL;
        return may;
}
