/* applications.c - the list of applications, and one of them with everything about it. */
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/waiting.h"
#include "server/office/api/words.h"
#include "server/office/command/facts.h"

#include "core/journal/canon.h"

enum { PAGE = 50 };

/* Which of many: the device, or the first words of a form that has none. */
static struct str headline(struct request *rq, const struct app_line *l)
{
        const struct pack_form *form = form_in(rq->office->pack, l->form);
        struct row row;

        for (size_t i = 0; !l->device.n && form && i < form->fields_count; i++)
                if (form->fields[i].type == FIELD_TEXT)
                        return store_row(&row, rq->db, TABLE_ANSWER, word_of(rq, l->id), form->fields[i].id, rq->arena, NULL) < 0 ? STR("") : row_get_text(&row, ANSWER_value);
        return l->device;
}

static json_t *line_json(struct request *rq, const struct app_line *l)
{
        json_t *o = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "id", json_of(l->id), "number", json_of(l->number), "form", json_of(l->form),
                              "title", form_title(rq->office->pack, l->form), "state", json_of(l->state), "applicant", json_of(l->applicant_name),
                              "device", json_of(headline(rq, l)), "submitted_at", json_time(l->submitted_at), "rev", (json_int_t)l->rev);

        if (o && l->permit_state.n)
                (void)json_put(o, "permit_state", json_of(l->permit_state));
        if (o && put_time(o, "until", l->until_at))
                (void)put_time(o, "enforced_at", l->enforced_at);
        return o;
}

/* view → filter. Everything is for those who see to all of it; a section manager sees the section. */
static int filter_of(struct app_filter *f, struct request *rq, struct str view, struct err *e)
{
        static const struct { const char *view; enum app_list list; } views[] = {
                { "mine", APPS_MINE }, { "drafted", APPS_DRAFTED }, { "waiting", APPS_WAITING }, { "all", APPS_SEEN },
        };

        *f = (struct app_filter){ .limit = PAGE + 1, .before_at = INT64_MAX, .person = str_of(rq->session.who.person), .section = rq->session.who.section };
        for (size_t i = 0; i < countof(views); i++) {
                if (!str_is(view, views[i].view))
                        continue;
                f->list = views[i].list;
                if (f->list == APPS_SEEN && caller_sees_all(rq))
                        f->list = APPS_ALL;
                else if (f->list == APPS_SEEN && caller_sees(rq, "section_manager"))
                        f->list = APPS_SECTION;
                return ERR_OK;
        }
        return err_key(e, ERR_INPUT, "list.view.bad", "view", NULL);
}

/* `after` is "<microseconds>.<id>" of the last line seen. */
static int set_after(struct app_filter *f, struct str after, struct err *e)
{
        struct str at, id;
        struct uuid check;
        uint64_t t;

        if (!str_cut(after, '.', &at, &id) || !str_u64(at, INT64_MAX, &t) || !uuid_parse(id, &check))
                return err_key(e, ERR_INPUT, "list.after.bad", "after", NULL);
        f->before_at = (utime_t)t;
        f->before_id = id;
        return ERR_OK;
}

/* What the list is asked for, and what it gives. */
struct page { struct app_filter filter; struct app_line *lines; size_t n; uint64_t total; bool more; };

static int read_query(struct page *p, struct request *rq, struct err *e)
{
        struct str view = STR(""), after = STR("");
        int r = scgi_field(&view, rq->scgi->query, "view", rq->arena, e);

        if (r == ERR_ABSENT)
                view = STR("mine");
        if (r == ERR_OK || r == ERR_ABSENT)
                r = scgi_field(&after, rq->scgi->query, "after", rq->arena, e);
        if (r < 0 && r != ERR_ABSENT)
                return r;
        r = filter_of(&p->filter, rq, view, e);
        return r == ERR_OK && after.n ? set_after(&p->filter, after, e) : r;
}

/* One line more than a page holds says whether another follows. */
static int read_page(struct page *p, struct request *rq, struct err *e)
{
        int r = query_applications(&p->lines, &p->n, rq->db, &p->filter, rq->arena, e);

        if (r == ERR_OK)
                r = query_applications_count(&p->total, rq->db, &p->filter, e);
        if (r < 0)
                return r;
        p->more = p->n > PAGE;
        p->n = p->more ? PAGE : p->n;
        if (p->n) {
                p->filter.before_at = p->lines[p->n - 1].submitted_at;
                p->filter.before_id = p->lines[p->n - 1].id;
        }
        return ERR_OK;
}

int list_applications(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array();
        struct page p = { 0 };
        int r = read_query(&p, rq, e);

        if (r == ERR_OK)
                r = p.filter.list == APPS_WAITING ? waiting_list(&p.lines, &p.n, &p.total, &p.more, rq, &p.filter, PAGE, e) : read_page(&p, rq, e);
        if (r < 0)
                return r;
        for (size_t i = 0; i < p.n; i++)
                if (json_array_append_new(items, line_json(rq, &p.lines[i])) < 0)
                        return err_set(e, ERR_NOMEM, "list");
        out->json = json_pack("{s:O, s:I}", "items", items, "total", (json_int_t)p.total);
        if (p.more && out->json)
                (void)json_put(out->json, "next", json_string(arena_printf(rq->arena, "%lld.%.*s", (long long)p.filter.before_at, (int)p.filter.before_id.n, p.filter.before_id.p)));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "list");
}

/* ---- one application ---- */

static json_t *answers_json(struct request *rq, const char *id, const struct pack_form *form)
{
        json_t *list = json_array();
        struct row *rows = NULL;
        size_t n = 0;

        if (!form || store_rows_of(&rows, &n, rq->db, TABLE_ANSWER, id, FORM_ANSWERS_MAX, rq->arena, NULL) < 0)
                return list;
        for (size_t f = 0; f < form->fields_count; f++)
                for (size_t i = 0; i < n; i++)
                        if (strcmp(rows[i].k, form->fields[f].id) == 0)
                                (void)json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:b}", "field", rows[i].k, "label", json_text(&form->fields[f].label),
                                                                            "value", json_of(row_get_text(&rows[i], ANSWER_value)),
                                                                            "erased", rows[i].v[ANSWER_value].kind == VALUE_ERASED));
        return list;
}

static json_t *step_title(const struct pack *pack, const struct row *app, const char *step)
{
        for (size_t i = 0; i < pack->procedures_count; i++)
                for (size_t s = 0; s < pack->procedures[i].steps_count; s++)
                        if (row_is(app, APPLICATION_procedure, pack->procedures[i].id) && strcmp(pack->procedures[i].steps[s].id, step) == 0)
                                return json_text(&pack->procedures[i].steps[s].title);
        return json_pack("{s:s, s:s}", "ja", step, "en", step);
}

static json_t *steps_json(struct request *rq, const struct case_facts *f)
{
        json_t *list = json_array();

        for (size_t i = 0; i < f->steps_count; i++) {
                const struct row *s = &f->steps[i];
                json_t *o = json_pack("{s:s, s:o, s:o, s:o}", "id", s->k, "title", step_title(rq->office->pack, &f->application, s->k),
                                      "role", json_of(row_get_text(s, STEP_role)), "state", json_of(row_get_text(s, STEP_state)));

                if (o && row_get_text(s, STEP_decider).n)
                        (void)json_put(o, "decider", person_name(rq, row_get_text(s, STEP_decider)));
                if (o && put_time(o, "decided_at", row_get_int(s, STEP_decided_at)) && row_get_text(s, STEP_reason).n)
                        (void)json_put(o, "reason", json_of(row_get_text(s, STEP_reason)));
                (void)json_array_append_new(list, o);
        }
        return list;
}

static json_t *permit_json(struct request *rq, const struct row *p)
{
        json_t *list = json_array(), *o;
        struct str zone_id = row_get_text(p, PERMIT_zone_id);
        const struct pack_zone *zone;
        struct row *rows = NULL;
        size_t n = 0;

        if (store_rows_of(&rows, &n, rq->db, TABLE_ENFORCEMENT, p->id, 256, rq->arena, NULL) < 0)
                n = 0;
        for (size_t i = 0; i < n; i++) {
                struct row gate;

                /* A report about an older revision of the permit is not shown as today's enforcement. */
                if (row_get_int(&rows[i], ENFORCEMENT_seq) < row_get_int(p, PERMIT_table_seq) || !row_get_int(p, PERMIT_table_seq) ||
                    store_row(&gate, rq->db, TABLE_GATE, rows[i].k, NULL, rq->arena, NULL) < 0)
                        continue;
                (void)json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:I}", "gate", rows[i].k, "gate_name", json_of(row_get_text(&gate, GATE_name)),
                                                            "at", json_time(row_get_int(&rows[i], ENFORCEMENT_at)),
                                                            "seq", (json_int_t)row_get_int(&rows[i], ENFORCEMENT_seq)));
        }
        o = json_pack("{s:s, s:I, s:o, s:o, s:o, s:o, s:o}", "id", p->id, "rev", (json_int_t)p->rev, "state", json_of(row_get_text(p, PERMIT_state)),
                      "zone", json_of(row_get_text(p, PERMIT_zone_id)), "from", json_time(row_get_int(p, PERMIT_from_at)),
                      "until", json_time(row_get_int(p, PERMIT_until_at)), "enforcement", list);
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
                { MAY_DECIDE, "decide" }, { MAY_WITHDRAW, "withdraw" }, { MAY_RESUBMIT, "resubmit" }, { MAY_REVOKE, "revoke" }, { MAY_CHANGE_UNTIL, "change-until" },
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

static int show_application(struct request *rq, struct reply *out, struct err *e)
{
        struct case_facts *f = arena_new(rq->arena, struct case_facts);
        const struct row *app;
        const struct pack *pack;
        unsigned may;
        int r = f ? facts_load(f, &pack, rq->office, rq->db, rq->param, rq->now, rq->arena, e) : err_set(e, ERR_NOMEM, "application");

        if (r < 0)
                return r;
        may = procedure_may(pack, f, &rq->session.who, rq->now);
        if (!(may & MAY_SEE))
                return err_key(e, ERR_ABSENT, "application.absent", "", NULL); /* whether it exists is not told */
        app = &f->application;
        out->json = json_pack("{s:s, s:o, s:o, s:o, s:o, s:I, s:{s:o, s:o, s:o}, s:o, s:o, s:o, s:o, s:o}", "id", app->id,
                              "number", json_of(row_get_text(app, APPLICATION_number)), "form", json_of(row_get_text(app, APPLICATION_form)),
                              "title", form_title(rq->office->pack, row_get_text(app, APPLICATION_form)), "state", json_of(row_get_text(app, APPLICATION_state)),
                              "rev", (json_int_t)app->rev, "applicant", "id", json_of(row_get_text(app, APPLICATION_applicant)),
                              "name", person_name(rq, row_get_text(app, APPLICATION_applicant)), "section", json_of(row_get_text(app, APPLICATION_section)),
                              "submitted_at", json_time(row_get_int(app, APPLICATION_submitted_at)),
                              "answers", answers_json(rq, app->id, form_in(rq->office->pack, row_get_text(app, APPLICATION_form))),
                              "steps", steps_json(rq, f), "may", may_json(may), "timeline", timeline_json(rq, f));
        if (out->json && f->permit.rev)
                (void)json_put(out->json, "permit", permit_json(rq, &f->permit));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "application");
}

/* One snapshot, so that state, permit and timeline are of one moment. */
int get_application(struct request *rq, struct reply *out, struct err *e)
{
        int r = db_begin_read(rq->db, e);

        if (r < 0)
                return r;
        r = show_application(rq, out, e);
        db_rollback(rq->db);
        return r;
}
