/* office_time.c - see office_time.h. */
#include "server/office/office_time.h"

#include <pthread.h>

#include "server/office/office.h"
#include "sys/clock.h"

enum { REFERENCE_MIN = 60 };            /* drift is measured over so long: many small steps are a jump, too */

struct office_time {
        pthread_mutex_t lock;
        bool            told;
        char            boot_id[BOOT_ID_MAX + 1];
        utime_t         ahead;          /* our time less boot time */
        utime_t         ref, ref_at;    /* wall less boot, and when (boot) that was taken */
        utime_t         last;           /* never less than this */
        enum time_hold  hold;
        utime_t         since;
        utime_t         gap_from;       /* 0: none to ask about */
};

static utime_t apart(utime_t a, utime_t b)
{
        return a > b ? a - b : b - a;
}

static utime_t now_of(struct office_time *t, utime_t boot)
{
        utime_t now = boot + t->ahead;

        if (now > t->last)
                t->last = now;
        return t->last;
}

static void hold(struct office_time *t, enum time_hold how, utime_t boot)
{
        t->hold = how;
        t->since = now_of(t, boot);
}

static void follow(struct office_time *t, utime_t wall, utime_t boot)
{
        t->ahead = wall - boot;
        t->ref = t->ahead;
        t->ref_at = boot;
}

/* ---- the start ---- */

/* The same boot: the boot clock has counted all the time since. Another: only the machine's own clock knows how long it was off. */
static void begin(struct office_time *t, const struct time_kept *kept, utime_t newest, utime_t wall, utime_t boot)
{
        bool same = kept && strcmp(kept->boot_id, t->boot_id) == 0;
        utime_t seen = kept && kept->seen_at > newest ? kept->seen_at : newest;
        utime_t should = same ? boot + kept->ahead : seen;
        bool back = seen && wall < should - TIME_JUMP, forth = kept && wall > should + (same ? TIME_JUMP : TIME_AWAY);

        follow(t, wall, boot);
        t->last = seen;
        if (kept && kept->hold != TIME_RUNS && !(same && kept->hold == TIME_JUMPED && !back && !forth)) {
                t->ahead = (same ? should : seen) - boot;
                t->hold = kept->hold;
                t->since = kept->since;
        } else if (back || forth) {
                t->ahead = should - boot;
                hold(t, TIME_JUMPED, boot);
        } else if (kept && !same && wall > seen + TIME_JUMP) {
                t->gap_from = seen;
        }
}

int office_time_start(struct office_time **out, const struct time_kept *kept, utime_t newest, const char *boot_id, utime_t wall, utime_t boot, bool told, struct err *e)
{
        struct office_time *t = calloc(1, sizeof(*t));

        if (!t)
                return err_set(e, ERR_NOMEM, "clock");
        (void)pthread_mutex_init(&t->lock, NULL);
        (void)snprintf(t->boot_id, sizeof(t->boot_id), "%s", boot_id);
        t->told = told;
        if (!told)
                begin(t, kept, newest, wall, boot);
        *out = t;
        return ERR_OK;
}

struct office_time *office_time_stop(struct office_time *t)
{
        free(t);
        return NULL;
}

/* ---- later ---- */

utime_t office_time_now(struct office_time *t, utime_t boot)
{
        utime_t now;

        (void)pthread_mutex_lock(&t->lock);
        now = now_of(t, boot);
        (void)pthread_mutex_unlock(&t->lock);
        return now;
}

bool office_time_look(struct office_time *t, utime_t wall, utime_t boot)
{
        enum time_hold before;
        bool changed;

        if (t->told)
                return false;
        (void)pthread_mutex_lock(&t->lock);
        before = t->hold;
        if (t->hold == TIME_JUMPED && apart(wall - boot, t->ahead) <= TIME_JUMP)
                t->hold = TIME_RUNS;                            /* somebody set it right */
        else if (t->hold == TIME_RUNS && apart(wall - boot, t->ref) > TIME_JUMP)
                hold(t, TIME_JUMPED, boot);
        if (t->hold == TIME_RUNS) {
                (void)now_of(t, boot);
                t->ahead = wall - boot;
                if (before != TIME_RUNS || boot - t->ref_at > REFERENCE_MIN * UTIME_MIN)
                        follow(t, wall, boot);
        }
        changed = t->hold != before;
        (void)pthread_mutex_unlock(&t->lock);
        return changed;
}

bool office_time_gap(struct office_time *t, utime_t *from, utime_t *to, utime_t boot)
{
        bool any;

        (void)pthread_mutex_lock(&t->lock);
        any = t->gap_from && t->hold == TIME_RUNS;
        *from = t->gap_from;
        *to = now_of(t, boot);
        (void)pthread_mutex_unlock(&t->lock);
        return any;
}

void office_time_hold_mass(struct office_time *t, utime_t boot)
{
        (void)pthread_mutex_lock(&t->lock);
        t->ahead = t->gap_from - boot;
        t->last = t->gap_from;
        hold(t, TIME_MASS, boot);
        (void)pthread_mutex_unlock(&t->lock);
}

void office_time_confirm(struct office_time *t, utime_t wall, utime_t boot)
{
        (void)pthread_mutex_lock(&t->lock);
        follow(t, wall, boot);
        t->last = wall;
        t->hold = TIME_RUNS;
        t->since = 0;
        t->gap_from = 0;
        (void)pthread_mutex_unlock(&t->lock);
}

void office_time_state(struct time_state *out, struct office_time *t, utime_t wall, utime_t boot)
{
        (void)pthread_mutex_lock(&t->lock);
        *out = (struct time_state){ t->told ? wall : now_of(t, boot), wall, t->hold ? t->since : 0, t->hold };
        (void)pthread_mutex_unlock(&t->lock);
}

void office_time_keep(struct time_kept *out, struct office_time *t, utime_t boot)
{
        (void)pthread_mutex_lock(&t->lock);
        *out = (struct time_kept){ .seen_at = now_of(t, boot), .ahead = t->ahead, .since = t->since, .hold = t->hold };
        (void)snprintf(out->boot_id, sizeof(out->boot_id), "%s", t->boot_id);
        (void)pthread_mutex_unlock(&t->lock);
}

/* ---- by the machine's clocks ---- */

utime_t office_now(const struct office *o)
{
        return !o->time || o->time->told ? clock_now() : office_time_now(o->time, clock_boot());
}

bool office_held(const struct office *o)
{
        struct time_state s = { 0 };

        if (o->time)
                office_time_state(&s, o->time, 0, clock_boot());
        return s.hold != TIME_RUNS;
}
