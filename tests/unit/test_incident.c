/* Incidents without a store: who is called when, which reporting clocks run, what is the same finding, and who may end one.
 * Rules: 3 注10 (N10.7 a notice without an answer goes on; N10.8 CSIRT), S3-N10; 個人情報保護法の報告期限. */
#include "core/incident/clock.h"
#include "core/incident/finding.h"
#include "core/incident/ladder.h"

#include "mic_r4_pack.h"

#include "unit.h"

static struct pack  *pack;
static struct arena  arena;

/* 2026-04-03 is a Friday, 2026-04-29 a holiday. */
static utime_t at(int month, int day, int hour, int minute)
{
        return utime_from_jst((struct date){ 2026, month, day }) + hour * UTIME_HOUR + minute * UTIME_MIN;
}

static struct uuid id_of(uint8_t n)
{
        struct uuid id = { { 0x01, 0x89, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, n } };

        return id;
}

static struct fresh_ids fresh(void)
{
        static uint8_t next = 100;
        struct fresh_ids ids = { .used = 0 };

        for (size_t i = 0; i < INCIDENT_IDS; i++) {
                ids.ids[i] = id_of(next);
                ids.ids[i].b[14] = (uint8_t)i;
        }
        next++;
        return ids;
}

static struct changes begin(const char *type)
{
        struct changes c;

        changes_init(&c, &arena, type, NULL);
        return c;
}

/* ---- whom to call ---- */

struct listed { uint8_t id; const char *hours, *kind; int rank; uint8_t substitute; };

static struct row_list contacts_of(const struct listed *list, size_t n)
{
        struct row *rows = arena_array(&arena, n + 1, sizeof(*rows));

        assert_non_null(rows);
        for (size_t i = 0; i < n; i++) {
                char other[UUID_TEXT];

                rows[i] = row_new(TABLE_CONTACT, id_of(list[i].id), "");
                rows[i].rev = 1;
                row_text(&rows[i], CONTACT_state, STR("active"));
                row_text(&rows[i], CONTACT_hours, str_of(list[i].hours));
                row_text(&rows[i], CONTACT_kind, str_of(list[i].kind));
                row_int(&rows[i], CONTACT_rank, list[i].rank);
                uuid_text(other, id_of(list[i].substitute));
                if (list[i].substitute)
                        row_text(&rows[i], CONTACT_substitute, str_of(arena_text(&arena, other)));
        }
        return (struct row_list){ rows, n };
}

/* "3 1 2": last byte of each rung's id, in order. */
static const char *order(const struct row_list *contacts, utime_t now)
{
        static char text[200];
        struct rung rungs[LADDER_MAX];
        size_t n = ladder_build(rungs, contacts, ladder_watch(pack, now)), used = 0;

        text[0] = 0;
        for (size_t i = 0; i < n; i++) {
                struct uuid id;

                assert_true(uuid_parse(str_of(rungs[i].contact->id), &id));
                used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s%d", used ? " " : "", rungs[i].stands_in ? "~" : "", id.b[15]);
        }
        return text;
}

static void the_list_applies_by_the_hour_in_order_of_rank_with_substitutes(void **state)
{
        static const struct listed list[] = {
                { 1, "weekday", "csirt", 2, 0 },  { 2, "weekday", "csirt", 1, 5 }, { 3, "night", "staff", 1, 0 },
                { 4, "always", "police", 9, 0 },  { 5, "holiday", "ciso", 3, 0 },  { 6, "night", "staff", 1, 3 },
        };
        static const struct { int month, day, hour, minute; const char *watch, *order; } cases[] = {
                { 4, 3, 8, 29, "night", "3 6 4" },         /* half past eight is the first minute of the day */
                { 4, 3, 8, 30, "weekday", "2 ~5 1 4" },
                { 4, 3, 17, 14, "weekday", "2 ~5 1 4" },
                { 4, 3, 17, 15, "night", "3 6 4" },
                { 4, 4, 10, 0, "holiday", "5 4" },         /* Saturday */
                { 4, 29, 10, 0, "holiday", "5 4" },        /* 昭和の日, a Wednesday */
                { 12, 29, 10, 0, "holiday", "5 4" },       /* 年末 */
        };
        struct row_list contacts = contacts_of(list, countof(list));

        for (size_t i = 0; i < countof(cases); i++) {
                utime_t now = at(cases[i].month, cases[i].day, cases[i].hour, cases[i].minute);

                assert_text(watch_names[ladder_watch(pack, now)], cases[i].watch);
                assert_text(order(&contacts, now), cases[i].order);
        }
}

static void a_list_without_anybody_for_the_hour_calls_those_of_other_hours(void **state)
{
        static const struct listed list[] = { { 1, "weekday", "csirt", 1, 0 } };
        struct row_list contacts = contacts_of(list, countof(list));

        assert_text(order(&contacts, at(4, 4, 3, 0)), "1");
}

/* ---- alarms ---- */

static struct row incident_row(const char *severity, const char *state)
{
        struct row row = row_new(TABLE_INCIDENT, id_of(9), "");

        row.rev = 1;
        row_text(&row, INCIDENT_number, STR("SHI-INC-R8-0001"));
        row_text(&row, INCIDENT_severity, str_of(severity));
        row_text(&row, INCIDENT_leak, STR("none"));
        row_text(&row, INCIDENT_state, str_of(state));
        row_text(&row, INCIDENT_lead, STR("lead"));
        row_int(&row, INCIDENT_found_at, at(4, 3, 22, 0));
        return row;
}

/* Plays the alarm as the office does: what an act stores is what the next one sees. */
struct siren { struct alarm_facts f; struct row rows[200]; };

static void keep(struct siren *s, const struct changes *c)
{
        for (size_t i = 0; i < c->rows_count; i++) {
                size_t k = 0;

                while (k < s->f.alerts.n && strcmp(s->rows[k].id, c->rows[i].id) != 0)
                        k++;
                assert_true(k < countof(s->rows));
                s->rows[k] = c->rows[i];
                s->f.alerts.n += k == s->f.alerts.n;
        }
        s->f.alerts.rows = s->rows;
}

static size_t tick(struct siren *s, utime_t now)
{
        struct fresh_ids ids = fresh();
        struct changes c = begin("alert.escalated");
        struct err e = { 0 };
        size_t calls = 0;

        assert_ok(alarm_tick(&c, pack, &s->f, &ids, now, &e), e);
        for (size_t i = 0; i < c.rows_count; i++)
                calls += c.rows[i].rev == 1;
        keep(s, &c);
        return calls;
}

static struct siren *siren_make(const char *severity, const struct listed *list, size_t n, utime_t now)
{
        struct siren *s = arena_new(&arena, struct siren);
        struct fresh_ids ids = fresh();
        struct changes c = begin("alert.sent");
        struct err e = { 0 };

        assert_non_null(s);
        s->f.incident = incident_row(severity, "open");
        s->f.contacts = contacts_of(list, n);
        assert_ok(alarm_begin(&c, pack, &s->f, &ids, now, &e), e);
        keep(s, &c);
        return s;
}

static const char *last_called(const struct siren *s)
{
        static char text[8];
        struct uuid id;

        if (!uuid_parse(row_get_text(&s->rows[s->f.alerts.n - 1], ALERT_contact), &id))
                return "nobody";
        (void)snprintf(text, sizeof(text), "%d", id.b[15]);
        return text;
}

static const struct listed crew[] = { { 1, "night", "csirt", 1, 2 }, { 2, "weekday", "csirt", 5, 0 }, { 3, "always", "ciso", 2, 0 }, { 4, "always", "police", 1, 0 } };

static void an_alarm_goes_on_to_the_substitute_the_next_rank_and_then_to_all(void **state)
{
        utime_t now = at(4, 3, 22, 40);
        struct siren *s = siren_make("high", crew, countof(crew), now);

        assert_text(last_called(s), "1");
        assert_int_equal(tick(s, now + 20 * UTIME_MIN - 1), 0);     /* the last instant of the answer's time */
        assert_int_equal(tick(s, now + 20 * UTIME_MIN), 1);
        assert_text(last_called(s), "2");
        assert_int_equal(tick(s, now + 20 * UTIME_MIN), 0);         /* asked again at once, nothing is sent twice */
        assert_int_equal(tick(s, now + 40 * UTIME_MIN), 1);
        assert_text(last_called(s), "3");                           /* never the police */
        assert_int_equal(tick(s, now + 60 * UTIME_MIN), 3);         /* everybody of ours */
        assert_int_equal(tick(s, now + 89 * UTIME_MIN), 0);
        assert_int_equal(tick(s, now + 90 * UTIME_MIN), 1);         /* past midnight it is Saturday: whoever has that day */
}

static void one_answer_ends_the_alarm(void **state)
{
        utime_t now = at(4, 3, 22, 40);
        struct siren *s = siren_make("high", crew, countof(crew), now);
        struct actor who = { .person = "p", .roles = { "csirt" }, .roles_count = 1 };
        struct changes c = begin("alert.acknowledged");
        struct err e = { 0 };

        (void)tick(s, now + 20 * UTIME_MIN);
        assert_int_equal(alarm_answer(&c, &s->f, &s->rows[0], STR(""), &who, now, &e), ERR_INPUT);
        assert_text(e.key, "alert.how");
        assert_ok(alarm_answer(&c, &s->f, &s->rows[0], STR("電話した"), &who, now + 25 * UTIME_MIN, &e), e);     /* the first, late */
        keep(s, &c);
        assert_true(row_is(&s->rows[1], ALERT_state, "acknowledged"));
        assert_int_equal(tick(s, now + UTIME_DAY), 0);
        assert_int_equal(alarm_answer(&c, &s->f, &s->rows[0], STR("x"), &who, now, &e), ERR_CONFLICT);
}

static void a_concluded_incident_calls_nobody_any_more(void **state)
{
        utime_t now = at(4, 3, 22, 40);
        struct siren *s = siren_make("high", crew, countof(crew), now);

        row_text(&s->f.incident, INCIDENT_state, STR("concluded"));
        assert_int_equal(tick(s, now + UTIME_DAY), 0);
        assert_true(row_is(&s->rows[0], ALERT_state, "escalated"));     /* and is not found due again */
}

static void what_may_wait_at_night_waits_for_the_morning_of_a_working_day(void **state)
{
        struct siren *s = siren_make("middle", crew, countof(crew), at(4, 3, 22, 40));

        assert_int_equal(row_get_int(&s->rows[0], ALERT_due_at), at(4, 6, 9, 30));     /* Monday, 8:30 and the hour of the day */
        assert_null(alarm_for(pack, &(struct row){ .table = TABLE_INCIDENT }));
}

static void an_empty_list_still_calls_somebody(void **state)
{
        struct siren *s = siren_make("high", NULL, 0, at(4, 3, 22, 40));

        assert_int_equal(s->f.alerts.n, 1);
        assert_text(last_called(s), "nobody");
        assert_int_equal(tick(s, at(4, 3, 23, 10)), 1);
}

/* ---- clocks ---- */

static size_t derive(struct row *duties, size_t n, const struct row *incident, const char *reason)
{
        struct fresh_ids ids = fresh();
        struct changes c = begin("incident.graded");
        struct row_list list = { duties, n };
        struct err e = { 0 };

        assert_ok(clock_derive(&c, pack, incident, &list, str_of(reason), &ids, at(4, 5, 9, 0), &e), e);
        for (size_t i = 0; i < c.rows_count; i++) {
                size_t k = 0;

                while (k < n && strcmp(duties[k].id, c.rows[i].id) != 0)
                        k++;
                duties[k] = c.rows[i];
                n += k == n;
        }
        return n;
}

static const struct row *clock_named(const struct row *duties, size_t n, const char *rule, const char *state)
{
        for (size_t i = 0; i < n; i++)
                if (row_is(&duties[i], DUTY_rule, rule) && row_is(&duties[i], DUTY_state, state))
                        return &duties[i];
        return NULL;
}

static utime_t due_of(const struct row *duties, size_t n, const char *rule)
{
        const struct row *d = clock_named(duties, n, rule, "open");

        return d ? row_get_int(d, DUTY_due_at) : 0;
}

static void a_leak_starts_the_clocks_of_the_pack(void **state)
{
        static const struct { const char *rule; int month, day, hour, minute; } dues[] = {
                { "leak-report", 4, 7, 0, 0 },          /* known on the 3rd: the 6th counts whole */
                { "leak-report-final", 5, 4, 0, 0 },    /* 30 days */
                { "leak-people", 4, 14, 0, 0 },
                { "leak-prefecture", 4, 4, 22, 0 },     /* 24 hours */
                { "leak-ministry", 4, 4, 22, 0 },
        };
        struct row incident = incident_row("high", "open"), duties[40];
        size_t n;

        assert_int_equal(derive(duties, 0, &incident, ""), 0);      /* no leak, no clock */
        row_text(&incident, INCIDENT_leak, STR("possible"));
        row_int(&incident, INCIDENT_leak_at, at(4, 3, 22, 0));
        n = derive(duties, 0, &incident, "");
        assert_int_equal(n, countof(dues));
        for (size_t i = 0; i < countof(dues); i++) {
                utime_t want = at(dues[i].month, dues[i].day, dues[i].hour, dues[i].minute);

                assert_int_equal(due_of(duties, n, dues[i].rule), want);
        }
        assert_int_equal(derive(duties, n, &incident, ""), n);      /* derived again, nothing moves */
}

static void a_grade_moves_the_clocks_and_a_report_stays_reported(void **state)
{
        struct actor who = { .person = "p", .roles = { "csirt" }, .roles_count = 1 };
        struct clock_evidence evidence = { STR("2026-04-05"), STR("委員会"), STR("情政第1号"), STR("") };
        struct row incident = incident_row("high", "open"), duties[40];
        struct changes c = begin("clock.reported");
        struct err e = { 0 };
        size_t n;

        row_text(&incident, INCIDENT_leak, STR("certain"));
        row_int(&incident, INCIDENT_leak_at, at(4, 3, 22, 0));
        n = derive(duties, 0, &incident, "");
        evidence.document = STR("");
        assert_int_equal(clock_close(&c, &incident, clock_named(duties, n, "leak-report", "open"), &evidence, 1, &who, at(4, 5, 9, 0), &e), ERR_INPUT);
        assert_text(e.field, "document");
        evidence.document = STR("情政第1号");
        evidence.reported_on = STR("2026-04-02");      /* before anybody knew */
        assert_int_equal(clock_close(&c, &incident, clock_named(duties, n, "leak-report", "open"), &evidence, 1, &who, at(4, 5, 9, 0), &e), ERR_INPUT);
        assert_text(e.key, "clock.day");
        evidence.reported_on = STR("2026-04-05");
        assert_ok(clock_close(&c, &incident, clock_named(duties, n, "leak-report", "open"), &evidence, 1, &who, at(4, 5, 9, 0), &e), e);
        for (size_t i = 0; i < n; i++)
                if (strcmp(duties[i].id, c.rows[0].id) == 0)
                        duties[i] = c.rows[0];

        row_text(&incident, INCIDENT_grounds, STR("sensitive malicious"));      /* more time, by another rule */
        n = derive(duties, n, &incident, "悪意");
        assert_null(clock_named(duties, n, "leak-report-final", "open"));
        assert_int_equal(due_of(duties, n, "leak-report-final-malice"), at(6, 3, 0, 0));

        row_text(&incident, INCIDENT_grounds, STR("none"));                     /* judged: nothing to report; the prefecture hears all the same */
        n = derive(duties, n, &incident, "該当しない");
        assert_null(clock_named(duties, n, "leak-report-final-malice", "open"));
        assert_null(clock_named(duties, n, "leak-people", "open"));
        assert_non_null(clock_named(duties, n, "leak-prefecture", "open"));
        assert_non_null(clock_named(duties, n, "leak-people", "closed"));

        row_text(&incident, INCIDENT_grounds, STR("many"));                     /* and up again: what was reported is not asked for anew */
        n = derive(duties, n, &incident, "数え直し");
        assert_non_null(clock_named(duties, n, "leak-people", "open"));
        assert_null(clock_named(duties, n, "leak-report", "open"));

        row_text(&incident, INCIDENT_leak, STR("none"));
        n = derive(duties, n, &incident, "漏えいなし");
        for (size_t i = 0; i < n; i++)
                assert_true(row_is(&duties[i], DUTY_state, "closed"));
}

/* ---- findings ---- */

static void the_same_thing_seen_again_is_one_finding_and_two_reports_are_two(void **state)
{
        struct finding_in in = { .kind = STR("unregistered"), .source = STR("gate"), .severity = STR("low"), .host = STR("PC-1"), .text = STR("台帳にない端末") };
        struct changes c = begin("finding.recorded");
        struct row first;
        struct err e = { 0 };

        assert_ok(finding_put(&c, (struct row_list){ NULL, 0 }, &in, id_of(1), at(4, 3, 9, 0), &e), e);
        first = c.rows[0];
        in.severity = STR("high");
        assert_ok(finding_put(&c, (struct row_list){ &first, 1 }, &in, id_of(2), at(4, 3, 9, 5), &e), e);
        assert_text(c.rows[1].id, first.id);
        assert_int_equal(row_get_int(&c.rows[1], FINDING_times), 2);
        assert_int_equal(row_get_int(&c.rows[1], FINDING_first_at), at(4, 3, 9, 0));
        assert_int_equal(row_get_int(&c.rows[1], FINDING_last_at), at(4, 3, 9, 5));
        assert_true(row_is(&c.rows[1], FINDING_severity, "high"));
        in.host = STR("PC-2");
        assert_ok(finding_put(&c, (struct row_list){ &first, 1 }, &in, id_of(3), at(4, 3, 9, 6), &e), e);
        assert_int_equal(c.rows[2].rev, 1);
        row_text(&first, FINDING_state, STR("closed"));      /* it comes back: a new one */
        in.host = STR("PC-1");
        assert_ok(finding_put(&c, (struct row_list){ &first, 1 }, &in, id_of(4), at(4, 3, 9, 7), &e), e);
        assert_int_equal(c.rows[3].rev, 1);
        row_text(&first, FINDING_state, STR("open"));
        row_text(&first, FINDING_source, STR("person"));
        in.source = STR("person");
        assert_false(finding_same(&first, &in));
}

/* ---- who ends one ---- */

static struct actor actor_of(const char *person, const char *role)
{
        return (struct actor){ .person = person, .roles = { role }, .roles_count = 1 };
}

static void nobody_confirms_what_they_led_or_wrote(void **state)
{
        static const struct { const char *person, *role; int want; const char *key; } cases[] = {
                { "lead", "ciso", ERR_FORBIDDEN, "incident.confirm" },        { "writer", "senior_officer", ERR_FORBIDDEN, "incident.confirm" },
                { "other", "csirt", ERR_FORBIDDEN, "incident.confirm" },      { "other", "secretariat", ERR_FORBIDDEN, "incident.confirm" },
                { "other", "staff", ERR_FORBIDDEN, "incident.role" },         { "other", "auditor", ERR_FORBIDDEN, "incident.role" },
                { "other", "ciso", ERR_OK, "" },                              { "other", "senior_officer", ERR_OK, "" },
        };
        struct incident_facts f = { .incident = incident_row("high", "concluded") };

        row_text(&f.incident, INCIDENT_concluded_by, STR("writer"));
        for (size_t i = 0; i < countof(cases); i++) {
                struct actor who = actor_of(cases[i].person, cases[i].role);
                struct changes c = begin("incident.closed");
                struct fresh_ids ids = fresh();
                struct err e = { 0 };

                assert_int_equal(incident_confirm(&c, &f, true, STR(""), 1, &ids, &who, at(4, 9, 9, 0), &e), cases[i].want);
                assert_text(e.key, cases[i].key);
        }
}

static void a_conclusion_needs_containment_the_form_and_no_running_clock(void **state)
{
        struct incident_facts f = { .incident = incident_row("high", "open") };
        struct row duty = row_new(TABLE_DUTY, id_of(3), ""), answers[3];
        struct actor who = actor_of("lead", "staff");
        static const char *const fields[] = { "cause", "measures", "prevention" };
        struct { const char *key; } wants[] = { { "incident.not-contained" }, { "incident.sheet" }, { "incident.clock" }, { "" } };

        row_text(&duty, DUTY_state, STR("open"));
        f.duties = (struct row_list){ &duty, 1 };
        for (size_t i = 0; i < countof(wants); i++) {
                struct changes c = begin("incident.concluded");
                struct fresh_ids ids = fresh();
                struct err e = { 0 };

                (void)incident_conclude(&c, pack, &f, STR("終わり"), 1, &ids, &who, at(4, 9, 9, 0), &e);
                assert_text(e.key, wants[i].key);
                if (i == 0)
                        row_text(&f.incident, INCIDENT_state, STR("contained"));
                if (i == 1) {
                        static struct row all[4];

                        for (size_t k = 0; k < countof(answers); k++) {
                                all[k] = row_new(TABLE_ANSWER, id_of(9), fields[k]);
                                row_personal(&all[k], ANSWER_value, STR("書いた"));
                        }
                        all[3] = row_new(TABLE_ANSWER, id_of(9), "isolation");
                        row_personal(&all[3], ANSWER_value, STR("released"));
                        f.sheet = (struct row_list){ all, 4 };
                }
                if (i == 2)
                        row_text(&duty, DUTY_state, STR("closed"));
        }
}

static void a_grade_that_does_not_fit_is_refused(void **state)
{
        static const struct { struct grade g; const char *key; } cases[] = {
                { { .severity = { "worst", 5 }, .leak = { "none", 4 } }, "incident.word" },
                { { .severity = { "low", 3 }, .leak = { "maybe", 5 } }, "incident.word" },
                { { .severity = { "low", 3 }, .leak = { "none", 4 }, .people = 3, .counted = true }, "incident.no-leak" },
                { { .severity = { "low", 3 }, .leak = { "none", 4 }, .grounds = { "many", 4 } }, "incident.no-leak" },
                { { .severity = { "low", 3 }, .leak = { "possible", 8 }, .grounds = { "many many", 9 } }, "incident.grounds" },
                { { .severity = { "low", 3 }, .leak = { "possible", 8 }, .grounds = { "none many", 9 } }, "incident.grounds" },
                { { .severity = { "low", 3 }, .leak = { "possible", 8 }, .grounds = { "none", 4 }, .people = 101, .counted = true }, "incident.many" },
                { { .severity = { "low", 3 }, .leak = { "possible", 8 }, .people = -1, .counted = true }, "incident.people" },
                { { .severity = { "low", 3 }, .leak = { "possible", 8 }, .known_at = INT64_MAX }, "incident.later" },
                { { .severity = { "low", 3 }, .leak = { "possible", 8 }, .grounds = { "none", 4 }, .people = 100, .counted = true }, "" },
        };
        struct actor who = actor_of("p", "csirt");

        for (size_t i = 0; i < countof(cases); i++) {
                struct incident_facts f = { .incident = incident_row("high", "open") };
                struct changes c = begin("incident.graded");
                struct fresh_ids ids = fresh();
                struct err e = { 0 };

                (void)incident_grade(&c, pack, &f, &cases[i].g, STR("見直した"), 1, &ids, &who, at(4, 5, 9, 0), &e);
                assert_text(e.key, cases[i].key);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_list_applies_by_the_hour_in_order_of_rank_with_substitutes),
                cmocka_unit_test(a_list_without_anybody_for_the_hour_calls_those_of_other_hours),
                cmocka_unit_test(an_alarm_goes_on_to_the_substitute_the_next_rank_and_then_to_all),
                cmocka_unit_test(one_answer_ends_the_alarm),
                cmocka_unit_test(a_concluded_incident_calls_nobody_any_more),
                cmocka_unit_test(what_may_wait_at_night_waits_for_the_morning_of_a_working_day),
                cmocka_unit_test(an_empty_list_still_calls_somebody),
                cmocka_unit_test(a_leak_starts_the_clocks_of_the_pack),
                cmocka_unit_test(a_grade_moves_the_clocks_and_a_report_stays_reported),
                cmocka_unit_test(the_same_thing_seen_again_is_one_finding_and_two_reports_are_two),
                cmocka_unit_test(nobody_confirms_what_they_led_or_wrote),
                cmocka_unit_test(a_conclusion_needs_containment_the_form_and_no_running_clock),
                cmocka_unit_test(a_grade_that_does_not_fit_is_refused),
        };
        size_t n;
        const struct pack_file *files = mic_r4_pack(&n);
        int r = 1;

        if (pack_load(&pack, files, n, NULL, NULL, NULL) < 0)
                printf("Bail out! packs/mic-r4 does not load\n");
        else
                r = unit_run("incident", tests);
        pack_free(pack);
        arena_done(&arena);
        return r;
}
