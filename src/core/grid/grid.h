/* grid.h - sheets of text cells: what a pack, a form or a register looks like in a spreadsheet.
 *
 * Does      hold sheets of rows and columns; JSON of docs/formats/grid.md both ways; name a cell as a spreadsheet does.
 * Layer     core; pure, jansson.
 * Owns      everything lives in the grid's arena: grid_done().
 * Units     rows of a grid count from 0; people see the header as row 1 and the first row of a sheet as row 2.
 * Trusts    nothing: counts and lengths are capped, text is UTF-8 without NUL, each row has as many cells as columns.
 * Fails     ERR_INPUT with a key grid.*; ERR_NOMEM.
 */
#ifndef CORE_GRID_GRID_H
#define CORE_GRID_GRID_H

#include <jansson.h>

#include "base/arena.h"
#include "core/text/text.h"

enum {
        GRID_SHEETS_MAX = 8, GRID_COLUMNS_MAX = 100, GRID_ROWS_MAX = 20000, GRID_CELLS_MAX = 400000,
        GRID_CELL_MAX = 32767,           /* bytes; what Excel takes in characters */
        GRID_TITLE_MAX = 400, GRID_CHOICES_MAX = 300,
        GRID_BYTES_MAX = 16 * 1024 * 1024,
};

struct grid_column {
        const char        *id;
        const char        *title[LANG_COUNT];
        bool               readonly;             /* says which record the row is: another id is another record */
        const char *const *choices;
        size_t             choices_count;
};

struct grid_row { const char **cells; };         /* as many as the sheet has columns; "" when empty, never NULL */

struct grid_sheet {
        const char         *name;
        struct grid_column *columns;
        size_t              columns_count;
        struct grid_row    *rows;
        size_t              rows_count, rows_room;
};

struct grid { struct arena arena; struct grid_sheet sheets[GRID_SHEETS_MAX]; size_t n; };

#define GRID_INIT ((struct grid){ 0 })

void grid_done(struct grid *g);
static inline void grid_done_at(struct grid *g)
{
        grid_done(g);
}

/* A row of empty cells at the end. NULL: no memory, or too many. */
struct grid_row *grid_add_row(struct grid *g, struct grid_sheet *s) MUST_CHECK;

const struct grid_sheet *grid_find(const struct grid *g, const char *name);      /* NULL when absent */

json_t *grid_json(const struct grid *g);                        /* a new reference; NULL when there is no memory */
int     grid_take(struct grid *out, const json_t *j, struct err *e);
int     grid_parse(struct grid *out, struct str bytes, struct err *e);

/* "forms!C12": row as people count it, column from 0. */
enum { GRID_CELL_NAME_MAX = 80 };
const char *grid_cell_name(char to[GRID_CELL_NAME_MAX], const char *sheet, size_t row, size_t column);

#endif
