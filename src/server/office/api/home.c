/* home.c - what is due for the person who asks, from duties, cases and permits; and the route of the first page. See home.h. */
#include "server/office/api/home.h"

#include <stdlib.h>

#include "core/procedure/duties.h"
#include "server/office/api/duties.h"
#include "server/office/api/handlers.h"
#include "server/office/api/waiting.h"
#include "server/office/command/facts.h"
#include "server/office/store/query_incident.h"

/* SHOWN of each list; COUNTED: duties looked at for the counts; SCAN: open cases, newest first, that may wait for this person. */
enum { SHOWN = 20, COUNTED = 300, SCAN = 100, LINES_MAX = COUNTED + 4 * 100 };

enum group { GROUP_OVERDUE, GROUP_TODAY, GROUP_WEEK, GROUP_LATER, GROUPS };
static const char *const group_names[GROUPS] = { "overdue", "today", "week", "later" };

/* One thing to do. at 0: no day is set for it; somebody waits, so it is for today. */
struct due {
        const char       *kind, *page;                /* key home.due.<kind>; where it is done */
        struct str        id, name, number, form;
        utime_t           at, since;
        const struct row *duty;
};
struct dues { struct due items[LINES_MAX]; size_t n; bool more; };

static void add(struct dues *d, struct due x)
{
        if (d->n < LINES_MAX)
                d->items[d->n++] = x;
        else
                d->more = true;
}

static enum group group_of(const struct due *x, utime_t now)
{
        int64_t days = x->at ? date_days(utime_date_jst(x->at - 1)) - date_days(utime_date_jst(now)) : 0;

        if (x->at && now >= x->at)
                return GROUP_OVERDUE;
        return days <= 0 ? GROUP_TODAY : days <= 7 ? GROUP_WEEK : GROUP_LATER;
}

/* What has no day stands behind what is due today. */
static utime_t order_of(const struct due *x, utime_t now)
{
        return x->at ? x->at : utime_from_jst(utime_date_jst(now)) + UTIME_DAY + 1;
}

static int by_day(const void *a, const void *b, void *now)
{
        utime_t x = order_of(a, *(const utime_t *)now), y = order_of(b, *(const utime_t *)now);

        return x < y ? -1 : x > y;
}

/* ---- what there is ---- */

/* The earliest last day of a step that is active and this person's to act at; 0: none is set. */
static utime_t step_due(struct request *rq, struct str id)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct case_facts *f = arena_new(&a, struct case_facts);
        struct flow *w = arena_new(&a, struct flow);
        const struct pack *pack;
        utime_t first = 0;

        if (!f || !w || facts_load(f, &pack, rq->office, rq->db, id, rq->now, &a, NULL) < 0 || flow_init(w, pack, f, rq->now, NULL) < 0)
                return 0;
        for (size_t i = 0; i < w->procedure->steps_count; i++) {
                struct date due = w->active[i] ? step_say(w, i, rq->now).due : (struct date){ 0 };
                utime_t at = due.year ? utime_from_jst(due) + UTIME_DAY : 0;

                if (at && (!first || at < first) && flow_standing(w, i, &rq->session.who, row_is(&f->steps[i], STEP_state, "entered"), NULL).capacity != CAPACITY_NONE)
                        first = at;
        }
        return first;
}

static int add_waiting(struct dues *d, json_t *counts, struct request *rq, struct err *e)
{
        struct app_filter f = { .list = APPS_WAITING, .before_at = INT64_MAX };
        struct app_line *lines = NULL;
        uint64_t total = 0;
        bool more = false;
        size_t n = 0;
        int r = waiting_list(&lines, &n, &total, &more, rq, &f, SHOWN, SCAN, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                add(d, (struct due){ .kind = "waiting", .page = "/applications/", .id = lines[i].id, .number = lines[i].number, .form = lines[i].form, .name = lines[i].device,
                                     .at = step_due(rq, lines[i].id), .since = lines[i].submitted_at });
        if (r == ERR_OK)
                (void)json_put(counts, "waiting", json_integer((json_int_t)total));
        d->more |= more;
        return r;
}

static int add_duties(struct dues *d, struct request *rq, struct err *e)
{
        struct duty_filter f = { .limit = COUNTED + 1, .now = rq->now, .after_at = INT64_MIN, .person = str_of(rq->session.who.person), .section = rq->session.who.section,
                                 .roles = duties_roles(rq) };
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_duties(&rows, &n, rq->db, &f, rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n && i < COUNTED; i++)
                add(d, (struct due){ .kind = "duty", .page = "/duties", .at = row_get_int(&rows[i], DUTY_due_at), .duty = &rows[i] });
        d->more |= n > COUNTED;
        return r;
}

static int add_mine(struct dues *d, struct request *rq, enum home_mine what, struct err *e)
{
        struct home_case *cases = NULL;
        size_t n = 0;
        int r = query_home_mine(&cases, &n, rq->db, what, str_of(rq->session.who.person), rq->now, rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                add(d, (struct due){ .kind = what == MY_RETURNED ? "returned" : "permit", .page = "/applications/", .id = cases[i].id, .number = cases[i].number,
                                     .form = cases[i].form, .name = cases[i].name, .at = what == MY_PERMITS ? cases[i].at : 0, .since = what == MY_RETURNED ? cases[i].at : 0 });
        return r;
}

/* Alarms that call this person. */
static int add_alarms(struct dues *d, struct request *rq, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_incident_rows(&rows, &n, rq->db, ALERTS_WAITING, str_of(rq->session.who.person), rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                add(d, (struct due){ .kind = "alarm", .page = "/incidents/", .id = row_get_text(&rows[i], ALERT_incident), .at = row_get_int(&rows[i], ALERT_due_at),
                                     .since = row_get_int(&rows[i], ALERT_sent_at) });
        return r;
}

/* ---- what is said of it ---- */

static const char *duty_href(struct request *rq, const struct row *duty)
{
        struct str app = row_get_text(duty, DUTY_application), service = row_get_text(duty, DUTY_service);

        if (!duty_closing_act(duty))
                return "/duties";
        return service.n ? arena_printf(rq->arena, "/services/%.*s", (int)service.n, service.p)
             : app.n     ? arena_printf(rq->arena, "/applications/%.*s", (int)app.n, app.p) : "/duties";
}

static void put_duty(json_t *o, struct request *rq, const struct row *d)
{
        const struct pack_duty *rule = duty_rule(rq->office->pack, d);
        const char *kind = arena_printf(rq->arena, "duty.kind.%s", word_of(rq, row_get_text(d, DUTY_kind)));
        const char *href = duty_href(rq, d);

        if (rule && rule->title.key)
                (void)put_text(o, "title", &rule->title);
        else if (kind && text_known(kind))
                (void)json_put(o, "title", json_pack("{s:s, s:s}", "ja", text_get(LANG_JA, kind), "en", text_get(LANG_EN, kind)));
        (void)json_put(o, "clauses", clauses_of_duty(rq->office->pack, rule ? rule->id : ""));
        (void)json_put(o, "href", json_string(href ? href : "/duties"));
        (void)put_str(o, "what", row_get_text(d, DUTY_text));
        (void)json_put(o, "about", json_pack("{s:s, s:s, s:o}", "kind", "duty", "id", d->id, "name", service_name(rq, row_get_text(d, DUTY_service))));
}

static json_t *due_json(struct request *rq, const struct due *x)
{
        const char *href = arena_printf(rq->arena, "%s%.*s", x->page, (int)x->id.n, x->id.p);
        json_t *o = json_pack("{s:s, s:s}", "group", group_names[group_of(x, rq->now)], "kind", x->kind);

        if (!o)
                return NULL;
        (void)(put_time(o, "due_at", x->at) && put_time(o, "since", x->since));
        if (x->duty) {
                put_duty(o, rq, x->duty);
                return o;
        }
        (void)json_put(o, "clauses", json_array());
        (void)json_put(o, "href", json_string(href ? href : "/"));
        if (x->form.n)
                (void)json_put(o, "title", form_title(rq->office->pack, x->form));
        (void)json_put(o, "about", json_pack("{s:s, s:o, s:o}", "kind", x->form.n ? "application" : "incident", "id", json_of(x->id), "name", json_of(x->name)));
        (void)put_str(o, "number", x->number);
        return o;
}

static int due_list(json_t *out, json_t *counts, struct request *rq, struct dues *d, struct err *e)
{
        json_int_t n[GROUPS] = { 0 };

        qsort_r(d->items, d->n, sizeof(d->items[0]), by_day, &rq->now);
        for (size_t i = 0; i < d->n; i++)
                n[group_of(&d->items[i], rq->now)]++;
        for (size_t i = 0; i < d->n && i < SHOWN; i++)
                if (json_array_append_new(out, due_json(rq, &d->items[i])) < 0)
                        return err_set(e, ERR_NOMEM, "due");
        for (int g = 0; g < GROUPS; g++)
                (void)json_put(counts, group_names[g], json_integer(n[g]));
        (void)json_put(counts, "at_least", json_boolean(d->more));
        return ERR_OK;
}

int get_home(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *due = json_array(), *wrong = json_array(), *counts = json_object();
        struct home_scope scope = home_scope_of(rq);
        struct dues *d = arena_new(rq->arena, struct dues);
        int r = d && due && wrong && counts ? add_waiting(d, counts, rq, e) : err_set(e, ERR_NOMEM, "home");

        if (r == ERR_OK)
                r = add_duties(d, rq, e);
        if (r == ERR_OK)
                r = add_mine(d, rq, MY_RETURNED, e);
        if (r == ERR_OK)
                r = add_mine(d, rq, MY_PERMITS, e);
        if (r == ERR_OK)
                r = add_alarms(d, rq, e);
        if (r == ERR_OK)
                r = due_list(due, counts, rq, d, e);
        if (r == ERR_OK)
                r = wrong_list(wrong, rq, &scope, e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:O, s:O, s:O, s:o}", "due", due, "wrong", wrong, "counts", counts, "checked_at", json_time(rq->now));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "home");
}
