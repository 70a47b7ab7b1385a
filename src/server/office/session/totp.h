/* totp.h - six digits that change every half minute.
 *
 * Does      check a code within one step before and after now, and never twice; the address that an authenticator app takes, and its
 *           picture.
 * Source    RFC 6238 (HMAC-SHA-1, 30 s, 6 digits, T0 = 0), RFC 4226 §4 R6 (160 bits); Key URI Format of the apps.
 * Layer     server/office/session; the only place that includes liboath and libqrencode.
 * Threads   any.
 */
#ifndef OFFICE_SESSION_TOTP_H
#define OFFICE_SESSION_TOTP_H

#include "base/err.h"
#include "base/str.h"
#include "base/utime.h"

enum { TOTP_SECRET = 20, TOTP_DIGITS = 6 };

/* The step whose code it is, or -1: none within the window, or one that is not newer than `after`. */
int64_t totp_step(struct str secret, struct str code, utime_t now, int64_t after);
void    totp_secret_text(struct buf *out, struct str secret);                                       /* Base32 in groups of four */
void    totp_uri(struct buf *out, struct str secret, const char *install, struct str login);
int     totp_picture(struct buf *svg, const char *uri, struct err *e);                              /* SVG, one path */

#endif
