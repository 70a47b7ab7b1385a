/* people_play.h - one case, played by the people of a list.
 *
 * Does      file it, then look for somebody at each step whom flow_standing() lets act there, and set that down as the office would.
 * Layer     core; inside procedure/, for people.c.
 * Owns      a trial lives in its arena; it is played as often as one likes.
 *
 * Every step is taken as needed, whatever its `when` says: more steps never free a hand. Where it matters to another step who decided,
 * each candidate is tried in turn; elsewhere the first one will do. A service's manager is somebody whom the pack does not name:
 * whoever is tried at such a step is taken to be that manager, unless only the manager may file it; then the applicant is, and whoever
 * is tried is the deputy named with them.
 */
#ifndef CORE_PROCEDURE_PEOPLE_PLAY_H
#define CORE_PROCEDURE_PEOPLE_PLAY_H

#include "core/procedure/people.h"

struct trial {
        const struct pack           *pack;
        const struct pack_procedure *procedure;
        const struct people         *people;
        const size_t                *kinds;          /* of each person: the first who has the same section and roles */
        const struct person         *absent;         /* NULL: everybody is there */
        bool                        *tried[2 * PROCEDURE_STEPS_MAX];    /* of a place in the order: kinds whose first had no part and failed */
        struct actor                *actors;         /* one a person; of the absent one's deputies, with what they stand in for */
        struct principal             principals[PERMIT_ROLES_MAX];
        struct case_facts            facts;
        struct flow                  flow;
        size_t                       order[PROCEDURE_STEPS_MAX];
        bool                         shared[PROCEDURE_STEPS_MAX];   /* some other step may not have its decider */
        bool                         skip[PROCEDURE_STEPS_MAX];     /* told already: what else stops? */
        struct standing              standing;                      /* of whoever was asked for last */
        size_t                       entered[PROCEDURE_STEPS_MAX], decided[PROCEDURE_STEPS_MAX];    /* persons; n: nobody */
        size_t                       nodes;
        /* where it went farthest and then stopped */
        size_t                       far;
        struct people_finding        stop;
};

/* NULL: no memory. */
struct trial *trial_new(const struct pack *pack, const struct pack_procedure *p, const struct people *people, const size_t *kinds, struct arena *a);
void          trial_absent(struct trial *t, const struct person *absent);

/* ERR_OK with *done; when not, t->stop says where and why. Steps of t->skip are passed over. */
int trial_play(bool *done, struct trial *t, const struct person *applicant, const struct person *drafter, struct err *e);

bool person_holds(const struct person *p, const char *role);     /* NULL: anybody */

#endif
