/* alarm.h - calling people about an incident until somebody answers.
 *
 * Does      begin an alarm, go on with those that nobody answered in time, take an answer; lay each call into the outbox once.
 * Clause    3 注10 (N10.7: 管理者へ通知, N10.8: 監視体制とCSIRT).
 * Layer     server/office/command.
 * Fails     as the store.
 */
#ifndef OFFICE_COMMAND_ALARM_H
#define OFFICE_COMMAND_ALARM_H

#include "core/incident/ladder.h"
#include "server/office/command/ticks.h"

/* After an act that may have made an incident worse: `before` NULL when it is new. An entry of its own, `alert.sent`. */
int alarm_raise(struct act *act, const struct row *before, const struct row *incident, struct err *e);

struct act_acknowledge { const char *person; struct str alert, how; struct receipt receipt; char incident[UUID_TEXT]; };
act_fn act_acknowledge;

/* A row of the table of ticks. */
int alarm_due(bool *due, struct ticks *t, utime_t now, struct arena *a, struct err *e);
act_fn act_alarms;              /* arg: NULL */

/* "notice.alert", or "notice.alert-drill". */
const char *drill_key(const struct row *incident, const char *real, const char *drill);

#endif
