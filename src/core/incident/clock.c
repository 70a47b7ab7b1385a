/* clock.c - see clock.h. */
#include "core/incident/clock.h"

#include <assert.h>

/* ---- which run ---- */

static bool has_ground(const struct row *incident, const char *ground)
{
        struct str rest = row_get_text(incident, INCIDENT_grounds);

        while (rest.n) {
                struct str word = rest, tail = STR("");

                (void)str_cut(rest, ' ', &word, &tail);
                if (str_is(word, ground))
                        return true;
                rest = tail;
        }
        return false;
}

static_assert((int)LEAK_ANY == 0 && (int)LEAK_POSSIBLE == 1 && (int)LEAK_CERTAIN == 2, "leak_of() counts like enum leak");

/* Grounds that were not judged yet count as there: unknown goes to the safe side. That somebody meant harm must be said: it gives more time. */
bool clock_runs(const struct pack_duty *rule, const struct row *incident)
{
        bool malicious = has_ground(incident, "malicious");

        if (leak_of(row_get_text(incident, INCIDENT_leak)) < (int)rule->leak || (rule->reportable && has_ground(incident, "none")))
                return false;
        return rule->malice == MALICE_ANY || malicious == (rule->malice == MALICE_ONLY);
}

/* Days count from the day after (民法140条), and the last one counts whole; hours run to the minute. */
utime_t clock_due(const struct pack_duty *rule, const struct row *incident)
{
        utime_t known = row_get_int(incident, INCIDENT_leak_at);
        struct date day = utime_date_jst(known);

        if (rule->hours)
                return known + (utime_t)rule->hours * UTIME_HOUR;
        return utime_from_jst(date_from_days(date_days(day) + (int64_t)rule->days + 1));
}

bool clock_is_reported(const struct row *duty)
{
        return row_is(duty, DUTY_state, "closed") && row_get_text(duty, DUTY_closed_by).n;
}

/* ---- rows ---- */

static const struct row *clock_of(const struct row_list *duties, const char *rule, const char *state, bool reported)
{
        for (size_t i = 0; i < duties->n; i++)
                if (row_is(&duties->rows[i], DUTY_rule, rule) && row_is(&duties->rows[i], DUTY_state, state) && clock_is_reported(&duties->rows[i]) == reported)
                        return &duties->rows[i];
        return NULL;
}

static int start(struct changes *out, const struct pack_duty *rule, const struct row *incident, struct fresh_ids *ids, struct err *e)
{
        struct row row;
        int r = fresh_incident_row(&row, ids, TABLE_DUTY, e);

        if (r < 0)
                return r;
        row_text(&row, DUTY_kind, STR("clock"));
        row_text(&row, DUTY_role, str_of(rule->role));
        row_text(&row, DUTY_rule, str_of(rule->id));
        row_text(&row, DUTY_subject, incident_id_kept(out, incident->id));
        if (rule->overdue_role)
                row_text(&row, DUTY_overdue_role, str_of(rule->overdue_role));
        row_text(&row, DUTY_person, row_get_text(incident, INCIDENT_lead));
        row_int(&row, DUTY_due_at, clock_due(rule, incident));
        row_text(&row, DUTY_state, STR("open"));
        return changes_add(out, &row, e);
}

/* Another day: whoever was told of the old one is told again. */
static int move(struct changes *out, const struct row *duty, utime_t due, struct err *e)
{
        struct row row = *duty;

        if (row_get_int(duty, DUTY_due_at) == due)
                return ERR_OK;
        row_int(&row, DUTY_due_at, due);
        row.v[DUTY_reminded_at] = row.v[DUTY_overdue_at] = (struct value){ .kind = VALUE_NULL };
        return changes_add(out, &row, e);
}

static int stop(struct changes *out, const struct row *duty, struct str reason, utime_t now, struct err *e)
{
        struct row row = *duty;

        row_text(&row, DUTY_state, STR("closed"));
        row_int(&row, DUTY_closed_at, now);
        row_personal(&row, DUTY_evidence, reason);
        return changes_add(out, &row, e);
}

int clock_derive(struct changes *out, const struct pack *pack, const struct row *incident, const struct row_list *duties, struct str reason,
                 struct fresh_ids *ids, utime_t now, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < pack->duties_count; i++) {
                const struct pack_duty *rule = &pack->duties[i];
                const struct row *open = clock_of(duties, rule->id, "open", false);

                if (rule->trigger != TRIGGER_INCIDENT_CLOCK)
                        continue;
                if (!clock_runs(rule, incident))
                        r = open ? stop(out, open, reason, now, e) : ERR_OK;
                else if (open)
                        r = move(out, open, clock_due(rule, incident), e);
                else if (!clock_of(duties, rule->id, "closed", true))
                        r = start(out, rule, incident, ids, e);
        }
        return r;
}

/* ---- evidence ---- */

static bool day_fits(const struct row *incident, struct str text, utime_t now)
{
        struct date day;

        return date_parse(text, &day) && date_days(day) >= date_days(utime_date_jst(row_get_int(incident, INCIDENT_leak_at))) &&
               date_days(day) <= date_days(utime_date_jst(now));
}

static struct str evidence_text(const struct clock_evidence *in, struct arena *a)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        const char *text;

        buf_str(&b, in->reported_on);
        buf_char(&b, '\n');
        buf_str(&b, in->receiver);
        buf_char(&b, '\n');
        buf_str(&b, in->document);
        if (in->note.n) {
                buf_char(&b, '\n');
                buf_str(&b, in->note);
        }
        text = buf_bad(&b) ? NULL : arena_copy(a, b.p, b.n);
        return str_of(text);
}

int clock_close(struct changes *out, const struct row *incident, const struct row *duty, const struct clock_evidence *in, int64_t seen_rev, const struct actor *who,
                utime_t now, struct err *e)
{
        struct row row = *duty;
        struct str evidence;

        if (!incident_works(incident, who))
                return err_key(e, ERR_FORBIDDEN, "incident.role", "", NULL);
        if (duty->rev != seen_rev)
                return err_key(e, ERR_CONFLICT, "common.rev.moved", "", NULL);
        if (!row_is(duty, DUTY_state, "open"))
                return err_key(e, ERR_CONFLICT, "clock.over", "", NULL);
        if (!in->reported_on.n || !in->receiver.n || !in->document.n)
                return err_key(e, ERR_INPUT, "clock.evidence", !in->reported_on.n ? "reported_on" : !in->receiver.n ? "receiver" : "document", NULL);
        if (!day_fits(incident, in->reported_on, now))
                return err_key(e, ERR_INPUT, "clock.day", "reported_on", NULL);
        evidence = evidence_text(in, out->arena);
        if (!evidence.n)
                return err_set(e, ERR_NOMEM, "evidence");
        out->actor = who->person;
        row_text(&row, DUTY_state, STR("closed"));
        row_text(&row, DUTY_closed_by, str_of(who->person));
        row_int(&row, DUTY_closed_at, now);
        row_personal(&row, DUTY_evidence, evidence);
        return changes_add(out, &row, e);
}
