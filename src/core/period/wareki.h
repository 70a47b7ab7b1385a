/* wareki.h - dates of the Japanese calendar: 令和8年4月1日, R8.4.1.
 *
 * Does      read what people and spreadsheets write; write what papers print. Knows no era: the table is data.
 * Clause    practice.md of the base pack: 元号 in print, R8.4.1 / 令和8年4月1日 / 20260401 all read.
 * Layer     core; pure.
 * Owns      results point into the table given.
 * Trusts    nothing but UTF-8: at most WAREKI_BYTES_MAX.
 * Fails     ERR_INPUT with a key `wareki.*`; {0} is what was written.
 *
 * A year beyond the end of its era is read (平成31年5月1日 is 令和元年5月1日; old contracts run to 平成40年) and reported, so that the
 * writer sees what it was taken for. A day before its era began is refused: that is a slip of the pen, and of which part nobody knows.
 */
#ifndef CORE_PERIOD_WAREKI_H
#define CORE_PERIOD_WAREKI_H

#include "base/err.h"
#include "base/utime.h"

enum { WAREKI_BYTES_MAX = 120 };

struct era { const char *code, *name, *sign; struct date from; };      /* "R", "令和", "㋿" (or NULL), 2019-05-01: its first day */
struct eras { const struct era *rows; size_t n; };                      /* oldest first */

struct wareki_date { struct date date; const struct era *written, *right; };   /* written NULL: a Western year */

enum wareki_style { WAREKI_LONG, WAREKI_SHORT };                        /* 令和元年5月1日, R1.5.1 */

const struct era *era_at(const struct eras *eras, struct date d);       /* NULL: older than the first */

int  wareki_parse(struct wareki_date *out, struct str s, const struct eras *eras, struct err *e);
bool wareki_moved(const struct wareki_date *w, const struct eras *eras, struct err *warning);   /* another era than written */
void wareki_format(struct buf *out, struct date d, const struct eras *eras, enum wareki_style style);  /* Western where no era is */

#endif
