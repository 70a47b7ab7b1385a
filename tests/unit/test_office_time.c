/* The office's time against a clock that jumps: by how much, when, and over a restart. */
#include "server/office/office_time.h"

#include "unit.h"

#define T0   (20544 * UTIME_DAY)        /* 2026-04-01 09:00 JST */
#define BOOT UTIME_HOUR                 /* the machine runs for an hour then */
#define YEAR (365 * UTIME_DAY)
#define AGES (12 * YEAR)                /* to 2038 */

static struct office_time *started(const struct time_kept *kept, utime_t newest, const char *boot_id, utime_t wall, utime_t boot)
{
        struct office_time *t = NULL;
        struct err e = { 0 };

        assert_ok(office_time_start(&t, kept, newest, boot_id, wall, boot, false, &e), e);
        return t;
}

static struct time_state state(struct office_time *t, utime_t wall, utime_t boot)
{
        struct time_state s;

        office_time_state(&s, t, wall, boot);
        return s;
}

static void a_jump_holds_and_a_step_does_not(void **state_)
{
        static const struct { const char *name; utime_t by; bool held; } cases[] = {
                { "nine minutes on", 9 * UTIME_MIN, false }, { "nine minutes back", -9 * UTIME_MIN, false },
                { "eleven minutes on", 11 * UTIME_MIN, true }, { "eleven minutes back", -11 * UTIME_MIN, true },
                { "a day on", UTIME_DAY, true }, { "a day back", -UTIME_DAY, true }, { "a year on", YEAR, true }, { "a year back", -YEAR, true }, { "to 2038", AGES, true },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(office_time_stop) struct office_time *t = started(NULL, T0, "a", T0, BOOT);
                utime_t before, after;

                (void)office_time_look(t, T0 + UTIME_S, BOOT + UTIME_S);
                before = office_time_now(t, BOOT + UTIME_S);
                if (office_time_look(t, T0 + 2 * UTIME_S + cases[i].by, BOOT + 2 * UTIME_S) != cases[i].held)
                        fail_msg("%s: held %d", cases[i].name, !cases[i].held);
                after = office_time_now(t, BOOT + 2 * UTIME_S);
                if (after < before || (cases[i].held && after != before + UTIME_S))
                        fail_msg("%s: %lld us later", cases[i].name, (long long)(after - before));
        }
}

static void many_small_steps_are_a_jump(void **state_)
{
        scoped(office_time_stop) struct office_time *t = started(NULL, T0, "a", T0, BOOT);
        bool held = false;

        for (int i = 1; i < 20 && !held; i++)
                held = office_time_look(t, T0 + i * UTIME_MIN, BOOT + i * UTIME_S);
        assert_true(held);
}

static void a_slow_clock_is_followed(void **state_)
{
        scoped(office_time_stop) struct office_time *t = started(NULL, T0, "a", T0, BOOT);

        for (int h = 1; h < 24 * 30; h++)       /* a minute an hour: half a day in a month */
                assert_false(office_time_look(t, T0 + h * (UTIME_HOUR + UTIME_MIN), BOOT + h * UTIME_HOUR + h));
        assert_int_equal(office_time_now(t, BOOT + 719 * UTIME_HOUR + 719), T0 + 719 * (UTIME_HOUR + UTIME_MIN));
}

static void time_never_goes_back(void **state_)
{
        scoped(office_time_stop) struct office_time *t = started(NULL, T0, "a", T0, BOOT);
        utime_t before = office_time_now(t, BOOT + 5 * UTIME_MIN);

        assert_false(office_time_look(t, T0, BOOT + 5 * UTIME_MIN));    /* five minutes back: it stands until they are over */
        assert_int_equal(office_time_now(t, BOOT + 6 * UTIME_MIN), before);
        assert_int_equal(office_time_now(t, BOOT + 12 * UTIME_MIN), T0 + 7 * UTIME_MIN);
}

static void set_right_it_runs_again_and_confirmed_it_steps(void **state_)
{
        scoped(office_time_stop) struct office_time *t = started(NULL, T0, "a", T0, BOOT);

        assert_true(office_time_look(t, T0 + YEAR, BOOT + UTIME_S));
        assert_false(office_time_look(t, T0 + YEAR + UTIME_S, BOOT + 2 * UTIME_S));      /* said once */
        assert_int_equal(state(t, T0 + YEAR, BOOT + 2 * UTIME_S).hold, TIME_JUMPED);
        assert_int_equal(state(t, T0 + YEAR, BOOT + 2 * UTIME_S).since, T0 + UTIME_S);
        assert_true(office_time_look(t, T0 + 3 * UTIME_S, BOOT + 3 * UTIME_S));
        assert_int_equal(state(t, T0, BOOT + 3 * UTIME_S).hold, TIME_RUNS);

        assert_true(office_time_look(t, T0 - YEAR, BOOT + 4 * UTIME_S));
        office_time_confirm(t, T0 - YEAR, BOOT + 4 * UTIME_S);
        assert_int_equal(office_time_now(t, BOOT + 4 * UTIME_S), T0 - YEAR);             /* a person may set it back; the journal stands still meanwhile */
        assert_false(office_time_look(t, T0 - YEAR + UTIME_S, BOOT + 5 * UTIME_S));
}

/* What was kept at T0 by boot "a", an hour after its start. */
static void over_a_restart(void **state_)
{
        static const struct { const char *name, *boot_id; utime_t wall, boot, newest; enum time_hold kept, want; utime_t now; } cases[] = {
                { "the same boot, a minute later", "a", T0 + UTIME_MIN, BOOT + UTIME_MIN, T0, TIME_RUNS, TIME_RUNS, T0 + UTIME_MIN },
                { "the same boot, a day on", "a", T0 + UTIME_DAY, BOOT + UTIME_MIN, T0, TIME_RUNS, TIME_JUMPED, T0 + UTIME_MIN },
                { "the same boot, a day back", "a", T0 - UTIME_DAY, BOOT + UTIME_MIN, T0, TIME_RUNS, TIME_JUMPED, T0 + UTIME_MIN },
                { "the same boot, held before", "a", T0 + YEAR, BOOT + UTIME_MIN, T0, TIME_JUMPED, TIME_JUMPED, T0 + UTIME_MIN },
                { "the same boot, held before, set right", "a", T0 + UTIME_MIN, BOOT + UTIME_MIN, T0, TIME_JUMPED, TIME_RUNS, T0 + UTIME_MIN },
                { "off over the night", "b", T0 + 14 * UTIME_HOUR, UTIME_S, T0, TIME_RUNS, TIME_RUNS, T0 + 14 * UTIME_HOUR },
                { "off, and back to 1970", "b", UTIME_DAY, UTIME_S, T0, TIME_RUNS, TIME_JUMPED, T0 },
                { "off, and a day back", "b", T0 - UTIME_DAY, UTIME_S, T0, TIME_RUNS, TIME_JUMPED, T0 },
                { "off, and a year on", "b", T0 + YEAR, UTIME_S, T0, TIME_RUNS, TIME_JUMPED, T0 },
                { "off, and to 2038", "b", T0 + AGES, UTIME_S, T0, TIME_RUNS, TIME_JUMPED, T0 },
                { "off while held: a person is still waited for", "b", T0 + UTIME_HOUR, UTIME_S, T0, TIME_JUMPED, TIME_JUMPED, T0 },
                { "the journal is newer than what was kept", "b", T0 + UTIME_HOUR, UTIME_S, T0 + UTIME_DAY, TIME_RUNS, TIME_JUMPED, T0 + UTIME_DAY },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct time_kept kept = { .boot_id = "a", .seen_at = T0, .ahead = T0 - BOOT, .hold = cases[i].kept };
                scoped(office_time_stop) struct office_time *t = started(&kept, cases[i].newest, cases[i].boot_id, cases[i].wall, cases[i].boot);
                struct time_state s = state(t, cases[i].wall, cases[i].boot);

                if (s.hold != cases[i].want || s.now != cases[i].now)
                        fail_msg("%s: held %d, %lld s after T0", cases[i].name, s.hold, (long long)((s.now - T0) / UTIME_S));
        }
}

static void without_anything_kept_the_journal_is_the_witness(void **state_)
{
        scoped(office_time_stop) struct office_time *t = started(NULL, T0, "a", T0 - UTIME_DAY, BOOT);
        scoped(office_time_stop) struct office_time *later = started(NULL, T0, "a", T0 + YEAR, BOOT);

        assert_int_equal(state(t, 0, BOOT).hold, TIME_JUMPED);
        assert_int_equal(office_time_now(t, BOOT), T0);
        assert_int_equal(state(later, 0, BOOT).hold, TIME_RUNS);        /* a demonstration that was made last year */
}

static void ends_that_passed_unseen_are_asked_about_once(void **state_)
{
        struct time_kept kept = { .boot_id = "a", .seen_at = T0, .ahead = T0 - BOOT };
        scoped(office_time_stop) struct office_time *t = started(&kept, T0, "b", T0 + UTIME_DAY, UTIME_S);
        utime_t from, to;

        assert_true(office_time_gap(t, &from, &to, UTIME_S));
        assert_int_equal(from, T0);
        assert_int_equal(to, T0 + UTIME_DAY);
        office_time_hold_mass(t, UTIME_S);
        assert_int_equal(state(t, T0 + UTIME_DAY, UTIME_S).hold, TIME_MASS);
        assert_int_equal(office_time_now(t, UTIME_S), T0);
        assert_false(office_time_look(t, T0 + UTIME_DAY, UTIME_S));
        office_time_confirm(t, T0 + UTIME_DAY, UTIME_S);
        assert_int_equal(office_time_now(t, UTIME_S), T0 + UTIME_DAY);
        assert_false(office_time_gap(t, &from, &to, UTIME_S));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_jump_holds_and_a_step_does_not), cmocka_unit_test(many_small_steps_are_a_jump), cmocka_unit_test(a_slow_clock_is_followed),
                cmocka_unit_test(time_never_goes_back), cmocka_unit_test(set_right_it_runs_again_and_confirmed_it_steps), cmocka_unit_test(over_a_restart),
                cmocka_unit_test(without_anything_kept_the_journal_is_the_witness), cmocka_unit_test(ends_that_passed_unseen_are_asked_about_once),
        };

        return unit_run("office_time", tests);
}
