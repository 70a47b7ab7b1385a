/* overview.c - numbers for charts: what falls due, what became of cases, services by class and by country, what the rules cover. */
#include "core/pack/coverage.h"
#include "server/office/api/handlers.h"
#include "server/office/api/home.h"

enum { MONTHS = 12, DAYS = 90 };

static const struct pack_axis *class_axis(const struct pack *pack)
{
        for (size_t i = 0; i < pack->axes_count; i++)
                for (size_t k = 0; k < pack->axes[i].levels_count; k++)
                        if (pack->axes[i].kind == AXIS_CLASS && pack->axes[i].levels[k].conf2plus)
                                return &pack->axes[i];
        return NULL;
}

/* What a bar is called: a level of the axis, a country; else it speaks for itself (a day, a month). */
static void put_name(json_t *o, struct request *rq, enum home_chart what, const struct pack_axis *axis, struct str of)
{
        const struct pack *pack = rq->office->pack;

        for (size_t i = 0; what == CHART_CLASS && axis && i < axis->levels_count; i++)
                if (str_is(of, axis->levels[i].id))
                        (void)json_put(o, "name", json_text(&axis->levels[i].name));
        for (size_t i = 0; what == CHART_COUNTRY && i < pack->countries_count; i++)
                if (str_is(of, pack->countries[i].id))
                        (void)json_put(o, "name", json_text(&pack->countries[i].name));
}

static int put_chart(json_t *to, const char *key, struct request *rq, enum home_chart what, const struct home_scope *scope, utime_t from, struct err *e)
{
        const struct pack_axis *axis = class_axis(rq->office->pack);
        json_t *list = json_array();
        struct home_bar *bars = NULL;
        size_t n = 0;
        int r = query_chart(&bars, &n, rq->db, what, scope, str_of(axis ? axis->id : ""), from, rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                json_t *o = json_pack("{s:o, s:o, s:I}", "of", json_of(bars[i].of), "state", json_of(bars[i].state), "count", (json_int_t)bars[i].n);

                if (o)
                        put_name(o, rq, what, axis, bars[i].of);
                if (json_array_append_new(list, o) < 0)
                        r = err_set(e, ERR_NOMEM, "chart");
        }
        if (r == ERR_OK && !json_put(to, key, list))
                return err_set(e, ERR_NOMEM, "chart");
        if (r < 0)
                json_decref(list);
        return r;
}

static json_t *coverage_json(const struct pack *pack)
{
        json_t *list = json_array();
        size_t counts[COVER_PROVEN + 1] = { 0 };

        for (size_t i = 0; i < pack->clauses_count; i++)
                counts[coverage_of(pack, &pack->clauses[i])]++;
        for (int c = COVER_PROVEN; c >= 0; c--)
                (void)json_array_append_new(list, json_pack("{s:s, s:I}", "state", cover_name((enum cover)c), "count", (json_int_t)counts[c]));
        return list;
}

/* The first day of the month that many months ago, so that a month is whole or not there. */
static utime_t months_ago(utime_t now, int months)
{
        struct date d = utime_date_jst(now);
        int at = d.year * 12 + d.month - 1 - months;

        return utime_from_jst((struct date){ at / 12, at % 12 + 1, 1 });
}

int get_overview(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *o = json_object();
        struct home_scope scope = home_scope_of(rq);
        utime_t today = utime_from_jst(utime_date_jst(rq->now));
        int r = put_chart(o, "due", rq, CHART_DUE, &scope, today, e);

        if (r == ERR_OK)
                r = put_chart(o, "cases", rq, CHART_CASES, &scope, months_ago(rq->now, MONTHS - 1), e);
        if (r == ERR_OK)
                r = put_chart(o, "classes", rq, CHART_CLASS, &scope, 0, e);
        if (r == ERR_OK)
                r = put_chart(o, "countries", rq, CHART_COUNTRY, &scope, 0, e);
        if (r < 0)
                return r;
        if (!json_put(o, "coverage", coverage_json(rq->office->pack)) || !json_put(o, "whole", json_boolean(scope.all)) || !json_put(o, "days", json_integer(DAYS)) ||
            !json_put(o, "months", json_integer(MONTHS)) || !json_put(o, "checked_at", json_time(rq->now)))
                return err_set(e, ERR_NOMEM, "overview");
        out->json = json_incref(o);
        return ERR_OK;
}
