/* flow.h - where a case stands: derived from its rows each time, never stored.
 *
 * Does      which steps are needed, done, active; who may act at one; what stands in the way of it.
 * Clause    8.2(4): permission by the authority named; practice.md: criteria, selection, trustworthiness, application, decision.
 * Layer     core; pure.
 *
 * needed   `when` is not false on the facts as they are now: a class that is raised makes a step needed again.
 * done     its row says approved, or it is not needed.
 * active   the application is submitted, the step is needed, not done, and all steps it comes after are done.
 */
#ifndef CORE_PROCEDURE_FLOW_H
#define CORE_PROCEDURE_FLOW_H

#include "core/procedure/facts.h"

struct flow {
        const struct pack           *pack;
        const struct pack_procedure *procedure;
        const struct case_facts     *facts;
        utime_t                      now;
        bool                         needed[PROCEDURE_STEPS_MAX], done[PROCEDURE_STEPS_MAX], active[PROCEDURE_STEPS_MAX];
        struct facts_env             ctx;
        struct expr_env              env;            /* borrows ctx: a flow is not copied */
};

/* ERR_CONFLICT `decide.procedure.gone`: the pack has no such procedure, or other steps. */
int flow_init(struct flow *w, const struct pack *pack, const struct case_facts *f, utime_t now, struct err *e);

/* ---- who ---- */

enum capacity { CAPACITY_NONE, CAPACITY_HOLDER, CAPACITY_SUBSTITUTE, CAPACITY_DEPUTY };
struct standing { enum capacity capacity; const char *role; const char *principal; };     /* principal: deputies only */

/* In which capacity `who` may act at step `i`, state aside: never applicant or drafter, never who decided a step of not_same_as,
 * never as deputy of the applicant or drafter. CAPACITY_NONE with the reason in `e`. The rule of four hands is here and nowhere else;
 * `sekisho pack check --people` asks the same function. `confirming`: the second person of council and external-decision. */
struct standing flow_standing(const struct flow *w, size_t i, const struct actor *who, bool confirming, struct err *e);

/* The active step that this person may act at; `id` NULL: the only one. ERR_FORBIDDEN, ERR_CONFLICT `decide.over`, `decide.step.which`. */
int flow_step_for(size_t *i, struct standing *s, const struct flow *w, const char *id, const struct actor *who, struct err *e);

/* ---- what stands in the way ---- */

enum open_kind { OPEN_RULE, OPEN_CRITERION, OPEN_SHEET, OPEN_RATING, OPEN_STEP, OPEN_MANAGER };
struct open_item {
        enum open_kind          kind;
        const char             *id;                  /* of the rule, criterion, form, axis, step, field */
        const char             *why;                 /* catalogue key `open.*` */
        const struct pack_text *text;                /* of the pack: what it demands; NULL */
        bool                    exception;           /* might be passed by an exception */
};
enum { OPEN_MAX = 300 };
struct open_list { struct open_item items[OPEN_MAX]; size_t n; };

/* What must be settled before step `i` may be approved; step NULL: before submission. Empty: nothing. `decide` asks this. */
void flow_open(struct open_list *out, const struct flow *w, const struct pack_step *step);

#endif
