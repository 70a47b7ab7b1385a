/* search.c - see search.h.
 *
 * search_doc holds one line a row: its texts folded, a line break between, what the row is called before all others (even when it has no
 * such text), and by what the register's list is ordered and filtered (hits.h);
 * a case has none of these. `search` is an FTS5 index without content of the line's
 * grams and of one word more, "=service", which says of which register it is. detail=none: the index says in which lines a gram
 * stands, and the line itself says whether the grams stand side by side.
 */
#include "server/office/store/search.h"

#include "core/search/spelling.h"
#include "server/office/store/registers.h"
#include "server/office/store/stmt.h"

enum { HITS_MAX = 10000 };

static void put_folded(struct buf *out, struct str text)
{
        if (!text.n)
                return;
        if (out->n)
                buf_char(out, '\n');
        spelling_fold(out, NULL, text);
}

static bool is_id(struct str s)
{
        struct uuid id;

        return uuid_parse(s, &id);
}

/* Where people may search for the name, that; else the first that they may search. */
static size_t called_by(const struct register_info *info)
{
        size_t first = info->columns_count;

        for (size_t i = info->columns_count; i--;)
                if (info->columns[i].flags & REGISTER_SEARCHED) {
                        first = i;
                        if (info->columns[i].flags & REGISTER_NAME)
                                break;
                }
        return first;
}

static void fold_row(struct buf *out, const struct row *row, const struct register_info *info)
{
        size_t name = called_by(info);

        spelling_fold(out, NULL, row_get_text(row, info->columns[name].col));
        for (size_t i = 0; i < info->columns_count; i++) {
                struct str text = row_get_text(row, info->columns[i].col);

                if (i == name || !(info->columns[i].flags & REGISTER_SEARCHED) || !text.n)
                        continue;
                buf_char(out, '\n');
                spelling_fold(out, NULL, text);
        }
}

static bool is_searched(const struct register_info *info)
{
        for (size_t i = 0; info && i < info->columns_count; i++)
                if (info->columns[i].flags & REGISTER_SEARCHED)
                        return true;
        return false;
}

/* The number, and what people wrote into the form and the sheets of the case. */
static int fold_case(struct buf *out, struct db *db, const char *id, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct stmt s;
        struct row app;
        int r = store_row(&app, db, TABLE_APPLICATION, id, NULL, &a, e);

        if (r < 0 || !app.rev)
                return r;
        put_folded(out, row_get_text(&app, APPLICATION_number));
        s = stmt_of(db, SQL_WORDS_OF_APP);
        bind_text(&s, str_of(id));
        while ((r = stmt_row(&s, e)) == 1) {
                struct str text;

                r = col_text(&text, &s, 1, &a, e);
                if (r < 0)
                        break;
                if (!is_id(text))
                        put_folded(out, text);
        }
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

/* ---- one line ---- */

static void put_grams(struct buf *out, struct str register_id, struct str folded)
{
        struct str line, rest = folded;

        buf_char(out, '=');
        buf_str(out, register_id);
        buf_char(out, ' ');
        if (!str_is(register_id, "application"))               /* no list asks them by a letter */
                grams_of_name(out, register_id, str_cut(folded, '\n', &line, &rest) ? line : folded);
        rest = folded;
        while (str_cut(rest, '\n', &line, &rest))
                grams_of(out, line);
        grams_of(out, rest);
}

static int put_index(struct db *db, enum sql id, int64_t rid, struct str register_id, struct str folded, struct err *e)
{
        scoped(buf_done) struct buf grams = BUF_INIT;
        struct stmt s = stmt_of(db, id);

        put_grams(&grams, register_id, folded);
        if (buf_bad(&grams))
                return err_set(e, ERR_NOMEM, "search");
        bind_int(&s, rid);
        bind_text(&s, buf_view(&grams));
        return stmt_run(&s, e);
}

/* A row as its line holds it; `info` NULL for a case. */
struct line { struct str register_id, id, folded; const struct row *row; const struct register_info *info; };

/* name, day, state, section, folded */
static void bind_line(struct stmt *s, const struct line *l)
{
        const int cols[] = { l->info ? register_name_column(l->info)->col : -1, l->info ? register_day_col(l->info) : -1, l->info ? l->info->state_col : -1,
                             l->info ? register_section_col(l->info) : -1 };

        for (size_t i = 0; i < countof(cols); i++) {
                const struct value *v = cols[i] < 0 ? NULL : &l->row->v[cols[i]];

                if (v && v->kind == VALUE_TEXT)
                        bind_text(s, v->s);
                else if (v && v->kind == VALUE_INT)
                        bind_int(s, v->i);
                else
                        bind_null(s);
        }
        bind_text(s, l->folded);
}

static int add_line(struct db *db, const struct line *l, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_DOC_ADD);
        int64_t rid = 0;
        int r;

        bind_text(&s, l->register_id);
        bind_text(&s, l->id);
        bind_line(&s, l);
        r = stmt_row(&s, e);
        if (r == 1)
                rid = col_int(&s, 0);
        stmt_end(&s);
        return r < 0 ? r : put_index(db, SQL_GRAMS_ADD, rid, l->register_id, l->folded, e);
}

/* No text left: the line goes. */
static int change_line(struct db *db, int64_t rid, struct str was, const struct line *l, struct err *e)
{
        bool moves = !str_eq(was, l->folded);
        struct stmt s;
        int r = moves ? put_index(db, SQL_GRAMS_DROP, rid, l->register_id, was, e) : ERR_OK;

        if (r < 0)
                return r;
        s = stmt_of(db, l->folded.n ? SQL_DOC_SET : SQL_DOC_DROP);
        bind_int(&s, rid);
        if (l->folded.n)
                bind_line(&s, l);
        r = stmt_run(&s, e);
        return r < 0 || !moves || !l->folded.n ? r : put_index(db, SQL_GRAMS_ADD, rid, l->register_id, l->folded, e);
}

static int put_line(struct db *db, const struct line *l, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct stmt s = stmt_of(db, SQL_DOC_GET);
        struct str was = STR("");
        int64_t rid = 0;
        int r;

        bind_text(&s, l->register_id);
        bind_text(&s, l->id);
        r = stmt_row(&s, e);
        if (r == 1) {
                rid = col_int(&s, 0);
                r = col_text(&was, &s, 1, &a, e);
        }
        stmt_end(&s);
        if (r < 0 || (!rid && !l->folded.n))
                return r < 0 ? r : ERR_OK;
        return rid ? change_line(db, rid, was, l, e) : add_line(db, l, e);
}

static int follow_row(struct db *db, const struct row *row, struct err *e)
{
        scoped(buf_done) struct buf folded = BUF_INIT;
        const struct register_info *info = register_of_table(row->table);

        if (!is_searched(info) || *row->k)
                return ERR_OK;
        fold_row(&folded, row, info);
        if (buf_bad(&folded))
                return err_set(e, ERR_NOMEM, "search");
        return put_line(db, &(struct line){ str_of(info->id), str_of(row->id), buf_view(&folded), row, info }, e);
}

static int follow_case(struct db *db, const char *id, struct err *e)
{
        scoped(buf_done) struct buf folded = BUF_INIT;
        int r = fold_case(&folded, db, id, e);

        if (r == ERR_OK && buf_bad(&folded))
                r = err_set(e, ERR_NOMEM, "search");
        return r < 0 ? r : put_line(db, &(struct line){ STR("application"), str_of(id), buf_view(&folded), NULL, NULL }, e);
}

/* A case's line moves when it is new or an answer moved, not with each step. */
static bool moves_case(const struct row *row)
{
        return row->table == TABLE_ANSWER || (row->table == TABLE_APPLICATION && row->rev == 1);
}

static bool was_before(const struct row *rows, size_t at)
{
        for (size_t i = 0; i < at; i++)
                if (moves_case(&rows[i]) && strcmp(rows[i].id, rows[at].id) == 0)
                        return true;
        return false;
}

int search_follow(struct db *db, const struct row *rows, size_t n, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                if (!moves_case(&rows[i]))
                        r = follow_row(db, &rows[i], e);
                else if (!was_before(rows, i))
                        r = follow_case(db, rows[i].id, e);
        return r;
}

/* ---- all lines ---- */

static int run_plain(struct db *db, enum sql id, struct err *e)
{
        struct stmt s = stmt_of(db, id);

        return stmt_run(&s, e);
}

int search_clear(struct db *db, struct err *e)
{
        int r = run_plain(db, SQL_GRAMS_CLEAR, e);

        return r < 0 ? r : run_plain(db, SQL_DOC_CLEAR, e);
}

int search_forget(struct db *db, struct err *e)
{
        return run_plain(db, SQL_GRAMS_MERGE, e);
}

static int fill_row(void *ctx, const struct row *row, struct err *e)
{
        return row->table == TABLE_APPLICATION ? follow_case(ctx, row->id, e) : follow_row(ctx, row, e);
}

int search_fill(struct db *db, struct err *e)
{
        int r = search_clear(db, e);

        if (r == ERR_OK)
                r = store_each(db, TABLE_APPLICATION, fill_row, db, e);
        for (size_t i = 0; r == ERR_OK && i < registers_count; i++)
                if (is_searched(&registers[i]))
                        r = store_each(db, registers[i].table, fill_row, db, e);
        return r;
}

/* ---- check ---- */

/* A sum does not ask for an order: four lanes of the SHA-256 of each (gram, line). */
struct sum { uint64_t lane[4], count; };

static void sum_add(struct sum *s, struct str gram, int64_t rid)
{
        struct str runs[2] = { { (const char *)&rid, sizeof(rid) }, gram };
        struct hash h = hash_runs(runs, countof(runs));
        uint64_t lane[4];

        memcpy(lane, h.b, sizeof(lane));
        for (size_t i = 0; i < countof(lane); i++)
                s->lane[i] += lane[i];
        s->count++;
}

static int cmp_str(const void *a, const void *b)
{
        return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static int sum_line(struct sum *sum, int64_t rid, struct str register_id, struct str folded, struct err *e)
{
        scoped(buf_done) struct buf grams = BUF_INIT;
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct str rest, *list;
        size_t n = 0;

        put_grams(&grams, register_id, folded);
        list = buf_bad(&grams) ? NULL : arena_array(&a, grams.n, sizeof(*list));
        if (!list)
                return err_set(e, ERR_NOMEM, "search");
        rest = buf_view(&grams);
        while (str_cut(rest, ' ', &list[n], &rest))
                n++;
        qsort(list, n, sizeof(*list), cmp_str);
        for (size_t i = 0; i < n; i++)
                if (!i || !str_eq(list[i], list[i - 1]))
                        sum_add(sum, list[i], rid);
        return ERR_OK;
}

static int sum_lines(struct sum *sum, struct db *db, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_DOC_EACH);
        int r;

        while ((r = stmt_row(&s, e)) == 1) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct str register_id, folded;

                r = col_text(&register_id, &s, 1, &a, e);
                if (r == ERR_OK)
                        r = col_text(&folded, &s, 2, &a, e);
                if (r == ERR_OK)
                        r = sum_line(sum, col_int(&s, 0), register_id, folded, e);
                if (r < 0)
                        break;
        }
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

static int sum_index(struct sum *sum, struct db *db, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_GRAMS_EACH);
        int r;

        while ((r = stmt_row(&s, e)) == 1) {
                struct str gram = { (const char *)sqlite3_column_text(s.s, 0), (size_t)sqlite3_column_bytes(s.s, 0) };

                if (!gram.p) {
                        r = err_set(e, ERR_NOMEM, "search");
                        break;
                }
                sum_add(sum, gram, col_int(&s, 1));
        }
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

int search_check(struct db *db, struct err *e)
{
        struct sum lines = { 0 }, index = { 0 };
        int r = sum_lines(&lines, db, e);

        if (r == ERR_OK)
                r = sum_index(&index, db, e);
        if (r < 0)
                return r;
        return memcmp(&lines, &index, sizeof(lines)) == 0 ? ERR_OK : err_key(e, ERR_TAMPERED, "store.search.differs", "", NULL);
}

/* ---- find ---- */

static int line_of(int64_t *rid, struct db *db, const struct search_hit *hit, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_DOC_GET);
        int r;

        bind_text(&s, hit->register_id);
        bind_text(&s, hit->id);
        r = stmt_row(&s, e);
        *rid = r == 1 ? col_int(&s, 0) : INT64_MAX;
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

static int read_hits(struct search_hit *hits, size_t *n, size_t max, struct stmt *s, struct arena *a, struct err *e)
{
        int r;

        *n = 0;
        while ((r = stmt_row(s, e)) == 1 && *n < max) {
                struct search_hit *hit = &hits[(*n)++];

                r = col_text(&hit->register_id, s, 0, a, e);
                if (r == ERR_OK)
                        r = col_text(&hit->id, s, 1, a, e);
                if (r < 0)
                        break;
        }
        stmt_end(s);
        return r < 0 ? r : ERR_OK;
}

int search_hits(struct search_hit **out, size_t *n, struct db *db, const struct search_filter *f, struct arena *a, struct err *e)
{
        scoped(buf_done) struct buf ask = BUF_INIT;
        struct search_hit *hits = f->limit <= HITS_MAX ? arena_array(a, f->limit, sizeof(*hits)) : NULL;
        struct stmt s;
        int64_t below = INT64_MAX;
        int r = hits ? ERR_OK : err_set(e, ERR_NOMEM, "%zu hits", f->limit);

        if (r == ERR_OK && f->after.id.n)
                r = line_of(&below, db, &f->after, e);
        grams_ask(&ask, f->register_id, f->terms);
        if (r == ERR_OK && buf_bad(&ask))
                r = err_set(e, ERR_NOMEM, "search");
        if (r < 0)
                return r;
        s = stmt_of(db, f->person.n ? SQL_SEARCH_OWN : SQL_SEARCH);
        bind_text(&s, buf_view(&ask));
        bind_int(&s, below);
        bind_int(&s, (int64_t)f->limit);
        for (size_t i = 0; i < SEARCH_TERMS_MAX; i++)
                bind_text(&s, i < f->terms->n ? f->terms->terms[i] : STR(""));
        if (f->person.n) {
                bind_text(&s, f->section);
                bind_text(&s, f->person);
                bind_text(&s, f->roles.n ? f->roles : STR("[]"));
        }
        *out = hits;
        return read_hits(hits, n, f->limit, &s, a, e);
}

int query_search_ids(struct str **ids, size_t *n, struct db *db, const char *register_id, const struct search_terms *t, size_t limit, struct arena *a, struct err *e)
{
        struct search_filter f = { .terms = t, .register_id = str_of(register_id), .limit = limit };
        struct search_hit *hits = NULL;
        struct str *list;
        int r = search_hits(&hits, n, db, &f, a, e);

        if (r < 0)
                return r;
        list = arena_array(a, *n + 1, sizeof(*list));
        if (!list)
                return err_set(e, ERR_NOMEM, "search");
        for (size_t i = 0; i < *n; i++)
                list[i] = hits[i].id;
        *ids = list;
        return ERR_OK;
}
