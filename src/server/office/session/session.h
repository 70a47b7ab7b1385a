/* session.h - who is signed in.
 *
 * Does      make, find, renew and end sessions; the CSRF word of a session; the slowing down after wrong passwords.
 * Source    OWASP ASVS V3, V7: 256-bit token, stored hashed, new at sign-in, idle and absolute limits.
 * Layer     server/office/session.
 * Owns      texts live in the arena.
 * Fails     ERR_UNKNOWN (no or ended session), ERR_FORBIDDEN (wrong CSRF word).
 */
#ifndef OFFICE_SESSION_SESSION_H
#define OFFICE_SESSION_SESSION_H

#include "server/office/store/query.h"
#include "server/office/writer.h"

enum { SESSION_TOKEN = 65, SESSION_CSRF = 65, LOGIN_MAX = 64 };

struct session { struct actor who; struct hash token; char csrf[SESSION_CSRF]; utime_t seen_at; };

/* `cookie` is the value of __Host-sekisho. */
int session_open(struct session *out, struct db *db, const struct pack *pack, struct str cookie, utime_t now, struct arena *a, struct err *e);
void session_csrf(char to[SESSION_CSRF], struct str cookie);

/* Checks the password (slow, outside the writer) and makes a session; `token` gets the cookie's value. */
int session_sign_in(char token[SESSION_TOKEN], struct office *o, struct db *db, struct str login, struct str password, utime_t now, struct err *e);
int session_sign_out(struct office *o, const struct hash *token, struct err *e);
/* Writes down that the session is alive, at most once a minute. */
int session_touch(struct office *o, const struct session *s, utime_t now, struct err *e);

#endif
