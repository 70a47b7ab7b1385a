/* pack_sheet.c - `sekisho pack export` and `import`: a part of a pack as a table, and back into a new folder.
 *
 * The program reads JSON grids and CSV in UTF-8 by itself; what Excel saved in Shift_JIS, and xlsx in either direction, goes through
 * `sekishod render`, where parsers of foreign bytes live.
 */
#include <stdlib.h>

#include "cli/pack.h"
#include "cli/say.h"
#include "core/grid/csv.h"
#include "core/pack/sheet.h"
#include "link/pack_dir.h"
#include "sys/files.h"

struct words {
        enum lang   lang;
        bool        json, csv;
        const char *sheet, *out;
        const char *names[2];
        size_t      n;
};

static bool ends(const char *name, const char *tail)
{
        size_t n = strlen(name), t = strlen(tail);

        return n > t && strcmp(name + n - t, tail) == 0;
}

static int unreadable(const struct words *w, const char *name, const struct err *e)
{
        scoped(buf_done) struct buf why = BUF_INIT;

        text_err(&why, w->lang, e);
        say(stderr, w->lang, "pack.tool.unreadable", name, buf_bad(&why) ? "" : why.p, NULL);
        return PACK_USAGE;
}

/* Sheets hold whole records; an overlay holds what it changes, and which of the two a row would be nobody could say. */
static bool is_overlay(const struct words *w, const struct pack_dir *d)
{
        struct pack_overlay_names names;

        if (!pack_overlay_peek(&names, d->files, d->n))
                return false;
        say(stderr, w->lang, "pack.tool.sheet-overlay", w->names[0], names.base, NULL);
        return true;
}

/* ---- export ---- */

static int grid_bytes(struct buf *out, const struct grid *g, const struct words *w, struct err *e)
{
        json_t *j;
        char *text;

        if (w->csv)
                return csv_write(out, &g->sheets[0], w->lang, e);
        j = grid_json(g);
        text = j ? json_dumps(j, JSON_INDENT(1)) : NULL;
        json_decref(j);
        if (!text)
                return err_set(e, ERR_NOMEM, "no memory for a grid");
        buf_printf(out, "%s\n", text);
        free(text);
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "no memory for a grid") : 0;
}

static int export(const struct words *w)
{
        scoped(pack_dir_free) struct pack_dir *d = NULL;
        scoped(pack_free) struct pack *p = NULL;
        scoped(grid_done) struct grid g = GRID_INIT;
        scoped(buf_done) struct buf bytes = BUF_INIT;
        struct err e = { 0 };
        int r = pack_dir_read(&d, w->names[0], &e);

        if (r == 0 && is_overlay(w, d))
                return PACK_USAGE;
        if (r == 0)
                r = pack_load(&p, d->files, d->n, NULL, NULL, &e);
        if (r == 0)
                r = sheet_from_pack(&g, w->sheet, d->files, d->n, &e);
        if (r == 0)
                r = grid_bytes(&bytes, &g, w, &e);
        if (r < 0)
                return unreadable(w, w->names[0], &e);
        r = file_replace(w->names[1], buf_view(&bytes), 0644, &e);
        return r < 0 ? unreadable(w, w->names[1], &e) : PACK_GOOD;
}

/* ---- import ---- */

static int grid_read(struct grid *out, const struct words *w, struct err *e)
{
        scoped(buf_done) struct buf bytes = BUF_INIT;
        int r = file_read(&bytes, w->names[1], GRID_BYTES_MAX, e);

        if (r < 0)
                return r;
        return ends(w->names[1], ".csv") ? csv_read(out, w->sheet, buf_view(&bytes), e) : grid_parse(out, buf_view(&bytes), e);
}

static void print_fault(void *ctx, const struct sheet_fault *f)
{
        for (int lang = 0; lang < LANG_COUNT; lang++) {
                scoped(buf_done) struct buf line = BUF_INIT;

                text_err(&line, (enum lang)lang, &f->what);
                buf_char(&line, '\n');
                if (!buf_bad(&line))
                        (void)fputs(line.p, stdout);
        }
        ++*(unsigned *)ctx;
}

static int import(const struct words *w)
{
        scoped(pack_dir_free) struct pack_dir *d = NULL;
        scoped(pack_free) struct pack *before = NULL;
        scoped(pack_edit_free) struct pack_edit *edit = NULL;
        scoped(grid_done) struct grid g = GRID_INIT;
        struct err e = { 0 };
        unsigned faults = 0;
        int r = pack_dir_read(&d, w->names[0], &e);

        if (r == 0 && is_overlay(w, d))
                return PACK_USAGE;
        if (r == 0)
                r = pack_load(&before, d->files, d->n, NULL, NULL, &e);
        if (r < 0)
                return unreadable(w, w->names[0], &e);
        r = grid_read(&g, w, &e);
        if (r == 0)
                r = sheet_to_pack(&edit, w->sheet, &g, d->files, d->n, print_fault, &faults, &e);
        if (faults)
                return PACK_FOUND;
        if (r < 0)
                return unreadable(w, w->names[1], &e);
        r = pack_dir_write(edit->files, edit->n, w->out, &e);
        if (r < 0)
                return unreadable(w, w->out, &e);
        (void)pack_diff_print(before, edit->pack, w->lang);
        return PACK_GOOD;
}

/* ---- words ---- */

static bool word_take(struct words *w, int argc, char **argv, int *i)
{
        static const char *const valued[] = { "--sheet", "--out", "--lang" };
        const char *arg = argv[*i];

        for (size_t k = 0; k < countof(valued); k++) {
                if (strcmp(arg, valued[k]) != 0)
                        continue;
                if (++*i == argc)
                        return false;
                if (k == 0)
                        w->sheet = argv[*i];
                else if (k == 1)
                        w->out = argv[*i];
                else
                        w->lang = lang_of(str_of(argv[*i]));
                return true;
        }
        if (strcmp(arg, "--json") == 0)
                w->json = true;
        else if (strcmp(arg, "--csv") == 0)
                w->csv = true;
        else if (*arg == '-' || w->n == countof(w->names))
                return false;
        else
                w->names[w->n++] = arg;
        return true;
}

int pack_sheet_main(int argc, char **argv)
{
        struct words w = { .lang = lang_of(str_of(getenv("LANG"))) };
        bool good = true;

        for (int i = 1; i < argc; i++)
                good = word_take(&w, argc, argv, &i) && good;
        good = good && w.n == 2 && w.sheet;
        if (good && strcmp(argv[0], "export") == 0 && w.json != w.csv && !w.out)
                return export(&w);
        if (good && strcmp(argv[0], "import") == 0 && !w.json && !w.csv && w.out && (ends(w.names[1], ".csv") || ends(w.names[1], ".json")))
                return import(&w);
        say(stderr, w.lang, "pack.tool.sheet-usage", NULL);
        return PACK_USAGE;
}
