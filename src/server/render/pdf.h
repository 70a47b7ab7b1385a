/* pdf.h - laid pages as a PDF file.
 *
 * Does      one file: pages, the characters of each font that were used, their Unicode, title and date of the document.
 * Layer     server/render; cairo writes the file, FreeType knows the fonts.
 * Owns      *out is the caller's.
 * Fails     ERR_NOMEM.
 *
 * The same pages give the same bytes: nothing is asked of the clock or of chance (tests/unit/test_paper.c prints twice).
 */
#ifndef RENDER_PDF_H
#define RENDER_PDF_H

#include "core/paper/lay.h"
#include "server/render/font.h"

/* A paper's characters as this printer shows them: a character that no font has (外字) is 〓. */
int pdf_advance(const void *fonts, enum paper_font font, struct paper_char c);      /* for struct paper_metrics; ctx: struct font[PAPER_FONTS] */
int pdf_write(struct buf *out, const struct paper *p, const struct paper_pages *pages, const struct font fonts[PAPER_FONTS], struct err *e);

#endif
