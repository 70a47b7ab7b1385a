/* inspect.c - see inspect.h. */
#include "server/office/store/inspect.h"

#include "server/office/store/rows.h"
#include "server/office/store/search.h"
#include "server/office/store/stmt.h"

/* Says what is wrong; a step that could not even be taken because the file is broken says that, too, and is done. */
static void say(const struct inspect *to, const char *key, const char *a, const char *b, const char *c)
{
        struct err bad = { 0 };

        (void)err_key(&bad, ERR_TAMPERED, key, "", a, b ? b : "", c ? c : "", NULL);
        to->found(to->ctx, &bad);
}

static int broken(const struct inspect *to, int r, struct err *e)
{
        if (r != ERR_TAMPERED)
                return r < 0 ? r : ERR_OK;
        e->code = r;
        to->found(to->ctx, e);
        return ERR_OK;
}

/* ---- the schema ---- */

static const char schema_rows[] = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name, type";

/* Blanks and quotes apart: ALTER TABLE … RENAME of an upgrade sets them otherwise. */
static bool same_sql(const char *a, const char *b)
{
        for (;;) {
                while (*a == ' ' || *a == '\n' || *a == '"')
                        a++;
                while (*b == ' ' || *b == '\n' || *b == '"')
                        b++;
                if (*a != *b)
                        return false;
                if (!*a)
                        return true;
                a++;
                b++;
        }
}

static const char *text_at(sqlite3_stmt *s, int col)
{
        const unsigned char *t = sqlite3_column_text(s, col);

        return t ? (const char *)t : "";
}

static int order_of(sqlite3_stmt *a, bool a_on, sqlite3_stmt *b, bool b_on)
{
        int by_name = !a_on ? 1 : !b_on ? -1 : strcmp(text_at(a, 1), text_at(b, 1));

        return by_name || !a_on || !b_on ? by_name : strcmp(text_at(a, 0), text_at(b, 0));
}

static int compare_schemas(sqlite3_stmt *have, sqlite3_stmt *want, const struct inspect *to)
{
        int h = sqlite3_step(have), w = sqlite3_step(want);

        while (h == SQLITE_ROW || w == SQLITE_ROW) {
                int c = order_of(have, h == SQLITE_ROW, want, w == SQLITE_ROW);

                if (c != 0)
                        say(to, c < 0 ? "store.schema.foreign" : "store.schema.missing", text_at(c < 0 ? have : want, 1), NULL, NULL);
                else if (!same_sql(text_at(have, 2), text_at(want, 2)))
                        say(to, "store.schema.differs", text_at(have, 1), NULL, NULL);
                if (c <= 0)
                        h = sqlite3_step(have);
                if (c >= 0)
                        w = sqlite3_step(want);
        }
        return h != SQLITE_DONE ? h : w;
}

static int schema_is(sqlite3 *file, const char *schema, const struct inspect *to, struct err *e)
{
        sqlite3_stmt *have = NULL, *want = NULL;
        sqlite3 *ours = NULL;
        int r = sqlite3_open_v2(":memory:", &ours, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX, NULL), x;

        if (r == SQLITE_OK)
                r = sqlite3_exec(ours, schema, NULL, NULL, NULL);
        if (r == SQLITE_OK)
                r = sqlite3_prepare_v2(ours, schema_rows, -1, &want, NULL);
        x = r == SQLITE_OK ? ERR_OK : sqlite_err(ours, r, e, "our schema");
        if (x == ERR_OK)
                r = sqlite3_prepare_v2(file, schema_rows, -1, &have, NULL);
        if (x == ERR_OK && r == SQLITE_OK)
                r = compare_schemas(have, want, to);
        if (x == ERR_OK && r != SQLITE_DONE)
                x = sqlite_err(file, r, e, "schema");
        (void)sqlite3_finalize(have);
        (void)sqlite3_finalize(want);
        (void)sqlite3_close(ours);
        return broken(to, x, e);
}

int inspect_schema(struct db *db, const struct inspect *to, struct err *e)
{
        int r = schema_is(db->sqlite, sql_schema, to, e);

        return r < 0 ? r : schema_is(db->keys, sql_keys_schema, to, e);
}

/* ---- pages ---- */

static int pages_of(struct stmt s, const char *file, const struct inspect *to, struct err *e)
{
        int r;

        while ((r = stmt_row(&s, e)) == 1)
                if (strcmp(text_at(s.s, 0), "ok") != 0)
                        say(to, "store.page.broken", file, text_at(s.s, 0), NULL);
        return broken(to, r, e);
}

/* The highest number ever given to a notice is kept beside the table: never below the rows, and not out of reach above them. */
static int numbers(struct db *db, const struct inspect *to, struct err *e)
{
        enum { REACH = 1 << 24 };
        struct stmt s = stmt_of(db, SQL_OUTBOX_NUMBERS);
        int r = stmt_row(&s, e);

        if (r == 1 && (col_int(&s, 0) < col_int(&s, 1) || col_int(&s, 0) > col_int(&s, 1) + REACH))
                say(to, "store.local.row", "sqlite_sequence", "outbox", NULL);
        stmt_end(&s);
        return broken(to, r, e);
}

int inspect_pages(struct db *db, const struct inspect *to, struct err *e)
{
        int r = pages_of(stmt_of(db, SQL_INTEGRITY_ALL), "sekisho.db", to, e);

        if (r == ERR_OK)
                r = pages_of(keys_stmt_of(db, KEYS_INTEGRITY), "keys.db", to, e);
        return r < 0 ? r : numbers(db, to, e);
}

int inspect_search(struct db *db, const struct inspect *to, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_GRAMS_CHECK);
        int r = stmt_run(&s, e);

        if (r == ERR_OK)
                r = search_check(db, e);
        return broken(to, r, e);
}

/* ---- local rows ---- */

/* Each statement: what the MAC stands over, in that order; the MAC; what the row is called. */
static const struct local { const char *name; enum sql each; int parts; } locals[] = {
        { "credential", SQL_EACH_CREDENTIAL, 11 }, { "session", SQL_EACH_SESSION, 5 },   { "enrol_code", SQL_EACH_CODE, 4 },
        { "grant_table", SQL_EACH_TABLE, 3 },      { "outbox", SQL_EACH_OUTBOX, 5 },     { "outbox_sent", SQL_EACH_SENT, 6 },
        { "sink", SQL_EACH_SINK, 7 },              { "report_seq", SQL_EACH_REPORT, 4 }, { "draft", SQL_EACH_DRAFT, 8 },
        { "scrub", SQL_EACH_SCRUB, 8 },
        { "house_clock", SQL_EACH_CLOCK, 6 },
};
enum { PARTS_MAX = 12 };

static int check_local_row(struct db *db, const struct local *t, struct stmt *s, const struct inspect *to, struct err *e)
{
        struct str parts[PARTS_MAX];
        int64_t ints[PARTS_MAX];
        struct err bad = { 0 };
        int r;

        for (int i = 0; i < t->parts; i++)
                if (sqlite3_column_type(s->s, i) == SQLITE_INTEGER) {
                        ints[i] = col_int(s, i);
                        parts[i] = int_part(&ints[i]);
                } else {
                        const char *p = sqlite3_column_blob(s->s, i);

                        parts[i] = (struct str){ p ? p : "", (size_t)sqlite3_column_bytes(s->s, i) };
                }
        r = local_check(db, t->name, parts, (size_t)t->parts, s, t->parts, &bad);
        if (r == ERR_TAMPERED && t->each == SQL_EACH_OUTBOX)           /* rows of version 5 leave their number out */
                r = local_check(db, t->name, parts + 1, (size_t)t->parts - 1, s, t->parts, &bad);
        if (r == ERR_TAMPERED)
                say(to, "store.local.row", t->name, text_at(s->s, t->parts + 1), NULL);
        else if (r < 0 && e)
                *e = bad;
        return r == ERR_TAMPERED ? ERR_OK : r;
}

size_t inspect_local_tables(void)
{
        return countof(locals);
}

int inspect_local_table(struct db *db, size_t i, const struct inspect *to, uint64_t *rows, struct err *e)
{
        struct stmt s = stmt_of(db, locals[i].each);
        int r;

        while ((r = stmt_row(&s, e)) == 1 && (r = check_local_row(db, &locals[i], &s, to, e)) == ERR_OK)
                ++*rows;
        stmt_end(&s);
        return broken(to, r, e);
}

int inspect_local(struct db *db, const struct inspect *to, uint64_t *rows, struct err *e)
{
        int r = ERR_OK;

        *rows = 0;
        for (size_t i = 0; r == ERR_OK && i < countof(locals); i++)
                r = inspect_local_table(db, i, to, rows, e);
        return r;
}

/* ---- the key store ---- */

struct units { struct db *db; const struct inspect *to; uint64_t size; };

static int check_unit(void *ctx, const struct unit_row *row, struct err *e)
{
        const struct units *u = ctx;
        struct stmt s;
        int r;

        if (row->has_key)
                return ERR_OK;
        s = stmt_of(u->db, SQL_JOURNAL_IS);
        bind_int(&s, row->entry);
        bind_text(&s, STR("unit.erased"));
        r = stmt_row(&s, e);
        stmt_end(&s);
        if (r == 0)
                say(u->to, "store.tombstone", row->unit, NULL, NULL);
        return r < 0 ? r : ERR_OK;
}

int inspect_units(struct db *db, const struct inspect *to, uint64_t size, struct err *e)
{
        struct units u = { db, to, size };
        struct stmt s;
        int r = broken(to, db_units_each(db, check_unit, &u, e), e);

        if (r < 0)
                return r;
        s = stmt_of(db, SQL_PAYLOAD_UNITS);
        while ((r = stmt_row(&s, e)) == 1) {
                const char *unit = text_at(s.s, 0);
                bool there = false;

                r = db_unit_is_known(&there, db, unit, e);
                if (r < 0 && (r = broken(to, r, e)) < 0)
                        break;
                if (!there)
                        say(to, "store.key.lost", unit, NULL, NULL);
        }
        stmt_end(&s);
        return broken(to, r, e);
}

/* ---- registers against a replay ---- */

struct row_sum { char *name; int64_t entry; struct hash hash; };       /* name: table, id, k, a line break after each */

struct row_sums {
        struct arena    arena;
        struct row_sum *rows;
        size_t          n, room;
};

static int sum_add(void *ctx, const char *name, int64_t entry, const struct hash *hash, struct err *e)
{
        struct row_sums *s = ctx;

        if (s->n == s->room) {
                size_t room = s->room ? 2 * s->room : 1024;
                struct row_sum *more = realloc(s->rows, room * sizeof(*more));

                if (!more)
                        return err_set(e, ERR_NOMEM, "rows");
                s->rows = more;
                s->room = room;
        }
        s->rows[s->n] = (struct row_sum){ arena_copy(&s->arena, name, strlen(name)), entry, *hash };
        return s->rows[s->n++].name ? ERR_OK : err_set(e, ERR_NOMEM, "rows");
}

static int cmp_sums(const void *a, const void *b)
{
        return strcmp(((const struct row_sum *)a)->name, ((const struct row_sum *)b)->name);
}

int row_sums_take(struct row_sums **out, struct db *db, struct err *e)
{
        scoped(row_sums_free) struct row_sums *s = calloc(1, sizeof(*s));
        int r = s ? store_sums(db, sum_add, s, e) : err_set(e, ERR_NOMEM, "rows");

        if (r < 0)
                return r;
        if (s->n)
                qsort(s->rows, s->n, sizeof(*s->rows), cmp_sums);
        *out = take(s);
        return ERR_OK;
}

struct row_sums *row_sums_free(struct row_sums *s)
{
        if (!s)
                return NULL;
        arena_done(&s->arena);
        free(s->rows);
        free(s);
        return NULL;
}

static void name_row(const struct inspect *to, const char *key, const struct row_sum *row)
{
        char table[64] = "", id[160] = "", entry[24];
        const char *cut = strchr(row->name, '\n');
        size_t n;

        (void)snprintf(table, sizeof(table), "%.*s", cut ? (int)(cut - row->name) : 0, row->name);
        n = (size_t)snprintf(id, sizeof(id), "%s", cut ? cut + 1 : "");
        n = n < sizeof(id) ? n : sizeof(id) - 1;
        while (n && id[n - 1] == '\n')
                id[--n] = 0;
        for (char *p = id; *p; p++)
                *p = *p == '\n' ? ' ' : *p;
        (void)snprintf(entry, sizeof(entry), "%lld", (long long)row->entry);
        say(to, key, table, id, entry);
}

int inspect_rows(struct db *db, const struct row_sums *was, const struct inspect *to, struct err *e)
{
        scoped(row_sums_free) struct row_sums *now = NULL;
        size_t a = 0, b = 0, named = 0;
        int r = row_sums_take(&now, db, e);

        while (r == ERR_OK && (a < was->n || b < now->n) && named < INSPECT_NAMED) {
                int c = a == was->n ? 1 : b == now->n ? -1 : cmp_sums(&was->rows[a], &now->rows[b]);

                if (c == 0 && hash_eq(&was->rows[a].hash, &now->rows[b].hash)) {
                        a++;
                        b++;
                        continue;
                }
                name_row(to, c < 0 ? "store.row.foreign" : c > 0 ? "store.row.lost" : "store.row.changed", c > 0 ? &now->rows[b] : c < 0 ? &was->rows[a] : &now->rows[b]);
                named++;
                a += c <= 0;
                b += c >= 0;
        }
        return r;
}
