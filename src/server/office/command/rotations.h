/* rotations.h - a key of the signer is put away and the next one takes over: asked by one person, confirmed by another.
 *
 * Does      ask, confirm, end; have the signer do what was confirmed, and write down that it did.
 * Clause    DESIGN §7 (rotation is a two-person command); docs/decisions/0009-keys.md.
 * Layer     server/office/command.
 * Fails     ERR_FORBIDDEN `rotation.same`, `error.forbidden`; ERR_CONFLICT `rotation.open`, `rotation.over`, `rotation.moved`; ERR_ABSENT
 *           `rotation.absent`; ERR_INPUT `rotation.use`, `common.reason.missing`; ERR_RULE `rotation.ca.none`.
 *
 * Entries: `key.rotation-asked`; `key.rotation-confirmed`, whose digest is that of the key link: the evidence that the signer demands;
 * `key.rotated` when the signer has done it, with the new public keys. Between the last two anything may die: the row is `confirmed`, each
 * round of the duty loop asks the signer again, and the signer answers the same for the same link.
 */
#ifndef OFFICE_COMMAND_ROTATIONS_H
#define OFFICE_COMMAND_ROTATIONS_H

#include "server/office/writer.h"
#include "wire/grants.h"
#include "wire/keylink.h"

enum { ROTATION_ASKED_DAYS = 7 };      /* then it has to be asked anew */

struct act_ask_rotation { const char *person; struct str use, reason; char id[UUID_TEXT]; struct receipt receipt; };
/* link: what the signer says that comes next for this use; was: the key it has now. */
struct act_confirm_rotation { const char *person; struct str id; struct keylink link; uint8_t was[ED25519_KEY]; struct receipt receipt; };
struct act_end_rotation { const char *person; struct str id; struct receipt receipt; };
/* The signer has done it: sig is that of the link. */
struct act_rotated { const char *id; uint8_t sig[ED25519_SIG]; };
act_fn act_ask_rotation, act_confirm_rotation, act_end_rotation, act_rotated;

/* What stands in the way of this person confirming it; ERR_OK: nothing. */
int rotation_may_confirm(const struct row *rotation, const char *person, utime_t now, struct err *e);
bool rotation_is_late(const struct row *rotation, utime_t now);

/* What was confirmed, done by the signer. It is away: nothing happens, and the next round tries again. */
int rotations_walk(struct office *o, struct db *reader, struct err *e);

/* The side section of grant tables: links of all rotations done. Empty when there are none. */
int rotations_links(struct buf *side, struct db *db, struct arena *a, struct err *e);
/* Did some table key of ours sign this header? The current one, or one that was. */
int rotations_verify_table(const struct grant_header *h, const uint8_t sig[ED25519_SIG], const uint8_t current[ED25519_KEY], struct db *db, struct arena *a, struct err *e);

#endif
