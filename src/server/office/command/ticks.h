/* ticks.h - what time does: permits begin and end, exceptions end, machine steps pass.
 *
 * Does      look with a reader's connection, and only act when something is due.
 * Clause    6.1(19) 注16: the period is part of the permission.
 * Layer     server/office/command.
 * Scales    permits and exceptions by index. Cases: all that are submitted, once an hour (a machine step may hang on the date or on a
 *           service that another case changed); what an act on a case itself lets pass, passes with that act.
 * Fails     the store's errors; the next tick tries again.
 */
#ifndef OFFICE_COMMAND_TICKS_H
#define OFFICE_COMMAND_TICKS_H

#include "server/office/command/acts.h"

/* hour: of the last walk through all cases; -1 before the first. */
struct ticks { struct office *office; struct db *db; int64_t hour; };

int ticks_run(struct ticks *t, utime_t now, struct err *e);

act_fn act_tick;              /* arg: NULL; permits and exceptions that are due */

#endif
