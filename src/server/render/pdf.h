/* pdf.h - laid pages as a PDF file.
 *
 * Does      one file: pages, the characters of each font that were used, their Unicode, title, language and date of the document.
 * Layer     server/render; zlib.
 * Owns      *out is the caller's.
 * Fails     ERR_NOMEM, ERR_TOO_BIG.
 *
 * The same pages give the same bytes: nothing is asked of the clock or of chance, objects are numbered in the order below, glyphs in the
 * order of their first use, and a font's tag and the file's id are hashes of what they stand for.
 *
 *   1 Catalog   2 Pages   3 Info   then, for each font that was used: Type0, CIDFont, descriptor, font file, ToUnicode;
 *   then, for each page: page, content.
 */
#ifndef RENDER_PDF_H
#define RENDER_PDF_H

#include "core/paper/lay.h"
#include "server/render/font.h"

/* A paper's characters as this printer shows them: a character that no font has (外字) is 〓. */
int pdf_advance(const void *fonts, enum paper_font font, struct paper_char c);      /* for struct paper_metrics; ctx: struct font[PAPER_FONTS] */
int pdf_write(struct buf *out, const struct paper *p, const struct paper_pages *pages, const struct font fonts[PAPER_FONTS], struct err *e);

#endif
