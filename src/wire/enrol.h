/* enrol.h - the one-time code that a person carries to a gate (docs/formats/machines.md, Enrolment code).
 *
 * Does      encode and decode it: where the office is, a secret, and the pin of the key that may answer there.
 * Layer     wire; pure.
 * Trusts    nothing: two check bytes catch a slip of the hand; anything left over is refused.
 * Fails     ERR_INPUT `gate.code.mistyped`, ERR_VERSION `gate.code.version`.
 */
#ifndef WIRE_ENROL_H
#define WIRE_ENROL_H

#include "base/err.h"
#include "core/journal/hash.h"

enum { ENROL_VERSION = 1, ENROL_SECRET = 16, ENROL_HOST_MAX = 128, ENROL_POINT = 65, ENROL_CODE_MAX = 512 };

#define ENROL_PROOF_CONTEXT "sekisho-enrol-v1"      /* what the gate signs: this ‖ secret ‖ point */

struct enrol_ticket { char host[ENROL_HOST_MAX + 1]; uint16_t port; uint8_t secret[ENROL_SECRET]; struct hash pin; };

void enrol_ticket_encode(struct buf *out, const struct enrol_ticket *t);    /* groups of five with hyphens */
int  enrol_ticket_decode(struct enrol_ticket *out, struct str code, struct err *e);   /* hyphens, blanks and case do not matter */

#endif
