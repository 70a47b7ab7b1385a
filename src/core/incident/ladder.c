/* ladder.c - see ladder.h. */
#include "core/incident/ladder.h"

const char *const watch_names[] = { [WATCH_WEEKDAY] = "weekday", [WATCH_NIGHT] = "night", [WATCH_HOLIDAY] = "holiday" };

/* Whom the programs call by themselves: our own people. A prefecture, a vendor or the police is called by somebody who knows why. */
static const char *const alarmed_kinds[] = { "staff", "csirt", "ciso" };

/* ---- hours ---- */

/* 1715 is a quarter past five. */
static utime_t of_day(uint32_t hhmm)
{
        return (utime_t)(hhmm / 100) * UTIME_HOUR + (utime_t)(hhmm % 100) * UTIME_MIN;
}

enum watch ladder_watch(const struct pack *pack, utime_t now)
{
        struct date day = utime_date_jst(now);
        utime_t at = now - utime_from_jst(day);

        if (!day_is_working(&pack->holidays, date_days(day)))
                return WATCH_HOLIDAY;
        return at >= of_day(pack->incident_day_from) && at < of_day(pack->incident_day_until) ? WATCH_WEEKDAY : WATCH_NIGHT;
}

/* When the next working day begins; `now` itself lies outside of one. */
static utime_t next_opening(const struct pack *pack, utime_t now)
{
        enum { SEARCH_DAYS = 60 };
        int64_t day = date_days(utime_date_jst(now));

        for (int i = 0; i < SEARCH_DAYS; i++) {
                utime_t opens = utime_from_jst(date_from_days(day + i)) + of_day(pack->incident_day_from);

                if (opens > now && day_is_working(&pack->holidays, day + i))
                        return opens;
        }
        return now + UTIME_DAY;
}

/* ---- the ladder ---- */

static bool is_alarmed(const struct row *contact)
{
        for (size_t i = 0; i < countof(alarmed_kinds); i++)
                if (row_is(contact, CONTACT_kind, alarmed_kinds[i]))
                        return true;
        return false;
}

static bool counts(const struct row *contact, enum watch watch, bool any_hour)
{
        return row_is(contact, CONTACT_state, "active") && (any_hour || row_is(contact, CONTACT_hours, "always") || row_is(contact, CONTACT_hours, watch_names[watch]));
}

static bool is_before(const struct row *a, const struct row *b)
{
        int64_t x = row_get_int(a, CONTACT_rank), y = row_get_int(b, CONTACT_rank);

        return x != y ? x < y : strcmp(a->id, b->id) < 0;
}

static bool is_on(const struct rung *rungs, size_t n, const struct row *contact)
{
        for (size_t i = 0; i < n; i++)
                if (rungs[i].contact == contact)
                        return true;
        return false;
}

static const struct row *next_contact(const struct rung *rungs, size_t n, const struct row_list *contacts, enum watch watch, bool any_hour)
{
        const struct row *best = NULL;

        for (size_t i = 0; i < contacts->n; i++) {
                const struct row *c = &contacts->rows[i];

                if (counts(c, watch, any_hour) && !is_on(rungs, n, c) && (!best || is_before(c, best)))
                        best = c;
        }
        return best;
}

static const struct row *substitute_of(const struct row *contact, const struct row_list *contacts)
{
        for (size_t i = 0; i < contacts->n; i++)
                if (row_is(contact, CONTACT_substitute, contacts->rows[i].id) && row_is(&contacts->rows[i], CONTACT_state, "active"))
                        return &contacts->rows[i];
        return NULL;
}

static size_t build(struct rung out[LADDER_MAX], const struct row_list *contacts, enum watch watch, bool any_hour)
{
        const struct row *c;
        size_t n = 0;

        while (n < LADDER_MAX && (c = next_contact(out, n, contacts, watch, any_hour))) {
                const struct row *instead = substitute_of(c, contacts);

                out[n++] = (struct rung){ c, false, is_alarmed(c) };
                if (instead && n < LADDER_MAX && !is_on(out, n, instead))
                        out[n++] = (struct rung){ instead, true, is_alarmed(c) };
        }
        return n;
}

size_t ladder_build(struct rung out[LADDER_MAX], const struct row_list *contacts, enum watch watch)
{
        size_t n = build(out, contacts, watch, false);

        return n ? n : build(out, contacts, watch, true);
}

/* Rungs that the programs call. Nobody of ours at this hour: those of ours at any hour. */
static size_t build_alarm(struct rung out[LADDER_MAX], const struct row_list *contacts, enum watch watch)
{
        size_t n = 0;

        for (int any_hour = 0; any_hour < 2 && !n; any_hour++) {
                size_t all = build(out, contacts, watch, any_hour);

                for (size_t i = 0; i < all; i++)
                        if (out[i].alarmed)
                                out[n++] = out[i];
        }
        return n;
}

/* ---- alarms ---- */

const struct pack_alarm *alarm_for(const struct pack *pack, const struct row *incident)
{
        for (size_t i = 0; i < pack->alarms_count; i++)
                if (row_is(incident, INCIDENT_severity, pack->alarms[i].id))
                        return &pack->alarms[i];
        return NULL;
}

static int64_t last_run(const struct row_list *alerts)
{
        int64_t run = 0;

        for (size_t i = 0; i < alerts->n; i++)
                if (row_get_int(&alerts->rows[i], ALERT_run) > run)
                        run = row_get_int(&alerts->rows[i], ALERT_run);
        return run;
}

static bool is_of_run(const struct row *alert, int64_t run)
{
        return row_get_int(alert, ALERT_run) == run;
}

/* Without minutes for the night, the answer may wait until the next morning. */
static utime_t answer_by(const struct pack *pack, const struct pack_alarm *a, utime_t now)
{
        bool day = ladder_watch(pack, now) == WATCH_WEEKDAY;

        if (!day && !a->night_minutes)
                return next_opening(pack, now) + a->day_minutes * UTIME_MIN;
        return now + (day ? a->day_minutes : a->night_minutes) * UTIME_MIN;
}

struct call { struct changes *out; const struct row *incident; struct fresh_ids *ids; int64_t run; utime_t now, due; };

static int call_one(const struct call *c, const struct row *contact, int64_t rank, struct err *e)
{
        struct row alert;
        int r = fresh_incident_row(&alert, c->ids, TABLE_ALERT, e);

        if (r < 0)
                return r;
        row_text(&alert, ALERT_incident, incident_id_kept(c->out, c->incident->id));
        if (contact)
                row_text(&alert, ALERT_contact, str_of(contact->id));
        row_int(&alert, ALERT_rank, rank);
        row_int(&alert, ALERT_sent_at, c->now);
        row_int(&alert, ALERT_due_at, c->due);
        row_text(&alert, ALERT_state, STR("sent"));
        row_int(&alert, ALERT_run, c->run);
        return changes_add(c->out, &alert, e);
}

/* Everybody; an empty list is one call to nobody in particular: whoever holds the roles (command/alarm.c). */
static int call_all(const struct call *c, const struct rung *rungs, size_t n, struct err *e)
{
        int r = n ? ERR_OK : call_one(c, NULL, 0, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                r = call_one(c, rungs[i].contact, 0, e);
        return r;
}

static bool was_called(const struct row_list *alerts, int64_t run, const struct row *contact)
{
        for (size_t i = 0; i < alerts->n; i++)
                if (is_of_run(&alerts->rows[i], run) && row_is(&alerts->rows[i], ALERT_contact, contact->id))
                        return true;
        return false;
}

static int64_t calls_of(const struct row_list *alerts, int64_t run)
{
        int64_t n = 0;

        for (size_t i = 0; i < alerts->n; i++)
                n += is_of_run(&alerts->rows[i], run);
        return n;
}

/* The first rung not called yet; after the last one, all of them. */
static int call_next(struct changes *out, const struct pack *pack, const struct pack_alarm *a, const struct alarm_facts *f, int64_t run,
                     struct fresh_ids *ids, utime_t now, struct err *e)
{
        struct rung rungs[LADDER_MAX];
        size_t n = build_alarm(rungs, &f->contacts, ladder_watch(pack, now));
        struct call c = { out, &f->incident, ids, run, now, answer_by(pack, a, now) };

        for (size_t i = 0; i < n; i++)
                if (!was_called(&f->alerts, run, rungs[i].contact))
                        return call_one(&c, rungs[i].contact, calls_of(&f->alerts, run) + 1, e);
        c.due = now + a->repeat_minutes * UTIME_MIN;
        return call_all(&c, rungs, n, e);
}

int alarm_begin(struct changes *out, const struct pack *pack, const struct alarm_facts *f, struct fresh_ids *ids, utime_t now, struct err *e)
{
        const struct pack_alarm *a = alarm_for(pack, &f->incident);

        return a ? call_next(out, pack, a, f, last_run(&f->alerts) + 1, ids, now, e) : ERR_OK;
}

static bool is_over(const struct row *incident)
{
        return row_is(incident, INCIDENT_state, "concluded") || row_is(incident, INCIDENT_state, "closed");
}

/* Marks what nobody answered in time. *waiting: something of the run is still within its time. */
static int mark_overdue(struct changes *out, const struct row_list *alerts, int64_t run, utime_t now, bool *waiting, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < alerts->n; i++) {
                struct row after = alerts->rows[i];
                bool due = row_get_int(&after, ALERT_due_at) <= now;

                if (!row_is(&after, ALERT_state, "sent"))
                        continue;
                *waiting |= !due && is_of_run(&after, run);
                row_text(&after, ALERT_state, STR("escalated"));
                if (due)
                        r = changes_add(out, &after, e);
        }
        return r;
}

/* An alert that nobody answered is marked whatever follows, so that it is not found due again. */
int alarm_tick(struct changes *out, const struct pack *pack, const struct alarm_facts *f, struct fresh_ids *ids, utime_t now, struct err *e)
{
        const struct pack_alarm *a = alarm_for(pack, &f->incident);
        int64_t run = last_run(&f->alerts);
        bool waiting = false, answered = false;
        int r = mark_overdue(out, &f->alerts, run, now, &waiting, e);

        for (size_t i = 0; i < f->alerts.n; i++)
                answered |= is_of_run(&f->alerts.rows[i], run) && row_is(&f->alerts.rows[i], ALERT_state, "acknowledged");
        if (r < 0 || !out->rows_count || waiting || answered || is_over(&f->incident) || !a)
                return r;
        return call_next(out, pack, a, f, run, ids, now, e);
}

int alarm_answer(struct changes *out, const struct alarm_facts *f, const struct row *alert, struct str how, const struct actor *who, utime_t now, struct err *e)
{
        int r = ERR_OK;

        if (row_is(alert, ALERT_state, "acknowledged"))
                return err_key(e, ERR_CONFLICT, "alert.answered", "", NULL);
        if (!how.n)
                return err_key(e, ERR_INPUT, "alert.how", "how", NULL);
        out->actor = who->person;
        for (size_t i = 0; r == ERR_OK && i < f->alerts.n; i++) {
                struct row after = f->alerts.rows[i];
                bool this = strcmp(after.id, alert->id) == 0;

                if (!this && !(row_is(&after, ALERT_state, "sent") && is_of_run(&after, row_get_int(alert, ALERT_run))))
                        continue;
                row_text(&after, ALERT_state, STR("acknowledged"));
                row_int(&after, ALERT_acked_at, now);
                row_text(&after, ALERT_acked_by, str_of(who->person));
                row_personal(&after, ALERT_how, how);
                r = changes_add(out, &after, e);
        }
        return r;
}

/* A yearly duty: what was checked before the same day of the year before is too old. */
static utime_t check_period(const struct pack *pack)
{
        const struct pack_duty *rule = pack_duty_about(pack, TRIGGER_CONTACT_CHECK);
        bool monthly = rule && rule->period.source && rule->period.period.kind == PERIOD_EVERY && rule->period.period.unit == PERIOD_MONTHS;

        return (monthly ? (utime_t)rule->period.period.n * 31 : 366) * UTIME_DAY;
}

bool contact_is_unchecked(const struct pack *pack, const struct row *contact, utime_t now)
{
        utime_t checked = row_get_int(contact, CONTACT_checked_at);

        return !checked || checked + check_period(pack) <= now;
}

int contact_check(struct changes *out, const struct row *contact, struct str how, int64_t seen_rev, const struct actor *who, utime_t now, struct err *e)
{
        struct row row = *contact;

        if (!incident_works(NULL, who))
                return err_key(e, ERR_FORBIDDEN, "incident.role", "", NULL);
        if (contact->rev != seen_rev)
                return err_key(e, ERR_CONFLICT, "common.rev.moved", "", NULL);
        if (!how.n)
                return err_key(e, ERR_INPUT, "contact.how", "how", NULL);
        out->actor = who->person;
        row_int(&row, CONTACT_checked_at, now);
        row_text(&row, CONTACT_checked_by, str_of(who->person));
        row_personal(&row, CONTACT_checked_how, how);
        return changes_add(out, &row, e);
}
