/* home.h - the parts of the first page: what is due for one person, and what is wrong.
 *
 * Does      compute both anew at each look; nothing of it is entered or stored, so that what was mended is gone.
 * Clause    8.2 趣旨 (運用中の対策を漏れなく), 3 注10: who looks after things sees first what is due and what is wrong.
 * Layer     server/office/api.
 * Owns      JSON built belongs to whoever built it.
 */
#ifndef OFFICE_API_HOME_H
#define OFFICE_API_HOME_H

#include "server/office/api/words.h"
#include "server/office/store/query_home.h"

/* Everything for who keeps an eye on all services; a section manager's section; else the services that one looks after. */
struct home_scope home_scope_of(struct request *rq);

/* One line {kind,count,since,about,clauses,names,href} a kind that is wrong now, the worst first. */
int wrong_list(json_t *out, struct request *rq, const struct home_scope *scope, struct err *e);

/* Clauses, at most three, that what carries them serves: [{id, text}]; of a rule of duty; of all rules of duty with that trigger (-1: none). */
json_t *clause_json(const struct pack *pack, const char *id);
json_t *clauses_of(const struct pack *pack, enum carrier carrier, const char *where);
json_t *clauses_of_duty(const struct pack *pack, const char *rule);
json_t *clauses_of_trigger(const struct pack *pack, int trigger);

#endif
