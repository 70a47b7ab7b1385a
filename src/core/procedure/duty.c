/* duty.c - duties, exceptions and deputies in time; see procedure.h. */
#include "core/procedure/duties.h"
#include "core/procedure/inside.h"

/* ---- duties ---- */

static bool in_charge(const struct row *service, const struct actor *who)
{
        return service->rev && (row_is(service, SERVICE_manager, who->person) || row_is(service, SERVICE_deputy, who->person));
}

static bool has_role(const struct row *duty, const struct actor *who)
{
        struct str role = row_get_text(duty, DUTY_role), section = row_get_text(duty, DUTY_section);

        if (section.n && !str_eq(section, who->section))
                return false;
        for (size_t i = 0; i < who->roles_count; i++)
                if (str_is(role, who->roles[i]))
                        return true;
        return false;
}

/* A condition is met by whom it binds. Who set it does not take their place. */
static bool set_it(const struct row *step, const struct actor *who)
{
        static const int cols[] = { STEP_decider, STEP_principal, STEP_entered_by, STEP_entered_for };

        for (size_t i = 0; step->rev && i < countof(cols); i++)
                if (row_is(step, cols[i], who->person))
                        return true;
        return false;
}

/* A duty that names a person is that person's, or of whoever manages the service by now; when they have left, of the role. */
bool duty_is_of(const struct duty_facts *f, const struct actor *who)
{
        bool named = row_get_text(&f->duty, DUTY_person).n, condition = row_is(&f->duty, DUTY_kind, "condition");

        if (named && row_is(&f->duty, DUTY_person, who->person))
                return true;
        if (condition && (!named || set_it(&f->step, who)))
                return false;
        if (named && in_charge(&f->service, who))
                return true;
        return (!named || (f->person.rev && !row_is(&f->person, PERSON_state, "active"))) && has_role(&f->duty, who);
}

int duty_close(struct changes *out, const struct duty_facts *f, struct str evidence, int64_t seen_rev, const struct actor *who, utime_t now, struct err *e)
{
        const struct row *duty = &f->duty;
        struct row after = *duty;

        if (!duty_is_of(f, who))
                return err_key(e, ERR_FORBIDDEN, "duty.role", "", NULL);
        if (duty->rev != seen_rev)
                return err_key(e, ERR_CONFLICT, "common.rev.moved", "", NULL);
        if (!row_is(duty, DUTY_state, "open"))
                return err_key(e, ERR_CONFLICT, "duty.over", "", NULL);
        if (row_is(duty, DUTY_kind, "clock"))
                return err_key(e, ERR_RULE, "duty.clock", "", NULL);
        if (duty_refuse_words(duty, e) < 0)
                return ERR_RULE;
        if (!evidence.n)
                return err_key(e, ERR_INPUT, "duty.evidence", "evidence", NULL);

        out->actor = who->person;
        row_text(&after, DUTY_state, STR("closed"));
        row_personal(&after, DUTY_evidence, evidence);
        row_text(&after, DUTY_closed_by, str_of(who->person));
        row_int(&after, DUTY_closed_at, now);
        return changes_add(out, &after, e);
}

/* ---- exceptions ---- */

bool exception_tick(struct row *after, const struct row *exception, utime_t now)
{
        *after = *exception;
        if (!row_is(exception, EXCEPTION_state, "active") || now < row_get_int(exception, EXCEPTION_until_at))
                return false;
        row_text(after, EXCEPTION_state, STR("expired"));
        return true;
}

/* The step whose approval stood on it: the last that approves. */
static const struct row *approval(const struct case_facts *f)
{
        const struct row *last = NULL;

        for (size_t i = 0; i < f->steps_count; i++)
                if (row_is(&f->steps[i], STEP_kind, "approve") && row_is(&f->steps[i], STEP_state, "approved"))
                        last = &f->steps[i];
        return last;
}

static bool is_section_step(const struct pack *pack, const struct case_facts *f, const struct row *step)
{
        for (size_t i = 0; i < pack->procedures_count; i++) {
                const struct pack_step *s = procedure_find_step(&pack->procedures[i], step->k);

                if (row_is(&f->application, APPLICATION_procedure, pack->procedures[i].id) && s)
                        return s->scope == SCOPE_SECTION;
        }
        return false;
}

static bool is_in_use(const struct case_facts *f)
{
        return row_is(&f->application, APPLICATION_state, "approved") && !(f->service.rev && row_is(&f->service, SERVICE_state, "closed"));
}

static int exception_duty(struct changes *out, const struct pack *pack, const struct case_facts *f, const struct row *x, struct fresh *ids, utime_t now, struct err *e)
{
        const struct row *step = approval(f);
        struct row duty;
        int r;

        if (!step || !is_in_use(f))
                return ERR_OK;
        r = fresh_row(&duty, ids, TABLE_DUTY, e);
        if (r < 0)
                return r;
        row_text(&duty, DUTY_kind, STR("exception"));
        row_text(&duty, DUTY_role, row_get_text(step, STEP_role));
        if (is_section_step(pack, f, step))
                row_copy_text(&duty, DUTY_section, &f->application, APPLICATION_section);
        row_text(&duty, DUTY_application, str_of(f->application.id));
        if (f->service.rev)
                row_text(&duty, DUTY_service, str_of(f->service.id));
        row_text(&duty, DUTY_what, str_of(x->k));
        row_int(&duty, DUTY_due_at, row_get_int(x, EXCEPTION_until_at));
        row_int(&duty, DUTY_reminded_at, now);
        row_text(&duty, DUTY_state, STR("open"));
        return changes_add(out, &duty, e);
}

int exceptions_tick(struct changes *out, const struct pack *pack, const struct case_facts *f, struct fresh *ids, utime_t now, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < f->exceptions.n && ids->used < ids->n; i++) { /* the rest: next time */
                struct row after;

                if (!exception_tick(&after, &f->exceptions.rows[i], now))
                        continue;
                r = changes_add(out, &after, e);
                if (r == ERR_OK)
                        r = exception_duty(out, pack, f, &f->exceptions.rows[i], ids, now, e); /* it borrows the id: not from a row that is gone */
        }
        return r;
}

/* ---- deputies ---- */

/* Names people for others, and decides nothing: never itself. */
static const char secretariat[] = "secretariat";

bool deputy_holds(const struct row *deputy, utime_t now)
{
        return row_is(deputy, DEPUTY_state, "active") && row_get_int(deputy, DEPUTY_from_at) <= now && now < row_get_int(deputy, DEPUTY_until_at);
}

static int check_namer(const char *principal, const char *deputy, const struct actor *who, struct err *e)
{
        bool own = strcmp(principal, who->person) == 0;

        if (!own && !actor_has(who, secretariat))
                return err_key(e, ERR_FORBIDDEN, "deputy.role", "", NULL);
        if (strcmp(principal, deputy) == 0 || (!own && strcmp(deputy, who->person) == 0))
                return err_key(e, ERR_FORBIDDEN, "deputy.self", "deputy", NULL);
        return ERR_OK;
}

int deputy_name(struct changes *out, const struct actor *principal, const struct row *deputy, const char *role, utime_t from, utime_t until,
                const struct row *old, const struct actor *who, utime_t now, struct err *e)
{
        struct uuid id = { { 0 } };
        struct row row;
        int r = check_namer(principal->person, deputy->id, who, e);

        if (r < 0)
                return r;
        if (!deputy->rev || !row_is(deputy, PERSON_state, "active"))
                return err_key(e, ERR_INPUT, "deputy.person", "deputy", NULL);
        if (role && !actor_has(principal, role))
                return err_key(e, ERR_RULE, "deputy.not-held", "role", NULL);
        if (from >= until || until <= now)
                return err_key(e, ERR_RULE, "deputy.period", "until", NULL);

        out->actor = who->person;
        (void)uuid_parse(str_of(principal->person), &id);
        row = old->rev ? *old : row_new(TABLE_DEPUTY, id, deputy->id);
        if (role)
                row_text(&row, DEPUTY_role, str_of(role));
        else
                row_null(&row, DEPUTY_role);
        row_int(&row, DEPUTY_from_at, from);
        row_int(&row, DEPUTY_until_at, until);
        row_text(&row, DEPUTY_named_by, str_of(who->person));
        row_text(&row, DEPUTY_state, STR("active"));
        row_null(&row, DEPUTY_reason);
        return changes_add(out, &row, e);
}

int deputy_end(struct changes *out, const struct row *deputy, struct str reason, int64_t seen_rev, const struct actor *who, struct err *e)
{
        struct row row = *deputy;

        if (strcmp(deputy->id, who->person) != 0 && strcmp(deputy->k, who->person) != 0 && !actor_has(who, secretariat))
                return err_key(e, ERR_FORBIDDEN, "deputy.role", "", NULL);
        if (deputy->rev != seen_rev)
                return err_key(e, ERR_CONFLICT, "common.rev.moved", "", NULL);
        if (!row_is(deputy, DEPUTY_state, "active"))
                return err_key(e, ERR_CONFLICT, "deputy.over", "", NULL);
        if (!reason.n)
                return err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL);

        out->actor = who->person;
        row_text(&row, DEPUTY_state, STR("ended"));
        row_personal(&row, DEPUTY_reason, reason);
        return changes_add(out, &row, e);
}
