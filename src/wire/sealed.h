/* sealed.h - bytes that only the recovery code opens: the offline root key, a backup of keys.
 *
 * Does      seal and open a whole file; say what a sealed file is about without opening it. Who has the code seals with it; who must
 *           seal without it, every night, seals to its public key.
 * Clause    DESIGN §7 (CA root offline; key backup apart from data backup).
 * Source    docs/formats/sealed.md.
 * Layer     wire; pure: salts and one-time keys come in, and must be fresh random bytes for each file.
 * Owns      sealed_about answers a view into the file.
 * Units     bytes; SEALED_MAX what is sealed.
 * Trusts    nothing: lengths and padding are checked, every byte is authenticated, nothing leaves before all of it held.
 * Fails     ERR_INPUT `sealed.format`, ERR_VERSION `sealed.version`, ERR_FORBIDDEN `sealed.code` another code, ERR_TAMPERED
 *           `sealed.changed`, ERR_TOO_BIG, ERR_NOMEM.
 */
#ifndef WIRE_SEALED_H
#define WIRE_SEALED_H

#include "core/text/recovery.h"

enum { SEALED_VERSION = 1, SEALED_SALT = 32, RECOVERY_PUBLIC = 32, SEALED_ABOUT_MAX = 200, SEALED_MAX = 48 * 1024 * 1024 };

/* `about`: one line of ASCII that says what it is, readable without the code: "keys 0190… 2026-04-01T00:00:00Z". */
int sealed_make(struct buf *out, const uint8_t recovery[RECOVERY_BYTES], struct str about, struct str plain, const uint8_t salt[SEALED_SALT], struct err *e);

/* X25519: the public key that follows from a code, and sealing to it. `once`: 32 fresh random bytes, wiped by the caller. */
int recovery_public(uint8_t out[RECOVERY_PUBLIC], const uint8_t recovery[RECOVERY_BYTES], struct err *e);
int sealed_make_to(struct buf *out, const uint8_t to[RECOVERY_PUBLIC], struct str about, struct str plain, const uint8_t once[32], struct err *e);

/* Either kind. */
int sealed_open(struct buf *plain, const uint8_t recovery[RECOVERY_BYTES], struct str file, struct err *e);
int sealed_about(struct str *about, struct str file, struct err *e);      /* not authenticated before sealed_open() */

#endif
