/* grid.c - see grid.h. */
#include "core/grid/grid.h"

#include <stdlib.h>

static const char *const langs[LANG_COUNT] = { "ja", "en" };

SCOPED(json_decref, json_t *)

void grid_done(struct grid *g)
{
        arena_done(&g->arena);
        *g = GRID_INIT;
}

struct grid_row *grid_add_row(struct grid *g, struct grid_sheet *s)
{
        const char **cells;

        if (s->rows_count == GRID_ROWS_MAX)
                return NULL;
        if (s->rows_count == s->rows_room) {
                size_t room = s->rows_room ? 2 * s->rows_room : 64;
                struct grid_row *rows = arena_array(&g->arena, room, sizeof(*rows));

                if (!rows)
                        return NULL;
                if (s->rows_count)
                        memcpy(rows, s->rows, s->rows_count * sizeof(*rows));
                s->rows = rows;
                s->rows_room = room;
        }
        cells = arena_array(&g->arena, s->columns_count, sizeof(*cells));
        if (!cells)
                return NULL;
        for (size_t i = 0; i < s->columns_count; i++)
                cells[i] = "";
        s->rows[s->rows_count].cells = cells;
        return &s->rows[s->rows_count++];
}

const struct grid_sheet *grid_find(const struct grid *g, const char *name)
{
        for (size_t i = 0; i < g->n; i++)
                if (strcmp(g->sheets[i].name, name) == 0)
                        return &g->sheets[i];
        return NULL;
}

const char *grid_cell_name(char to[GRID_CELL_NAME_MAX], const char *sheet, size_t row, size_t column)
{
        char letters[8], *p = letters + sizeof(letters) - 1;

        *p = 0;
        for (size_t c = column + 1; c && p > letters; c = (c - 1) / 26)
                *--p = (char)('A' + (c - 1) % 26);
        (void)snprintf(to, GRID_CELL_NAME_MAX, "%.48s!%s%zu", sheet, p, row);
        return to;
}

/* ---- out ---- */

static json_t *column_json(const struct grid_column *c)
{
        scoped(json_decref) json_t *j = json_pack("{s:s, s:{s:s, s:s}}", "id", c->id, "title", "ja", c->title[LANG_JA], "en", c->title[LANG_EN]);
        json_t *choices = NULL;

        if (!j || (c->readonly && json_object_set_new(j, "readonly", json_true()) < 0))
                return NULL;
        if (c->choices_count) {
                choices = json_array();
                for (size_t i = 0; i < c->choices_count; i++)
                        if (json_array_append_new(choices, json_string(c->choices[i])) < 0)
                                return json_decref(choices), NULL;
                if (json_object_set_new(j, "choices", choices) < 0)
                        return NULL;
        }
        return take(j);
}

static json_t *row_json(const struct grid_sheet *s, const struct grid_row *r)
{
        scoped(json_decref) json_t *j = json_array();

        for (size_t i = 0; i < s->columns_count; i++)
                if (json_array_append_new(j, json_string(r->cells[i])) < 0)
                        return NULL;
        return take(j);
}

static json_t *sheet_json(const struct grid_sheet *s)
{
        scoped(json_decref) json_t *columns = json_array();
        scoped(json_decref) json_t *rows = json_array();

        for (size_t i = 0; i < s->columns_count; i++)
                if (json_array_append_new(columns, column_json(&s->columns[i])) < 0)
                        return NULL;
        for (size_t i = 0; i < s->rows_count; i++)
                if (json_array_append_new(rows, row_json(s, &s->rows[i])) < 0)
                        return NULL;
        return json_pack("{s:s, s:O, s:O}", "name", s->name, "columns", columns, "rows", rows);
}

json_t *grid_json(const struct grid *g)
{
        scoped(json_decref) json_t *sheets = json_array();

        for (size_t i = 0; i < g->n; i++)
                if (json_array_append_new(sheets, sheet_json(&g->sheets[i])) < 0)
                        return NULL;
        return json_pack("{s:i, s:O}", "sekisho-grid", 1, "sheets", sheets);
}

/* ---- in ---- */

static int bad(struct err *e, const char *where, const char *what)
{
        return err_key(e, ERR_INPUT, "grid.json", "", where, what, (char *)NULL);
}

/* Text of 1..most bytes (`least` 0: may be empty or absent). NULL: something else stands there. */
static const char *text_of(struct arena *a, const json_t *j, size_t least, size_t most)
{
        size_t n;

        if (!j && !least)
                return "";
        if (!json_is_string(j))
                return NULL;
        n = json_string_length(j);
        return n < least || n > most || memchr(json_string_value(j), 0, n) ? NULL : arena_copy(a, json_string_value(j), n);
}

/* Every member of `j` is one of `known`. */
static bool only(const json_t *j, const char *const *known)
{
        const char *key;
        json_t *v;

        if (!json_is_object(j))
                return false;
        json_object_foreach((json_t *)(uintptr_t)j, key, v) {
                size_t i = 0;

                while (known[i] && strcmp(known[i], key) != 0)
                        i++;
                if (!known[i])
                        return false;
        }
        return true;
}

static bool choices_take(struct arena *a, struct grid_column *out, const json_t *j)
{
        size_t n = json_array_size(j);
        const char **choices = arena_array(a, n ? n : 1, sizeof(*choices));

        if (!choices || n > GRID_CHOICES_MAX || (j && !json_is_array(j)))
                return false;
        for (size_t i = 0; i < n; i++) {
                choices[i] = text_of(a, json_array_get(j, i), 1, GRID_TITLE_MAX);
                if (!choices[i])
                        return false;
        }
        out->choices = choices;
        out->choices_count = n;
        return true;
}

static int column_take(struct arena *a, struct grid_column *out, const json_t *j, const char *sheet, struct err *e)
{
        static const char *const known[] = { "id", "title", "readonly", "choices", NULL }, *const spoken[] = { "ja", "en", NULL };
        const json_t *title = json_object_get(j, "title");

        out->id = text_of(a, json_object_get(j, "id"), 0, GRID_TITLE_MAX);      /* a header cell of a file may be empty */
        if (!only(j, known) || !out->id || (title && !only(title, spoken)))
                return bad(e, sheet, "columns");
        for (int lang = 0; lang < LANG_COUNT; lang++) {
                out->title[lang] = text_of(a, json_object_get(title, langs[lang]), 0, GRID_TITLE_MAX);
                if (!out->title[lang])
                        return bad(e, sheet, "title");
                if (!*out->title[lang])
                        out->title[lang] = out->id;
        }
        out->readonly = json_is_true(json_object_get(j, "readonly"));
        return choices_take(a, out, json_object_get(j, "choices")) ? 0 : bad(e, sheet, "choices");
}

static int row_take(struct grid *g, struct grid_sheet *s, const json_t *j, size_t i, struct err *e)
{
        struct grid_row *row;
        char where[GRID_CELL_NAME_MAX];

        if (!json_is_array(j) || json_array_size(j) != s->columns_count)
                return bad(e, grid_cell_name(where, s->name, i + 2, 0), "cells");
        row = grid_add_row(g, s);
        if (!row)
                return err_set(e, ERR_NOMEM, "no memory for a row");
        for (size_t c = 0; c < s->columns_count; c++) {
                row->cells[c] = text_of(&g->arena, json_array_get(j, c), 0, GRID_CELL_MAX);
                if (!row->cells[c])
                        return err_key(e, ERR_INPUT, "grid.cell.long", "", grid_cell_name(where, s->name, i + 2, c), "32767", (char *)NULL);
        }
        return 0;
}

static int sheet_take(struct grid *g, const json_t *j, size_t *cells, struct err *e)
{
        static const char *const known[] = { "name", "columns", "rows", NULL };
        const json_t *columns = json_object_get(j, "columns"), *rows = json_object_get(j, "rows");
        struct grid_sheet *s = &g->sheets[g->n];
        size_t n = json_array_size(rows);
        int r = 0;

        *s = (struct grid_sheet){ .name = text_of(&g->arena, json_object_get(j, "name"), 1, 48), .columns_count = json_array_size(columns) };
        if (!only(j, known) || !s->name || !json_is_array(columns) || !json_is_array(rows) || !s->columns_count)
                return bad(e, "sheets", "name, columns, rows");
        *cells += n * s->columns_count;      /* both are far below 2^32: the bytes are capped */
        if (s->columns_count > GRID_COLUMNS_MAX || n > GRID_ROWS_MAX || *cells > GRID_CELLS_MAX)
                return err_key(e, ERR_TOO_BIG, "grid.big", "", s->name, "20000", "100", (char *)NULL);
        s->columns = arena_array(&g->arena, s->columns_count, sizeof(*s->columns));
        if (!s->columns)
                return err_set(e, ERR_NOMEM, "no memory for a sheet");
        for (size_t i = 0; r == 0 && i < s->columns_count; i++)
                r = column_take(&g->arena, &s->columns[i], json_array_get(columns, i), s->name, e);
        for (size_t i = 0; r == 0 && i < n; i++)
                r = row_take(g, s, json_array_get(rows, i), i, e);
        if (r == 0 && grid_find(g, s->name))
                return bad(e, s->name, "name");
        g->n++;
        return r;
}

int grid_take(struct grid *out, const json_t *j, struct err *e)
{
        static const char *const known[] = { "sekisho-grid", "sheets", NULL };
        const json_t *sheets = json_object_get(j, "sheets");
        scoped(grid_done) struct grid g = GRID_INIT;
        size_t cells = 0, n = json_array_size(sheets);
        int r = 0;

        if (!only(j, known) || json_integer_value(json_object_get(j, "sekisho-grid")) != 1 || !n || n > GRID_SHEETS_MAX)
                return bad(e, "sekisho-grid", "1, sheets");
        for (size_t i = 0; r == 0 && i < n; i++)
                r = sheet_take(&g, json_array_get(sheets, i), &cells, e);
        if (g.arena.refused)
                return err_set(e, ERR_NOMEM, "no memory for a grid");
        if (r < 0)
                return r;
        *out = g;
        g = GRID_INIT;
        return 0;
}

int grid_parse(struct grid *out, struct str bytes, struct err *e)
{
        json_error_t at;
        scoped(json_decref) json_t *j = NULL;
        char line[16];

        if (bytes.n > GRID_BYTES_MAX)
                return err_key(e, ERR_TOO_BIG, "grid.big", "", "grid", "20000", "100", (char *)NULL);
        j = json_loadb(bytes.p ? bytes.p : "", bytes.n, JSON_REJECT_DUPLICATES, &at);
        if (!j) {
                (void)snprintf(line, sizeof(line), "%d", at.line);
                return bad(e, line, at.text);
        }
        return grid_take(out, j, e);
}
