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

/* The section's use that is in the register already. */
static const struct row *same_use(const struct doing *d, const char *service)
{
        struct row_list list = d->w->facts->hanging;
        struct str section = row_get_text(d->app, APPLICATION_section);

        for (size_t i = 0; i < list.n; i++)
                if (list.rows[i].table == TABLE_USE && row_is(&list.rows[i], USE_service, service) && row_is(&list.rows[i], USE_state, "active") &&
                    str_eq(row_get_text(&list.rows[i], USE_section), section))
                        return &list.rows[i];
        return NULL;
}

static int add_use(struct doing *d, const struct row *service, struct err *e)
{
        const struct row *known = same_use(d, service->id);
        struct row use;
        int r = known ? ERR_OK : fresh_row(&use, d->ids, TABLE_USE, e);

        if (r < 0)
                return r;
        if (known)
                use = *known;
        row_text(&use, USE_service, effect_id(d, service->id));
        if (!known)
                row_copy_text(&use, USE_section, d->app, APPLICATION_section);
        row_text(&use, USE_application, str_of(d->app->id));
        row_text(&use, USE_state, STR("active"));
        row_int(&use, USE_from_at, d->w->now);
        use.v[USE_until_at] = service->v[SERVICE_until_at];
        return changes_add(d->out, &use, e);
}

static const struct row *named(struct row_list list, int col, struct str name)
{
        for (size_t i = 0; name.n && i < list.n; i++)
                if (str_eq(row_get_text(&list.rows[i], col), name))
                        return &list.rows[i];
        return NULL;
}

/* One row a name, whoever registers: the newest word on where its head office is counts. */
static int put_provider(struct row *out, struct doing *d, struct err *e)
{
        struct str name = effect_answer(d, d->fx->provider_field), country = effect_answer(d, d->fx->country_field);
        const struct row *known = named(d->w->facts->providers, PROVIDER_name, name);
        int r = ERR_OK;

        if (known)
                *out = *known;
        else
                r = fresh_row(out, d->ids, TABLE_PROVIDER, e);
        if (r < 0)
                return r;
        if (known && (!country.n || str_eq(country, row_get_text(known, PROVIDER_country))))
                return ERR_OK;
        if (!known)
                row_personal(out, PROVIDER_name, name);
        if (country.n)
                row_text(out, PROVIDER_country, country);
        return changes_add(d->out, out, e);
}

/* In use since before it was registered, under the same name from the same provider: the application was for that one. */
static const struct row *twin_of(const struct doing *d, struct str name, const struct row *provider)
{
        for (size_t i = 0; i < d->w->facts->twins.n; i++) {
                const struct row *s = &d->w->facts->twins.rows[i];

                if (row_is(s, SERVICE_state, "transitional") && str_eq(row_get_text(s, SERVICE_name), name) && row_is(s, SERVICE_provider, provider->id))
                        return s;
        }
        return NULL;
}

/* That row, or a new one. */
static int service_row(struct row *out, struct doing *d, struct str name, const struct row *provider, struct err *e)
{
        const struct row *twin = twin_of(d, name, provider);
        int r = twin ? ERR_OK : fresh_row(out, d->ids, TABLE_SERVICE, e);

        if (r < 0)
                return r;
        if (twin) {
                *out = *twin;
                row_null(out, SERVICE_apply_by_at);
                row_null(out, SERVICE_deputy);
        } else {
                row_personal(out, SERVICE_name, name);
        }
        return ERR_OK;
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
                r = effect_due(&review, &d->fx->review.period, d->w->now, d->w->pack, e);
        if (r == ERR_OK)
                r = put_provider(&provider, d, e);
        if (r == ERR_OK)
                r = service_row(&service, d, name, &provider, e);
        if (r == ERR_OK)
                r = effect_until(&service, SERVICE_until_at, d, e);
        if (r < 0)
                return r;
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

/* The service that the answer names is the one that was looked at all the time. Past its last day it can still be reviewed, replaced
 * and ended: the end itself asks for that (8.2(6)). */
static int service_of(struct row *out, const struct doing *d, struct err *e)
{
        const struct row *s = &d->w->facts->service;

        if (!s->rev || !str_is(effect_answer(d, d->fx->service_field), s->id))
                return effect_gone(e);
        if (row_is(s, SERVICE_state, "closed"))
                return err_key(e, ERR_CONFLICT, "effect.service.over", "", NULL);
        *out = effect_made(d, TABLE_SERVICE, s->id) ? *effect_made(d, TABLE_SERVICE, s->id) : *s;
        return ERR_OK;
}

/* One that may gain users and subcontractors. */
static int running_service_of(struct row *out, const struct doing *d, struct err *e)
{
        struct row service;
        utime_t until;
        int r = service_of(&service, d, e);

        if (r < 0)
                return r;
        until = row_get_int(&service, SERVICE_until_at);
        if (row_is(&service, SERVICE_state, "suspended"))
                return err_key(e, ERR_CONFLICT, "effect.service.suspended", "", NULL);
        if (!row_is(&service, SERVICE_state, "approved") || (until && until <= d->w->now))
                return err_key(e, ERR_CONFLICT, "effect.service.over", "", NULL);
        *out = service;
        return ERR_OK;
}

int effect_register_use(struct doing *d, struct err *e)
{
        struct row service;
        int r = running_service_of(&service, d, e);

        return r < 0 ? r : add_use(d, &service, e);
}

/* Whom it works for: `id` empty, the provider itself. One company may stand in the tree twice; the first row is as good as any. */
static int parent_of(struct str *id, const struct doing *d, struct err *e)
{
        struct str name = effect_answer(d, d->fx->parent_field);

        *id = STR("");
        for (size_t i = 0; name.n && i < d->w->facts->subcontractors.n; i++) {
                const struct row *sub = &d->w->facts->subcontractors.rows[i];

                if (row_is(sub, SUBCONTRACTOR_state, "approved") && str_eq(row_get_text(sub, SUBCONTRACTOR_name), name)) {
                        *id = str_of(sub->id);
                        return ERR_OK;
                }
        }
        return name.n ? err_key(e, ERR_CONFLICT, "effect.parent.absent", d->fx->parent_field, NULL) : ERR_OK;
}

/* The row that a change is about; NULL: it is new. */
static const struct row *same_subcontractor(const struct doing *d, struct str name, struct str parent)
{
        for (size_t i = 0; i < d->w->facts->subcontractors.n; i++) {
                const struct row *sub = &d->w->facts->subcontractors.rows[i];

                if (row_is(sub, SUBCONTRACTOR_state, "approved") && str_eq(row_get_text(sub, SUBCONTRACTOR_name), name) &&
                    str_eq(row_get_text(sub, SUBCONTRACTOR_parent), parent))
                        return sub;
        }
        return NULL;
}

int effect_register_subcontractor(struct doing *d, struct err *e)
{
        struct str name = effect_answer(d, d->fx->name_field), country = effect_answer(d, d->fx->country_field), parent = STR("");
        const struct row *known;
        struct row service, sub;
        int r = running_service_of(&service, d, e);

        if (r == ERR_OK && (!name.n || !country.n))
                r = effect_gone(e);
        if (r == ERR_OK)
                r = parent_of(&parent, d, e);
        if (r < 0)
                return r;
        known = same_subcontractor(d, name, parent);
        if (known)
                sub = *known;
        else
                r = fresh_row(&sub, d->ids, TABLE_SUBCONTRACTOR, e);
        if (r < 0)
                return r;
        row_text(&sub, SUBCONTRACTOR_service, effect_id(d, service.id));
        if (parent.n)
                row_text(&sub, SUBCONTRACTOR_parent, parent);
        if (!known) {
                row_personal(&sub, SUBCONTRACTOR_name, name);
                row_int(&sub, SUBCONTRACTOR_from_at, d->w->now);
        }
        row_text(&sub, SUBCONTRACTOR_country, country);
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
                         utime_date_jst(due > d->w->now ? due - 1 : d->w->now), &d->w->pack->holidays))
                return err_key(e, ERR_RULE, "effect.period", "", NULL);
        row_int(&service, SERVICE_review_at, effect_day_end(day.date));
        row_text(&service, SERVICE_reviewed, effect_id(d, d->app->id));
        return effect_put(d, &service, e);
}

/* What was agreed on for its use ends with it; accounts stay until somebody has seen to each (the end sheet). */
static int end_hanging(struct doing *d, const char *service, struct err *e)
{
        static const struct { enum table table; int service, state; } ending[] = {
                { TABLE_USE, USE_service, USE_state },    { TABLE_CONTRACT, CONTRACT_service, CONTRACT_state },
                { TABLE_FLOW, FLOW_service, FLOW_state }, { TABLE_RESPONSIBILITY, RESPONSIBILITY_service, RESPONSIBILITY_state },
        };
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < d->w->facts->hanging.n; i++)
                for (size_t k = 0; r == ERR_OK && k < countof(ending); k++) {
                        struct row row = d->w->facts->hanging.rows[i];

                        if (row.table != ending[k].table || !row_is(&row, ending[k].service, service) || !row_is(&row, ending[k].state, "active"))
                                continue;
                        row_text(&row, ending[k].state, STR("ended"));
                        r = effect_put(d, &row, e);
                }
        return r;
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
        row_text(&service, SERVICE_ended, effect_id(d, d->app->id));
        if (successor.n)
                row_text(&service, SERVICE_successor, successor);
        r = effect_put(d, &service, e);
        if (r == ERR_OK)
                r = end_hanging(d, service.id, e);
        for (size_t i = 0; r == ERR_OK && i < d->w->facts->subcontractors.n; i++) {
                struct row sub = d->w->facts->subcontractors.rows[i];

                if (!row_is(&sub, SUBCONTRACTOR_state, "approved"))
                        continue;
                row_text(&sub, SUBCONTRACTOR_state, STR("ended"));
                r = effect_put(d, &sub, e);
        }
        return r;
}
