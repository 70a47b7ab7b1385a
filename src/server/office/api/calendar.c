/* calendar.c - what is due when: the days of a month with their names, and the duties of whoever asks, as JSON and as a calendar file.
 *
 * No name of a person goes into the file: it is carried to places that the office does not know.
 */
#include "core/calendar/ics.h"
#include "core/procedure/duties.h"
#include "server/office/api/duties.h"
#include "server/office/api/handlers.h"

enum { DAYS_MAX = 400, ITEMS_MAX = 2000 };

static int read_day(struct date *out, struct request *rq, const char *name, struct date otherwise, struct err *e)
{
        struct str text;
        int r = scgi_field(&text, rq->scgi->query, name, rq->arena, e);

        *out = otherwise;
        if (r == ERR_ABSENT)
                return ERR_OK;
        return r < 0 || date_parse(text, out) ? r : err_key(e, ERR_INPUT, "calendar.day.bad", name, NULL);
}

/* Open ones of the asker, soonest first; due by `until` (0: all). */
static int my_duties(struct row **out, size_t *n, struct request *rq, utime_t from, utime_t until, struct err *e)
{
        struct duty_filter f = { .person = str_of(rq->session.who.person), .section = rq->session.who.section, .roles = duties_roles(rq), .state = STR("open"),
                                 .now = rq->now, .after_at = from, .until = until, .limit = ITEMS_MAX };

        return query_duties(out, n, rq->db, &f, rq->arena, e);
}

static json_t *day_json(struct request *rq, struct date d)
{
        const struct pack *pack = rq->office->pack;
        const struct pack_text *name = pack_day_name(pack, d);
        json_t *o = json_pack("{s:o, s:b, s:b}", "date", json_string(arena_printf(rq->arena, "%04d-%02d-%02d", d.year, d.month, d.day)), "working",
                              day_is_working(&pack->holidays, date_days(d)), "known", day_is_known(&pack->holidays, date_days(d)));

        if (o && name)
                (void)put_text(o, "holiday", name);
        return o;
}

int get_calendar(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *days = json_array(), *items = json_array();
        struct date today = utime_date_jst(rq->now), from, to;
        struct row *rows = NULL;
        int64_t first, last;
        size_t n = 0;
        int r = read_day(&from, rq, "from", (struct date){ today.year, today.month, 1 }, e);

        if (r == ERR_OK)
                r = read_day(&to, rq, "to", date_from_days(date_days(from) + 30), e);
        if (r < 0)
                return r;
        first = date_days(from);
        last = date_days(to);
        if (last < first || last - first >= DAYS_MAX)
                return err_key(e, ERR_INPUT, "calendar.period", "to", NULL);
        for (int64_t d = first; d <= last; d++)
                if (json_array_append_new(days, day_json(rq, date_from_days(d))) < 0)
                        return err_set(e, ERR_NOMEM, "calendar");
        r = my_duties(&rows, &n, rq, utime_from_jst(from), utime_from_jst(to) + UTIME_DAY, e);
        for (size_t i = 0; r == ERR_OK && i < n; i++)
                if (json_array_append_new(items, duty_json(rq, &rows[i])) < 0)
                        r = err_set(e, ERR_NOMEM, "calendar");
        if (r < 0)
                return r;
        out->json = json_pack("{s:O, s:O}", "days", days, "items", items);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "calendar");
}

/* The pack's words and what it is about; never what people wrote. */
static struct str summary_of(struct request *rq, const struct row *d)
{
        const struct pack_duty *rule = duty_rule(rq->office->pack, d);
        const char *kind = arena_printf(rq->arena, "duty.kind.%s", word_of(rq, row_get_text(d, DUTY_kind)));
        const char *what = rule && rule->title.key ? rule->title.in[rq->lang] : kind && text_known(kind) ? text_get(rq->lang, kind) : "";
        struct str service = row_get_text(d, DUTY_service);
        scoped(json_decref) json_t *name = service.n ? service_name(rq, service) : NULL;
        const char *of = name ? json_string_value(name) : NULL, *text;

        if (row_is(d, DUTY_kind, "task")) /* the pack's words too */
                what = word_of(rq, row_get_text(d, DUTY_text));
        text = of && *of ? arena_printf(rq->arena, "%s: %s", of, what) : what;
        return str_of(text ? text : "");
}

int get_duties_ics(struct request *rq, struct reply *out, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r = my_duties(&rows, &n, rq, INT64_MIN, 0, e);

        if (r < 0)
                return r;
        ics_begin(&out->text, str_of(text_get(rq->lang, "calendar.name")));
        for (size_t i = 0; i < n; i++) {
                utime_t due = row_get_int(&rows[i], DUTY_due_at);
                const char *uid = arena_printf(rq->arena, "%s@sekisho", rows[i].id);

                if (due && uid)
                        ics_event(&out->text, &(struct ics_event){ .uid = str_of(uid), .summary = summary_of(rq, &rows[i]), .day = utime_date_jst(due - 1) }, rq->now);
        }
        ics_end(&out->text);
        buf_text(&out->headers, "Content-Disposition: attachment; filename=\"duties.ics\"\r\n");
        out->type = "text/calendar; charset=utf-8";
        return buf_bad(&out->text) || buf_bad(&out->headers) ? err_set(e, ERR_NOMEM, "calendar") : ERR_OK;
}
