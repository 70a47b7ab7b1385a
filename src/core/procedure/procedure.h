/* procedure.h - applications under the pack's procedures: the one place that says yes or no.
 *
 * Does      turn a person's act plus the stored facts into changes, or refuse with a reason; never reads a clock, a file or a
 *           database.
 * Clause    8.2(2)⑦, 6.1(19) 注16: permission by the authority named; nobody decides on their own application.
 * Layer     core; pure.
 * Owns      changes live in their arena.
 * Fails     ERR_FORBIDDEN, ERR_CONFLICT, ERR_INPUT, ERR_RULE with keys `decide.*`, `apply.*`, `common.*`.
 */
#ifndef CORE_PROCEDURE_PROCEDURE_H
#define CORE_PROCEDURE_PROCEDURE_H

#include "core/procedure/flow.h"

enum { PROCEDURE_IDS = EFFECT_ROWS_MAX + 80 };       /* twenty effects of at most three rows each besides, and each step's condition */

enum decision { DECISION_APPROVE, DECISION_REJECT, DECISION_RETURN };
#define DECISIONS(X)                              \
        X(DECISION_APPROVE, "approve", "approved") \
        X(DECISION_REJECT,  "reject",  "rejected") \
        X(DECISION_RETURN,  "return",  "returned")

bool decision_find(struct str name, enum decision *out);
/* Decided with a reason and nothing else: fits on the page that a mail links to. Criteria and papers have inputs of their own. */
bool step_is_plain(enum step_kind kind);

struct submission {
        const struct pack_form *form;
        const struct answer    *answers;             /* form->fields_count, checked by form_check() */
        struct uuid             id;                  /* of the application */
        struct row              counter;             /* of body-code-year; rev 0 when it is the first */
        const char             *body;                /* code of the body: SHI */
        struct actor            applicant;           /* nominal applicant; person NULL: who files it */
        struct row              service, target;     /* what the answers name; rev 0: nothing */
        struct row_list         service_ratings, subcontractors;
};

/* The answer that says which service, which application a case is about: the one that an effect takes, else the first of its type. */
const struct pack_field *procedure_service_field(const struct pack_procedure *p, const struct pack_form *form);
const struct pack_field *procedure_target_field(const struct pack_procedure *p, const struct pack_form *form);

int procedure_submit(struct changes *out, const struct pack *pack, const struct submission *in, const struct actor *who, utime_t now, struct err *e);

/* What was decided outside, for council and external-decision. */
struct ruling { struct str document; struct str decided_on; struct str division; struct str authority; };

struct verdict_in {
        enum decision decision;
        const char   *step;                          /* NULL: the only one this person may act at */
        const char   *to;                            /* return: the step it goes back to; NULL: the applicant */
        struct str    reason;
        struct str    condition, condition_due;      /* approve under a condition: text, and the day by which it is met (inclusive) */
        struct ruling paper;
        int64_t       seen_rev;                      /* of the application */
        struct uuid   ids[PROCEDURE_IDS];            /* fresh: rows this act may make take them in order */
};

/* approve | reject | return at an active step. The last approval that is needed ends the case and its effects follow. */
int procedure_decide(struct changes *out, const struct pack *pack, const struct case_facts *f, const struct verdict_in *in,
                     const struct actor *who, utime_t now, struct err *e);

/* A returned application, mended, goes to its first step again under the same number. `reason` given: a correction of one that
 * is still submitted; all steps look at it anew. */
int procedure_resubmit(struct changes *out, const struct pack *pack, const struct case_facts *f, const struct pack_form *form,
                       const struct answer *answers, int64_t seen_rev, struct str reason, const struct actor *who, utime_t now, struct err *e);
int procedure_withdraw(struct changes *out, const struct case_facts *f, struct str reason, int64_t seen_rev, const struct actor *who,
                       utime_t now, struct err *e);

/* While its step is active, by a holder of the sheet's role; answers whole, as a form's. */
int procedure_fill_sheet(struct changes *out, const struct pack *pack, const struct case_facts *f, const struct pack_form *sheet,
                         const struct answer *answers, int64_t seen_rev, const struct actor *who, utime_t now, struct err *e);

#define RESULTS(X)                             \
        X(RESULT_MET,            "met")        \
        X(RESULT_SUBSTITUTE,     "substitute") \
        X(RESULT_EXCEPTION,      "exception")  \
        X(RESULT_NOT_APPLICABLE, "not-applicable") \
        X(RESULT_UNMET,          "unmet")
enum result {
#define X(id, name) id,
        RESULTS(X)
#undef X
        RESULTS_COUNT
};
bool result_find(struct str name, enum result *out);

/* One line judged, while a judge step with these criteria is active. Texts empty: not given. */
struct judgement { const char *criterion; enum result result; struct str reason, article, answer, said, said_on, document; };
int procedure_judge(struct changes *out, const struct pack *pack, const struct case_facts *f, const struct judgement *in, size_t n,
                    int64_t seen_rev, const struct actor *who, utime_t now, struct err *e);

/* Another level for one axis than the answers say, by who may act at an active approve step; a reason is needed. */
int procedure_rate(struct changes *out, const struct pack *pack, const struct case_facts *f, const char *axis, const char *level, struct str reason,
                   int64_t seen_rev, const struct actor *who, utime_t now, struct err *e);

/* Machine steps whose demand holds by now; ERR_NOTHING_TO_DO is not an error: changes stay empty. */
int procedure_tick(struct changes *out, const struct pack *pack, const struct case_facts *f, const struct uuid ids[PROCEDURE_IDS], utime_t now, struct err *e);

/* ---- duties, exceptions, deputies ---- */

/* A duty, the person it names, the service it is about and the step that set it as a condition; rev 0: there is none. */
struct duty_facts { struct row duty, person, service, step; };
bool duty_is_of(const struct duty_facts *f, const struct actor *who);
int duty_close(struct changes *out, const struct duty_facts *f, struct str evidence, int64_t seen_rev, const struct actor *who, utime_t now, struct err *e);
bool exception_tick(struct row *after, const struct row *exception, utime_t now);
/* `deputy`: their PERSON row; `role` NULL: each that the principal holds; `old`: the DEPUTY row there is, or rev 0. */
int deputy_name(struct changes *out, const struct actor *principal, const struct row *deputy, const char *role, utime_t from, utime_t until,
                const struct row *old, const struct actor *who, utime_t now, struct err *e);
int deputy_end(struct changes *out, const struct row *deputy, struct str reason, int64_t seen_rev, const struct actor *who, struct err *e);
/* Whether a DEPUTY row holds at `now`: what actor.deputises is filled from. */
bool deputy_holds(const struct row *deputy, utime_t now);

/* Which acts would not be refused for who they are and the state things are in. Bits. */
enum { MAY_DECIDE = 1, MAY_WITHDRAW = 2, MAY_REVOKE = 4, MAY_CHANGE_UNTIL = 8, MAY_SEE = 16, MAY_RESUBMIT = 32, MAY_FILL = 64, MAY_JUDGE = 128,
       MAY_RATE = 256, MAY_CORRECT = 512, MAY_CONFIRM = 1024 };
unsigned procedure_may(const struct pack *pack, const struct case_facts *f, const struct actor *who, utime_t now);

#endif
