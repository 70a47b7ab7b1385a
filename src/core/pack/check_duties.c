/* check_duties.c - see check.h. Duties that cannot come about, and days off that stand in the wrong year. */
#include "core/pack/check.h"

/* It only says how people are reminded: two such would contradict each other. */
static bool is_reminder(enum trigger t)
{
        return t == TRIGGER_CONDITION || t == TRIGGER_EXCEPTION || t == TRIGGER_TASK || t == TRIGGER_STEP;
}

static void check_duty(struct filler *f, const struct pack *p, const struct pack_duty *d)
{
        if (d->trigger == TRIGGER_INCIDENT_CLOCK && !d->hours == !d->days)
                mistake(f->mistakes, "pack.duty.clock", fill_place(f, d, "hours"), d->id, "");
        if (is_reminder(d->trigger) && pack_duty_about(p, d->trigger) != d)
                mistake(f->mistakes, "pack.duty.twice", fill_place(f, d, "trigger"), d->id, pack_duty_about(p, d->trigger)->id);
        if (d->suspend && !d->overdue_role)
                mistake(f->mistakes, "pack.duty.suspend", fill_place(f, d, "suspend"), d->id, "");
}

void check_duties(struct filler *f, const struct pack *p)
{
        uint64_t before = 0;

        for (size_t i = 0; i < p->duties_count; i++)
                check_duty(f, p, &p->duties[i]);
        for (size_t i = 0; i < p->years_count; i++) {
                const struct pack_year *y = &p->years[i];
                uint64_t year = 0;

                (void)str_u64(str_of(y->id), 9999, &year);
                if (i && year != before + 1)
                        mistake(f->mistakes, "pack.holiday.gap", fill_place(f, y, "id"), y->id, p->years[i - 1].id);
                before = year;
                for (size_t k = 0; k < y->days_count; k++)
                        if (strncmp(y->days[k].id, y->id, 4) != 0)
                                mistake(f->mistakes, "pack.holiday.year", fill_place(f, &y->days[k], "id"), y->days[k].id, y->id);
        }
}
