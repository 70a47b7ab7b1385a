/* duties.h - duties that come and go with the registers: what is wanted, and what has to be done so that the rows say so.
 *
 * Does      say from the pack's rules and the rows which duties there are to be now; open, move and close rows until they agree; say
 *           of a duty whether its day for a reminder has come.
 * Clause    8.2 趣旨 (運用中の対策を漏れなく), 8.2(2)⑤⑦, 8.2(6): nothing runs out unseen; 体制表: contact check and drill every year.
 * Layer     core; pure. server/office/command/duty_tick.c loads the rows and writes what comes of it.
 * Owns      rows and texts borrow from the arena, the pack and the rows given.
 * Fails     ERR_NOMEM.
 *
 * A derived duty is known by its rule, the service it is about and the row it hangs on (`subject`). Its cause is that row in the state
 * that the rule's trigger asks for (docs/formats/pack.md, duty). No cause, no duty: such a row is closed, by the program, naming the act.
 * What people may close with words are the repeated checks; all others wait for their act.
 */
#ifndef CORE_PROCEDURE_DUTIES_H
#define CORE_PROCEDURE_DUTIES_H

#include "core/procedure/flow.h"

/* Services are planned in parts, each with all that is about its services; what is of no service is a part of its own. */
enum duty_part { DUTIES_OF_ALL, DUTIES_OF_SERVICES, DUTIES_OF_BODY };

struct duty_world {
        enum duty_part  part;
        struct row_list services;        /* not closed, and those that an open duty is about */
        struct row_list certificates;    /* valid */
        struct row_list contracts;       /* active */
        struct row_list open;            /* open duties of a rule, but for an incident's clocks (core/incident/clock.h) */
        struct row_list done;            /* closed by people, of repeated rules: the latest each at least */
        struct row_list applications;    /* that services name as their registration, last review and end */
        utime_t         since;           /* when the install began: the first of what is repeated comes after it */
};

enum duty_act { DUTY_OPENED, DUTY_MOVED, DUTY_CLOSED, SERVICE_SUSPENDED };

/* One entry: the row as it is to be, its revision not yet raised. Of one that is opened the id is for the caller to give. */
struct duty_step { enum duty_act act; struct row row; const struct pack_duty *rule; };

/* next: until then time alone changes nothing; INT64_MAX: never. */
struct duty_plan { struct duty_step *steps; size_t n; utime_t next; };

/* What is to be done at `now`, in the order of the rules. Done and asked again, it is nothing. */
int duties_plan(struct duty_plan *out, const struct pack *pack, const struct duty_world *w, utime_t now, struct arena *a, struct err *e);

/* ---- one duty ---- */

/* By its rule, else by its kind; NULL: this pack says nothing of it. */
const struct pack_duty *duty_rule(const struct pack *pack, const struct row *duty);
/* The key `duty.by-act.*` that says which act closes it; NULL: words with evidence do. */
const char *duty_closing_act(const struct row *duty);
int  duty_refuse_words(const struct row *duty, struct err *e);      /* ERR_RULE with that key */
/* Has whoever sees overdue duties of this role this one among theirs? */
bool duty_overdue_for(const struct row *duty, const struct actor *who, utime_t now);

enum duty_word { DUTY_SAY_NOTHING, DUTY_SAY_SOON, DUTY_SAY_OVERDUE };
/* A day of the rule's has come since people were last told, and it is not later than today: one notice, however many were missed.
 * A clock that was set back tells nobody twice. */
enum duty_word duty_say(const struct pack *pack, const struct row *duty, utime_t now);
/* The row after it was told of. */
struct row duty_said(const struct row *duty, enum duty_word word, utime_t now);

/* The same for an active step that waits: the newest of its days that has come (it is the notice's own day), `due` its last day. */
struct step_word { enum duty_word word; struct date day, due; };
struct step_word step_say(const struct flow *w, size_t step, utime_t now);

#endif
