/* form.h - answers against a form: check and bring into the one stored spelling.
 *
 * Does      refuse unknown and missing fields, wrong values; normalise: MAC to "02:00:5e:10:00:01", moment to RFC 3339 UTC
 *           with microseconds (an inclusive date becomes 00:00 JST of the next day), text trimmed.
 * Layer     core; pure. Text arrives as valid UTF-8 in NFC (the edge does that).
 * Owns      normalised values live in the arena.
 * Trusts    nothing but UTF-8: control characters, bidirectional overrides and zero-width characters are refused.
 * Fails     ERR_INPUT with key `form.*` and the field's id.
 */
#ifndef CORE_FORM_FORM_H
#define CORE_FORM_FORM_H

#include "core/pack/pack.h"
#include "base/utime.h"

enum { FORM_ANSWERS_MAX = 200, FORM_TEXT_CHARS_MAX = 400, FORM_LINES_CHARS_MAX = 4000 };

struct answer { const struct pack_field *field; struct str value; };       /* value empty: not answered */

struct given { struct str field, value; };                                 /* as it came from outside */

/* `out` gets form->fields_count answers in the form's order. Conditions of its fields are taken on what was given; a hidden
 * field's answer is dropped. `names` of the form's procedure (NULL: none); `today` in Japan. Types that name a person, a service or
 * an application keep the id as given: whoever has the registers looks it up (form_lookup_fn). A table is stored as canonical JSON:
 * an array of objects, columns in the form's order, cells as that column's type is stored. */
int form_check(struct answer *out, const struct pack_form *form, const struct given *given, size_t n, struct arena *a, struct err *e);

bool mac_parse(uint8_t out[6], struct str s);                /* 02:.., 02-.., 0200.5e10.0001, 02005e100001; either case */
void mac_text(char to[18], const uint8_t mac[6]);
bool mac_is_host(const uint8_t mac[6]);                      /* unicast and not zero */

/* "2026-11-30" (inclusive: the end is 00:00 JST of the next day) or RFC 3339. */
bool moment_parse(utime_t *out, struct str s);

#endif
