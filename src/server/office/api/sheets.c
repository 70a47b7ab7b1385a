/* sheets.c - parts of the pack in force as sheets, for whoever keeps the rules: out, and a dry run of what comes back. Nothing is stored.
 *
 * What is shown is what all layers come to; adopting what was edited is another act. Foreign bytes (CSV) and files (xlsx) are render's.
 */
#include "base/codec.h"
#include "core/pack/diff.h"
#include "core/pack/flatten.h"
#include "core/pack/sheet.h"
#include "link/render_call.h"
#include "server/office/api/handlers.h"
#include "server/office/api/shape.h"
#include "server/office/api/sheets.h"
#include "server/office/office.h"
#include "sys/clock.h"

enum { RENDER_WAIT_S = 25, KIND_ROOM = 32, SAID_MAX = 2000 };

/* What may stand behind the point of a sheet's name: how render makes it, and what it is. */
static const struct { const char *ending, *kind[LANG_COUNT], *type; } files[] = {
        { ".csv",  { "grid-to-csv", "grid-to-csv-en" },   "text/csv; charset=utf-8" },
        { ".xlsx", { "grid-to-xlsx", "grid-to-xlsx-en" }, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
};

/* The sheet's name as text; too long a one is none. */
static const char *name_of(char to[KIND_ROOM], struct str s)
{
        (void)snprintf(to, KIND_ROOM, "%.*s", s.n < KIND_ROOM ? (int)s.n : 0, s.p);
        return to;
}

static int flat_of(struct pack_flat **out, struct request *rq, struct err *e)
{
        struct pack_flat *flat = arena_new(rq->arena, struct pack_flat);
        int r = flat ? pack_flatten(flat, rq->office->pack, rq->arena, e) : err_set(e, ERR_NOMEM, "sheet");

        *out = flat;
        return r;
}

int sheets_render(struct buf *out, struct request *rq, const char *kind, struct str in, struct err *e)
{
        char socket[OFFICE_PATH_MAX + 32];
        struct err why = { 0 };
        int r;

        (void)snprintf(socket, sizeof(socket), "%s/run/render.sock", rq->office->dir);
        r = render_call(out, socket, kind, in, clock_boot() + RENDER_WAIT_S * UTIME_S, &why);
        if (r == ERR_ABSENT || r == ERR_IO || r == ERR_TIMEOUT)
                return err_key(e, ERR_BUSY, "grid.render.absent", "", NULL);
        if (r < 0 && e)
                *e = why;
        return r;
}

int sheets_send(struct request *rq, struct reply *out, const json_t *grid, const char *name, struct str ending, struct err *e)
{
        size_t which = 0;
        char *text;
        int r;

        while (which < countof(files) && !str_is(ending, files[which].ending))
                which++;
        if (which == countof(files))
                return err_key(e, ERR_ABSENT, "grid.sheet.absent", "", name, NULL);
        text = json_dumps(grid, JSON_COMPACT);
        r = text ? sheets_render(&out->text, rq, files[which].kind[rq->lang], str_of(text), e) : err_set(e, ERR_NOMEM, "sheet");
        free(text);
        out->type = files[which].type;
        buf_printf(&out->headers, "Content-Disposition: attachment; filename=\"%s%s\"\r\n", name, files[which].ending);
        return r;
}

int sheets_tidy(struct grid_sheet *s, struct request *rq, struct err *e)
{
        for (size_t i = 0; i < s->rows_count; i++)
                for (size_t c = 0; c < s->columns_count; c++) {
                        const char *cell = s->rows[i].cells[c], *p = cell;
                        struct str text;

                        while (*p && (unsigned char)*p < 0x80)
                                p++;
                        if (*p && shape_text(&text, str_of(cell), "grid", rq->arena, e) < 0)
                                return ERR_INPUT;
                        if (*p)
                                s->rows[i].cells[c] = text.p;
                }
        return ERR_OK;
}

int get_sheet(struct request *rq, struct reply *out, struct err *e)
{
        scoped(grid_done) struct grid g = GRID_INIT;
        scoped(json_decref) json_t *grid = NULL;
        struct str name = rq->param, ending = STR("");
        char text[KIND_ROOM];
        struct pack_flat *flat;
        int r;

        if (str_cut(rq->param, '.', &name, &ending))
                ending = (struct str){ ending.p - 1, ending.n + 1 };
        r = flat_of(&flat, rq, e);
        if (r == ERR_OK)
                r = sheet_from_pack(&g, name_of(text, name), flat->files, flat->n, e);
        if (r < 0)
                return r;
        grid = grid_json(&g);
        if (!grid)
                return err_set(e, ERR_NOMEM, "sheet");
        if (ending.n)
                return sheets_send(rq, out, grid, text, ending, e);
        out->json = take(grid);
        return ERR_OK;
}

/* A CSV of whatever encoding, in base64, as the grid that a check takes. */
int read_sheet(struct request *rq, struct reply *out, struct err *e)
{
        const struct member members[] = { { "file", MEMBER_TEXT, RENDER_IN_MAX } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        scoped(buf_done) struct buf grid = BUF_INIT;
        char name[KIND_ROOM];
        uint8_t *bytes;
        size_t n = 0;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r < 0)
                return r;
        bytes = arena_alloc(rq->arena, v[0].text.n + 1);
        if (!bytes || !base64_decode(v[0].text, bytes, v[0].text.n, &n))
                return err_key(e, ERR_INPUT, "common.member.type", "file", "file", NULL);
        r = sheets_render(&grid, rq, "csv-to-grid", (struct str){ (const char *)bytes, n }, e);
        if (r < 0)
                return r;
        out->json = json_loadb(grid.p, grid.n, JSON_REJECT_DUPLICATES, NULL);
        if (!out->json)
                return err_set(e, ERR_IO, "render answers no JSON");
        (void)json_object_set_new(json_array_get(json_object_get(out->json, "sheets"), 0), "name", json_string(name_of(name, rq->param)));
        return ERR_OK;
}

/* ---- the dry run ---- */

static json_t *both(void (*say)(struct buf *, const void *, enum lang), const void *what)
{
        json_t *o = json_object();

        for (int lang = 0; lang < LANG_COUNT; lang++) {
                scoped(buf_done) struct buf words = BUF_INIT;

                say(&words, what, (enum lang)lang);
                (void)json_put(o, lang == LANG_JA ? "ja" : "en", json_of(buf_view(&words)));
        }
        return o;
}

static void say_err(struct buf *out, const void *e, enum lang lang)
{
        text_err(out, lang, e);
}

static void say_change(struct buf *out, const void *c, enum lang lang)
{
        pack_change_text(out, c, lang);
}

static void see_fault(void *ctx, const struct sheet_fault *f)
{
        json_t *o = json_pack("{s:s, s:I, s:I, s:o}", "where", f->what.args[0], "row", (json_int_t)f->row, "column", (json_int_t)f->column, "message", both(say_err, &f->what));

        (void)json_array_append_new(ctx, o);
}

struct told { json_t *list; size_t n; };

static void see_change(void *ctx, const struct change *c)
{
        struct told *t = ctx;

        if (t->n++ < SAID_MAX)
                (void)json_array_append_new(t->list, both(say_change, c));
}

static int compare(json_t *answer, struct pack_edit *edit, const struct pack_flat *flat, struct err *e)
{
        scoped(pack_free) struct pack *before = NULL;
        struct told changes = { .list = json_object_get(answer, "changes") };
        json_t *loosened = json_object_get(answer, "loosened");
        int r = pack_load(&before, flat->files, flat->n, NULL, NULL, e);

        if (r == ERR_OK)
                r = pack_edit_loosens(edit, before, e);
        if (r < 0)
                return r;
        pack_diff(before, edit->pack, see_change, &changes);
        for (const struct pack_loosened *l = edit->pack->loosened; l < edit->pack->loosened + edit->pack->loosened_count; l++)
                (void)json_array_append_new(loosened, json_pack("{s:s, s:o}", "clause", l->clause ? l->clause : "", "what", both(say_change, l->change)));
        return json_put(answer, "total", json_integer((json_int_t)changes.n)) ? ERR_OK : err_set(e, ERR_NOMEM, "sheet");
}

int check_sheet(struct request *rq, struct reply *out, struct err *e)
{
        const struct member members[] = { { "grid", MEMBER_OBJECT, 0 } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL, *answer = json_pack("{s:[], s:[], s:[], s:i}", "faults", "changes", "loosened", "total", 0);
        scoped(grid_done) struct grid g = GRID_INIT;
        scoped(pack_edit_free) struct pack_edit *edit = NULL;
        char name[KIND_ROOM];
        struct pack_flat *flat;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = grid_take(&g, v[0].object, e);
        if (r == ERR_OK)
                r = flat_of(&flat, rq, e);
        if (r < 0)
                return r;
        r = sheet_to_pack(&edit, name_of(name, rq->param), &g, flat->files, flat->n, see_fault, json_object_get(answer, "faults"), e);
        if (r == ERR_INPUT && json_array_size(json_object_get(answer, "faults")))
                r = ERR_OK;                      /* told in the answer */
        else if (r == ERR_OK)
                r = compare(answer, edit, flat, e);
        if (r < 0)
                return r;
        out->json = take(answer);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "sheet");
}
