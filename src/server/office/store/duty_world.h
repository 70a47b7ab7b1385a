/* duty_world.h - the rows that derived duties hang on, read in parts.
 *
 * Does      name the services of a part; fill struct duty_world (core/procedure/duties.h) for one; list open duties not told of today.
 * Layer     server/office/store.
 * Owns      rows live in the arena.
 * Scales    a part has at most DUTY_PART services and what hangs on them: a few megabytes, however many there are. `since` 0 goes
 *           over all that is not closed; else over what entries from that one on changed.
 * Fails     as db.h.
 */
#ifndef OFFICE_STORE_DUTY_WORLD_H
#define OFFICE_STORE_DUTY_WORLD_H

#include "core/procedure/duties.h"
#include "server/office/store/db.h"

enum { DUTY_PART = 256 };

/* list: JSON array of service ids; last: the greatest of them. */
struct duty_services { const char *list; size_t n; char last[UUID_TEXT]; };

/* The services behind `from`, in the order of their ids; n 0: there are no more. */
int duty_world_part(struct duty_services *out, struct db *db, uint64_t since, const char *from, struct arena *a, struct err *e);
/* `services` NULL: what is of no service. */
int duty_world_load(struct duty_world *out, struct db *db, const char *services, struct arena *a, struct err *e);
/* Open ones behind the id `from` that were last told of before `day` began, or never; at most DUTY_PART. */
int duty_world_untold(struct row_list *out, struct db *db, uint64_t since, const char *from, utime_t day, struct arena *a, struct err *e);

#endif
