/* permit.h - what an approval opens: one subject, one scope, [from, until), and its life.
 *
 * Does      open, revoke, change the end, and let time act, as changes to rows; waiting → active → expired | revoked.
 * Clause    6.1(19) 注16: the period is part of the permission.
 * Layer     core; pure: ids and time are arguments.
 * Fails     ERR_CONFLICT (state or revision moved on), ERR_FORBIDDEN, ERR_RULE (period), each with a key `permit.*`.
 */
#ifndef CORE_REGISTER_PERMIT_H
#define CORE_REGISTER_PERMIT_H

#include "core/pack/pack.h"
#include "core/register/rows.h"

enum { PERMIT_ROLES_MAX = 16 };

/* Somebody who may be stood in for now: one row a role. */
struct principal { const char *person; struct str section; const char *role; };

/* Who acts: a person with the roles held now, and those they are deputy for now (代決). */
struct actor {
        const char *person;
        struct str  section;
        const char *roles[PERMIT_ROLES_MAX];
        size_t      roles_count;
        const struct principal *deputises;
        size_t      deputises_count;
};

bool actor_has(const struct actor *a, const char *role);

/* The end must lie after `now`, and within max_days of the start (0 = no limit). */
int permit_check_period(utime_t from, utime_t until, utime_t now, uint32_t max_days, const char *field, struct err *e);

/* `application` and `decider_role` tell whose permit it is: the role that approved it may change it, never for oneself. */
int permit_may_change(const struct row *permit, const struct row *application, const char *role, const struct actor *who, struct err *e);

int permit_revoke(struct changes *out, const struct row *permit, int64_t seen_rev, struct str reason, struct err *e);
int permit_change_until(struct changes *out, const struct row *permit, int64_t seen_rev, utime_t until, utime_t now, uint32_t max_days,
                        struct str reason, struct err *e);

/* Lets time act on one permit: true when `after` differs (waiting → active at from, → expired at until). */
bool permit_tick(struct row *after, const struct row *permit, utime_t now);
bool permit_is_open(const struct row *permit);

#endif
