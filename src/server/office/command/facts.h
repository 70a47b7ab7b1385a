/* facts.h - from the store to what core's decisions need.
 *
 * Does      load one case whole: application, steps, answers, permit, ratings, criteria, exceptions, duties, the service and the
 *           application it is about, the people it names, and who filed it; each as it is now.
 * Layer     server/office/command.
 * Owns      facts live in the arena. The pack is the office's.
 * Fails     ERR_ABSENT `application.absent` / `permit.absent`; else the store's errors.
 */
#ifndef OFFICE_COMMAND_FACTS_H
#define OFFICE_COMMAND_FACTS_H

#include "core/procedure/procedure.h"
#include "server/office/office.h"
#include "server/office/store/query.h"

/* *pack: the one that the case lives under. When that is gone the one in force serves for reading: who decides asks facts_pack(). */
int facts_load(struct case_facts *out, const struct pack **pack, struct office *o, struct db *db, struct str application, utime_t now,
               struct arena *a, struct err *e);
/* The case that a permit belongs to. */
int facts_of_permit(struct case_facts *out, const struct pack **pack, struct office *o, struct db *db, struct str permit, utime_t now,
                    struct arena *a, struct err *e);
/* A duty and what says whose it is by now. ERR_ABSENT `duty.absent`. */
int facts_of_duty(struct duty_facts *out, struct db *db, struct str duty, struct arena *a, struct err *e);

/* What answers speak of: the service, the other application, the people. Ids that nobody has are not there. */
struct subject { struct row service, target; struct row_list service_ratings, subcontractors, people; };
int facts_subject(struct subject *out, struct db *db, const struct pack_procedure *p, const struct pack_form *form, const struct answer *answers, size_t n,
                  struct arena *a, struct err *e);

bool actor_sees_all(const struct actor *who);      /* who looks after everything: secretariat, system managers, auditors */
bool facts_seen_by(const struct pack *pack, const struct case_facts *f, const struct actor *who, utime_t now);

const struct pack           *facts_pack(const struct office *o, const struct row *application);            /* NULL: it is gone */
const struct pack_procedure *facts_procedure(const struct pack *pack, const struct row *application);      /* NULL when absent */
const struct pack_form      *facts_form(const struct pack *pack, const struct row *application);

#endif
