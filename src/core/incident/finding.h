/* finding.h - what somebody or something saw: put once, seen again, closed with a reason or part of an incident.
 *
 * Does      put a finding; when the same is open already, say that it was seen again instead; close one.
 * Layer     core; pure. finding_put() is for people's reports and for everything that machines see.
 * Fails     ERR_INPUT, ERR_FORBIDDEN, ERR_CONFLICT with keys `finding.*`, `common.*`.
 */
#ifndef CORE_INCIDENT_FINDING_H
#define CORE_INCIDENT_FINDING_H

#include "core/incident/incident.h"

/* kind, source, severity: words of FINDING. person empty: a machine saw it. at 0: now. */
struct finding_in { struct str kind, source, severity, subject, service, section, host, address, text, person; utime_t at; };

/* The same thing: kind, source, subject and host agree. What people report is never the same: two reports are two. */
bool finding_same(const struct row *open, const struct finding_in *in);

/* `open`: rows that may be the same. Adds one row to `out`: a new one (rev 1), or the one that was there, seen once more. */
int finding_put(struct changes *out, struct row_list open, const struct finding_in *in, struct uuid id, utime_t now, struct err *e);
int finding_close(struct changes *out, const struct row *finding, struct str reason, int64_t seen_rev, const struct actor *who, utime_t now, struct err *e);

#endif
