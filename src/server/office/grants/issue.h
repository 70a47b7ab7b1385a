/* issue.h - from permits to a signed grant table, and out to the gates.
 *
 * Does      compile open permits into a table, journal its digest, have it signed, keep it, push it to every connected gate.
 * Clause    6.1(19) 注16 (what is connected was permitted); docs/formats/grant-table.md.
 * Layer     server/office/grants.
 * Threads   one issuer thread; one thread for each connected gate.
 * Fails     a table that cannot be signed now is tried again every second; gates keep the last one; permits end by themselves.
 */
#ifndef OFFICE_GRANTS_ISSUE_H
#define OFFICE_GRANTS_ISSUE_H

#include "server/office/office.h"
#include "wire/grants.h"

int            issuer_start(struct issuer **out, struct office *o, struct err *e);
void           issuer_wake(struct issuer *i);
struct issuer *issuer_stop(struct issuer *i);

/* Takes over `fd` and serves the stream until either side closes; `after` what the gate has. The answer's head is written already. */
int issuer_serve(struct issuer *i, int fd, const char *gate_id, uint32_t epoch, uint64_t seq, struct err *e);

uint64_t issuer_seq(struct issuer *i);                            /* newest signed table, 0 before the first */
size_t   issuer_connected(struct issuer *i);                      /* gates with an open stream */
bool     issuer_is_connected(struct issuer *i, const char *gate_id);
/* SHA-256 of the header of table `seq` of this epoch; false when it is not remembered. */
bool     issuer_header_hash(struct issuer *i, uint64_t seq, struct hash *out);

#endif
