/* Permits: who may touch one, for how long, and what time does to it (6.1(19) note 16: the period is part of the permission). */
#include "core/register/permit.h"

#include "unit.h"

#define D(n) ((n) * UTIME_DAY)

static struct row permit_of(const char *state, utime_t from, utime_t until)
{
        struct row p = row_new(TABLE_PERMIT, (struct uuid){ { 1 } }, NULL);

        p.rev = 3;
        row_text(&p, PERMIT_state, str_of(state));
        row_int(&p, PERMIT_from_at, from);
        row_int(&p, PERMIT_until_at, until);
        row_int(&p, PERMIT_table_seq, 7);
        return p;
}

static void a_period_lies_ahead_and_is_not_too_long(void **state)
{
        static const struct { const char *name; utime_t from, until, now; uint32_t max; const char *want; } cases[] = {
                { "one microsecond", D(10), D(10) + 1, D(10), 30, "" },
                { "ends now", D(9), D(10), D(10), 30, "permit.period.past" },
                { "ended", D(8), D(9), D(10), 30, "permit.period.past" },
                { "ends as it begins", D(12), D(12), D(10), 30, "permit.period.past" },
                { "ends before it begins", D(13), D(12), D(10), 30, "permit.period.past" },
                { "longest, with its inclusive last day", D(10), D(41), D(10), 30, "" },
                { "a microsecond longer", D(10), D(41) + 1, D(10), 30, "permit.period.long 30" },
                { "no limit", D(10), D(99999), D(10), 0, "" },
                { "limit counts from the beginning", D(10), D(42), D(40), 30, "permit.period.long 30" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct err e = { 0 };
                char got[300];

                (void)permit_check_period(cases[i].from, cases[i].until, cases[i].now, cases[i].max, "until", &e);
                (void)snprintf(got, sizeof(got), "%s%s%s", e.key, e.nargs ? " " : "", e.nargs ? e.args[0] : "");
                if (strcmp(got, cases[i].want) != 0)
                        fail_msg("%s: got '%s', want '%s'", cases[i].name, got, cases[i].want);
                if (*e.key)
                        assert_text(e.field, "until");
        }
}

/* Order: who you are before what state it is in. */
static void only_those_who_decide_may_change_it_and_never_for_themselves(void **state)
{
        static const struct { const char *name, *person, *section, *role, *state, *want; } cases[] = {
                { "the manager", "suzuki", "sangyo", "section_manager", "active", "" },
                { "before it begins", "suzuki", "sangyo", "section_manager", "waiting", "" },
                { "suspended", "suzuki", "sangyo", "section_manager", "suspended", "" },
                { "another section", "ito", "zei", "section_manager", "active", "permit.change.role" },
                { "staff", "yamada", "sangyo", "staff", "active", "permit.change.role" },
                { "system manager", "tanaka", "sangyo", "system_manager", "active", "permit.change.role" },
                { "oneself", "sato", "sangyo", "section_manager", "active", "decide.self" },
                { "it has ended", "suzuki", "sangyo", "section_manager", "expired", "permit.change.over" },
                { "it was revoked", "suzuki", "sangyo", "section_manager", "revoked", "permit.change.over" },
                { "it is closed", "suzuki", "sangyo", "section_manager", "closed", "permit.change.over" },
                { "a stranger, and it has ended", "ito", "zei", "section_manager", "expired", "permit.change.role" },
                { "oneself, and it has ended", "sato", "sangyo", "section_manager", "expired", "decide.self" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct row app = row_new(TABLE_APPLICATION, (struct uuid){ { 2 } }, NULL), p = permit_of(cases[i].state, D(1), D(20));
                struct actor who = { cases[i].person, str_of(cases[i].section), { cases[i].role }, 1 };
                struct err e = { 0 };

                row_text(&app, APPLICATION_applicant, STR("sato"));
                row_personal(&app, APPLICATION_section, STR("sangyo"));
                (void)permit_may_change(&p, &app, "section_manager", &who, &e);
                if (strcmp(e.key, cases[i].want) != 0)
                        fail_msg("%s: got '%s', want '%s'", cases[i].name, e.key, cases[i].want);
        }
}

static void acts_refuse_a_stale_view_then_an_ended_permit_then_no_reason(void **state)
{
        static const struct { const char *name, *state; int64_t rev; const char *reason; utime_t until; const char *revoke, *change; } cases[] = {
                { "all is well", "active", 3, "lost", D(30), "", "" },
                { "an older revision", "active", 2, "lost", D(30), "common.rev.moved", "common.rev.moved" },
                { "a revision that never was", "active", 4, "lost", D(30), "common.rev.moved", "common.rev.moved" },
                { "older and no reason", "active", 2, "", D(30), "common.rev.moved", "common.rev.moved" },
                { "ended", "expired", 3, "lost", D(30), "permit.change.over", "permit.change.over" },
                { "ended and no reason", "expired", 3, "", D(30), "permit.change.over", "permit.change.over" },
                { "no reason", "active", 3, "", D(30), "common.reason.missing", "common.reason.missing" },
                { "end in the past", "active", 3, "lost", D(5), "", "permit.period.past" },
                { "end too far", "active", 3, "lost", D(300), "", "permit.period.long" },
                { "no reason and end in the past", "active", 3, "", D(5), "common.reason.missing", "common.reason.missing" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct row p = permit_of(cases[i].state, D(1), D(20));
                struct changes revoke, change;
                struct err e = { 0 }, x = { 0 };

                changes_init(&revoke, &a, "permit.revoked", "");
                changes_init(&change, &a, "permit.changed", "");
                (void)permit_revoke(&revoke, &p, cases[i].rev, str_of(cases[i].reason), &e);
                (void)permit_change_until(&change, &p, cases[i].rev, cases[i].until, D(6), 100, str_of(cases[i].reason), &x);
                if (strcmp(e.key, cases[i].revoke) != 0 || strcmp(x.key, cases[i].change) != 0)
                        fail_msg("%s: got '%s' and '%s'", cases[i].name, e.key, x.key);
                assert_int_equal(revoke.rows_count, *e.key ? 0 : 1);
                assert_int_equal(change.rows_count, *x.key ? 0 : 1);
                if (!*e.key) {
                        assert_true(row_is(&revoke.rows[0], PERMIT_state, "revoked"));
                        assert_int_equal(revoke.rows[0].rev, 4);
                        assert_int_equal(revoke.rows[0].v[PERMIT_table_seq].kind, VALUE_NULL);       /* no table carries this revision */
                        assert_true(revoke.rows[0].v[PERMIT_reason].personal);
                }
                if (!*x.key) {
                        assert_int_equal(row_get_int(&change.rows[0], PERMIT_until_at), cases[i].until);
                        assert_int_equal(change.rows[0].v[PERMIT_table_seq].kind, VALUE_NULL);
                        assert_true(row_is(&change.rows[0], PERMIT_state, "active"));
                }
        }
}

static void time_starts_and_ends_it_to_the_microsecond(void **state)
{
        static const struct { const char *state; utime_t now; const char *want; } cases[] = {
                { "waiting", D(10) - 1, "" }, { "waiting", D(10), "active" }, { "waiting", D(20), "expired" },
                { "active", D(20) - 1, "" },  { "active", D(20), "expired" }, { "active", D(99), "expired" },
                { "suspended", D(15), "" },   { "suspended", D(20), "expired" },
                { "expired", D(99), "" },     { "revoked", D(99), "" },       { "closed", D(99), "" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct row p = permit_of(cases[i].state, D(10), D(20)), after;
                bool moved = permit_tick(&after, &p, cases[i].now);

                if (moved != (*cases[i].want != 0) || !row_is(&after, PERMIT_state, moved ? cases[i].want : cases[i].state))
                        fail_msg("%s at %lld: %s", cases[i].state, (long long)cases[i].now, row_get_text(&after, PERMIT_state).p);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_period_lies_ahead_and_is_not_too_long),
                cmocka_unit_test(only_those_who_decide_may_change_it_and_never_for_themselves),
                cmocka_unit_test(acts_refuse_a_stale_view_then_an_ended_permit_then_no_reason),
                cmocka_unit_test(time_starts_and_ends_it_to_the_microsecond),
        };

        return unit_run("permit", tests);
}
