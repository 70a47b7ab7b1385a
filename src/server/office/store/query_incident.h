/* query_incident.h - findings, incidents, alerts and contacts as lists.
 *
 * Does      one function a question, each one statement of sql.h.
 * Layer     server/office/store.
 * Owns      results live in the arena.
 * Fails     as db.h.
 */
#ifndef OFFICE_STORE_QUERY_INCIDENT_H
#define OFFICE_STORE_QUERY_INCIDENT_H

#include "server/office/store/rows.h"

/* Whole rows that hang on one id; FINDINGS_OPEN: on a kind; CONTACTS_ACTIVE: on nothing. */
enum incident_rows { LOG_OF_INCIDENT, ALERTS_OF_INCIDENT, FINDINGS_OF_INCIDENT, CLOCKS_OF_INCIDENT, CONTACTS_ACTIVE, FINDINGS_OPEN, FINDINGS_OF_PERSON, DUTIES_OPEN_OF_KIND,
                     ALERTS_WAITING /* for this person */ };
int query_incident_rows(struct row **out, size_t *n, struct db *db, enum incident_rows by, struct str id, struct arena *a, struct err *e);

/* Newest first, after one that was seen; `all`: closed ones too. */
int query_incidents(struct row **out, size_t *n, struct db *db, struct str after, bool all, size_t limit, struct arena *a, struct err *e);

/* Incidents with an alert that nobody answered in time. */
enum { ALARMS_AT_ONCE = 50 };
int query_alarms_due(char out[ALARMS_AT_ONCE][UUID_TEXT], size_t *n, struct db *db, utime_t now, struct arena *a, struct err *e);

#endif
