/* posts.h - the roles that procedures need, and those of them that nobody holds.
 *
 * Clause    1(3), 2: each role of the policy is somebody's.
 * Layer     server/office/api.
 * Owns      posts_done(); lists live in the request's arena.
 */
#ifndef OFFICE_API_POSTS_H
#define OFFICE_API_POSTS_H

#include <jansson.h>

#include "core/pack/pack.h"
#include "server/office/api/route.h"

struct posts { json_t *scope[SCOPES_COUNT], *apply; };        /* roles of steps by enum scope; who may file */
void       posts_read(struct posts *out, const struct pack *pack);
void       posts_done(struct posts *p);
struct str posts_words(json_t *list, struct arena *a);        /* a list of roles as the statements want it */

/* section empty: one for all sections. */
struct vacancy { const char *role; struct str section; };
json_t *appointment_json(struct request *rq, const struct row *a);      /* appoint.c */

int vacant_posts(struct vacancy **out, size_t *n, struct request *rq, struct err *e);

#endif
