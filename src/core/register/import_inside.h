/* import_inside.h - what the files of the import planner share; for src/core/register/import*.c only.
 *
 * Layer     core; pure.
 */
#ifndef CORE_REGISTER_IMPORT_INSIDE_H
#define CORE_REGISTER_IMPORT_INSIDE_H

#include "core/register/import.h"

/* Rows by a folded text; several may have the same. Sorted once, then asked. */
struct import_item { struct str key; size_t at; };
struct import_index { struct import_item *items; size_t n, room; };

int    import_index_add(struct import_index *x, struct str key, size_t at, struct arena *a, struct err *e);      /* no key: nothing is added */
void   import_index_sort(struct import_index *x);
size_t import_index_find(const struct import_index *x, struct str key, const struct import_item **first);        /* how many */

struct importing {
        const struct import_in *in;
        struct import_plan     *out;
        struct arena           *a;
        struct record_env       env;               /* ours: people, providers and sections of `in`, the rest by in->env */
        struct import_index     people, providers, sections;      /* into in->people ..., by every name they go by */
        struct row             *made;              /* providers and sections that the plan makes */
        size_t                  made_n, made_room;
        bool                    makes_sections;
        bool                    told[ROW_COLS_MAX];               /* slips that are the same on each line: once */
        size_t                  ids_used;
        size_t                  rows_room, entries_room, line;
};

int         import_env_init(struct importing *x, struct err *e);
struct str  import_folded(struct importing *x, struct str s);               /* fold_word(), in the arena; empty when there is no memory: the arena says so */
struct str  import_said(struct importing *x, size_t line, enum import_as as, const struct register_column *c, size_t *column);      /* tidied; empty when there is no such column */
bool        import_row_over(const struct register_info *r, const struct row *row);      /* ended, closed, left ... */
struct uuid import_fresh(struct importing *x);

/* A slip at its cell; IMPORT_WHOLE_LINE for none. Always ERR_OK, or ERR_NOMEM. */
int import_slip(struct importing *x, size_t line, size_t column, const char *target, struct str value, const struct err *what, struct err *e);
int import_tell(struct importing *x, enum import_note_kind kind, const char *id, struct str name, struct str more, struct err *e);

/* Sets the column from its cell of x->line, as people write it. Slips are added; *bad says so. `keeps`: an empty cell says nothing. */
int import_take(struct importing *x, struct row *row, const struct register_info *reg, const struct register_column *c, bool keeps, bool *bad, struct err *e);

/* A slip when the row lacks what it must have; a column that the whole block lacks is told once. */
int import_complete(struct importing *x, const struct row *row, struct err *e);

/* Other words for one of a WORD column; the cell itself when the table has none. */
struct str import_other_word(struct importing *x, const struct register_info *reg, const struct register_column *c, struct str cell);

/* An entry, then its rows. */
int import_entry(struct importing *x, const struct register_info *reg, const char *verb, struct err *e);
int import_row(struct importing *x, const struct row *row, struct err *e);

int import_plain(struct importing *x, struct err *e);        /* any register but people */
int import_people(struct importing *x, struct err *e);

/* Is this a line of totals, or the header once more? *blank: nothing stands in it. */
bool import_skips(struct importing *x, size_t line, bool *blank, enum import_why *why);
size_t import_lines(const struct grid_sheet *s);             /* with the first */

#endif
