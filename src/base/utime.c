/* utime.c - see utime.h. Day arithmetic counts from 0000-03-01, so that the leap day ends a year. */
#include "base/utime.h"

static const int month_days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

static bool is_leap(int y)
{
        return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
}

bool date_ok(struct date d)
{
        return d.year >= 1900 && d.year <= 9999 && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
               d.day <= month_days[d.month - 1] + (d.month == 2 && is_leap(d.year));
}

int64_t date_days(struct date d)
{
        int64_t y = d.year - (d.month <= 2), m = (d.month + 9) % 12;
        int64_t era = (y >= 0 ? y : y - 399) / 400, yoe = y - era * 400;
        int64_t doy = (153 * m + 2) / 5 + d.day - 1, doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

        return era * 146097 + doe - 719468;
}

struct date date_from_days(int64_t days)
{
        int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
        int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        int64_t mp = (5 * doy + 2) / 153, m = mp < 10 ? mp + 3 : mp - 9;

        return (struct date){ (int)(yoe + era * 400 + (m <= 2)), (int)m, (int)(doy - (153 * mp + 2) / 5 + 1) };
}

/* `n` digits at `at`; -1 when one is not a digit. */
static int digits(struct str s, size_t at, size_t n)
{
        int v = 0;

        if (at + n > s.n)
                return -1;
        for (size_t i = at; i < at + n; i++) {
                if (s.p[i] < '0' || s.p[i] > '9')
                        return -1;
                v = v * 10 + (s.p[i] - '0');
        }
        return v;
}

bool date_parse(struct str s, struct date *out)
{
        struct date d = { digits(s, 0, 4), digits(s, 5, 2), digits(s, 8, 2) };

        if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' || !date_ok(d))
                return false;
        *out = d;
        return true;
}

static int64_t floor_div(int64_t a, int64_t b)
{
        return a / b - (a % b < 0);
}

void utime_text(char to[UTIME_TEXT], utime_t t)
{
        int64_t days = floor_div(t, UTIME_DAY), us = t - days * UTIME_DAY;
        struct date d = date_from_days(days);
        long long s = us / UTIME_S;

        (void)snprintf(to, UTIME_TEXT, "%04d-%02d-%02dT%02lld:%02lld:%02lld.%06lldZ", d.year % 10000, d.month % 100, d.day % 100,
                       s / 3600 % 24, s / 60 % 60, s % 60, (long long)(us % UTIME_S));
}

bool utime_parse(struct str s, utime_t *out)
{
        struct date d;
        int h, m, sec;
        utime_t us = 0, offset = 0;
        size_t i = 19;

        if (s.n < 20 || !date_parse((struct str){ s.p, 10 }, &d) || s.p[10] != 'T' || s.p[13] != ':' || s.p[16] != ':')
                return false;
        h = digits(s, 11, 2);
        m = digits(s, 14, 2);
        sec = digits(s, 17, 2);
        if (h < 0 || h > 23 || m < 0 || m > 59 || sec < 0 || sec > 59)
                return false;
        if (s.p[i] == '.') {
                utime_t unit = UTIME_S;

                for (i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && unit > 1; i++) {
                        unit /= 10;
                        us += unit * (s.p[i] - '0');
                }
                if (unit == UTIME_S)
                        return false;
        }
        if (i == s.n)
                return false;
        if (s.p[i] == '+' || s.p[i] == '-') {
                int oh = digits(s, i + 1, 2), om = digits(s, i + 4, 2);

                if (s.n != i + 6 || s.p[i + 3] != ':' || oh < 0 || oh > 14 || om < 0 || om > 59)
                        return false;
                offset = (oh * UTIME_HOUR + om * UTIME_MIN) * (s.p[i] == '-' ? -1 : 1);
        } else if (s.p[i] != 'Z' || s.n != i + 1) {
                return false;
        }
        *out = date_days(d) * UTIME_DAY + h * UTIME_HOUR + m * UTIME_MIN + sec * UTIME_S + us - offset;
        return true;
}

struct date utime_date_jst(utime_t t)
{
        return date_from_days(floor_div(t + UTIME_JST, UTIME_DAY));
}

utime_t utime_from_jst(struct date d)
{
        return date_days(d) * UTIME_DAY - UTIME_JST;
}
