/* check_incidents.c - incidents.yaml: hours that a clock knows, severities that there are, a form that people fill in bit by bit; see check.h. */
#include "core/pack/check.h"

/* 830 is half past eight; 860 is no time. */
static bool is_time(uint32_t hhmm)
{
        return hhmm / 100 < 24 && hhmm % 100 < 60;
}

static void check_hours(struct filler *f, const struct pack *p)
{
        const struct { const char *key; bool ok; } hours[] = {
                { "day_from", is_time(p->incident_day_from) },
                { "day_until", is_time(p->incident_day_until) && p->incident_day_until > p->incident_day_from },
        };

        for (size_t i = 0; i < countof(hours); i++)
                if (!hours[i].ok)
                        mistake(f->mistakes, "pack.incidents.hours", fill_place(f, p, hours[i].key), hours[i].key, "");
}

static void check_alarms(struct filler *f, const struct pack *p)
{
        static const char *const severities[] = { "low", "middle", "high" };

        for (const struct pack_alarm *a = p->alarms; a < p->alarms + p->alarms_count; a++) {
                bool known = false;

                for (size_t i = 0; i < countof(severities); i++)
                        known |= strcmp(a->id, severities[i]) == 0;
                if (!known)
                        mistake(f->mistakes, "pack.incidents.alarm", fill_place(f, a, "id"), a->id, "");
        }
}

/* It is filled in beside any procedure: no other answers stand around it that a condition could speak of. */
static void check_form(struct filler *f, const struct pack *p)
{
        const struct pack_form *form = p->incident_form ? pack_find_form(p, p->incident_form) : NULL;

        if (form && !form->sheet)
                mistake(f->mistakes, "pack.incidents.form", fill_place(f, form, "id"), form->id, "");
        for (size_t i = 0; form && i < form->fields_count; i++)
                if (form->fields[i].visible_when.source || form->fields[i].required_when.source)
                        mistake(f->mistakes, "pack.incidents.condition", fill_place(f, &form->fields[i], "id"), form->fields[i].id, "");
}

void check_incidents(struct filler *f, const struct pack *p)
{
        if (!p->incident_code)
                return;
        check_hours(f, p);
        check_alarms(f, p);
        check_form(f, p);
}
