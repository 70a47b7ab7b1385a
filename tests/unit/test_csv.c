/* What spreadsheets save and what they must not run. */
#include "core/grid/csv.h"

#include "unit.h"

/* Cells of all rows, header first: "a|b/1|2". */
static void spell(char *to, size_t room, const struct grid_sheet *s)
{
        size_t n = 0;

        for (size_t i = 0; i <= s->rows_count; i++)
                for (size_t c = 0; c < s->columns_count; c++)
                        n += (size_t)snprintf(to + n, n < room ? room - n : 0, "%s%s", c ? "|" : i ? "/" : "", i ? s->rows[i - 1].cells[c] : s->columns[c].id);
}

static const struct { const char *name, *csv, *want; } reads[] = {
        { "CR LF",                      "a,b\r\n1,2\r\n",             "a|b/1|2" },
        { "LF, no end",                 "a,b\n1,2",                   "a|b/1|2" },
        { "CR",                         "a,b\r1,2\r",                 "a|b/1|2" },
        { "BOM",                        "\xef\xbb\xbf" "a,b\n1,2\n",  "a|b/1|2" },
        { "quotes",                     "a,b\n\"x,\"\"y\"\"\",\"\"\n", "a|b/x,\"y\"|" },
        { "a line end in quotes",       "a,b\n\"x\r\ny\",z\n",        "a|b/x\r\ny|z" },
        { "tabs",                       "a\tb,c\td\n1\t2\t3\n",       "a|b,c|d/1|2|3" },
        { "short rows",                 "a,b,c\n1\n",                 "a|b|c/1||" },
        { "empty cells behind",         "a,b\n1,2,,,\n",              "a|b/1|2" },
        { "an empty line is a row",     "a,b\n\n1,2\n",               "a|b/|/1|2" },
        { "numbers stay text",          "a\n0012\n2026-04-01\n1e5\n", "a/0012/2026-04-01/1e5" },
        { "an apostrophe guards",       "a\n'=1+1\n''@x\n'quoted'\n", "a/=1+1/'@x/'quoted'" },
        { "full width",                 "様式,欄\n申請，１\n",        "様式|欄/申請，１|" },
};

static void reads_what_spreadsheets_save(void **state)
{
        for (size_t i = 0; i < countof(reads); i++) {
                scoped(grid_done) struct grid g = GRID_INIT;
                char got[512] = "";
                struct err e = { 0 };

                assert_ok(csv_read(&g, "forms", str_of(reads[i].csv), &e), e);
                spell(got, sizeof(got), &g.sheets[0]);
                if (strcmp(got, reads[i].want) != 0)
                        fail_msg("%s: got %s, want %s", reads[i].name, got, reads[i].want);
        }
}

static const struct { const char *csv, *key, *cell; } refusals[] = {
        { "",                 "grid.csv.empty",    "" },
        { "a,b\n1,\"x",       "grid.csv.open",     "forms!B2" },
        { "a,b\n\"x\"y,2",    "grid.csv.behind",   "forms!A2" },
        { "a,b\n1,2\n1,2,3",  "grid.csv.wide",     "forms!C3" },
        { "a\n\xe3\x83",      "grid.csv.encoding", "" },
};

static void refuses_at_the_cell(void **state)
{
        for (size_t i = 0; i < countof(refusals); i++) {
                scoped(grid_done) struct grid g = GRID_INIT;
                struct err e = { 0 };

                assert_int_equal(csv_read(&g, "forms", str_of(refusals[i].csv), &e), ERR_INPUT);
                assert_text(e.key, refusals[i].key);
                assert_text(e.args[1], refusals[i].cell);
        }
}

static const struct { const char *name, *csv, *want; char apart; } lists[] = {
        { "titles above the header",     "一覧\n\n名称,課\nx,y\n",      "一覧|/|/名称|課/x|y", 0 },
        { "tabs below a title",          "一覧, 令和8年\nb\tc\nx\ty\n", "一覧, 令和8年|/b|c/x|y", 0 },
        { "one column of the clipboard", "a,b\nc,d\n",                    "a,b/c,d", '\t' },
        { "lines in a cell",             "a\tb\n\"x\ny\"\tz\n",          "a|b/x\ny|z", '\t' },
        { "a mark that nothing ends",    "a\tb\n\"x\ty\n",                "a|b/\"x|y", '\t' },
        { "a mark that ends too early",  "a\tb\n\"x\" y\tz\n",            "a|b/\"x\" y|z", '\t' },
        { "empty columns behind",        "a\tb\t\t\nx\ty\t\t\n",          "a|b/x|y", '\t' },
};

static void reads_lists_that_people_keep(void **state)
{
        for (size_t i = 0; i < countof(lists); i++) {
                scoped(grid_done) struct grid g = GRID_INIT;
                char got[512] = "";
                struct err e = { 0 };

                assert_ok(csv_read_list(&g, "list", str_of(lists[i].csv), lists[i].apart, &e), e);
                spell(got, sizeof(got), &g.sheets[0]);
                if (strcmp(got, lists[i].want) != 0)
                        fail_msg("%s: got %s, want %s", lists[i].name, got, lists[i].want);
        }
}

static void nothing_it_writes_is_run_and_all_comes_back(void **state)
{
        static const char *const cells[] = {
                "=1+1", " =1+1", "\xc2\xa0=1", "　@x", "\n=1", "\r=1", "'\t=1", "＝1+1", "＋81", "－1", "＠x", " ' ＝1", "\xef\xbb\xbf=1", "\rx", "+81", "-1", "@x", "'=1", "''+", "'quoted'", "\tx", "a,b", "\"q\"", "x\ny", "x\r\ny", " x ", "", "0012", "申請（様式）", "①",
        };
        scoped(grid_done) struct grid g = GRID_INIT, back = GRID_INIT;
        scoped(buf_done) struct buf out = BUF_INIT;
        struct grid_column column = { .id = "a", .title = { "題", "title" } };
        struct err e = { 0 };

        g.n = 1;
        g.sheets[0] = (struct grid_sheet){ .name = "forms", .columns = &column, .columns_count = 1 };
        for (size_t i = 0; i < countof(cells); i++) {
                struct grid_row *row = grid_add_row(&g, &g.sheets[0]);

                assert_non_null(row);
                row->cells[0] = cells[i];
        }
        assert_ok(csv_write(&out, &g.sheets[0], LANG_JA, &e), e);
        assert_memory_equal(out.p, "\xef\xbb\xbf題\r\n'=1+1\r\n", 3 + 3 + 2 + 7);
        for (const char *line = strstr(out.p, "\r\n"), *end = out.p + out.n; line && line + 2 < end; line = strstr(line + 2, "\r\n"))
                if (strchr("=+-@\t", line[2]) || (line[2] == '"' && strchr("=+-@\t", line[3])))
                        fail_msg("a spreadsheet would run: %.10s", line + 2);
        assert_ok(csv_read(&back, "forms", buf_view(&out), &e), e);
        assert_int_equal(back.sheets[0].rows_count, countof(cells));
        for (size_t i = 0; i < countof(cells); i++)
                assert_text(back.sheets[0].rows[i].cells[0], cells[i]);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(reads_what_spreadsheets_save),
                cmocka_unit_test(reads_lists_that_people_keep),
                cmocka_unit_test(refuses_at_the_cell),
                cmocka_unit_test(nothing_it_writes_is_run_and_all_comes_back),
        };

        return unit_run("csv", tests);
}
