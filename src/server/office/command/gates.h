/* gates.h - the life of a gate: registered, enrolled by a one-time code, reporting what its kernel holds.
 *
 * Does      acts for the writer; a certificate is requested in one entry and taken into service in the next.
 * Source    docs/formats/machines.md.
 * Layer     server/office/command.
 * Fails     ERR_INPUT `gate.*`, ERR_FORBIDDEN `gate.code.*`, ERR_CONFLICT `gate.table.differs`.
 */
#ifndef OFFICE_COMMAND_GATES_H
#define OFFICE_COMMAND_GATES_H

#include "server/office/writer.h"
#include "wire/enrol.h"
#include "wire/signer.h"

/* person NULL: sekishod init. */
struct act_add_gate { const char *person; struct str name, zone, lan; struct buf *code; struct receipt receipt; char id[UUID_TEXT]; };

/* First entry: names the certificate request's digest. */
struct act_request_cert { const uint8_t *secret; uint8_t point[POINT_BYTES]; utime_t ca_until; struct signer_cert cert; struct receipt receipt; };
/* Second entry: the gate is enrolled with the certificate of this hash; the code is used up. */
struct act_enrol { const uint8_t *secret; struct hash cert; const uint8_t *serial; struct receipt receipt; struct row gate; };

struct act_applied { const char *gate; struct str boot, stream; uint64_t seq; uint32_t epoch; uint64_t table; struct hash hash; utime_t at; int64_t count; uint64_t ack; };

act_fn act_add_gate, act_request_cert, act_enrol, act_applied;

#endif
