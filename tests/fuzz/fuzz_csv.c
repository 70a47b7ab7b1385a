/* fuzz_csv.c - files of spreadsheets: what is taken is a grid that its JSON says again, and that comes back from CSV as it was. */
#include <stdlib.h>

#include "core/grid/csv.h"
#include "server/render/kinds.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

SCOPED(json_decref, json_t *)

static void same(const struct grid_sheet *a, const struct grid_sheet *b)
{
        if (a->columns_count != b->columns_count || a->rows_count != b->rows_count)
                __builtin_trap();
        for (size_t c = 0; c < a->columns_count; c++)
                if (strcmp(a->columns[c].id, b->columns[c].id) != 0)
                        __builtin_trap();
        for (size_t i = 0; i < a->rows_count; i++)
                for (size_t c = 0; c < a->columns_count; c++)
                        if (strcmp(a->rows[i].cells[c], b->rows[i].cells[c]) != 0)
                                __builtin_trap();
}

static void comes_back(struct grid *g)
{
        scoped(buf_done) struct buf csv = BUF_INIT;
        scoped(grid_done) struct grid again = GRID_INIT, said = GRID_INIT;
        scoped(json_decref) json_t *j = grid_json(g);
        char *text;

        text = j ? json_dumps(j, JSON_COMPACT) : NULL;
        if (!text || grid_parse(&said, str_of(text), NULL) < 0)
                __builtin_trap();
        free(text);
        same(&g->sheets[0], &said.sheets[0]);
        if (csv_write(&csv, &g->sheets[0], LANG_JA, NULL) < 0 || csv_read(&again, "csv", buf_view(&csv), NULL) < 0)
                __builtin_trap();
        same(&g->sheets[0], &again.sheets[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        static bool ready;
        scoped(buf_done) struct buf utf8 = BUF_INIT, list = BUF_INIT;
        scoped(grid_done) struct grid g = GRID_INIT, l = GRID_INIT;

        if (!ready && encoding_prepare(NULL) < 0)
                __builtin_trap();
        ready = true;
        if (encoding_to_utf8(&utf8, (struct str){ (const char *)data, n }, NULL) == 0 && csv_read(&g, "csv", buf_view(&utf8), NULL) == 0)
                comes_back(&g);
        if (encoding_of_list(&list, (struct str){ (const char *)data, n }, NULL) < 0)
                __builtin_trap();
        if (csv_read_list(&l, "list", buf_view(&list), 0, NULL) == 0)
                comes_back(&l);
        return 0;
}
