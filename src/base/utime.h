/* utime.h - time as a value.
 *
 * Does      convert between microseconds of UTC and what people and files write; knows no clock.
 * Layer     base; the clock is sys/clock.h, the Japanese calendar core/calendar.
 * Units     utime_t is microseconds since 1970-01-01T00:00:00Z, proleptic Gregorian, no leap seconds.
 * Trusts    nothing: years 1900 to 9999 only.
 *
 * Intervals are half-open [from, until). People type inclusive dates in JST (UTC+9, no summer time since 1952).
 */
#ifndef BASE_UTIME_H
#define BASE_UTIME_H

#include "base/str.h"

typedef int64_t utime_t;

#define UTIME_MS   ((utime_t)1000)
#define UTIME_S    ((utime_t)1000000)
#define UTIME_MIN  (60 * UTIME_S)
#define UTIME_HOUR (60 * UTIME_MIN)
#define UTIME_DAY  (24 * UTIME_HOUR)
#define UTIME_JST  (9 * UTIME_HOUR)

enum { UTIME_TEXT = 40 };                                     /* room for "2026-11-22T12:34:56.123456Z" and then some */

struct date { int year, month, day; };

bool        date_ok(struct date d);
int64_t     date_days(struct date d);                          /* days since 1970-01-01 */
struct date date_from_days(int64_t days);
bool        date_parse(struct str s, struct date *out);        /* "2026-11-22" */

void        utime_text(char to[UTIME_TEXT], utime_t t);        /* UTC, microseconds, RFC 3339 */
bool        utime_parse(struct str s, utime_t *out);           /* RFC 3339 with Z or an offset, 0 to 6 decimals */
struct date utime_date_jst(utime_t t);
utime_t     utime_from_jst(struct date d);                     /* 00:00 JST of that day */

#endif
