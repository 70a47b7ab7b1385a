/* turn.c - see turn.h. */
#include "server/office/api/turn.h"

#include "server/office/api/words.h"
#include "server/office/command/facts.h"

enum { ACTS = MAY_DECIDE | MAY_FILL | MAY_JUDGE | MAY_CONFIRM | MAY_RESUBMIT };

/* The last decision that step `i` waited for; of a case that was sent back, the one that did it. */
static utime_t since(const struct case_facts *f, const struct flow *w, size_t i, bool any)
{
        utime_t at = row_get_int(&f->application, APPLICATION_submitted_at);

        for (size_t j = 0; j < f->steps_count; j++) {
                utime_t decided = row_get_int(&f->steps[j], STEP_decided_at);

                if ((any || w->before[i] >> j & 1) && decided > at)
                        at = decided;
        }
        return at;
}

static json_t *steps_json(struct request *rq, const struct flow *w, utime_t *oldest)
{
        json_t *list = json_array();

        for (size_t i = 0; i < w->procedure->steps_count; i++) {
                const struct pack_step *s = &w->procedure->steps[i];
                utime_t at = w->active[i] ? since(w->facts, w, i, false) : INT64_MAX;
                json_t *o = w->active[i] ? json_pack("{s:o}", "title", json_text(&s->title)) : NULL;

                if (o && s->role)
                        (void)json_put(o, "role_name", role_name(w->pack, s->role));
                if (o)
                        (void)json_array_append_new(list, o);
                *oldest = at < *oldest ? at : *oldest;
        }
        return list;
}

void turn_put(json_t *o, struct request *rq, struct str application)
{
        scoped(arena_done) struct arena a = ARENA_INIT;      /* a case is forgotten before the next is read */
        struct case_facts *f = arena_new(&a, struct case_facts);
        struct flow *w = arena_new(&a, struct flow);
        const struct pack *pack;
        utime_t at = INT64_MAX;
        json_t *steps, *turn;
        bool returned;

        if (!f || !w || facts_load(f, &pack, rq->office, rq->db, application, rq->now, &a, NULL) < 0)
                return;
        if (f->drafter.person && f->applicant.person && strcmp(f->drafter.person, f->applicant.person) != 0)
                (void)json_put(o, "drafter", person_name(rq, str_of(f->drafter.person)));
        returned = row_is(&f->application, APPLICATION_state, "returned");
        if ((!returned && !row_is(&f->application, APPLICATION_state, "submitted")) || flow_init(w, pack, f, rq->now, NULL) < 0)
                return;
        steps = returned ? json_array() : steps_json(rq, w, &at);
        at = returned || at == INT64_MAX ? since(f, w, 0, true) : at;
        turn = json_pack("{s:o, s:o, s:b}", "steps", steps, "since", json_time(at), "mine", (procedure_may(pack, f, &rq->session.who, rq->now) & ACTS) != 0);
        if (turn)
                (void)json_put(o, "turn", turn);
}
