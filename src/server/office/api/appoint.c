/* appoint.c - appointments to roles as people ask for them, confirm and end them; who reads them finds them with the posts (posts.c). */
#include "server/office/command/appoint.h"

#include "server/office/api/answers.h"
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/posts.h"
#include "server/office/api/words.h"
#include "server/office/store/query.h"

json_t *appointment_json(struct request *rq, const struct row *a)
{
        static const struct { const char *key; int col; } times[] = { { "from", APPOINTMENT_from_at }, { "until", APPOINTMENT_until_at }, { "asked_at", APPOINTMENT_asked_at },
                                                                      { "confirmed_at", APPOINTMENT_confirmed_at }, { "ended_at", APPOINTMENT_ended_at } };
        static const struct { const char *key; int col; } people[] = { { "replaces", APPOINTMENT_replaces }, { "asked_by", APPOINTMENT_asked_by },
                                                                       { "confirmed_by", APPOINTMENT_confirmed_by }, { "ended_by", APPOINTMENT_ended_by } };
        const struct actor *who = &rq->session.who;
        struct str role = row_get_text(a, APPOINTMENT_role);
        bool asked = row_is(a, APPOINTMENT_state, "asked"), open = asked || row_is(a, APPOINTMENT_state, "coming");
        json_t *o = json_pack("{s:s, s:o, s:o, s:o, s:o, s:I, s:b, s:b}", "id", a->id, "person", person_json(rq, row_get_text(a, APPOINTMENT_person)), "role", json_of(role), "role_name",
                              role_name(rq->office->pack, word_of(rq, role)), "state", json_of(row_get_text(a, APPOINTMENT_state)), "rev", (json_int_t)a->rev, "may_confirm",
                              asked && appoint_may_confirm(who) && !row_is(a, APPOINTMENT_asked_by, who->person) && !row_is(a, APPOINTMENT_person, who->person), "may_refuse",
                              open && appoint_may_confirm(who));

        for (size_t i = 0; o && i < countof(times); i++)
                (void)put_time(o, times[i].key, row_get_int(a, times[i].col));
        for (size_t i = 0; o && i < countof(people); i++)
                if (row_get_text(a, people[i].col).n)
                        (void)json_put(o, people[i].key, person_json(rq, row_get_text(a, people[i].col)));
        if (o)
                (void)(put_str(o, "why", row_get_text(a, APPOINTMENT_why)) && put_str(o, "reason", row_get_text(a, APPOINTMENT_reason)));
        return o;
}

/* ---- acts ---- */

static int done(struct reply *out, const char *id, const char *state, int64_t rev, const struct receipt *receipt, struct err *e)
{
        out->json = json_pack("{s:s, s:s, s:I, s:o}", "id", id, "state", state, "rev", (json_int_t)rev, "receipt", json_receipt(receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

static const char *person_id(struct request *rq, struct str s)
{
        struct uuid id;

        return uuid_parse(s, &id) ? word_of(rq, s) : NULL;
}

/* People write the first and the last day; both count. A day left out: 0. */
static int read_days(utime_t *from, utime_t *until, struct str from_text, struct str until_text, bool from_wanted, struct request *rq, struct err *e)
{
        const struct pack_field fields[] = { { .id = "from", .type = FIELD_DATE, .required = from_wanted }, { .id = "until", .type = FIELD_DATE } };
        struct str days[] = { from_text, until_text };
        struct date first, last;
        int r = answers_texts(days, fields, days, countof(days), rq, e);

        if (r < 0)
                return r;
        if ((days[0].n && !date_parse(days[0], &first)) || (days[1].n && !date_parse(days[1], &last)))
                return err_set(e, ERR_BUG, "days");
        *from = days[0].n ? utime_from_jst(first) : 0;
        *until = days[1].n ? utime_from_jst(last) + UTIME_DAY : 0;
        return ERR_OK;
}

int ask_appointment(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "person", MEMBER_TEXT, ID_BYTES, false }, { "role", MEMBER_TEXT, ID_BYTES, false }, { "from", MEMBER_TEXT, ID_BYTES, false },
                                                 { "until", MEMBER_TEXT, ID_BYTES, true }, { "replaces", MEMBER_TEXT, ID_BYTES, true }, { "why", MEMBER_TEXT, REASON_BYTES, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_appoint act = { .person = rq->session.who.person };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r < 0)
                return r;
        act.of = person_id(rq, v[0].text);
        act.role = word_of(rq, v[1].text);
        act.replaces = v[4].text.n ? person_id(rq, v[4].text) : NULL;
        if (!act.of || (v[4].text.n && !act.replaces))
                return err_key(e, ERR_INPUT, "appoint.person", act.of ? "replaces" : "person", NULL);
        if (!pack_find_role(rq->office->pack, act.role))
                return err_key(e, ERR_INPUT, "list.role.unknown", "role", NULL);
        r = read_days(&act.from, &act.until, v[2].text, v[3].text, true, rq, e);
        if (r == ERR_OK)
                r = answers_reason(&act.why, v[5].text, rq, e);
        if (r == ERR_OK && !act.why.n)
                r = err_key(e, ERR_INPUT, "appoint.why", "why", NULL);
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_ask_appointment, &act, e);
        if (r == ERR_OK)
                out->status = 201;
        return r < 0 ? r : done(out, act.id, act.state, act.rev_after, &act.receipt, e);
}

int confirm_appointment(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "rev", MEMBER_INT, 0, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_appointment act = { .person = rq->session.who.person, .id = rq->param };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK && !appoint_may_confirm(&rq->session.who))
                r = err_key(e, ERR_FORBIDDEN, "appoint.role.confirm", "", NULL);
        act.rev = v[0].i;
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_confirm_appointment, &act, e);
        return r < 0 ? r : done(out, word_of(rq, rq->param), act.state, act.rev_after, &act.receipt, e);
}

int refuse_appointment(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "rev", MEMBER_INT, 0, false }, { "reason", MEMBER_TEXT, REASON_BYTES, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_appointment act = { .person = rq->session.who.person, .id = rq->param };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK && !appoint_may_confirm(&rq->session.who))
                r = err_key(e, ERR_FORBIDDEN, "appoint.role.confirm", "", NULL);
        if (r == ERR_OK)
                r = answers_reason(&act.reason, v[1].text, rq, e);
        act.rev = v[0].i;
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_refuse_appointment, &act, e);
        return r < 0 ? r : done(out, word_of(rq, rq->param), act.state, act.rev_after, &act.receipt, e);
}

int end_role(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "role", MEMBER_TEXT, ID_BYTES, false }, { "reason", MEMBER_TEXT, REASON_BYTES, false }, { "rev", MEMBER_INT, 0, false },
                                                 { "until", MEMBER_TEXT, ID_BYTES, true } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_end_role act = { .person = rq->session.who.person };
        utime_t none;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = answers_reason(&act.reason, v[1].text, rq, e);
        if (r == ERR_OK)
                r = read_days(&none, &act.until, STR(""), v[3].text, false, rq, e);
        if (r < 0)
                return r;
        act.of = person_id(rq, rq->param);
        act.role = word_of(rq, v[0].text);
        act.rev = v[2].i;
        if (!act.of)
                return err_key(e, ERR_ABSENT, "record.absent", "", NULL);
        r = writer_run(rq->office->writer, act_end_role, &act, e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:I, s:o}", "rev", (json_int_t)act.rev_after, "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}
