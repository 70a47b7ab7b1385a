/* appoint.h - who holds a role, from which day until when: asked for by one, confirmed by another, ended with a reason.
 *
 * Does      ask for an appointment, confirm or refuse it, let its day come, end it early or on its day, as changes to rows.
 * Clause    6.1(1)–(8) 体制 (who holds a post is named); practice.md, People; docs/decisions/0008-appointments.md.
 * Layer     core; pure.
 * Fails     ERR_FORBIDDEN, ERR_CONFLICT, ERR_INPUT, ERR_RULE with keys `appoint.*`, `common.*`.
 *
 * An APPOINTMENT row is one order of appointment and stays for ever; the HOLDER row of (person, role) is what it comes to now, and what every
 * other part asks. Where the pack's role decides, judges, confirms or keeps the house, a second person confirms: neither who asked nor who is
 * appointed. Nobody appoints themself. A right never begins before the act that gives it: the day of an older order stands in its words.
 */
#ifndef CORE_REGISTER_APPOINT_H
#define CORE_REGISTER_APPOINT_H

#include "core/register/permit.h"

/* Can it be appointed? Roles within one application (drafter) and those of a service (its manager) come with these. */
bool appoint_is_post(const struct pack *pack, const char *role);
bool appoint_needs_two(const struct pack *pack, const char *role);
bool appoint_may_ask(const struct actor *who);          /* and refuse, and end */
bool appoint_may_confirm(const struct actor *who);

/* One person's rows: HOLDER of each role, and APPOINTMENT of each. */
struct appoint_rows { const struct row *holders; size_t holders_n; const struct row *appointments; size_t appointments_n; };

struct appoint_scene {
        const struct pack  *pack;
        const struct actor *who;
        const struct row   *person;         /* who is, or is to be, appointed */
        struct appoint_rows of, of_replaced;    /* replaced: who makes way; none: empty */
        uint64_t            keepers;        /* how many people keep the house without this holder (ENDING) */
        struct uuid         spare[2];       /* ids for rows that tell what was held before there were appointments */
        utime_t             now;
};

/* appointment: new, with person, role, from_at, until_at (or null), why and replaces (or null). Afterwards it stands in out, and its state says
 * whether a second person is awaited (asked), its day is (coming), or it holds (active). */
int appoint_ask(struct changes *out, const struct appoint_scene *s, const struct row *appointment, struct err *e);
int appoint_confirm(struct changes *out, const struct appoint_scene *s, const struct row *appointment, int64_t seen_rev, struct err *e);
/* Also by who asked, who then takes it back; one that awaits its day as well. */
int appoint_refuse(struct changes *out, const struct appoint_scene *s, const struct row *appointment, struct str reason, int64_t seen_rev, struct err *e);
/* until: exclusive; 0: at once. */
int appoint_end(struct changes *out, const struct appoint_scene *s, const char *role, utime_t until, struct str reason, int64_t seen_rev, struct err *e);

/* Its day has come; of somebody who left it lapses. The caller asked whether it is `coming` and due. */
int appoint_begin(struct changes *out, const struct appoint_scene *s, const struct row *appointment, struct err *e);
/* The last day of what is held is over. */
int appoint_over(struct changes *out, const struct appoint_scene *s, const struct row *holder, struct err *e);

#endif
