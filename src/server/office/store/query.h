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
/* With the roles held and the principals stood in for at `now`. ERR_ABSENT: no active person. */
int query_actor(struct actor *out, struct db *db, const char *person, utime_t now, struct arena *a, struct err *e);

struct person_line { struct str id, name, section; };
int query_holders(struct person_line **out, size_t *n, struct db *db, const char *role, struct str section, struct arena *a, struct err *e);   /* section empty: anywhere */
int query_keepers_but(uint64_t *n, struct db *db, const char *person, const char *role, struct err *e);      /* how many keep the house without this holder */
int query_people(struct person_line **out, size_t *n, struct db *db, struct str role, struct arena *a, struct err *e);                        /* role empty: all who are active */

/* SEEN: applied for, drafted or decided at by `person`. WAITING names candidates only: see sql.h. */
enum app_list { APPS_ALL, APPS_SECTION, APPS_MINE, APPS_DRAFTED, APPS_SEEN, APPS_WAITING_SECTION, APPS_WAITING };
/* The three lists of roles are JSON arrays; empty text: none. states: " submitted returned ", empty: any. papers: of those waiting only what
 * a meeting or a paper decides. */
struct app_filter { enum app_list list; bool papers; struct str person, section, anywhere, in_section, of_service, states; utime_t before_at; struct str before_id; size_t limit; };
struct app_line {
        struct str id, number, form, state, applicant_name, permit_state, device, applicant, section;
        int64_t rev;
        utime_t submitted_at, until_at, enforced_at;                                         /* 0: none */
};
int query_applications(struct app_line **out, size_t *n, struct db *db, const struct app_filter *f, struct arena *a, struct err *e);
int query_applications_count(uint64_t *total, struct db *db, const struct app_filter *f, struct err *e);

/* Whole rows of one table that hang on one id; *_NAMED: on a name. */
enum rows_by { USES_OF_SERVICE, SUBS_OF_SERVICE, APPS_OF_SERVICE, DUTIES_OF_APP, DUTIES_OF_SERVICE, DEPUTIES_OF, DEPUTIES_ALL, PROVIDERS_NAMED, SERVICES_NAMED, PERMITS_KEYED,
               ATTACHMENTS_OF, POSTINGS_OF, SHEETS_OF_PROVIDER, SHEETS_ALL, PEERS_TRUSTED, PEERS_ALL, RESETS_ALL, RESETS_OF, APPOINTMENTS_OF, APPOINTMENTS_OPEN, HOLDERS_ENDING,
               ERASURES_ALL, ERASURES_OF, ERASURES_OPEN,
               ROTATIONS_ALL, ROTATIONS_CONFIRMED, ROTATIONS_DONE, WITNESSES_ACTIVE, WITNESSES_ALL };      /* RESETS_OF: a person, those that wait; APPOINTMENTS_OF: a person; _OPEN, _ENDING: no id */
int query_rows(struct row **out, size_t *n, struct db *db, enum rows_by by, struct str id, struct arena *a, struct err *e);    /* *_ALL: no id */

int query_rotation_entry(uint64_t *index, struct db *db, const char *id, struct err *e);      /* that changed it last */

/* With that form, filed or drafted by `person` or filed in the section; the newest forty. */
int query_apps_of_form(struct row **out, size_t *n, struct db *db, struct str person, struct str section, struct str form, struct arena *a, struct err *e);
int query_kept_files(struct str **hashes, size_t *n, struct db *db, struct arena *a, struct err *e);      /* of attachments that are kept and not erased, each once */
int query_manages(bool *out, struct db *db, const char *person, struct err *e);      /* manager or deputy of a service that is not closed */
/* What else a list of services shows: when its first certificate ends (0: it has none), and how many findings about it are open. */
struct service_mark { utime_t certificate_until; uint64_t findings; };
int query_service_mark(struct service_mark *out, struct db *db, const struct row *service, struct err *e);

/* roles: JSON array; person empty: everybody's in that state; now: what is overdue then is also its overdue_role's; until: of a person's,
 * those due by then, 0 all. */
struct duty_filter { struct str person, roles, section, state; utime_t now, after_at, until; struct str after_id; size_t limit; };
int query_duties(struct row **out, size_t *n, struct db *db, const struct duty_filter *f, struct arena *a, struct err *e);

int query_epochs(struct row **out, size_t *n, struct db *db, struct arena *a, struct err *e);      /* all but the first, ascending */
int query_exceptions_of_year(struct row **out, size_t *n, struct db *db, utime_t from, utime_t until, struct arena *a, struct err *e);   /* that held in between */
int query_exceptions_due(struct row **out, size_t *n, struct db *db, utime_t now, struct arena *a, struct err *e);
int query_gone_files(struct str **hashes, size_t *n, struct db *db, struct arena *a, struct err *e);      /* of the others: a file may still lie there */
int query_packs(struct str **hashes, size_t *n, struct db *db, struct arena *a, struct err *e);      /* that applications were filed under */
/* The packs that applications still under way live under; numbers with blanks between. */
struct open_pack { struct str hash, numbers; uint64_t count; };
int query_open_packs(struct open_pack **out, size_t *n, struct db *db, struct arena *a, struct err *e);
/* Submitted applications, oldest first, after one that was seen. */
struct open_case { utime_t at; char id[UUID_TEXT]; };
int query_open_cases(struct open_case **out, size_t *n, struct db *db, const struct open_case *after, size_t limit, struct arena *a, struct err *e);

int query_postings_due(struct str **people, size_t *n, struct db *db, utime_t now, struct arena *a, struct err *e);   /* of whom something begins or ends */
/* Of those in force at `from`: how many, and how many end until `to`. */
int query_permits_ending(uint64_t *all, uint64_t *ending, struct db *db, utime_t from, utime_t to, struct err *e);
int query_permits_due(struct str **ids, size_t *n, struct db *db, utime_t now, struct arena *a, struct err *e);
int query_permits_tabled(struct str **ids, size_t *n, struct db *db, uint64_t seq, uint16_t zone, const char *gate, struct arena *a, struct err *e);

struct permit_line { struct str id, subject, key; int kind; uint16_t zone; utime_t from, until; bool tabled; };
int query_permits_open(struct permit_line **out, size_t *n, struct db *db, utime_t now, struct arena *a, struct err *e);

int query_gate_by_cert(struct str *id, struct db *db, struct str cert_hex, struct arena *a, struct err *e);   /* ERR_ABSENT */
int query_gates(struct row **out, size_t *n, struct db *db, struct arena *a, struct err *e);

#endif
