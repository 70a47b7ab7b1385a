/* grams.h - what an index holds of a folded text, and what a question asks of it.
 *
 * Does      cut a folded text into grams; read what a person typed as terms; write the terms as a question to the index.
 * Layer     core; pure.
 * Owns      texts of the terms live in the arena.
 * Units     letters, not bytes.
 *
 * Japanese has no blanks between words and most of its words are two letters long, so the index holds pieces instead of words. At each
 * letter of a run without blanks begins a pair of letters; where the letter is one of an alphabet (ASCII, Latin, Greek, Cyrillic, kana),
 * also a triple, for pairs of an alphabet stand in nearly every text. A text that holds a
 * term holds all of the term's grams; the other way round it may not, so whoever asks the index looks at the folded text as well
 * (a term never holds a blank, so this is one instr()).
 *
 * A single letter is asked of names only (森 is a whole family name), and stands in so many rows that neither pairs nor the rows can be
 * gone through: each letter of a name is a gram of its own, with the register before it, "=person:森". One gram more, "=person", says of which
 * register a text is. No other gram has more than three letters.
 */
#ifndef CORE_SEARCH_GRAMS_H
#define CORE_SEARCH_GRAMS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { SEARCH_TERMS_MAX = 8, SEARCH_LETTERS_MAX = 100 };

/* Folded; all of them must occur. letters: each is a single letter. */
struct search_terms { struct str terms[SEARCH_TERMS_MAX]; size_t n; bool letters; };

/* ERR_INPUT with `search.empty`, `search.short` (no term of two letters), `search.long`. */
int  search_terms_read(struct search_terms *out, struct str typed, struct arena *a, struct err *e);
/* The same, and single letters will do. */
int  search_terms_any(struct search_terms *out, struct str typed, struct arena *a, struct err *e);
/* In the folded texts of a row, a line break between; single letters in the first of them: what the row is called. */
bool search_terms_in(const struct search_terms *t, struct str folded);
/* Where `term` stands in `folded`; SIZE_MAX when it does not. */
size_t search_find(struct str folded, struct str term);

/* The grams of a folded text with blanks between, each once for each place. */
void grams_of(struct buf *out, struct str folded);
void grams_of_name(struct buf *out, struct str register_id, struct str folded);
/* As FTS5 reads it: "gram" AND "gram" … register_id empty: in all, but for single letters. */
void grams_ask(struct buf *out, struct str register_id, const struct search_terms *t);

#endif
