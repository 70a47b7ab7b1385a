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

#include "core/form/form.h"
#include "core/register/permit.h"

enum { PROCEDURE_STEPS_MAX = 16 };

/* What is stored about one application; permit.rev is 0 when none was opened. */
struct case_facts {
        struct row application;
        struct row steps[PROCEDURE_STEPS_MAX];       /* in the pack's order */
        size_t     steps_count;
        struct row permit;
        const struct answer *answers;                /* in the form's order; needed when the last step approves */
        size_t     answers_count;
        const struct row *answer_rows;               /* as stored, in any order; needed to send it in again */
        size_t     answer_rows_count;
};

enum decision { DECISION_APPROVE, DECISION_REJECT, DECISION_RETURN };
#define DECISIONS(X)                              \
        X(DECISION_APPROVE, "approve", "approved") \
        X(DECISION_REJECT,  "reject",  "rejected") \
        X(DECISION_RETURN,  "return",  "returned")

bool decision_find(struct str name, enum decision *out);

struct submission {
        const struct pack_form *form;
        const struct answer    *answers;             /* form->fields_count, checked by form_check() */
        struct uuid             id;                  /* of the application */
        struct row              counter;             /* of body-code-year; rev 0 when it is the first */
        const char             *body;                /* code of the body: SHI */
};

int procedure_submit(struct changes *out, const struct pack *pack, const struct submission *in, const struct actor *who, utime_t now, struct err *e);

/* permit_id and subject_id are used when this decision is the last and opens a permit. */
int procedure_decide(struct changes *out, const struct pack *pack, const struct case_facts *f, enum decision d, struct str reason,
                     int64_t seen_rev, const struct actor *who, utime_t now, struct uuid permit_id, struct uuid subject_id, struct err *e);
/* A returned application, mended, goes to its first step again under the same number. */
int procedure_resubmit(struct changes *out, const struct pack *pack, const struct case_facts *f, const struct pack_form *form,
                       const struct answer *answers, int64_t seen_rev, const struct actor *who, utime_t now, struct err *e);
int procedure_withdraw(struct changes *out, const struct case_facts *f, struct str reason, int64_t seen_rev, const struct actor *who,
                       utime_t now, struct err *e);

/* Which acts would not be refused for who they are and the state things are in. Bits. */
enum { MAY_DECIDE = 1, MAY_WITHDRAW = 2, MAY_REVOKE = 4, MAY_CHANGE_UNTIL = 8, MAY_SEE = 16, MAY_RESUBMIT = 32 };
unsigned procedure_may(const struct pack *pack, const struct case_facts *f, const struct actor *who);

/* The step that waits, or NULL. */
const struct row *procedure_waiting(const struct case_facts *f);

#endif
