/* form_sheet.c - a form as sheets to be filled in; see form_sheet.h. */
#include "core/form/form_sheet_inside.h"

static const char *const type_keys[FIELD_TYPES_COUNT] = {
        [FIELD_TEXT] = "form.sheet.type.text",       [FIELD_LINES] = "form.sheet.type.lines",     [FIELD_MAC] = "form.sheet.type.mac",
        [FIELD_MOMENT] = "form.sheet.type.moment",   [FIELD_CHOICE] = "form.sheet.type.choice",   [FIELD_CHOICES] = "form.sheet.type.choices",
        [FIELD_YES_NO] = "form.sheet.type.yes-no",   [FIELD_PLEDGE] = "form.sheet.type.pledge",   [FIELD_INTEGER] = "form.sheet.type.integer",
        [FIELD_DATE] = "form.sheet.type.date",       [FIELD_COUNTRY] = "form.sheet.type.country", [FIELD_COUNTRIES] = "form.sheet.type.countries",
        [FIELD_PERSON] = "form.sheet.type.id",       [FIELD_DOMAINS] = "form.sheet.type.domains", [FIELD_SERVICE] = "form.sheet.type.id",
        [FIELD_APPLICATION] = "form.sheet.type.id",  [FIELD_TABLE] = "form.sheet.type.table",
};

const struct form_sheet_column form_sheet_columns[FORM_SHEET_COLUMNS] = {
        [FORM_SHEET_ID] = { "id", "form.sheet.column.id" },
        { "question", "form.sheet.column.question" },
        { "help", "form.sheet.column.help" },
        { "type", "form.sheet.column.type" },
        { "required", "form.sheet.column.required" },
        { "choices", "form.sheet.column.choices" },
        [FORM_SHEET_ANSWER] = { "answer", "form.sheet.column.answer" },
};

const char *form_sheet_title(size_t column, enum lang lang)
{
        return text_get(lang, form_sheet_columns[column].key);
}

/* Ids are ASCII. A long one is cut, and its place in the form tells it from others that begin so. */
const char *form_sheet_name(char to[FORM_SHEET_NAME_MAX + 1], const struct pack_form *form, const struct pack_field *table)
{
        const char *id = table ? table->id : form->id;

        if (strlen(id) <= FORM_SHEET_NAME_MAX)
                (void)snprintf(to, FORM_SHEET_NAME_MAX + 1, "%s", id);
        else
                (void)snprintf(to, FORM_SHEET_NAME_MAX + 1, "%.26s-%zu", id, table ? (size_t)(table - form->fields) + 1 : 0);
        return to;
}

/* ---- the main sheet ---- */

struct writing {
        struct grid            *g;
        const struct pack_form *form;
        const struct pack      *pack;
        enum lang               lang;
};

static const char *demand(const struct pack_field *f, enum lang lang)
{
        if (f->visible_when.source || f->required_when.source)
                return text_get(lang, "form.sheet.depends");
        return f->required || f->type == FIELD_PLEDGE ? text_get(lang, "form.sheet.must") : text_get(lang, "form.sheet.may");
}

static void write_choices(struct buf *b, const struct writing *w, const struct pack_field *f)
{
        char low[16], high[16], name[FORM_SHEET_NAME_MAX + 1];
        const char *args[] = { low, high }, *sheet[] = { name };

        for (size_t i = 0; i < f->choices_count; i++) {
                if (b->n)
                        buf_char(b, '\n');
                form_cell_write(b, &(struct pack_field){ .type = FIELD_CHOICE, .choices = f->choices, .choices_count = f->choices_count }, str_of(f->choices[i].id), w->pack, w->lang);
        }
        if (f->type == FIELD_YES_NO)
                buf_printf(b, "%s\n%s", text_get(w->lang, "field.yes"), text_get(w->lang, "field.no"));
        if (f->type == FIELD_PLEDGE)
                buf_text(b, text_get(w->lang, "field.yes"));
        if (f->type == FIELD_INTEGER && f->high) {
                (void)snprintf(low, sizeof(low), "%u", f->low);
                (void)snprintf(high, sizeof(high), "%u", f->high);
                text_format(b, w->lang, "form.sheet.range", args, countof(args));
        }
        if (f->type == FIELD_TABLE) {
                (void)form_sheet_name(name, w->form, f);
                text_format(b, w->lang, "form.sheet.see", sheet, countof(sheet));
        }
}

static const char *kept(const struct writing *w, const struct buf *b)
{
        return buf_bad(b) ? NULL : arena_text(&w->g->arena, b->p ? b->p : "");
}

static const char *said(const char *text)
{
        return text ? text : "";
}

static int write_question(const struct writing *w, const struct pack_field *f, struct str stored, struct err *e)
{
        scoped(buf_done) struct buf choices = BUF_INIT, answer = BUF_INIT;
        struct grid_row *row = grid_add_row(w->g, &w->g->sheets[0]);
        const char *cells[FORM_SHEET_COLUMNS] = { f->id,         said(f->label.in[w->lang]), said(f->help.in[w->lang]), text_get(w->lang, type_keys[f->type]),
                                                  demand(f, w->lang) };

        write_choices(&choices, w, f);
        if (f->type != FIELD_TABLE)
                form_cell_write(&answer, f, stored, w->pack, w->lang);
        cells[FORM_SHEET_ANSWER - 1] = kept(w, &choices);
        cells[FORM_SHEET_ANSWER] = kept(w, &answer);
        for (size_t i = 0; row && i < FORM_SHEET_COLUMNS; i++) {
                row->cells[i] = cells[i] ? arena_text(&w->g->arena, cells[i]) : NULL;
                if (!row->cells[i])
                        row = NULL;
        }
        return row ? ERR_OK : err_set(e, ERR_NOMEM, "form: no memory for a sheet");
}

/* ---- the sheets of tables ---- */

/* What may stand in a column: a list to pick from. */
static int column_choices(struct grid_column *to, const struct writing *w, const struct pack_field *f, struct err *e)
{
        bool yes_no = f->type == FIELD_YES_NO, country = f->type == FIELD_COUNTRY;
        size_t n = yes_no ? 2 : country ? w->pack->countries_count : f->type == FIELD_CHOICE ? f->choices_count : 0;
        const char **list = arena_array(&w->g->arena, n + 1, sizeof(*list));

        if (!list)
                return err_set(e, ERR_NOMEM, "form: no memory for a sheet");
        for (size_t i = 0; i < n; i++)
                list[i] = yes_no ? text_get(w->lang, i ? "field.no" : "field.yes") : country ? w->pack->countries[i].name.in[w->lang] : f->choices[i].label.in[w->lang];
        for (size_t i = 0; i < n; i++)
                if (!list[i] || !*list[i])
                        list[i] = country ? w->pack->countries[i].id : f->choices[i].id;
        to->choices = list;
        to->choices_count = n <= GRID_CHOICES_MAX ? n : 0;
        return ERR_OK;
}

static int table_columns(struct grid_sheet *s, const struct writing *w, const struct pack_field *f, struct err *e)
{
        int r = ERR_OK;

        s->columns_count = f->columns_count;
        s->columns = arena_array(&w->g->arena, f->columns_count + 1, sizeof(*s->columns));
        if (!s->columns)
                return err_set(e, ERR_NOMEM, "form: no memory for a sheet");
        for (size_t i = 0; r == ERR_OK && i < f->columns_count; i++) {
                const struct pack_field *c = &f->columns[i];

                s->columns[i].id = c->id;
                for (int lang = 0; lang < LANG_COUNT; lang++)
                        s->columns[i].title[lang] = c->label.in[lang] && *c->label.in[lang] ? c->label.in[lang] : c->id;
                r = column_choices(&s->columns[i], w, c, e);
        }
        return r;
}

static int write_table(const struct writing *w, const struct pack_field *f, struct str stored, struct err *e)
{
        char name[FORM_SHEET_NAME_MAX + 1], *text = arena_alloc(&w->g->arena, stored.n + 1);
        struct table_walk walk = { stored, 0 };
        struct grid_sheet *s = &w->g->sheets[w->g->n];
        struct table_cell cell;
        int r;

        if (w->g->n == GRID_SHEETS_MAX)
                return err_key(e, ERR_TOO_BIG, "form.sheet.many", "", (char *)NULL);
        *s = (struct grid_sheet){ .name = arena_text(&w->g->arena, form_sheet_name(name, w->form, f)) };
        if (!s->name || !text)
                return err_set(e, ERR_NOMEM, "form: no memory for a sheet");
        w->g->n++;
        r = table_columns(s, w, f, e);
        while (r == ERR_OK && table_next(&walk, &cell)) {
                scoped(buf_done) struct buf b = BUF_INIT;
                size_t c = 0;

                while (c < f->columns_count && !str_is(cell.column, f->columns[c].id))
                        c++;
                while (s->rows_count <= cell.row)
                        if (!grid_add_row(w->g, s))
                                return err_set(e, ERR_NOMEM, "form: no memory for a sheet");
                if (c == f->columns_count)
                        continue;        /* of an older form */
                form_cell_write(&b, &f->columns[c], table_text(cell.raw, text), w->pack, w->lang);
                s->rows[cell.row].cells[c] = kept(w, &b);
                if (!s->rows[cell.row].cells[c])
                        return err_set(e, ERR_NOMEM, "form: no memory for a sheet");
        }
        return r;
}

/* ---- all of it ---- */

static struct str stored_of(const struct given *given, size_t n, const char *id)
{
        for (size_t i = 0; i < n; i++)
                if (str_is(given[i].field, id))
                        return given[i].value;
        return STR("");
}

static int write_main(const struct writing *w, struct err *e)
{
        struct grid_column *columns = arena_array(&w->g->arena, FORM_SHEET_COLUMNS, sizeof(*columns));
        char name[FORM_SHEET_NAME_MAX + 1];

        w->g->sheets[0] = (struct grid_sheet){ .name = arena_text(&w->g->arena, form_sheet_name(name, w->form, NULL)), .columns = columns, .columns_count = FORM_SHEET_COLUMNS };
        w->g->n = 1;
        if (!columns || !w->g->sheets[0].name)
                return err_set(e, ERR_NOMEM, "form: no memory for a sheet");
        for (size_t i = 0; i < FORM_SHEET_COLUMNS; i++)
                columns[i] = (struct grid_column){ .id = form_sheet_columns[i].id, .title = { form_sheet_title(i, LANG_JA), form_sheet_title(i, LANG_EN) },
                                                   .readonly = i != FORM_SHEET_ANSWER };
        return ERR_OK;
}

int form_sheet_write(struct grid *out, const struct pack_form *form, const struct given *given, size_t n, const struct pack *pack, enum lang lang,
                     struct err *e)
{
        scoped(grid_done) struct grid g = GRID_INIT;
        const struct writing w = { &g, form, pack, lang };
        int r = write_main(&w, e);

        for (size_t i = 0; r == ERR_OK && i < form->fields_count; i++) {
                const struct pack_field *f = &form->fields[i];
                struct str stored = stored_of(given, n, f->id);

                r = write_question(&w, f, stored, e);
                if (r == ERR_OK && f->type == FIELD_TABLE)
                        r = write_table(&w, f, stored, e);
        }
        if (r == ERR_OK && g.arena.refused)
                r = err_set(e, ERR_NOMEM, "form: no memory for a sheet");
        if (r < 0)
                return r;
        *out = g;
        g = GRID_INIT;
        return ERR_OK;
}
