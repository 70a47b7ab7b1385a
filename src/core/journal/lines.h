/* lines.h - what the journal's text formats have in common: lines, decimal sizes, Base64 hashes.
 *
 * Does      take the next line off a view; read "word <decimal>" and one SHA-256 a line, in their one spelling.
 * Layer     core; pure. For note.c and proof.c.
 * Trusts    nothing: a line without its newline is no line.
 */
#ifndef CORE_JOURNAL_LINES_H
#define CORE_JOURNAL_LINES_H

#include "base/codec.h"
#include "core/journal/tree.h"

static inline bool line_next(struct str *rest, struct str *line)
{
        return str_cut(*rest, '\n', line, rest);
}

/* "index 12" with word "index ". */
static inline bool line_number(struct str line, const char *word, uint64_t max, uint64_t *out)
{
        size_t n = strlen(word);

        return str_starts(line, word) && str_u64((struct str){ line.p + n, line.n - n }, max, out);
}

static inline bool line_hash(struct str line, struct hash *out)
{
        uint8_t b[HASH_SIZE];
        size_t n;

        if (!base64_decode(line, b, sizeof(b), &n) || n != HASH_SIZE)
                return false;
        memcpy(out->b, b, HASH_SIZE);
        return true;
}

static inline void line_hash_format(struct buf *out, const struct hash *h)
{
        base64_encode(out, h->b, HASH_SIZE);
        buf_char(out, '\n');
}

#endif
