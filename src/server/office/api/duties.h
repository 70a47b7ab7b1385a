/* duties.h - duties and exceptions as JSON, for the lists of their own and for the pages of cases and services.
 *
 * Layer     server/office/api.
 * Owns      JSON built belongs to whoever built it.
 */
#ifndef OFFICE_API_DUTIES_H
#define OFFICE_API_DUTIES_H

#include "server/office/api/words.h"
#include "server/office/store/query.h"

json_t    *duty_json(struct request *rq, const struct row *d);
struct str duties_roles(struct request *rq);                                       /* that the asker holds, as the statements want them */
json_t *duties_of(struct request *rq, enum rows_by by, const char *id);            /* DUTIES_OF_APP, DUTIES_OF_SERVICE */
const struct pack_text *exception_text(const struct pack *pack, const char *item);  /* what it is from; NULL: today's pack has no such rule */
void    exceptions_of(json_t *list, struct request *rq, const char *application);  /* permitted for it, over or not */

#endif
