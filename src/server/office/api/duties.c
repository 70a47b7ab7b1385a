/* duties.c - what is due, exceptions that hold, and who may stand in for whom. */
#include "server/office/api/duties.h"

#include "server/office/api/answers.h"
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "core/procedure/duties.h"
#include "server/office/command/duties.h"

enum { PAGE = 100 };

/* ---- duties ---- */

/* What it is called, how it ends, and whether its day was counted over days off that nobody knows yet. */
static void put_rule(struct request *rq, json_t *o, const struct row *d)
{
        const struct pack *pack = rq->office->pack;
        const struct pack_duty *rule = duty_rule(pack, d);
        const char *act = duty_closing_act(d), *kind = arena_printf(rq->arena, "duty.kind.%s", word_of(rq, row_get_text(d, DUTY_kind)));
        utime_t due = row_get_int(d, DUTY_due_at);

        if (kind && text_known(kind))
                (void)json_put(o, "kind_name", json_pack("{s:s, s:s}", "ja", text_get(LANG_JA, kind), "en", text_get(LANG_EN, kind)));
        if (rule && rule->title.key)
                (void)put_text(o, "title", &rule->title);
        if (act && text_known(act))
                (void)json_put(o, "closed_by_act", json_pack("{s:s, s:s}", "ja", text_get(LANG_JA, act), "en", text_get(LANG_EN, act)));
        (void)json_put(o, "guessed", json_boolean(pack->years_count && due && !day_is_known(&pack->holidays, date_days(utime_date_jst(due - 1)))));
        if (row_get_text(d, DUTY_overdue_role).n)
                (void)json_put(o, "overdue_role_name", role_name(pack, word_of(rq, row_get_text(d, DUTY_overdue_role))));
        (void)(put_str(o, "rule", row_get_text(d, DUTY_rule)) && put_str(o, "subject", row_get_text(d, DUTY_subject)) &&
               put_str(o, "overdue_role", row_get_text(d, DUTY_overdue_role)) && put_time(o, "reminded_at", row_get_int(d, DUTY_reminded_at)));
}

json_t *duty_json(struct request *rq, const struct row *d)
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
        put_rule(rq, o, d);
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
struct str duties_roles(struct request *rq)
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

/* mine: open ones of this person and of the roles they hold, and what is overdue to these roles. all: for those who see to all of them. */
static int filter_of(struct duty_filter *f, struct request *rq, struct str view, struct err *e)
{
        *f = (struct duty_filter){ .limit = PAGE + 1, .now = rq->now, .after_at = INT64_MIN, .state = STR("open") };
        if (str_is(view, "mine") || (str_is(view, "all") && !caller_sees_all(rq))) {
                f->person = str_of(rq->session.who.person);
                f->section = rq->session.who.section;
                f->roles = duties_roles(rq);
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

/* Whose it is, who sees to all of them, and who may see the case it comes from. */
static bool sees_duty(struct request *rq, const struct duty_facts *d)
{
        struct str app = row_get_text(&d->duty, DUTY_application);
        struct case_facts *f;
        const struct pack *pack;

        if (caller_sees_all(rq) || duty_is_of(d, &rq->session.who) || duty_overdue_for(&d->duty, &rq->session.who, rq->now))
                return true;
        f = arena_new(rq->arena, struct case_facts);
        return f && app.n && facts_load(f, &pack, rq->office, rq->db, app, rq->now, rq->arena, NULL) == ERR_OK &&
               caller_sees_case(rq, pack, f);
}

static int done(struct reply *out, int64_t rev, const struct receipt *receipt, struct err *e)
{
        out->json = json_pack("{s:I, s:o}", "rev", (json_int_t)rev, "receipt", json_receipt(receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

int close_duty(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "evidence", MEMBER_TEXT, REASON_BYTES, false }, { "rev", MEMBER_INT, 0, false } };
        static const struct pack_field field = { .id = "evidence", .type = FIELD_LINES, .max_chars = REASON_CHARS };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_close_duty act = { .person = rq->session.who.person, .duty = rq->param };
        struct duty_facts *duty = arena_new(rq->arena, struct duty_facts);
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = answers_texts(&act.evidence, &field, &v[0].text, 1, rq, e);
        if (r == ERR_OK)
                r = duty ? facts_of_duty(duty, rq->db, rq->param, rq->arena, e) : err_set(e, ERR_NOMEM, "duty");
        if (r == ERR_OK && !sees_duty(rq, duty))
                r = err_key(e, ERR_ABSENT, "duty.absent", "", NULL);
        act.rev = v[1].i;
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_close_duty, &act, e);
        return r < 0 ? r : done(out, act.rev_after, &act.receipt, e);
}

/* ---- exceptions ---- */

/* What an exception is from, in words: a criterion's demand, or what a rule says when it is not kept. NULL when today's pack has neither. */
const struct pack_text *exception_text(const struct pack *pack, const char *item)
{
        const struct pack_criterion *c = pack_find_criterion(pack, item);

        for (size_t i = 0; !c && i < pack->procedures_count; i++)
                for (size_t k = 0; k < pack->procedures[i].rules_count; k++)
                        if (strcmp(pack->procedures[i].rules[k].id, item) == 0)
                                return &pack->procedures[i].rules[k].message;
        return c ? &c->text : NULL;
}

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
                const struct pack_text *text = exception_text(rq->office->pack, x->k);

                if (o && text)
                        (void)put_text(o, "text", text);
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

/* NULL: no id of a person. */
static const char *person_id(struct str s)
{
        struct uuid id;

        return uuid_parse(s, &id) ? s.p : NULL;
}

/* People write the first and the last day; both count. */
int name_deputy(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "deputy", MEMBER_TEXT, ID_BYTES, false }, { "from", MEMBER_TEXT, ID_BYTES, false }, { "until", MEMBER_TEXT, ID_BYTES, false },
                                                 { "principal", MEMBER_TEXT, ID_BYTES, true }, { "role", MEMBER_TEXT, ID_BYTES, true } };
        static const struct pack_field fields[] = { { .id = "from", .type = FIELD_DATE, .required = true }, { .id = "until", .type = FIELD_DATE, .required = true } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_name_deputy act = { .person = rq->session.who.person };
        struct str days[2];
        struct date from, until;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r < 0)
                return r;
        act.deputy = person_id(v[0].text);
        act.principal = v[3].text.n ? person_id(v[3].text) : act.person;
        act.role = v[4].text.n ? v[4].text.p : NULL;
        if (!act.deputy || !act.principal)
                return err_key(e, ERR_INPUT, "deputy.person.absent", act.deputy ? "principal" : "deputy", NULL);
        if (act.role && !pack_find_role(rq->office->pack, act.role))
                return err_key(e, ERR_INPUT, "list.role.unknown", "role", NULL);
        days[0] = v[1].text;
        days[1] = v[2].text;
        r = answers_texts(days, fields, days, countof(days), rq, e);
        if (r == ERR_OK && (!date_parse(days[0], &from) || !date_parse(days[1], &until)))
                r = err_set(e, ERR_BUG, "days");
        if (r < 0)
                return r;
        act.from = utime_from_jst(from);
        act.until = utime_from_jst(until) + UTIME_DAY;
        r = writer_run(rq->office->writer, act_name_deputy, &act, e);
        if (r == ERR_OK)
                out->status = 201;
        return r < 0 ? r : done(out, act.rev_after, &act.receipt, e);
}

int end_deputy(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "deputy", MEMBER_TEXT, ID_BYTES, false }, { "reason", MEMBER_TEXT, REASON_BYTES, false }, { "rev", MEMBER_INT, 0, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        const char *me = rq->session.who.person;
        struct act_end_deputy act = { .person = me };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = answers_reason(&act.reason, v[1].text, rq, e);
        if (r < 0)
                return r;
        act.principal = person_id(rq->param) ? word_of(rq, rq->param) : NULL;
        act.deputy = person_id(v[0].text);
        act.rev = v[2].i;
        if (!act.principal || !act.deputy || !(caller_sees(rq, "secretariat") || strcmp(act.principal, me) == 0 || strcmp(act.deputy, me) == 0))
                return err_key(e, ERR_ABSENT, "deputy.absent", "", NULL);
        r = writer_run(rq->office->writer, act_end_deputy, &act, e);
        return r < 0 ? r : done(out, act.rev_after, &act.receipt, e);
}
