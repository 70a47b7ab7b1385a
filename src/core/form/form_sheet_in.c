/* form_sheet_in.c - filled sheets back into answers; see form_sheet.h. What belongs to no question is said, never left out in silence. */
#include <jansson.h>
#include <stdlib.h>

#include "core/form/form_sheet_inside.h"
#include "core/form/types.h"
#include "core/pack/chars.h"
#include "core/text/fold.h"

#define NOWHERE SIZE_MAX

SCOPED(json_decref, json_t *)

struct form_table {
        const struct grid_sheet *sheet;        /* NULL: there is none */
        size_t                  *at;           /* the sheet's column of each of the table's; NOWHERE */
        struct str              *cells;        /* rows by columns of the table, as field_normalise() takes them */
        size_t                   rows;         /* to the last that is not blank */
};

static int no_memory(struct err *e)
{
        return err_set(e, ERR_NOMEM, "form: no memory for a sheet");
}

/* ---- what is wrong ---- */

static int slip(struct form_slips *to, const struct grid_sheet *s, size_t line, size_t column, const struct pack_field *f, const struct err *what, struct arena *a,
                struct err *e)
{
        char cell[GRID_CELL_NAME_MAX];

        if (to->total++ >= FORM_SLIPS_MAX)
                return ERR_OK;
        to->at[to->n] = (struct form_slip){ arena_text(a, grid_cell_name(cell, s->name, line, column)), f, *what };
        return to->at[to->n++].cell ? ERR_OK : no_memory(e);
}

/* Words from outside, cut between characters. */
static const char *shown(char to[ERR_ARG_MAX], const char *text)
{
        struct str all = str_of(text), rest = all;
        size_t n = 0;

        while (rest.n && all.n - rest.n < ERR_ARG_MAX - 8) {
                n = all.n - rest.n;
                (void)char_next(&rest);
        }
        if (!rest.n && all.n < ERR_ARG_MAX)
                n = all.n;
        (void)snprintf(to, ERR_ARG_MAX, "%.*s", (int)n, n ? text : "");
        return to;
}

static bool is_blank(const char *cell)
{
        return !chars_trim(str_of(cell)).n;
}

static bool row_is_blank(const struct grid_sheet *s, size_t row)
{
        for (size_t c = 0; c < s->columns_count; c++)
                if (!is_blank(s->rows[row].cells[c]))
                        return false;
        return true;
}

/* ---- headers ---- */

struct head { const char *id, *title[LANG_COUNT]; };

static bool is_head(const struct head *h, const char *text, bool by_id)
{
        scoped(buf_done) struct buf a = BUF_INIT, b = BUF_INIT;
        bool hit = by_id && fold_same(str_trim(str_of(text)), str_of(h->id));

        fold_word(&a, str_of(text));
        for (int lang = 0; lang < LANG_COUNT && !hit && !by_id; lang++) {
                buf_clear(&b);
                fold_word(&b, str_of(h->title[lang]));
                hit = a.n && str_eq(buf_view(&a), buf_view(&b));
        }
        return hit;
}

static size_t head_find(const struct head *heads, size_t n, const char *text)
{
        for (int by_id = 1; by_id >= 0; by_id--)
                for (size_t i = 0; i < n; i++)
                        if (is_head(&heads[i], text, by_id))
                                return i;
        return n;
}

/* Where each column stands. One that the form has not, but with something in it, is a mistake. */
static int heads_read(struct form_sheet *x, size_t *at, const struct grid_sheet *s, const struct head *heads, size_t n, const struct pack_field *f, struct arena *a,
                      struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; i < n; i++)
                at[i] = NOWHERE;
        for (size_t c = 0; r == ERR_OK && c < s->columns_count; c++) {
                size_t i = head_find(heads, n, s->columns[c].id);
                char cell[GRID_CELL_NAME_MAX], word[ERR_ARG_MAX];
                bool says = !is_blank(s->columns[c].id);
                struct err what;

                for (size_t row = 0; i == n && !says && row < s->rows_count; row++)
                        says = !is_blank(s->rows[row].cells[c]);
                if (i < n && at[i] == NOWHERE) {
                        at[i] = c;
                        continue;
                }
                if (!says)
                        continue;
                (void)err_key(&what, ERR_INPUT, i < n ? "grid.header.twice" : "grid.header.unknown", "", grid_cell_name(cell, s->name, 1, c), shown(word, s->columns[c].id), (char *)NULL);
                r = slip(&x->slips, s, 1, c, f, &what, a, e);
        }
        return r;
}

/* ---- the main sheet ---- */

static int main_columns(struct form_sheet *x, size_t at[FORM_SHEET_COLUMNS], struct arena *a, struct err *e)
{
        static const size_t needed[] = { FORM_SHEET_ID, FORM_SHEET_ANSWER };
        struct head heads[FORM_SHEET_COLUMNS];
        char cell[GRID_CELL_NAME_MAX];
        int r;

        for (size_t i = 0; i < FORM_SHEET_COLUMNS; i++)
                heads[i] = (struct head){ form_sheet_columns[i].id, { form_sheet_title(i, LANG_JA), form_sheet_title(i, LANG_EN) } };
        r = heads_read(x, at, x->main, heads, FORM_SHEET_COLUMNS, NULL, a, e);
        for (size_t i = 0; r == ERR_OK && i < countof(needed); i++)
                if (at[needed[i]] == NOWHERE)
                        r = err_key(e, ERR_INPUT, "grid.header.missing", "grid", grid_cell_name(cell, x->main->name, 1, 0), form_sheet_title(needed[i], x->lang), (char *)NULL);
        return r;
}

static size_t field_index(const struct pack_form *form, struct str id)
{
        size_t i = 0;

        while (i < form->fields_count && !fold_same(id, str_of(form->fields[i].id)))
                i++;
        return i;
}

/* Which question the row asks; fields_count, and a mistake, when it asks none. */
static int row_field(size_t *out, struct form_sheet *x, size_t line, size_t column, const char *id, struct arena *a, struct err *e)
{
        char other[GRID_CELL_NAME_MAX], word[ERR_ARG_MAX];
        size_t i = field_index(x->form, chars_trim(str_of(id)));
        struct err what;

        *out = i;
        if (is_blank(id))
                (void)err_key(&what, ERR_INPUT, "form.sheet.row-nameless", "", (char *)NULL);
        else if (i == x->form->fields_count)
                (void)err_key(&what, ERR_INPUT, "form.sheet.row-unknown", "", shown(word, id), (char *)NULL);
        else if (x->lines[i])
                (void)err_key(&what, ERR_INPUT, "form.sheet.row-twice", "", x->form->fields[i].id, grid_cell_name(other, x->main->name, x->lines[i], column), (char *)NULL);
        else
                return ERR_OK;
        *out = x->form->fields_count;
        return slip(&x->slips, x->main, line, column, NULL, &what, a, e);
}

static int answer_read(struct form_sheet *x, size_t i, const char *cell, size_t line, struct arena *a, struct err *e)
{
        const struct pack_field *f = &x->form->fields[i];
        struct given *to = &x->given[x->n];
        struct form_words words;
        char name[FORM_SHEET_NAME_MAX + 1];
        struct err what;
        int r;

        if (is_blank(cell))
                return ERR_OK;
        if (f->type == FIELD_TABLE) {
                (void)err_key(&what, ERR_INPUT, "form.sheet.elsewhere", f->id, form_sheet_name(name, x->form, f), (char *)NULL);
                return slip(&x->slips, x->main, line, x->answer_column, f, &what, a, e);
        }
        r = form_words_of(&words, f, x->pack, a, e);
        if (r == ERR_OK)
                r = form_cell_read(&to->value, f, cell, &words, x->pack, a, e);
        to->field = str_of(f->id);
        x->n += r == ERR_OK;
        return r;
}

static int main_read(struct form_sheet *x, struct arena *a, struct err *e)
{
        size_t at[FORM_SHEET_COLUMNS];
        int r = main_columns(x, at, a, e);

        x->answer_column = at[FORM_SHEET_ANSWER];
        for (size_t row = 0; r == ERR_OK && row < x->main->rows_count; row++) {
                const char *const *cells = x->main->rows[row].cells;
                size_t i;

                if (row_is_blank(x->main, row))
                        continue;
                r = row_field(&i, x, row + 2, at[FORM_SHEET_ID], cells[at[FORM_SHEET_ID]], a, e);
                if (r < 0 || i == x->form->fields_count)
                        continue;
                x->lines[i] = row + 2;
                r = answer_read(x, i, cells[x->answer_column], row + 2, a, e);
        }
        return r;
}

/* ---- tables ---- */

static int table_cells(struct form_sheet *x, struct form_table *t, const struct pack_field *f, struct arena *a, struct err *e)
{
        struct form_words *words = arena_array(a, f->columns_count + 1, sizeof(*words));
        int r = words ? ERR_OK : no_memory(e);

        for (size_t row = 0; row < t->sheet->rows_count; row++)
                if (!row_is_blank(t->sheet, row))
                        t->rows = row + 1;
        t->cells = arena_array(a, t->rows * f->columns_count + 1, sizeof(*t->cells));
        if (!t->cells)
                return no_memory(e);
        for (size_t c = 0; r == ERR_OK && c < f->columns_count; c++) {
                r = form_words_of(&words[c], &f->columns[c], x->pack, a, e);
                for (size_t row = 0; r == ERR_OK && row < t->rows; row++) {
                        const char *cell = t->at[c] == NOWHERE ? "" : t->sheet->rows[row].cells[t->at[c]];

                        r = form_cell_read(&t->cells[row * f->columns_count + c], &f->columns[c], cell, &words[c], x->pack, a, e);
                }
        }
        return r;
}

/* One object a row of the sheet, blank ones too, so that rows keep their numbers. */
static int table_json(struct form_sheet *x, const struct form_table *t, const struct pack_field *f, struct arena *a, struct err *e)
{
        scoped(json_decref) json_t *rows = json_array();
        const char *copy;
        char *text;

        for (size_t row = 0; row < t->rows; row++) {
                json_t *o = json_object();

                for (size_t c = 0; c < f->columns_count; c++) {
                        struct str v = t->cells[row * f->columns_count + c];

                        if (v.n && json_object_set_new(o, f->columns[c].id, json_stringn(v.p, v.n)) < 0)
                                return json_decref(o), no_memory(e);
                }
                if (json_array_append_new(rows, o) < 0)
                        return no_memory(e);
        }
        text = json_dumps(rows, JSON_COMPACT);
        copy = text ? arena_text(a, text) : NULL;
        free(text);
        if (!copy)
                return no_memory(e);
        x->given[x->n++] = (struct given){ str_of(f->id), str_of(copy) };
        return ERR_OK;
}

static int table_read(struct form_sheet *x, struct form_table *t, const struct pack_field *f, struct arena *a, struct err *e)
{
        struct head *heads = arena_array(a, f->columns_count + 1, sizeof(*heads));
        char name[FORM_SHEET_NAME_MAX + 1];
        int r;

        t->sheet = grid_find(x->grid, form_sheet_name(name, x->form, f));
        t->at = arena_array(a, f->columns_count + 1, sizeof(*t->at));
        if (!heads || !t->at)
                return no_memory(e);
        if (!t->sheet || t->sheet == x->main)
                return t->sheet = NULL, ERR_OK;
        for (size_t i = 0; i < f->columns_count; i++)
                heads[i] = (struct head){ f->columns[i].id, { f->columns[i].label.in[LANG_JA], f->columns[i].label.in[LANG_EN] } };
        r = heads_read(x, t->at, t->sheet, heads, f->columns_count, f, a, e);
        if (r == ERR_OK)
                r = table_cells(x, t, f, a, e);
        return r == ERR_OK && t->rows ? table_json(x, t, f, a, e) : r;
}

/* ---- sheets ---- */

/* A sheet that nobody asked for, with something on it. */
static int sheets_check(struct form_sheet *x, struct arena *a, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < x->grid->n; i++) {
                const struct grid_sheet *s = &x->grid->sheets[i];
                bool known = s == x->main, says = false;
                struct err what;

                for (size_t k = 0; k < x->form->fields_count; k++)
                        known = known || x->tables[k].sheet == s;
                for (size_t c = 0; c < s->columns_count; c++)
                        says = says || !is_blank(s->columns[c].id);
                for (size_t row = 0; row < s->rows_count && !says; row++)
                        says = !row_is_blank(s, row);
                if (known || !says)
                        continue;
                (void)err_key(&what, ERR_INPUT, "form.sheet.sheet-unknown", "", s->name, (char *)NULL);
                r = slip(&x->slips, s, 1, 0, NULL, &what, a, e);
        }
        return r;
}

static bool is_table_name(const struct pack_form *form, const char *sheet)
{
        char name[FORM_SHEET_NAME_MAX + 1];

        for (size_t i = 0; i < form->fields_count; i++)
                if (form->fields[i].type == FIELD_TABLE && strcmp(form_sheet_name(name, form, &form->fields[i]), sheet) == 0)
                        return true;
        return false;
}

int form_sheet_read(struct form_sheet *out, const struct grid *g, const struct pack_form *form, const struct pack *pack, enum lang lang, struct arena *a,
                    struct err *e)
{
        char name[FORM_SHEET_NAME_MAX + 1];
        size_t fields = form->fields_count;
        int r = ERR_OK;

        *out = (struct form_sheet){ .form = form, .pack = pack, .lang = lang, .grid = g, .main = grid_find(g, form_sheet_name(name, form, NULL)) };
        if (!out->main && g->n == 1 && !is_table_name(form, g->sheets[0].name))
                out->main = &g->sheets[0];
        if (!out->main)
                return err_key(e, ERR_INPUT, "grid.sheet.missing", "grid", name, (char *)NULL);
        out->lines = arena_array(a, fields + 1, sizeof(*out->lines));
        out->tables = arena_array(a, fields + 1, sizeof(*out->tables));
        out->given = arena_array(a, fields + 1, sizeof(*out->given));
        if (!out->lines || !out->tables || !out->given)
                return no_memory(e);
        r = main_read(out, a, e);
        for (size_t i = 0; r == ERR_OK && i < fields; i++)
                if (form->fields[i].type == FIELD_TABLE)
                        r = table_read(out, &out->tables[i], &form->fields[i], a, e);
        return r == ERR_OK ? sheets_check(out, a, e) : r;
}

/* ---- what it is worth ---- */

/* form_state() ends at a table's first mistake; whoever mends a sheet wants them all. */
static int table_slips(struct form_sheet *x, const struct form_table *t, const struct pack_field *f, const struct form_context *ctx, struct arena *a, struct err *e)
{
        int r = ERR_OK;

        for (size_t row = 0; r == ERR_OK && row < t->rows; row++)
                for (size_t c = 0; r == ERR_OK && c < f->columns_count && !row_is_blank(t->sheet, row); c++) {
                        struct str v = t->cells[row * f->columns_count + c];
                        struct err what = { 0 };

                        if (v.n)
                                r = field_normalise(&v, &f->columns[c], v, ctx, a, &what);
                        else if (f->columns[c].required)
                                r = field_refuse(&what, &f->columns[c], "form.required", "", "");
                        if (r == ERR_INPUT)
                                r = slip(&x->slips, t->sheet, row + 2, t->at[c] == NOWHERE ? t->sheet->columns_count : t->at[c], f, &what, a, e);
                        else if (r < 0 && e)
                                *e = what;
                }
        return r;
}

/* Where a question's answer stands, or would. */
static int field_slip(struct form_sheet *x, struct form_slips *to, size_t i, const struct err *what, struct arena *a, struct err *e)
{
        const struct pack_field *f = &x->form->fields[i];
        struct err absent;

        if (x->tables[i].sheet)
                return slip(to, x->tables[i].sheet, 2, 0, f, what, a, e);
        if (x->lines[i])
                return slip(to, x->main, x->lines[i], x->answer_column, f, what, a, e);
        (void)err_key(&absent, ERR_INPUT, "form.sheet.row-missing", f->id, f->id, (char *)NULL);
        return slip(to, x->main, x->main->rows_count + 2, x->answer_column, f, &absent, a, e);
}

static bool is_given(const struct form_sheet *x, const struct pack_field *f)
{
        for (size_t i = 0; i < x->n; i++)
                if (str_is(x->given[i].field, f->id))
                        return true;
        return false;
}

static int field_check(struct form_sheet *x, size_t i, const struct field_state *s, const struct form_context *ctx, struct arena *a, struct err *e)
{
        const struct form_table *t = &x->tables[i];
        size_t before = x->slips.total;
        struct err what;
        int r = ERR_OK;

        if (!s->visible && is_given(x, s->field)) {
                (void)err_key(&what, ERR_INPUT, "form.sheet.unasked", s->field->id, (char *)NULL);
                return field_slip(x, &x->unasked, i, &what, a, e);
        }
        if (s->error && t->rows)
                r = table_slips(x, t, s->field, ctx, a, e);
        if (r == ERR_OK && s->error && x->slips.total == before)
                r = field_slip(x, &x->slips, i, s->error, a, e);
        if (!s->error && s->value.n)
                x->answers[x->answers_n++] = (struct answer){ s->field, s->value };
        return r;
}

int form_sheet_check(struct form_sheet *x, const struct form_context *ctx, struct arena *a, struct err *e)
{
        struct field_state *states = arena_array(a, x->form->fields_count + 1, sizeof(*states));
        int r;

        x->answers = arena_array(a, x->form->fields_count + 1, sizeof(*x->answers));
        r = states && x->answers ? form_state(states, x->form, x->given, x->n, ctx, a, e) : no_memory(e);
        for (size_t i = 0; r == ERR_OK && i < x->form->fields_count; i++)
                r = field_check(x, i, &states[i], ctx, a, e);
        return r;
}
