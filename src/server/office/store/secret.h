/* secret.h - what a local row keeps so that nobody reads it in the file: sealed under a key of the key store, bound to its row.
 *
 * Does      seal and open a short text. AES-256-GCM; nonce ‖ sealed ‖ tag; what it is about is authenticated with it.
 * Layer     server/office/store.
 * Owns      texts live in the arena.
 * Fails     as db.h; ERR_TAMPERED when it does not open: changed, or of another row or store.
 */
#ifndef OFFICE_STORE_SECRET_H
#define OFFICE_STORE_SECRET_H

#include "server/office/store/db.h"

enum { SECRET_MAX = 256 };

/* `about`: the row, "totp sato". Sealing makes the key when there is none: for the writer only. */
int secret_seal(struct str *out, struct db *db, struct str about, struct str text, utime_t now, struct arena *a, struct err *e);
int secret_open(struct str *out, struct db *db, struct str about, struct str sealed, struct arena *a, struct err *e);

#endif
