/* incidents.h - what people do to findings, incidents, their clocks, and the list of whom to call.
 *
 * Does      one act a row of the route table; each stores its entry, calls people when it has become worse (alarm.h) and tells
 *           whoever has to know.
 * Clause    3 注10, F-INC; docs/decisions/0007-incidents.md.
 * Layer     server/office/command.
 * Fails     ERR_ABSENT `incident.absent`, `finding.absent`, `contact.absent`, `clock.absent`, also for who may not see it; core's refusals.
 */
#ifndef OFFICE_COMMAND_INCIDENTS_H
#define OFFICE_COMMAND_INCIDENTS_H

#include "core/incident/clock.h"
#include "core/incident/finding.h"
#include "server/office/command/notice.h"
#include "server/office/writer.h"

/* Anybody signed in; also what machines see, with person NULL. */
struct act_finding       { const char *person; struct finding_in in; struct receipt receipt; char id[UUID_TEXT]; };
struct act_close_finding { const char *person; struct str finding, reason; int64_t rev; struct receipt receipt; int64_t rev_after; };
act_fn act_finding, act_close_finding;

/* findings: ids that become part of it. */
struct act_open_incident { const char *person; struct incident_in in; const struct str *findings; size_t findings_count; struct receipt receipt; char id[UUID_TEXT], number[80]; };
act_fn act_open_incident;

struct on_incident { const char *person; struct str incident; int64_t rev; struct receipt receipt; int64_t rev_after; };
struct act_log      { struct on_incident on; struct str kind, text; utime_t at; };
struct act_grade    { struct on_incident on; struct grade grade; struct str reason; };
struct act_lead     { struct on_incident on; struct str lead, reason; };
struct act_contain  { struct on_incident on; struct str text; };
struct act_sheet    { struct on_incident on; const struct answer *answers; size_t n; };
struct act_conclude { struct on_incident on; struct str conclusion; };
struct act_confirm  { struct on_incident on; bool approve; struct str reason; };
act_fn act_log, act_grade, act_lead, act_contain, act_sheet, act_conclude, act_confirm;

struct act_report_clock { const char *person; struct str duty; struct clock_evidence evidence; int64_t rev; struct receipt receipt; int64_t rev_after; };
struct act_check_contact { const char *person; struct str contact, how; int64_t rev; struct receipt receipt; int64_t rev_after; };
act_fn act_report_clock, act_check_contact;

/* With a reader's connection too. ERR_ABSENT `incident.absent`. */
int incident_facts_load(struct incident_facts *out, struct db *db, struct str incident, struct arena *a, struct err *e);

/* ---- shared with alarm.c ---- */

int  incident_actor(struct actor *out, struct act *act, const char *person, struct err *e);
void fresh_ids_fill(struct fresh_ids *ids, utime_t now);
int  incident_tell_roles(struct notice_to *to, struct act *act, struct err *e);      /* CSIRT and the secretariat */
void incident_moment(char to[UTIME_TEXT], utime_t t);                               /* 2026-04-01 22:15, in Japan */

#endif
