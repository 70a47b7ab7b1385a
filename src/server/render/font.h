/* font.h - a font in memory: which glyph a character has and how wide it is.
 *
 * Does      hold a font for FreeType (characters, widths) and for cairo (what is drawn and what goes into the file).
 * Layer     server/render; FreeType, cairo.
 * Owns      a font lives as long as the process: font_open() is not undone.
 * Units     advances in thousandths of the size.
 * Trusts    not the file beyond what FreeType checks; it is Debian's.
 * Fails     ERR_ABSENT no such file; ERR_INPUT no font; ERR_NOMEM.
 */
#ifndef RENDER_FONT_H
#define RENDER_FONT_H

#include <cairo.h>
#include <ft2build.h>
#include FT_FREETYPE_H

#include "base/err.h"

struct font { FT_Face face; cairo_font_face_t *cairo; };

int      font_open(struct font *out, const char *path, struct err *e);      /* before the sandbox: nothing is opened later */
unsigned font_glyph(const struct font *f, uint32_t base, uint32_t variant); /* 0: it has none. A variant it does not know is the plain form */
int      font_advance(const struct font *f, unsigned glyph);

#endif
