/* bad_crash.c - the second of three tests dies by SIGSEGV. */
#include <signal.h>

#include "unit.h"

static void holds(void **state) { assert_true(true); }

static void crashes(void **state)
{
        (void)signal(SIGSEGV, SIG_DFL); /* past cmocka's own handler, as a smashed stack would be */
        (void)raise(SIGSEGV);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(holds), cmocka_unit_test(crashes), cmocka_unit_test(holds) };

        return unit_run("bad_crash", tests);
}
