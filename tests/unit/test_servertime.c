/* test_servertime.c - late stamps do not slow the gate's clock, and nobody sets it back far. */
#include "gate/servertime.h"

#include "unit.h"

#define BOOT   (1000 * UTIME_S)
#define SERVER (1800000000 * UTIME_S)

static void the_least_late_stamp_counts(void **state)
{
        struct servertime s = { 0 };

        servertime_guess(&s, 5, BOOT);
        assert_int_equal(servertime_now(&s, BOOT), 5);
        assert_true(servertime_stamp(&s, SERVER - 80 * UTIME_MS, BOOT));           /* 80 ms late; the guess is worth nothing */
        assert_true(servertime_stamp(&s, SERVER + UTIME_S - 2 * UTIME_MS, BOOT + UTIME_S));
        assert_true(servertime_stamp(&s, SERVER + 2 * UTIME_S - 50 * UTIME_MS, BOOT + 2 * UTIME_S));
        assert_int_equal(servertime_now(&s, BOOT + 2 * UTIME_S), SERVER + 2 * UTIME_S - 2 * UTIME_MS);
}

static void a_clock_that_drifts_is_followed_within_two_windows(void **state)
{
        struct servertime s = { 0 };

        for (utime_t t = 0; t < UTIME_HOUR; t += 10 * UTIME_S)                     /* the server is slow: 100 microseconds each second */
                assert_true(servertime_stamp(&s, SERVER + t - t / 10000, BOOT + t));

        utime_t off = servertime_now(&s, BOOT + UTIME_HOUR) - (SERVER + UTIME_HOUR - UTIME_HOUR / 10000);

        assert_in_range(off, 0, 2 * SERVERTIME_WINDOW / 10000 + UTIME_MS);
}

static void a_step_back_is_not_followed_for_hours(void **state)
{
        struct servertime s = { 0 };

        assert_true(servertime_stamp(&s, SERVER, BOOT));
        bool said = false;

        for (utime_t t = 0; t < 5 * UTIME_HOUR; t += 10 * UTIME_S)
                said = !servertime_stamp(&s, SERVER - UTIME_HOUR + t, BOOT + t) || said;
        assert_true(said);
        assert_int_equal(servertime_now(&s, BOOT + 5 * UTIME_HOUR), SERVER + 5 * UTIME_HOUR);
}

/* An uplink that lies a little less each time: ten minutes of lies gain it at most ten seconds. */
static void creeping_back_is_slow(void **state)
{
        struct servertime s = { 0 };

        assert_true(servertime_stamp(&s, SERVER, BOOT));
        for (utime_t t = 0; t < UTIME_HOUR; t += UTIME_S)
                (void)servertime_stamp(&s, SERVER + t - t, BOOT + t);              /* claims that time stands still */
        assert_in_range(servertime_now(&s, BOOT + UTIME_HOUR), SERVER + UTIME_HOUR - 12 * SERVERTIME_STEP_MAX, SERVER + UTIME_HOUR);
}

/* A server whose clock leaps a year ahead would end every permit. Its signed table may say so; a time stamp alone may not. */
static void a_leap_forward_wants_a_signature(void **state)
{
        struct servertime s = { 0 };

        assert_true(servertime_stamp(&s, SERVER, BOOT));
        assert_false(servertime_stamp(&s, SERVER + 365 * UTIME_DAY, BOOT + UTIME_S));
        assert_int_equal(servertime_now(&s, BOOT + UTIME_S), SERVER + UTIME_S);
        assert_true(servertime_stamp(&s, SERVER + 10 * UTIME_MIN, BOOT + UTIME_S));           /* still within what it follows */
        servertime_floor(&s, SERVER + 365 * UTIME_DAY, BOOT + 2 * UTIME_S);
        assert_int_equal(servertime_now(&s, BOOT + 2 * UTIME_S), SERVER + 365 * UTIME_DAY);
        assert_true(servertime_stamp(&s, SERVER + 365 * UTIME_DAY + UTIME_S, BOOT + 3 * UTIME_S));
}

static void a_signed_table_is_a_lower_bound(void **state)
{
        struct servertime s = { 0 };

        servertime_guess(&s, 0, BOOT);                                             /* a machine without a clock battery */
        servertime_floor(&s, SERVER, BOOT);
        assert_int_equal(servertime_now(&s, BOOT), SERVER);
        servertime_floor(&s, SERVER - UTIME_HOUR, BOOT);
        assert_int_equal(servertime_now(&s, BOOT), SERVER);
        assert_true(servertime_stamp(&s, SERVER + UTIME_HOUR, BOOT));
        assert_int_equal(servertime_now(&s, BOOT), SERVER + UTIME_HOUR);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_least_late_stamp_counts),
                cmocka_unit_test(a_clock_that_drifts_is_followed_within_two_windows),
                cmocka_unit_test(a_step_back_is_not_followed_for_hours),
                cmocka_unit_test(creeping_back_is_slow),
                cmocka_unit_test(a_leap_forward_wants_a_signature),
                cmocka_unit_test(a_signed_table_is_a_lower_bound),
        };

        return unit_run("servertime", tests);
}
