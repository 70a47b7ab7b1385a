/* refuse.h - the machine says no: the n-th allocation, or the n-th call that changes a file, fails.
 *
 * Does      count malloc, calloc, realloc of our code, SQLite, jansson and OpenSSL; count write, pwrite, fsync, fdatasync, ftruncate and
 *           rename of everything in the process; fail the n-th while armed, once or from then on.
 * Owns      nothing; one process, one fault at a time.
 * Threads   any thread's calls count.
 *
 * refuse_init() comes first in main(): libraries take their allocators only before their first allocation.
 * Linked with -Wl,--wrap=malloc and so on; that and the libraries' own hooks leave AddressSanitizer's allocator in place.
 */
#ifndef TESTS_RIGS_REFUSE_H
#define TESTS_RIGS_REFUSE_H

#include "base/defs.h"

enum refuse { REFUSE_MEMORY, REFUSE_DISK, REFUSE_KINDS };
extern const char *const refuse_names[REFUSE_KINDS];

void          refuse_init(void);
void          refuse_arm(enum refuse kind, unsigned long nth, bool from_then_on);
bool          refuse_disarm(void);              /* did it fail anything? */
unsigned long refuse_seen(enum refuse kind);    /* calls counted since it was armed */

#endif
