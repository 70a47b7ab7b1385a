/* erasures.c - what is kept until when, what is due, and the proposals to erase it. */
#include "server/office/command/erasures.h"

#include "server/office/api/answers.h"
#include "server/office/api/handlers.h"
#include "server/office/api/words.h"
#include "server/office/store/query.h"

static json_t *unit_json(const struct erasable *u, utime_t now)
{
        json_t *o = json_pack("{s:s, s:s, s:i, s:i, s:b, s:I, s:I, s:b}", "unit", u->name, "kind", retention_word(u->unit.retention), "year", u->unit.year, "years", (int)u->years,
                              "is_due", u->due <= now, "texts", (json_int_t)u->texts, "files", (json_int_t)u->files, "proposed", (int)u->proposed);

        if (o)
                (void)put_time(o, "due", u->due);
        return o;
}

static int put_units(json_t *doc, struct request *rq, struct err *e)
{
        struct erasable *units = NULL, *due = NULL;
        json_t *list = json_array();
        size_t n = 0, m = 0;
        int r = json_put(doc, "units", list) ? ERR_OK : err_set(e, ERR_NOMEM, "units");

        if (r == ERR_OK)
                r = erasures_units(&units, &n, rq->office, rq->db, false, rq->now, rq->arena, e);
        if (r == ERR_OK)
                r = erasures_units(&due, &m, rq->office, rq->db, true, rq->now, rq->arena, e);
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                for (size_t k = 0; k < m; k++)
                        if (strcmp(units[i].name, due[k].name) == 0)
                                units[i].files = due[k].files;        /* files are counted of what is due only */
                r = json_array_append_new(list, unit_json(&units[i], rq->now)) == 0 ? ERR_OK : err_set(e, ERR_NOMEM, "units");
        }
        return r;
}

static json_t *row_json(const struct row *row)
{
        json_t *o = json_pack("{s:s, s:o, s:I, s:I, s:I, s:I}", "unit", row->k, "state", json_of(row_get_text(row, ERASURE_state)), "years", (json_int_t)row_get_int(row, ERASURE_years),
                              "texts", (json_int_t)row_get_int(row, ERASURE_texts), "files", (json_int_t)row_get_int(row, ERASURE_files), "renewed",
                              (json_int_t)row_get_int(row, ERASURE_renewed));

        if (o)
                (void)put_time(o, "erased_at", row_get_int(row, ERASURE_erased_at));
        return o;
}

/* Its first row says what holds for all of them. */
static json_t *proposal_json(struct request *rq, const struct row *row, json_t *units)
{
        const struct pack *pack = rq->office->pack;
        const struct actor *who = &rq->session.who;
        bool asked = row_is(row, ERASURE_state, "asked"), own = row_is(row, ERASURE_asked_by, who->person), confirms = erasure_may_confirm(pack, who);
        json_t *o = json_pack("{s:s, s:o, s:b, s:b}", "id", row->id, "units", units, "may_confirm", asked && confirms && !own, "may_refuse", asked && (confirms || own));

        if (!o)
                return NULL;
        (void)(put_time(o, "asked_at", row_get_int(row, ERASURE_asked_at)) && put_time(o, "decided_at", row_get_int(row, ERASURE_decided_at)) &&
               put_str(o, "reason", row_get_text(row, ERASURE_reason)) && put_str(o, "answer", row_get_text(row, ERASURE_answer)));
        if (row_get_text(row, ERASURE_asked_by).n)
                (void)json_put(o, "asked_by", person_json(rq, row_get_text(row, ERASURE_asked_by)));
        if (row_get_text(row, ERASURE_decided_by).n)
                (void)json_put(o, "decided_by", person_json(rq, row_get_text(row, ERASURE_decided_by)));
        return o;
}

static int put_proposals(json_t *doc, struct request *rq, struct err *e)
{
        json_t *list = json_array(), *units = NULL;
        struct row *rows = NULL;
        size_t n = 0;
        int r = json_put(doc, "proposals", list) ? query_rows(&rows, &n, rq->db, ERASURES_ALL, STR(""), rq->arena, e) : err_set(e, ERR_NOMEM, "proposals");

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                if (!i || strcmp(rows[i].id, rows[i - 1].id) != 0) {
                        units = json_array();
                        r = json_array_append_new(list, proposal_json(rq, &rows[i], units)) == 0 ? ERR_OK : err_set(e, ERR_NOMEM, "proposals");
                }
                if (r == ERR_OK && json_array_append_new(units, row_json(&rows[i])) != 0)
                        r = err_set(e, ERR_NOMEM, "proposals");
        }
        return r;
}

int list_erasures(struct request *rq, struct reply *out, struct err *e)
{
        const struct pack *pack = rq->office->pack;
        const struct actor *who = &rq->session.who;
        int r;

        if (!erasure_may_see(pack, who))
                return err_key(e, ERR_FORBIDDEN, "erase.role.see", "", NULL);
        out->json = json_pack("{s:b, s:b}", "may_ask", erasure_may_ask(pack, who) && pack->settings.records_role, "may_confirm", erasure_may_confirm(pack, who));
        r = out->json ? put_units(out->json, rq, e) : err_set(e, ERR_NOMEM, "answer");
        return r < 0 ? r : put_proposals(out->json, rq, e);
}

int ask_erasure(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "units", MEMBER_ARRAY, 0, false }, { "reason", MEMBER_TEXT, REASON_BYTES, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_erasure_ask act = { .person = rq->session.who.person };
        struct str units[ERASURE_UNITS_MAX];
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK && json_array_size(v[0].object) > ERASURE_UNITS_MAX)
                r = err_key(e, ERR_INPUT, "erase.units", "units", NULL);
        for (size_t i = 0; r == ERR_OK && i < json_array_size(v[0].object); i++) {
                const json_t *u = json_array_get(v[0].object, i);

                if (!json_is_string(u) || json_string_length(u) >= UNIT_NAME)
                        r = err_key(e, ERR_INPUT, "erase.units", "units", NULL);
                else
                        units[act.units_count++] = str_of(json_string_value(u));
        }
        if (r == ERR_OK)
                r = answers_reason(&act.reason, v[1].text, rq, e);
        act.units = units;
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_ask_erasure, &act, e);
        if (r < 0)
                return r;
        out->status = 201;
        out->json = json_pack("{s:s, s:o}", "id", act.id, "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

static int decide(struct request *rq, struct reply *out, act_fn *fn, struct act_erasure *act, struct err *e)
{
        int r;

        act->person = rq->session.who.person;
        act->id = rq->param;
        r = writer_run(rq->office->writer, fn, act, e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:s, s:o}", "id", word_of(rq, rq->param), "receipt", json_receipt(&act->receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

int confirm_erasure(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *doc = NULL;
        struct act_erasure act = { 0 };
        int r = shape_read(&doc, NULL, rq->scgi->body, NULL, 0, rq->arena, e);

        return r < 0 ? r : decide(rq, out, act_confirm_erasure, &act, e);
}

int refuse_erasure(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "reason", MEMBER_TEXT, REASON_BYTES, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_erasure act = { 0 };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = answers_reason(&act.reason, v[0].text, rq, e);
        return r < 0 ? r : decide(rq, out, act_refuse_erasure, &act, e);
}
