/* days_off.c - see days_off.h. */
#include "core/pack/days_off.h"

#include <stdlib.h>

enum { YEARS_BEYOND = 30 };

static int year_of(const char *id)
{
        uint64_t y = 0;

        (void)str_u64(str_of(id), 9999, &y); /* the filler has seen to it */
        return (int)y;
}

static bool closing_of(struct date *out, const struct pack_day_off *d, int year)
{
        char text[24];

        (void)snprintf(text, sizeof(text), "%04d-%s", year, d->id);
        return date_parse(str_of(text), out);
}

static int by_day(const void *a, const void *b)
{
        int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

        return (x > y) - (x < y);
}

int days_off_make(struct pack *p)
{
        size_t room = p->closing_days_count * (p->years_count + YEARS_BEYOND + 1), n = 0;
        int first, last;
        int64_t *days;

        p->holidays = (struct holidays){ .weekend = WEEKEND_SATURDAY_SUNDAY, .first = INT64_MAX, .last = INT64_MIN };
        if (!p->years_count)
                return ERR_OK;
        for (size_t i = 0; i < p->years_count; i++)
                room += p->years[i].days_count;
        days = arena_array(&p->arena, room, sizeof(*days));
        if (!days)
                return ERR_NOMEM;

        first = year_of(p->years[0].id);
        last = year_of(p->years[p->years_count - 1].id);
        for (size_t i = 0; i < p->years_count; i++)
                for (size_t k = 0; k < p->years[i].days_count; k++) {
                        struct date d = { 0 };

                        if (date_parse(str_of(p->years[i].days[k].id), &d))
                                days[n++] = date_days(d);
                }
        for (int y = first; y <= last + YEARS_BEYOND; y++)
                for (size_t k = 0; k < p->closing_days_count && n < room; k++) {
                        struct date d = { 0 };

                        if (closing_of(&d, &p->closing_days[k], y))
                                days[n++] = date_days(d);
                }
        qsort(days, n, sizeof(*days), by_day);
        p->holidays.days = days;
        p->holidays.n = n;
        p->holidays.first = date_days((struct date){ first, 1, 1 });
        p->holidays.last = date_days((struct date){ last, 12, 31 });
        return ERR_OK;
}

const struct pack_text *pack_day_name(const struct pack *p, struct date d)
{
        const char *name = NULL;
        char day[24];

        (void)snprintf(day, sizeof(day), "%04d-%02d-%02d", d.year, d.month, d.day);
        for (size_t i = 0; !name && i < p->years_count; i++)
                for (size_t k = 0; !name && k < p->years[i].days_count; k++)
                        name = strcmp(p->years[i].days[k].id, day) == 0 ? p->years[i].days[k].name : NULL;
        for (size_t k = 0; !name && k < p->closing_days_count; k++)
                name = strcmp(p->closing_days[k].id, day + 5) == 0 ? p->closing_days[k].name : NULL;
        for (size_t i = 0; name && i < p->holiday_names_count; i++)
                if (strcmp(p->holiday_names[i].id, name) == 0)
                        return &p->holiday_names[i].name;
        return NULL;
}
