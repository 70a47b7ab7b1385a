/* password.h - Argon2id, at most two at a time.
 *
 * Does      hash and verify; an unknown login costs the same as a wrong password; what a person may choose.
 * Source    OWASP: 19 MiB, t=2; libsodium crypto_pwhash_str (PHC string).
 * Layer     server/office/session; the only place that includes libsodium.
 * Fails     ERR_BUSY when two are at work for 5 s or eight wait already (a flood must eat neither the memory nor the workers).
 */
#ifndef OFFICE_SESSION_PASSWORD_H
#define OFFICE_SESSION_PASSWORD_H

#include "base/err.h"
#include "base/str.h"

enum { PASSWORD_PHC_MAX = 128, PASSWORD_MAX = 256, PASSWORD_MIN_CHARS = 12 };

int password_hash(char phc[PASSWORD_PHC_MAX], struct str password, struct err *e);
/* *ok tells; phc NULL: the login is unknown, *ok is false, the time is the same. */
int password_verify(bool *ok, const char *phc, struct str password, struct err *e);
/* At least `min` characters (0: PASSWORD_MIN_CHARS), five of them different, and not around the login. ERR_RULE `password.*`. */
int password_check(struct str password, struct str login, uint32_t min, struct err *e);
void password_make(char to[24]);        /* four groups of five letters and digits without look-alikes */

#endif
