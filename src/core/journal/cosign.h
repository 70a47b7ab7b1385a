/* cosign.h - C2SP witnesses: cosignatures on checkpoints, and the request that asks for one.
 *
 * Does      keys of witnesses as text; what a witness signs and the line it adds; find and check its line in a note;
 *           the body of add-checkpoint, both ways.
 * Source    c2sp.org/tlog-cosignature (Ed25519, type 0x04, cosignature/v1), c2sp.org/tlog-witness; docs/formats/witness.md.
 * Layer     core; pure (signing happens in whoever holds the key).
 * Units     `at`: POSIX seconds, as the witness said it.
 * Trusts    nothing: as note.h. A time before 1970 or beyond 2^53 is refused.
 * Fails     ERR_INPUT malformed; ERR_TAMPERED a line of this witness does not hold; ERR_ABSENT the witness has no line there.
 */
#ifndef CORE_JOURNAL_COSIGN_H
#define CORE_JOURNAL_COSIGN_H

#include "core/journal/note.h"

void witness_key_format(struct buf *out, const struct vkey *k);                          /* name+id+base64(0x04 ‖ key) */
int  witness_key_parse(struct vkey *out, struct str s, struct err *e);
void witness_key_fingerprint(struct buf *out, const struct vkey *k);
bool witness_name_ok(const char *name);
enum { WITNESS_ID_TEXT = 9 };
void witness_key_id(char to[WITNESS_ID_TEXT], const struct vkey *k);                     /* 8 hexadecimal digits: a name for files */

/* What is signed: "cosignature/v1\ntime <at>\n" and the checkpoint's own text. */
void cosign_text(struct buf *out, uint64_t at, const struct checkpoint *c);
/* The line that goes under a note. */
void cosign_line(struct buf *out, const struct vkey *witness, uint64_t at, const uint8_t sig[ED25519_SIG]);
/* The newest line of `witness` in the note; the note's own signature is checkpoint_open()'s. */
int  cosign_check(uint64_t *at, uint8_t sig[ED25519_SIG], struct str note, const struct vkey *witness, struct err *e);

/* The log's own signature on its note. ERR_ABSENT: there is none by `k`. */
int  note_signature(uint8_t sig[ED25519_SIG], struct str note, const struct vkey *k, struct err *e);

/* Body of POST add-checkpoint. Texts point into the input. */
struct witness_ask { uint64_t old; struct proof proof; struct str note; };

void witness_ask_format(struct buf *out, uint64_t old, const struct proof *p, struct str note);
int  witness_ask_parse(struct witness_ask *out, struct str body, struct err *e);
/* The first line of a note: which log it says it is of. Nothing is believed by it. */
bool note_origin_of(struct str *origin, struct str note);

#endif
