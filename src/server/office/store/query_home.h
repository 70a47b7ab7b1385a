/* query_home.h - what the first page counts: what is wrong, what waits for one person, numbers for charts.
 *
 * Does      one function a question, each one statement of sql.h. Nothing of it is stored: what was mended is gone with the next look.
 * Layer     server/office/store.
 * Owns      results live in the arena.
 * Limits    stuck cases are looked for among the 300 oldest that are open.
 * Fails     as db.h.
 */
#ifndef OFFICE_STORE_QUERY_HOME_H
#define OFFICE_STORE_QUERY_HOME_H

#include "server/office/store/rows.h"

/* Whose it is: everything, or what hangs on services of a section (empty: none) or that the person looks after. */
struct home_scope { bool all; struct str section, person; };

enum home_wrong { WRONG_TRANSITIONAL, WRONG_UNREVIEWED, WRONG_CERTIFICATE, WRONG_DUTY, WRONG_FINDING, WRONG_ALARM };
/* id, name: of the oldest; TRANSITIONAL and DUTY, of which there may be very many, without a name. DUTY, FINDING and ALARM are nobody's but who sees all. */
struct home_count { uint64_t n; utime_t since; struct str id, name; };
int query_wrong(struct home_count *out, struct db *db, enum home_wrong what, const struct home_scope *scope, utime_t now, struct arena *a, struct err *e);

/* roles, body, section, service: JSON lists. */
int query_role_held(bool *out, struct db *db, const char *role, struct err *e);
int query_role_missed(struct str **sections, size_t *n, struct db *db, const char *role, struct str roles, struct arena *a, struct err *e);
int query_stuck(struct str **ids, size_t *n, struct db *db, struct str body, struct str section, struct str service, struct arena *a, struct err *e);

/* cases to be mended; permits that end within 30 days; cases not yet decided; services that they look after (form: manager | deputy);
 * cases drafted for others; anybody's that were returned and lie there since `now` (name: the applicant's);
 * anybody's services that are transitional until `now` (at: their date) */
enum home_mine { MY_RETURNED, MY_PERMITS, MY_CASES, MY_SERVICES, MY_DRAFTED, ALL_QUIET, ALL_TRANSITIONAL };
struct home_case { struct str id, number, form, name; utime_t at; };
int query_home_mine(struct home_case **out, size_t *n, struct db *db, enum home_mine what, struct str person, utime_t now, struct arena *a, struct err *e);

/* CASES: submitted since `from`; DUE: open after `from`, for 90 days. CLASS: the levels of one axis. *//* One line a role that somebody holds, `but` left out (JSON lists); who holds none and leaves until `leaves`: one line without. `person`: only theirs.
   alone: nobody else holds the role, in the section where it is one of `scoped`. */
struct post_line { struct str id, name, section, post, role; utime_t leaves, since, until; int64_t rev; bool alone; };
int query_posts(struct post_line **out, size_t *n, struct db *db, struct str person, struct str but, struct str scoped_roles, utime_t leaves, struct arena *a, struct err *e);

enum home_chart { CHART_CLASS, CHART_COUNTRY, CHART_CASES, CHART_DUE };
struct home_bar { struct str of, state; uint64_t n; };
int query_chart(struct home_bar **out, size_t *n, struct db *db, enum home_chart what, const struct home_scope *scope, struct str axis, utime_t from, struct arena *a, struct err *e);

#endif
