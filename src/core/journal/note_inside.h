/* note_inside.h - what the notes of logs and those of witnesses have in common. For note.c and cosign.c.
 *
 * Does      verifier keys of a type; a note cut into text and signature lines; one such line; the three lines of a checkpoint.
 * Layer     core; pure.
 * Source    c2sp.org/signed-note: the key id is the first 4 bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key).
 */
#ifndef CORE_JOURNAL_NOTE_INSIDE_H
#define CORE_JOURNAL_NOTE_INSIDE_H

#include "core/journal/note.h"

enum { KEY_ID = 4 };
enum key_type { KEY_TYPE_ED25519 = 1, KEY_TYPE_COSIGNER = 4 };

#define NOTE_DASH "\xe2\x80\x94 "    /* U+2014 and a space */

struct key_id { uint8_t b[KEY_ID]; };

struct key_id key_id_typed(const struct vkey *k, enum key_type kind);
bool          note_name_ok(struct str s);
void          vkey_format_typed(struct buf *out, const struct vkey *k, enum key_type type);
int           vkey_parse_typed(struct vkey *out, struct str s, enum key_type type, struct err *e);
void          vkey_fingerprint_typed(struct buf *out, const struct vkey *k, enum key_type type);

/* Cuts at the last empty line; *text keeps its final newline. False: not a signed note. */
bool note_cut(struct str note, struct str *text, struct str *lines);
/* raw: key id, then the signature. False: not a signature line. */
bool signature_parse(struct str line, struct str *name, uint8_t raw[NOTE_MAX], size_t *n);
int  checkpoint_text_parse(struct checkpoint *out, struct str text, struct err *e);

#endif
