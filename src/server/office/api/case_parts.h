/* case_parts.h - what stands in a case besides its answers: steps, sheets, criteria, classes, and what is still open.
 *
 * Layer     server/office/api.
 * Owns      JSON built belongs to whoever built it; a view borrows the facts.
 */
#ifndef OFFICE_API_CASE_PARTS_H
#define OFFICE_API_CASE_PARTS_H

#include "server/office/api/words.h"
#include "server/office/command/facts.h"

/* flow NULL: the pack no longer has this procedure; then it is read as it is stored, and nothing of it can be done. */
struct case_view { struct request *rq; const struct pack *pack; const struct case_facts *facts; const struct pack_procedure *procedure; const struct flow *flow; };

int case_view_init(struct case_view *v, struct request *rq, const struct pack *pack, const struct case_facts *f, struct err *e);

bool    case_is_mine(const struct case_view *v, size_t step);      /* this person may act there now */
json_t *case_answers(const struct case_view *v, const struct pack_form *form);
json_t *case_steps(const struct case_view *v);
json_t *case_sheets(const struct case_view *v);
json_t *case_criteria(const struct case_view *v);
json_t *case_ratings(const struct case_view *v);
bool    case_conf2plus(const struct case_view *v);
json_t *case_open(const struct case_view *v);                      /* of this person's active step, else of the first that is active */

json_t *open_json(const struct pack_procedure *p, const struct open_list *open);

#endif
