/* inbox.c - 受付: the cases at which somebody may act, each with the act that is asked of them; returned ones that nobody mends. */
#include "core/procedure/flow.h"
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/waiting.h"
#include "server/office/api/words.h"
#include "server/office/command/facts.h"
#include "server/office/store/query_home.h"

enum { SHOWN = 100, QUIET_DAYS = 14, SOON_DAYS = 60 };

enum task { TASK_NONE, TASK_FILL, TASK_JUDGE, TASK_ENTER, TASK_CONFIRM, TASK_DECIDE };
static const char *const task_names[] = { "", "fill", "judge", "enter", "confirm", "decide" };

struct ask { enum task task; const struct pack_step *step; const char *sheet; };

static bool is_elsewhere(const struct pack_step *s) { return s->kind == STEP_EXTERNAL || s->kind == STEP_COUNCIL; }

/* The first sheet that this person fills in and that is empty. */
static bool asks_sheet(struct ask *out, const struct flow *w, const struct actor *who)
{
        const struct pack_procedure *p = w->procedure;

        for (size_t i = 0; i < p->sheets_count; i++) {
                const struct pack_sheet *sheet = &p->sheets[i];
                const struct pack_form *form = pack_find_form(w->pack, sheet->id);
                const struct pack_step *step = procedure_find_step(p, sheet->step);

                if (!form || !step || !w->active[step - p->steps] || flow_sheet_filled(w, form) || !flow_holds(w, sheet->role, sheet->scope, who))
                        continue;
                *out = (struct ask){ TASK_FILL, step, sheet->id };
                return true;
        }
        return false;
}

static void asks_step(struct ask *out, const struct flow *w, const struct actor *who)
{
        for (size_t i = 0; i < w->procedure->steps_count && out->task == TASK_NONE; i++) {
                const struct pack_step *s = &w->procedure->steps[i];
                bool entered = row_is(&w->facts->steps[i], STEP_state, "entered");

                if (!w->active[i] || flow_standing(w, i, who, entered, NULL).capacity == CAPACITY_NONE)
                        continue;
                out->step = s;
                out->task = s->kind == STEP_JUDGE ? TASK_JUDGE : s->kind == STEP_CONFIRM || entered ? TASK_CONFIRM : is_elsewhere(s) ? TASK_ENTER : TASK_DECIDE;
        }
}

/* Asked of core, case by case; TASK_NONE: it moved since the list was made. */
static int look(json_t *o, struct request *rq, struct str id, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct case_facts *f = arena_new(&a, struct case_facts);
        struct flow *w = arena_new(&a, struct flow);
        const struct pack *pack;
        struct ask ask = { 0 };
        int r = f && w ? facts_load(f, &pack, rq->office, rq->db, id, rq->now, &a, e) : err_set(e, ERR_NOMEM, "case");

        if (r == ERR_OK && flow_init(w, pack, f, rq->now, NULL) == ERR_OK && !asks_sheet(&ask, w, &rq->session.who))
                asks_step(&ask, w, &rq->session.who);
        if (r < 0 || ask.task == TASK_NONE)
                return r;
        (void)json_put(o, "act", json_string(task_names[ask.task]));
        (void)put_text(o, "step", &ask.step->title);
        if (ask.sheet)
                (void)json_put(o, "sheet", json_string(ask.sheet));
        return ERR_OK;
}

static json_t *line_json(struct request *rq, struct str id, struct str number, struct str form, struct str name, utime_t since)
{
        return json_pack("{s:o, s:o, s:o, s:o, s:o}", "id", json_of(id), "number", json_of(number), "title", form_title(rq->office->pack, form), "name", json_of(name), "since",
                         json_time(since));
}

static int add_waiting(json_t *items, uint64_t *total, bool *more, struct request *rq, struct err *e)
{
        struct app_filter f = { .list = APPS_WAITING, .before_at = INT64_MAX };
        struct app_line *lines = NULL;
        size_t n = 0;
        int r = waiting_list(&lines, &n, total, more, rq, &f, SHOWN, WAITING_SCAN, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                json_t *o = line_json(rq, lines[i].id, lines[i].number, lines[i].form, lines[i].applicant_name, lines[i].submitted_at);

                if (json_array_append_new(items, o) < 0)
                        return err_set(e, ERR_NOMEM, "inbox");
                (void)put_str(o, "device", lines[i].device);
                r = look(o, rq, lines[i].id, e);
        }
        return r;
}

static int add_cases(json_t *items, struct request *rq, enum home_mine what, utime_t at, struct err *e)
{
        struct home_case *cases = NULL;
        size_t n = 0;
        int r = query_home_mine(&cases, &n, rq->db, what, str_of(rq->session.who.person), at, rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                if (json_array_append_new(items, line_json(rq, cases[i].id, cases[i].number, cases[i].form, cases[i].name, cases[i].at)) < 0)
                        r = err_set(e, ERR_NOMEM, "inbox");
        return r;
}

static int add_transitional(json_t *items, struct request *rq, struct err *e)
{
        struct home_case *services = NULL;
        size_t n = 0;
        int r = query_home_mine(&services, &n, rq->db, ALL_TRANSITIONAL, STR(""), rq->now + SOON_DAYS * UTIME_DAY, rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                if (json_array_append_new(items, json_pack("{s:o, s:o, s:o, s:o}", "id", json_of(services[i].id), "name", json_of(services[i].name), "section",
                                                           json_of(services[i].form), "apply_by", json_time(services[i].at))) < 0)
                        r = err_set(e, ERR_NOMEM, "inbox");
        return r;
}

int get_inbox(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array(), *drafted = json_array(), *returned = json_array(), *transitional = json_array();
        uint64_t total = 0;
        bool more = false;
        int r = add_waiting(items, &total, &more, rq, e);

        if (r == ERR_OK)
                r = add_cases(drafted, rq, MY_DRAFTED, rq->now, e);
        if (r == ERR_OK && caller_sees_all(rq))
                r = add_cases(returned, rq, ALL_QUIET, rq->now - QUIET_DAYS * UTIME_DAY, e);
        if (r == ERR_OK && caller_sees_all(rq))
                r = add_transitional(transitional, rq, e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:o, s:I, s:b, s:i, s:O, s:O, s:O, s:O}", "at", json_time(rq->now), "total", (json_int_t)total, "more", more, "quiet_days", QUIET_DAYS, "items", items,
                              "drafted", drafted, "returned", returned, "transitional", transitional);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "inbox");
}
