/* clock.h - what is written of the office's clock (office_time.h): that time is held, that it runs again, that a person confirmed it.
 *
 * Does      keep the local row once a minute; entries `clock.held`, `clock.resumed` (it came right by itself), `clock.confirmed`.
 * Clause    DESIGN §5: time-driven changes wait for a person after a jump.
 * Layer     server/office/command.
 * Fails     `clock.runs` (nothing to confirm), `clock.moved` (the clock is not where the person saw it any more); the store's errors.
 *
 * Whoever confirms ends all sessions, the own one as well: none may live again because time went back.
 */
#ifndef OFFICE_COMMAND_CLOCK_H
#define OFFICE_COMMAND_CLOCK_H

#include "server/office/store/local.h"
#include "server/office/writer.h"

/* Looks, writes down, keeps: each round of the duty loop. `kept_at` is the caller's, 0 at first. */
int clock_round(struct office *o, utime_t *kept_at, struct err *e);

/* Before the threads start: what was kept, and whether the ends of too many permits passed meanwhile. */
int clock_begin(struct office *o, struct err *e);
int clock_look_mass(struct office *o, struct err *e);

/* seen: the machine's time that the person read. The rest: out. The act says and keeps it; clock_confirm() then steps, after the commit. */
struct act_confirm_clock { const char *person; utime_t seen, wall, boot; struct receipt receipt; };
act_fn act_confirm_clock;
int clock_confirm(struct office *o, struct act_confirm_clock *in, struct err *e);

#endif
