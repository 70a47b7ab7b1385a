/* sheet_in.c - sheet_to_pack(): see sheet.h. Rows to records, records to files, files to a pack; what is wrong goes to its cell. */
#include "core/pack/sheet.h"

#include <stdlib.h>

#include "core/pack/chars.h"
#include "core/pack/loosened.h"
#include "core/pack/sheet_want.h"

enum { WORD_MAX = 127 };

static void tell(struct taker *t, struct sheet_fault f)
{
        if (t->faults++ >= PACK_MISTAKES_MAX)
                return;
        if (t->faults == 1)
                t->first = f.what;
        if (t->report)
                t->report(t->ctx, &f);
}

void taker_fault(struct taker *t, struct origin at, const char *key, const char *what, const char *more)
{
        struct sheet_fault f = { .row = at.row + 2, .column = t->at[at.column] };
        char cell[GRID_CELL_NAME_MAX], cut[2][ERR_ARG_MAX];

        (void)snprintf(cut[0], ERR_ARG_MAX, "%s", what);
        (void)snprintf(cut[1], ERR_ARG_MAX, "%s", more);
        (void)err_key(&f.what, ERR_INPUT, key, "", grid_cell_name(cell, t->plan->name, f.row, f.column), cut[0], cut[1], (char *)NULL);
        tell(t, f);
}

size_t taker_column(const struct taker *t, enum plan_kind kind, const char *word, enum lang lang)
{
        const struct plan_column *c = plan_find(t->plan, kind, word, lang);

        return c ? (size_t)(c - t->plan->columns) : 0;
}

static void header_fault(void *ctx, size_t column, const char *key, const char *what)
{
        struct taker *t = ctx;
        struct sheet_fault f = { .row = 1, .column = column };
        char cell[GRID_CELL_NAME_MAX], cut[ERR_ARG_MAX];

        (void)snprintf(cut, sizeof(cut), "%s", what);
        (void)err_key(&f.what, ERR_INPUT, key, "", grid_cell_name(cell, t->plan->name, 1, column), cut, (char *)NULL);
        tell(t, f);
}

/* ---- cells ---- */

static bool is_words_column(const struct plan_column *c)
{
        return c->kind == PLAN_TEXT || c->kind == PLAN_WORDS;
}

/* Spreadsheets and their files end lines as they like; a pack has LF. Blanks around a word are no part of it. */
static const char *cell_read(struct taker *t, const struct plan_column *c, const char *raw)
{
        struct str s = is_words_column(c) || (c->key && plan_is_quoted(c->key)) ? str_of(raw) : chars_trim(str_of(raw));
        char *text = arena_copy(t->arena, s.p, s.n), *to = text;

        if (!text)
                return NULL;
        for (const char *p = text; *p; p++)
                if (*p != '\r')
                        *to++ = *p;
                else if (p[1] != '\n')
                        *to++ = '\n';
        *to = 0;
        for (size_t i = 0; c->key && c->key->type == SCHEMA_BOOL && i < 2; i++) {
                static const struct { const char *shown, *said; } yes_no[2] = { { "TRUE", "true" }, { "FALSE", "false" } };

                if (strcmp(text, yes_no[i].shown) == 0)      /* a spreadsheet's own spelling */
                        return yes_no[i].said;
        }
        return text;
}

static bool is_word(const char *s, bool several)
{
        size_t n = strlen(s);

        for (const char *p = s; *p; p++)
                if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == '_' || *p == '-' || *p == '.' ||
                      (several && (*p == ' ' || *p == '\n'))))
                        return false;
        return strcmp(s, "-") != 0 && (several || n <= WORD_MAX);
}

static int cells_read(struct taker *t)
{
        size_t n = t->plan->n;

        t->cells = arena_array(t->arena, n * (t->sheet->rows_count + 1), sizeof(*t->cells));
        if (!t->cells)
                return ERR_NOMEM;
        for (size_t i = 0; i < t->sheet->rows_count; i++)
                for (size_t c = 0; c < n; c++) {
                        const struct plan_column *column = &t->plan->columns[c];
                        const char *cell = cell_read(t, column, t->sheet->rows[i].cells[t->at[c]]);
                        struct origin here = { (uint32_t)i, (uint32_t)c };

                        if (!cell)
                                return ERR_NOMEM;
                        t->cells[i * n + c] = cell;
                        if (*cell && !is_words_column(column) && !(column->key && plan_is_quoted(column->key)) &&
                            !is_word(cell, column->key && plan_is_links(column->key)))
                                taker_fault(t, here, "grid.cell.word", cell, "");
                }
        return 0;
}

static bool is_blank(const struct taker *t, size_t row)
{
        for (size_t c = 0; c < t->plan->n; c++)
                if (*t->cells[row * t->plan->n + c])
                        return false;
        return true;
}

/* ---- rows to records ---- */

struct chain { const struct schema *schema[PLAN_DEPTH_MAX]; const struct schema_key *in[PLAN_DEPTH_MAX]; size_t level[PLAN_DEPTH_MAX], n; };

/* The way from the file's record inwards that uses each level that is filled in, and no other. */
static bool chain_find(struct chain *out, const struct plan *p, enum schema_kind kind, const struct schema_key *in, unsigned filled)
{
        const struct schema *s = schema_of(kind);
        const struct plan_column *c = plan_find(p, PLAN_LEVEL, s->word, LANG_JA);
        size_t level = c ? (size_t)(c - p->columns) : 0;

        if (!c || !(filled & 1u << level) || out->n == PLAN_DEPTH_MAX)
                return false;
        out->schema[out->n] = s;
        out->in[out->n] = in;
        out->level[out->n++] = level;
        filled &= ~(1u << level);
        if (!filled)
                return true;
        for (const struct schema_key *k = s->keys; k < s->keys + s->keys_count; k++)
                if (plan_is_level(k) && chain_find(out, p, k->refers, k, filled))
                        return true;
        out->n--;
        return false;
}

static struct want *want_find(struct want *in, const struct schema_key *list, const char *id)
{
        for (struct want *w = in->first; w; w = w->next)
                if (w->in == list && strcmp(w->id, id) == 0)
                        return w;
        return NULL;
}

static size_t want_most(const struct schema_key *in)
{
        return in ? (size_t)in->high : PACK_FILES_MAX;
}

static int want_add(struct taker *t, const struct chain *c, size_t row, struct want *outer)
{
        const char *const *cells = t->cells + row * t->plan->n;
        size_t last = c->n - 1;
        struct origin here = { (uint32_t)row, (uint32_t)c->level[last] };
        const char *id = cells[c->level[last]];
        const struct want *same = want_find(outer, c->in[last], id);
        struct want *w;
        char cell[GRID_CELL_NAME_MAX], most[24];

        if (same) {
                taker_fault(t, here, "grid.row.twice", id, grid_cell_name(cell, t->plan->name, same->from.row + 2, t->at[same->from.column]));
                return 0;
        }
        if (!outer->in && c->n == 1 && !pack_id_ok(str_of(id))) {      /* it becomes the name of a file */
                taker_fault(t, here, "pack.schema.id", "id", id);
                return 0;
        }
        if (++outer->count > want_most(c->in[last])) {
                (void)snprintf(most, sizeof(most), "%zu", want_most(c->in[last]));
                if (outer->count == want_most(c->in[last]) + 1)
                        taker_fault(t, here, "pack.schema.many", c->schema[last]->word, most);
                return 0;
        }
        w = arena_new(t->arena, struct want);
        if (!w)
                return ERR_NOMEM;
        *w = (struct want){ .schema = c->schema[last], .in = c->in[last], .id = id, .from = here, .cells = cells };
        w->prefix = sheet_prefix(t->arena, outer->prefix, w->schema, id);
        if (!w->prefix)
                return ERR_NOMEM;
        if (outer->last)
                outer->last->next = w;
        else
                outer->first = w;
        outer->last = w;
        return 0;
}

/* What stands in a column that means nothing for this kind of record. */
static void check_row(struct taker *t, const struct schema *s, size_t row)
{
        for (size_t i = t->plan->levels; i < t->plan->n; i++) {
                const struct plan_column *c = &t->plan->columns[i];
                const struct schema_key *k = c->kind == PLAN_KEY ? sheet_key(s, c->word) : NULL;
                bool fits = k && (plan_is_value(k) || plan_is_links(k));

                for (size_t x = 0; c->kind == PLAN_TEXT && x < s->texts_count; x++)
                        fits |= strcmp(s->texts[x].name, c->word) == 0;
                if (!fits && *t->cells[row * t->plan->n + i])
                        taker_fault(t, (struct origin){ (uint32_t)row, (uint32_t)i }, "grid.cell.not-here", c->column.id, s->word);
        }
}

static int row_take(struct taker *t, size_t row, size_t depth)
{
        const char *const *cells = t->cells + row * t->plan->n;
        struct want *outer = &t->top;
        struct chain c = { .n = 0 };
        unsigned filled = 0;

        for (size_t i = 0; i < t->plan->levels; i++)
                filled |= *cells[i] ? 1u << i : 0;
        if (!chain_find(&c, t->plan, t->plan->file->kind, NULL, filled)) {
                if (depth == 1 && !is_blank(t, row))
                        taker_fault(t, (struct origin){ (uint32_t)row, 0 }, "grid.row.path", "", "");
                return 0;
        }
        if (c.n != depth)
                return 0;
        for (size_t i = 0; i + 1 < c.n; i++) {
                outer = want_find(outer, c.in[i], cells[c.level[i]]);
                if (!outer) {
                        taker_fault(t, (struct origin){ (uint32_t)row, (uint32_t)c.level[i] }, "grid.row.outer", cells[c.level[i]], "");
                        return 0;
                }
        }
        check_row(t, c.schema[c.n - 1], row);
        return want_add(t, &c, row, outer);
}

/* Outer records first, wherever their rows stand; within one list the order of the rows is the order of the records. */
static int rows_take(struct taker *t)
{
        int r = 0;

        for (size_t depth = 1; depth <= PLAN_DEPTH_MAX; depth++)
                for (size_t i = 0; r == 0 && i < t->sheet->rows_count; i++)
                        r = row_take(t, i, depth);
        return r;
}

/* ---- the pack that comes of it ---- */

static const struct written *written_of(const struct taker *t, const char *name)
{
        for (size_t i = 0; i < t->n; i++)
                if (strcmp(t->written[i].name, name) == 0)
                        return &t->written[i];
        return NULL;
}

/* What is missing has no line: it is missed in its own column of the record's row. */
static size_t missing_column(const struct taker *t, const struct err *mistake, size_t column)
{
        const char *name = strrchr(mistake->args[1], '.');
        const struct plan_column *c = NULL;

        if (strcmp(mistake->key, "pack.schema.missing") == 0)
                c = plan_find(t->plan, PLAN_KEY, mistake->args[1], LANG_JA);
        else if (strcmp(mistake->key, "pack.text.missing") == 0 && name)
                c = plan_find(t->plan, PLAN_TEXT, name + 1, LANG_JA);
        return c ? (size_t)(c - t->plan->columns) : column;
}

/* "file:line" or "file:line:character". A mistake at a line that the sheet wrote is a fault of the cell it came from. */
static void pack_fault(void *ctx, const struct err *mistake)
{
        struct taker *t = ctx;
        struct sheet_fault f = { .what = *mistake };
        const char *colon = strchr(mistake->args[0], ':'), *digits = colon ? colon + 1 : "";
        char name[ERR_ARG_MAX];
        const struct written *w;
        uint64_t line = 0;

        (void)snprintf(name, sizeof(name), "%.*s", colon ? (int)(colon - mistake->args[0]) : 0, mistake->args[0]);
        w = written_of(t, name);
        if (w && str_u64((struct str){ digits, strspn(digits, "0123456789") }, w->lines, &line) && line && w->origins[line - 1].row != NO_ROW) {
                struct origin o = w->origins[line - 1];
                char cell[GRID_CELL_NAME_MAX];

                f.row = o.row + 2;
                f.column = t->at[missing_column(t, mistake, o.column)];
                (void)snprintf(f.what.args[0], ERR_ARG_MAX, "%s", grid_cell_name(cell, t->plan->name, f.row, f.column));
        }
        tell(t, f);
}

static int file_add(struct pack_edit *out, const char *name, struct str bytes)
{
        struct pack_file *f = &out->files[out->n];

        if (out->n == PACK_FILES_MAX)
                return ERR_TOO_BIG;
        f->name = arena_text(&out->arena, name);
        f->bytes = (struct str){ arena_copy(&out->arena, bytes.p ? bytes.p : "", bytes.n), bytes.n };
        if (!f->name || !f->bytes.p)
                return ERR_NOMEM;
        out->n++;
        return 0;
}

/* The files as they were, but those of the sheet, which are as written; a record without a row has no file any more. */
static int files_take(struct pack_edit *out, const struct taker *t, const struct pack_file *files, size_t n)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < n; i++) {
                bool shown = written_of(t, files[i].name) != NULL;

                for (size_t s = 0; s < t->source->n; s++)
                        shown |= t->source->files[s].file == &files[i];
                if (!shown)
                        r = file_add(out, files[i].name, files[i].bytes);
        }
        for (size_t i = 0; r == 0 && i < t->n; i++)
                r = t->written[i].bad || buf_bad(&t->written[i].bytes) ? ERR_NOMEM : file_add(out, t->written[i].name, buf_view(&t->written[i].bytes));
        return r;
}

static int take_all(struct taker *t)
{
        int r = cells_read(t);

        if (r == 0)
                r = t->plan->file ? rows_take(t) : 0;
        if (r == 0)
                r = t->plan->file ? words_of_wants(t) : words_of_rows(t);
        if (r < 0 || t->faults)
                return r;
        if (t->plan->file)
                r = write_records(t);
        for (int lang = 0; r == 0 && lang < LANG_COUNT; lang++)
                r = write_words(t, (enum lang)lang);
        return r;
}

struct pack_edit *pack_edit_free(struct pack_edit *p)
{
        if (p) {
                (void)pack_free(p->pack);
                arena_done(&p->arena);
        }
        free(p);
        return NULL;
}

int pack_edit_loosens(struct pack_edit *edit, struct pack *before, struct err *e)
{
        struct pack *made[2] = { before, edit->pack };
        struct pack_layer *layers = arena_array(&edit->arena, 2, sizeof(*layers));
        int r;

        if (!layers)
                return err_set(e, ERR_NOMEM, "no memory for layers");
        layers[0] = (struct pack_layer){ .id = "before" };
        layers[1] = (struct pack_layer){ .id = "sheet" };
        edit->pack->layers = layers;
        edit->pack->layers_count = 2;
        r = loosened_find(made, 2);
        return r < 0 ? err_set(e, r, "no memory for what is loosened") : 0;
}

static int edit(struct pack_edit *out, struct taker *t, const struct pack_file *files, size_t n, struct err *e)
{
        struct err loaded = { 0 };
        int r;

        if (!plan_match(t->at, t->plan, t->sheet, header_fault, t))
                return 0;
        r = take_all(t);
        if (r < 0 || t->faults)
                return r < 0 ? err_set(e, r, "no memory for the sheet %s", t->plan->name) : 0;
        r = files_take(out, t, files, n);
        if (r < 0)
                return err_set(e, r, "the files of the sheet %s cannot be written", t->plan->name);
        r = pack_load(&out->pack, out->files, out->n, pack_fault, t, &loaded);
        if (r < 0 && r != ERR_INPUT && e)
                *e = loaded;
        return r == ERR_INPUT ? 0 : r;
}

/* A CSV has no name for its sheet: render calls it so. */
static const struct grid_sheet *sheet_find(const struct grid *g, const char *name)
{
        const struct grid_sheet *s = grid_find(g, name);

        return s ? s : grid_find(g, "csv");
}

int sheet_to_pack(struct pack_edit **out, const char *name, const struct grid *g, const struct pack_file *files, size_t n,
                  sheet_report_fn *report, void *ctx, struct err *e)
{
        scoped(pack_edit_free) struct pack_edit *p = calloc(1, sizeof(*p));
        struct taker *t = p ? arena_new(&p->arena, struct taker) : NULL;
        struct plan *plan = p ? arena_new(&p->arena, struct plan) : NULL;
        struct sheet_source source;
        int r = t && plan ? plan_make(plan, name, &p->arena, e) : err_set(e, ERR_NOMEM, "no memory for a sheet");

        if (r == 0)
                r = sheet_source_read(&source, plan, files, n, &p->arena, e);
        if (r < 0)
                return r;
        *t = (struct taker){ .arena = &p->arena, .plan = plan, .source = &source, .sheet = sheet_find(g, name), .report = report, .ctx = ctx };
        t->top.prefix = "";
        if (!t->sheet)
                return err_key(e, ERR_INPUT, "grid.sheet.missing", "", name, (char *)NULL);
        r = edit(p, t, files, n, e);
        for (size_t i = 0; i < t->n; i++)
                written_done(&t->written[i]);
        if (r < 0)
                return r;
        if (t->faults) {
                if (e)
                        *e = t->first;
                return ERR_INPUT;
        }
        *out = take(p);
        return 0;
}
