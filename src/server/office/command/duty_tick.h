/* duty_tick.h - duties that time opens, moves, closes and reminds of; duty_walk.h says when.
 *
 * Does      bring the duties into line with the registers (core/procedure/duties.h), an entry each; tell whoever has one on the days
 *           that the pack names, and its overdue_role once it is overdue; remind those whom a case waits for.
 * Clause    8.2 趣旨, 8.2(6): nothing runs out unseen. practice.md: remind, then overdue to the approver; to suspend is for people.
 * Layer     server/office/command.
 * Scales    an act does a hundred things at most, and is asked for again; steps of cases once an hour.
 * Fails     the store's errors; the next round tries again.
 *
 * One notice a duty and day: that it was told stands in DUTY.reminded_at, in the entry that goes with the notice, in one transaction;
 * the outbox refuses a second one with the same `once` on top. A step has no row of its own for that: `once` is all of it.
 */
#ifndef OFFICE_COMMAND_DUTY_TICK_H
#define OFFICE_COMMAND_DUTY_TICK_H

#include "server/office/command/ticks.h"

act_fn act_duties;                    /* arg: const char *, a part's services (duty_world.h); NULL: what is of no service */
act_fn act_duty_words;                /* arg: struct row_list *, duties that have something to say */

/* Is one of the case's active steps to be told of? */
int    steps_are_due(bool *due, struct ticks *t, const char *application, utime_t now, struct err *e);
act_fn act_remind_steps;              /* arg: const char *, the application's id */

/* Who is told of a duty: who has it by now, and once it is overdue its overdue_role. */
struct notice_to;
int    duty_tell(struct act *act, const struct row *duty, const char *key, bool overdue, struct err *e);

#endif
