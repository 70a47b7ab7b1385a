/* notice.h - what people are told, laid into the outbox in the same transaction as the act.
 *
 * Does      compare a case before and after an act: who is next, what was decided, who was appointed, whom a duty binds. One outbox row
 *           a notice: {"v":1,"to":[person ids],"key","args","ref"}; the courier carries it out later.
 * Clause    8.2(4): the service manager is appointed by the approval, and told.
 * Layer     server/office/command.
 * Fails     as the store.
 */
#ifndef OFFICE_COMMAND_NOTICE_H
#define OFFICE_COMMAND_NOTICE_H

#include "server/office/command/facts.h"
#include "server/office/writer.h"

/* before NULL: the case is new. c: the act's changes, already stored; then: what followed of itself, or NULL. */
int notice_case(struct act *act, const struct case_facts *before, const struct pack *pack, const struct changes *c, const struct changes *then, struct err *e);

#endif
