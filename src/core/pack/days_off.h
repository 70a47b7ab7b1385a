/* days_off.h - the days off of a pack as the one sorted list that days are counted over.
 *
 * Does      lay the years of holidays.yaml and the closing days of every year together into pack->holidays.
 * Layer     core; inside pack/.
 * Owns      the list lives in the pack's arena.
 * Fails     ERR_NOMEM.
 *
 * The list is complete from January 1 of the first year given to December 31 of the last. Closing days are known beyond, since
 * they come every year; a day counted there is still marked as guessed (period.h).
 */
#ifndef CORE_PACK_DAYS_OFF_H
#define CORE_PACK_DAYS_OFF_H

#include "core/pack/pack.h"

int days_off_make(struct pack *p);

#endif
