/* credential.h - what stands between a password and a session, and how a person or two others change it.
 *
 * Does      pass the stages of a half session (session.h); change one's own password; give a one-time code.
 * Clause    6.2(2), S6.1: 主体認証; practice.md: TOTP where the pack asks, reset by two people.
 * Layer     server/office/session.
 * Fails     ERR_UNKNOWN `sign-in.*` (wrong, counted as passwords are), ERR_BUSY `sign-in.slow`, ERR_RULE `password.*`.
 *
 * Entries `credential.*` say that it was done and by whom; no password, code or secret, and no hash of one, stands in the journal.
 */
#ifndef OFFICE_SESSION_CREDENTIAL_H
#define OFFICE_SESSION_CREDENTIAL_H

#include "server/office/session/session.h"

enum { RECOVERY_CODES = 10, RECOVERY_TEXT = 24, RESET_CODE_HOURS = 24 };

/* STAGE_CODE: six digits, or one of the recovery codes, which is gone then. */
int credential_prove(struct session_made *out, struct office *o, const struct session *half, struct str code, struct err *e);
/* STAGE_PASSWORD. All other sessions of the person end. */
int credential_choose(struct session_made *out, struct office *o, struct db *db, const struct session *half, struct str password, struct err *e);

/* STAGE_TOTP: what the page shows, and the first code that proves that it was taken; then ten recovery codes, shown this once. */
struct totp_offer { struct str secret, login; };
int credential_offer(struct totp_offer *out, struct db *db, const struct session *half, struct arena *a, struct err *e);
int credential_enrol(struct session_made *out, char codes[RECOVERY_CODES][RECOVERY_TEXT], struct office *o, const struct session *half, struct str code, struct err *e);

/* One's own, by the old one; this session stays, all others of the person end. */
int credential_change(struct receipt *out, struct office *o, struct db *db, const struct session *s, struct str old, struct str password, utime_t now, struct err *e);

/* Inside an act: `phc` of a code is the password for RESET_CODE_HOURS, until another is set; the authenticator is forgotten; every session of the
 * person ends. A person who never had a password gets one so. */
int credential_give_code(struct act *act, const struct row *person, struct str phc, utime_t *until, struct err *e);

#endif
