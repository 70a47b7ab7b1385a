/* acts.c - what people do: submit, decide, withdraw, revoke, change the end. JSON in, an act on the writer, a receipt out. */
#include "server/office/api/handlers.h"
#include "server/office/api/shape.h"
#include "server/office/command/acts.h"
#include "sys/clock.h"

enum { REASON_BYTES = 6000, REASON_CHARS = 1000, ID_BYTES = 64 };

static int read_answers(struct given **out, size_t *n, json_t *o, struct arena *a, struct err *e)
{
        struct given *given;
        const char *key;
        json_t *v;
        size_t have = 0;

        if (json_object_size(o) > FORM_ANSWERS_MAX)
                return err_key(e, ERR_INPUT, "form.too-many", "", NULL);
        given = arena_array(a, json_object_size(o) + 1, sizeof(*given));
        if (!given)
                return err_set(e, ERR_NOMEM, "answers");
        json_object_foreach(o, key, v) {
                int r;

                if (!json_is_string(v))
                        return err_key(e, ERR_INPUT, "common.member.type", key, key, NULL);
                given[have].field = str_of(arena_text(a, key));
                r = shape_text(&given[have].value, (struct str){ json_string_value(v), json_string_length(v) }, key, a, e);
                if (r < 0)
                        return r;
                have++;
        }
        *out = given;
        *n = have;
        return ERR_OK;
}

/* A reason is a text of several lines like a form's: no control or invisible characters, not too long. */
static int read_reason(struct str *out, struct str in, struct arena *a, struct err *e)
{
        static const struct pack_field field = { .id = "reason", .type = FIELD_LINES, .max_chars = REASON_CHARS };
        static const struct pack_form form = { .id = "reason", .fields = &field, .fields_count = 1 };
        struct given given = { .field = STR("reason"), .value = in };
        struct answer answer = { 0 };
        int r = form_check(&answer, &form, &given, 1, NULL, a, e);

        if (r == ERR_OK)
                *out = answer.value;
        return r;
}

static int check_answers(struct answer *out, const struct pack_form *form, const struct given *given, size_t n, struct request *rq, struct err *e)
{
        struct date today = utime_date_jst(clock_now());
        struct form_context ctx = { .pack = rq->office->pack, .today = &today };

        return form_check(out, form, given, n, &ctx, rq->arena, e);
}

static int done(struct reply *out, int64_t rev, const struct receipt *receipt, struct err *e)
{
        out->json = json_pack("{s:I, s:o}", "rev", (json_int_t)rev, "receipt", json_receipt(receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

int submit_application(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "form", MEMBER_TEXT, ID_BYTES }, { "answers", MEMBER_OBJECT, 0 } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_submit act = { .person = rq->session.who.person };
        struct given *given = NULL;
        struct answer *answers;
        size_t n = 0;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r < 0)
                return r;
        act.form = pack_find_form(rq->office->pack, v[0].text.p);
        if (!act.form)
                return err_key(e, ERR_INPUT, "form.absent", "form", NULL);
        answers = arena_array(rq->arena, act.form->fields_count, sizeof(*answers));
        r = answers ? read_answers(&given, &n, v[1].object, rq->arena, e) : err_set(e, ERR_NOMEM, "answers");
        if (r == ERR_OK)
                r = check_answers(answers, act.form, given, n, rq, e);
        act.answers = answers;
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_submit, &act, e);
        if (r < 0)
                return r;
        out->status = 201;
        out->json = json_pack("{s:s, s:s, s:o}", "id", act.id, "number", act.number, "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

/* The form is the one it was filed under; the answers come whole, as on the first day. */
int resubmit_application(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "answers", MEMBER_OBJECT, 0 }, { "rev", MEMBER_INT, 0 } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct case_facts *f = arena_new(rq->arena, struct case_facts);
        struct act_resubmit act = { .person = rq->session.who.person, .application = rq->param };
        struct given *given = NULL;
        struct answer *answers;
        const struct pack *pack;
        struct str id;
        size_t n = 0;
        int r = f ? shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e) : err_set(e, ERR_NOMEM, "application");

        if (r == ERR_OK)
                r = facts_load(f, &pack, rq->office, rq->db, rq->param, rq->now, rq->arena, e);
        if (r == ERR_OK && !(procedure_may(pack, f, &rq->session.who, rq->now) & MAY_SEE))
                r = err_key(e, ERR_ABSENT, "application.absent", "", NULL);
        if (r < 0)
                return r;
        id = row_get_text(&f->application, APPLICATION_form);
        act.form = pack_find_form(rq->office->pack, arena_printf(rq->arena, "%.*s", (int)id.n, id.p));
        if (!act.form)
                return err_key(e, ERR_CONFLICT, "decide.procedure.gone", "", NULL);
        answers = arena_array(rq->arena, act.form->fields_count, sizeof(*answers));
        r = answers ? read_answers(&given, &n, v[0].object, rq->arena, e) : err_set(e, ERR_NOMEM, "answers");
        if (r == ERR_OK)
                r = check_answers(answers, act.form, given, n, rq, e);
        act.answers = answers;
        act.rev = v[1].i;
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_resubmit, &act, e);
        return r < 0 ? r : done(out, act.rev_after, &act.receipt, e);
}

int decide_application(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "decision", MEMBER_TEXT, ID_BYTES }, { "reason", MEMBER_TEXT, REASON_BYTES }, { "rev", MEMBER_INT, 0 } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_decide act = { .person = rq->session.who.person, .application = rq->param };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK && !decision_find(v[0].text, &act.decision))
                r = err_key(e, ERR_INPUT, "decide.unknown", "decision", NULL);
        if (r == ERR_OK)
                r = read_reason(&act.reason, v[1].text, rq->arena, e);
        act.rev = v[2].i;
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_decide, &act, e);
        return r < 0 ? r : done(out, act.rev_after, &act.receipt, e);
}

static const struct member reasoned[] = { { "reason", MEMBER_TEXT, REASON_BYTES }, { "rev", MEMBER_INT, 0 } };

int withdraw_application(struct request *rq, struct reply *out, struct err *e)
{
        struct member_value v[countof(reasoned)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_withdraw act = { .person = rq->session.who.person, .application = rq->param };
        int r = shape_read(&doc, v, rq->scgi->body, reasoned, countof(reasoned), rq->arena, e);

        if (r == ERR_OK)
                r = read_reason(&act.reason, v[0].text, rq->arena, e);
        act.rev = v[1].i;
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_withdraw, &act, e);
        return r < 0 ? r : done(out, act.rev_after, &act.receipt, e);
}

int revoke_permit(struct request *rq, struct reply *out, struct err *e)
{
        struct member_value v[countof(reasoned)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_permit act = { .person = rq->session.who.person, .permit = rq->param, .revoke = true };
        int r = shape_read(&doc, v, rq->scgi->body, reasoned, countof(reasoned), rq->arena, e);

        if (r == ERR_OK)
                r = read_reason(&act.reason, v[0].text, rq->arena, e);
        act.rev = v[1].i;
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_permit, &act, e);
        return r < 0 ? r : done(out, act.rev_after, &act.receipt, e);
}

int change_permit_until(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "until", MEMBER_TEXT, ID_BYTES }, { "reason", MEMBER_TEXT, REASON_BYTES }, { "rev", MEMBER_INT, 0 } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_permit act = { .person = rq->session.who.person, .permit = rq->param };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK && !moment_parse(&act.until, str_trim(v[0].text)))
                r = err_key(e, ERR_INPUT, "form.moment", "until", NULL);
        if (r == ERR_OK)
                r = read_reason(&act.reason, v[1].text, rq->arena, e);
        act.rev = v[2].i;
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_permit, &act, e);
        return r < 0 ? r : done(out, act.rev_after, &act.receipt, e);
}
