/* incident.h - the life of an incident: opened at once, graded, logged, contained, concluded by one, confirmed by another.
 *
 * Does      turn a person's act plus the stored rows into changes, or refuse with a reason; say who sees it and who may act.
 * Clause    3 注10 (N10.8: CSIRT), F-INC; docs/decisions/0007-incidents.md says why these are acts of their own beside the procedures.
 * Layer     core; pure.
 * Owns      changes live in their arena.
 * Units     found_at, known_at: UTC microseconds; a person's number of 0 with `counted` false is "not known yet".
 * Fails     ERR_FORBIDDEN, ERR_CONFLICT, ERR_INPUT, ERR_RULE with keys `incident.*`, `common.*`.
 */
#ifndef CORE_INCIDENT_INCIDENT_H
#define CORE_INCIDENT_INCIDENT_H

#include "core/procedure/facts.h"

enum { INCIDENT_IDS = 64 };
struct fresh_ids { struct uuid ids[INCIDENT_IDS]; size_t used; };
int fresh_incident_row(struct row *out, struct fresh_ids *ids, enum table t, struct err *e);
struct str incident_id_kept(struct changes *out, const char *id);              /* in the arena */

/* The numbers of severity and leak: higher is worse. -1: no such word. */
int severity_of(struct str word);
int leak_of(struct str word);

/* An alarm sounds, clocks run from these. grounds: words of INCIDENT.grounds; empty: not judged. known_at: 0 means now. */
struct grade { struct str severity, leak, grounds; int64_t people; bool counted; utime_t known_at; };

struct incident_in {
        struct uuid     id;
        struct row      counter;                     /* of body-code-year; rev 0 when it is the first */
        const char     *body;
        struct str      kind, title, text, section, service, reporter, lead;
        utime_t         found_at;
        bool            drill;
        struct grade    grade;
        struct row_list findings;                    /* that become part of it */
};

/* What is stored about one; `duties`: its clocks, `sheet`: ANSWER rows of the pack's form, `drills`: open duties of kind drill, which a
 * drill that is confirmed ends. */
struct incident_facts { struct row incident; struct row_list log, alerts, findings, duties, sheet, drills; };

bool incident_sees(const struct row *incident, const struct actor *who);
bool incident_works(const struct row *incident, const struct actor *who);       /* may log, grade, contain; incident NULL: may open one */

int incident_open(struct changes *out, const struct pack *pack, const struct incident_in *in, struct fresh_ids *ids, const struct actor *who,
                  utime_t now, struct err *e);
int incident_log(struct changes *out, const struct row *incident, struct str kind, struct str text, utime_t at, struct fresh_ids *ids,
                 const struct actor *who, utime_t now, struct err *e);
/* Clocks follow (clock.h). */
int incident_grade(struct changes *out, const struct pack *pack, const struct incident_facts *f, const struct grade *g, struct str reason, int64_t seen_rev,
                   struct fresh_ids *ids, const struct actor *who, utime_t now, struct err *e);
/* The clocks that run go with it. */
int incident_lead(struct changes *out, const struct incident_facts *f, const struct row *person, struct str reason, int64_t seen_rev, struct fresh_ids *ids,
                  const struct actor *who, utime_t now, struct err *e);
int incident_contain(struct changes *out, const struct row *incident, struct str text, int64_t seen_rev, struct fresh_ids *ids, const struct actor *who,
                     utime_t now, struct err *e);
/* The pack's form, answered as far as it is known; `answers` hold the fields that were given. */
int incident_fill(struct changes *out, const struct incident_facts *f, const struct answer *answers, size_t n, int64_t seen_rev, const struct actor *who,
                  struct err *e);
int incident_conclude(struct changes *out, const struct pack *pack, const struct incident_facts *f, struct str conclusion, int64_t seen_rev,
                      struct fresh_ids *ids, const struct actor *who, utime_t now, struct err *e);
/* By the CISO or the general officer, never by who leads it or wrote the conclusion. approve false: back, with a reason. */
int incident_confirm(struct changes *out, const struct incident_facts *f, bool approve, struct str reason, int64_t seen_rev, struct fresh_ids *ids,
                     const struct actor *who, utime_t now, struct err *e);

const struct pack_form *incident_form(const struct pack *pack);                  /* NULL: the pack has none */

enum { INCIDENT_MAY_LOG = 1, INCIDENT_MAY_GRADE = 2, INCIDENT_MAY_CONTAIN = 4, INCIDENT_MAY_CONCLUDE = 8, INCIDENT_MAY_CONFIRM = 16 };
unsigned incident_may(const struct row *incident, const struct actor *who);

#endif
