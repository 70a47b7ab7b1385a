/* answer_file.h - a provider's answers on their way from one install to another.
 *
 * Does      write the file; read one and prove, from the file alone, that its sender's journal names exactly these answers.
 * Source    docs/formats/answer-sheet.md.
 * Layer     wire; pure.
 * Owns      everything read lives in the arena.
 * Units     bytes; at most ANSWER_FILE_MAX, bounded JSON inside.
 * Trusts    nothing, and least of all the key in the file: whether it is the sender's, only its fingerprint on the sender's paper says.
 * Fails     ERR_INPUT `answer-file.*`; ERR_NOMEM.
 */
#ifndef WIRE_ANSWER_FILE_H
#define WIRE_ANSWER_FILE_H

#include "base/arena.h"
#include "core/journal/note.h"

enum { ANSWER_FILE_MAX = 900 * 1024, ANSWER_FILE_ANSWERS_MAX = 400, ANSWER_FILE_TEXT_MAX = 1600, ANSWER_FILE_VALUE_MAX = 256 * 1024 };
#define ANSWER_FILE_ENTRY "answer-sheet.exported"      /* type of the entry, whose note `digest` is the content's SHA-256 */

struct answer_line { struct str field, value; };       /* value as it is stored */

/* Texts are UTF-8; empty: not said, where that may be. */
struct answer_file {
        struct str          install, post;             /* who sends: the municipality's name, the post (never the person) */
        struct str          provider, corporate_number, country;
        struct str          subject, form, form_hash, answered_on;
        struct answer_line *answers;
        size_t              n;
        struct vkey         key;                       /* read: of the sender's log, as the file has it */
        struct hash         digest;                    /* read: of the content */
        uint64_t            index;                     /* read: of the entry in the sender's journal */
};

/* The content: canonical JSON. Its digest is what the entry names; `origin` is the log's. */
int answer_content_encode(struct buf *out, const struct answer_file *f, const char *origin, struct err *e);
/* `proof` is the whole tlog-proof of that entry. */
void answer_file_format(struct buf *out, const struct vkey *k, struct str content, struct str proof);

int answer_file_open(struct answer_file *out, struct str file, struct arena *a, struct err *e);

/* A fingerprint as people type it (blanks, colons, hyphens, either case) as vkey_fingerprint() writes it. False: it is none. */
enum { FINGERPRINT_TEXT = 40 };
bool fingerprint_parse(char to[FINGERPRINT_TEXT], struct str s);

#endif
