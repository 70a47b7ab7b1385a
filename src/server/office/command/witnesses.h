/* witnesses.h - who else remembers our log, and what they signed last.
 *
 * Does      `witness.added`, `witness.ended`, `witness.cosigned`: the newest checkpoint of ours that each witness signed is kept whole, so
 *           that every export of the log carries it.
 * Source    docs/formats/witness.md.
 * Layer     server/office/command.
 * Trusts    nothing of what is handed in: our own signature, the witness's, and the root of our own tree at that size.
 * Fails     ERR_FORBIDDEN `witness.role`; ERR_INPUT, ERR_CONFLICT, ERR_ABSENT, ERR_TAMPERED `witness.*`; the store's errors.
 */
#ifndef OFFICE_COMMAND_WITNESSES_H
#define OFFICE_COMMAND_WITNESSES_H

#include "core/journal/cosign.h"
#include "server/office/command/facts.h"
#include "server/office/writer.h"

/* key: as typed from the witness's paper, with the fingerprint beside it. */
struct act_witness { const char *person; struct vkey key; struct receipt receipt; char id[UUID_TEXT]; };
struct act_witness_end { const char *person; struct str id; int64_t rev; struct receipt receipt; int64_t rev_after; };
/* note: a checkpoint of ours with lines of witnesses; signed: how many of them are ours and new. */
struct act_cosigned { const char *person; struct str note; struct receipt receipt; uint64_t size; size_t signed_by; };
act_fn act_add_witness, act_end_witness, act_keep_cosigned;

/* The cosigned checkpoint of a row as a note; ERR_ABSENT when it has signed nothing yet. */
int witness_note(struct buf *out, const struct row *witness, const struct vkey *log_key, struct err *e);

#endif
