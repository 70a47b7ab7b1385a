/* bad_abort.c - all tests hold and the program ends badly behind them, as a sanitizer's report at exit does. */
#include "unit.h"

static void holds(void **state) { assert_true(true); }

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(holds) };

        if (unit_run("bad_abort", tests) == 0)
                abort();
        return 0;
}
