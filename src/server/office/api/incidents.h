/* incidents.h - incidents, alerts and contacts as JSON.
 *
 * Layer     server/office/api.
 * Owns      JSON built belongs to whoever built it.
 */
#ifndef OFFICE_API_INCIDENTS_H
#define OFFICE_API_INCIDENTS_H

#include "server/office/api/words.h"
#include "server/office/command/incidents.h"

json_t *incident_line(struct request *rq, const struct row *incident);                       /* of a list */
json_t *incident_detail(struct request *rq, const struct incident_facts *f);
json_t *incident_report_facts(struct request *rq, const struct incident_facts *f);           /* the draft of the report: items, blanks marked */
json_t *finding_json(struct request *rq, const struct row *finding, bool whole);             /* whole: for those who handle it */
json_t *alert_json(struct request *rq, const struct row *alert);
json_t *contact_json(struct request *rq, const struct row *contact);

/* "2026-04-01T22:10" (Japan), or RFC 3339. Empty stays 0. */
int     incident_time(utime_t *out, struct str text, const char *field, struct err *e);

#endif
