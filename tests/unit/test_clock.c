/* test_clock.c - the test clock obeys, deadlines never wrap; entropy gives fresh ids. */
#include "sys/clock.h"
#include "sys/entropy.h"

#include <limits.h>

#include "unit.h"

static void boot_time_goes_on(void **state)
{
        utime_t a = clock_boot(), b = clock_boot();

        assert_true(a > 0 && b >= a);
        assert_true(clock_now() > 1700000000 * UTIME_S);
}

static void time_left_is_never_negative(void **state)
{
        utime_t now = clock_boot();

        assert_int_equal(clock_left_ms(now - UTIME_DAY), 0);
        assert_int_equal(clock_left_ms(0), 0);
        assert_in_range(clock_left_ms(now + 10 * UTIME_S), 9000, 10001);
        assert_int_equal(clock_left_ms(INT64_MAX), INT_MAX);
}

static void the_test_clock_works_only_in_test_builds(void **state)
{
        utime_t fixed, got;

        assert_true(utime_parse(STR("2031-04-01T00:00:00Z"), &fixed));
        assert_int_equal(setenv("SEKISHO_TEST_CLOCK", "=2031-04-01T00:00:00Z", 1), 0);
        got = clock_now();
        assert_int_equal(unsetenv("SEKISHO_TEST_CLOCK"), 0);
#ifdef SEKISHO_TEST_CLOCK_BUILD
        assert_true(got == fixed);
#else
        assert_true(got < fixed);
#endif
}

static void ids_are_fresh(void **state)
{
        struct uuid a = entropy_uuid(1), b = entropy_uuid(1);

        assert_false(uuid_eq(a, b));
        assert_memory_equal(a.b, b.b, 6);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(boot_time_goes_on),
                cmocka_unit_test(time_left_is_never_negative),
                cmocka_unit_test(the_test_clock_works_only_in_test_builds),
                cmocka_unit_test(ids_are_fresh),
        };

        return unit_run("clock", tests);
}
