/* memory.h - what one sink has delivered and the office does not know of yet.
 *
 *      s 17 9f86d081884c7d65 -
 *      s 18 60303ae22b998861 01960000-0000-7000-8000-000000000001
 *
 * Does      append a line for each delivery and make it durable before the next one; read them back after a death; forget what the
 *           office has written down.
 * Layer     server/courier.
 * Owns      struct memory: memory_close(). One file a sink: DIR/courier/ID.sent.
 * Threads   one.
 * Trusts    not the file: a line that is none, or torn, is as if it were not there, and said in the log.
 * Fails     ERR_IO, ERR_FULL, ERR_NOMEM. What could not be made durable is remembered all the same, as long as the process lives.
 *
 * Between a receiver's yes and the line being durable lies a moment: a courier killed in it delivers again. Nothing else does.
 */
#ifndef COURIER_MEMORY_H
#define COURIER_MEMORY_H

#include "core/notice/item.h"

struct memory;

int            memory_open(struct memory **out, const char *path, struct err *e);
struct memory *memory_close(struct memory *m);
bool           memory_has(const struct memory *m, int64_t id, const char *tag, const char *who);      /* who: "-" the notice as a whole */
int            memory_add(struct memory *m, int64_t id, const char *tag, const char *who, struct err *e);
int            memory_sync(struct memory *m, struct err *e);          /* after one or more memory_add() */
void           memory_forget(struct memory *m, int64_t id);           /* the office knows */

#endif
