/* duties.c - what is due, exceptions that hold, and who may stand in for whom. */
#include "server/office/api/duties.h"

#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"

enum { PAGE = 100 };

/* ---- duties ---- */

static json_t *duty_json(struct request *rq, const struct row *d)
{
        bool open = row_is(d, DUTY_state, "open");
        json_t *o = json_pack("{s:s, s:o, s:o, s:o, s:b, s:I}", "id", d->id, "kind", json_of(row_get_text(d, DUTY_kind)), "text", json_of(row_get_text(d, DUTY_text)),
                              "state", json_of(row_get_text(d, DUTY_state)), "overdue", open && rq->now >= row_get_int(d, DUTY_due_at), "rev", (json_int_t)d->rev);

        if (!o)
                return NULL;
        (void)(put_str(o, "role", row_get_text(d, DUTY_role)) && put_str(o, "section", row_get_text(d, DUTY_section)) &&
               put_str(o, "application", row_get_text(d, DUTY_application)) && put_str(o, "what", row_get_text(d, DUTY_what)) &&
               put_time(o, "due_at", row_get_int(d, DUTY_due_at)) && put_time(o, "closed_at", row_get_int(d, DUTY_closed_at)) &&
               put_str(o, "evidence", row_get_text(d, DUTY_evidence)));
        if (row_get_text(d, DUTY_role).n)
                (void)json_put(o, "role_name", role_name(rq->office->pack, word_of(rq, row_get_text(d, DUTY_role))));
        if (row_get_text(d, DUTY_person).n)
                (void)json_put(o, "person", person_json(rq, row_get_text(d, DUTY_person)));
        if (row_get_text(d, DUTY_closed_by).n)
                (void)json_put(o, "closed_by", person_name(rq, row_get_text(d, DUTY_closed_by)));
        if (row_get_text(d, DUTY_service).n)
                (void)json_put(o, "service", json_pack("{s:o, s:o}", "id", json_of(row_get_text(d, DUTY_service)), "name", service_name(rq, row_get_text(d, DUTY_service))));
        return o;
}

json_t *duties_of(struct request *rq, enum rows_by by, const char *id)
{
        json_t *list = json_array();
        struct row *rows = NULL;
        size_t n = 0;

        if (query_rows(&rows, &n, rq->db, by, str_of(id), rq->arena, NULL) < 0)
                return list;
        for (size_t i = 0; i < n; i++)
                (void)json_array_append_new(list, duty_json(rq, &rows[i]));
        return list;
}

/* The roles a person holds, as the statements want them. */
static struct str roles_of(struct request *rq)
{
        scoped(json_decref) json_t *list = json_array();
        char *text;
        struct str out = STR("[]");

        for (size_t i = 0; i < rq->session.who.roles_count; i++)
                (void)json_array_append_new(list, json_string(rq->session.who.roles[i]));
        text = json_dumps(list, JSON_COMPACT);
        if (text)
                out = str_of(arena_text(rq->arena, text));
        free(text);
        return out;
}

/* `after` is "<microseconds>.<id>" of the last line seen. */
static int set_after(struct duty_filter *f, struct str after, struct err *e)
{
        struct str at, id;
        struct uuid check;
        uint64_t t;

        if (!str_cut(after, '.', &at, &id) || !str_u64(at, INT64_MAX, &t) || !uuid_parse(id, &check))
                return err_key(e, ERR_INPUT, "list.after.bad", "after", NULL);
        f->after_at = (utime_t)t;
        f->after_id = id;
        return ERR_OK;
}

/* mine: open ones of this person and of the roles they hold. all: for those who see to all of them. */
static int filter_of(struct duty_filter *f, struct request *rq, struct str view, struct err *e)
{
        *f = (struct duty_filter){ .limit = PAGE + 1, .after_at = INT64_MIN, .state = STR("open") };
        if (str_is(view, "mine") || (str_is(view, "all") && !caller_sees_all(rq))) {
                f->person = str_of(rq->session.who.person);
                f->section = rq->session.who.section;
                f->roles = roles_of(rq);
        } else if (str_is(view, "closed") && caller_sees_all(rq)) {
                f->state = STR("closed");
        } else if (!str_is(view, "all")) {
                return err_key(e, ERR_INPUT, "list.view.bad", "view", NULL);
        }
        return ERR_OK;
}

int list_duties(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array();
        struct str view = STR("mine"), after = STR("");
        struct duty_filter f;
        struct row *rows = NULL;
        size_t n = 0;
        int r = scgi_field(&view, rq->scgi->query, "view", rq->arena, e);

        if (r == ERR_OK || r == ERR_ABSENT)
                r = scgi_field(&after, rq->scgi->query, "after", rq->arena, e);
        if (r < 0 && r != ERR_ABSENT)
                return r;
        r = filter_of(&f, rq, view, e);
        if (r == ERR_OK && after.n)
                r = set_after(&f, after, e);
        if (r == ERR_OK)
                r = query_duties(&rows, &n, rq->db, &f, rq->arena, e);
        if (r < 0)
                return r;
        for (size_t i = 0; i < n && i < PAGE; i++)
                if (json_array_append_new(items, duty_json(rq, &rows[i])) < 0)
                        return err_set(e, ERR_NOMEM, "duties");
        out->json = json_pack("{s:O}", "items", items);
        if (n > PAGE && out->json)
                (void)json_put(out->json, "next", json_string(arena_printf(rq->arena, "%lld.%s", (long long)row_get_int(&rows[PAGE - 1], DUTY_due_at), rows[PAGE - 1].id)));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "duties");
}

/* ---- exceptions ---- */

void exceptions_of(json_t *list, struct request *rq, const char *application)
{
        struct row *rows = NULL;
        size_t n = 0;

        if (store_rows_of(&rows, &n, rq->db, TABLE_EXCEPTION, application, 1000, rq->arena, NULL) < 0)
                return;
        for (size_t i = 0; i < n; i++) {
                const struct row *x = &rows[i];
                bool active = row_is(x, EXCEPTION_state, "active") && rq->now < row_get_int(x, EXCEPTION_until_at);
                json_t *o = json_pack("{s:s, s:s, s:o, s:o, s:o, s:s}", "of", x->id, "item", x->k, "application", json_of(row_get_text(x, EXCEPTION_application)), "from",
                                      json_time(row_get_int(x, EXCEPTION_from_at)), "until", json_time(row_get_int(x, EXCEPTION_until_at)), "state",
                                      active ? "active" : "expired");

                (void)json_array_append_new(list, o);
        }
}

/* ---- deputies ---- */

int list_deputies(struct request *rq, struct reply *out, struct err *e)
{
        bool all = caller_sees(rq, "secretariat") || caller_sees(rq, "auditor");
        scoped(json_decref) json_t *items = json_array();
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_rows(&rows, &n, rq->db, all ? DEPUTIES_ALL : DEPUTIES_OF, str_of(rq->session.who.person), rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                const struct row *d = &rows[i];
                bool active = row_is(d, DEPUTY_state, "active") && rq->now < row_get_int(d, DEPUTY_until_at);
                json_t *o = json_pack("{s:s, s:o, s:o, s:o, s:o, s:s, s:I}", "id", d->id, "principal", person_json(rq, str_of(d->id)), "deputy",
                                      person_json(rq, str_of(d->k)), "from", json_time(row_get_int(d, DEPUTY_from_at)), "until",
                                      json_time(row_get_int(d, DEPUTY_until_at)), "state", active ? "active" : "ended", "rev", (json_int_t)d->rev);

                if (o && row_get_text(d, DEPUTY_role).n)
                        (void)json_put(o, "role", json_of(row_get_text(d, DEPUTY_role)));
                if (json_array_append_new(items, o) < 0)
                        r = err_set(e, ERR_NOMEM, "deputies");
        }
        if (r < 0)
                return r;
        out->json = json_pack("{s:O}", "items", items);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "deputies");
}
