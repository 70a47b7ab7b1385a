/* resets.h - a forgotten password, set anew by two people.
 *
 * Does      one asks, another confirms and is shown a code for the person; either ends the asking.
 * Clause    practice.md, People: reset by two people. 6.2(2): nobody gets at an account alone.
 * Layer     server/office/command.
 * Fails     ERR_FORBIDDEN `reset.self`, `reset.same`; ERR_CONFLICT `reset.open`, `reset.over`; ERR_ABSENT `reset.absent`, `reset.person.absent`.
 *
 * Three different people: whom it is for, who asked, who confirms. The code is in the answer of the confirmation and nowhere else.
 */
#ifndef OFFICE_COMMAND_RESETS_H
#define OFFICE_COMMAND_RESETS_H

#include "server/office/writer.h"

enum { RESET_ASKED_DAYS = 7 };       /* then it has to be asked anew */

struct act_ask_reset { const char *person, *of; struct str reason; char id[UUID_TEXT]; struct receipt receipt; };
int act_ask_reset(struct act *act, void *arg, struct err *e);

/* phc: hash of the code, made outside the writer. */
struct act_confirm_reset { const char *person; struct str id, phc; utime_t until; struct receipt receipt; };
int act_confirm_reset(struct act *act, void *arg, struct err *e);

struct act_end_reset { const char *person; struct str id; struct receipt receipt; };
int act_end_reset(struct act *act, void *arg, struct err *e);

/* What stands in the way of this person confirming it; ERR_OK: nothing. */
int reset_may_confirm(const struct row *reset, const char *person, utime_t now, struct err *e);

#endif
