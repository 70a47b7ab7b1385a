/* register_sheet.c - a list of a register as a sheet, to keep, to print, or to edit and bring back (imports.c). */
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/rows.h"
#include "server/office/api/shape.h"
#include "server/office/api/sheets.h"
#include "server/office/command/records.h"
#include "server/office/office.h"

#include "core/grid/grid.h"
#include "core/register/access.h"

enum { KEY_ROOM = 160 };

static const char *title(const struct register_info *reg, const char *column, enum lang lang)
{
        char key[KEY_ROOM];

        (void)snprintf(key, sizeof(key), "register.%s.%s", reg->id, column);
        return text_get(lang, key);
}

/* The words of a choice, as the asker reads them: what may stand in the cell. */
static int choices_of(struct grid_column *out, struct grid *g, const struct request *rq, const struct register_info *reg, const struct register_column *c, struct err *e)
{
        const char **list = arena_array(&g->arena, GRID_CHOICES_MAX, sizeof(*list));
        const struct pack *pack = rq->office->pack;
        size_t n = 0;

        if (!list)
                return err_set(e, ERR_NOMEM, "choices");
        for (struct str word, rest = str_of(c->type == REGISTER_WORD ? c->words : ""); rest.n && n < GRID_CHOICES_MAX;) {
                char key[KEY_ROOM];

                if (!str_cut(rest, ' ', &word, &rest)) {
                        word = rest;
                        rest = STR("");
                }
                (void)snprintf(key, sizeof(key), "register.%s.%s.%.*s", reg->id, c->id, (int)word.n, word.p);
                list[n++] = text_get(rq->lang, key);
        }
        for (size_t i = 0; c->type == REGISTER_LIST && i < pack->lists_count; i++)
                for (size_t k = 0; strcmp(pack->lists[i].id, c->words) == 0 && k < pack->lists[i].choices_count && n < GRID_CHOICES_MAX; k++)
                        list[n++] = pack->lists[i].choices[k].label.in[rq->lang];
        out->choices = list;
        out->choices_count = n;
        return ERR_OK;
}

/* id, the row that it hangs on, then all columns that whoever asks may see. */
static int export_columns(struct grid *g, const struct register_column **of, struct request *rq, const struct register_info *reg, bool manages, struct err *e)
{
        struct grid_column *columns = arena_array(&g->arena, reg->columns_count + 2, sizeof(*columns));
        struct grid_sheet *s = &g->sheets[0];
        size_t n = 0;

        if (!columns)
                return err_set(e, ERR_NOMEM, "columns");
        columns[n++] = (struct grid_column){ .id = "id", .title = { text_get(LANG_JA, "import.id"), text_get(LANG_EN, "import.id") }, .readonly = true };
        if (reg->of) {
                char key[KEY_ROOM];

                (void)snprintf(key, sizeof(key), "register.%s.caption", reg->of);
                columns[n++] = (struct grid_column){ .id = "of", .title = { text_get(LANG_JA, key), text_get(LANG_EN, key) }, .readonly = true };
        }
        for (size_t i = 0; i < reg->columns_count; i++) {
                const struct register_column *c = &reg->columns[i];

                if (!access_column(reg, c, &rq->session.who, manages))
                        continue;
                of[n] = c;
                columns[n] = (struct grid_column){ .id = c->id, .title = { title(reg, c->id, LANG_JA), title(reg, c->id, LANG_EN) }, .readonly = c->flags & REGISTER_FIXED };
                if (choices_of(&columns[n++], g, rq, reg, c, e) < 0)
                        return ERR_NOMEM;
        }
        s->name = reg->id;
        s->columns = columns;
        s->columns_count = n;
        g->n = 1;
        return ERR_OK;
}

static const char *cell_text(struct grid *g, const struct request *rq, const struct row *row, const struct register_info *reg, const struct register_column *c,
                             const struct record_env *env, bool is_of)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct str name = STR("");
        bool over;

        if (c)
                record_show(&b, row, c, env, rq->lang);
        else if (is_of && env->name(env->ctx, register_find(str_of(reg->of)), row_get_text(row, reg->of_col), &name, &over, NULL) == ERR_OK)
                buf_str(&b, name);
        else if (!is_of)
                buf_text(&b, row->id);
        return buf_bad(&b) ? NULL : arena_text(&g->arena, b.p ? b.p : "");
}

static int export_rows(struct grid *g, struct request *rq, const struct register_info *reg, const struct register_filter *f, bool manages, struct err *e)
{
        const struct register_column *of[ROW_COLS_MAX + 2] = { 0 };
        struct records *names = arena_new(rq->arena, struct records);
        struct grid_sheet *s = &g->sheets[0];
        struct row *rows = NULL;
        size_t n = 0;
        int r = names ? export_columns(g, of, rq, reg, manages, e) : err_set(e, ERR_NOMEM, "sheet");

        if (r == ERR_OK)
                r = records_init(names, rq->office->pack, rq->lang, rq->db, rq->arena, e);
        if (r == ERR_OK)
                r = query_register(&rows, &n, rq->db, reg, f, rq->arena, e);
        if (r == ERR_OK && (n >= GRID_ROWS_MAX || n * s->columns_count > GRID_CELLS_MAX))
                return err_key(e, ERR_TOO_BIG, "grid.big", "", reg->id, "20000", "100", NULL);
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                struct grid_row *to = grid_add_row(g, s);

                for (size_t c = 0; to && c < s->columns_count; c++)
                        if (!(to->cells[c] = cell_text(g, rq, &rows[i], reg, of[c], &names->env, c == 1 && reg->of)))
                                to = NULL;
                if (!to)
                        return err_set(e, ERR_NOMEM, "sheet");
        }
        return r;
}

int get_register_sheet(struct request *rq, struct reply *out, struct err *e)
{
        scoped(grid_done) struct grid g = GRID_INIT;
        scoped(json_decref) json_t *grid = NULL;
        struct register_filter f = { .limit = GRID_ROWS_MAX };
        const struct actor *who = &rq->session.who;
        const struct register_info *reg;
        struct str format = STR("grid");
        char ending[16];
        int r = rows_register(&reg, rq->param, e);

        if (r < 0)
                return r;
        if (!access_sees(reg, rq->office->pack, who, true))
                return err_key(e, ERR_FORBIDDEN, "error.forbidden", "", NULL);
        if (!access_sees(reg, rq->office->pack, who, false))
                f.person = who->person;
        r = scgi_field(&format, rq->scgi->query, "format", rq->arena, e);
        if (r == ERR_OK || r == ERR_ABSENT)
                r = rows_filter(&f, rq, reg, e);
        if (r == ERR_OK)
                r = export_rows(&g, rq, reg, &f, f.person != NULL, e);
        if (r < 0)
                return r;
        grid = grid_json(&g);
        if (!grid)
                return err_set(e, ERR_NOMEM, "sheet");
        (void)snprintf(ending, sizeof(ending), ".%.*s", format.n < 8 ? (int)format.n : 0, format.p);
        if (!str_is(format, "grid"))
                return sheets_send(rq, out, grid, reg->id, str_of(ending), e);
        out->json = take(grid);
        return ERR_OK;
}
