/* kinds.c - see kinds.h. */
#include "server/render/kinds.h"

#include <stdlib.h>

#include "core/grid/csv.h"

SCOPED(json_decref, json_t *)

static int grid_out(struct buf *out, const struct grid *g, struct err *e)
{
        scoped(json_decref) json_t *j = grid_json(g);
        char *text = j ? json_dumps(j, JSON_COMPACT) : NULL;

        if (!text)
                return err_set(e, ERR_NOMEM, "no memory for a grid");
        buf_text(out, text);
        free(text);
        return 0;
}

static int csv_to_grid(struct buf *out, struct str in, struct err *e)
{
        scoped(buf_done) struct buf utf8 = BUF_INIT;
        scoped(grid_done) struct grid g = GRID_INIT;
        int r = encoding_to_utf8(&utf8, in, e);

        if (r == 0)
                r = csv_read(&g, "csv", buf_view(&utf8), e);
        return r < 0 ? r : grid_out(out, &g, e);
}

static int list_to_grid(struct buf *out, struct str in, struct err *e)
{
        scoped(buf_done) struct buf utf8 = BUF_INIT;
        scoped(grid_done) struct grid g = GRID_INIT;
        int r = encoding_of_list(&utf8, in, e);

        if (r == 0)
                r = csv_read_list(&g, "csv", buf_view(&utf8), 0, e);
        return r < 0 ? r : grid_out(out, &g, e);
}

static int to_csv(struct buf *out, struct str in, enum lang titles, struct err *e)
{
        scoped(grid_done) struct grid g = GRID_INIT;
        int r = grid_parse(&g, in, e);

        if (r == 0 && g.n != 1)
                return err_key(e, ERR_INPUT, "grid.csv.sheets", "", (char *)NULL);
        return r < 0 ? r : csv_write(out, &g.sheets[0], titles, e);
}

static int to_xlsx(struct buf *out, struct str in, enum lang titles, struct err *e)
{
        scoped(grid_done) struct grid g = GRID_INIT;
        int r = grid_parse(&g, in, e);

        return r < 0 ? r : xlsx_write(out, &g, (int)titles, e);
}

static int grid_to_csv(struct buf *out, struct str in, struct err *e)     { return to_csv(out, in, LANG_JA, e); }
static int grid_to_csv_en(struct buf *out, struct str in, struct err *e)  { return to_csv(out, in, LANG_EN, e); }
static int grid_to_xlsx(struct buf *out, struct str in, struct err *e)    { return to_xlsx(out, in, LANG_JA, e); }
static int grid_to_xlsx_en(struct buf *out, struct str in, struct err *e) { return to_xlsx(out, in, LANG_EN, e); }

static const struct render_kind kinds[] = {
        { "csv-to-grid",     csv_to_grid },
        { "list-to-grid",    list_to_grid },
        { "grid-to-csv",     grid_to_csv },
        { "grid-to-csv-en",  grid_to_csv_en },
        { "grid-to-xlsx",    grid_to_xlsx },
        { "grid-to-xlsx-en", grid_to_xlsx_en },
        { "paper-to-pdf",    paper_to_pdf },
        { "file-type",       file_type },
};

int kinds_prepare(struct err *e)
{
        int r = encoding_prepare(e);

        paper_prepare();
        return r < 0 ? r : xlsx_prepare(e);
}

const struct render_kind *kinds_find(struct str name)
{
        for (size_t i = 0; i < countof(kinds); i++)
                if (str_is(name, kinds[i].name))
                        return &kinds[i];
        return NULL;
}
