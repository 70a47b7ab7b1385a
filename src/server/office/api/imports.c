/* imports.c - a sheet of a register comes in: a look at it, then all of it. Nothing is stored before it is clean and was shown. */
#include "server/office/api/answers.h"
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/rows.h"
#include "server/office/api/sheets.h"
#include "server/office/api/words.h"
#include "server/office/command/imports.h"

#include "base/codec.h"
#include "core/grid/csv.h"
#include "core/text/fold.h"

enum { TEXT_BYTES = 2 * 1024 * 1024, DATE_BYTES = 64, KEY_ROOM = 160, HEADER_ROOM = 140 };

static const char *title(const struct register_info *reg, const char *column, enum lang lang)
{
        char key[KEY_ROOM];

        (void)snprintf(key, sizeof(key), "import.%s", column);
        if (!register_column_find(reg, str_of(column)))
                return text_get(lang, key);      /* import.id, import.posting */
        (void)snprintf(key, sizeof(key), "register.%s.%s", reg->id, column);
        return text_get(lang, key);
}

int read_list(struct request *rq, struct reply *out, struct err *e)
{
        scoped(buf_done) struct buf grid = BUF_INIT;
        int r = sheets_render(&grid, rq, "list-to-grid", rq->scgi->body, e);

        if (r < 0)
                return r;
        out->json = json_loadb(grid.p, grid.n, JSON_REJECT_DUPLICATES, NULL);
        return out->json ? ERR_OK : err_set(e, ERR_IO, "render answers no JSON");
}

/* ---- what was sent ---- */

struct sent {
        struct import_ask    ask;
        struct grid          grid;
        struct import_layout layout;                               /* as the header says, before any mapping by hand */
        const char          *headers[GRID_COLUMNS_MAX];            /* each another one: a mapping by hand names them */
        const char          *mapping[GRID_COLUMNS_MAX];
        struct str           token;
};

static void sent_done(struct sent *s)
{
        grid_done(&s->grid);
}
static inline void sent_done_at(struct sent *s)
{
        sent_done(s);
}

static int take_sheet(struct sent *to, struct request *rq, json_t *grid, struct str text, struct err *e)
{
        int r = grid ? grid_take(&to->grid, grid, e) : text.n ? csv_read_list(&to->grid, "list", text, '\t', e) : err_key(e, ERR_INPUT, "import.none", "text", NULL);

        if (r < 0)
                return r;
        to->ask.sheet = &to->grid.sheets[0];
        return sheets_tidy(&to->grid.sheets[0], rq, e);
}

/* A day as people type it, read by the column that it is for. */
static int take_day(utime_t *out, struct request *rq, const char *register_id, const char *column, const char *field, struct str text, struct err *e)
{
        const struct register_info *reg = register_find(str_of(register_id));
        const struct register_column *c = register_column_find(reg, str_of(column));
        const struct record_env env = { .pack = rq->office->pack, .lang = rq->lang, .arena = rq->arena };
        struct row scratch = row_new(reg->table, (struct uuid){ { 0 } }, NULL);
        int r = record_take(&scratch, reg, c, text, &env, e);

        if (r < 0 && e)
                (void)snprintf(e->field, sizeof(e->field), "%s", field);
        if (r == ERR_OK)
                *out = row_get_int(&scratch, c->col);
        return r;
}

static int take_options(struct sent *to, struct request *rq, json_t *options, struct err *e)
{
        static const struct member members[] = {
                { "transitional_until", MEMBER_TEXT, DATE_BYTES, true }, { "effective_on", MEMBER_TEXT, DATE_BYTES, true }, { "whole_list", MEMBER_BOOL, 0, true },
                { "reason", MEMBER_TEXT, REASON_BYTES, true },           { "of", MEMBER_TEXT, ID_BYTES, true },
        };
        struct member_value v[countof(members)] = { 0 };
        struct uuid id;
        int r = options ? shape_members(v, options, members, countof(members), rq->arena, e) : ERR_OK;

        if (r == ERR_OK && v[0].text.n)
                r = take_day(&to->ask.apply_by, rq, "service", "apply_by_at", "transitional_until", v[0].text, e);
        if (r == ERR_OK && v[1].text.n)
                r = take_day(&to->ask.effective, rq, "person", "from_at", "effective_on", v[1].text, e);
        if (r == ERR_OK && str_trim(v[3].text).n)
                r = answers_reason(&to->ask.reason, v[3].text, rq, e);
        if (r == ERR_OK && v[4].text.n && !uuid_parse(v[4].text, &id))
                r = err_key(e, ERR_ABSENT, "record.absent", "of", NULL);
        to->ask.whole = v[2].i;
        to->ask.of = v[4].text;
        return r;
}

/* ---- headers ---- */

static bool column_says_something(const struct sent *s, size_t column)
{
        bool says = false;

        for (size_t line = 1; line <= s->ask.sheet->rows_count + 1 && !says; line++)
                says = line > s->layout.header && *import_cell(s->ask.sheet, line, column);
        return says;
}

/* What stands over a column; its letter when nothing does, or when another has the same. NULL: the column is empty. */
static int name_headers(struct sent *s, struct request *rq, struct err *e)
{
        for (size_t i = 0; i < s->layout.n; i++) {
                scoped(buf_done) struct buf b = BUF_INIT;
                char cell[GRID_CELL_NAME_MAX], letters[GRID_CELL_NAME_MAX];
                bool twice = false;

                fold_cell(&b, str_of(import_cell(s->ask.sheet, s->layout.header, i)));
                if (!b.n && !column_says_something(s, i))
                        continue;
                (void)grid_cell_name(cell, "", 1, i);
                (void)snprintf(letters, sizeof(letters), "%.*s", (int)strlen(cell + 1) - 1, cell + 1);
                if (b.n > HEADER_ROOM)
                        buf_clear(&b);      /* no title: a text that stands there */
                for (size_t k = 0; k < i; k++)
                        twice |= s->headers[k] && b.n && strcmp(s->headers[k], b.p) == 0;
                s->headers[i] = b.n && !twice ? arena_text(rq->arena, b.p) : arena_printf(rq->arena, b.n ? "%s (%s)" : "%s%s", b.n ? b.p : "", letters);
                if (!s->headers[i])
                        return err_set(e, ERR_NOMEM, "headers");
        }
        return ERR_OK;
}

static bool is_target(const struct register_info *reg, const char *id)
{
        return strcmp(id, "id") == 0 || (strcmp(id, "posting") == 0 && reg->table == TABLE_PERSON) || register_column_find(reg, str_of(id));
}

/* { header: column }: what is not named, or named "", is not taken. */
static int take_mapping(struct sent *s, json_t *mapping, struct request *rq, struct err *e)
{
        for (size_t i = 0; mapping && i < s->layout.n; i++) {
                const char *to = s->headers[i] ? json_string_value(json_object_get(mapping, s->headers[i])) : NULL;

                if (!to || !*to)
                        continue;
                if (!is_target(s->ask.reg, to))
                        return err_key(e, ERR_INPUT, "import.mapping.bad", "mapping", to, NULL);
                s->mapping[i] = arena_text(rq->arena, to);
        }
        if (mapping)
                s->ask.mapping = s->mapping;
        return ERR_OK;
}

static int take_sent(struct sent *s, struct request *rq, struct err *e)
{
        static const struct member members[] = {
                { "grid", MEMBER_OBJECT, 0, true }, { "text", MEMBER_TEXT, TEXT_BYTES, true },   { "mapping", MEMBER_OBJECT, 0, true },
                { "header", MEMBER_INT, 0, true },  { "options", MEMBER_OBJECT, 0, true },       { "token", MEMBER_TEXT, 2 * HASH_SIZE, true },
        };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        int r = rows_register(&s->ask.reg, rq->param, e);

        if (r == ERR_OK)
                r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);
        if (r == ERR_OK && v[3].given && (v[3].i < 0 || v[3].i > IMPORT_HEADER_WITHIN))
                r = err_key(e, ERR_INPUT, "common.member.type", "header", "header", NULL);
        if (r == ERR_OK)
                r = take_sheet(s, rq, v[0].object, v[1].text, e);
        if (r == ERR_OK)
                r = take_options(s, rq, v[4].object, e);
        if (r < 0)
                return r;
        s->ask.person = rq->session.who.person;
        s->ask.lang = rq->lang;
        s->ask.header = v[3].given ? (size_t)v[3].i : IMPORT_HEADER_FIND;
        (void)import_layout(&s->layout, s->ask.reg, s->ask.sheet, NULL, s->ask.header);
        if (s->ask.header == IMPORT_HEADER_FIND && v[2].object)
                s->ask.header = s->layout.header;      /* the one that was shown */
        s->token = v[5].text;
        r = name_headers(s, rq, e);
        return r == ERR_OK ? take_mapping(s, v[2].object, rq, e) : r;
}

/* ---- what is said about it ---- */

static const char *target_of(const struct import_column *c)
{
        return c->as == IMPORT_AS_COLUMN ? c->column->id : c->as == IMPORT_AS_ID ? "id" : c->as == IMPORT_AS_POSTING ? "posting" : NULL;
}

static json_t *columns_json(const struct sent *s, const struct import_plan *p)
{
        json_t *list = json_array();

        for (size_t i = 0; i < p->layout.n; i++)
                if (s->headers[i])
                        (void)json_array_append_new(list, json_pack("{s:s, s:I, s:s*}", "header", s->headers[i], "at", (json_int_t)i, "column", target_of(&p->layout.columns[i])));
        return list;
}

static json_t *counts_json(const struct import_counts *c, size_t skipped)
{
        const struct { const char *name; size_t n; } counts[] = {
                { "lines", c->lines },           { "new", c->fresh },       { "changed", c->changed },     { "same", c->same },
                { "moved", c->moved },           { "leaving", c->leaving }, { "unreadable", c->unreadable }, { "sections", c->sections },
                { "providers", c->providers },   { "without_password", c->without_password }, { "skipped", skipped },
        };
        json_t *o = json_object();

        for (size_t i = 0; i < countof(counts); i++)
                if (counts[i].n || i < 4)
                        (void)json_put(o, counts[i].name, json_integer((json_int_t)counts[i].n));
        return o;
}

static json_t *mistake_json(const struct request *rq, const struct register_info *reg, const struct import_mistake *m)
{
        scoped(buf_done) struct buf words = BUF_INIT;
        json_t *args = json_array(), *o;
        char cell[GRID_CELL_NAME_MAX];

        (void)grid_cell_name(cell, "", m->line, m->column);
        if (m->column == IMPORT_WHOLE_LINE)
                (void)snprintf(cell, sizeof(cell), "!%zu", m->line);
        for (int i = 0; i < m->what.nargs; i++)
                (void)json_array_append_new(args, json_string(m->what.args[i]));
        text_err(&words, rq->lang, &m->what);
        o = json_pack("{s:s, s:o, s:s, s:o, s:o}", "cell", cell + 1, "value", json_of(m->value), "key", m->what.key, "args", args, "text", json_of(buf_view(&words)));
        if (o && *m->target)
                (void)json_put(o, "column", json_string(title(reg, m->target, rq->lang)));
        return o;
}

static json_t *notes_json(struct request *rq, const struct import_plan *p)
{
        static const char *const names[IMPORT_NOTE_KINDS] = {
                [IMPORT_UNREADABLE] = "unreadable", [IMPORT_MADE_SECTION] = "section", [IMPORT_MADE_PROVIDER] = "provider", [IMPORT_LEAVING] = "leaving",
                [IMPORT_MOVED] = "moved",           [IMPORT_HOLDS_ROLES] = "roles",    [IMPORT_SAME_NAME] = "same-name",
        };
        json_t *list = json_array();

        for (size_t i = 0; i < p->notes_n; i++) {
                const struct import_note *n = &p->notes[i];
                scoped(buf_done) struct buf roles = BUF_INIT;
                struct str more = n->more;

                for (struct str word, rest = n->kind == IMPORT_HOLDS_ROLES ? n->more : STR(""); rest.n;) {
                        const struct pack_role *role;

                        if (!str_cut(rest, ' ', &word, &rest)) {
                                word = rest;
                                rest = STR("");
                        }
                        role = pack_find_role(rq->office->pack, word_of(rq, word));
                        buf_printf(&roles, "%s%s", roles.n ? " / " : "", role ? role->name.in[rq->lang] : word_of(rq, word));
                        more = buf_view(&roles);
                }
                (void)json_array_append_new(list, json_pack("{s:s, s:I, s:o, s:o}", "kind", names[n->kind], "line", (json_int_t)n->line, "name", json_of(n->name), "more", json_of(more)));
        }
        return list;
}

static json_t *skipped_json(const struct import_plan *p)
{
        json_t *list = json_array();

        for (size_t i = 0; i < p->skipped_n && i < IMPORT_LISTED_MAX; i++)
                (void)json_array_append_new(list, json_pack("{s:I, s:s}", "line", (json_int_t)p->skipped[i].line, "why", p->skipped[i].why == IMPORT_SKIPPED_TOTAL ? "total" : "header"));
        return list;
}

int check_import(struct request *rq, struct reply *out, struct err *e)
{
        scoped(sent_done) struct sent s = { 0 };
        scoped(json_decref) json_t *mistakes = json_array();
        struct import_plan *p = arena_new(rq->arena, struct import_plan);
        char token[2 * HASH_SIZE + 1];
        struct hash digest;
        bool ok;
        int r = p ? take_sent(&s, rq, e) : err_set(e, ERR_NOMEM, "import");

        if (r == ERR_OK)
                r = import_prepare(p, &digest, &s.ask, &rq->session.who, rq->office, rq->db, rq->now, rq->arena, e);
        if (r < 0)
                return r;
        ok = !p->mistakes_total && !p->stopped && p->entries_n;
        for (size_t i = 0; i < p->mistakes_n; i++)
                (void)json_array_append_new(mistakes, mistake_json(rq, s.ask.reg, &p->mistakes[i]));
        out->json = json_pack("{s:b, s:I, s:o, s:o, s:O, s:I, s:o, s:o, s:I}", "ok", ok, "header", (json_int_t)p->layout.header, "columns", columns_json(&s, p), "counts",
                              counts_json(&p->counts, p->skipped_n), "mistakes", mistakes, "mistakes_total", (json_int_t)p->mistakes_total, "skipped", skipped_json(p),
                              "notes", notes_json(rq, p), "notes_total", (json_int_t)p->notes_total);
        if (!out->json)
                return err_set(e, ERR_NOMEM, "import");
        hex_text(token, digest.b, HASH_SIZE);
        if (ok)
                (void)json_put(out->json, "token", json_string(token));
        if (s.ask.reg->table == TABLE_PERSON) {
                (void)json_put(out->json, "percent", json_integer(p->percent_changed));
                (void)json_put(out->json, "limit", json_integer(rq->office->pack->settings.personnel_percent));
                (void)json_put(out->json, "stopped", json_boolean(p->stopped));
        }
        return ERR_OK;
}

int run_import(struct request *rq, struct reply *out, struct err *e)
{
        scoped(sent_done) struct sent s = { 0 };
        struct act_import act;
        int r = take_sent(&s, rq, e);

        if (r < 0)
                return r;
        act = (struct act_import){ .ask = s.ask };
        if (!hex_decode(s.token, act.shown.b, HASH_SIZE))
                return err_key(e, ERR_INPUT, "common.member.missing", "token", "token", NULL);
        r = writer_run(rq->office->writer, act_import, &act, e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:o, s:I, s:o}", "counts", counts_json(&act.counts, act.skipped), "entries", (json_int_t)act.entries, "receipt", json_receipt(&act.receipt));
        out->status = 201;
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "import");
}
