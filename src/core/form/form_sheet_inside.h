/* form_sheet_inside.h - what the parts of form_sheet share.
 *
 * Layer     core; inside form/.
 */
#ifndef CORE_FORM_FORM_SHEET_INSIDE_H
#define CORE_FORM_FORM_SHEET_INSIDE_H

#include "core/form/form_sheet.h"

enum { FORM_SHEET_COLUMNS = 7, FORM_SHEET_ID = 0, FORM_SHEET_ANSWER = 6 };

struct form_sheet_column { const char *id, *key; };
extern const struct form_sheet_column form_sheet_columns[FORM_SHEET_COLUMNS];

const char *form_sheet_title(size_t column, enum lang lang);
const char *form_sheet_name(char to[FORM_SHEET_NAME_MAX + 1], const struct pack_form *form, const struct pack_field *table);     /* NULL: the main one */

/* ---- one cell ---- */

/* What a choice is called. Folded; points into the arena. */
struct form_word { const char *id; struct str called[1 + LANG_COUNT]; };
struct form_words { const struct form_word *words; size_t n; };

int form_words_of(struct form_words *out, const struct pack_field *f, const struct pack *pack, struct arena *a, struct err *e);

/* As field_normalise() takes it; what cannot be read stays, so that it is refused there. */
int form_cell_read(struct str *out, const struct pack_field *f, const char *cell, const struct form_words *words, const struct pack *pack, struct arena *a,
                   struct err *e);

#endif
