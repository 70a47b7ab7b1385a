/* submit.c - what the applying side does: submit, send in again, correct, withdraw. See procedure.h. */
#include "core/procedure/inside.h"

#include "core/calendar/calendar.h"
#include "core/form/rating.h"

static const char *const step_kinds[] = {
#define X(id, name) name,
        STEP_KINDS(X)
#undef X
};

/* ---- what an application is about ---- */

static const char *effect_service(const struct pack_procedure *p)
{
        for (size_t i = 0; i < p->effects_count; i++)
                if (p->effects[i].service_field)
                        return p->effects[i].service_field;
        return NULL;
}

static const char *effect_target(const struct pack_procedure *p)
{
        for (size_t i = 0; i < p->effects_count; i++)
                if (p->effects[i].application_field)
                        return p->effects[i].application_field;
        return NULL;
}

static const struct pack_field *subject_field(const struct pack_form *form, const char *named, enum field_type type)
{
        const struct pack_field *field = named ? form_find_field(form, named) : NULL;

        for (size_t i = 0; !field && i < form->fields_count; i++)
                if (form->fields[i].type == type)
                        field = &form->fields[i];
        return field;
}

const struct pack_field *procedure_service_field(const struct pack_procedure *p, const struct pack_form *form)
{
        return subject_field(form, effect_service(p), FIELD_SERVICE);
}

const struct pack_field *procedure_target_field(const struct pack_procedure *p, const struct pack_form *form)
{
        return subject_field(form, effect_target(p), FIELD_APPLICATION);
}

/* The row that the case is about is the one that the answer names, or there is neither. */
static int check_subject(const struct pack_field *field, const struct answer *answers, size_t n, const struct row *row, struct err *e)
{
        struct str value = STR("");

        for (size_t i = 0; field && i < n; i++)
                if (strcmp(answers[i].field->id, field->id) == 0)
                        value = answers[i].value;
        if (value.n ? row->rev && str_is(value, row->id) : !row->rev)
                return ERR_OK;
        return err_key(e, ERR_CONFLICT, "apply.subject", field ? field->id : "", NULL);
}

static int check_subjects(const struct pack_procedure *p, const struct pack_form *form, const struct answer *answers, const struct row *service,
                          const struct row *target, struct err *e)
{
        int r = check_subject(procedure_service_field(p, form), answers, form->fields_count, service, e);

        return r < 0 ? r : check_subject(procedure_target_field(p, form), answers, form->fields_count, target, e);
}

/* ---- who ---- */

/* The manager, or the deputy named with them: a service whose manager has left must not be stuck. */
static bool has_service(const struct actor *who, const struct row *service)
{
        return service->rev && who->person && (row_is(service, SERVICE_manager, who->person) || row_is(service, SERVICE_deputy, who->person));
}

static int check_applicant(const struct pack_procedure *p, const struct actor *applicant, const struct row *service, struct err *e)
{
        bool ok = p->apply_scope == SCOPE_SERVICE ? has_service(applicant, service) : actor_has(applicant, p->apply_role);

        return ok ? ERR_OK : err_key(e, ERR_FORBIDDEN, "apply.role", "", NULL);
}

static bool is_drafted(const struct actor *applicant, const struct actor *who)
{
        return applicant->person && strcmp(applicant->person, who->person) != 0;
}

static int check_drafter(const struct pack_procedure *p, const struct actor *who, struct err *e)
{
        return p->draft_role && actor_has(who, p->draft_role) ? ERR_OK : err_key(e, ERR_FORBIDDEN, "apply.draft.role", "", NULL);
}

/* ---- ratings ---- */

static size_t level_index(const struct pack_axis *axis, struct str level)
{
        for (size_t i = 0; i < axis->levels_count; i++)
                if (str_is(level, axis->levels[i].id))
                        return i;
        return 0;
}

/* A level that somebody raised by hand stands until the answers alone reach it; one that was lowered falls with the answers. */
static void rate(struct row *row, const struct rating *x)
{
        size_t derived = (size_t)(x->level - x->axis->levels), level = level_index(x->axis, row_get_text(row, RATING_level));

        row_text(row, RATING_derived, str_of(x->level->id));
        if (x->because)
                row_text(row, RATING_rule, str_of(x->because->id));
        else
                row_null(row, RATING_rule);
        if (row->v[RATING_person].kind == VALUE_TEXT && level > derived)
                return;
        row_text(row, RATING_level, str_of(x->level->id));
        row_null(row, RATING_person);
        row_null(row, RATING_reason);
}

/* `f` holds the new answers; `rows` gets one rating an axis. */
static int rate_all(struct row *rows, struct changes *out, const struct pack *pack, const struct pack_procedure *p, const struct case_facts *f, utime_t now,
                    struct err *e)
{
        struct rating *derived = arena_array(out->arena, pack->axes_count + 1, sizeof(*derived));
        struct facts_env *ctx = arena_new(out->arena, struct facts_env);
        struct expr_env env;
        struct uuid id = { { 0 } };

        if (!derived || !ctx)
                return err_set(e, ERR_NOMEM, "ratings");
        (void)uuid_parse(str_of(f->application.id), &id);
        facts_env_init(ctx, &env, pack, p, f, now);
        rating_derive(derived, pack, &env);
        for (size_t i = 0; i < pack->axes_count; i++) {
                const struct row *old = facts_row(f->ratings, pack->axes[i].id);
                int r;

                rows[i] = old ? *old : row_new(TABLE_RATING, id, pack->axes[i].id);
                rate(&rows[i], &derived[i]);
                r = changes_add(out, &rows[i], e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

/* ---- rules that hold from the start ---- */

static int check_rules(const struct pack *pack, const struct case_facts *f, struct arena *a, utime_t now, struct err *e)
{
        struct flow *w = arena_new(a, struct flow);
        struct open_list *open = arena_new(a, struct open_list);
        int r = w && open ? flow_init(w, pack, f, now, e) : err_set(e, ERR_NOMEM, "rules");

        if (r < 0)
                return r;
        flow_open(open, w, NULL);
        for (size_t i = 0; i < open->n; i++)
                if (!open->items[i].exception)
                        return err_key(e, ERR_RULE, "apply.rule", "", open->items[i].id, NULL);
        return ERR_OK;
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
                answer_put(&row, answer);
                r = changes_add(out, &row, e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

static int add_steps(struct changes *out, struct case_facts *f, const struct pack_procedure *p, struct uuid id, struct err *e)
{
        for (size_t i = 0; i < p->steps_count; i++) {
                struct row row = row_new(TABLE_STEP, id, p->steps[i].id);
                int r;

                row_text(&row, STEP_kind, str_of(step_kinds[p->steps[i].kind]));
                if (p->steps[i].role)
                        row_text(&row, STEP_role, str_of(p->steps[i].role));
                row_text(&row, STEP_state, STR("waiting"));
                f->steps[f->steps_count++] = row;
                r = changes_add(out, &row, e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

static char *number_next(struct arena *a, const struct pack *pack, const struct submission *in, struct row *counter, utime_t now)
{
        struct buf number = BUF_INIT;
        char *text;

        *counter = in->counter;
        row_int(counter, COUNTER_value, row_get_int(counter, COUNTER_value) + 1);
        calendar_number(&number, in->body, in->form->number_code, pack, calendar_fiscal_year(now), (uint64_t)row_get_int(counter, COUNTER_value));
        text = buf_bad(&number) ? NULL : arena_text(a, number.p);
        buf_done(&number);
        return text;
}

/* The case as it will be stored, for whatever looks at facts. */
static struct case_facts *facts_of(struct changes *out, const struct pack *pack, const struct pack_procedure *p, const struct submission *in,
                                   const struct actor *applicant, const struct actor *who, const char *number, utime_t now)
{
        struct case_facts *f = arena_new(out->arena, struct case_facts);
        struct row *app;

        if (!f)
                return NULL;
        f->application = row_new(TABLE_APPLICATION, in->id, NULL);
        app = &f->application;
        out->actor = who->person;
        out->pack = hash_hex(out->arena, &pack->hash);
        out->form = hash_hex(out->arena, &in->form->hash);
        row_text(app, APPLICATION_number, str_of(number));
        row_text(app, APPLICATION_form, str_of(in->form->id));
        row_text(app, APPLICATION_form_hash, out->form);
        row_text(app, APPLICATION_procedure, str_of(p->id));
        row_text(app, APPLICATION_state, STR("submitted"));
        row_text(app, APPLICATION_applicant, str_of(applicant->person));
        row_personal(app, APPLICATION_section, applicant->section);
        row_int(app, APPLICATION_submitted_at, now);
        row_text(app, APPLICATION_pack, out->pack);
        if (is_drafted(applicant, who))
                row_text(app, APPLICATION_drafter, str_of(who->person));
        if (in->service.rev)
                row_text(app, APPLICATION_service, str_of(in->service.id));
        if (in->target.rev)
                row_text(app, APPLICATION_target, str_of(in->target.id));
        f->answers = in->answers;
        f->answers_count = in->form->fields_count;
        f->service = in->service;
        f->target = in->target;
        f->service_ratings = in->service_ratings;
        f->subcontractors = in->subcontractors;
        f->applicant = *applicant;
        if (is_drafted(applicant, who))
                f->drafter = *who;
        return f;
}

int procedure_submit(struct changes *out, const struct pack *pack, const struct submission *in, const struct actor *who, utime_t now, struct err *e)
{
        const struct pack_procedure *p = in->form->procedure ? pack_find_procedure(pack, in->form->procedure) : NULL;
        const struct actor *applicant = in->applicant.person ? &in->applicant : who;
        struct row *ratings = arena_array(out->arena, pack->axes_count + 1, sizeof(*ratings));
        struct case_facts *f;
        struct row counter;
        char *number;
        int r = p ? check_applicant(p, applicant, &in->service, e) : err_key(e, ERR_FORBIDDEN, "apply.role", "", NULL);

        if (r == ERR_OK && is_drafted(applicant, who))
                r = check_drafter(p, who, e);
        if (r == ERR_OK)
                r = check_subjects(p, in->form, in->answers, &in->service, &in->target, e);
        if (r == ERR_OK)
                r = effects_check(p, in->answers, in->form->fields_count, now, e);
        if (r < 0)
                return r;
        number = number_next(out->arena, pack, in, &counter, now);
        f = number ? facts_of(out, pack, p, in, applicant, who, number, now) : NULL;
        if (!f || !ratings)
                return err_set(e, ERR_NOMEM, "application");

        r = changes_add(out, &f->application, e);
        if (r == ERR_OK)
                r = add_answers(out, in, e);
        if (r == ERR_OK)
                r = add_steps(out, f, p, in->id, e);
        if (r == ERR_OK && in->form->classified) {
                r = rate_all(ratings, out, pack, p, f, now, e);
                f->ratings = (struct row_list){ ratings, pack->axes_count };
        }
        if (r == ERR_OK)
                r = check_rules(pack, f, out->arena, now, e);
        return r < 0 ? r : changes_add(out, &counter, e);
}

/* ---- send in again, correct ---- */

/* Whoever filed it, or drafted it in the applicant's name. */
int applying_side(const struct case_facts *f, const struct pack_procedure *p, const struct actor *who, struct err *e)
{
        bool own = row_is(&f->application, APPLICATION_applicant, who->person), drafted = row_is(&f->application, APPLICATION_drafter, who->person);

        if (!own && !drafted)
                return err_key(e, ERR_FORBIDDEN, "resubmit.role", "", NULL);
        if (!own)
                return check_drafter(p, who, e);
        return check_applicant(p, who, &f->service, e);
}

/* Every sheet's answers stay; the form's are the new ones. */
static const struct answer *answers_with(struct arena *a, const struct case_facts *f, const struct pack_form *form, const struct answer *answers, size_t *n)
{
        struct answer *all = arena_array(a, form->fields_count + f->answers_count + 1, sizeof(*all));

        *n = 0;
        for (size_t i = 0; all && i < form->fields_count; i++)
                all[(*n)++] = answers[i];
        for (size_t i = 0; all && i < f->answers_count; i++)
                if (!form_find_field(form, f->answers[i].field->id))
                        all[(*n)++] = f->answers[i];
        return all;
}

static int mend(struct changes *out, const struct pack *pack, const struct pack_procedure *p, const struct case_facts *f, const struct pack_form *form,
                const struct answer *answers, utime_t now, struct err *e)
{
        struct case_facts *after = arena_new(out->arena, struct case_facts);
        struct row *ratings = arena_array(out->arena, pack->axes_count + 1, sizeof(*ratings));
        size_t changed = 0;
        int r;

        if (!after || !ratings)
                return err_set(e, ERR_NOMEM, "answers");
        *after = *f;
        after->answers = answers_with(out->arena, f, form, answers, &after->answers_count);
        if (!after->answers)
                return err_set(e, ERR_NOMEM, "answers");
        r = answers_mend(out, f, form, answers, &changed, e);
        if (r == ERR_OK)
                r = steps_reopen(out, f, UINT32_MAX, e);
        if (r == ERR_OK && form->classified) {
                r = rate_all(ratings, out, pack, p, after, now, e);
                after->ratings = (struct row_list){ ratings, pack->axes_count };
        }
        return r < 0 ? r : check_rules(pack, after, out->arena, now, e);
}

int procedure_resubmit(struct changes *out, const struct pack *pack, const struct case_facts *f, const struct pack_form *form,
                       const struct answer *answers, int64_t seen_rev, struct str reason, const struct actor *who, utime_t now, struct err *e)
{
        const struct pack_procedure *p = form->procedure ? pack_find_procedure(pack, form->procedure) : NULL;
        struct row app = f->application;
        int r;

        if (!row_is(&app, APPLICATION_applicant, who->person) && !row_is(&app, APPLICATION_drafter, who->person))
                return err_key(e, ERR_FORBIDDEN, "resubmit.role", "", NULL);
        r = application_seen(f, seen_rev, e);
        if (r < 0)
                return r;
        if (!row_is(&app, APPLICATION_state, reason.n ? "submitted" : "returned"))
                return err_key(e, ERR_CONFLICT, reason.n ? "correct.over" : "resubmit.over", "", NULL);
        if (!p || !row_is(&app, APPLICATION_form, form->id) || !row_is(&app, APPLICATION_procedure, p->id))
                return err_key(e, ERR_CONFLICT, "decide.procedure.gone", "", NULL);
        r = applying_side(f, p, who, e);
        if (r == ERR_OK)
                r = check_subjects(p, form, answers, &f->service, &f->target, e);
        if (r == ERR_OK)
                r = effects_check(p, answers, form->fields_count, now, e);
        if (r < 0)
                return r;

        entry_begin(out, pack, &app, who, NULL);
        out->form = hash_hex(out->arena, &form->hash);
        row_text(&app, APPLICATION_state, STR("submitted"));
        row_text(&app, APPLICATION_form_hash, out->form);
        row_int(&app, APPLICATION_submitted_at, now);
        row_null(&app, APPLICATION_ended_at);
        row_personal(&app, APPLICATION_reason, reason);
        r = mend(out, pack, p, f, form, answers, now, e);
        return r < 0 ? r : changes_add(out, &app, e);
}

int procedure_withdraw(struct changes *out, const struct case_facts *f, struct str reason, int64_t seen_rev, const struct actor *who,
                       utime_t now, struct err *e)
{
        struct row app = f->application;
        int r;

        if (!row_is(&app, APPLICATION_applicant, who->person))
                return err_key(e, ERR_FORBIDDEN, "withdraw.role", "", NULL);
        r = application_seen(f, seen_rev, e);
        if (r < 0)
                return r;
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
