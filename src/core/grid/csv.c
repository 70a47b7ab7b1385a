/* csv.c - see csv.h. */
#include "core/grid/csv.h"

struct reader {
        struct grid       *grid;
        struct grid_sheet *sheet;
        struct str         rest;
        char               apart;            /* ',' or TAB */
        bool               list;             /* csv_read_list() */
        struct buf         cell;
        size_t             row, column, cells;
};

static const char BOM[] = "\xef\xbb\xbf";

static int bad(const struct reader *r, const char *key, struct err *e)
{
        char row[24], column[GRID_CELL_NAME_MAX];

        (void)snprintf(row, sizeof(row), "%zu", r->row);
        return err_key(e, ERR_INPUT, key, "", row, grid_cell_name(column, r->sheet->name, r->row, r->column), (char *)NULL);
}

/* Tabs, when there are more of them than commas outside quotes: in the header, or in all of a list, which may begin with titles. */
static char apart_of(struct str s, bool whole)
{
        size_t commas = 0, tabs = 0;
        bool quoted = false;

        for (size_t i = 0; i < s.n && (whole || quoted || (s.p[i] != '\n' && s.p[i] != '\r')); i++) {
                quoted ^= s.p[i] == '"';
                commas += !quoted && s.p[i] == ',';
                tabs += !quoted && s.p[i] == '\t';
        }
        return tabs > commas ? '\t' : ',';
}

static char peek(const struct reader *r)
{
        return r->rest.n ? *r->rest.p : 0;
}

static void skip(struct reader *r)
{
        r->rest.p++;
        r->rest.n--;
}

static bool at_end(const struct reader *r)
{
        return !r->rest.n || peek(r) == '\n' || peek(r) == '\r' || peek(r) == r->apart;
}

static int cell_quoted(struct reader *r, struct err *e)
{
        skip(r);
        for (;;) {
                if (!r->rest.n)
                        return bad(r, "grid.csv.open", e);
                if (peek(r) == '"') {
                        skip(r);
                        if (peek(r) != '"' || !r->rest.n)
                                break;
                }
                buf_char(&r->cell, peek(r));
                skip(r);
        }
        return at_end(r) ? 0 : bad(r, "grid.csv.behind", e);
}

static int cell_read(struct reader *r, struct err *e)
{
        struct str from = r->rest;
        int no = 0;

        buf_clear(&r->cell);
        if (peek(r) == '"')
                no = cell_quoted(r, e);
        if (no < 0 && r->list) {      /* then the quotation mark is a character like any other */
                r->rest = from;
                buf_clear(&r->cell);
                no = 0;
        }
        for (; no == 0 && !at_end(r); skip(r))
                buf_char(&r->cell, peek(r));
        if (no < 0)
                return no;
        if (r->cell.n > GRID_CELL_MAX) {
                char name[GRID_CELL_NAME_MAX];

                return err_key(e, ERR_INPUT, "grid.cell.long", "", grid_cell_name(name, r->sheet->name, r->row, r->column), "32767", (char *)NULL);
        }
        return ++r->cells > GRID_CELLS_MAX ? err_key(e, ERR_TOO_BIG, "grid.big", "", r->sheet->name, "20000", "100", (char *)NULL) : 0;
}

/* What spreadsheets skip, or may skip, before they look whether a cell is a formula; and what begins one. */
static const char *const skipped[] = { "'", " ", "\t", "\r", "\n", "\xc2\xa0", "\xe3\x80\x80", "\xe2\x80\x8b", "\xef\xbb\xbf" };      /* NBSP, ideographic, zero-width, BOM */
static const char *const starters[] = { "=", "+", "-", "@", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0" };         /* ＝ ＋ － ＠ */

/* Bytes of the one of `list` that stands at `p`; 0: none. */
static size_t at_one(const char *p, const char *const *list, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (strncmp(p, list[i], strlen(list[i])) == 0)
                        return strlen(list[i]);
        return 0;
}

/* The answer is the same with one apostrophe more in front: what was written so is read so. */
static bool runs(const char *cell)
{
        size_t n;

        cell += strspn(cell, "'");
        if (*cell && strchr("\t\r\n", *cell))
                return true;
        while ((n = at_one(cell, skipped, countof(skipped))))
                cell += n;
        return at_one(cell, starters, countof(starters)) > 0;
}

static const char *cell_take(struct reader *r)
{
        const char *text = buf_bad(&r->cell) ? NULL : r->cell.p ? r->cell.p : "";

        if (text && *text == '\'' && runs(text))
                text++;
        return text ? arena_text(&r->grid->arena, text) : NULL;
}

/* Ends the cell: true when another follows in this row. */
static bool more_cells(struct reader *r)
{
        char end = peek(r);

        if (!r->rest.n)
                return false;
        skip(r);
        if (end == '\r' && r->rest.n && peek(r) == '\n')
                skip(r);
        return end == r->apart;
}

/* Cells of the widest line; empty ones at its end do not count. */
static int list_width(size_t *out, const struct reader *at, struct err *e)
{
        struct reader r = *at;
        size_t widest = 1;
        int no = 0;

        r.cell = BUF_INIT;
        for (; no == 0 && r.rest.n; r.row++) {
                bool more = true;

                for (r.column = 0; no == 0 && more; r.column++) {
                        no = cell_read(&r, e);
                        widest = r.cell.n && r.column >= widest ? r.column + 1 : widest;
                        if (no == 0 && widest > GRID_COLUMNS_MAX)
                                no = bad(&r, "grid.csv.wide", e);
                        more = no == 0 && more_cells(&r);
                }
        }
        buf_done(&r.cell);
        *out = widest;
        return no;
}

/* A title is shorter than a cell may be. What stands above the header of a list may be long; it is only looked at. */
static int title_check(struct reader *r, struct err *e)
{
        char name[GRID_CELL_NAME_MAX];

        if (r->cell.n <= GRID_TITLE_MAX)
                return 0;
        if (!r->list)
                return err_key(e, ERR_INPUT, "grid.cell.long", "", grid_cell_name(name, r->sheet->name, r->row, r->column), "400", (char *)NULL);
        for (r->cell.n = GRID_TITLE_MAX; ((unsigned char)r->cell.p[r->cell.n] & 0xc0) == 0x80; r->cell.n--)
                ;
        r->cell.p[r->cell.n] = 0;
        return 0;
}

static int header_read(struct reader *r, struct err *e)
{
        struct grid_column columns[GRID_COLUMNS_MAX] = { 0 };
        size_t width = 0;
        bool more = true;
        int no = r->list ? list_width(&width, r, e) : 0;

        for (; no == 0 && more; r->column++) {
                const char *id;

                no = cell_read(r, e);
                if (no == 0)
                        no = title_check(r, e);
                if (no < 0)
                        break;
                id = cell_take(r);
                if (!id)
                        return err_set(e, ERR_NOMEM, "no memory for a header");
                if (r->column < GRID_COLUMNS_MAX)
                        columns[r->column] = (struct grid_column){ .id = id, .title = { id, id } };
                else if (*id || !r->list)
                        return bad(r, "grid.csv.wide", e);
                more = more_cells(r);
        }
        if (no < 0)
                return no;
        r->sheet->columns_count = r->list ? width : r->column;
        for (size_t c = 0; c < r->sheet->columns_count; c++)
                if (!columns[c].id)
                        columns[c] = (struct grid_column){ .id = "", .title = { "", "" } };
        r->sheet->columns = arena_copy(&r->grid->arena, columns, r->sheet->columns_count * sizeof(*columns));
        return r->sheet->columns ? 0 : err_set(e, ERR_NOMEM, "no memory for a header");
}

static int row_read(struct reader *r, struct err *e)
{
        struct grid_row *row;
        bool more = true;

        if (r->sheet->rows_count == GRID_ROWS_MAX)
                return err_key(e, ERR_TOO_BIG, "grid.big", "", r->sheet->name, "20000", "100", (char *)NULL);
        row = grid_add_row(r->grid, r->sheet);
        if (!row)
                return err_set(e, ERR_NOMEM, "no memory for a row");
        for (r->column = 0; more; r->column++) {
                const char *text;
                int no = cell_read(r, e);

                if (no < 0)
                        return no;
                text = cell_take(r);
                if (!text)
                        return err_set(e, ERR_NOMEM, "no memory for a cell");
                if (r->column < r->sheet->columns_count)
                        row->cells[r->column] = text;
                else if (*text)
                        return bad(r, "grid.csv.wide", e);
                more = more_cells(r);
        }
        return 0;
}

static int sheet_read(struct reader *r, struct err *e)
{
        int no = header_read(r, e);

        while (no == 0 && r->rest.n) {
                r->row++;
                no = row_read(r, e);
        }
        return no;
}

static int csv_take(struct grid *out, const char *sheet, struct str bytes, struct reader r, struct err *e)
{
        scoped(grid_done) struct grid g = GRID_INIT;
        int no;

        r.grid = &g;
        r.sheet = g.sheets;
        r.rest = bytes;
        r.row = 1;
        if (str_starts(r.rest, BOM))
                r.rest = (struct str){ bytes.p + 3, bytes.n - 3 };
        g.n = 1;
        g.sheets[0].name = arena_text(&g.arena, sheet);
        if (!g.sheets[0].name)
                return err_set(e, ERR_NOMEM, "no memory for a sheet");
        if (bytes.n > GRID_BYTES_MAX)
                return err_key(e, ERR_TOO_BIG, "grid.big", "", sheet, "20000", "100", (char *)NULL);
        if (!utf8_ok(r.rest))      /* no NUL either */
                return err_key(e, ERR_INPUT, "grid.csv.encoding", "", (char *)NULL);
        if (!r.rest.n)
                return err_key(e, ERR_INPUT, "grid.csv.empty", "", (char *)NULL);
        r.apart = r.apart ? r.apart : apart_of(r.rest, r.list);
        no = sheet_read(&r, e);
        buf_done(&r.cell);
        if (no < 0)
                return no;
        *out = g;
        g = GRID_INIT;
        return 0;
}

int csv_read(struct grid *out, const char *sheet, struct str bytes, struct err *e)
{
        return csv_take(out, sheet, bytes, (struct reader){ 0 }, e);
}

int csv_read_list(struct grid *out, const char *sheet, struct str bytes, char apart, struct err *e)
{
        return csv_take(out, sheet, bytes, (struct reader){ .list = true, .apart = apart }, e);
}

/* ---- out ---- */

static void cell_write(struct buf *out, const char *cell)
{
        bool guard = runs(cell), quote = cell[strcspn(cell, ",\"\r\n\t")] || *cell == ' ' || (*cell && cell[strlen(cell) - 1] == ' ');

        if (!quote) {
                buf_printf(out, "%s%s", guard ? "'" : "", cell);
                return;
        }
        buf_text(out, guard ? "\"'" : "\"");
        for (const char *p = cell; *p; p++) {
                buf_char(out, *p);
                if (*p == '"')
                        buf_char(out, '"');
        }
        buf_char(out, '"');
}

int csv_write(struct buf *out, const struct grid_sheet *s, enum lang titles, struct err *e)
{
        buf_text(out, BOM);
        for (size_t c = 0; c < s->columns_count; c++) {
                buf_text(out, c ? "," : "");
                cell_write(out, s->columns[c].title[titles]);
        }
        buf_text(out, "\r\n");
        for (size_t i = 0; i < s->rows_count; i++) {
                for (size_t c = 0; c < s->columns_count; c++) {
                        buf_text(out, c ? "," : "");
                        cell_write(out, s->rows[i].cells[c]);
                }
                buf_text(out, "\r\n");
        }
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "no memory for the sheet %s", s->name) : 0;
}
