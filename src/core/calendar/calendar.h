/* calendar.h - the Japanese year: fiscal years, eras and what is counted by them.
 *
 * Does      fiscal year of a time, era year of a fiscal year, 受付番号, end of a retention period.
 * Clause    practice.md of the base pack: 元号, 会計年度, 保存期間の起算日.
 * Layer     core; pure.
 * Units     a fiscal year is named by the year of its April 1 (JST): 2027-03-31 lies in 2026.
 * Fails     never: a year before the pack's first era is written as a Western year.
 */
#ifndef CORE_CALENDAR_CALENDAR_H
#define CORE_CALENDAR_CALENDAR_H

#include "base/utime.h"
#include "core/pack/pack.h"
#include "core/period/wareki.h"

enum { CALENDAR_ERA_YEAR = PACK_ID_MAX + 12, CALENDAR_ERAS_MAX = 20 };   /* room for any era year */

int     calendar_fiscal_year(utime_t t);
utime_t calendar_fiscal_start(int fiscal_year);                  /* 00:00 JST of April 1 */

/* "R8". False, and "2026" in `to`, when no era of the pack is that old; false and "" when `size` is too small. */
bool calendar_era_year(char *to, size_t size, const struct pack *p, int fiscal_year);

/* The pack's eras for dates; `pack` may be NULL. The pack knows in which year an era begins, not on which day: an old era's last months
 * are read under the new one's name too. */
struct eras calendar_eras(struct era rows[CALENDAR_ERAS_MAX], const struct pack *pack);

/* <body>-<code>-R8-0012; more than four digits when it must. */
void calendar_number(struct buf *to, const char *body, const char *code, const struct pack *p, int fiscal_year, uint64_t n);

/* Retention counts from April 1 of the fiscal year after `closed` and ends `years` later. */
utime_t calendar_retention_end(utime_t closed, uint32_t years);

#endif
