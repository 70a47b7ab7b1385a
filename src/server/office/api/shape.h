/* shape.h - JSON in and out, in one manner.
 *
 * Does      parse a body against a list of members (unknown, missing, double and ill-typed ones are refused by name); bring
 *           people's text into NFC; build answers.
 * Layer     server/office/api; jansson and libunistring.
 * Owns      texts live in the arena; JSON built belongs to whoever built it.
 * Fails     ERR_INPUT with `common.*` and the member's name.
 */
#ifndef OFFICE_API_SHAPE_H
#define OFFICE_API_SHAPE_H

#include <jansson.h>

#include "base/utime.h"
#include "base/uuid.h"
#include "core/pack/pack.h"
#include "server/office/store/journal.h"

SCOPED(json_decref, json_t *)

enum member_type { MEMBER_TEXT, MEMBER_INT, MEMBER_OBJECT, MEMBER_ARRAY, MEMBER_BOOL };      /* BOOL: i is 1 or 0 */
struct member { const char *name; enum member_type type; size_t max_bytes; bool optional; };     /* max_bytes: of a text */
struct member_value { struct str text; int64_t i; json_t *object; bool given; };                 /* object: an array too */

/* All members must be there, but for optional ones. `out` has one value a member; objects are borrowed from *doc, which the caller decrefs. */
int shape_members(struct member_value *out, json_t *o, const struct member *members, size_t n, struct arena *a, struct err *e);      /* of an object in one */
int shape_read(json_t **doc, struct member_value *out, struct str body, const struct member *members, size_t n, struct arena *a, struct err *e);
/* Valid UTF-8 in NFC, in the arena. */
int shape_text(struct str *out, struct str in, const char *field, struct arena *a, struct err *e);

json_t *json_of(struct str s);
json_t *json_time(utime_t t);
json_t *json_text(const struct pack_text *t);                 /* {"ja":…,"en":…} */
json_t *json_receipt(const struct receipt *r);
json_t *json_err(const struct err *e, int code);
bool    json_put(json_t *o, const char *key, json_t *value);  /* steals; false when out of memory */

#endif
