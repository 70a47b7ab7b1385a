/* font.h - a TrueType font in memory: which glyph a character has, how wide it is, and a smaller font of a few of them.
 *
 * Does      read cmap (formats 4, 12, and 14 for variation selectors), hmtx, loca and glyf; write a subset whose glyphs are numbered
 *           in the order asked for.
 * Layer     server/render.
 * Owns      a font is mapped for the life of the process.
 * Units     advances in thousandths of the size.
 * Trusts    nothing: every offset is checked; what does not fit is a font without that glyph.
 * Fails     ERR_ABSENT no such file; ERR_INPUT no TrueType font.
 */
#ifndef RENDER_FONT_H
#define RENDER_FONT_H

#include "base/err.h"
#include "base/str.h"

struct font {
        struct str bytes, cmap4, cmap12, cmap14, glyf, loca, hmtx, head, hhea, maxp, cvt, fpgm, prep;
        unsigned   glyphs, metrics, em;
        int        box[4], ascent, descent;      /* in thousandths */
        bool       long_loca;
};

int      font_open(struct font *out, const char *path, struct err *e);      /* before the sandbox */
int      font_read(struct font *out, struct str bytes, struct err *e);
unsigned font_glyph(const struct font *f, uint32_t base, uint32_t variant); /* 0: it has none. A variant it does not know is the plain form */
int      font_advance(const struct font *f, unsigned glyph);
/* glyphs[0] is 0. Parts that composed glyphs are made of follow behind. */
int      font_subset(struct buf *out, const struct font *f, const unsigned *glyphs, size_t n, struct err *e);

#endif
