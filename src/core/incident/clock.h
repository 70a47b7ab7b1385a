/* clock.h - reporting clocks of a leak: which run, until when, and what ends them.
 *
 * Does      derive from the grade which clocks of the pack run, as DUTY rows of kind `clock`; end one with evidence.
 * Clause    個人情報保護法 26条・68条 and its rules (速報, 確報, 本人への通知); the days are the pack's.
 * Layer     core; pure.
 *
 * A clock that runs ends with evidence (day, receiver, document number), or because the grade no longer asks for it: then closed_by is
 * null and the reason of the grading stands as evidence. Graded up again, it runs anew; one that was reported stays reported.
 */
#ifndef CORE_INCIDENT_CLOCK_H
#define CORE_INCIDENT_CLOCK_H

#include "core/incident/incident.h"

/* What a rule of duties.yaml with trigger incident-clock says of an incident as it is graded: does it run, and until when (exclusive)? */
bool    clock_runs(const struct pack_duty *rule, const struct row *incident);
utime_t clock_due(const struct pack_duty *rule, const struct row *incident);

/* `incident`: as graded now. `duties`: its clocks so far. */
int clock_derive(struct changes *out, const struct pack *pack, const struct row *incident, const struct row_list *duties, struct str reason,
                 struct fresh_ids *ids, utime_t now, struct err *e);

struct clock_evidence { struct str reported_on, receiver, document, note; };
int clock_close(struct changes *out, const struct row *incident, const struct row *duty, const struct clock_evidence *in, int64_t seen_rev, const struct actor *who,
                utime_t now, struct err *e);
bool clock_is_reported(const struct row *duty);      /* closed by a person, with evidence */

#endif
