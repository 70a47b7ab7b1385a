/* duty_world.h - the rows that derived duties hang on, read all at once.
 *
 * Does      fill struct duty_world (core/procedure/duties.h); list open duties that were not told of today.
 * Layer     server/office/store.
 * Owns      rows live in the arena.
 * Scales    with the services that are not closed and their duties; what is closed stays out, but for the latest of what repeats.
 * Fails     as db.h.
 */
#ifndef OFFICE_STORE_DUTY_WORLD_H
#define OFFICE_STORE_DUTY_WORLD_H

#include "core/procedure/duties.h"
#include "server/office/store/db.h"

int duty_world_load(struct duty_world *out, struct db *db, struct arena *a, struct err *e);
/* Open ones last told of before `day` began, or never. */
int duty_world_untold(struct row_list *out, struct db *db, utime_t day, struct arena *a, struct err *e);

#endif
