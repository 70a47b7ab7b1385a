/* suspend.c - suspending and resuming a service. */
#include "server/office/api/answers.h"
#include "server/office/api/handlers.h"
#include "server/office/command/suspend.h"

static int run(struct request *rq, struct reply *out, bool resume, struct err *e)
{
        static const struct member members[] = { { "reason", MEMBER_TEXT, REASON_BYTES, false }, { "rev", MEMBER_INT, 0, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_suspend act = { .person = rq->session.who.person, .service = rq->param, .resume = resume };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = answers_reason(&act.reason, v[0].text, rq, e);
        act.rev = v[1].i;
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_suspend, &act, e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:I, s:o}", "rev", (json_int_t)act.rev_after, "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

int suspend_service(struct request *rq, struct reply *out, struct err *e)
{
        return run(rq, out, false, e);
}

int resume_service(struct request *rq, struct reply *out, struct err *e)
{
        return run(rq, out, true, e);
}
