/* acts.c - what people do to a case and its permit. JSON in, an act on the writer, a receipt out.
 *
 * Whose turn it is, core says. Before it is asked, who may not see the case hears that there is none: a refusal tells that there is one.
 */
#include "server/office/api/answers.h"
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/words.h"
#include "server/office/command/acts.h"

enum { LINES_MAX = 200 };

static int done(struct reply *out, int64_t rev, const struct receipt *receipt, struct err *e)
{
        out->json = json_pack("{s:I, s:o}", "rev", (json_int_t)rev, "receipt", json_receipt(receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

static int done_on(struct reply *out, const struct on_case *on, struct err *e)
{
        return done(out, on->rev_after, &on->receipt, e);
}

static struct on_case on_case(struct request *rq, int64_t rev)
{
        return (struct on_case){ .person = rq->session.who.person, .application = rq->param, .rev = rev };
}

/* With what was kept of the form so far: it goes when this is done. */
static struct on_case on_case_of(struct request *rq, int64_t rev, const struct member_value *draft)
{
        struct on_case on = on_case(rq, rev);

        on.draft = draft->text;
        return on;
}

/* The case in the path, if this person may see it. */
static int load_seen(struct case_facts **f, const struct pack **pack, struct request *rq, struct err *e)
{
        int r;

        *f = arena_new(rq->arena, struct case_facts);
        r = *f ? facts_load(*f, pack, rq->office, rq->db, rq->param, rq->now, rq->arena, e) : err_set(e, ERR_NOMEM, "case");
        if (r == ERR_OK && !caller_sees_case(rq, *pack, *f))
                r = err_key(e, ERR_ABSENT, "application.absent", "", NULL);
        return r;
}

static int check_seen(struct request *rq, struct err *e)
{
        struct case_facts *f;
        const struct pack *pack;

        return load_seen(&f, &pack, rq, e);
}

/* A text that may be left out, as the engine wants ids; NULL when it was. */
static const char *id_of(const struct member_value *v)
{
        return v->text.n ? v->text.p : NULL;
}

/* ---- submit, send in again, correct ---- */

int submit_application(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "form", MEMBER_TEXT, ID_BYTES, false }, { "answers", MEMBER_OBJECT, 0, false },
                                                 { "applicant", MEMBER_TEXT, ID_BYTES, true }, { "draft", MEMBER_TEXT, ID_BYTES, true } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_submit act = { .person = rq->session.who.person };
        struct setting s = { .pack = rq->office->pack };
        struct uuid id;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r < 0)
                return r;
        act.form = s.form = pack_find_form(s.pack, v[0].text.p);
        if (!act.form || act.form->sheet)
                return err_key(e, ERR_INPUT, "form.absent", "form", NULL);
        if (v[2].text.n && !uuid_parse(v[2].text, &id))
                return err_key(e, ERR_INPUT, "apply.applicant.absent", "applicant", NULL);
        act.applicant = id_of(&v[2]);
        act.draft = v[3].text;
        r = answers_take(&act.answers, rq, &s, v[1].object, e);
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_submit, &act, e);
        if (r < 0)
                return r;
        out->status = 201;
        out->json = json_pack("{s:s, s:s, s:o}", "id", act.id, "number", act.number, "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

/* The form is the one it was filed under; the answers come whole, as on the first day. */
static int mend(struct request *rq, struct reply *out, struct act_resubmit *act, json_t *answers, struct err *e)
{
        struct case_facts *f = NULL;
        struct setting s = { 0 };
        int r = load_seen(&f, &s.pack, rq, e);

        if (r < 0)
                return r;
        s.facts = f;
        act->form = s.form = facts_form(s.pack, &f->application);
        if (!act->form)
                return err_key(e, ERR_CONFLICT, "decide.procedure.gone", "", NULL);
        r = answers_take(&act->answers, rq, &s, answers, e);
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_resubmit, act, e);
        return r < 0 ? r : done_on(out, &act->on, e);
}

int resubmit_application(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "answers", MEMBER_OBJECT, 0, false }, { "rev", MEMBER_INT, 0, false }, { "draft", MEMBER_TEXT, ID_BYTES, true } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_resubmit act;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r < 0)
                return r;
        act = (struct act_resubmit){ .on = on_case_of(rq, v[1].i, &v[2]) };
        return mend(rq, out, &act, v[0].object, e);
}

int correct_application(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "answers", MEMBER_OBJECT, 0, false }, { "reason", MEMBER_TEXT, REASON_BYTES, false }, { "rev", MEMBER_INT, 0, false },
                                                 { "draft", MEMBER_TEXT, ID_BYTES, true } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_resubmit act;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r < 0)
                return r;
        act = (struct act_resubmit){ .on = on_case_of(rq, v[2].i, &v[3]), .correct = true };
        r = answers_reason(&act.reason, v[1].text, rq, e);
        return r < 0 ? r : mend(rq, out, &act, v[0].object, e);
}

/* ---- while a step is active ---- */

int fill_sheet(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "sheet", MEMBER_TEXT, ID_BYTES, false }, { "answers", MEMBER_OBJECT, 0, false }, { "rev", MEMBER_INT, 0, false },
                                                 { "draft", MEMBER_TEXT, ID_BYTES, true } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct case_facts *f = NULL;
        struct setting s = { 0 };
        struct act_fill act;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = load_seen(&f, &s.pack, rq, e);
        if (r < 0)
                return r;
        s.facts = f;
        act = (struct act_fill){ .on = on_case_of(rq, v[2].i, &v[3]), .sheet = pack_find_form(s.pack, v[0].text.p) };
        s.form = act.sheet;
        if (!act.sheet || !act.sheet->sheet)
                return err_key(e, ERR_INPUT, "form.absent", "sheet", NULL);
        r = answers_take(&act.answers, rq, &s, v[1].object, e);
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_fill, &act, e);
        return r < 0 ? r : done_on(out, &act.on, e);
}

/* One line: which criterion, which result, and the texts that go with it. */
static int read_line(struct judgement *out, json_t *o, struct request *rq, struct err *e)
{
        static const struct member members[] = {
                { "criterion", MEMBER_TEXT, ID_BYTES, false }, { "result", MEMBER_TEXT, ID_BYTES, false }, { "answer", MEMBER_TEXT, ID_BYTES, true },
                { "reason", MEMBER_TEXT, REASON_BYTES, true }, { "article", MEMBER_TEXT, REASON_BYTES, true }, { "said", MEMBER_TEXT, REASON_BYTES, true },
                { "document", MEMBER_TEXT, REASON_BYTES, true }, { "said_on", MEMBER_TEXT, ID_BYTES, true },
        };
        static const struct pack_field fields[] = {
                { .id = "reason", .type = FIELD_LINES, .max_chars = REASON_CHARS }, { .id = "article", .type = FIELD_TEXT },
                { .id = "said", .type = FIELD_LINES, .max_chars = REASON_CHARS },   { .id = "document", .type = FIELD_TEXT }, { .id = "said_on", .type = FIELD_DATE },
        };
        struct member_value v[countof(members)] = { 0 };
        struct str texts[countof(fields)];
        int r = json_is_object(o) ? shape_members(v, o, members, countof(members), rq->arena, e) : err_key(e, ERR_INPUT, "common.member.type", "lines", "lines", NULL);

        if (r < 0)
                return r;
        for (size_t i = 0; i < countof(fields); i++)
                texts[i] = v[3 + i].text;
        *out = (struct judgement){ .criterion = v[0].text.p, .answer = v[2].text };
        if (!result_find(v[1].text, &out->result))
                return err_key(e, ERR_INPUT, "judge.result", "result", NULL);
        r = answers_texts(texts, fields, texts, countof(fields), rq, e);
        out->reason = texts[0];
        out->article = texts[1];
        out->said = texts[2];
        out->document = texts[3];
        out->said_on = texts[4];
        return r;
}

int judge_application(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "lines", MEMBER_ARRAY, 0, false }, { "rev", MEMBER_INT, 0, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct judgement *lines;
        struct act_judge act;
        size_t n;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r < 0)
                return r;
        n = json_array_size(v[0].object);
        lines = n <= LINES_MAX ? arena_array(rq->arena, n + 1, sizeof(*lines)) : NULL;
        if (!lines)
                return n > LINES_MAX ? err_key(e, ERR_INPUT, "judge.many", "lines", NULL) : err_set(e, ERR_NOMEM, "lines");
        for (size_t i = 0; r == ERR_OK && i < n; i++)
                r = read_line(&lines[i], json_array_get(v[0].object, i), rq, e);
        if (r == ERR_OK)
                r = check_seen(rq, e);
        act = (struct act_judge){ .on = on_case(rq, v[1].i), .lines = lines, .n = n };
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_judge, &act, e);
        return r < 0 ? r : done_on(out, &act.on, e);
}

int rate_application(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "axis", MEMBER_TEXT, ID_BYTES, false }, { "level", MEMBER_TEXT, ID_BYTES, false },
                                                 { "reason", MEMBER_TEXT, REASON_BYTES, false }, { "rev", MEMBER_INT, 0, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_rate act;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        act = (struct act_rate){ .on = on_case(rq, v[3].i), .axis = v[0].text.p, .level = v[1].text.p };
        if (r == ERR_OK)
                r = answers_reason(&act.reason, v[2].text, rq, e);
        if (r == ERR_OK)
                r = check_seen(rq, e);
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_rate, &act, e);
        return r < 0 ? r : done_on(out, &act.on, e);
}

/* ---- decide, withdraw ---- */

int decide_application(struct request *rq, struct reply *out, struct err *e)
{
        enum { DECISION, REV, STEP, TO, DIVISION, REASON };
        static const struct member members[] = {
                [DECISION] = { "decision", MEMBER_TEXT, ID_BYTES, false }, [REV] = { "rev", MEMBER_INT, 0, false }, [STEP] = { "step", MEMBER_TEXT, ID_BYTES, true },
                [TO] = { "to", MEMBER_TEXT, ID_BYTES, true },              [DIVISION] = { "division", MEMBER_TEXT, ID_BYTES, true },
                [REASON] = { "reason", MEMBER_TEXT, REASON_BYTES, false }, { "condition", MEMBER_TEXT, REASON_BYTES, true },
                { "condition_due", MEMBER_TEXT, ID_BYTES, true },          { "document", MEMBER_TEXT, REASON_BYTES, true },
                { "decided_on", MEMBER_TEXT, ID_BYTES, true },             { "authority", MEMBER_TEXT, REASON_BYTES, true },
        };
        static const struct pack_field fields[] = {
                { .id = "reason", .type = FIELD_LINES, .max_chars = REASON_CHARS }, { .id = "condition", .type = FIELD_LINES, .max_chars = REASON_CHARS },
                { .id = "condition_due", .type = FIELD_DATE }, { .id = "document", .type = FIELD_TEXT }, { .id = "decided_on", .type = FIELD_DATE },
                { .id = "authority", .type = FIELD_TEXT },
        };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct str texts[countof(fields)];
        struct act_decide act;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r < 0)
                return r;
        act = (struct act_decide){ .on = on_case(rq, v[REV].i), .step = id_of(&v[STEP]), .to = id_of(&v[TO]) };
        if (!decision_find(v[DECISION].text, &act.decision))
                return err_key(e, ERR_INPUT, "decide.unknown", "decision", NULL);
        for (size_t i = 0; i < countof(fields); i++)
                texts[i] = v[REASON + i].text;
        r = answers_texts(texts, fields, texts, countof(fields), rq, e);
        act.reason = texts[0];
        act.condition = texts[1];
        act.condition_due = texts[2];
        act.paper = (struct ruling){ .document = texts[3], .decided_on = texts[4], .division = v[DIVISION].text, .authority = texts[5] };
        if (r == ERR_OK)
                r = check_seen(rq, e);
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_decide, &act, e);
        return r < 0 ? r : done_on(out, &act.on, e);
}

static const struct member reasoned[] = { { "reason", MEMBER_TEXT, REASON_BYTES, false }, { "rev", MEMBER_INT, 0, false } };

int withdraw_application(struct request *rq, struct reply *out, struct err *e)
{
        struct member_value v[countof(reasoned)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_withdraw act;
        int r = shape_read(&doc, v, rq->scgi->body, reasoned, countof(reasoned), rq->arena, e);

        act = (struct act_withdraw){ .on = on_case(rq, v[1].i) };
        if (r == ERR_OK)
                r = answers_reason(&act.reason, v[0].text, rq, e);
        if (r == ERR_OK)
                r = check_seen(rq, e);
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_withdraw, &act, e);
        return r < 0 ? r : done_on(out, &act.on, e);
}

/* ---- permits ---- */

/* Who may not see the case does not hear that its permit is there. */
static int run_permit(struct request *rq, struct reply *out, struct act_permit *act, struct str reason, struct err *e)
{
        struct case_facts *f = arena_new(rq->arena, struct case_facts);
        const struct pack *pack;
        int r = f ? answers_reason(&act->reason, reason, rq, e) : err_set(e, ERR_NOMEM, "case");

        if (r == ERR_OK)
                r = facts_of_permit(f, &pack, rq->office, rq->db, rq->param, rq->now, rq->arena, e);
        if (r == ERR_OK && !caller_sees_case(rq, pack, f))
                r = err_key(e, ERR_ABSENT, "permit.absent", "", NULL);
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_permit, act, e);
        return r < 0 ? r : done(out, act->rev_after, &act->receipt, e);
}

int revoke_permit(struct request *rq, struct reply *out, struct err *e)
{
        struct member_value v[countof(reasoned)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_permit act = { .person = rq->session.who.person, .permit = rq->param, .revoke = true };
        int r = shape_read(&doc, v, rq->scgi->body, reasoned, countof(reasoned), rq->arena, e);

        act.rev = v[1].i;
        return r < 0 ? r : run_permit(rq, out, &act, v[0].text, e);
}

int change_permit_until(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "until", MEMBER_TEXT, ID_BYTES, false }, { "reason", MEMBER_TEXT, REASON_BYTES, false }, { "rev", MEMBER_INT, 0, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_permit act = { .person = rq->session.who.person, .permit = rq->param };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK && !moment_parse(&act.until, str_trim(v[0].text)))
                r = err_key(e, ERR_INPUT, "form.moment", "until", NULL);
        act.rev = v[2].i;
        return r < 0 ? r : run_permit(rq, out, &act, v[1].text, e);
}
