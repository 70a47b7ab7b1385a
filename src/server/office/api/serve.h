/* serve.h - the workers: accept, read, find the route, check who asks, run, answer.
 *
 * Does      a fixed number of threads over the sockets of people and machines, and one for the courier's: however many notices lie there and
 *           whatever its sinks do, it has one call at a time and no worker that somebody waits for. Each has its own reader connection.
 * Layer     server/office/api.
 * Trusts    the port is the socket that accepted, never a parameter.
 */
#ifndef OFFICE_API_SERVE_H
#define OFFICE_API_SERVE_H

#include "server/office/office.h"

enum { WORKERS = 16 };

/* Blocks until `*stop` becomes true (a signal writes to `wake_fd`, which becomes readable). */
int serve(struct office *o, const int listeners[3], int wake_fd, struct err *e);

#endif
