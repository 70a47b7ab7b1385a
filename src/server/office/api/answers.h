/* answers.h - answers of people, from JSON to what core takes.
 *
 * Does      read {field: text, or rows of a table}; check them against a form as it is in its case; look up the people, services and
 *           applications they name; bring single texts of acts (reasons, dates) into their stored spelling the same way.
 * Layer     server/office/api.
 * Owns      texts live in the request's arena.
 * Fails     ERR_INPUT `form.*`, `common.member.*` with the field's id.
 */
#ifndef OFFICE_API_ANSWERS_H
#define OFFICE_API_ANSWERS_H

#include "server/office/api/route.h"
#include "server/office/api/shape.h"
#include "server/office/command/facts.h"

enum { REASON_BYTES = 6000, REASON_CHARS = 1000, ID_BYTES = 64 };

/* What a form is answered in: its pack, and the case around it (facts NULL: none yet). */
struct setting { const struct pack *pack; const struct pack_form *form; const struct case_facts *facts; };

int answers_read(struct given **out, size_t *n, json_t *o, const struct pack_form *form, struct arena *a, struct err *e);

/* The context of form_check() and form_state(). */
struct answers_context { struct form_context form; struct date today; struct expr_env outer; struct facts_env env; struct case_facts facts; };
int answers_context(struct answers_context *out, struct request *rq, const struct setting *s, const struct given *given, size_t n, struct err *e);

/* Read and check in one. */
int answers_take(const struct answer **out, struct request *rq, const struct setting *s, json_t *o, struct err *e);

/* `n` texts by their fields; what is empty stays empty unless the field is required. */
int answers_texts(struct str *out, const struct pack_field *fields, const struct str *in, size_t n, struct request *rq, struct err *e);
int answers_reason(struct str *out, struct str in, struct request *rq, struct err *e);

#endif
