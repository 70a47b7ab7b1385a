/* turn.h - whose turn a case is, since when, and whether it is the caller's.
 *
 * Layer     server/office/api.
 * Fails     a case that cannot be read has no turn: a list is not refused for want of one.
 */
#ifndef OFFICE_API_TURN_H
#define OFFICE_API_TURN_H

#include <jansson.h>

#include "server/office/api/route.h"

/* Puts `turn` {steps: [{title, role_name?}], since, mine} while the case is under way, and `drafter` when another drafted it. */
void turn_put(json_t *o, struct request *rq, struct str application);

#endif
