/* form_sheet.h - a form as sheets of a spreadsheet, for whoever answers outside of the office, and the answers back.
 *
 * Does      write one row a question (id, question, how to answer, answer), each table on a sheet of its own; read them again as people
 *           fill such sheets in: choices and countries by label or id, several of them behind each other, yes and no, days and numbers
 *           in all their spellings; say what is wrong at its cell, in form_check's words.
 * Layer     core; pure.
 * Owns      a written grid owns its texts; what is read lives in the arena and points into the grid.
 * Trusts    nothing: what stands in a grid may be anything. Text is UTF-8 in NFC (the edge does that).
 * Fails     ERR_INPUT `grid.sheet.missing`, `grid.header.missing`: this is no such sheet. ERR_TOO_BIG: more tables than a grid has sheets.
 *
 * Sheets    the form's id, then those of its tables; Excel takes 31 characters. A grid with one sheet only (a CSV) may name it anyhow.
 */
#ifndef CORE_FORM_FORM_SHEET_H
#define CORE_FORM_FORM_SHEET_H

#include "core/form/form.h"
#include "core/grid/grid.h"

enum { FORM_SLIPS_MAX = 50, FORM_SHEET_NAME_MAX = 31 };

/* `given` are stored values, of this form or of an older one: what is no longer a choice is written as it is stored. */
int form_sheet_write(struct grid *out, const struct pack_form *form, const struct given *given, size_t n, const struct pack *pack, enum lang lang,
                     struct err *e);

/* field NULL: it belongs to no question. */
struct form_slip { const char *cell; const struct pack_field *field; struct err what; };
struct form_slips { struct form_slip at[FORM_SLIPS_MAX]; size_t n, total; };

struct form_table;                     /* a table's sheet, inside */

struct form_sheet {
        const struct pack_form   *form;
        const struct pack        *pack;
        enum lang                 lang;
        const struct grid        *grid;
        const struct grid_sheet  *main;
        size_t                    answer_column;
        size_t                   *lines;             /* of each field, as people count; 0: no row */
        struct form_table        *tables;            /* of each field */
        struct given             *given;             /* as form_state() takes them; of a table JSON without escapes */
        size_t                    n;
        struct form_slips         slips;             /* mistakes */
        struct form_slips         unasked;           /* answers to what nobody asks, as the others are: form.sheet.unasked */
        struct answer            *answers;           /* right ones, as they are stored; after form_sheet_check() */
        size_t                    answers_n;
};

/* First what stands there, then, in a context that may hang on it, what it is worth. The header is known in every language. */
int form_sheet_read(struct form_sheet *out, const struct grid *g, const struct pack_form *form, const struct pack *pack, enum lang lang, struct arena *a,
                    struct err *e);
int form_sheet_check(struct form_sheet *x, const struct form_context *ctx, struct arena *a, struct err *e);

/* A stored answer as people read it, a choice a line; of persons, services and applications the id. */
void form_cell_write(struct buf *out, const struct pack_field *f, struct str stored, const struct pack *pack, enum lang lang);

#endif
