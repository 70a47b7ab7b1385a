/* calendar.c - see calendar.h. */
#include "core/calendar/calendar.h"

int calendar_fiscal_year(utime_t t)
{
        struct date d = utime_date_jst(t);

        return d.year - (d.month < 4);
}

utime_t calendar_fiscal_start(int fiscal_year)
{
        return utime_from_jst((struct date){ fiscal_year, 4, 1 });
}

bool calendar_era_year(char *to, size_t size, const struct pack *p, int fiscal_year)
{
        const struct pack_era *era = NULL;
        int n;

        for (size_t i = 0; i < p->eras_count && p->eras[i].first_year <= fiscal_year; i++)   /* oldest first */
                era = &p->eras[i];
        n = era ? snprintf(to, size, "%s%d", era->id, fiscal_year - era->first_year + 1) : snprintf(to, size, "%d", fiscal_year);
        if (n < 0 || (size_t)n >= size) {
                if (size)
                        to[0] = 0;
                return false;
        }
        return era != NULL;
}

struct eras calendar_eras(struct era rows[CALENDAR_ERAS_MAX], const struct pack *pack)
{
        size_t n = 0;

        for (; pack && n < pack->eras_count && n < CALENDAR_ERAS_MAX; n++) {
                const struct pack_era *era = &pack->eras[n];

                rows[n] = (struct era){ .code = era->id, .name = era->name.in[LANG_JA], .from = { era->first_year, 1, 1 } };
        }
        return (struct eras){ rows, n };
}

void calendar_number(struct buf *to, const char *body, const char *code, const struct pack *p, int fiscal_year, uint64_t n)
{
        char year[CALENDAR_ERA_YEAR];

        (void)calendar_era_year(year, sizeof(year), p, fiscal_year); /* a Western year is as good a number */
        buf_printf(to, "%s-%s-%s-%04llu", body, code, year, (unsigned long long)n);
}

utime_t calendar_retention_end(utime_t closed, uint32_t years)
{
        return calendar_fiscal_start(calendar_fiscal_year(closed) + 1 + (int)years);
}
