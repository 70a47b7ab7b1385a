/* account.c - a person's own password, and passwords of others that two people set anew. */
#include "server/office/api/answers.h"
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/words.h"
#include "server/office/command/resets.h"
#include "server/office/session/credential.h"
#include "server/office/session/password.h"

static int done(struct reply *out, const struct receipt *receipt, struct err *e)
{
        out->json = json_pack("{s:o}", "receipt", json_receipt(receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

/* Passwords are taken as they are typed: brought into NFC they would be others for whoever set them elsewhere. */
static int raw_member(struct str *out, const json_t *o, const char *name, struct err *e)
{
        const json_t *v = json_object_get(o, name);

        if (!json_is_string(v))
                return err_key(e, ERR_INPUT, v ? "common.member.type" : "common.member.missing", name, name, NULL);
        *out = (struct str){ json_string_value(v), json_string_length(v) };
        return ERR_OK;
}

int change_password(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "old", MEMBER_TEXT, 4096, false }, { "new", MEMBER_TEXT, 4096, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct str old, password;
        struct receipt receipt;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = raw_member(&old, doc, "old", e);
        if (r == ERR_OK)
                r = raw_member(&password, doc, "new", e);
        if (r == ERR_OK)
                r = credential_change(&receipt, rq->office, rq->db, &rq->session, old, password, rq->now, e);
        return r < 0 ? r : done(out, &receipt, e);
}

/* ---- resets ---- */

static json_t *who_json(struct request *rq, struct str id)
{
        struct row p;

        if (store_row(&p, rq->db, TABLE_PERSON, word_of(rq, id), NULL, rq->arena, NULL) < 0 || !p.rev)
                return json_pack("{s:o, s:s, s:s}", "id", json_of(id), "name", "", "section", "");
        return json_pack("{s:o, s:o, s:o}", "id", json_of(id), "name", json_of(row_get_text(&p, PERSON_name)), "section", json_of(row_get_text(&p, PERSON_section)));
}

static const char *state_of(const struct row *r, utime_t now)
{
        struct err why = { 0 };

        if (row_is(r, RESET_state, "asked"))
                return reset_may_confirm(r, "", now, &why) == ERR_OK ? "asked" : "late";
        return row_is(r, RESET_state, "confirmed") ? "confirmed" : "ended";
}

static json_t *reset_json(struct request *rq, const struct row *r)
{
        const char *me = rq->session.who.person;
        json_t *o = json_pack("{s:s, s:o, s:o, s:o, s:o, s:s, s:b, s:b}", "id", r->id, "person", who_json(rq, row_get_text(r, RESET_person)), "reason",
                              json_of(row_get_text(r, RESET_reason)), "asked_by", person_json(rq, row_get_text(r, RESET_asked_by)), "asked_at",
                              json_time(row_get_int(r, RESET_asked_at)), "state", state_of(r, rq->now), "may_confirm", reset_may_confirm(r, me, rq->now, NULL) == ERR_OK,
                              "may_end", row_is(r, RESET_state, "asked"));

        if (o && row_get_text(r, RESET_done_by).n)
                (void)json_put(o, "done_by", person_json(rq, row_get_text(r, RESET_done_by)));
        if (o && put_time(o, "done_at", row_get_int(r, RESET_done_at)))
                (void)put_time(o, "until", row_get_int(r, RESET_until_at));
        return o;
}

int list_resets(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array();
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_rows(&rows, &n, rq->db, RESETS_ALL, STR(""), rq->arena, e);

        if (r < 0)
                return r;
        for (size_t i = 0; i < n; i++)
                if (json_array_append_new(items, reset_json(rq, &rows[i])) < 0)
                        return err_set(e, ERR_NOMEM, "resets");
        out->json = json_pack("{s:O, s:I}", "items", items, "total", (json_int_t)n);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "resets");
}

int ask_reset(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "person", MEMBER_TEXT, ID_BYTES, false }, { "reason", MEMBER_TEXT, REASON_BYTES, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_ask_reset act = { .person = rq->session.who.person };
        struct uuid id;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK && !uuid_parse(v[0].text, &id))
                r = err_key(e, ERR_ABSENT, "reset.person.absent", "person", NULL);
        if (r == ERR_OK)
                r = answers_reason(&act.reason, v[1].text, rq, e);
        act.of = word_of(rq, v[0].text);
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_ask_reset, &act, e);
        if (r < 0)
                return r;
        out->status = 201;
        out->json = json_pack("{s:s, s:o}", "id", act.id, "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

static int no_members(struct request *rq, struct err *e)
{
        struct member_value none[1];
        scoped(json_decref) json_t *doc = NULL;
        struct uuid id;
        int r = shape_read(&doc, none, rq->scgi->body, NULL, 0, rq->arena, e);

        return r == ERR_OK && !uuid_parse(rq->param, &id) ? err_key(e, ERR_ABSENT, "reset.absent", "", NULL) : r;
}

/* The hash is made before the writer is asked: for a refusal that is work for nothing, so what can be seen before is. */
int confirm_reset(struct request *rq, struct reply *out, struct err *e)
{
        struct act_confirm_reset act = { .person = rq->session.who.person, .id = rq->param };
        char code[24], phc[PASSWORD_PHC_MAX];
        struct row reset;
        int r = no_members(rq, e);

        if (r == ERR_OK)
                r = store_row(&reset, rq->db, TABLE_RESET, word_of(rq, rq->param), NULL, rq->arena, e);
        if (r == ERR_OK && !reset.rev)
                r = err_key(e, ERR_ABSENT, "reset.absent", "", NULL);
        if (r == ERR_OK)
                r = reset_may_confirm(&reset, act.person, rq->now, e);
        password_make(code);
        if (r == ERR_OK)
                r = password_hash(phc, str_of(code), e);
        act.phc = str_of(phc);
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_confirm_reset, &act, e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:s, s:o, s:o}", "code", code, "until", json_time(act.until), "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

int end_reset(struct request *rq, struct reply *out, struct err *e)
{
        struct act_end_reset act = { .person = rq->session.who.person, .id = rq->param };
        int r = no_members(rq, e);

        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_end_reset, &act, e);
        return r < 0 ? r : done(out, &act.receipt, e);
}
