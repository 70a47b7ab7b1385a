/* clock.c - the office's clock: where it is, whether time is held, and the confirmation of a person. */
#include "server/office/api/answers.h"
#include "server/office/api/handlers.h"
#include "server/office/api/words.h"
#include "server/office/command/clock.h"
#include "sys/clock.h"

int get_clock(struct request *rq, struct reply *out, struct err *e)
{
        static const char *const names[] = { [TIME_RUNS] = "none", [TIME_JUMPED] = "jump", [TIME_MASS] = "mass" };
        struct time_state s = { .now = rq->now, .wall = clock_now() };

        if (rq->office->time)
                office_time_state(&s, rq->office->time, s.wall, clock_boot());
        out->json = json_pack("{s:s}", "held", names[s.hold]);
        if (!out->json || !put_time(out->json, "now", s.now) || !put_time(out->json, "wall", s.wall))
                return err_set(e, ERR_NOMEM, "clock");
        (void)put_time(out->json, "since", s.since);
        return ERR_OK;
}

int confirm_clock(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "wall", MEMBER_TEXT, 40, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_confirm_clock act = { .person = rq->session.who.person };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK && !utime_parse(v[0].text, &act.seen))
                r = err_key(e, ERR_INPUT, "clock.wall.bad", "wall", NULL);
        if (r == ERR_OK)
                r = clock_confirm(rq->office, &act, e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:o}", "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}
