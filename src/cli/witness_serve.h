/* witness_serve.h - add-checkpoint of c2sp.org/tlog-witness over SCGI: nginx speaks HTTP and TLS, we judge.
 *
 * Does      one request after the other from a unix socket, until SIGTERM. No network socket, no database.
 * Source    c2sp.org/tlog-witness; docs/formats/scgi.md.
 * Layer     cli.
 * Trusts    nginx to have parsed HTTP; nothing of the body.
 * Fails     as the machine; a request that fails is answered and said on standard error.
 */
#ifndef CLI_WITNESS_SERVE_H
#define CLI_WITNESS_SERVE_H

#include "cli/witness_state.h"

int witness_serve(const struct witness *w, const char *socket, struct err *e);

#endif
