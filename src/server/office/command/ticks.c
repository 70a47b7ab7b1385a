/* ticks.c - see ticks.h. */
#include "server/office/command/ticks.h"

#include <assert.h>

#include "server/office/command/alarm.h"
#include "server/office/command/appoint.h"
#include "server/office/command/deliveries.h"
#include "server/office/command/drafts.h"
#include "server/office/command/duty_tick.h"
#include "server/office/command/imports.h"
#include "server/office/command/rotations.h"
#include "server/office/evidence/desk.h"
#include "server/office/office_time.h"
#include "sys/entropy.h"

enum { TICK_MAX = 400, CASES_AT_ONCE = 100 };

/* ---- permits ---- */

static int tick_permits(struct act *act, struct err *e)
{
        struct str *ids = NULL;
        size_t n = 0;
        int r = query_permits_due(&ids, &n, act->db, act->now, act->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n && i < TICK_MAX; i++) {
                struct row permit, after;
                struct receipt receipt;
                struct changes c;

                r = store_row(&permit, act->db, TABLE_PERMIT, ids[i].p, NULL, act->arena, e);
                if (r < 0 || !permit_tick(&after, &permit, act->now))
                        continue;
                changes_init(&c, act->arena, row_is(&after, PERMIT_state, "expired") ? "permit.expired" : "permit.started", permit.id);
                r = changes_add(&c, &after, e);
                if (r == ERR_OK)
                        r = act_append(&receipt, act, &c, e);
                act->permits_changed = true;
        }
        return r;
}

/* ---- exceptions ---- */

/* The case they were permitted for says what follows; when its pack has no such procedure any more, they end all the same. */
static int tick_exception(struct act *act, const struct row *due, struct err *e)
{
        struct receipt receipt;
        struct row row, after;
        struct changes c;
        int r = act_advance(act, arena_text(act->arena, due->id), e);

        if (r < 0 && r != ERR_CONFLICT && r != ERR_ABSENT)
                return r;
        r = store_row(&row, act->db, TABLE_EXCEPTION, due->id, due->k, act->arena, e);
        if (r < 0 || !row_is(&row, EXCEPTION_state, "active") || !exception_tick(&after, &row, act->now))
                return r;
        changes_init(&c, act->arena, "exception.expired", due->id);
        r = changes_add(&c, &after, e);
        return r < 0 ? r : act_append(&receipt, act, &c, e);
}

static int tick_exceptions(struct act *act, struct err *e)
{
        struct row *due = NULL;
        size_t n = 0;
        int r = query_exceptions_due(&due, &n, act->db, act->now, act->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                r = tick_exception(act, &due[i], e);
        return r;
}

int act_tick(struct act *act, void *arg, struct err *e)
{
        int r = tick_permits(act, e);

        return r < 0 ? r : tick_exceptions(act, e);
}

/* ---- cases ---- */

/* Asked of core on the reader's side, so that the writer is not busied by cases where nothing moves. */
static int would_advance(bool *out, struct ticks *t, const char *id, utime_t now, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct case_facts *f = arena_new(&a, struct case_facts);
        struct uuid *ids = arena_array(&a, PROCEDURE_IDS, sizeof(*ids));
        const struct pack *pack;
        struct changes c;
        int r = f && ids ? facts_load(f, &pack, t->office, t->db, str_of(id), now, &a, e) : err_set(e, ERR_NOMEM, "case");

        if (r < 0 || !facts_pack(t->office, &f->application))
                return r;
        for (size_t i = 0; i < PROCEDURE_IDS; i++)
                ids[i] = entropy_uuid(now);
        changes_init(&c, &a, "application.advanced", id);
        r = procedure_tick(&c, pack, f, ids, now, e);
        *out = r == ERR_OK && c.rows_count;
        return r == ERR_CONFLICT ? ERR_OK : r; /* a procedure that is gone stands still */
}

/* Of each open case: does `look` find something to do? Then `act`, with the case's id. */
static int walk_cases(struct ticks *t, utime_t now, int (*look)(bool *out, struct ticks *t, const char *id, utime_t now, struct err *e), act_fn *act, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct open_case *cases = NULL;
        struct open_case last = { .at = INT64_MIN };
        size_t n = CASES_AT_ONCE;
        int r = ERR_OK;

        while (r == ERR_OK && n == CASES_AT_ONCE) {
                r = query_open_cases(&cases, &n, t->db, &last, CASES_AT_ONCE, &a, e);
                for (size_t i = 0; r == ERR_OK && i < n; i++) {
                        bool moves = false;

                        last = cases[i];
                        r = look(&moves, t, last.id, now, e);
                        if (r == ERR_OK && moves)
                                r = writer_run(t->office->writer, act, last.id, e);
                }
        }
        return r;
}

static int walk_machine_steps(struct ticks *t, utime_t now, struct err *e)
{
        return walk_cases(t, now, would_advance, act_advance, e);
}

static int walk_waiting_steps(struct ticks *t, utime_t now, struct err *e)
{
        return pack_duty_about(t->office->pack, TRIGGER_STEP) ? walk_cases(t, now, steps_are_due, act_remind_steps, e) : ERR_OK;
}

/* ---- the table ---- */

static int acts_are_due(bool *due, struct ticks *t, utime_t now, struct arena *a, struct err *e)
{
        struct str *ids = NULL;
        struct row *rows = NULL;
        size_t n = 0, m = 0;
        int r = query_permits_due(&ids, &n, t->db, now, a, e);

        if (r == ERR_OK && !n)
                r = query_exceptions_due(&rows, &m, t->db, now, a, e);
        *due = n || m;
        return r;
}

static int always(bool *due, struct ticks *t, utime_t now, struct arena *a, struct err *e)
{
        *due = true;
        return ERR_OK;
}

static int walk_duties(struct ticks *t, utime_t now, struct err *e)
{
        return duty_walk(&t->duties, t->office, t->db, now, e);
}

static int walk_erasures(struct ticks *t, utime_t now, struct err *e)
{
        return erasures_run(&t->erasures, t->office, t->db, now, e);
}

static int walk_rotations(struct ticks *t, utime_t now, struct err *e)
{
        return rotations_walk(t->office, t->db, e);
}

static int tick_drafts_due(bool *due, struct ticks *t, utime_t now, struct arena *a, struct err *e)
{
        return drafts_due(due, t->db, t->office->pack, now, e);
}

static int tick_postings_due(bool *due, struct ticks *t, utime_t now, struct arena *a, struct err *e)
{
        return postings_are_due(due, t->db, now, a, e);
}

static int tick_appointments_due(bool *due, struct ticks *t, utime_t now, struct arena *a, struct err *e)
{
        return appointments_are_due(due, t->db, now, a, e);
}

static int tick_evidence_due(bool *due, struct ticks *t, utime_t now, struct arena *a, struct err *e)
{
        return desk_notes_due(due, t->office, t->db, e);
}

static int walk_scrub(struct ticks *t, utime_t now, struct err *e)
{
        return scrub_walk(&t->scrub, t->office, t->db, now, e);
}

static int walk_drift(struct ticks *t, utime_t now, struct err *e)
{
        return drift_walk(&t->scrub, t->office, t->db, now, e);
}

/* held: goes on while the office's time is held (office_time.h): it calls people, or hangs on no clock.
 * due: asked of the reader; then `act` runs on the writer, with arg NULL. walk: instead of both, when each thing found is an act of its
 * own. every: not more often; 0: each round. */
static const struct tick {
        const char *name;
        utime_t     every;
        int       (*due)(bool *due, struct ticks *t, utime_t now, struct arena *a, struct err *e);
        act_fn     *act;
        int       (*walk)(struct ticks *t, utime_t now, struct err *e);
        bool        held;
        bool        running;                 /* not while a demonstration is made, all in one transaction: nothing of it is final yet */
} ticks[] = {
        { "permits and exceptions", 0, acts_are_due, act_tick, NULL },
        { "alarms", 0, alarm_due, act_alarms, NULL, .held = true },
        { "machine steps", UTIME_HOUR, NULL, NULL, walk_machine_steps },
        { "duties", 0, NULL, NULL, walk_duties },
        { "old drafts", UTIME_DAY, tick_drafts_due, act_sweep_drafts, NULL },
        { "old notices", UTIME_DAY, always, act_sweep_outbox, NULL },
        { "steps that wait", UTIME_HOUR, NULL, NULL, walk_waiting_steps },
        { "postings", UTIME_MIN, tick_postings_due, act_postings, NULL },
        { "evidence packs that were made", 0, tick_evidence_due, act_evidence_made, NULL, .held = true },
        { "rotations", 0, NULL, NULL, walk_rotations },
        { "appointments", UTIME_MIN, tick_appointments_due, act_appointments, NULL },
        { "erasures", 0, NULL, NULL, walk_erasures, .running = true },
        { "rows as they were", UTIME_S, NULL, NULL, walk_scrub, .running = true },
        { "permits, table, gates", UTIME_MIN, NULL, NULL, walk_drift, .running = true },
};
static_assert(countof(ticks) <= TICKS_MAX, "struct ticks has no room");

static int tick_run(const struct tick *tick, struct ticks *t, utime_t now, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        bool due = false;
        int r;

        if (tick->running && db_in_transaction(t->db))
                return ERR_OK;
        if (tick->walk)
                return tick->walk(t, now, e);
        r = tick->due(&due, t, now, &a, e);
        return r == ERR_OK && due ? writer_run(t->office->writer, tick->act, NULL, e) : r;
}

/* A tick that waits longer than it has to is one whose clock was set back: it is asked at once. */
static bool is_time(const struct tick *tick, utime_t next, utime_t now)
{
        return now >= next || next - now > tick->every;
}

void ticks_init(struct ticks *t, struct office *o, struct db *reader)
{
        *t = (struct ticks){ .office = o, .db = reader };
}

int ticks_run(struct ticks *t, utime_t now, struct err *e)
{
        bool held = office_held(t->office);
        int first = ERR_OK;

        for (size_t i = 0; i < countof(ticks); i++) {
                struct err own = { 0 };
                int r;

                if (!is_time(&ticks[i], t->next[i], now) || (held && !ticks[i].held))
                        continue;
                r = tick_run(&ticks[i], t, now, &own);
                if (r == ERR_OK && ticks[i].every)
                        t->next[i] = now - now % ticks[i].every + ticks[i].every;
                if (r < 0 && first == ERR_OK) {
                        first = err_wrap(&own, r, "%s", ticks[i].name);
                        if (e)
                                *e = own;
                }
        }
        return first;
}
