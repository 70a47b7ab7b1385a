/* lines.h - where a line of Japanese may end.
 *
 * Does      cut a text into lines of a given width, by the rules of 禁則: no 。、」 or small kana begins a line, no （「 ends one, …… and
 *           —— stay together, a word or number of Latin letters is not cut unless it is longer than a line.
 * Clause    JIS X 4051 (追い出し: what may not begin a line takes the character before it along), as far as forms need it.
 * Layer     core; pure.
 * Owns      a line borrows the text.
 * Units     sizes and widths in hundredths of a point; advances in thousandths of the size.
 * Trusts    valid UTF-8 (what is none is read bytewise and never past the end).
 */
#ifndef CORE_PAPER_LINES_H
#define CORE_PAPER_LINES_H

#include "base/str.h"

enum paper_font { PAPER_MINCHO, PAPER_GOTHIC, PAPER_FONTS };

/* A character and the variation selector behind it (0: none): 葛 U+E0100. */
struct paper_char { uint32_t base, variant; };

struct paper_metrics {
        int (*advance)(const void *ctx, enum paper_font font, struct paper_char c);
        const void *ctx;
};

struct paper_line { struct str text; int width; };       /* without the blanks and the line end behind it */

struct paper_char paper_char_next(struct str *rest);      /* rest->n is not 0 */
bool              paper_may_break(uint32_t before, uint32_t after);
int               paper_width(struct str text, enum paper_font font, int size, const struct paper_metrics *m);
/* The next line; false when nothing is left. */
bool              paper_line_next(struct paper_line *out, struct str *rest, enum paper_font font, int size, int width, const struct paper_metrics *m);

#endif
