/* drafts.h - keeping what somebody has begun to write, and letting it go.
 *
 * Does      save a draft (a new one, or over the last state that the writer saw), drop it, sweep what lay too long.
 * Layer     server/office/command.
 * Fails     ERR_ABSENT `draft.absent` (sent, dropped, or another's); ERR_CONFLICT `draft.moved` (saved elsewhere meanwhile),
 *           `draft.many`; ERR_TOO_BIG `draft.big`; the store's errors.
 *
 * Nothing of it enters the journal: a draft is no act yet.
 */
#ifndef OFFICE_COMMAND_DRAFTS_H
#define OFFICE_COMMAND_DRAFTS_H

#include "base/uuid.h"
#include "server/office/store/drafts.h"
#include "server/office/writer.h"

/* id empty: a new one. rev: as seen. */
struct act_draft { const char *person; struct str id, form, about, body; int64_t rev; char new_id[UUID_TEXT]; int64_t rev_after; utime_t saved_at; };
struct act_draft_drop { const char *person; struct str id; };
act_fn act_save_draft, act_drop_draft, act_sweep_drafts;

/* Inside the act that sends its form: gone with it, or with nothing. id empty: there was none. */
int draft_sent(struct act *act, struct str id, const char *person, struct err *e);
int drafts_due(bool *due, struct db *db, const struct pack *pack, utime_t now, struct err *e);

#endif
