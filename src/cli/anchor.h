/* anchor.h - what was fixed outside the office: a printed root, an earlier checkpoint, the signer's own state.
 *
 * Does      read each kind; decide whether two states of one log are one history, with consistency files where sizes differ.
 * Source    docs/formats/journal.md, "What a key alone does not prove".
 * Layer     cli.
 * Trusts    nothing: every file is parsed strictly, every checkpoint must bear the key's signature.
 * Fails     ERR_TAMPERED it contradicts; ERR_INPUT it is not what it must be; ERR_ABSENT the step between two sizes is missing;
 *           the machine's errors from reading.
 */
#ifndef CLI_ANCHOR_H
#define CLI_ANCHOR_H

#include "core/journal/note.h"

/* One state of a log: so many entries, this root. */
struct point { uint64_t size; struct hash root; };

/* From one size to a signed state: what a consistency file says. */
struct step { uint64_t from; struct proof proof; struct point to; };

int point_from_root(struct point *out, struct str text, struct err *e);                          /* "SIZE:BASE64" */
int point_from_checkpoint(struct point *out, struct str note, const struct vkey *k, struct err *e);
int point_from_signer_state(struct point *out, struct str file, const struct vkey *k, struct err *e);
int step_parse(struct step *out, struct str file, const struct vkey *k, struct err *e);

/* ERR_OK: one history. The steps may lead from the smaller to the larger, or from both to one further state. */
int points_joined(const struct point *a, const struct point *b, const struct step *steps, size_t n, struct err *e);

#endif
