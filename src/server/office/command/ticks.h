/* ticks.h - what time does: permits begin and end, exceptions end, machine steps pass, duties come.
 *
 * Does      walk one table of ticks: each looks with a reader's connection, and only acts on the writer when something is due.
 * Clause    6.1(19) 注16: the period is part of the permission.
 * Layer     server/office/command.
 * Scales    permits and exceptions by index. Cases: all that are submitted, once an hour (a machine step may hang on the date or on a
 *           service that another case changed); what an act on a case itself lets pass, passes with that act.
 * Fails     the store's errors of the first tick that failed; the others ran, and the next round tries again.
 *
 * A new tick is a row of `ticks` in ticks.c; TICKS_MAX is its room here. No tick may count on being run at a certain moment, only on
 * being run again: what it did stands in the rows, so that a restart or a clock that was set back does nothing twice.
 */
#ifndef OFFICE_COMMAND_TICKS_H
#define OFFICE_COMMAND_TICKS_H

#include "server/office/command/acts.h"
#include "server/office/command/duty_walk.h"
#include "server/office/command/erasures.h"
#include "server/office/command/scrub.h"

enum { TICKS_MAX = 16 };

/* next: before when each tick need not be asked again; 0 at the start. */
struct ticks {
        struct office    *office;
        struct db        *db;
        utime_t           next[TICKS_MAX];
        struct duty_watch duties;
        struct erasure_watch erasures;
        struct scrub_watch scrub;
};

void ticks_init(struct ticks *t, struct office *o, struct db *reader);
int  ticks_run(struct ticks *t, utime_t now, struct err *e);

act_fn act_tick;              /* arg: NULL; permits and exceptions that are due */

#endif
