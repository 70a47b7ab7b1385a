/* init.h - `sekishod init`: a new municipality from nothing.
 *
 * Does      data directory, keys, issuing CA, TLS certificate, adopted pack, first people, first gate's code, first entries.
 * Clause    DESIGN §12; docs/formats/journal.md (first entries).
 * Layer     server.
 * Fails     ERR_CONFLICT when DIR holds anything; ERR_INPUT with the mistake named; nothing half-made is left: DIR is made aside
 *           and renamed at the end.
 *
 *     sekishod init DIR --pack PACK --name NAME --body CODE --person LOGIN:NAME:SECTION:ROLE[,ROLE] …
 *              [--gate NAME:ZONE:LAN] [--host HOST] [--user-port N] [--machine-port N] [--write-accounts]
 *
 * Prints, tab-separated: "account LOGIN ROLE PASSWORD" (shown once), "gate NAME CODE", "recovery CODE" (once: the paper for the safe), "key VKEY", "fingerprint HEX".
 */
#ifndef SERVER_INIT_H
#define SERVER_INIT_H

#include "base/err.h"

int init_main(const char *data_dir, int argc, char *const *argv, struct err *e);

#endif
