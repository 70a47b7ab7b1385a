/* unit.h - what every unit test includes, last.
 *
 * Does      bring cmocka with the headers it wants before itself; unit_run() runs a table of tests as TAP.
 *
 *     int main(void)
 *     {
 *             const struct CMUnitTest tests[] = { cmocka_unit_test(period_ends_at_midnight) };
 *
 *             return unit_run("period", tests);
 *     }
 *
 * A child that a test forks ends with _exit(), never exit(): it would print the plan a second time.
 */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* A macro, since cmocka counts the table by sizeof. Lines leave at once: what a crash leaves unsaid is then only its own. */
#define unit_run(name, tests)                                              \
        ({                                                                 \
                (void)setvbuf(stdout, NULL, _IOLBF, 0);                    \
                cmocka_set_message_output(CM_OUTPUT_TAP);                  \
                cmocka_run_group_tests_name(name, tests, NULL, NULL);      \
        })

/* Exact text, with both shown on failure. */
#define assert_text(got, want) assert_string_equal((got), (want))

/* A call that must succeed; shows the words when it does not. `e` is the struct err it was given. */
#define assert_ok(call, e)                                                              \
        do {                                                                            \
                int assert_r_ = (call);                                                 \
                if (assert_r_ < 0)                                                      \
                        fail_msg("%s: %s (%d)", #call, (e).text, assert_r_);            \
        } while (0)

#endif
