/* flow.h - where a case stands: derived from its rows each time, never stored.
 *
 * Does      which steps are needed, done, active; who may act at one; what stands in the way of it.
 * Clause    8.2(4): permission by the authority named; practice.md: criteria, selection, trustworthiness, application, decision.
 * Layer     core; pure.
 *
 * needed   `when` is not false on the facts as they are now: a class that is raised makes a step needed again.
 * done     it is not needed, or its row says approved and no needed step that it comes after is open or was decided later: an
 *          approval does not outlive what it was built on.
 * active   the application is submitted, the step is needed, not done, and all steps it comes after are done; "after" is
 *          transitive, so that a step which is not needed lets nobody past the steps before it.
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
        uint32_t                     before[PROCEDURE_STEPS_MAX];      /* bit j: comes after step j, at however many removes */
        struct facts_env             ctx;
        struct expr_env              env;            /* borrows ctx: a flow is not copied */
};

/* ERR_CONFLICT `decide.procedure.gone`: the pack has no such procedure, or other steps. */
int flow_init(struct flow *w, const struct pack *pack, const struct case_facts *f, utime_t now, struct err *e);

/* ---- who ---- */

enum capacity { CAPACITY_NONE, CAPACITY_HOLDER, CAPACITY_SUBSTITUTE, CAPACITY_DEPUTY };
struct standing { enum capacity capacity; const char *role; struct str principal; };      /* principal: person id, deputies only */

/* In which capacity `who` may act at step `i`, state aside: never applicant or drafter, of this case or of the one it is about;
 * never who decided a step of not_same_as (whichever of the two names the other); never as deputy of any of these. CAPACITY_NONE with the reason in `e`. The rule of four hands is here and nowhere else;
 * `sekisho pack check --people` asks the same function. `confirming`: the second person of council and external-decision. */
struct standing flow_standing(const struct flow *w, size_t i, const struct actor *who, bool confirming, struct err *e);

/* Whether `who` holds a role where it is asked for, or is the deputy in a service's own row: for sheets, and for what people may see.
 * No hands are counted here. */
bool flow_holds(const struct flow *w, const char *role, enum scope scope, const struct actor *who);

/* The active step that this person may act at; `id` NULL: the only one. ERR_FORBIDDEN, ERR_CONFLICT `decide.over`, `decide.step.which`. */
int flow_step_for(size_t *i, struct standing *s, const struct flow *w, const char *id, const struct actor *who, struct err *e);

/* ---- what stands in the way ---- */

enum open_kind { OPEN_RULE, OPEN_CRITERION, OPEN_SHEET, OPEN_RATING, OPEN_STEP, OPEN_MANAGER };
struct open_item {
        enum open_kind          kind;
        const char             *id;                  /* of the rule, criterion, form, axis, step, field */
        const char             *why;                 /* catalogue key `open.*`: {0} is `text` in the reader's language */
        const struct pack_text *text;                /* of the pack: what it demands; NULL */
        bool                    exception;           /* might be passed by an exception */
};
enum { OPEN_MAX = 300 };
struct open_list { struct open_item items[OPEN_MAX]; size_t n; };

/* What must be settled before `step` may be approved; NULL: before submission (a rule that an exception may pass is listed there,
 * and does not stop the submission: the exception is asked for the application that was submitted). Empty: nothing. Where no other
 * needed step is open, everything is looked at anew: rules, criteria, sheets and ratings of the whole case. `decide` asks this. */
void flow_open(struct open_list *out, const struct flow *w, const struct pack_step *step);

/* All other steps that are needed are done: the approval of `i` ends the case. */
bool flow_is_last(const struct flow *w, size_t i);
bool flow_sheet_filled(const struct flow *w, const struct pack_form *sheet);
/* The row that says by whom: answer "sheet.<form>" of the application. */
enum { SHEET_MARK_MAX = PACK_ID_MAX + 8 };
void flow_sheet_mark(char to[SHEET_MARK_MAX], const struct pack_form *sheet);

/* Whether the criterion is asked, and why a judgement of it does not hold (`open.*`); NULL: it holds. `row` NULL: not judged. */
bool        criterion_is_asked(const struct flow *w, const struct pack_criterion *c);
const char *criterion_flaw(const struct flow *w, const struct pack_criterion *c, const struct row *row);
int         criterion_check(const struct flow *w, const struct pack_criterion *c, const struct row *row, struct err *e);   /* the same as a refusal */
/* The same, and whether it stands in the way: unmet must and necessary ones do, recommendations and information do not. */
const char *criterion_open(const struct flow *w, const struct pack_criterion *c, const struct row *row);

#endif
