/* services.c - the register of external services: the list that everybody may read, and one service with what hangs on it. */
#include "server/office/api/caller.h"
#include "server/office/api/duties.h"
#include "server/office/api/handlers.h"
#include "server/office/api/rows.h"
#include "server/office/api/service_parts.h"
#include "server/office/command/suspend.h"

#include "core/register/access.h"

enum { PAGE = 50 };

static json_t *ratings_json(struct request *rq, const char *service)
{
        json_t *list = json_array();
        struct row *rows = NULL;
        size_t n = 0;

        if (store_rows_of(&rows, &n, rq->db, TABLE_RATING, service, 100, rq->arena, NULL) < 0)
                return list;
        for (size_t i = 0; i < n; i++) {
                const struct pack_axis *axis = pack_find_axis(rq->office->pack, rows[i].k);
                json_t *o = json_pack("{s:s, s:o}", "axis", rows[i].k, "level", json_of(row_get_text(&rows[i], RATING_level)));

                for (size_t k = 0; axis && k < axis->levels_count; k++)
                        if (row_is(&rows[i], RATING_level, axis->levels[k].id))
                                (void)json_put(o, "level_name", json_text(&axis->levels[k].name));
                if (axis)
                        (void)json_put(o, "name", json_text(&axis->name));
                (void)json_array_append_new(list, o);
        }
        return list;
}

static json_t *provider_name(struct request *rq, struct str id)
{
        struct row p;

        if (!id.n || store_row(&p, rq->db, TABLE_PROVIDER, word_of(rq, id), NULL, rq->arena, NULL) < 0)
                return json_string("");
        return json_of(row_get_text(&p, PROVIDER_name));
}

static json_t *service_json(struct request *rq, const struct row *s)
{
        json_t *o = json_pack("{s:s, s:o, s:o, s:o, s:b, s:o, s:o, s:I}", "id", s->id, "name", json_of(row_get_text(s, SERVICE_name)), "provider",
                              provider_name(rq, row_get_text(s, SERVICE_provider)), "section", json_of(row_get_text(s, SERVICE_section)), "conf2plus",
                              row_get_int(s, SERVICE_conf2plus) != 0, "ratings", ratings_json(rq, s->id), "state", json_of(row_get_text(s, SERVICE_state)), "rev",
                              (json_int_t)s->rev);

        if (o && row_get_text(s, SERVICE_manager).n)
                (void)json_put(o, "manager", person_json(rq, row_get_text(s, SERVICE_manager)));
        if (o && put_time(o, "from", row_get_int(s, SERVICE_from_at)) && put_time(o, "until", row_get_int(s, SERVICE_until_at)))
                (void)put_time(o, "review_at", row_get_int(s, SERVICE_review_at));
        return o;
}

/* What another register says is for those who see that one. */
static bool sees_register(struct request *rq, enum table t, const struct row *s)
{
        bool manages = row_is(s, SERVICE_manager, rq->session.who.person) || row_is(s, SERVICE_deputy, rq->session.who.person);

        return access_sees(register_of_table(t), rq->office->pack, &rq->session.who, manages);
}

/* A line of the list: the row, and what other registers say of it. */
static json_t *line_json(struct request *rq, const struct row *s)
{
        struct service_mark m = { 0 };
        json_t *o = service_json(rq, s);

        if (!o || query_service_mark(&m, rq->db, s, NULL) < 0)
                return o;
        if (sees_register(rq, TABLE_CERTIFICATE, s))
                (void)put_time(o, "certificate_until", m.certificate_until);
        if (sees_register(rq, TABLE_FINDING, s))
                (void)json_put(o, "findings", json_integer((json_int_t)m.findings));
        return o;
}

int list_services(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array();
        struct register_filter f = { .limit = PAGE + 1 };
        const struct register_info *reg = register_of_table(TABLE_SERVICE);
        struct row *rows = NULL;
        uint64_t total = 0;
        bool at_least;
        size_t n = 0;
        int r = rows_filter(&f, rq, reg, e);

        if (r == ERR_OK)
                r = query_register_counted(&rows, &n, &total, &at_least, rq->db, reg, &f, rq->arena, e);
        if (r < 0)
                return r;
        for (size_t i = 0; i < n && i < PAGE; i++)
                if (json_array_append_new(items, line_json(rq, &rows[i])) < 0)
                        return err_set(e, ERR_NOMEM, "services");
        out->json = json_pack("{s:O, s:I, s:b}", "items", items, "total", (json_int_t)total, "at_least", at_least);
        if (out->json && n > PAGE)
                (void)json_put(out->json, "next", json_string(rows[PAGE - 1].id));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "services");
}

/* ---- one service ---- */

/* Duties, exceptions and whose applications stand behind a service are for those who look after it, and after all of them. */
static bool sees_inside(struct request *rq, const struct row *s)
{
        return caller_sees_all(rq) || row_is(s, SERVICE_manager, rq->session.who.person) || row_is(s, SERVICE_deputy, rq->session.who.person);
}

static json_t *uses_json(struct request *rq, const char *service)
{
        json_t *list = json_array(), *o;
        struct row *rows = NULL;
        size_t n = 0;

        if (query_rows(&rows, &n, rq->db, USES_OF_SERVICE, str_of(service), rq->arena, NULL) < 0)
                return list;
        for (size_t i = 0; i < n; i++) {
                o = json_pack("{s:s, s:o, s:o}", "id", rows[i].id, "section", json_of(row_get_text(&rows[i], USE_section)), "state",
                              json_of(row_get_text(&rows[i], USE_state)));
                if (o && put_time(o, "from", row_get_int(&rows[i], USE_from_at)))
                        (void)put_time(o, "until", row_get_int(&rows[i], USE_until_at));
                (void)json_array_append_new(list, o);
        }
        return list;
}

/* A flat list; `parent` makes the tree of re-subcontracting (再々委託). */
static json_t *subcontractors_json(struct request *rq, const char *service)
{
        json_t *list = json_array(), *o;
        struct row *rows = NULL;
        size_t n = 0;

        if (query_rows(&rows, &n, rq->db, SUBS_OF_SERVICE, str_of(service), rq->arena, NULL) < 0)
                return list;
        for (size_t i = 0; i < n; i++) {
                o = json_pack("{s:s, s:o, s:o, s:o, s:o}", "id", rows[i].id, "name", json_of(row_get_text(&rows[i], SUBCONTRACTOR_name)), "country",
                              json_of(row_get_text(&rows[i], SUBCONTRACTOR_country)), "work", json_of(row_get_text(&rows[i], SUBCONTRACTOR_work)), "state",
                              json_of(row_get_text(&rows[i], SUBCONTRACTOR_state)));
                if (o)
                        (void)put_str(o, "parent", row_get_text(&rows[i], SUBCONTRACTOR_parent));
                (void)json_array_append_new(list, o);
        }
        return list;
}

/* Its procedure ends the service: the end-of-use sheet (8.2(6)) stands in that case. */
static bool is_end(struct request *rq, const struct row *app)
{
        const struct pack *pack = facts_pack(rq->office, app);
        const struct pack_procedure *p = facts_procedure(pack ? pack : rq->office->pack, app);

        for (size_t i = 0; p && i < p->effects_count; i++)
                if (p->effects[i].kind == EFFECT_END_SERVICE)
                        return true;
        return false;
}

static json_t *applications_json(struct request *rq, const struct row *apps, size_t n)
{
        json_t *list = json_array();

        for (size_t i = 0; i < n; i++)
                (void)json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:b}", "id", apps[i].id, "number",
                                                            json_of(row_get_text(&apps[i], APPLICATION_number)), "form",
                                                            json_of(row_get_text(&apps[i], APPLICATION_form)), "title",
                                                            form_title(rq->office->pack, row_get_text(&apps[i], APPLICATION_form)), "state",
                                                            json_of(row_get_text(&apps[i], APPLICATION_state)), "submitted_at",
                                                            json_time(row_get_int(&apps[i], APPLICATION_submitted_at)), "ends",
                                                            is_end(rq, &apps[i])));
        return list;
}

static json_t *exceptions_json(struct request *rq, const struct row *apps, size_t n)
{
        json_t *list = json_array();

        for (size_t i = 0; i < n; i++)
                exceptions_of(list, rq, apps[i].id);
        return list;
}

static json_t *domains_json(struct str domains)
{
        json_t *list = json_array();
        struct str line, rest = domains;

        while (rest.n) {
                if (!str_cut(rest, '\n', &line, &rest)) {
                        line = rest;
                        rest = STR("");
                }
                if (line.n)
                        (void)json_array_append_new(list, json_of(line));
        }
        return list;
}

/* Acts on the service itself that would not be refused. */
static json_t *may_json(struct request *rq, const char *service)
{
        json_t *list = json_array();
        struct service_facts f;

        if (suspend_facts(&f, rq->db, str_of(service), rq->arena, NULL) < 0)
                return list;
        if (service_may_suspend(rq->office->pack, &f, false, &rq->session.who, rq->arena))
                (void)json_array_append_new(list, json_string("suspend"));
        if (service_may_suspend(rq->office->pack, &f, true, &rq->session.who, rq->arena))
                (void)json_array_append_new(list, json_string("resume"));
        return list;
}

/* Why it stands still is for all who use it. */
static bool put_suspension(json_t *o, const struct row *s)
{
        return !row_is(s, SERVICE_state, "suspended") || (put_str(o, "reason", row_get_text(s, SERVICE_reason)) && put_time(o, "suspended_at", row_get_int(s, SERVICE_suspended_at)));
}

int get_service(struct request *rq, struct reply *out, struct err *e)
{
        struct row service, *apps = NULL;
        struct uuid id;
        size_t n = 0;
        int r = uuid_parse(rq->param, &id) ? store_row(&service, rq->db, TABLE_SERVICE, word_of(rq, rq->param), NULL, rq->arena, e) : ERR_OK;

        if (r < 0)
                return r;
        if (!uuid_parse(rq->param, &id) || !service.rev)
                return err_key(e, ERR_ABSENT, "service.absent", "", NULL);
        if (sees_inside(rq, &service))
                r = query_rows(&apps, &n, rq->db, APPS_OF_SERVICE, str_of(service.id), rq->arena, e);
        if (r < 0)
                return r;
        out->json = line_json(rq, &service);
        if (!out->json || !json_put(out->json, "uses", uses_json(rq, service.id)) || !json_put(out->json, "subcontractors", subcontractors_json(rq, service.id)) ||
            !json_put(out->json, "enforced", service_enforced(rq, &service, apps, n)) || !json_put(out->json, "tree", service_tree(rq, &service)) ||
            !json_put(out->json, "timeline", sees_inside(rq, &service) ? service_timeline(rq, &service, apps, n) : json_array()) ||
            !json_put(out->json, "may", may_json(rq, service.id)) || !put_suspension(out->json, &service) ||
            !json_put(out->json, "domains", domains_json(row_get_text(&service, SERVICE_domains))) ||
            !json_put(out->json, "applications", applications_json(rq, apps, n)) || !json_put(out->json, "exceptions", exceptions_json(rq, apps, n)) ||
            !json_put(out->json, "duties", sees_inside(rq, &service) ? duties_of(rq, DUTIES_OF_SERVICE, service.id) : json_array()))
                return err_set(e, ERR_NOMEM, "service");
        if (row_get_text(&service, SERVICE_deputy).n)
                (void)json_put(out->json, "deputy", person_json(rq, row_get_text(&service, SERVICE_deputy)));
        if (row_get_text(&service, SERVICE_successor).n)
                (void)json_put(out->json, "successor", json_pack("{s:o, s:o}", "id", json_of(row_get_text(&service, SERVICE_successor)), "name",
                                                                 service_name(rq, row_get_text(&service, SERVICE_successor))));
        return ERR_OK;
}
