/* days.c - see days.h. */
#include "core/period/days.h"

bool day_ok(int64_t day)
{
        return day >= date_days((struct date){ 1900, 1, 1 }) && day <= date_days((struct date){ 9999, 12, 31 });
}

bool day_is_known(const struct holidays *h, int64_t day)
{
        return day >= h->first && day <= h->last;
}

static bool is_listed(const struct holidays *h, int64_t day)
{
        size_t low = 0, high = h->n;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (h->days[middle] == day)
                        return true;
                if (h->days[middle] < day)
                        low = middle + 1;
                else
                        high = middle;
        }
        return false;
}

bool day_is_working(const struct holidays *h, int64_t day)
{
        int64_t weekday = ((day + 4) % 7 + 7) % 7;                          /* 1970-01-01 was a Thursday */

        return !(h->weekend >> weekday & 1) && !is_listed(h, day);
}

bool day_working_step(int64_t *out, const struct holidays *h, int64_t day, int64_t n, bool *guessed)
{
        int64_t step = n < 0 ? -1 : 1, left = n < 0 ? -n : n;

        while (left) {
                day += step;
                if (!day_ok(day))                                            /* also the way out if no day is a working day */
                        return false;
                if (!day_is_known(h, day))
                        *guessed = true;
                left -= day_is_working(h, day);
        }
        *out = day;
        return true;
}

static int month_length(int year, int month)
{
        int last = 31;

        while (!date_ok((struct date){ year, month, last }))
                last--;
        return last;
}

/* The month `months` away from the day's own; false outside of the years we know. */
static bool month_at(struct date *out, int64_t day, int64_t months)
{
        struct date d = date_from_days(day);
        int64_t m = (int64_t)d.year * 12 + d.month - 1 + months;

        if (m < 1900 * 12 || m >= 10000 * 12)
                return false;
        *out = (struct date){ (int)(m / 12), (int)(m % 12) + 1, d.day };
        return true;
}

bool day_add_months(int64_t *out, int64_t day, int64_t months)
{
        struct date d;
        int last;

        if (!day_ok(day) || !month_at(&d, day, months))
                return false;
        last = month_length(d.year, d.month);
        d.day = d.day < last ? d.day : last;
        *out = date_days(d);
        return true;
}

bool day_term_end(int64_t *out, int64_t first, int64_t months)
{
        struct date d;
        int last;

        if (!day_ok(first) || !month_at(&d, first, months))
                return false;
        last = month_length(d.year, d.month);
        if (d.day > last)
                *out = date_days((struct date){ d.year, d.month, last });
        else
                *out = date_days(d) - 1;
        return true;
}

int64_t day_fiscal_year_end(int64_t day)
{
        struct date d = date_from_days(day);

        return date_days((struct date){ d.year + (d.month > 3), 3, 31 });
}
