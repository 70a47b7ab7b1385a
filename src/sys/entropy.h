/* entropy.h - the only place that asks the machine for randomness (getrandom(2)).
 *
 * Does      fill bytes for keys, salts, tokens and ids; mint a UUIDv7.
 * Layer     sys.
 * Fails     never returns weak bytes: ends the process when the kernel has none to give (it does not happen after boot).
 */
#ifndef SYS_ENTROPY_H
#define SYS_ENTROPY_H

#include "base/uuid.h"

void        entropy_fill(void *to, size_t n);
struct uuid entropy_uuid(utime_t now);
/* From here on ids come from a generator that `seed` starts: a demonstration of the same day and seed is the same one. Keys, salts and
 * passwords stay the machine's. For `init --demo` only, before there is a second thread. */
void        entropy_demo_ids(uint64_t seed);

#endif
