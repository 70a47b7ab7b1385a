/* good_skip.c - one test skips itself: green only when the skip is listed. */
#include "unit.h"

static void holds(void **state) { assert_true(true); }
static void is_skipped(void **state) { skip(); }

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(holds), cmocka_unit_test(is_skipped) };

        return unit_run("good_skip", tests);
}
