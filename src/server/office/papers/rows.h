/* rows.h - walk rows of a register, and show their cells on paper.
 *
 * Layer     server/office/papers.
 * Limits    20,000 rows a walk: what a paper holds (core/paper/paper.h).
 */
#ifndef OFFICE_PAPERS_ROWS_H
#define OFFICE_PAPERS_ROWS_H

#include "server/office/command/records.h"
#include "server/office/papers/press.h"

typedef int rows_fn(void *ctx, const struct row *row, struct err *e);

/* The row lives for the call. f.limit and f.after are the walk's. */
int         rows_each(struct press *p, const struct register_info *r, struct register_filter f, rows_fn *fn, void *ctx, struct err *e);
const char *rows_label(const struct press *p, const struct register_info *r, const char *column);
struct str  rows_cell(const struct press *p, const struct row *row, const struct register_column *c, const struct record_env *env);     /* days as R8.4.1 */

#endif
