/* good_pass.c - the control: nothing is wrong. */
#include "unit.h"

static void holds(void **state) { assert_true(true); }

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(holds), cmocka_unit_test(holds) };

        return unit_run("good_pass", tests);
}
