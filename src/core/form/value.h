/* value.h - stored answers as the values that conditions see.
 *
 * Does      read a stored spelling by its field's type; walk the cells of a stored table.
 * Layer     core; pure.
 * Owns      nothing: values point into the stored text and into the room given. A room holds one list at a time, which is all that
 *           a condition ever looks at at once (expr/eval.c: a list is compared with single values only).
 * Trusts    nothing: what has not the stored spelling is open, and so is a list or a text that the room does not hold.
 */
#ifndef CORE_FORM_VALUE_H
#define CORE_FORM_VALUE_H

#include "core/pack/pack.h"

enum { VALUE_ITEMS_MAX = 300, VALUE_TEXT_MAX = 4096 };
struct value_room { struct expr_value items[VALUE_ITEMS_MAX]; char text[VALUE_TEXT_MAX]; };

/* `stored` was handed in: empty is blank; of a table without rows it is a known list of none. A moment is the day that it ends. */
struct expr_value value_of(const struct pack_field *f, bool is_list, struct str stored, struct value_room *room);
struct expr_value value_of_column(const struct pack_field *column, struct str stored, struct value_room *room);

/* ---- stored tables: [{"name":"…","country":"JP"},…], columns in the form's order, empty cells and rows left out ---- */

struct table_walk { struct str rest; size_t rows; };                        /* { stored, 0 } begins */
struct table_cell { size_t row; struct str column, raw; };                  /* row from 0; raw: with its \" \\ \n */

bool       table_next(struct table_walk *w, struct table_cell *out);        /* false: no more */
size_t     table_rows(struct str stored);
struct str table_text(struct str raw, char *to);                            /* `to` has raw.n bytes; without escapes raw itself */

#endif
