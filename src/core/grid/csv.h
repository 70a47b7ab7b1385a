/* csv.h - one sheet as comma or tab separated values, and back.
 *
 * Does      RFC 4180 with what spreadsheets do: BOM, CR LF, CR or LF, quotes over lines, tabs instead of commas; a header row.
 * Layer     core; pure. UTF-8 only: other encodings become UTF-8 in the render role first.
 * Owns      the grid read; *out of csv_write is the caller's.
 * Trusts    nothing: rows, columns and cells are capped as in grid.h.
 * Fails     ERR_INPUT, ERR_TOO_BIG with a key grid.csv.* or grid.*; {0} is the row as people count it.
 *
 * A cell that some spreadsheet would take for a formula gets one apostrophe in front when written; reading takes one off such a cell.
 * So every text comes back as it was, and none is ever run. Such a cell has one of = + - @ (or their full-width forms, which Japanese
 * input turns into formulas) behind any blanks, line ends, tabs and apostrophes, or begins with a tab or line end behind apostrophes.
 */
#ifndef CORE_GRID_CSV_H
#define CORE_GRID_CSV_H

#include "core/grid/grid.h"

int csv_read(struct grid *out, const char *sheet, struct str bytes, struct err *e);

/* A list that people keep: the header may stand below titles, so the first line is no narrower than the widest; a quotation mark that
 * nothing ends is a character (the clipboard does not quote it). `apart`: what stands between cells, 0 to find out. */
int csv_read_list(struct grid *out, const char *sheet, struct str bytes, char apart, struct err *e);

int csv_write(struct buf *out, const struct grid_sheet *s, enum lang titles, struct err *e);     /* BOM, commas, CR LF */

#endif
