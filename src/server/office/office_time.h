/* office_time.h - the time that the office lives by: the machine's clock, as long as it does not jump.
 *
 * Does      give one time to all threads, which never goes back; notice a jump of the machine's clock against its boot clock, and at the
 *           start against what was last seen; then hold: go on by the boot clock until the clock is right again or a person confirms it.
 * Clause    DESIGN §5 (a clock jump over 10 minutes freezes time-driven changes until a person confirms).
 * Layer     server/office. Reads no clock: wall and boot time are arguments, but for office_now() at the end.
 * Units     utime_t; `wall` is UTC, `boot` the time since the machine started (runs on through suspend).
 * Threads   any; one lock inside.
 * Trusts    the boot clock. What was kept (store/local.h) stands under its MAC.
 *
 * While time is held nothing that time does is done (command/ticks.c says what goes on all the same); the office's time runs on as if
 * nothing had happened, so that no permit gets longer, no session lives again and no gate hears another time.
 */
#ifndef OFFICE_OFFICE_TIME_H
#define OFFICE_OFFICE_TIME_H

#include "base/err.h"
#include "base/utime.h"

#define TIME_JUMP (10 * UTIME_MIN)      /* more than any NTP step that we take for one */
#define TIME_AWAY (10 * UTIME_DAY)      /* a server that stood still for longer over New Year is asked about */

enum time_hold {
        TIME_RUNS = 0,
        TIME_JUMPED = 1,                /* the clock is elsewhere than the boot clock says, or than was last seen */
        TIME_MASS = 2,                  /* while we were away the ends of too many permits passed */
};

enum { BOOT_ID_MAX = 63 };

/* What is kept from one run to the next. ahead: the office's time less boot time. */
struct time_kept { char boot_id[BOOT_ID_MAX + 1]; utime_t seen_at, ahead, since; enum time_hold hold; };

struct time_state { utime_t now, wall, since; enum time_hold hold; };

struct office_time;

/* kept: NULL when there is none. newest: of the newest entry, 0: none. told: the clock is a test's story and never jumps. */
int                 office_time_start(struct office_time **out, const struct time_kept *kept, utime_t newest, const char *boot_id, utime_t wall, utime_t boot, bool told, struct err *e);
struct office_time *office_time_stop(struct office_time *t);
SCOPED(office_time_stop, struct office_time *)

utime_t office_time_now(struct office_time *t, utime_t boot);
/* Looks at the clocks. True: it is held since now, or no longer. */
bool    office_time_look(struct office_time *t, utime_t wall, utime_t boot);
/* At the start, of a time that would pass at once: from the last seen to now. False: nothing to ask about, or held already. */
bool    office_time_gap(struct office_time *t, utime_t *from, utime_t *to, utime_t boot);
void    office_time_hold_mass(struct office_time *t, utime_t boot);
/* A person says that the machine's clock is right. The time steps there, even back. */
void    office_time_confirm(struct office_time *t, utime_t wall, utime_t boot);
void    office_time_state(struct time_state *out, struct office_time *t, utime_t wall, utime_t boot);
void    office_time_keep(struct time_kept *out, struct office_time *t, utime_t boot);

struct office;
utime_t office_now(const struct office *o);          /* by the machine's clocks; without office_time (a tool): the wall clock */
bool    office_held(const struct office *o);

#endif
