/* effects.c - what an approval makes true in the registers; see docs/formats/pack.md, effect. */
#include "core/procedure/inside.h"

#include "core/form/rating.h"

/* One effect being done. */
struct doing {
        struct changes             *out;
        const struct flow          *w;
        const struct pack_effect   *fx;
        struct row                 *app;
        struct fresh               *ids;
};

/* ---- answers ---- */

static struct str answer_of(const struct answer *answers, size_t n, const char *field)
{
        for (size_t i = 0; field && i < n; i++)
                if (strcmp(answers[i].field->id, field) == 0)
                        return answers[i].value;
        return STR("");
}

static struct str value(const struct doing *d, const char *field)
{
        return answer_of(d->w->facts->answers, d->w->facts->answers_count, field);
}

static int gone(struct err *e)
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

static utime_t end_of_day(struct date d)
{
        return utime_from_jst(d) + UTIME_DAY;
}

/* Holidays are not among the facts: what is counted in working days knows the weekend only. */
static const struct holidays weekends = { .weekend = WEEKEND_SATURDAY_SUNDAY };

static int due_after(utime_t *out, const struct period *p, utime_t from, struct err *e)
{
        struct period_day day;

        if (!period_day(&day, p, utime_date_jst(from), &weekends))
                return err_key(e, ERR_RULE, "effect.period", "", NULL);
        *out = end_of_day(day.date);
        return ERR_OK;
}

static int period_end(struct row *row, int col, const struct doing *d, struct err *e)
{
        struct str s = value(d, d->fx->until_field);
        utime_t until;
        int r = ERR_OK;

        if (s.n && !end_of(&until, s))
                return gone(e);
        if (s.n && until <= d->w->now)
                return err_key(e, ERR_RULE, "permit.period.past", d->fx->until_field, NULL);
        if (!s.n && !d->fx->until.source)
                return ERR_OK; /* until it is ended */
        if (!s.n)
                r = due_after(&until, &d->fx->until.period, d->w->now, e);
        if (r == ERR_OK)
                row_int(row, col, until);
        return r;
}

/* ---- kinds ---- */

static struct str text_of_id(const struct doing *d, const char *id)
{
        return str_of(arena_text(d->out->arena, id));
}

static int open_permit(struct doing *d, struct err *e)
{
        const struct pack_zone *zone = pack_find_zone(d->w->pack, d->fx->zone);
        struct str key = value(d, d->fx->key_field), end = value(d, d->fx->until_field);
        struct row permit, subject;
        utime_t until;
        int r;

        if (!key.n || !end.n || !zone || !end_of(&until, end))
                return gone(e);
        r = permit_check_period(d->w->now, until, d->w->now, d->w->procedure->max_days, d->fx->until_field, e);
        if (r == ERR_OK)
                r = fresh_row(&permit, d->ids, TABLE_PERMIT, e);
        if (r == ERR_OK)
                r = fresh_row(&subject, d->ids, TABLE_PERMIT, e); /* only its id: devices have no register yet */
        if (r < 0)
                return r;
        row_text(&permit, PERMIT_application, str_of(d->app->id));
        row_text(&permit, PERMIT_subject, text_of_id(d, subject.id));
        row_int(&permit, PERMIT_kind, 1);
        row_personal(&permit, PERMIT_key, key);
        row_int(&permit, PERMIT_zone, zone->number);
        row_text(&permit, PERMIT_zone_id, str_of(zone->id));
        row_int(&permit, PERMIT_from_at, d->w->now);
        row_int(&permit, PERMIT_until_at, until);
        row_text(&permit, PERMIT_state, STR("active"));
        row_text(d->app, APPLICATION_permit, text_of_id(d, permit.id));
        return changes_add(d->out, &permit, e);
}

/* 1: it may hold what counts as 機密性２以上. A form that asks no class allows none. */
static int conf2plus_of(const struct flow *w, struct arena *a, bool *out, struct err *e)
{
        const char **levels = arena_array(a, w->pack->axes_count + 1, sizeof(*levels));

        *out = false;
        if (!levels)
                return err_set(e, ERR_NOMEM, "levels");
        if (!w->facts->ratings.n)
                return ERR_OK;
        for (size_t i = 0; i < w->pack->axes_count; i++) {
                const struct pack_axis *axis = &w->pack->axes[i];
                const struct row *rating = facts_row(w->facts->ratings, axis->id);

                for (size_t k = 0; rating && k < axis->levels_count; k++)
                        if (row_is(rating, RATING_level, axis->levels[k].id))
                                levels[i] = axis->levels[k].id;
        }
        *out = rating_conf2plus(w->pack, levels);
        return ERR_OK;
}

static int copy_ratings(struct doing *d, struct uuid service, struct err *e)
{
        static const int cols[] = { RATING_level, RATING_derived, RATING_rule, RATING_person, RATING_reason };
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < d->w->facts->ratings.n; i++) {
                const struct row *from = &d->w->facts->ratings.rows[i];
                struct row to = row_new(TABLE_RATING, service, from->k);

                for (size_t c = 0; c < countof(cols); c++)
                        row_copy_text(&to, cols[c], from, cols[c]);
                r = changes_add(d->out, &to, e);
        }
        return r;
}

static int add_use(struct doing *d, const struct row *service, struct err *e)
{
        struct row use;
        int r = fresh_row(&use, d->ids, TABLE_USE, e);

        if (r < 0)
                return r;
        row_text(&use, USE_service, text_of_id(d, service->id));
        row_copy_text(&use, USE_section, d->app, APPLICATION_section);
        row_text(&use, USE_application, str_of(d->app->id));
        row_text(&use, USE_state, STR("active"));
        row_int(&use, USE_from_at, d->w->now);
        use.v[USE_until_at] = service->v[SERVICE_until_at];
        return changes_add(d->out, &use, e);
}

static int add_provider(struct row *out, struct doing *d, struct err *e)
{
        struct str country = value(d, d->fx->country_field);
        int r = fresh_row(out, d->ids, TABLE_PROVIDER, e);

        if (r < 0)
                return r;
        row_personal(out, PROVIDER_name, value(d, d->fx->provider_field));
        if (country.n)
                row_text(out, PROVIDER_country, country);
        return changes_add(d->out, out, e);
}

/* 8.2(4): recorded as 承認済み外部サービス by the approval itself, and its manager is appointed. */
static int register_service(struct doing *d, struct err *e)
{
        struct str name = value(d, d->fx->name_field), manager = value(d, d->fx->manager_field), deputy = value(d, d->fx->deputy_field);
        struct row service, provider;
        struct uuid id = { { 0 } };
        bool conf2plus;
        utime_t review;
        int r;

        if (!name.n || !manager.n || !value(d, d->fx->provider_field).n)
                return gone(e);
        r = conf2plus_of(d->w, d->out->arena, &conf2plus, e);
        if (r == ERR_OK)
                r = due_after(&review, &d->fx->review.period, d->w->now, e);
        if (r == ERR_OK)
                r = fresh_row(&service, d->ids, TABLE_SERVICE, e);
        if (r == ERR_OK)
                r = add_provider(&provider, d, e);
        if (r == ERR_OK)
                r = period_end(&service, SERVICE_until_at, d, e);
        if (r < 0)
                return r;
        row_personal(&service, SERVICE_name, name);
        row_text(&service, SERVICE_provider, text_of_id(d, provider.id));
        row_text(&service, SERVICE_application, str_of(d->app->id));
        row_copy_text(&service, SERVICE_section, d->app, APPLICATION_section);
        row_text(&service, SERVICE_manager, manager);
        if (deputy.n)
                row_text(&service, SERVICE_deputy, deputy);
        row_int(&service, SERVICE_conf2plus, conf2plus);
        row_personal(&service, SERVICE_domains, value(d, d->fx->domains_field));
        row_text(&service, SERVICE_state, STR("approved"));
        row_int(&service, SERVICE_from_at, d->w->now);
        row_int(&service, SERVICE_review_at, review);
        row_text(d->app, APPLICATION_service, text_of_id(d, service.id));
        (void)uuid_parse(str_of(service.id), &id);
        r = changes_add(d->out, &service, e);
        if (r == ERR_OK)
                r = add_use(d, &service, e);
        return r < 0 ? r : copy_ratings(d, id, e);
}

/* The service that the answer names is the one that was looked at all the time, and it is in use. */
static int service_of(struct row *out, const struct doing *d, struct err *e)
{
        const struct row *s = &d->w->facts->service;
        utime_t until = row_get_int(s, SERVICE_until_at);

        if (!s->rev || !str_is(value(d, d->fx->service_field), s->id))
                return gone(e);
        if (row_is(s, SERVICE_state, "closed") || (until && until <= d->w->now))
                return err_key(e, ERR_CONFLICT, "effect.service.over", "", NULL);
        *out = *s;
        return ERR_OK;
}

static int register_use(struct doing *d, struct err *e)
{
        struct row service;
        int r = service_of(&service, d, e);

        if (r == ERR_OK && !row_is(&service, SERVICE_state, "approved"))
                r = err_key(e, ERR_CONFLICT, "effect.service.over", "", NULL);
        return r < 0 ? r : add_use(d, &service, e);
}

static int register_subcontractor(struct doing *d, struct err *e)
{
        struct row service, sub;
        int r = service_of(&service, d, e);

        if (r == ERR_OK && (!value(d, d->fx->name_field).n || !value(d, d->fx->country_field).n))
                r = gone(e);
        if (r == ERR_OK)
                r = fresh_row(&sub, d->ids, TABLE_SUBCONTRACTOR, e);
        if (r < 0)
                return r;
        row_text(&sub, SUBCONTRACTOR_service, text_of_id(d, service.id));
        row_personal(&sub, SUBCONTRACTOR_name, value(d, d->fx->name_field));
        row_text(&sub, SUBCONTRACTOR_country, value(d, d->fx->country_field));
        row_personal(&sub, SUBCONTRACTOR_work, value(d, d->fx->work_field));
        row_text(&sub, SUBCONTRACTOR_application, str_of(d->app->id));
        row_text(&sub, SUBCONTRACTOR_state, STR("approved"));
        return changes_add(d->out, &sub, e);
}

/* Counted from the first day, so that neither a late nor an early review shifts the next: it is the first time after both today and
 * the review that was due. */
static int service_reviewed(struct doing *d, struct err *e)
{
        struct period_day day;
        struct row service;
        utime_t due;
        int r = service_of(&service, d, e);

        if (r < 0)
                return r;
        due = row_get_int(&service, SERVICE_review_at);
        if (!period_next(&day, &d->fx->review.period, utime_date_jst(row_get_int(&service, SERVICE_from_at)),
                         utime_date_jst(due > d->w->now ? due - 1 : d->w->now), &weekends))
                return err_key(e, ERR_RULE, "effect.period", "", NULL);
        row_int(&service, SERVICE_review_at, end_of_day(day.date));
        return changes_add(d->out, &service, e);
}

static int end_service(struct doing *d, struct err *e)
{
        struct row service;
        struct str successor = value(d, d->fx->successor_field);
        int r = service_of(&service, d, e);

        if (r < 0)
                return r;
        row_text(&service, SERVICE_state, STR("closed"));
        row_int(&service, SERVICE_closed_at, d->w->now);
        if (successor.n)
                row_text(&service, SERVICE_successor, successor);
        r = changes_add(d->out, &service, e);
        for (size_t i = 0; r == ERR_OK && i < d->w->facts->subcontractors.n; i++) {
                struct row sub = d->w->facts->subcontractors.rows[i];

                if (!row_is(&sub, SUBCONTRACTOR_state, "approved"))
                        continue;
                row_text(&sub, SUBCONTRACTOR_state, STR("ended"));
                r = changes_add(d->out, &sub, e);
        }
        return r;
}

static int grant_one(struct doing *d, struct str item, utime_t until, struct err *e)
{
        const struct row *target = &d->w->facts->target, *old;
        struct uuid id = { { 0 } };
        char k[ROW_KEY_MAX];
        struct row x;

        if (item.n >= sizeof(k))
                return gone(e);
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
        struct str rest = value(d, d->fx->items_field), item, end = value(d, d->fx->until_field);
        utime_t until;
        int r = ERR_OK;

        if (!target->rev || !str_is(value(d, d->fx->application_field), target->id) || !rest.n || !end_of(&until, end))
                return gone(e);
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

static bool is_section_role(const struct pack_procedure *p, const char *role)
{
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

static void address(struct row *duty, const struct changes *out, const struct flow *w, const struct row *app)
{
        row_text(duty, DUTY_application, str_of(app->id));
        if (row_get_text(app, APPLICATION_service).n)
                row_text(duty, DUTY_service, row_get_text(app, APPLICATION_service));
        row_text(duty, DUTY_state, STR("open"));
}

static int open_duty(struct doing *d, struct err *e)
{
        struct row duty;
        utime_t due;
        int r = due_after(&due, &d->fx->due.period, d->w->now, e);

        if (r == ERR_OK)
                r = fresh_row(&duty, d->ids, TABLE_DUTY, e);
        if (r < 0)
                return r;
        address(&duty, d->out, d->w, d->app);
        row_text(&duty, DUTY_kind, STR("task"));
        row_text(&duty, DUTY_role, str_of(d->fx->role));
        if (is_managers_role(d->w->pack, d->fx->role) && manager_now(d->out, d->w).n)
                row_text(&duty, DUTY_person, manager_now(d->out, d->w));
        else if (strcmp(d->fx->role, d->w->procedure->apply_role) == 0)
                row_text(&duty, DUTY_person, row_get_text(d->app, APPLICATION_applicant));
        else if (is_section_role(d->w->procedure, d->fx->role))
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
                return gone(e);
        address(&duty, out, w, app);
        row_text(&duty, DUTY_kind, STR("condition"));
        row_text(&duty, DUTY_role, str_of(w->procedure->apply_role));
        row_text(&duty, DUTY_person, manager.n ? manager : row_get_text(app, APPLICATION_applicant));
        row_text(&duty, DUTY_what, str_of(arena_text(out->arena, step->k)));
        row_copy_text(&duty, DUTY_text, step, STEP_condition);
        row_int(&duty, DUTY_due_at, end_of_day(due));
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
        [EFFECT_OPEN_PERMIT] = open_permit,   [EFFECT_REGISTER_SERVICE] = register_service, [EFFECT_REGISTER_USE] = register_use,
        [EFFECT_REGISTER_SUB] = register_subcontractor, [EFFECT_REVIEWED] = service_reviewed, [EFFECT_END_SERVICE] = end_service,
        [EFFECT_EXCEPTION] = grant_exception, [EFFECT_DUTY] = open_duty,
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
