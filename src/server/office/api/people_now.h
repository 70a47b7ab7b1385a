/* people_now.h - the people of the house, as core plays them through procedures.
 *
 * Does      read everybody who works here now with the roles that the pack has.
 * Layer     server/office/api.
 * Owns      people live in the request's arena.
 * Fails     as the store; ERR_TOO_BIG above PEOPLE_MAX.
 */
#ifndef OFFICE_API_PEOPLE_NOW_H
#define OFFICE_API_PEOPLE_NOW_H

#include "core/procedure/people.h"
#include "server/office/api/route.h"

int people_now(struct people *out, const struct pack *p, struct request *rq, struct err *e);

#endif
