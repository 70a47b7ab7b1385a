/* notice.h - what people are told, laid into the outbox in the same transaction as the act.
 *
 * Does      one outbox row a notice: {"kind","to":[person ids],"key","args"}; the courier carries it out later.
 * Layer     server/office/command.
 * Fails     as the store.
 */
#ifndef OFFICE_COMMAND_NOTICE_H
#define OFFICE_COMMAND_NOTICE_H

#include "server/office/writer.h"

int notice_waiting(struct act *act, const struct row *application, struct err *e);     /* to those who may decide */
int notice_decided(struct act *act, const struct row *application, struct err *e);     /* to the applicant */

#endif
