/* names.h - what the conditions of a pack may speak of.
 *
 * Does      build the table of typed names that a procedure's conditions are read against, and the one for classes.yaml.
 * Layer     core; inside pack/ and for core/procedure/facts.c, which answers for the same names.
 * Source    docs/formats/pack.md, Names.
 * Owns      in the pack's arena.
 */
#ifndef CORE_PACK_NAMES_H
#define CORE_PACK_NAMES_H

#include "core/pack/pack.h"

/* The form that is filed for a procedure; NULL: none. */
const struct pack_form *names_form(const struct pack *p, const struct pack_procedure *procedure);

/* All fields of the form and the sheets, `<table>.<column>` as lists; when the form is classified each axis and conf2plus; and, when a
 * field of the form is of type service, `service.<axis>`, `service.conf2plus`. */
int names_of_procedure(struct expr_names *out, const struct pack *p, const struct pack_procedure *procedure, struct arena *a);
int names_of_questions(struct expr_names *out, const struct pack *p, struct arena *a);

/* Which list the choices of a field or an axis are: the same list is the same type. */
const struct expr_choices *names_choices(const struct pack *p, const struct pack_field *f, struct arena *a);

#endif
