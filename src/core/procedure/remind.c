/* remind.c - whether a duty's or a step's day for a word has come; see duties.h. */
#include "core/procedure/duties.h"

static const char *const kinds[TRIGGERS_COUNT] = {
#define X(id, name, kind) kind,
        TRIGGERS(X)
#undef X
};

const struct pack_duty *duty_rule(const struct pack *pack, const struct row *duty)
{
        struct str id = row_get_text(duty, DUTY_rule);

        for (size_t i = 0; id.n && i < pack->duties_count; i++)
                if (str_is(id, pack->duties[i].id))
                        return &pack->duties[i];
        for (int t = 0; !id.n && t < TRIGGERS_COUNT; t++)
                if (row_is(duty, DUTY_kind, kinds[t]))
                        return pack_duty_about(pack, (enum trigger)t);
        return NULL;
}

bool duty_overdue_for(const struct row *duty, const struct actor *who, utime_t now)
{
        struct str role = row_get_text(duty, DUTY_overdue_role);

        for (size_t i = 0; role.n && i < who->roles_count; i++)
                if (str_is(role, who->roles[i]))
                        return row_is(duty, DUTY_state, "open") && row_get_int(duty, DUTY_due_at) <= now;
        return false;
}

/* ---- days ---- */

static int64_t day_of(utime_t t)
{
        return date_days(utime_date_jst(t));
}

/* The newest day of `rule` after `last` and not after `today`; false: none. */
static bool newest(int64_t *out, const struct pack *pack, const struct pack_duty *rule, int64_t due, int64_t last, int64_t today)
{
        const struct date due_date = date_from_days(due), first = date_from_days(due + 1);
        struct period_day d;
        bool found = false;

        if (today <= due) {
                for (size_t i = 0; i < rule->remind_count; i++)
                        if (period_day(&d, &rule->remind[i].at.period, due_date, &pack->holidays) && date_days(d.date) > last && date_days(d.date) <= today &&
                            (!found || date_days(d.date) > *out)) {
                                *out = date_days(d.date);
                                found = true;
                        }
                return found;
        }
        *out = due + 1;
        found = *out > last;
        for (int64_t from = last > due ? last : due; rule->overdue_every.source; from = *out, found = true)
                if (!period_next(&d, &rule->overdue_every.period, first, date_from_days(from > due + 1 ? from : due + 1), &pack->holidays) || date_days(d.date) > today)
                        break;
                else
                        *out = date_days(d.date);
        return found;
}

enum duty_word duty_say(const struct pack *pack, const struct row *duty, utime_t now)
{
        const struct pack_duty *rule = duty_rule(pack, duty);
        int64_t today = day_of(now), due = day_of(row_get_int(duty, DUTY_due_at) - 1), day;
        utime_t told = row_get_int(duty, DUTY_reminded_at);

        if (!rule || !row_is(duty, DUTY_state, "open") || !newest(&day, pack, rule, due, told ? day_of(told) : INT64_MIN, today))
                return DUTY_SAY_NOTHING;
        return today > due ? DUTY_SAY_OVERDUE : DUTY_SAY_SOON;
}

struct row duty_said(const struct row *duty, enum duty_word word, utime_t now)
{
        struct row after = *duty;

        row_int(&after, DUTY_reminded_at, now);
        if (word == DUTY_SAY_OVERDUE && !row_get_int(duty, DUTY_overdue_at))
                row_int(&after, DUTY_overdue_at, now);
        return after;
}

/* ---- steps ---- */

/* When what comes before was done, and the case handed in: the later. */
static utime_t reached_at(const struct flow *w, size_t step)
{
        utime_t at = row_get_int(&w->facts->application, APPLICATION_submitted_at);

        for (size_t j = 0; j < w->procedure->steps_count; j++) {
                utime_t decided = row_get_int(&w->facts->steps[j], STEP_decided_at);

                if ((w->before[step] >> j & 1) && w->needed[j] && decided > at)
                        at = decided;
        }
        return at;
}

struct step_word step_say(const struct flow *w, size_t step, utime_t now)
{
        const struct pack_step *s = &w->procedure->steps[step];
        const struct pack_duty *rule = pack_duty_about(w->pack, TRIGGER_STEP);
        struct step_word out = { .word = DUTY_SAY_NOTHING };
        struct date from = utime_date_jst(reached_at(w, step));
        struct period_day due;
        int64_t day;

        if (!rule || !w->active[step] || !s->due.source || !period_day(&due, &s->due.period, from, &w->pack->holidays))
                return out;
        out.due = due.date;
        if (!newest(&day, w->pack, rule, date_days(due.date), date_days(from), day_of(now)))
                return out;
        out.day = date_from_days(day);
        out.word = day_of(now) > date_days(due.date) ? DUTY_SAY_OVERDUE : DUTY_SAY_SOON;
        return out;
}
