/* spelling.h - one spelling for texts that people take for the same, so that what is searched for is found.
 *
 * Does      full width and half width, capital and small, hiragana and katakana, voiced marks apart or joined, composed signs (㈱, ①),
 *           variants of names (髙, 﨑) and dashes that stand for a long vowel become one spelling; what is blank becomes one blank.
 *           Kept apart: サーバ and サーバー (the shorter finds the longer), 々 and the letter that it repeats.
 * Layer     core; pure.
 * Trusts    nothing: bytes that are no UTF-8 become a blank.
 */
#ifndef CORE_SEARCH_SPELLING_H
#define CORE_SEARCH_SPELLING_H

#include "base/str.h"

/* Appends to `out`: no line break, no two blanks in a row, no '"' and no '\''. A folded text folds to itself. `from` may be NULL; else
 * it gets one uint32_t for each byte that `out` gets: where in `in` the letter begins that it comes from. */
void spelling_fold(struct buf *out, struct buf *from, struct str in);

#endif
