/* acts.h - what people do to a case, and what time does; each runs on the writer, under its transaction.
 *
 * Does      one act a row of the route table: facts, core's yes or no, an entry, notices.
 * Layer     server/office/command.
 * Fails     as facts.h; core's refusals; the store's errors.
 */
#ifndef OFFICE_COMMAND_ACTS_H
#define OFFICE_COMMAND_ACTS_H

#include "server/office/command/facts.h"
#include "server/office/writer.h"

/* Each act: fill `in`, call writer_run(act_…, &x), read `out`. The actor is read anew inside: a role lost a second ago is lost. */
struct act_submit   { const char *person; const struct pack_form *form; const struct answer *answers; struct receipt receipt; char id[UUID_TEXT]; char number[80]; };
struct act_resubmit { const char *person; struct str application; const struct pack_form *form; const struct answer *answers; int64_t rev; struct receipt receipt; int64_t rev_after; };
struct act_decide   { const char *person; struct str application; enum decision decision; struct str reason; int64_t rev; struct receipt receipt; int64_t rev_after; };
struct act_withdraw { const char *person; struct str application, reason; int64_t rev; struct receipt receipt; int64_t rev_after; };
struct act_permit   { const char *person; struct str permit, reason; int64_t rev; bool revoke; utime_t until; struct receipt receipt; int64_t rev_after; };

act_fn act_submit, act_resubmit, act_decide, act_withdraw, act_permit;
act_fn act_tick;              /* arg: NULL; lets time act on permits that are due */

#endif
