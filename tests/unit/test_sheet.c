/* A pack as sheets and back: what was not edited comes back byte for byte; an edit is that edit and nothing else; a fault has its cell. */
#include "core/pack/sheet.h"

#include <stdlib.h>

#include "core/pack/diff.h"
#include "core/pack/flatten.h"
#include "core/pack/sheet_plan.h"
#include "link/pack_dir.h"

#include "unit.h"

static const char *const packs[] = { "packs/thread", "packs/mic-r4", "packs/examples/aichi-device", "packs/examples/osaka-telework" };
static const char *const sheets[] = { "texts", "forms", "criteria" };

struct seen { char all[16384]; };

static void add(struct seen *s, const char *fmt, ...) PRINTF(2, 3);
static void add(struct seen *s, const char *fmt, ...)
{
        size_t used = strlen(s->all);
        va_list ap;

        va_start(ap, fmt);
        (void)vsnprintf(s->all + used, sizeof(s->all) - used, fmt, ap);
        va_end(ap);
}

static void see_fault(void *ctx, const struct sheet_fault *f)
{
        add(ctx, "%s %s %s\n", f->what.args[0], f->what.key, f->what.args[1]);
        if (!text_known(f->what.key))
                fail_msg("no text for %s", f->what.key);
}

static void see_change(void *ctx, const struct change *c)
{
        static const char *const words[] = { "added", "removed", "value", "text", "order" };

        add(ctx, "%s", words[c->kind]);
        for (size_t i = 0; i < c->depth; i++)
                add(ctx, " %s %s", c->path[i].word, c->path[i].id);
        if (*c->key)
                add(ctx, " %s", c->key);
        if (c->kind == CHANGE_TEXT)
                add(ctx, " %s", c->lang == LANG_JA ? "ja" : "en");
        if (c->kind == CHANGE_VALUE || c->kind == CHANGE_TEXT)
                add(ctx, " [%s] [%s]", c->before, c->after);
        add(ctx, "\n");
}

static struct pack_dir *pack_read(const char *name)
{
        static const char *const roots[] = { "", "../", "../../", "../../../" };
        struct pack_dir *d = NULL;
        char path[256];

        for (size_t i = 0; i < countof(roots) && !d; i++) {
                (void)snprintf(path, sizeof(path), "%s%s", roots[i], name);
                (void)pack_dir_read(&d, path, NULL);
        }
        if (!d)
                fail_msg("%s is not found from here", name);
        return d;
}

static const struct pack_file *file_of(const struct pack_file *files, size_t n, const char *name)
{
        for (size_t i = 0; i < n; i++)
                if (strcmp(files[i].name, name) == 0)
                        return &files[i];
        fail_msg("no file %s", name);
        abort();
}

/* The grid once around the world: to JSON and back. */
static void around(struct grid *g)
{
        json_t *j = grid_json(g);
        char *text = json_dumps(j, JSON_COMPACT);
        struct grid back = GRID_INIT;
        struct err e = { 0 };

        assert_non_null(text);
        assert_ok(grid_parse(&back, str_of(text), &e), e);
        grid_done(g);
        *g = back;
        free(text);
        json_decref(j);
}

static void what_is_not_edited_comes_back_byte_for_byte(void **state)
{
        for (size_t p = 0; p < countof(packs); p++)
                for (size_t s = 0; s < countof(sheets); s++) {
                        scoped(pack_dir_free) struct pack_dir *d = pack_read(packs[p]);
                        scoped(pack_edit_free) struct pack_edit *edit = NULL;
                        scoped(grid_done) struct grid g = GRID_INIT;
                        struct seen faults = { "" };
                        struct err e = { 0 };
                        int r = sheet_from_pack(&g, sheets[s], d->files, d->n, &e);

                        if (r == ERR_ABSENT)
                                continue;
                        assert_ok(r, e);
                        around(&g);
                        r = sheet_to_pack(&edit, sheets[s], &g, d->files, d->n, see_fault, &faults, &e);
                        assert_text(faults.all, "");
                        assert_ok(r, e);
                        assert_int_equal(edit->n, d->n);
                        for (size_t i = 0; i < d->n; i++) {
                                const struct pack_file *f = file_of(edit->files, edit->n, d->files[i].name);

                                if (!str_eq(f->bytes, d->files[i].bytes))
                                        fail_msg("%s %s: %s differs:\n%.*s", packs[p], sheets[s], f->name, (int)f->bytes.n, f->bytes.p);
                        }
                }
}

/* ---- edits ---- */

static size_t column_of(const struct grid_sheet *s, const char *id)
{
        for (size_t i = 0; i < s->columns_count; i++)
                if (strcmp(s->columns[i].id, id) == 0)
                        return i;
        fail_msg("no column %s", id);
        return 0;
}

/* Row of the record whose last level is `id`. */
static size_t row_of(const struct grid_sheet *s, const char *level, const char *id)
{
        size_t c = column_of(s, level);

        for (size_t i = 0; i < s->rows_count; i++)
                if (strcmp(s->rows[i].cells[c], id) == 0)
                        return i;
        fail_msg("no row %s %s", level, id);
        return 0;
}

static void set(struct grid_sheet *s, size_t row, const char *column, const char *to)
{
        s->rows[row].cells[column_of(s, column)] = to;
}

static void drop(struct grid_sheet *s, size_t row)
{
        memmove(&s->rows[row], &s->rows[row + 1], (--s->rows_count - row) * sizeof(*s->rows));
}

struct cell { const char *column, *text; };

static size_t new_row(struct grid *g, struct grid_sheet *s, const struct cell *cells, size_t n)
{
        if (!grid_add_row(g, s))
                abort();
        for (size_t i = 0; i < n; i++)
                set(s, s->rows_count - 1, cells[i].column, cells[i].text);
        return s->rows_count - 1;
}

/* Takes the sheet back and says what `pack diff` would. */
static void diff_of(struct seen *out, const struct pack_dir *d, const char *name, const struct grid *g, struct pack_edit **edit)
{
        scoped(pack_free) struct pack *before = NULL;
        struct err e = { 0 };
        int r = sheet_to_pack(edit, name, g, d->files, d->n, see_fault, out, &e);

        assert_text(out->all, "");
        assert_ok(r, e);
        assert_ok(pack_load(&before, d->files, d->n, NULL, NULL, &e), e);
        pack_diff(before, (*edit)->pack, see_change, out);
}

#define FORM "network-connection"

static void a_label_a_field_and_a_removal_are_exactly_that(void **state)
{
        static const struct cell fresh[] = {
                { "form", FORM }, { "field", "why" }, { "type", "choice" }, { "required", "TRUE" }, { "label.ja", "理由「\"" },
                { "label.en", "Why \\ \"" }, { "help.ja", "一行目\r\n\r\n  三行目" }, { "help.en", "one\nthree" },
        };
        static const struct cell choice[] = {
                { "form", FORM }, { "field", "why" }, { "choice", "work" }, { "label.ja", "業務" }, { "label.en", "work" },
        };
        scoped(pack_dir_free) struct pack_dir *d = pack_read("packs/thread");
        scoped(pack_edit_free) struct pack_edit *edit = NULL;
        scoped(grid_done) struct grid g = GRID_INIT;
        struct grid_sheet *s = g.sheets;
        struct seen seen = { "" };
        struct err e = { 0 };
        const struct pack_field *why;

        assert_ok(sheet_from_pack(&g, "forms", d->files, d->n, &e), e);
        set(s, row_of(s, "field", "mac"), "label.ja", "機器の番号");
        set(s, row_of(s, "field", "purpose"), "max_chars", "");
        set(s, row_of(s, "field", "until"), "personal", "true");
        drop(s, row_of(s, "field", "device_name"));
        (void)new_row(&g, s, choice, countof(choice));      /* the outer record's row may come later */
        (void)new_row(&g, s, fresh, countof(fresh));
        diff_of(&seen, d, "forms", &g, &edit);
        assert_text(seen.all,
                    "removed form " FORM " field device_name\n"
                    "text form " FORM " field mac label ja [MACアドレス] [機器の番号]\n"
                    "value form " FORM " field purpose max_chars [1000] []\n"
                    "value form " FORM " field until personal [false] [true]\n"
                    "added form " FORM " field why\n");
        why = form_find_field(&edit->pack->forms[0], "why");
        assert_text(why->label.in[LANG_EN], "Why \\ \"");
        assert_text(why->help.in[LANG_JA], "一行目\n\n  三行目");
        assert_text(why->choices[0].label.in[LANG_JA], "業務");
        assert_true(why->required);
}

static void comments_stay_where_nothing_was_changed(void **state)
{
        scoped(pack_dir_free) struct pack_dir *d = pack_read("packs/mic-r4");
        scoped(pack_edit_free) struct pack_edit *edit = NULL;
        scoped(grid_done) struct grid g = GRID_INIT;
        struct grid_sheet *s = g.sheets;
        struct seen seen = { "" };
        struct err e = { 0 };
        struct str form;

        assert_ok(sheet_from_pack(&g, "forms", d->files, d->n, &e), e);
        set(s, row_of(s, "field", "purpose"), "max_chars", "500");
        diff_of(&seen, d, "forms", &g, &edit);
        assert_text(seen.all, "value form " FORM " field purpose max_chars [1000] [500]\n");
        form = file_of(edit->files, edit->n, "forms/" FORM ".yaml")->bytes;
        assert_non_null(memmem(form.p, form.n, "# max_chars は提案", strlen("# max_chars は提案")));
        assert_int_equal(form.n, file_of(d->files, d->n, "forms/" FORM ".yaml")->bytes.n - 1);
}

static void a_new_order_of_rows_is_the_order_of_the_records(void **state)
{
        scoped(pack_dir_free) struct pack_dir *d = pack_read("packs/thread");
        scoped(pack_edit_free) struct pack_edit *edit = NULL;
        scoped(grid_done) struct grid g = GRID_INIT;
        struct grid_sheet *s = g.sheets;
        struct seen seen = { "" };
        struct grid_row row;
        struct err e = { 0 };
        size_t mac;

        assert_ok(sheet_from_pack(&g, "forms", d->files, d->n, &e), e);
        mac = row_of(s, "field", "mac");
        row = s->rows[mac];
        s->rows[mac] = s->rows[mac - 1];
        s->rows[mac - 1] = row;
        diff_of(&seen, d, "forms", &g, &edit);
        assert_text(seen.all, "order form " FORM " fields\n");
}

static void words_are_changed_in_their_own_line(void **state)
{
        scoped(pack_dir_free) struct pack_dir *d = pack_read("packs/mic-r4");
        scoped(pack_edit_free) struct pack_edit *edit = NULL;
        scoped(grid_done) struct grid g = GRID_INIT;
        struct grid_sheet *s = g.sheets;
        struct seen seen = { "" };
        struct err e = { 0 };

        assert_ok(sheet_from_pack(&g, "texts", d->files, d->n, &e), e);
        set(s, row_of(s, "text", "role.staff.name"), "en", "employees");
        diff_of(&seen, d, "texts", &g, &edit);
        assert_non_null(strstr(seen.all, "text role staff name en ["));
        assert_non_null(strstr(seen.all, "] [employees]\n"));
        assert_int_equal(strcspn(seen.all, "\n") + 1, strlen(seen.all));
        assert_true(str_eq(file_of(edit->files, edit->n, "texts/ja.yaml")->bytes, file_of(d->files, d->n, "texts/ja.yaml")->bytes));
}

static void a_new_criterion_is_that_and_nothing_else(void **state)
{
        static const struct cell fresh[] = {
                { "criteria", "end-of-use" }, { "criterion", "end-keys" }, { "strength", "R" }, { "asked", "provider" }, { "document", "true" },
                { "clauses", "S8.2-X6.2.a S8.2-X6.2.i" }, { "text.ja", "鍵の破棄" }, { "text.en", "keys are destroyed" },
        };
        scoped(pack_dir_free) struct pack_dir *d = pack_read("packs/mic-r4");
        scoped(pack_edit_free) struct pack_edit *edit = NULL;
        scoped(grid_done) struct grid g = GRID_INIT;
        struct grid_sheet *s = g.sheets;
        struct seen seen = { "" };
        struct err e = { 0 };
        const struct pack_criterion *c;
        size_t sentences = 0;

        assert_ok(sheet_from_pack(&g, "criteria", d->files, d->n, &e), e);
        assert_true(*s->rows[row_of(s, "criterion", "end-plan")].cells[column_of(s, "text.ja")] != 0);
        assert_text(s->rows[row_of(s, "criterion", "end-plan")].cells[column_of(s, "clauses")], "S8.2-X6.1.a");
        set(s, row_of(s, "criterion", "end-plan"), "clauses", "S8.2-X6.1.a S8.2-X6.1.i");
        set(s, row_of(s, "criterion", "end-users-told"), "text.en", "Users are told.");
        (void)new_row(&g, s, fresh, countof(fresh));
        diff_of(&seen, d, "criteria", &g, &edit);
        c = pack_find_criterion(edit->pack, "end-keys");
        assert_non_null(c);
        assert_int_equal(c->clauses_count, 2);
        assert_text(c->text.in[LANG_JA], "鍵の破棄");
        assert_non_null(strstr(seen.all, "added criteria end-of-use criterion end-plan clause S8.2-X6.1.i\n"));
        assert_non_null(strstr(seen.all, "text criteria end-of-use criterion end-users-told text en ["));
        assert_non_null(strstr(seen.all, "added criteria end-of-use criterion end-keys\n"));
        for (const char *p = seen.all; *p; p++)
                sentences += *p == '\n';
        assert_int_equal(sentences, 3);
}

static void a_condition_that_means_nothing_stands_at_its_cell(void **state)
{
        scoped(pack_dir_free) struct pack_dir *d = pack_read("packs/mic-r4");
        scoped(pack_edit_free) struct pack_edit *edit = NULL;
        scoped(grid_done) struct grid g = GRID_INIT;
        struct grid_sheet *s = g.sheets;
        char want[GRID_CELL_NAME_MAX];
        struct seen seen = { "" };
        struct err e = { 0 };
        size_t row;

        assert_ok(sheet_from_pack(&g, "criteria", d->files, d->n, &e), e);
        row = row_of(s, "criterion", "end-plan");
        set(s, row, "when", "no_such_field");
        assert_int_equal(sheet_to_pack(&edit, "criteria", &g, d->files, d->n, see_fault, &seen, &e), ERR_INPUT);
        (void)grid_cell_name(want, "criteria", row + 2, column_of(s, "when"));
        assert_memory_equal(seen.all, want, strlen(want));
}

static void a_new_form_is_a_new_file_and_one_without_rows_is_gone(void **state)
{
        static const struct cell form[] = {
                { "form", "loan" }, { "number_code", "LOAN" }, { "procedure", FORM }, { "title.ja", "貸出" }, { "title.en", "Loan" },
        };
        static const struct cell mac[] = { { "form", "loan" }, { "field", "mac" }, { "type", "mac" }, { "required", "true" }, { "label.ja", "番号" }, { "label.en", "mac" } };
        static const struct cell until[] = { { "form", "loan" }, { "field", "until" }, { "type", "moment" }, { "required", "true" }, { "label.ja", "日" }, { "label.en", "until" } };
        scoped(pack_dir_free) struct pack_dir *d = pack_read("packs/thread");
        scoped(pack_edit_free) struct pack_edit *edit = NULL;
        scoped(grid_done) struct grid g = GRID_INIT;
        struct grid_sheet *s = g.sheets;
        struct seen seen = { "" };
        struct err e = { 0 };

        assert_ok(sheet_from_pack(&g, "forms", d->files, d->n, &e), e);
        s->rows_count = 0;
        (void)new_row(&g, s, form, countof(form));
        (void)new_row(&g, s, mac, countof(mac));
        (void)new_row(&g, s, until, countof(until));
        diff_of(&seen, d, "forms", &g, &edit);
        assert_text(seen.all, "removed form " FORM "\nadded form loan\n");
        assert_text(file_of(edit->files, edit->n, "forms/loan.yaml")->bytes.p,
                    "sekisho-pack: 1\n\nid: loan\nnumber_code: LOAN\nprocedure: " FORM "\n\nfields:\n"
                    "  - id: mac\n    type: mac\n    required: true\n  - id: until\n    type: moment\n    required: true\n");
}

static void a_pack_written_as_one_layer_says_the_same(void **state)
{
        for (size_t p = 0; p < countof(packs); p++) {
                scoped(pack_dir_free) struct pack_dir *d = pack_read(packs[p]);
                scoped(pack_free) struct pack *pack = NULL;
                scoped(pack_free) struct pack *again = NULL;
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct pack_flat *flat = arena_new(&a, struct pack_flat);
                struct seen seen = { "" };
                struct err e = { 0 };

                assert_non_null(flat);
                assert_ok(pack_load(&pack, d->files, d->n, NULL, NULL, &e), e);
                assert_ok(pack_flatten(flat, pack, &a, &e), e);
                assert_ok(pack_load(&again, flat->files, flat->n, NULL, NULL, &e), e);
                pack_diff(pack, again, see_change, &seen);
                assert_text(seen.all, "");
        }
}

static void what_an_edit_loosens_is_told(void **state)
{
        scoped(pack_dir_free) struct pack_dir *d = pack_read("packs/mic-r4");
        scoped(pack_edit_free) struct pack_edit *edit = NULL;
        scoped(pack_free) struct pack *before = NULL;
        scoped(grid_done) struct grid g = GRID_INIT;
        struct grid_sheet *s = g.sheets;
        struct seen faults = { "" };
        struct err e = { 0 };

        assert_ok(pack_load(&before, d->files, d->n, NULL, NULL, &e), e);
        assert_ok(sheet_from_pack(&g, "criteria", d->files, d->n, &e), e);
        set(s, row_of(s, "criterion", "end-users-told"), "strength", "R");      /* was M, of a clause with M */
        set(s, row_of(s, "criterion", "end-plan"), "text.ja", "別の言葉");
        assert_ok(sheet_to_pack(&edit, "criteria", &g, d->files, d->n, see_fault, &faults, &e), e);
        assert_ok(pack_edit_loosens(edit, before, &e), e);
        assert_int_equal(edit->pack->loosened_count, 1);
        assert_text(edit->pack->loosened[0].clause, "S8.2-X6.1.i");
}

/* ---- faults ---- */

static void twice(struct grid *g, struct grid_sheet *s)   { set(s, row_of(s, "field", "mac"), "field", "purpose"); }
static void wide(struct grid *g, struct grid_sheet *s)    { set(s, row_of(s, "field", "mac"), "required", "ｔｒｕｅ"); }
static void lines(struct grid *g, struct grid_sheet *s)   { set(s, row_of(s, "field", "mac"), "type", "mac\nid: x"); }
static void kind(struct grid *g, struct grid_sheet *s)    { set(s, row_of(s, "field", "mac"), "type", "macs"); }
static void number(struct grid *g, struct grid_sheet *s)  { set(s, row_of(s, "field", "purpose"), "max_chars", "99999"); }
static void untitled(struct grid *g, struct grid_sheet *s) { set(s, row_of(s, "field", "mac"), "label.ja", ""), set(s, row_of(s, "field", "mac"), "label.en", ""); }
static void one_language(struct grid *g, struct grid_sheet *s) { set(s, row_of(s, "field", "mac"), "label.en", ""); }
static void hidden(struct grid *g, struct grid_sheet *s)  { set(s, row_of(s, "field", "mac"), "label.en", "a\xe2\x80\xae" "b"); }
static void not_here(struct grid *g, struct grid_sheet *s) { set(s, 0, "label.ja", "x"); }
static void typeless(struct grid *g, struct grid_sheet *s) { set(s, row_of(s, "field", "mac"), "type", ""); }
static void outer(struct grid *g, struct grid_sheet *s)   { set(s, row_of(s, "field", "mac"), "form", "loan"); }
static void path(struct grid *g, struct grid_sheet *s)    { set(s, row_of(s, "field", "mac"), "form", ""); }
static void missing(struct grid *g, struct grid_sheet *s) { s->columns[column_of(s, "type")].id = "tipe"; }
static void elsewhere(struct grid *g, struct grid_sheet *s) { drop(s, row_of(s, "field", "mac")); }
static void file_name(struct grid *g, struct grid_sheet *s) { set(s, 0, "form", "..-x"), set(s, 1, "form", "..-x"), s->rows_count = 2; }
static void sheet_name(struct grid *g, struct grid_sheet *s) { s->name = "sheet1"; }

static const struct { const char *name; void (*bend)(struct grid *g, struct grid_sheet *s); const char *column, *want; } faults[] = {
        { "an id twice",            twice,        "field",     "%s4 grid.row.twice purpose\n" },
        { "full-width letters",     wide,         "required",  "%s3 grid.cell.word ｔｒｕｅ\n" },
        { "a line of YAML",         lines,        "type",      "%s3 grid.cell.word mac\nid: x\n" },
        { "no such type",           kind,         "type",      "%s3 pack.schema.enum type: macs\n" },
        { "out of range",           number,       "max_chars", "%s4 pack.schema.integer max_chars\n" },
        { "no label",               untitled,     "label.ja",  "%s3 pack.text.missing form." FORM ".field.mac.label\n" },
        { "a label in one language", one_language, "label.ja", "%s3 pack.text.other-language form." FORM ".field.mac.label\n" },
        { "a character that turns", hidden,       "label.en",  "%s3 pack.scan.hidden U+202E\n" },
        { "a form has no label",    not_here,     "label.ja",  "%s2 grid.cell.not-here label.ja\n" },
        { "a field without type",   typeless,     "type",      "%s3 pack.schema.missing type\n" },
        { "no such form",           outer,        "form",      "%s3 grid.row.outer loan\n" },
        { "no form named",          path,         "form",      "%s3 grid.row.path \n" },
        { "header bent",            missing,      "type",      "%s1 grid.header.unknown tipe\n" },
        { "what a procedure needs", elsewhere,    NULL,        "procedures/" FORM ".yaml:" },
        { "a name of a file",       file_name,    "form",      "%s2 pack.schema.id id\n" },
        { "no such sheet",          sheet_name,   NULL,        "" },
};

static void each_fault_stands_at_its_cell(void **state)
{
        for (size_t i = 0; i < countof(faults); i++) {
                scoped(pack_dir_free) struct pack_dir *d = pack_read("packs/thread");
                scoped(pack_edit_free) struct pack_edit *edit = NULL;
                scoped(grid_done) struct grid g = GRID_INIT;
                struct seen seen = { "" };
                struct err e = { 0 };
                char cell[GRID_CELL_NAME_MAX] = "", *end, want[256];

                assert_ok(sheet_from_pack(&g, "forms", d->files, d->n, &e), e);
                /* rows of the form: 2 form, 3.. fields in their order; put mac and purpose first */
                for (size_t to = 1; to <= 2; to++) {
                        struct grid_row row = g.sheets[0].rows[to];
                        size_t from = row_of(g.sheets, "field", to == 1 ? "mac" : "purpose");

                        g.sheets[0].rows[to] = g.sheets[0].rows[from];
                        g.sheets[0].rows[from] = row;
                }
                if (faults[i].column)
                        (void)grid_cell_name(cell, "forms", 0, column_of(g.sheets, faults[i].column));
                end = strrchr(cell, '0');
                if (end)
                        *end = 0;
                faults[i].bend(&g, g.sheets);
                assert_int_equal(sheet_to_pack(&edit, "forms", &g, d->files, d->n, see_fault, &seen, &e), ERR_INPUT);
                assert_null(edit);
                if (faults[i].column)
                        (void)snprintf(want, sizeof(want), "%s%s", cell, faults[i].want + 2);
                else
                        (void)snprintf(want, sizeof(want), "%s", faults[i].want);
                if (strncmp(seen.all, want, strlen(want)) != 0)
                        fail_msg("%s: got\n%swant\n%s", faults[i].name, seen.all, want);
        }
}

static void every_column_has_a_title_of_its_own(void **state)
{
        for (size_t s = 0; s < countof(sheets); s++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct plan p;

                if (plan_make(&p, sheets[s], &a, NULL) < 0)
                        continue;
                for (size_t i = 0; i < p.n; i++)
                        for (int lang = 0; lang < LANG_COUNT; lang++) {
                                const char *title = p.columns[i].column.title[lang];

                                if (strcmp(title, p.columns[i].column.id) == 0 && strcmp(title, "type") != 0 && lang == LANG_JA)
                                        fail_msg("%s: no words for column %s", sheets[s], title);
                                for (size_t j = 0; j < i; j++)
                                        if (strcmp(p.columns[j].column.title[lang], title) == 0)
                                                fail_msg("%s: two columns are called %s", sheets[s], title);
                        }
        }
}

static void cells_are_named_as_spreadsheets_do(void **state)
{
        static const struct { size_t row, column; const char *want; } cases[] = {
                { 1, 0, "forms!A1" }, { 12, 2, "forms!C12" }, { 2, 25, "forms!Z2" }, { 2, 26, "forms!AA2" }, { 20001, 99, "forms!CV20001" },
        };
        char to[GRID_CELL_NAME_MAX];

        for (size_t i = 0; i < countof(cases); i++)
                assert_text(grid_cell_name(to, "forms", cases[i].row, cases[i].column), cases[i].want);
}

static void a_grid_that_is_none_is_refused(void **state)
{
        static const char *const cases[] = {
                "", "[]", "{}", "{\"sekisho-grid\":2,\"sheets\":[]}", "{\"sekisho-grid\":1,\"sheets\":[]}",
                "{\"sekisho-grid\":1,\"sheets\":[{\"name\":\"a\",\"columns\":[],\"rows\":[]}]}",
                "{\"sekisho-grid\":1,\"sheets\":[{\"name\":\"a\",\"columns\":[{\"id\":\"a\"}],\"rows\":[[]]}]}",
                "{\"sekisho-grid\":1,\"sheets\":[{\"name\":\"a\",\"columns\":[{\"id\":\"a\"}],\"rows\":[[1]]}]}",
                "{\"sekisho-grid\":1,\"sheets\":[{\"name\":\"a\",\"columns\":[{\"id\":\"a\",\"x\":1}],\"rows\":[]}]}",
                "{\"sekisho-grid\":1,\"sheets\":[{\"name\":\"a\",\"columns\":[{\"id\":\"a\"}],\"rows\":[],\"rows\":[]}]}",
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(grid_done) struct grid g = GRID_INIT;

                if (grid_parse(&g, str_of(cases[i]), NULL) == 0)
                        fail_msg("taken: %s", cases[i]);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_is_not_edited_comes_back_byte_for_byte),
                cmocka_unit_test(a_label_a_field_and_a_removal_are_exactly_that),
                cmocka_unit_test(comments_stay_where_nothing_was_changed),
                cmocka_unit_test(a_new_order_of_rows_is_the_order_of_the_records),
                cmocka_unit_test(words_are_changed_in_their_own_line),
                cmocka_unit_test(a_new_criterion_is_that_and_nothing_else),
                cmocka_unit_test(a_condition_that_means_nothing_stands_at_its_cell),
                cmocka_unit_test(a_new_form_is_a_new_file_and_one_without_rows_is_gone),
                cmocka_unit_test(a_pack_written_as_one_layer_says_the_same),
                cmocka_unit_test(what_an_edit_loosens_is_told),
                cmocka_unit_test(each_fault_stands_at_its_cell),
                cmocka_unit_test(every_column_has_a_title_of_its_own),
                cmocka_unit_test(cells_are_named_as_spreadsheets_do),
                cmocka_unit_test(a_grid_that_is_none_is_refused),
        };

        return unit_run("sheet", tests);
}
