/* effects.c - what an approval makes true in the registers; see docs/formats/pack.md, effect. */
#include "core/procedure/effect.h"

/* ---- answers ---- */

static struct str answer_of(const struct answer *answers, size_t n, const char *field)
{
        for (size_t i = 0; field && i < n; i++)
                if (strcmp(answers[i].field->id, field) == 0)
                        return answers[i].value;
        return STR("");
}

struct str effect_answer(const struct doing *d, const char *field)
{
        return answer_of(d->w->facts->answers, d->w->facts->answers_count, field);
}

int effect_gone(struct err *e)
{
        return err_key(e, ERR_CONFLICT, "decide.answers.gone", "", NULL);
}

/* An inclusive day, or a moment, as the exclusive end. */
static bool end_of(utime_t *out, struct str s)
{
        return moment_parse(out, s);
}

/* Periods are checked at submission too, so that nobody waits for a decision that cannot be. */
int effects_check(const struct pack_procedure *p, const struct answer *answers, size_t n, utime_t now, struct err *e)
{
        for (size_t i = 0; i < p->effects_count; i++) {
                const struct pack_effect *fx = &p->effects[i];
                struct str s = answer_of(answers, n, fx->until_field);
                utime_t until;
                int r;

                if (!s.n)
                        continue;
                if (!end_of(&until, s))
                        return err_key(e, ERR_INPUT, "form.moment.bad", fx->until_field, NULL);
                r = permit_check_period(now, until, now, fx->kind == EFFECT_OPEN_PERMIT ? p->max_days : 0, fx->until_field, e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

/* ---- days ---- */

utime_t effect_day_end(struct date d)
{
        return utime_from_jst(d) + UTIME_DAY;
}

int effect_due(utime_t *out, const struct period *p, utime_t from, const struct pack *pack, struct err *e)
{
        struct period_day day;

        if (!period_day(&day, p, utime_date_jst(from), &pack->holidays))
                return err_key(e, ERR_RULE, "effect.period", "", NULL);
        *out = effect_day_end(day.date);
        return ERR_OK;
}

int effect_until(struct row *row, int col, const struct doing *d, struct err *e)
{
        struct str s = effect_answer(d, d->fx->until_field);
        utime_t until;
        int r = ERR_OK;

        if (s.n && !end_of(&until, s))
                return effect_gone(e);
        if (s.n && until <= d->w->now)
                return err_key(e, ERR_RULE, "permit.period.past", d->fx->until_field, NULL);
        if (!s.n && !d->fx->until.source)
                return ERR_OK; /* until it is ended */
        if (!s.n)
                r = effect_due(&until, &d->fx->until.period, d->w->now, d->w->pack, e);
        if (r == ERR_OK)
                row_int(row, col, until);
        return r;
}

/* ---- kinds ---- */

struct str effect_id(const struct doing *d, const char *id)
{
        return str_of(arena_text(d->out->arena, id));
}

struct row *effect_made(const struct doing *d, enum table t, const char *id)
{
        for (size_t i = 0; i < d->out->rows_count; i++)
                if (d->out->rows[i].table == t && strcmp(d->out->rows[i].id, id) == 0)
                        return &d->out->rows[i];
        return NULL;
}

int effect_put(struct doing *d, const struct row *row, struct err *e)
{
        struct row *made = effect_made(d, row->table, row->id);
        int64_t rev = made ? made->rev : 0;

        if (!made)
                return changes_add(d->out, row, e);
        *made = *row;
        made->rev = rev;
        return ERR_OK;
}

static int open_permit(struct doing *d, struct err *e)
{
        const struct pack_zone *zone = pack_find_zone(d->w->pack, d->fx->zone);
        struct str key = effect_answer(d, d->fx->key_field), end = effect_answer(d, d->fx->until_field);
        struct row permit, subject;
        utime_t until;
        int r;

        if (!key.n || !end.n || !zone || !end_of(&until, end))
                return effect_gone(e);
        r = permit_check_period(d->w->now, until, d->w->now, d->w->procedure->max_days, d->fx->until_field, e);
        if (r == ERR_OK)
                r = fresh_row(&permit, d->ids, TABLE_PERMIT, e);
        if (r == ERR_OK)
                r = fresh_row(&subject, d->ids, TABLE_PERMIT, e); /* only its id: devices have no register yet */
        if (r < 0)
                return r;
        row_text(&permit, PERMIT_application, str_of(d->app->id));
        row_text(&permit, PERMIT_subject, effect_id(d, subject.id));
        row_int(&permit, PERMIT_kind, 1);
        row_personal(&permit, PERMIT_key, key);
        row_int(&permit, PERMIT_zone, zone->number);
        row_text(&permit, PERMIT_zone_id, str_of(zone->id));
        row_int(&permit, PERMIT_from_at, d->w->now);
        row_int(&permit, PERMIT_until_at, until);
        row_text(&permit, PERMIT_state, STR("active"));
        row_text(d->app, APPLICATION_permit, effect_id(d, permit.id));
        return changes_add(d->out, &permit, e);
}

static int grant_one(struct doing *d, struct str item, utime_t until, struct err *e)
{
        const struct row *target = &d->w->facts->target, *old;
        struct uuid id = { { 0 } };
        char k[ROW_KEY_MAX];
        struct row x;

        if (item.n >= sizeof(k))
                return effect_gone(e);
        (void)snprintf(k, sizeof(k), "%.*s", (int)item.n, item.p);
        (void)uuid_parse(str_of(target->id), &id);
        old = facts_row(d->w->facts->target_exceptions, k);
        x = old ? *old : row_new(TABLE_EXCEPTION, id, k);
        row_text(&x, EXCEPTION_application, str_of(d->app->id));
        row_int(&x, EXCEPTION_from_at, d->w->now);
        row_int(&x, EXCEPTION_until_at, until);
        row_text(&x, EXCEPTION_state, STR("active"));
        return changes_add(d->out, &x, e);
}

static int grant_exception(struct doing *d, struct err *e)
{
        const struct row *target = &d->w->facts->target;
        struct str rest = effect_answer(d, d->fx->items_field), item, end = effect_answer(d, d->fx->until_field);
        utime_t until;
        int r = ERR_OK;

        if (!target->rev || !str_is(effect_answer(d, d->fx->application_field), target->id) || !rest.n || !end_of(&until, end))
                return effect_gone(e);
        if (until <= d->w->now)
                return err_key(e, ERR_RULE, "permit.period.past", d->fx->until_field, NULL);
        if (row_is(target, APPLICATION_state, "rejected") || row_is(target, APPLICATION_state, "withdrawn"))
                return err_key(e, ERR_CONFLICT, "effect.target.over", "", NULL);
        for (bool more = true; r == ERR_OK && more;) {
                more = str_cut(rest, ' ', &item, &rest);
                if (!more)
                        item = rest;
                r = grant_one(d, item, until, e);
        }
        return r;
}

/* ---- duties ---- */

/* A role that the register of services fills, by its name in the glossary or by the pack's scopes: whoever manages the service has
 * the duty. */
static bool is_managers_role(const struct pack *pack, const char *role)
{
        if (strcmp(role, "service_manager") == 0)
                return true;
        for (size_t i = 0; i < pack->procedures_count; i++) {
                const struct pack_procedure *p = &pack->procedures[i];

                if (p->apply_scope == SCOPE_SERVICE && strcmp(p->apply_role, role) == 0)
                        return true;
                for (size_t k = 0; k < p->steps_count; k++)
                        if (p->steps[k].scope == SCOPE_SERVICE && p->steps[k].role && strcmp(p->steps[k].role, role) == 0)
                                return true;
        }
        return false;
}

/* Whose role is the applicant's section's: by a step, or by having filed it. When a person named has left, it is they. */
static bool is_section_role(const struct pack_procedure *p, const char *role)
{
        if (p->apply_scope != SCOPE_SERVICE && strcmp(p->apply_role, role) == 0)
                return true;
        for (size_t i = 0; i < p->steps_count; i++)
                if (p->steps[i].scope == SCOPE_SECTION && p->steps[i].role && strcmp(p->steps[i].role, role) == 0)
                        return true;
        return false;
}

/* The service's manager by now: the one just appointed, or the register's. */
static struct str manager_now(const struct changes *out, const struct flow *w)
{
        for (size_t i = 0; i < out->rows_count; i++)
                if (out->rows[i].table == TABLE_SERVICE)
                        return row_get_text(&out->rows[i], SERVICE_manager);
        return w->facts->service.rev ? row_get_text(&w->facts->service, SERVICE_manager) : STR("");
}

static void address(struct row *duty, const struct changes *out, const struct flow *w, const struct row *app, enum trigger trigger)
{
        const struct pack_duty *rule = pack_duty_about(w->pack, trigger);

        if (rule && rule->overdue_role)
                row_text(duty, DUTY_overdue_role, str_of(rule->overdue_role));
        row_text(duty, DUTY_application, str_of(app->id));
        if (row_get_text(app, APPLICATION_service).n)
                row_text(duty, DUTY_service, row_get_text(app, APPLICATION_service));
        row_text(duty, DUTY_state, STR("open"));
        row_int(duty, DUTY_reminded_at, w->now); /* whom it binds is told of it as it comes */
}

/* The end of the day that was answered, past or not: what came late is overdue from the start. */
static int task_due(utime_t *out, const struct doing *d, struct err *e)
{
        struct date day;

        if (!d->fx->due_field)
                return effect_due(out, &d->fx->due.period, d->w->now, d->w->pack, e);
        if (!date_parse(effect_answer(d, d->fx->due_field), &day))
                return effect_gone(e);
        *out = effect_day_end(day);
        return ERR_OK;
}

static int open_duty(struct doing *d, struct err *e)
{
        struct row duty;
        utime_t due;
        int r = task_due(&due, d, e);

        if (r == ERR_OK)
                r = fresh_row(&duty, d->ids, TABLE_DUTY, e);
        if (r < 0)
                return r;
        address(&duty, d->out, d->w, d->app, TRIGGER_TASK);
        row_text(&duty, DUTY_kind, STR("task"));
        row_text(&duty, DUTY_role, str_of(d->fx->role));
        if (is_managers_role(d->w->pack, d->fx->role) && manager_now(d->out, d->w).n)
                row_text(&duty, DUTY_person, manager_now(d->out, d->w));
        else if (strcmp(d->fx->role, d->w->procedure->apply_role) == 0)
                row_text(&duty, DUTY_person, row_get_text(d->app, APPLICATION_applicant));
        if (is_section_role(d->w->procedure, d->fx->role))
                row_copy_text(&duty, DUTY_section, d->app, APPLICATION_section);
        row_text(&duty, DUTY_what, str_of(d->fx->id));
        row_personal(&duty, DUTY_text, str_of(d->fx->title.in[LANG_JA]));
        row_int(&duty, DUTY_due_at, due);
        return changes_add(d->out, &duty, e);
}

/* Whom a condition binds: who manages the service it is about, else who applied. They close it, nobody for them. */
static int condition_duty(struct changes *out, const struct flow *w, const struct row *step, const struct row *app, struct fresh *ids, struct err *e)
{
        struct str manager = manager_now(out, w);
        struct row duty;
        struct date due;
        int r = fresh_row(&duty, ids, TABLE_DUTY, e);

        if (r < 0)
                return r;
        if (!date_parse(row_get_text(step, STEP_condition_due), &due))
                return effect_gone(e);
        address(&duty, out, w, app, TRIGGER_CONDITION);
        row_text(&duty, DUTY_kind, STR("condition"));
        row_text(&duty, DUTY_role, str_of(w->procedure->apply_role));
        row_text(&duty, DUTY_person, manager.n ? manager : row_get_text(app, APPLICATION_applicant));
        if (is_section_role(w->procedure, w->procedure->apply_role))
                row_copy_text(&duty, DUTY_section, app, APPLICATION_section);
        row_text(&duty, DUTY_what, str_of(arena_text(out->arena, step->k)));
        row_copy_text(&duty, DUTY_text, step, STEP_condition);
        row_int(&duty, DUTY_due_at, effect_day_end(due));
        return changes_add(out, &duty, e);
}

int duties_of_conditions(struct changes *out, const struct flow *w, const struct row *last, const struct row *app, struct fresh *ids, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < w->facts->steps_count; i++) {
                const struct row *step = strcmp(w->facts->steps[i].k, last->k) == 0 ? last : &w->facts->steps[i];

                if (w->needed[i] && row_is(step, STEP_state, "approved") && row_get_text(step, STEP_condition).n)
                        r = condition_duty(out, w, step, app, ids, e);
        }
        return r;
}

/* ---- all ---- */

static int (*const kinds[EFFECT_KINDS_COUNT])(struct doing *d, struct err *e) = {
        [EFFECT_OPEN_PERMIT] = open_permit,   [EFFECT_REGISTER_SERVICE] = effect_register_service, [EFFECT_REGISTER_USE] = effect_register_use,
        [EFFECT_REGISTER_SUB] = effect_register_subcontractor, [EFFECT_REVIEWED] = effect_service_reviewed, [EFFECT_END_SERVICE] = effect_end_service,
        [EFFECT_EXCEPTION] = grant_exception, [EFFECT_DUTY] = open_duty, [EFFECT_ROWS] = effect_register_rows,
};

int effects_run(struct changes *out, const struct flow *w, struct row *app, struct fresh *ids, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < w->procedure->effects_count; i++) {
                struct doing d = { out, w, &w->procedure->effects[i], app, ids };

                if (facts_holds(&d.fx->when, &w->env) != TRUTH_FALSE)
                        r = kinds[d.fx->kind](&d, e);
        }
        return r;
}
