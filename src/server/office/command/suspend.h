/* suspend.h - suspending and resuming a service.
 *
 * Does      the act on the writer; tell who manages the service and the heads of the sections that use it.
 * Layer     server/office/command.
 * Fails     core/procedure/suspend.h; `service.absent`; the store's errors.
 */
#ifndef OFFICE_COMMAND_SUSPEND_H
#define OFFICE_COMMAND_SUSPEND_H

#include "core/procedure/suspend.h"
#include "server/office/command/facts.h"
#include "server/office/writer.h"

struct act_suspend { const char *person; struct str service, reason; int64_t rev; bool resume; struct receipt receipt; int64_t rev_after; };
act_fn act_suspend;

int suspend_facts(struct service_facts *out, struct db *db, struct str service, struct arena *a, struct err *e);
int suspend_tell(struct act *act, const struct row *service, struct err *e);

#endif
