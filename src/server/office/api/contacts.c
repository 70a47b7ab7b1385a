/* contacts.c - whom to call now, that they were reached, and calls that wait for an answer. */
#include "server/office/api/answers.h"
#include "server/office/api/handlers.h"
#include "server/office/api/incidents.h"
#include "server/office/command/alarm.h"
#include "server/office/store/query_incident.h"

static int contacts(struct row_list *out, struct request *rq, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_incident_rows(&rows, &n, rq->db, CONTACTS_ACTIVE, STR(""), rq->arena, e);

        *out = (struct row_list){ rows, n };
        return r;
}

/* The order in which people are called at this hour; then everybody who was not reached within the pack's period. */
int list_contacts_now(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array(), *unchecked = json_array();
        enum watch watch = ladder_watch(rq->office->pack, rq->now);
        struct rung rungs[LADDER_MAX];
        struct row_list all;
        size_t n;
        int r = contacts(&all, rq, e);

        if (r < 0)
                return r;
        n = ladder_build(rungs, &all, watch);
        for (size_t i = 0; i < n; i++) {
                json_t *o = contact_json(rq, rungs[i].contact);

                if (o && json_put(o, "stands_in", json_boolean(rungs[i].stands_in)) && json_put(o, "called", json_boolean(rungs[i].alarmed)))
                        (void)json_array_append_new(items, o);
                else
                        json_decref(o);
        }
        for (size_t i = 0; i < all.n; i++)
                if (contact_is_unchecked(rq->office->pack, &all.rows[i], rq->now))
                        (void)json_array_append_new(unchecked, contact_json(rq, &all.rows[i]));
        out->json = json_pack("{s:s, s:O, s:O}", "watch", watch_names[watch], "items", items, "unchecked", unchecked);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "contacts");
}

static int take_how(struct str *how, int64_t *rev, bool with_rev, struct request *rq, struct err *e)
{
        static const struct member members[] = { { "how", MEMBER_TEXT, REASON_BYTES, false }, { "rev", MEMBER_INT, 0, false } };
        static const struct pack_field field = { .id = "how", .type = FIELD_LINES, .max_chars = REASON_CHARS };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        int r = shape_read(&doc, v, rq->scgi->body, members, with_rev ? 2 : 1, rq->arena, e);

        if (r == ERR_OK)
                r = answers_texts(how, &field, &v[0].text, 1, rq, e);
        *rev = v[1].i;
        return r;
}

int check_contact(struct request *rq, struct reply *out, struct err *e)
{
        struct act_check_contact act = { .person = rq->session.who.person, .contact = rq->param };
        int r = take_how(&act.how, &act.rev, true, rq, e);

        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_check_contact, &act, e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:I, s:o}", "rev", (json_int_t)act.rev_after, "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

/* ---- alerts ---- */

int list_alerts(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array();
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_incident_rows(&rows, &n, rq->db, ALERTS_WAITING, str_of(rq->session.who.person), rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                json_t *o = alert_json(rq, &rows[i]);
                struct row incident;

                r = store_row(&incident, rq->db, TABLE_INCIDENT, word_of(rq, row_get_text(&rows[i], ALERT_incident)), NULL, rq->arena, e);
                if (o && r == ERR_OK)
                        (void)(json_put(o, "number", json_of(row_get_text(&incident, INCIDENT_number))) && json_put(o, "drill", json_boolean(row_get_int(&incident, INCIDENT_drill))));
                (void)json_array_append_new(items, o);
        }
        if (r < 0)
                return r;
        out->json = json_pack("{s:O}", "items", items);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "alerts");
}

int acknowledge_alert(struct request *rq, struct reply *out, struct err *e)
{
        struct act_acknowledge act = { .person = rq->session.who.person, .alert = rq->param };
        int64_t rev;
        int r = take_how(&act.how, &rev, false, rq, e);

        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_acknowledge, &act, e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:s, s:o}", "incident", act.incident, "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}
