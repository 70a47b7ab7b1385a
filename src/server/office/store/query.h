/* query.h - the lists that screens and the grant compiler read.
 *
 * Does      one function a question, each one statement of sql.h.
 * Layer     server/office/store.
 * Owns      results live in the arena.
 * Fails     as db.h.
 */
#ifndef OFFICE_STORE_QUERY_H
#define OFFICE_STORE_QUERY_H

#include "core/register/permit.h"
#include "server/office/store/rows.h"

int query_install(struct row *out, struct db *db, struct arena *a, struct err *e);                       /* ERR_ABSENT: not an install */
int query_actor(struct actor *out, struct db *db, const char *person, struct arena *a, struct err *e);   /* ERR_ABSENT: no active person */

struct person_line { struct str id, name; };
int query_holders(struct person_line **out, size_t *n, struct db *db, const char *role, struct str section, struct arena *a, struct err *e);

/* Empty texts do not filter. */
struct app_filter { struct str applicant, section, state, not_applicant; utime_t before_at; struct str before_id; size_t limit; };
struct app_line {
        struct str id, number, form, state, applicant_name, permit_state, device, applicant, section;
        int64_t rev;
        utime_t submitted_at, until_at, enforced_at;                                         /* 0: none */
};
int query_applications(struct app_line **out, size_t *n, uint64_t *total, struct db *db, const struct app_filter *f, struct arena *a, struct err *e);

int query_permits_due(struct str **ids, size_t *n, struct db *db, utime_t now, struct arena *a, struct err *e);
int query_permits_tabled(struct str **ids, size_t *n, struct db *db, uint64_t seq, uint16_t zone, const char *gate, struct arena *a, struct err *e);

struct permit_line { struct str id, subject, key; int kind; uint16_t zone; utime_t from, until; bool tabled; };
int query_permits_open(struct permit_line **out, size_t *n, struct db *db, utime_t now, struct arena *a, struct err *e);

int query_gate_by_cert(struct str *id, struct db *db, struct str cert_hex, struct arena *a, struct err *e);   /* ERR_ABSENT */
int query_gates(struct row **out, size_t *n, struct db *db, struct arena *a, struct err *e);

#endif
