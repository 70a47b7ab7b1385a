/* acts.h - what people do to a case; each runs on the writer, under its transaction.
 *
 * Does      one act a row of the route table: facts as of now, core's yes or no, an entry; then what follows of itself (machine steps,
 *           in an entry of their own) and who is told.
 * Layer     server/office/command.
 * Fails     as facts.h; core's refusals; the store's errors.
 *
 * Each act: fill `in`, call writer_run(act_…, &x), read `out`. The actor is read anew inside: a role lost a second ago is lost.
 */
#ifndef OFFICE_COMMAND_ACTS_H
#define OFFICE_COMMAND_ACTS_H

#include "server/office/command/facts.h"
#include "server/office/writer.h"

/* applicant: nominal, when `person` drafts; NULL: in their own name. draft: what was kept of it so far, which goes with it (drafts.h). */
struct act_submit   { const char *person, *applicant; struct str draft; const struct pack_form *form; const struct answer *answers; struct receipt receipt; char id[UUID_TEXT]; char number[80]; };

/* What the acts on a case have in common. rev: as seen; rev_after: of the application, when all that follows is done. */
struct on_case { const char *person; struct str application, draft; int64_t rev; struct receipt receipt; int64_t rev_after; };

/* correct: while it is still submitted, with a reason; else it was returned. */
struct act_resubmit { struct on_case on; const struct pack_form *form; const struct answer *answers; bool correct; struct str reason; };
struct act_fill     { struct on_case on; const struct pack_form *sheet; const struct answer *answers; };
struct act_judge    { struct on_case on; const struct judgement *lines; size_t n; };
struct act_rate     { struct on_case on; const char *axis, *level; struct str reason; };
struct act_decide   { struct on_case on; enum decision decision; const char *step, *to; struct str reason, condition, condition_due; struct ruling paper; };
struct act_withdraw { struct on_case on; struct str reason; };
act_fn act_submit, act_resubmit, act_fill, act_judge, act_rate, act_decide, act_withdraw;

struct act_permit   { const char *person; struct str permit, reason; int64_t rev; bool revoke; utime_t until; struct receipt receipt; int64_t rev_after; };
act_fn act_permit;

/* Machine steps, exceptions that end: what follows of itself. arg: const char *, the application's id. */
act_fn act_advance;

#endif
