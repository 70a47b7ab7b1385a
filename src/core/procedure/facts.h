/* facts.h - all that is stored about one case, as plain values.
 *
 * Does      carry what decisions need: the application and its rows, the service or application it is about, who filed it.
 * Layer     core; pure. server/office/command/facts.c loads it; tests build it by hand.
 * Owns      nothing: rows and texts live in the loader's arena.
 */
#ifndef CORE_PROCEDURE_FACTS_H
#define CORE_PROCEDURE_FACTS_H

#include "core/form/form.h"
#include "core/register/permit.h"

enum { PROCEDURE_STEPS_MAX = 20 };

struct row_list { const struct row *rows; size_t n; };

struct case_facts {
        struct row application;
        struct row steps[PROCEDURE_STEPS_MAX];       /* in the pack's order */
        size_t     steps_count;
        struct row permit;                           /* rev 0: none was opened */
        const struct answer *answers;                /* of the form, then of its procedure's sheets, each in its form's order */
        size_t     answers_count;
        const struct row *answer_rows;               /* as stored, in any order */
        size_t     answer_rows_count;
        struct row_list ratings, criteria;           /* of this application */
        struct row_list exceptions;                  /* permitted for this application, over or not */
        struct row_list target_exceptions;           /* permitted for the application it is about */
        struct row_list duties;                      /* that came from it */
        struct row      service;                     /* it is about; rev 0: none */
        struct row_list service_ratings;
        struct row_list subcontractors;              /* of that service */
        struct row_list providers;                   /* PROVIDER rows of the names that its answers give; others do no harm */
        struct row_list twins;                       /* SERVICE rows of the name that its answers give, in use since before they were registered */
        struct row_list hanging;                     /* while it is decided: what hangs on that service or those, of any register, and still counts */
        struct row      target;                      /* application it is about; rev 0: none */
        struct row_list people;                      /* PERSON rows that person answers name, as registered now */
        struct actor    applicant, drafter;          /* their roles now; drafter.person NULL: the applicant drafted */
};

/* NULL when there is none. */
const struct answer *facts_answer(const struct case_facts *f, const char *field);
const struct row    *facts_row(struct row_list list, const char *k);
const struct row    *facts_step(const struct case_facts *f, const char *step);
/* An exception for this rule or criterion that holds at `now`. */
const struct row    *facts_exception(const struct case_facts *f, const char *item, utime_t now);

/* What conditions of `p` see: answers, columns of tables, axes, conf2plus, service.*, today. The env borrows `ctx`, which is not copied
 * and holds one list at a time (form/value.h). An empty answer is open while its sheet was not handed in, then blank; a case has its
 * form from the start. Levels come from the RATING rows: a case that is being filed needs them in `ratings` already. */
struct facts_env {
        const struct pack           *pack;
        const struct pack_procedure *procedure;
        const struct case_facts     *facts;
        struct date                  today;
        struct value_room           *room;
        struct value_room            own_room;
};
void       facts_env_init(struct facts_env *ctx, struct expr_env *env, const struct pack *pack, const struct pack_procedure *p,
                          const struct case_facts *f, utime_t now);
enum truth facts_holds(const struct pack_condition *c, const struct expr_env *env);       /* no condition: true */

#endif
