/* local.h - rows that are not evidence: credentials, sessions, enrolment codes, signed tables; the outbox: outbox.h.
 *
 * Does      get and put them; each row stands under a keyed MAC, so a row changed behind our back is refused by name.
 * Clause    DESIGN §5 (local tables: backed up, never rebuilt).
 * Layer     server/office/store.
 * Owns      texts live in the arena.
 * Fails     as db.h; ERR_ABSENT when there is no such row; ERR_TAMPERED when its MAC does not hold.
 */
#ifndef OFFICE_STORE_LOCAL_H
#define OFFICE_STORE_LOCAL_H

#include "base/uuid.h"
#include "server/office/office_time.h"
#include "server/office/store/db.h"

/* until_at: from then on the password is none, 0: it holds; must_change: it opens nothing but the page where another is set. totp: sealed
 * secret (secret.h), empty: none; totp_at: since when it is asked for, 0: it was shown and not proven yet; totp_step: the newest step
 * whose code was taken. codes: SHA-256 of the recovery codes left, hexadecimal, blanks between. */
struct credential {
        struct str login, person, phc;
        int64_t    fails;
        utime_t    next_at, until_at;
        int64_t    must_change;
        struct str totp;
        utime_t    totp_at;
        int64_t    totp_step;
        struct str codes;
};
int credential_find(struct credential *out, struct db *db, struct str login, struct arena *a, struct err *e);
int credential_of(struct credential *out, struct db *db, struct str person, struct arena *a, struct err *e);
int credential_put(struct db *db, const struct credential *c, struct err *e);
int credential_drop(struct db *db, struct str person, struct err *e);

/* token: SHA-256 of the cookie's value. stage: what is still missing, enum session_stage (session/session.h). */
struct session_row { struct hash token; struct str person; utime_t made_at, seen_at; int64_t stage; };
int session_find(struct session_row *out, struct db *db, const struct hash *token, struct arena *a, struct err *e);
int session_put(struct db *db, const struct session_row *s, struct err *e);
int session_end(struct db *db, const struct hash *token, struct err *e);
int session_end_all(struct db *db, struct str person, const struct hash *but, struct err *e);     /* of a person; but NULL: every one */
int session_sweep(struct db *db, utime_t made_before, utime_t seen_before, struct err *e);

struct enrol_code { struct hash secret; struct str gate; utime_t until_at, used_at; };     /* secret: its SHA-256; used_at 0 = unused */
int enrol_code_find(struct enrol_code *out, struct db *db, const struct hash *secret, struct arena *a, struct err *e);
int enrol_code_put(struct db *db, const struct enrol_code *c, struct err *e);

struct stored_table { uint32_t epoch; uint64_t seq; struct str file; };
int table_put(struct db *db, const struct stored_table *t, struct err *e);
int table_list(struct stored_table *out, size_t max, size_t *n, struct db *db, struct arena *a, struct err *e);  /* newest first */
int table_sweep(struct db *db, uint32_t epoch, uint64_t up_to_seq, struct err *e);

int report_seq_find(uint64_t *seq, struct db *db, const char *gate, struct str boot, struct str stream, struct err *e);   /* 0 when none */
int report_seq_put(struct db *db, const char *gate, struct str boot, struct str stream, uint64_t seq, struct err *e);

/* ---- the office's clock ---- */

int clock_find(struct time_kept *out, struct db *db, struct err *e);            /* ERR_ABSENT: it never ran */
int clock_put(struct db *db, const struct time_kept *k, struct err *e);
int session_clear(struct db *db, struct err *e);                                /* everybody signs in anew */

#endif
