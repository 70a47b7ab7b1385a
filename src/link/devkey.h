/* devkey.h - the key that a machine makes for itself at enrolment; it never leaves the machine.
 *
 * Does      make a P-256 key as PEM (PKCS #8); give its public point; sign with it (ECDSA, SHA-256, DER).
 * Layer     link; libcrypto.
 * Owns      the PEM is the caller's: wipe it.
 * Fails     ERR_INPUT the PEM is no such key; ERR_NOMEM.
 */
#ifndef LINK_DEVKEY_H
#define LINK_DEVKEY_H

#include "base/err.h"
#include "base/str.h"

enum { DEVKEY_POINT = 65 };

int devkey_make(struct buf *pem, struct err *e);
int devkey_point(uint8_t point[DEVKEY_POINT], struct str pem, struct err *e);          /* uncompressed */
int devkey_sign(struct buf *der, struct str pem, struct str message, struct err *e);
int devkey_fits(struct str pem, struct str certificate_pem, struct err *e);            /* ERR_TAMPERED: another key's certificate */

#endif
