/* case.c - one application with everything about it. */
#include "server/office/api/caller.h"
#include "server/office/api/case_parts.h"
#include "server/office/api/duties.h"
#include "server/office/api/gist.h"
#include "server/office/api/handlers.h"
#include "server/office/api/service_parts.h"

#include "core/journal/canon.h"

static json_t *permit_json(struct request *rq, const struct row *p)
{
        struct str zone_id = row_get_text(p, PERMIT_zone_id);
        const struct pack_zone *zone;
        json_t *o;

        o = json_pack("{s:s, s:I, s:o, s:o, s:o, s:o, s:o}", "id", p->id, "rev", (json_int_t)p->rev, "state", json_of(row_get_text(p, PERMIT_state)),
                      "zone", json_of(row_get_text(p, PERMIT_zone_id)), "from", json_time(row_get_int(p, PERMIT_from_at)),
                      "until", json_time(row_get_int(p, PERMIT_until_at)), "enforcement", permit_gates(rq, p));
        zone = pack_find_zone(rq->office->pack, zone_id.n ? arena_copy(rq->arena, zone_id.p, zone_id.n) : "");
        if (o && zone)
                (void)json_put(o, "zone_name", json_text(&zone->name));
        if (o && row_get_text(p, PERMIT_key).n)
                (void)json_put(o, "key", json_of(row_get_text(p, PERMIT_key)));
        if (o && row_get_text(p, PERMIT_reason).n)
                (void)json_put(o, "reason", json_of(row_get_text(p, PERMIT_reason)));
        return o;
}

static json_t *may_json(unsigned may)
{
        static const struct { unsigned bit; const char *name; } acts[] = {
                { MAY_DECIDE, "decide" },     { MAY_CONFIRM, "confirm" }, { MAY_JUDGE, "judge" },     { MAY_FILL, "fill" },     { MAY_RATE, "rate" },
                { MAY_WITHDRAW, "withdraw" }, { MAY_CORRECT, "correct" }, { MAY_RESUBMIT, "resubmit" }, { MAY_REVOKE, "revoke" }, { MAY_CHANGE_UNTIL, "change-until" },
        };
        json_t *list = json_array();

        for (size_t i = 0; i < countof(acts); i++)
                if (may & acts[i].bit)
                        (void)json_array_append_new(list, json_string(acts[i].name));
        return list;
}

static int by_index(const void *a, const void *b)
{
        const struct journal_line *x = a, *y = b;

        return x->index < y->index ? -1 : x->index > y->index;
}

/* What was decided stands in the entry's after-image of the step. */
static json_t *outcome_of(struct request *rq, uint64_t index)
{
        scoped(json_decref) json_t *entry = NULL;
        struct str bytes;
        const json_t *set;
        size_t i;

        if (journal_entry(&bytes, rq->db, index, rq->arena, NULL) < 0 || canon_parse(&entry, bytes, NULL) < 0)
                return NULL;
        json_array_foreach(json_object_get(entry, "set"), i, set) {
                const char *table = json_string_value(json_object_get(set, "t"));

                if (table && strcmp(table, "step") == 0)
                        return json_incref(json_object_get(json_object_get(set, "c"), "state"));
        }
        return NULL;
}

static json_t *timeline_json(struct request *rq, const struct case_facts *f)
{
        struct journal_line *own = NULL, *permit = NULL, *all;
        size_t n = 0, m = 0;
        json_t *list = json_array();

        if (journal_lines_of(&own, &n, rq->db, f->application.id, rq->arena, NULL) < 0 ||
            (f->permit.rev && journal_lines_of(&permit, &m, rq->db, f->permit.id, rq->arena, NULL) < 0))
                return list;
        all = arena_array(rq->arena, n + m + 1, sizeof(*all));
        if (!all)
                return list;
        memcpy(all, own, n * sizeof(*all));
        if (m)
                memcpy(all + n, permit, m * sizeof(*all));
        qsort(all, n + m, sizeof(*all), by_index);
        for (size_t i = 0; i < n + m; i++) {
                json_t *o = json_pack("{s:I, s:o, s:o}", "index", (json_int_t)all[i].index, "at", json_time(all[i].at), "type", json_of(all[i].type));

                if (o && all[i].actor.n)
                        (void)json_put(o, "actor", person_name(rq, all[i].actor));
                if (o && str_is(all[i].type, "application.decided"))
                        (void)json_put(o, "outcome", outcome_of(rq, all[i].index)); /* NULL is not put */
                (void)json_array_append_new(list, o);
        }
        return list;
}

/* ---- what it is about ---- */

static json_t *target_json(const struct row *target)
{
        return json_pack("{s:s, s:o}", "id", target->id, "number", json_of(row_get_text(target, APPLICATION_number)));
}

static bool put_subject(json_t *o, struct request *rq, const struct case_facts *f)
{
        struct str drafter = row_get_text(&f->application, APPLICATION_drafter);

        return (!drafter.n || json_put(o, "drafter", person_json(rq, drafter))) &&
               (!f->service.rev || json_put(o, "service", json_pack("{s:s, s:o}", "id", f->service.id, "name", json_of(row_get_text(&f->service, SERVICE_name))))) &&
               (!f->target.rev || json_put(o, "target", target_json(&f->target))) &&
               put_time(o, "ended_at", row_get_int(&f->application, APPLICATION_ended_at)) &&
               put_str(o, "reason", row_get_text(&f->application, APPLICATION_reason)) && put_str(o, "pack", row_get_text(&f->application, APPLICATION_pack));
}

static bool put_parts(json_t *o, const struct case_view *v)
{
        json_t *exceptions = json_array();

        exceptions_of(exceptions, v->rq, v->facts->application.id);
        return json_put(o, "answers", case_answers(v, facts_form(v->pack, &v->facts->application))) && json_put(o, "steps", case_steps(v)) &&
               json_put(o, "sheets", case_sheets(v)) && json_put(o, "criteria", case_criteria(v)) && json_put(o, "ratings", case_ratings(v)) &&
               (!v->facts->ratings.n || json_put(o, "conf2plus", json_boolean(case_conf2plus(v)))) && json_put(o, "open", case_open(v)) &&
               json_put(o, "duties", duties_of(v->rq, DUTIES_OF_APP, v->facts->application.id)) && json_put(o, "exceptions", exceptions);
}

static int show_application(struct request *rq, struct reply *out, struct err *e)
{
        struct case_facts *f = arena_new(rq->arena, struct case_facts);
        const struct row *app;
        const struct pack *pack;
        struct case_view v;
        struct gist gist;
        int r = f ? facts_load(f, &pack, rq->office, rq->db, rq->param, rq->now, rq->arena, e) : err_set(e, ERR_NOMEM, "application");

        if (r == ERR_OK && !caller_sees_case(rq, pack, f))
                r = err_key(e, ERR_ABSENT, "application.absent", "", NULL); /* whether it exists is not told */
        if (r == ERR_OK)
                r = case_view_init(&v, rq, pack, f, e);
        if (r == ERR_OK)
                r = gist_make(&gist, &v, e);
        if (r < 0)
                return r;
        app = &f->application;
        out->json = json_pack("{s:s, s:o, s:o, s:o, s:o, s:I, s:{s:o, s:o, s:o}, s:o, s:o, s:o}", "id", app->id,
                              "number", json_of(row_get_text(app, APPLICATION_number)), "form", json_of(row_get_text(app, APPLICATION_form)),
                              "title", form_title(pack, row_get_text(app, APPLICATION_form)), "state", json_of(row_get_text(app, APPLICATION_state)),
                              "rev", (json_int_t)app->rev, "applicant", "id", json_of(row_get_text(app, APPLICATION_applicant)),
                              "name", person_name(rq, row_get_text(app, APPLICATION_applicant)), "section", json_of(row_get_text(app, APPLICATION_section)),
                              "submitted_at", json_time(row_get_int(app, APPLICATION_submitted_at)),
                              "may", may_json(procedure_may(pack, f, &rq->session.who, rq->now)), "timeline", timeline_json(rq, f));
        if (!out->json || !put_subject(out->json, rq, f) || !put_parts(out->json, &v) || !gist_put(out->json, &gist))
                return err_set(e, ERR_NOMEM, "application");
        if (f->permit.rev)
                (void)json_put(out->json, "permit", permit_json(rq, &f->permit));
        return ERR_OK;
}

/* One snapshot, so that state, permit and timeline are of one moment. */
int get_application(struct request *rq, struct reply *out, struct err *e)
{
        bool ours = !db_in_transaction(rq->db);          /* a demonstration that is being made reads inside its own */
        int r = ours ? db_begin_read(rq->db, e) : ERR_OK;

        if (r < 0)
                return r;
        r = show_application(rq, out, e);
        if (ours)
                db_rollback(rq->db);
        return r;
}
