/* bad_leave.c - a test leaves the program quietly with status 0, so that the rest never runs. */
#include "unit.h"

static void leaves(void **state) { exit(0); }
static void never_runs(void **state) { fail(); }

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(leaves), cmocka_unit_test(never_runs) };

        return unit_run("bad_leave", tests);
}
