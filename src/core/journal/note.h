/* note.h - C2SP signed notes: verifier keys, checkpoints, tlog-proof files, our consistency files.
 *
 * Does      format and parse them strictly; verify Ed25519 signature lines (RFC 8032).
 * Layer     core; pure (signing happens in the signer).
 * Source    c2sp.org/signed-note, tlog-checkpoint, tlog-proof@v1; docs/formats/journal.md.
 * Trusts    nothing: a line too long, a size with a leading zero, a second spelling of Base64 are refused; unknown signature
 *           lines are ignored as the specification says.
 */
#ifndef CORE_JOURNAL_NOTE_H
#define CORE_JOURNAL_NOTE_H

#include "base/uuid.h"
#include "core/journal/tree.h"

enum { NOTE_ORIGIN_MAX = 128, NOTE_VKEY_MAX = 256, NOTE_MAX = 8192, ENTRY_MAX = 65535, ED25519_KEY = 32, ED25519_SIG = 64 };

struct vkey { char name[NOTE_ORIGIN_MAX]; uint8_t key[ED25519_KEY]; };

void note_origin(char to[NOTE_ORIGIN_MAX], struct uuid install, uint32_t epoch);
void vkey_format(struct buf *out, const struct vkey *k);                         /* name+hash+base64 */
int  vkey_parse(struct vkey *out, struct str s, struct err *e);
void vkey_fingerprint(struct buf *out, const struct vkey *k);                    /* SHA-256 of the vkey text, 8 groups of 4 hex... printed at init */

struct checkpoint { char origin[NOTE_ORIGIN_MAX]; uint64_t size; struct hash root; };

void checkpoint_text(struct buf *out, const struct checkpoint *c);               /* what is signed: three lines */
void checkpoint_note(struct buf *out, const struct checkpoint *c, const struct vkey *k, const uint8_t sig[ED25519_SIG]);
/* Parses a note and checks that `k` signed it. ERR_TAMPERED: signature wrong or absent; ERR_INPUT: not a checkpoint. */
int  checkpoint_open(struct checkpoint *out, struct str note, const struct vkey *k, struct err *e);
/* The same, and what `k` signed it with, so that the note can be written again. */
int  checkpoint_open_signed(struct checkpoint *out, uint8_t sig[ED25519_SIG], struct str note, const struct vkey *k, struct err *e);

struct entry_proof { struct str entry; uint64_t index; struct proof proof; struct str checkpoint; };   /* strs point into the arena / input */

void proof_format(struct buf *out, struct str entry, uint64_t index, const struct proof *p, struct str checkpoint_note);
int  proof_parse(struct entry_proof *out, struct str file, struct buf *entry_room, struct err *e);     /* entry lives in entry_room */

struct consistency { uint64_t from; struct proof proof; struct str checkpoint; };

void consistency_format(struct buf *out, uint64_t from, const struct proof *p, struct str checkpoint_note);
int  consistency_parse(struct consistency *out, struct str file, struct err *e);

int  ed25519_verify(const uint8_t key[ED25519_KEY], struct str message, const uint8_t sig[ED25519_SIG], struct err *e);

#endif
