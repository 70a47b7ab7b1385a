/* spool.h - a body that is too large for memory, in a file without a name.
 *
 * Does      take bytes from a socket into a new file and show them as text in memory that the kernel may take back at any time.
 * Layer     link.
 * Owns      the view until spool_done(). The file is unlinked before its first byte: whatever ends, and however, nothing of it stays.
 *           spool_sweep() removes what an end between these two steps left.
 * Units     bytes; the deadline is clock_boot() time.
 * Trusts    nothing; `n` bytes and no more are read.
 * Fails     ERR_FULL `error.full`, ERR_TIMEOUT, ERR_IO, ERR_ABSENT (no such directory).
 */
#ifndef LINK_SPOOL_H
#define LINK_SPOOL_H

#include "sys/sock.h"

int  spool_take(struct str *out, size_t n, int from, utime_t deadline, const char *dir, struct err *e);
void spool_done(struct str view);
int  spool_sweep(const char *dir, struct err *e);      /* makes the directory (0700) when it is not there */

#endif
