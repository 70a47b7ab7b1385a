/* table.c - answers that are rows: JSON in, the one stored spelling out.
 *
 * In   an array of objects, each a row: column id to text. Cells left out or empty are not answered; rows without any answer are
 *      left out. Out: the same without blanks between, columns in the form's order, only `"`, `\` and LF escaped: \" \\ \n.
 */
#include <jansson.h>

#include "core/form/types.h"

#include "core/pack/chars.h"

static void json_drop(json_t *j)
{
        json_decref(j);
}
SCOPED(json_drop, json_t *)

/* Puts row and column behind the field's id; a column whose path is too long for an err is left out. */
static int refuse_at(struct err *e, const struct pack_field *f, size_t row, const char *column, int r)
{
        char path[2 * PACK_ID_MAX + 24];

        if (!e || r != ERR_INPUT)
                return r;
        if (!*column || (size_t)snprintf(path, sizeof(path), "%s.%zu.%s", f->id, row, column) >= sizeof(e->field))
                (void)snprintf(path, sizeof(path), "%s.%zu", f->id, row);
        (void)snprintf(e->field, sizeof(e->field), "%.*s", (int)sizeof(e->field) - 1, path);
        return r;
}

static int refuse_count(struct err *e, const struct pack_field *f, const char *key, uint32_t n)
{
        char what[16];

        (void)snprintf(what, sizeof(what), "%u", n);
        return field_refuse(e, f, key, what, "");
}

static const struct pack_field *column_find(const struct pack_field *f, const char *id)
{
        for (size_t i = 0; i < f->columns_count; i++)
                if (strcmp(f->columns[i].id, id) == 0)
                        return &f->columns[i];
        return NULL;
}

/* Every member is a column's, and is text. */
static int row_check(const struct pack_field *f, json_t *row, size_t number, struct err *e)
{
        const char *id;
        json_t *cell;

        if (!json_is_object(row))
                return refuse_at(e, f, number, "", field_refuse(e, f, "form.table", "", ""));
        json_object_foreach(row, id, cell) {
                const char *shown = pack_id_ok(str_of(id)) ? id : "?";

                if (!column_find(f, id))
                        return refuse_at(e, f, number, "", field_refuse(e, f, "form.unknown-column", shown, ""));
                if (!json_is_string(cell))
                        return refuse_at(e, f, number, shown, field_refuse(e, f, "form.table", "", ""));
        }
        return 0;
}

static struct str cell_of(json_t *row, const struct pack_field *column)
{
        json_t *cell = json_object_get(row, column->id);

        return cell ? chars_trim((struct str){ json_string_value(cell), json_string_length(cell) }) : (struct str){ "", 0 };
}

static bool row_is_blank(const struct pack_field *f, json_t *row)
{
        for (size_t i = 0; i < f->columns_count; i++)
                if (cell_of(row, &f->columns[i]).n)
                        return false;
        return true;
}

static void put_text(struct buf *b, struct str s)
{
        buf_char(b, '"');
        for (size_t i = 0; i < s.n; i++) {
                if (s.p[i] == '"' || s.p[i] == '\\' || s.p[i] == '\n')
                        buf_char(b, '\\');
                buf_char(b, (char)(s.p[i] == '\n' ? 'n' : s.p[i]));
        }
        buf_char(b, '"');
}

static int row_put(struct buf *b, const struct pack_field *f, json_t *row, size_t number, const struct form_context *ctx, struct arena *a,
                   struct err *e)
{
        char before = '{';

        for (size_t i = 0; i < f->columns_count; i++) {
                const struct pack_field *column = &f->columns[i];
                struct str s = cell_of(row, column);
                int r = ERR_OK;

                if (!s.n && column->required)
                        r = field_refuse(e, column, "form.required", "", "");
                else if (s.n)
                        r = field_normalise(&s, column, s, ctx, a, e);
                if (r < 0)
                        return refuse_at(e, f, number, column->id, r);
                if (!s.n)
                        continue;
                buf_char(b, before);
                put_text(b, str_of(column->id));
                buf_char(b, ':');
                put_text(b, s);
                before = ',';
        }
        buf_char(b, '}');
        return 0;
}

static int rows_put(struct buf *b, const struct pack_field *f, json_t *rows, const struct form_context *ctx, struct arena *a, struct err *e)
{
        uint32_t high = f->high && f->high < FORM_ROWS_MAX ? f->high : FORM_ROWS_MAX, n = 0;

        for (size_t i = 0; i < json_array_size(rows); i++) {
                json_t *row = json_array_get(rows, i);
                int r = row_check(f, row, i + 1, e);

                if (r == 0 && row_is_blank(f, row))
                        continue;
                if (r == 0 && ++n > high)
                        r = refuse_count(e, f, "form.rows-many", high);
                if (r < 0)
                        return r;
                buf_char(b, n == 1 ? '[' : ',');
                r = row_put(b, f, row, i + 1, ctx, a, e);
                if (r < 0)
                        return r;
        }
        if (n)
                buf_char(b, ']');
        return n && n < f->low ? refuse_count(e, f, "form.rows-few", f->low) : 0;
}

/* A table without rows is not answered: its stored spelling is empty. */
int table_normalise(struct str *out, const struct pack_field *f, struct str s, const struct form_context *ctx, struct arena *a, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        json_error_t why;
        scoped(json_drop) json_t *rows = NULL;
        const char *copy;
        int r;

        if (s.n > FORM_TABLE_BYTES_MAX)
                return field_refuse(e, f, "form.table-long", "", "");
        rows = json_loadb(s.p, s.n, JSON_REJECT_DUPLICATES, &why);
        if (!rows && json_error_code(&why) == json_error_out_of_memory)
                return err_set(e, ERR_NOMEM, "form: no memory for a table");
        if (!json_is_array(rows))
                return field_refuse(e, f, "form.table", "", "");
        r = rows_put(&b, f, rows, ctx, a, e);
        if (r < 0)
                return r;
        copy = arena_copy(a, b.p ? b.p : "", b.n);
        if (!copy || buf_bad(&b))
                return err_set(e, ERR_NOMEM, "form: no memory for a table");
        *out = (struct str){ copy, b.n };
        return 0;
}
