/* ladder.h - who is called at this hour, and who is called next when nobody answers.
 *
 * Does      put the contacts (体制表) that apply at a moment in order; say what follows when an answer is overdue.
 * Clause    3 注10 (N10.7, N10.8): a notice without an answer goes on to the next; practice.md (体制表: 平日・夜間・休日, 代替者).
 * Layer     core; pure: contacts, alerts, time and ids are arguments.
 * Owns      rungs borrow the rows they were built from.
 *
 * A working day between the pack's `day_from` and `day_until` is "weekday", the rest of it "night", and a day that is none "holiday".
 * One alert after the other: the first rank, its substitute, the second rank …; after the last, everybody again every
 * `repeat_minutes` until somebody answers. What was done stands in the ALERT rows and nowhere else: a restart goes on where it was.
 */
#ifndef CORE_INCIDENT_LADDER_H
#define CORE_INCIDENT_LADDER_H

#include "core/incident/incident.h"

enum watch { WATCH_WEEKDAY, WATCH_NIGHT, WATCH_HOLIDAY };
enum { LADDER_MAX = 40 };

/* stands_in: the substitute of the rung before. alarmed: told by the programs; police and the like are called by people. */
struct rung { const struct row *contact; bool stands_in, alarmed; };

enum watch ladder_watch(const struct pack *pack, utime_t now);
extern const char *const watch_names[];
/* At most LADDER_MAX. When the list has nobody for this hour, those of every hour: somebody is to be called. */
size_t     ladder_build(struct rung out[LADDER_MAX], const struct row_list *contacts, enum watch watch);

/* NULL: nobody is called for this severity. */
const struct pack_alarm *alarm_for(const struct pack *pack, const struct row *incident);

/* `alerts`: all of the incident, `contacts`: all that are active. New ALERT rows have rev 1 in `out`; nothing to do adds nothing. */
struct alarm_facts { struct row incident; struct row_list alerts, contacts; };
int  alarm_begin(struct changes *out, const struct pack *pack, const struct alarm_facts *f, struct fresh_ids *ids, utime_t now, struct err *e);
int  alarm_tick(struct changes *out, const struct pack *pack, const struct alarm_facts *f, struct fresh_ids *ids, utime_t now, struct err *e);
/* One answer stops the whole alarm: every alert of its run that still waits is answered with it. */
int  alarm_answer(struct changes *out, const struct alarm_facts *f, const struct row *alert, struct str how, const struct actor *who, utime_t now, struct err *e);

/* Somebody was reached, and how: by whoever handles incidents. */
int  contact_check(struct changes *out, const struct row *contact, struct str how, int64_t seen_rev, const struct actor *who, utime_t now, struct err *e);

/* Not reached within the period of the pack's duty contact-check (a year, when the pack has none), or never. */
bool contact_is_unchecked(const struct pack *pack, const struct row *contact, utime_t now);
/* Somebody was reached, and how: by whoever handles incidents. */
int  contact_check(struct changes *out, const struct row *contact, struct str how, int64_t seen_rev, const struct actor *who, utime_t now, struct err *e);

#endif
