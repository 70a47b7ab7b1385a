/* appoint.h - people are appointed to roles after the installation; two of them where the role decides.
 *
 * Does      ask, confirm, refuse, end: one entry each; let days come; tell whoever may confirm, and whom it is about.
 * Clause    6.1 体制, practice.md (People): docs/decisions/0008-appointments.md.
 * Layer     server/office/command.
 * Fails     core's refusals (core/register/appoint.h); ERR_ABSENT `appoint.absent`; the store's errors.
 */
#ifndef OFFICE_COMMAND_APPOINT_H
#define OFFICE_COMMAND_APPOINT_H

#include "core/register/appoint.h"
#include "server/office/writer.h"

/* replaces: a person's id, or NULL. until 0: open. state: as it stands then. */
struct act_appoint {
        const char    *person, *of, *role, *replaces;
        utime_t        from, until;
        struct str     why;
        char           id[UUID_TEXT], state[16];
        struct receipt receipt;
        int64_t        rev_after;
};
/* id: of the appointment. */
struct act_appointment { const char *person; struct str id, reason; int64_t rev; char state[16]; struct receipt receipt; int64_t rev_after; };
/* until 0: at once. */
struct act_end_role { const char *person, *of, *role; utime_t until; struct str reason; int64_t rev; struct receipt receipt; int64_t rev_after; };
act_fn act_ask_appointment, act_confirm_appointment, act_refuse_appointment, act_end_role;

/* Those whose first day, and whose last, has come. arg: NULL. */
int appointments_are_due(bool *due, struct db *db, utime_t now, struct arena *a, struct err *e);
act_fn act_appointments;

#endif
