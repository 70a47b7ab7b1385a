/* gate_key.h - the little that the office does with certificates itself.
 *
 * Does      check that a gate holds the key it shows; DER to PEM; when the issuing CA ends.
 * Layer     server/office; libcrypto. Signing is the signer's.
 * Fails     ERR_FORBIDDEN `gate.enrol.proof`, ERR_INPUT, ERR_NOMEM.
 */
#ifndef OFFICE_GATE_KEY_H
#define OFFICE_GATE_KEY_H

#include "base/utime.h"
#include "wire/enrol.h"

/* `proof`: DER ECDSA-SHA256 over ENROL_PROOF_CONTEXT ‖ secret ‖ point by the P-256 key of `point`. */
int gate_key_check(const uint8_t secret[ENROL_SECRET], const uint8_t point[ENROL_POINT], struct str proof, struct err *e);
int gate_cert_pem(struct buf *out, struct str der, struct err *e);
int gate_ca_until(utime_t *out, struct str ca_pem, struct err *e);
/* SHA-256 of the DER SubjectPublicKeyInfo of the first certificate in a PEM text. */
int gate_spki_hash(struct hash *out, struct str pem, struct err *e);

#endif
