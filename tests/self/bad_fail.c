/* bad_fail.c - one of two tests fails by an assertion. */
#include "unit.h"

static void holds(void **state) { assert_true(true); }
static void does_not_hold(void **state) { assert_int_equal(1, 2); }

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(holds), cmocka_unit_test(does_not_hold) };

        return unit_run("bad_fail", tests) * 0; /* even when the exit status lies */
}
