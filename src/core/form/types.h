/* types.h - one answer by its field's type.
 *
 * Does      bring a trimmed answer, not empty, into its stored spelling, or refuse it.
 * Layer     core; inside form/.
 * Owns      values live in the arena.
 */
#ifndef CORE_FORM_TYPES_H
#define CORE_FORM_TYPES_H

#include "core/form/form.h"

int field_normalise(struct str *out, const struct pack_field *f, struct str s, const struct form_context *ctx, struct arena *a, struct err *e);
int table_normalise(struct str *out, const struct pack_field *f, struct str s, const struct form_context *ctx, struct arena *a, struct err *e);

/* ERR_INPUT with the field's id and up to two arguments; "": none. */
int field_refuse(struct err *e, const struct pack_field *f, const char *key, const char *first, const char *second);

#endif
