/* supervise.h - the parent: starts enforcer and uplink, starts them again when they end.
 *
 * Does      hold the pair of sockets between them (so either may die), spawn each role as its own program image with the pipe
 *           as standard input, restart within a second, end both on SIGTERM. The kernel's rules stay: that is the point.
 * Layer     gate.
 * Fails     only when it cannot start anything at all.
 */
#ifndef GATE_SUPERVISE_H
#define GATE_SUPERVISE_H

#include "base/err.h"

struct gate_options {
        const char *dir;
        const char *netns;                  /* the enforcer works there; the uplink stays here. NULL: here */
        const char *lan, *server;           /* NULL: what enrolment said */
};

int supervise_run(const struct gate_options *o, struct err *e);

#endif
