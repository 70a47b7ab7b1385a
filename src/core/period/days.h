/* days.h - counting days as offices do.
 *
 * Does      working days over a list of holidays; months and years as the Civil Code counts them.
 * Clause    requirements of the base pack on periods; 民法 第138-143条, 行政機関の休日.
 * Layer     core; pure. The holidays are data that somebody has to bring up to date every year.
 * Units     days since 1970-01-01 (date_days), dates of Japan.
 * Fails     false when the answer lies outside of the years 1900 to 9999.
 */
#ifndef CORE_PERIOD_DAYS_H
#define CORE_PERIOD_DAYS_H

#include "base/utime.h"

enum { WEEKEND_NONE = 0, WEEKEND_SATURDAY_SUNDAY = 1 << 0 | 1 << 6 };            /* bit 0: Sunday */

/* National holidays and the body's own closing days (年末年始). Complete from `first` to `last`; outside, only the weekend is known. */
struct holidays { const int64_t *days; size_t n; uint8_t weekend; int64_t first, last; };    /* days ascending */

bool day_ok(int64_t day);                                    /* 1900-01-01 to 9999-12-31 */
bool day_is_working(const struct holidays *h, int64_t day);
bool day_is_known(const struct holidays *h, int64_t day);    /* false: the list does not reach there */

/* The n-th working day after (n > 0) or before (n < 0) a day, which does not count itself. *guessed is set, never cleared,
 * when the way led over days that the list does not know. */
bool day_working_step(int64_t *out, const struct holidays *h, int64_t day, int64_t n, bool *guessed);

/* The same day some months later or earlier; the last of the month if there is none such: 2026-08-31 - 6 = 2026-02-28. */
bool day_add_months(int64_t *out, int64_t day, int64_t months);

/* The last day of a term of months whose first day counts (民法143条): the day before the corresponding one, or, where there is
 * none, the last of the month. 2026-04-01, 6 -> 2026-09-30; 2026-08-31, 6 -> 2027-02-28. */
bool day_term_end(int64_t *out, int64_t first, int64_t months);

int64_t day_fiscal_year_end(int64_t day);                    /* March 31 of the fiscal year that the day lies in */

#endif
