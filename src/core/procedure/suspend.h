/* suspend.h - a service that may not be used for the time being.
 *
 * Does      suspend and resume a service, with a reason.
 * Clause    practice.md: an automatic stop of a city service by a lapsed review does not come from the source; suspension is a human
 *           decision. A pack may say otherwise for a duty of its own (`suspend: true`, duties.h).
 * Layer     core; pure.
 * Fails     ERR_FORBIDDEN, ERR_CONFLICT, ERR_INPUT with keys `suspend.*`, `common.*`.
 *
 * Who: whoever holds the role that decided on the service's registration last, or stands in for a holder of it now. Of a service that was
 * in use before the register (経過措置) it is the role that would decide: the last approving step of the pack's procedure that registers
 * services. The secretariat prepares, and decides neither. Who manages the service may suspend it as holder of that role, but not
 * resume it: nobody lifts what others laid on their own.
 * A suspended service gains no uses and no subcontractors (effect_service.c); its duties go on.
 */
#ifndef CORE_PROCEDURE_SUSPEND_H
#define CORE_PROCEDURE_SUSPEND_H

#include "core/procedure/facts.h"

/* The case that registered it and its steps; rev 0 and none when there is no such case. */
struct service_facts { struct row service, application; struct row_list steps; };

const char *service_authority(const struct pack *pack, const struct service_facts *f, struct arena *a);        /* role; NULL: nobody's */
int  service_suspend(struct changes *out, const struct pack *pack, const struct service_facts *f, bool resume, struct str reason, int64_t seen_rev,
                     const struct actor *who, utime_t now, struct err *e);
/* Would it not be refused for who they are and the state it is in? */
bool service_may_suspend(const struct pack *pack, const struct service_facts *f, bool resume, const struct actor *who, struct arena *a);

#endif
