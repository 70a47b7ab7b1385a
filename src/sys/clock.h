/* clock.h - the only place that asks the machine what time it is.
 *
 * Does      UTC wall time, and boot time (runs on through suspend, never jumps) for deadlines.
 * Layer     sys. Everything below a process's edge takes utime_t arguments instead.
 * Units     utime_t, microseconds.
 *
 * Builds with -Dtest_clock=true obey SEKISHO_TEST_CLOCK: "@UTC" (RFC 3339; starts there and runs), "=UTC" (stands still),
 * or "/path" of a file that holds either; the file is read anew at each call. No other build reads it (tests prove that).
 */
#ifndef SYS_CLOCK_H
#define SYS_CLOCK_H

#include "base/utime.h"

utime_t clock_now(void);
utime_t clock_boot(void);
/* True in a test build whose wall clock is a story (SEKISHO_TEST_CLOCK without SEKISHO_TEST_JUMPS): its leaps are no faults. */
bool    clock_is_told(void);
/* The kernel's id of this boot, "" when it has none. Before the sandbox. Tests pretend another by SEKISHO_TEST_JUMPS. */
void    clock_boot_id(char *to, size_t room);
int     clock_left_ms(utime_t deadline_boot);     /* for poll(): 0 when past, never negative */

#endif
