/* facts.h - from the store to what core's decisions need, and from the edge to acts.
 *
 * Does      load one case (application, steps, answers, permit); the acts of people on it, run by the writer.
 * Layer     server/office/command.
 * Owns      facts live in the arena.
 * Fails     ERR_ABSENT `application.absent` / `permit.absent`; else core's and the store's errors.
 */
#ifndef OFFICE_COMMAND_FACTS_H
#define OFFICE_COMMAND_FACTS_H

#include "core/procedure/procedure.h"
#include "server/office/store/query.h"
#include "server/office/writer.h"

int facts_load(struct case_facts *out, struct db *db, const struct pack *pack, struct str application, struct arena *a, struct err *e);
/* The case that a permit belongs to. */
int facts_of_permit(struct case_facts *out, struct db *db, const struct pack *pack, struct str permit, struct arena *a, struct err *e);

/* Each act: fill `in`, call writer_run(act_…, &x), read `out`. The actor is read anew inside: a role lost a second ago is lost. */
struct act_submit   { const char *person; const struct pack_form *form; const struct answer *answers; struct receipt receipt; char id[UUID_TEXT]; char number[80]; };
struct act_resubmit { const char *person; struct str application; const struct pack_form *form; const struct answer *answers; int64_t rev; struct receipt receipt; int64_t rev_after; };
struct act_decide   { const char *person; struct str application; enum decision decision; struct str reason; int64_t rev; struct receipt receipt; int64_t rev_after; };
struct act_withdraw { const char *person; struct str application, reason; int64_t rev; struct receipt receipt; int64_t rev_after; };
struct act_permit   { const char *person; struct str permit, reason; int64_t rev; bool revoke; utime_t until; struct receipt receipt; int64_t rev_after; };

act_fn act_submit, act_resubmit, act_decide, act_withdraw, act_permit;
act_fn act_tick;              /* arg: NULL; lets time act on permits that are due */

#endif
