/* csv.h - one sheet as comma or tab separated values, and back.
 *
 * Does      RFC 4180 with what spreadsheets do: BOM, CR LF, CR or LF, quotes over lines, tabs instead of commas; a header row.
 * Layer     core; pure. UTF-8 only: other encodings become UTF-8 in the render role first.
 * Owns      the grid read; *out of csv_write is the caller's.
 * Trusts    nothing: rows, columns and cells are capped as in grid.h.
 * Fails     ERR_INPUT, ERR_TOO_BIG with a key grid.csv.* or grid.*; {0} is the row as people count it.
 *
 * A cell that a spreadsheet would take for a formula (it begins with = + - @ or a tab, whatever apostrophes stand before) gets one
 * apostrophe in front when written; reading takes one off such a cell. So every text comes back as it was, and none is ever run.
 */
#ifndef CORE_GRID_CSV_H
#define CORE_GRID_CSV_H

#include "core/grid/grid.h"

int csv_read(struct grid *out, const char *sheet, struct str bytes, struct err *e);
int csv_write(struct buf *out, const struct grid_sheet *s, enum lang titles, struct err *e);     /* BOM, commas, CR LF */

#endif
