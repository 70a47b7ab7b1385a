/* lay.h - a paper on pages: which line of which text stands where.
 *
 * Does      lay a document on A4, page after page; a row is never cut in two unless it is longer than a page, a table's header stands on
 *           each page, a heading keeps company with what follows.
 * Layer     core; pure: widths of characters come from whoever has the fonts.
 * Owns      pages live in their arena: paper_pages_done(). Texts are borrowed from the paper.
 * Units     hundredths of a point; y grows downwards from the top edge.
 * Fails     ERR_TOO_BIG `paper.pages`; ERR_NOMEM.
 */
#ifndef CORE_PAPER_LAY_H
#define CORE_PAPER_LAY_H

#include "core/paper/lines.h"
#include "core/paper/paper.h"

enum { PAPER_A4_SHORT = 59528, PAPER_A4_LONG = 84189, PAPER_PAGES_MAX = 3000 };

enum paper_mark_kind { PAPER_SAYS, PAPER_LINE, PAPER_FILL, PAPER_ACROSS };      /* text; line; filled box; text from corner to corner */
struct paper_mark {
        enum paper_mark_kind kind;
        enum paper_font      font;
        int                  size;             /* of text; of a line: its width */
        int                  gray;             /* 0 black .. 100 white */
        int                  x, y, x2, y2;     /* text: x and y of its base line */
        struct str           text;
};

struct paper_page { struct paper_mark *marks; size_t n, room; };
struct paper_pages { struct arena arena; struct paper_page *pages; size_t n, room; int width, height; };

#define PAPER_PAGES_INIT ((struct paper_pages){ 0 })

void paper_pages_done(struct paper_pages *p);
static inline void paper_pages_done_at(struct paper_pages *p)
{
        paper_pages_done(p);
}

int paper_lay(struct paper_pages *out, const struct paper *p, const struct paper_metrics *m, struct err *e);

#endif
