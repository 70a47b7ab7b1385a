/* deliveries.h - what the courier said of notices and of the ways out, and what follows from it.
 *
 * Does      settle notices for a sink; whom could not be reached is told of: the secretariat when an address is missing, the system
 *           manager otherwise; so is a sink that has not worked for half an hour. Sweep what is old.
 * Layer     server/office/command.
 * Fails     as the store.
 *
 * A notice about a notice is never followed by another one: it stays visible in /api/v1/status.
 */
#ifndef OFFICE_COMMAND_DELIVERIES_H
#define OFFICE_COMMAND_DELIVERIES_H

#include "server/office/command/notice.h"
#include "server/office/store/outbox.h"

enum { STUCK_MIN = 30 };

struct act_settle { struct str sink; const struct sent_row *rows; size_t n; };           /* sink and at are put in here */
struct act_sinks  { const struct sink_row *rows; size_t n; };

act_fn act_settle;            /* arg: struct act_settle */
act_fn act_say_sinks;         /* arg: struct act_sinks */
act_fn act_sweep_outbox;      /* arg: NULL */

#endif
