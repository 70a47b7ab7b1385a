/* session.h - who is signed in.
 *
 * Does      make, find, renew and end sessions; the CSRF word of a session; the slowing down after wrong passwords; what a session
 *           still lacks before it opens anything.
 * Source    OWASP ASVS V3, V7: 256-bit token, stored hashed, new at sign-in, idle and absolute limits.
 * Layer     server/office/session.
 * Owns      texts live in the arena.
 * Fails     ERR_UNKNOWN (no or ended session), ERR_FORBIDDEN (wrong CSRF word).
 *
 * After the password a session may be half: it opens the one page that its stage names, for SESSION_HALF_MIN minutes, and each stage that
 * is passed gives a new token. Order: code, password, authenticator; `session.opened` stands in the journal when nothing is missing.
 */
#ifndef OFFICE_SESSION_SESSION_H
#define OFFICE_SESSION_SESSION_H

#include "server/office/store/local.h"
#include "server/office/store/query.h"
#include "server/office/writer.h"

enum { SESSION_TOKEN = 65, SESSION_CSRF = 65, LOGIN_MAX = 64, SESSION_HALF_MIN = 15 };

enum session_stage {
        STAGE_WHOLE,
        STAGE_CODE,                /* six digits of the authenticator, or a recovery code */
        STAGE_PASSWORD,            /* the password was given by another: a new one */
        STAGE_TOTP,                /* the pack wants an authenticator, and there is none yet */
};

struct session { struct actor who; struct hash token; char csrf[SESSION_CSRF]; utime_t seen_at; enum session_stage stage; };
struct session_made { char token[SESSION_TOKEN]; enum session_stage stage; };      /* token: the cookie's value */

/* `cookie` is the value of __Host-sekisho. */
int session_open(struct session *out, struct db *db, const struct pack *pack, struct str cookie, utime_t now, struct arena *a, struct err *e);
/* One that is half; a whole one is ERR_UNKNOWN here. */
int session_open_half(struct session *out, struct db *db, const struct pack *pack, struct str cookie, utime_t now, struct arena *a, struct err *e);
void session_csrf(char to[SESSION_CSRF], struct str cookie);

/* Checks the password (slow, outside the writer) and makes a session, whole or half. */
int session_sign_in(struct session_made *out, struct office *o, struct db *db, struct str login, struct str password, utime_t now, struct err *e);
/* Inside an act: `c` as it is by now is stored, and a session for its person is made in place of `old` (NULL: none). `proven`: a code was
 * given. ERR_ABSENT: the person left. */
int session_advance(struct session_made *out, struct act *act, struct credential *c, bool proven, const struct hash *old, struct err *e);
/* A wrong password or code, counted; or a right one. */
void session_count(struct credential *c, bool right, utime_t now);
int session_sign_out(struct office *o, const struct hash *token, struct err *e);
/* Writes down that the session is alive, at most once a minute. */
int session_touch(struct office *o, const struct session *s, utime_t now, struct err *e);

#endif
