/* uplink.h - the process that talks to the office and is trusted with nothing.
 *
 * Does      hold the stream of grants open, hand bodies and the server's time to the enforcer, send its reports until they are
 *           acknowledged.
 * Layer     gate.
 * Owns      the device key in memory (it has no file access and no capability once it runs).
 * Units     reconnects after 0.1 s, doubling to 10 s; a stream is dead after 25 s of silence.
 * Trusts    TLS by the install's CA; even so it only carries: what it hands on is verified by the enforcer.
 * Fails     returns only when the pipe closes or setting up failed.
 */
#ifndef GATE_UPLINK_H
#define GATE_UPLINK_H

#include "gate/settings.h"

int uplink_run(const struct settings *s, const char *server, int pipe, struct err *e);   /* `server`: connect there instead, or NULL */

#endif
