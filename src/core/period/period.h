/* period.h - how long, until when, how often: the periods of a pack.
 *
 * Does      read "90 days", "fiscal-year-end", "2 working-days before meeting_date", "every 6 months" ...; say which day that is;
 *           write it out again, as source and in plain words. Described in docs/formats/expressions.md.
 * Layer     core; pure.
 * Owns      a struct period owns nothing and is copied freely.
 * Units     people mean whole days in Japan, first and last included; machines get [from, until) in UTC (period_interval).
 * Trusts    nothing: at most PERIOD_BYTES_MAX, counts up to PERIOD_COUNT_MAX.
 * Fails     ERR_INPUT with a key `period.*`: {0} the column, {1} and {2} what the key says.
 */
#ifndef CORE_PERIOD_PERIOD_H
#define CORE_PERIOD_PERIOD_H

#include "core/period/days.h"
#include "core/text/text.h"

enum { PERIOD_BYTES_MAX = 200, PERIOD_COUNT_MAX = 3660, PERIOD_NAME_MAX = 96 };

enum period_kind {
        PERIOD_FOR,                /* 90 days                  the first day counts */
        PERIOD_FISCAL_YEAR_END,    /* fiscal-year-end          March 31 */
        PERIOD_UNTIL,              /* until 2027-03-31 */
        PERIOD_BEFORE,             /* 7 days before NAME       NAME's own day does not count */
        PERIOD_AFTER,              /* 10 working-days after NAME   likewise (民法140条) */
        PERIOD_EVERY,              /* every 6 months; yearly */
        PERIOD_YEARLY_ON,          /* yearly on 04-01 */
        PERIOD_IDLE,               /* idle 90 days             not used for so long */
        PERIOD_GRACE,              /* grace 14 days            after the end */
        PERIOD_KINDS_COUNT
};

/* What a key of the pack takes: a set of kinds, 1 << kind. */
enum {
        PERIODS_END = 1 << PERIOD_FOR | 1 << PERIOD_FISCAL_YEAR_END | 1 << PERIOD_UNTIL,
        PERIODS_DUE = 1 << PERIOD_BEFORE | 1 << PERIOD_AFTER,
        PERIODS_REPEATED = 1 << PERIOD_EVERY | 1 << PERIOD_YEARLY_ON,
};

enum period_unit { PERIOD_DAYS, PERIOD_WORKING_DAYS, PERIOD_WEEKS, PERIOD_MONTHS, PERIOD_YEARS, PERIOD_UNITS_COUNT };
enum period_roll { ROLL_NONE, ROLL_NEXT, ROLL_PREVIOUS };               /* when the day is no working day */

struct period {
        enum period_kind kind;
        uint32_t         n;
        enum period_unit unit;
        enum period_roll roll;
        struct date      date;                       /* UNTIL; YEARLY_ON: month and day */
        char             name[PERIOD_NAME_MAX];      /* BEFORE, AFTER: whose date; the pack resolves it */
};

struct period_day { struct date date; bool guessed; };      /* guessed: the list of holidays does not reach so far */

int period_parse(struct period *out, struct str text, unsigned kinds, struct err *e);

/* FOR, FISCAL_YEAR_END, UNTIL: the last day of a term whose first day is `from`. BEFORE, AFTER: the day, `from` being NAME's.
 * IDLE: the last day, `from` being the last use. GRACE: the last day, `from` being the end. Repeated: the first time after `from`.
 * False: it would end before it begins, or beyond the years we know. */
bool period_day(struct period_day *out, const struct period *p, struct date from, const struct holidays *h);

/* EVERY, YEARLY_ON: the first time after `after`, counted from `from`, so that late work does not shift the next time. */
bool period_next(struct period_day *out, const struct period *p, struct date from, struct date after, const struct holidays *h);

struct interval { utime_t from, until; };
struct interval period_interval(struct date first, struct date last);
struct date     period_last_day(utime_t until);                          /* the day in which the half-open end lies */

void period_format(struct buf *out, const struct period *p);
void period_print(struct buf *out, const struct period *p, const char *label, enum lang lang);   /* label of NAME; NULL: its id */

#endif
