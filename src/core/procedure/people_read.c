/* people_read.c - the list of people as CSV (docs/formats/people.md, RFC 4180).
 *
 *      sekisho-people,1
 *      id,name,section,roles,deputies
 *      sato,佐藤 一郎,総務課,section_manager;system_manager,tanaka
 */
#include "core/procedure/people.h"

#include "core/pack/chars.h"

enum heading { COLUMN_ID, COLUMN_NAME, COLUMN_SECTION, COLUMN_ROLES, COLUMN_DEPUTIES, COLUMNS };
enum { CELLS_MAX = 20, PLACE_MAX = 120 };

static const struct { const char *words[2]; bool required; } headings[COLUMNS] = {
        [COLUMN_ID] = { { "id", "職員ID" }, true },         [COLUMN_NAME] = { { "name", "氏名" }, true },
        [COLUMN_SECTION] = { { "section", "所属" }, true }, [COLUMN_ROLES] = { { "roles", "職" }, true },
        [COLUMN_DEPUTIES] = { { "deputies", "代決者" }, false },
};

struct reader {
        const struct pack *pack;
        const char        *file;
        struct str         rest;
        uint32_t           line, next_line;      /* of the row at hand, of the rest */
        struct str         cells[CELLS_MAX];
        size_t             cells_count;
        int                at[COLUMNS];          /* which cell; -1: not there */
        struct person     *rows;
        uint32_t          *lines;                /* of each person */
        struct str        *deputies;             /* as written, until all are read */
        size_t             n;
        struct arena      *arena;
        pack_report_fn    *report;
        void              *ctx;
        struct err         first;
        unsigned           mistakes;
};

/* {0} the place, {1} what stands there. */
static void mistaken(struct reader *r, const char *key, uint32_t line, struct str what)
{
        char place[PLACE_MAX], shown[ERR_ARG_MAX];
        struct err e = { 0 };
        size_t n = 0;

        for (struct str rest = what; rest.n && !char_is_hidden(char_next(&rest)) && what.n - rest.n < sizeof(shown);)
                n = what.n - rest.n;
        (void)snprintf(place, sizeof(place), "%.90s:%u", r->file, line);
        (void)snprintf(shown, sizeof(shown), "%.*s", (int)n, n ? what.p : "");
        (void)err_key(&e, ERR_INPUT, key, "", place, shown, (char *)NULL);
        if (!r->mistakes++)
                r->first = e;
        if (r->report && r->mistakes <= PEOPLE_MISTAKES_MAX)
                r->report(r->ctx, &e);
}

/* ---- rows of cells ---- */

/* Where the cell's closing quote stands; 0: nowhere, or not before a comma or the end of a line. */
static size_t quote_end(struct str s)
{
        size_t i = 1;

        while (i < s.n && (s.p[i] != '"' || (i + 1 < s.n && s.p[i + 1] == '"')))
                i += s.p[i] == '"' ? 2 : 1;
        return i >= s.n || (i + 1 < s.n && !strchr(",\r\n", s.p[i + 1])) ? 0 : i;
}

/* A cell in quotes: its text without them, "" for one. */
static bool cut_quoted(struct str *out, struct reader *r)
{
        size_t end = quote_end(r->rest), n = 0;
        char *text = end ? arena_alloc(r->arena, end) : NULL;

        if (!text)
                return false;
        for (size_t i = 1; i < end; i++) {
                i += r->rest.p[i] == '"';
                r->next_line += r->rest.p[i] == '\n';
                text[n++] = r->rest.p[i];
        }
        *out = (struct str){ text, n };
        r->rest = (struct str){ r->rest.p + end + 1, r->rest.n - end - 1 };
        return true;
}

static void cut_plain(struct str *out, struct reader *r)
{
        size_t n = 0;

        while (n < r->rest.n && r->rest.p[n] != ',' && r->rest.p[n] != '\n')
                n++;
        *out = (struct str){ r->rest.p, n };
        r->rest = (struct str){ r->rest.p + n, r->rest.n - n };
}

/* Behind a cell stands a comma (true), or the end of the line. */
static bool cut_comma(struct reader *r)
{
        bool comma;

        if (r->rest.n >= 2 && r->rest.p[0] == '\r' && r->rest.p[1] == '\n')
                r->rest = (struct str){ r->rest.p + 1, r->rest.n - 1 };
        comma = r->rest.n && r->rest.p[0] == ',';
        if (r->rest.n && !comma)
                r->next_line++;
        if (r->rest.n)
                r->rest = (struct str){ r->rest.p + 1, r->rest.n - 1 };
        return comma;
}

/* The next row with anything in it; false at the end of the file, or where it cannot be read any further. */
static bool row_next(struct reader *r)
{
        bool any = false;

        while (r->rest.n && !any) {
                bool more = true;

                r->line = r->next_line;
                r->cells_count = 0;
                while (more) {
                        struct str cell = { "", 0 };

                        if (r->rest.n && r->rest.p[0] == '"') {
                                if (!cut_quoted(&cell, r)) {
                                        mistaken(r, "people.quote", r->line, cell);
                                        return false;
                                }
                        } else {
                                cut_plain(&cell, r);
                        }
                        more = cut_comma(r);
                        cell = chars_trim(cell);
                        any = any || cell.n;
                        if (r->cells_count < CELLS_MAX)
                                r->cells[r->cells_count++] = cell;
                }
        }
        return any;
}

static struct str cell_of(const struct reader *r, enum heading c)
{
        return r->at[c] >= 0 && (size_t)r->at[c] < r->cells_count ? r->cells[r->at[c]] : (struct str){ "", 0 };
}

/* ---- the first two rows ---- */

static bool format_read(struct reader *r)
{
        if (r->rest.n >= 3 && memcmp(r->rest.p, "\xef\xbb\xbf", 3) == 0)             /* Excel's "CSV UTF-8" begins so */
                r->rest = (struct str){ r->rest.p + 3, r->rest.n - 3 };
        if (row_next(r) && r->cells_count >= 2 && str_is(r->cells[0], "sekisho-people") && str_is(r->cells[1], "1"))
                return true;
        mistaken(r, "people.format", 1, (struct str){ "", 0 });
        return false;
}

static int heading_find(struct str cell)
{
        for (int c = 0; c < COLUMNS; c++)
                if (str_is(cell, headings[c].words[0]) || str_is(cell, headings[c].words[1]))
                        return c;
        return -1;
}

static bool headings_read(struct reader *r)
{
        unsigned before = r->mistakes;

        for (int c = 0; c < COLUMNS; c++)
                r->at[c] = -1;
        if (!row_next(r))
                r->cells_count = 0;
        for (size_t i = 0; i < r->cells_count; i++) {
                int c = heading_find(r->cells[i]);

                if (r->cells[i].n && (c < 0 || r->at[c] >= 0))
                        mistaken(r, "people.heading", r->line, r->cells[i]);
                else if (c >= 0)
                        r->at[c] = (int)i;
        }
        for (int c = 0; c < COLUMNS; c++)
                if (headings[c].required && r->at[c] < 0)
                        mistaken(r, "people.heading-missing", r->line, str_of(headings[c].words[0]));
        return r->mistakes == before;
}

/* ---- one person ---- */

static const struct person *find(const struct person *rows, size_t n, struct str id)
{
        for (size_t i = 0; i < n; i++)
                if (str_is(id, rows[i].id))
                        return &rows[i];
        return NULL;
}

static bool id_ok(struct str s)
{
        for (size_t i = 0; i < s.n; i++)
                if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') || (s.p[i] >= '0' && s.p[i] <= '9') || strchr("._-@", s.p[i])))
                        return false;
        return s.n && s.n < ROW_KEY_MAX;
}

/* Several in one cell stand apart by semicolons, of either width. */
static bool cut_item(struct str *item, struct str *rest)
{
        size_t n = 0, sign = 0;

        if (!rest->n)
                return false;
        while (n < rest->n && !sign) {
                if (rest->p[n] == ';')
                        sign = 1;
                else if (rest->n - n >= 3 && memcmp(rest->p + n, "；", 3) == 0)
                        sign = 3;
                else
                        n++;
        }
        *item = chars_trim((struct str){ rest->p, n });
        *rest = (struct str){ rest->p + n + sign, rest->n - n - sign };
        return true;
}

/* By its id, or by its name in either language. */
static const char *role_find(const struct pack *pack, struct str word)
{
        for (size_t i = 0; i < pack->roles_count; i++) {
                const struct pack_role *role = &pack->roles[i];

                if (str_is(word, role->id) || str_is(word, role->name.in[LANG_JA]) || str_is(word, role->name.in[LANG_EN]))
                        return role->id;
        }
        return NULL;
}

static void roles_read(struct reader *r, struct person *p, struct str cell)
{
        struct str word;

        while (cut_item(&word, &cell)) {
                const char *role = word.n ? role_find(r->pack, word) : NULL;

                if (word.n && !role)
                        mistaken(r, "people.role", r->line, word);
                else if (role && p->roles_count == PERMIT_ROLES_MAX)
                        mistaken(r, "people.roles-many", r->line, word);
                else if (role)
                        p->roles[p->roles_count++] = role;
        }
}

static int person_read(struct reader *r)
{
        struct person *p = &r->rows[r->n];
        struct str id = cell_of(r, COLUMN_ID), name = cell_of(r, COLUMN_NAME);

        *p = (struct person){ .section = cell_of(r, COLUMN_SECTION) };
        p->id = arena_copy(r->arena, id.p, id.n);
        p->name = arena_copy(r->arena, name.p, name.n);
        if (!p->id || !p->name)
                return ERR_NOMEM;
        if (!id_ok(id))
                mistaken(r, "people.id", r->line, id);
        else if (find(r->rows, r->n, id))
                mistaken(r, "people.twice", r->line, id);
        if (!p->section.n)
                mistaken(r, "people.section", r->line, id);
        roles_read(r, p, cell_of(r, COLUMN_ROLES));
        r->deputies[r->n] = cell_of(r, COLUMN_DEPUTIES);
        r->lines[r->n++] = r->line;
        return ERR_OK;
}

static void deputies_read(struct reader *r, size_t i)
{
        struct str word, cell = r->deputies[i];
        struct person *p = &r->rows[i];

        while (cut_item(&word, &cell)) {
                const struct person *deputy = word.n ? find(r->rows, r->n, word) : NULL;

                if (word.n && (!deputy || deputy == p))
                        mistaken(r, "people.deputy", r->lines[i], word);
                else if (deputy && p->deputies_count == PEOPLE_DEPUTIES_MAX)
                        mistaken(r, "people.deputies-many", r->lines[i], word);
                else if (deputy)
                        p->deputies[p->deputies_count++] = deputy->id;
        }
}

static int rows_read(struct reader *r, struct err *e)
{
        if (!format_read(r) || !headings_read(r))
                return ERR_INPUT;
        while (row_next(r)) {
                if (r->n == PEOPLE_MAX) {
                        mistaken(r, "people.many", r->line, (struct str){ "", 0 });
                        return ERR_INPUT;
                }
                if (person_read(r) < 0)
                        return err_set(e, ERR_NOMEM, "people");
        }
        for (size_t i = 0; i < r->n; i++)
                deputies_read(r, i);
        if (!r->n && !r->mistakes)
                mistaken(r, "people.none", r->line, (struct str){ "", 0 });
        return r->mistakes ? ERR_INPUT : ERR_OK;
}

int people_read(struct people *out, const struct pack *pack, const char *file, struct str bytes, struct arena *a, pack_report_fn *report, void *ctx,
                struct err *e)
{
        struct reader *r = arena_new(a, struct reader);
        int result;

        if (!r)
                return err_set(e, ERR_NOMEM, "people");
        *r = (struct reader){ .pack = pack, .file = file, .rest = bytes, .next_line = 1, .arena = a, .report = report, .ctx = ctx };
        r->rows = arena_array(a, PEOPLE_MAX, sizeof(*r->rows));
        r->lines = arena_array(a, PEOPLE_MAX, sizeof(*r->lines));
        r->deputies = arena_array(a, PEOPLE_MAX, sizeof(*r->deputies));
        if (!r->rows || !r->lines || !r->deputies)
                return err_set(e, ERR_NOMEM, "people");
        if (bytes.n > PEOPLE_BYTES_MAX || !utf8_ok(bytes)) {
                mistaken(r, bytes.n > PEOPLE_BYTES_MAX ? "people.many" : "people.utf8", 1, (struct str){ "", 0 });
                result = ERR_INPUT;
        } else {
                result = rows_read(r, e);
        }
        if (result == ERR_INPUT && e)
                *e = r->first;
        if (result == ERR_OK)
                *out = (struct people){ r->rows, r->n };
        return result;
}
