/* form.h - answers against a form: check and bring into the one stored spelling.
 *
 * Does      refuse unknown and missing fields, wrong values; normalise each answer by its field's type (docs/formats/pack.md);
 *           say which fields are shown and which must be answered.
 * Layer     core; pure. Text arrives as valid UTF-8 in NFC (the edge does that; tables it writes without \u escapes first).
 * Owns      normalised values live in the arena.
 * Trusts    nothing but UTF-8: control characters, bidirectional overrides and zero-width characters are refused.
 * Fails     ERR_INPUT with key `form.*` or `wareki.*` and the field's id; in a table `<field>.<row from 1>.<column>`.
 *
 * Conditions are taken on what is given as if it were handed in now: an empty answer is blank, a wrong one open. Unknown shows the field
 * and demands its answer. A hidden field's answer is dropped, whatever it was, and is blank for the others.
 */
#ifndef CORE_FORM_FORM_H
#define CORE_FORM_FORM_H

#include "core/form/rating.h"
#include "core/form/value.h"

enum { FORM_ANSWERS_MAX = 400, FORM_TEXT_CHARS_MAX = 400, FORM_LINES_CHARS_MAX = 4000, FORM_INTEGER_MAX = 1000000000,
       FORM_DOMAINS_MAX = 50, FORM_ROWS_MAX = 100, FORM_TABLE_BYTES_MAX = 256 * 1024 };

struct answer { const struct pack_field *field; struct str value; };       /* value empty: not answered */

struct given { struct str field, value; };                                 /* as it came from outside; a table as JSON text */

/* Is `id` a person, service or application that this field may name? ERR_OK, ERR_ABSENT, or what went wrong while looking. */
typedef int form_lookup_fn(void *ctx, const struct pack_field *field, struct str id, struct err *e);

/* What a form's check stands on. All of it may be NULL. */
struct form_context {
        const struct pack     *pack;                 /* countries, eras, classes */
        const struct date     *today;                /* in Japan */
        form_lookup_fn        *lookup;               /* NULL: the shape of an id is enough */
        void                  *lookup_ctx;
        const struct expr_env *outer;                /* names that the form lacks: service.*, and for a sheet the case's answers */
};

/* `out` gets form->fields_count answers in the form's order; untouched when one is refused, the first in that order. */
int form_check(struct answer *out, const struct pack_form *form, const struct given *given, size_t n, const struct form_context *ctx,
               struct arena *a, struct err *e);

/* ---- while it is being filled in ---- */

struct field_state {
        const struct pack_field *field;
        bool                     visible, required;
        struct str               value;              /* as it would be stored; empty: not answered, hidden or wrong */
        const struct err        *error;              /* NULL: none; lives in the arena */
};

/* `out` gets form->fields_count states. Fails only for what is no answer to this form at all (form.unknown-field, form.twice). */
int form_state(struct field_state *out, const struct pack_form *form, const struct given *given, size_t n, const struct form_context *ctx,
               struct arena *a, struct err *e);

/* What conditions see of a form in those states: its fields, the columns of its tables, the axes that follow if it is classified. */
struct form_env {
        const struct pack_form    *form;
        const struct form_context *ctx;
        const struct field_state  *fields;
        struct rating              ratings[RATING_AXES_MAX];
        bool                       rated;
        struct value_room         *room;
        struct value_room          own_room;
};
void form_env_init(struct form_env *x, struct expr_env *env, const struct pack_form *form, const struct field_state *fields,
                   const struct form_context *ctx);

/* The words of a refusal; in a table with row and column in front: 2行目の「国」：選択肢から選んでください。 */
void form_say(struct buf *out, enum lang lang, const struct pack_form *form, const struct err *e);

/* ---- types ---- */

bool mac_parse(uint8_t out[6], struct str s);                /* 02:.., 02-.., 0200.5e10.0001, 02005e100001; either case */
void mac_text(char to[18], const uint8_t mac[6]);
bool mac_is_host(const uint8_t mac[6]);                      /* unicast and not zero */

/* "2026-11-30" (inclusive: the end is 00:00 JST of the next day) or RFC 3339. */
bool moment_parse(utime_t *out, struct str s);

#endif
