/* duties.h - closing what was due, and naming who stands in for whom.
 *
 * Clause    practice.md: closing a duty demands evidence; 代決.
 * Layer     server/office/command.
 * Fails     ERR_ABSENT `duty.absent`, `deputy.absent`; ERR_INPUT `deputy.person.absent`; core's refusals; the store's errors.
 */
#ifndef OFFICE_COMMAND_DUTIES_H
#define OFFICE_COMMAND_DUTIES_H

#include "server/office/command/facts.h"
#include "server/office/writer.h"

struct act_close_duty { const char *person; struct str duty, evidence; int64_t rev; struct receipt receipt; int64_t rev_after; };
/* principal, deputy: person ids; role NULL: each that the principal holds. */
struct act_name_deputy { const char *person, *principal, *deputy, *role; utime_t from, until; struct receipt receipt; int64_t rev_after; };
struct act_end_deputy { const char *person, *principal, *deputy; struct str reason; int64_t rev; struct receipt receipt; int64_t rev_after; };
act_fn act_close_duty, act_name_deputy, act_end_deputy;

#endif
