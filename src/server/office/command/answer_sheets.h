/* answer_sheets.h - providers' answers, kept once and used again, and the municipalities they are exchanged with.
 *
 * Does      `answer-sheet.recorded`, `answer-sheet.received`, `answer-sheet.exported`, `peer.added`, `peer.ended`.
 * Clause    8.2(2)②: what the provider answered is asked for and kept; practice.md: answered once and reused, exchanged as a signed file.
 * Layer     server/office/command.
 * Fails     ERR_FORBIDDEN `answer-sheet.role`; ERR_ABSENT, ERR_CONFLICT `answer-sheet.*`, `peer.*`; the store's errors.
 *
 * A new sheet of the same provider, form and subject replaces the one before, which stays and says so.
 */
#ifndef OFFICE_COMMAND_ANSWER_SHEETS_H
#define OFFICE_COMMAND_ANSWER_SHEETS_H

#include "server/office/command/facts.h"
#include "server/office/writer.h"
#include "wire/answer_file.h"

/* Who keeps them: the secretariat, and who manages a service. Who sees to everything sees them as well. */
int answer_sheets_rights(bool *sees, bool *keeps, struct db *db, const struct actor *who, struct err *e);

/* from: the file it was received in (already verified); NULL: our own. provider: id of a row; of a received one by name, made when new. */
struct act_sheet {
        const char               *person, *form;
        struct str                provider, subject, answered_on, form_hash;
        const struct answer_line *answers;
        size_t                    n;
        const struct answer_file *from;
        struct hash               file;              /* received: SHA-256 of it */
        struct receipt            receipt;
        char                      id[UUID_TEXT];
};
struct act_export { const char *person; struct str sheet; struct hash digest; struct receipt receipt; };
/* log_key empty: only the fingerprint was typed. */
struct act_peer { const char *person; struct str name, log_key; const char *fingerprint; struct receipt receipt; char id[UUID_TEXT]; };
struct act_peer_end { const char *person; struct str id; int64_t rev; struct receipt receipt; int64_t rev_after; };
act_fn act_keep_sheet, act_export_sheet, act_add_peer, act_end_peer;

/* The trusted peer of that fingerprint; out->rev is 0 when there is none. */
int peer_find(struct row *out, struct db *db, const char *fingerprint, struct arena *a, struct err *e);

#endif
