/* enforcer.h - the process that obeys signed tables and nothing else.
 *
 * Does      verify every table and delta with the install's table key; keep the last one durably (DIR/table); load and watch
 *           the drop rules; keep the kernel's sets as the table says; report when the kernel holds it.
 * Clause    the period ends by the kernel's own timeouts; our death neither opens nor closes anything.
 * Layer     gate.
 * Owns      its sockets and table for the life of the process.
 * Trusts    the table key from enrolment and the kernel. The uplink may be an attacker: it can withhold tables and lie about
 *           the time within servertime.h's bounds, never permit anything.
 * Fails     returns only when the pipe closes or setting up failed; the supervisor starts it anew.
 *
 * Order on a new table: kernel, then disk, then report. A crash between the first two is seen at the office as "not confirmed".
 */
#ifndef GATE_ENFORCER_H
#define GATE_ENFORCER_H

#include "gate/settings.h"

/* `pipe` is our end of the pair; the process gives up everything but CAP_NET_ADMIN, netlink and its directory. */
int enforcer_run(const struct settings *s, const char *lan, int pipe, struct err *e);
int netns_enter(const char *name, struct err *e);     /* before enforcer_run(): a namespace of `ip netns` */

#endif
