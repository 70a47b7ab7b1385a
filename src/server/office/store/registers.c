/* registers.c - see registers.h. Pieces of statements are const; what differs is which of them stand together, so each sort of question
 * is prepared once per connection and kept (stmt_text). */
#include "server/office/store/registers.h"

#include "server/office/store/search.h"
#include "server/office/store/stmt.h"

/* FEW: so many hits of a search are looked up by id; where there are more, one in so many rows is a hit and a page is soon found by
 * walking the order. Both stay under 10 ms with 100,000 rows (docs/ledger). */
enum { NAMED_MAX = 16, FEW = 2000 };

/* The order besides the name's, with its index; newest: from the last. */
static const struct order { enum table table; const char *column; bool newest; } orders[] = {
        { TABLE_SERVICE, "review_at", false },     { TABLE_USE, "until_at", false },        { TABLE_CERTIFICATE, "until_at", false },
        { TABLE_CONTRACT, "until_at", false },     { TABLE_ACCOUNT, "until_at", false },    { TABLE_PERSON, "until_at", false },
        { TABLE_POSTING, "until_at", false },      { TABLE_CONTACT, "checked_at", false },  { TABLE_ATTACHMENT, "added_at", true },
        { TABLE_FINDING, "first_at", true },       { TABLE_INCIDENT, "found_at", true },
};

/* Which rows hang on a service that a person looks after. */
#define SERVICES_OF "(SELECT id FROM r_service WHERE manager=?1 UNION SELECT id FROM r_service WHERE deputy=?1)"
#define PROVIDERS_OF "(SELECT provider FROM r_service WHERE manager=?1 UNION SELECT provider FROM r_service WHERE deputy=?1)"
static const char *looked_after(const struct register_info *r)
{
        switch (r->table) {
        case TABLE_SERVICE:
                return "id IN " SERVICES_OF;
        case TABLE_PROVIDER:
                return "id IN " PROVIDERS_OF;
        case TABLE_CERTIFICATE:                    /* of one service, or of all that a provider has */
                return "(service IN " SERVICES_OF " OR (service IS NULL AND provider IN " PROVIDERS_OF "))";
        case TABLE_ATTACHMENT:
                return "(person=?1 OR subject IN " SERVICES_OF ")";
        default:
                return r->of && strcmp(r->of, "service") == 0 ? "service IN " SERVICES_OF : "0 AND ?1=''";
        }
}

static const char *column_name(const struct register_info *r, int col)
{
        return table_infos[r->table].cols[col].name;
}

static const char *name_of(const struct register_info *r)
{
        return column_name(r, register_name_column(r)->col);
}

static const struct order *order_of(const struct register_info *r, const char *column)
{
        for (size_t i = 0; column && i < countof(orders); i++)
                if (orders[i].table == r->table && strcmp(orders[i].column, column) == 0)
                        return &orders[i];
        return NULL;
}

bool register_sorts(const struct register_info *r, struct str column)
{
        for (size_t i = 0; i < countof(orders); i++)
                if (orders[i].table == r->table && str_is(column, orders[i].column))
                        return true;
        return str_is(column, name_of(r));
}

static bool has_column(const struct register_info *r, const char *name)
{
        const struct table_info *t = &table_infos[r->table];

        for (size_t i = 0; i < t->cols_count; i++)
                if (strcmp(t->cols[i].name, name) == 0)
                        return true;
        return false;
}

static void add_columns(struct buf *b, enum table table)
{
        const struct table_info *t = &table_infos[table];

        buf_text(b, "id, k, rev, entry");
        for (size_t i = 0; i < t->cols_count; i++)
                buf_printf(b, t->cols[i].type == COLUMN_TEXT ? ", %s, %s_c" : ", %s", t->cols[i].name, t->cols[i].name);
}

/* ---- what was typed into the search field ---- */

enum how { HOW_NOT, HOW_NAME, HOW_FEW, HOW_MANY };
struct narrowed { enum how how; struct search_terms terms; struct str ids; };

static bool is_searched(const struct register_info *r)
{
        for (size_t i = 0; i < r->columns_count; i++)
                if (r->columns[i].flags & REGISTER_SEARCHED)
                        return true;
        return false;
}

/* Two letters ask the index; a single one, and registers without texts to search, the name. */
static int narrow(struct narrowed *out, struct db *db, const struct register_info *r, const struct register_filter *f, struct arena *a, struct err *e)
{
        scoped(buf_done) struct buf list = BUF_INIT;
        struct str *ids = NULL;
        struct err short_one = { 0 };
        size_t n = 0;
        int x;

        *out = (struct narrowed){ .how = f->q.n ? HOW_NAME : HOW_NOT };
        if (!f->q.n || !is_searched(r))
                return ERR_OK;
        x = search_terms_read(&out->terms, f->q, a, &short_one);
        if (x < 0 && (strcmp(short_one.key, "search.short") == 0 || strcmp(short_one.key, "search.empty") == 0))
                return ERR_OK;
        if (x < 0 && e)
                *e = short_one;
        if (x == ERR_OK)
                x = query_search_ids(&ids, &n, db, r->id, &out->terms, FEW + 1, a, e);
        if (x < 0)
                return x;
        out->how = n > FEW ? HOW_MANY : HOW_FEW;
        for (size_t i = 0; n <= FEW && i < n; i++)
                buf_printf(&list, "%s\"%.*s\"", i ? "," : "[", (int)ids[i].n, ids[i].p);
        buf_text(&list, n && n <= FEW ? "]" : "[]");
        out->ids = (struct str){ buf_bad(&list) ? NULL : arena_copy(a, list.p, list.n), list.n };
        return out->ids.p ? ERR_OK : err_set(e, ERR_NOMEM, "search");
}

static void add_narrowed(struct buf *b, const struct register_info *r, const struct narrowed *w)
{
        if (w->how == HOW_NAME)
                buf_printf(b, " AND instr(%s, ?2)>0", name_of(r));
        if (w->how == HOW_FEW)
                buf_text(b, " AND id IN (SELECT value FROM json_each(?9))");
        if (w->how == HOW_MANY)
                buf_printf(b, " AND EXISTS (SELECT 1 FROM search_doc d WHERE d.register=?9 AND d.id=r_%s.id AND instr(d.folded, ?10) AND instr(d.folded, ?11)"
                              " AND instr(d.folded, ?12) AND instr(d.folded, ?13) AND instr(d.folded, ?14) AND instr(d.folded, ?15) AND instr(d.folded, ?16)"
                              " AND instr(d.folded, ?17))", table_infos[r->table].name);
}

static void bind_narrowed(struct stmt *s, const struct register_info *r, const struct narrowed *w)
{
        if (w->how == HOW_FEW)
                bind_text(s, w->ids);
        if (w->how == HOW_MANY)
                bind_text(s, str_of(r->id));
        for (size_t i = 0; w->how == HOW_MANY && i < SEARCH_TERMS_MAX; i++)
                bind_text(s, i < w->terms.n ? w->terms.terms[i] : STR(""));
}

/* ?1 person, ?2 q, ?3 state, ?4 section, ?5 of. The narrowest filter has the index; a + keeps the others from taking it away. */
static void add_filters(struct buf *b, const struct register_info *r, const struct register_filter *f, const struct narrowed *w)
{
        const char *off = w->how == HOW_FEW ? "+" : "";

        buf_printf(b, " FROM r_%s WHERE ?5 IS NOT NULL", table_infos[r->table].name);    /* all five are bound, whichever is asked */
        if (f->of.n && r->table == TABLE_CERTIFICATE)
                buf_text(b, " AND (service=?5 OR (service IS NULL AND provider=(SELECT provider FROM r_service WHERE id=?5 AND k='')))");
        else if (f->of.n)
                buf_printf(b, " AND %s%s=?5", off, r->of_col >= 0 ? column_name(r, r->of_col) : "id");
        if (f->person)
                buf_printf(b, " AND %s", looked_after(r));
        off = f->of.n || f->person || *off ? "+" : "";
        if (f->section.n)
                buf_printf(b, has_column(r, "section") ? " AND %ssection=?4" : " AND %s0", off);
        if (f->state.n && r->state_col >= 0)
                buf_printf(b, " AND %s%s=?3", off, column_name(r, r->state_col));
        add_narrowed(b, r, w);
}

static void bind_filters(struct stmt *s, const struct register_filter *f)
{
        bind_text(s, str_of(f->person));
        bind_text(s, f->q);
        bind_text(s, f->state);
        bind_text(s, f->section);
        bind_text(s, f->of);
}

/* Where the page begins: behind the row that was seen last, wherever it stands by now. ?6 its place, ?7 its id. */
struct place { bool is_null, is_text; int64_t i; struct str s; };

static int place_of(struct place *out, struct db *db, const struct register_info *r, const char *column, struct str id, struct arena *a, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct place p = { .is_null = true };
        struct stmt s;
        int x;

        buf_printf(&b, "SELECT %s FROM r_%s WHERE id=?1 AND k=''", column, table_infos[r->table].name);
        s = stmt_text(db, buf_view(&b));
        bind_text(&s, id);
        x = stmt_row(&s, e);
        if (x == 1) {
                p.is_null = col_null(&s, 0);
                p.is_text = sqlite3_column_type(s.s, 0) == SQLITE_TEXT;
                p.i = p.is_text ? 0 : col_int(&s, 0);
                x = p.is_text ? col_text(&p.s, &s, 0, a, e) : ERR_OK;
        } else if (x == 0) {
                x = err_key(e, ERR_INPUT, "list.after.bad", "after", NULL);
        }
        stmt_end(&s);
        if (x == ERR_OK)
                *out = p;
        return x;
}

/* off: "+" when the order's index is not to be walked. */
static void add_order(struct buf *b, const char *off, const char *column, const struct order *o, const struct place *p)
{
        if (p && o)
                buf_printf(b, " AND (%s%s, id)%s(?6, ?7)", off, column, o->newest ? "<" : ">");
        else if (p && p->is_null)
                buf_printf(b, " AND ((%s%s IS NULL AND id>?7) OR (%s%s IS NOT NULL AND ?6 IS NULL))", off, column, off, column);
        else if (p)
                buf_printf(b, " AND (%s%s, id)>(?6, ?7)", off, column);
        if (o)
                buf_printf(b, " AND %s%s IS NOT NULL", off, column);      /* in the order of a day stands what has one */
        buf_printf(b, " ORDER BY %s%s%s, id%s LIMIT ?8", off, column, o && o->newest ? " DESC" : "", o && o->newest ? " DESC" : "");
}

static struct stmt page_stmt(struct db *db, struct buf *b, const struct register_info *r, const struct register_filter *f, const struct narrowed *w, const struct place *p)
{
        const struct order *o = order_of(r, f->sort);
        struct stmt s;

        add_filters(b, r, f, w);
        add_order(b, w->how == HOW_FEW ? "+" : "", o ? o->column : name_of(r), o, f->after.n ? p : NULL);
        s = stmt_text(db, buf_view(b));
        bind_filters(&s, f);
        if (p->is_null)
                bind_null(&s);
        else if (p->is_text)
                bind_text(&s, p->s);
        else
                bind_int(&s, p->i);
        bind_text(&s, f->after);
        return s;
}

static int read_page(struct row **out, size_t *n, struct db *db, const struct register_info *r, const struct register_filter *f, const struct narrowed *w,
                     struct arena *a, struct err *e)
{
        const struct order *o = order_of(r, f->sort);
        scoped(buf_done) struct buf b = BUF_INIT;
        struct place place = { .is_null = true };
        struct stmt s;
        int x = f->after.n ? place_of(&place, db, r, o ? o->column : name_of(r), f->after, a, e) : ERR_OK;

        if (x < 0)
                return x;
        buf_text(&b, "SELECT ");
        add_columns(&b, r->table);
        s = page_stmt(db, &b, r, f, w, &place);
        if (buf_bad(&b))
                return err_set(e, ERR_NOMEM, "register");
        bind_int(&s, (int64_t)f->limit);
        bind_narrowed(&s, r, w);
        return rows_collect(out, n, &s, r->table, f->limit, a, e);
}

/* Where most rows would have to be looked at, it is said that there are at least so many. */
static int count_rows(uint64_t *total, bool *at_least, struct db *db, const struct register_info *r, const struct register_filter *f, const struct narrowed *w, struct err *e)
{
        const struct order *o = order_of(r, f->sort);
        scoped(buf_done) struct buf b = BUF_INIT;
        struct stmt s;
        int x;

        *at_least = w->how == HOW_MANY;
        if (*at_least) {
                *total = f->state.n || f->section.n || f->of.n || f->person || o ? 0 : FEW;
                return ERR_OK;
        }
        buf_text(&b, "SELECT count(*)");
        add_filters(&b, r, f, w);
        if (o)
                buf_printf(&b, " AND %s%s IS NOT NULL", w->how == HOW_FEW ? "+" : "", o->column);
        if (buf_bad(&b))
                return err_set(e, ERR_NOMEM, "register");
        s = stmt_text(db, buf_view(&b));
        bind_filters(&s, f);
        for (int i = 0; w->how == HOW_FEW && i < 3; i++)
                bind_null(&s);                                  /* ?6..?8 belong to the page */
        bind_narrowed(&s, r, w);
        x = stmt_row(&s, e);
        if (x == 1)
                *total = (uint64_t)col_int(&s, 0);
        stmt_end(&s);
        return x < 0 ? x : ERR_OK;
}

/* The first page of few hits: all of them in order, by id; so they are counted by the way. */
static int read_few(struct row **out, size_t *n, uint64_t *total, struct db *db, const struct register_info *r, const struct register_filter *f,
                    const struct narrowed *w, struct arena *a, struct err *e)
{
        const struct place none = { .is_null = true };
        scoped(buf_done) struct buf b = BUF_INIT;
        struct row *rows = arena_array(a, f->limit, sizeof(*rows));
        struct str id;
        struct stmt s;
        size_t have = 0;
        int x;

        buf_text(&b, "SELECT id");
        s = page_stmt(db, &b, r, f, w, &none);
        if (!rows || buf_bad(&b))
                return err_set(e, ERR_NOMEM, "register");
        bind_int(&s, FEW);
        bind_narrowed(&s, r, w);
        while ((x = stmt_row(&s, e)) == 1) {
                x = (*total)++ < f->limit ? col_text(&id, &s, 0, a, e) : 1;
                if (x == ERR_OK)
                        x = store_row(&rows[have++], db, r->table, id.p, NULL, a, e);
                if (x < 0)
                        break;
        }
        stmt_end(&s);
        *out = rows;
        *n = have;
        return x < 0 ? x : ERR_OK;
}

int query_register(struct row **out, size_t *n, struct db *db, const struct register_info *r, const struct register_filter *f, struct arena *a, struct err *e)
{
        struct narrowed w;
        int x = narrow(&w, db, r, f, a, e);

        return x < 0 ? x : read_page(out, n, db, r, f, &w, a, e);
}

int query_register_counted(struct row **out, size_t *n, uint64_t *total, bool *at_least, struct db *db, const struct register_info *r, const struct register_filter *f,
                           struct arena *a, struct err *e)
{
        struct narrowed w;
        int x = narrow(&w, db, r, f, a, e);

        *total = 0;
        *at_least = false;
        if (x == ERR_OK && w.how == HOW_FEW && !f->after.n)
                return read_few(out, n, total, db, r, f, &w, a, e);
        if (x == ERR_OK)
                x = read_page(out, n, db, r, f, &w, a, e);
        if (x == ERR_OK)
                x = count_rows(total, at_least, db, r, f, &w, e);
        if (x == ERR_OK && *at_least && *total < *n)
                *total = *n;
        return x;
}

/* ---- names ---- */

static const char *state_of(const struct register_info *r)
{
        return r->state_col >= 0 ? column_name(r, r->state_col) : "NULL";
}

/* Those that count hide those that are over. */
int query_named(struct record_found *out, struct db *db, const struct register_info *r, struct str of, struct str name, struct arena *a, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct record_found live = { 0 }, over = { 0 };
        struct stmt s;
        int x;

        buf_printf(&b, "SELECT id, %s FROM r_%s WHERE (%s=?1%s)", state_of(r), table_infos[r->table].name, name_of(r), r->table == TABLE_PERSON ? " OR number=?1" : "");
        if (of.n && r->of_col >= 0)
                buf_printf(&b, " AND +%s=?2", column_name(r, r->of_col));
        buf_printf(&b, " LIMIT %d", NAMED_MAX);
        if (buf_bad(&b))
                return err_set(e, ERR_NOMEM, "named");
        s = stmt_text(db, buf_view(&b));
        bind_text(&s, name);
        if (of.n && r->of_col >= 0)
                bind_text(&s, of);
        while ((x = stmt_row(&s, e)) == 1) {
                struct str state = STR("");
                struct record_found *found;

                x = col_null(&s, 1) ? ERR_OK : col_text(&state, &s, 1, a, e);
                found = register_is_over(state) ? &over : &live;
                if (x == ERR_OK)
                        x = col_text(&found->id, &s, 0, a, e);
                if (x < 0)
                        break;
                found->n++;
        }
        stmt_end(&s);
        if (x < 0)
                return x;
        over.ended = true;
        *out = live.n ? live : over;
        return ERR_OK;
}

int query_name(struct str *name, bool *over, struct db *db, const struct register_info *r, struct str id, struct arena *a, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct str text = STR(""), state = STR("");
        struct stmt s;
        int x;

        buf_printf(&b, "SELECT %s, %s FROM r_%s WHERE id=?1 AND k=''", name_of(r), state_of(r), table_infos[r->table].name);
        if (buf_bad(&b))
                return err_set(e, ERR_NOMEM, "name");
        s = stmt_text(db, buf_view(&b));
        bind_text(&s, id);
        x = stmt_row(&s, e);
        if (x == 0)
                x = err_set(e, ERR_ABSENT, "no row of that id");
        if (x == 1 && !col_null(&s, 0))
                x = col_text(&text, &s, 0, a, e) < 0 ? ERR_NOMEM : 1;
        if (x == 1 && !col_null(&s, 1))
                x = col_text(&state, &s, 1, a, e) < 0 ? ERR_NOMEM : 1;
        stmt_end(&s);
        if (x < 0)
                return x;
        *name = text;
        *over = register_is_over(state);
        return ERR_OK;
}

int query_looks_after(bool *out, struct db *db, const struct register_info *r, const char *id, const char *person, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct stmt s;
        int x;

        buf_printf(&b, "SELECT 1 FROM r_%s WHERE id=?2 AND k='' AND %s", table_infos[r->table].name, looked_after(r));
        if (buf_bad(&b))
                return err_set(e, ERR_NOMEM, "looks after");
        s = stmt_text(db, buf_view(&b));
        bind_text(&s, str_of(person));
        bind_text(&s, str_of(id));
        x = stmt_row(&s, e);
        stmt_end(&s);
        if (x >= 0)
                *out = x == 1;
        return x < 0 ? x : ERR_OK;
}
