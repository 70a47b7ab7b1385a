/* effect_service.c - what an approval does to the register of services; see effect.h. */
#include "core/procedure/effect.h"

#include "core/form/rating.h"

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
        row_text(&use, USE_service, effect_id(d, service->id));
        row_copy_text(&use, USE_section, d->app, APPLICATION_section);
        row_text(&use, USE_application, str_of(d->app->id));
        row_text(&use, USE_state, STR("active"));
        row_int(&use, USE_from_at, d->w->now);
        use.v[USE_until_at] = service->v[SERVICE_until_at];
        return changes_add(d->out, &use, e);
}

static int add_provider(struct row *out, struct doing *d, struct err *e)
{
        struct str country = effect_answer(d, d->fx->country_field);
        int r = fresh_row(out, d->ids, TABLE_PROVIDER, e);

        if (r < 0)
                return r;
        row_personal(out, PROVIDER_name, effect_answer(d, d->fx->provider_field));
        if (country.n)
                row_text(out, PROVIDER_country, country);
        return changes_add(d->out, out, e);
}

/* 8.2(4): recorded as 承認済み外部サービス by the approval itself, and its manager is appointed. */
int effect_register_service(struct doing *d, struct err *e)
{
        struct str name = effect_answer(d, d->fx->name_field), manager = effect_answer(d, d->fx->manager_field), deputy = effect_answer(d, d->fx->deputy_field);
        struct row service, provider;
        struct uuid id = { { 0 } };
        bool conf2plus;
        utime_t review;
        int r;

        if (!name.n || !manager.n || !effect_answer(d, d->fx->provider_field).n)
                return effect_gone(e);
        r = conf2plus_of(d->w, d->out->arena, &conf2plus, e);
        if (r == ERR_OK)
                r = effect_due(&review, &d->fx->review.period, d->w->now, e);
        if (r == ERR_OK)
                r = fresh_row(&service, d->ids, TABLE_SERVICE, e);
        if (r == ERR_OK)
                r = add_provider(&provider, d, e);
        if (r == ERR_OK)
                r = effect_until(&service, SERVICE_until_at, d, e);
        if (r < 0)
                return r;
        row_personal(&service, SERVICE_name, name);
        row_text(&service, SERVICE_provider, effect_id(d, provider.id));
        row_text(&service, SERVICE_application, str_of(d->app->id));
        row_copy_text(&service, SERVICE_section, d->app, APPLICATION_section);
        row_text(&service, SERVICE_manager, manager);
        if (deputy.n)
                row_text(&service, SERVICE_deputy, deputy);
        row_int(&service, SERVICE_conf2plus, conf2plus);
        row_personal(&service, SERVICE_domains, effect_answer(d, d->fx->domains_field));
        row_text(&service, SERVICE_state, STR("approved"));
        row_int(&service, SERVICE_from_at, d->w->now);
        row_int(&service, SERVICE_review_at, review);
        row_text(d->app, APPLICATION_service, effect_id(d, service.id));
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

        if (!s->rev || !str_is(effect_answer(d, d->fx->service_field), s->id))
                return effect_gone(e);
        if (row_is(s, SERVICE_state, "closed") || (until && until <= d->w->now))
                return err_key(e, ERR_CONFLICT, "effect.service.over", "", NULL);
        *out = *s;
        return ERR_OK;
}

int effect_register_use(struct doing *d, struct err *e)
{
        struct row service;
        int r = service_of(&service, d, e);

        if (r == ERR_OK && !row_is(&service, SERVICE_state, "approved"))
                r = err_key(e, ERR_CONFLICT, "effect.service.over", "", NULL);
        return r < 0 ? r : add_use(d, &service, e);
}

int effect_register_subcontractor(struct doing *d, struct err *e)
{
        struct row service, sub;
        int r = service_of(&service, d, e);

        if (r == ERR_OK && (!effect_answer(d, d->fx->name_field).n || !effect_answer(d, d->fx->country_field).n))
                r = effect_gone(e);
        if (r == ERR_OK)
                r = fresh_row(&sub, d->ids, TABLE_SUBCONTRACTOR, e);
        if (r < 0)
                return r;
        row_text(&sub, SUBCONTRACTOR_service, effect_id(d, service.id));
        row_personal(&sub, SUBCONTRACTOR_name, effect_answer(d, d->fx->name_field));
        row_text(&sub, SUBCONTRACTOR_country, effect_answer(d, d->fx->country_field));
        row_personal(&sub, SUBCONTRACTOR_work, effect_answer(d, d->fx->work_field));
        row_text(&sub, SUBCONTRACTOR_application, str_of(d->app->id));
        row_text(&sub, SUBCONTRACTOR_state, STR("approved"));
        return changes_add(d->out, &sub, e);
}

/* Counted from the first day, so that neither a late nor an early review shifts the next: it is the first time after both today and
 * the review that was due. */
int effect_service_reviewed(struct doing *d, struct err *e)
{
        struct period_day day;
        struct row service;
        utime_t due;
        int r = service_of(&service, d, e);

        if (r < 0)
                return r;
        due = row_get_int(&service, SERVICE_review_at);
        if (!period_next(&day, &d->fx->review.period, utime_date_jst(row_get_int(&service, SERVICE_from_at)),
                         utime_date_jst(due > d->w->now ? due - 1 : d->w->now), &effect_weekends))
                return err_key(e, ERR_RULE, "effect.period", "", NULL);
        row_int(&service, SERVICE_review_at, effect_day_end(day.date));
        return changes_add(d->out, &service, e);
}

int effect_end_service(struct doing *d, struct err *e)
{
        struct row service;
        struct str successor = effect_answer(d, d->fx->successor_field);
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
