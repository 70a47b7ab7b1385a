/* registers.c - see registers.h. Pieces of statements are const; what differs is which of them stand together, so each sort of question
 * is prepared once per connection and kept (stmt_text). */
#include "server/office/store/registers.h"

#include "server/office/store/hits.h"
#include "server/office/store/search.h"

/* FEW: so many hits of a search are put in order one by one; where there are more, one in so many rows is a hit and a page is soon found
 * by walking the order. LOOK: after so many that the filters kept out it is asked whether that would be sooner. COUNT: so far a list is
 * counted. Each stays under 10 ms with 100,000 rows (docs/ledger). WALK: so many rows of the order are looked at before the rest of the hits
 * is gone through after all, for hits stand together where the name begins with the word; a line of the order costs five hits. */
enum { NAMED_MAX = 16, FEW = 2000, LOOK = 4000, COUNT = 10000, ROWS_A_HIT = 50, ROWS_FIRST = 64, WALK = 600, WALK_ALL = 2400 };

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

static int col_of(const struct register_info *r, const char *name)
{
        const struct table_info *t = &table_infos[r->table];

        for (size_t i = 0; i < t->cols_count; i++)
                if (strcmp(t->cols[i].name, name) == 0)
                        return (int)i;
        return -1;
}

int register_section_col(const struct register_info *r)
{
        return col_of(r, "section");
}

int register_day_col(const struct register_info *r)
{
        for (size_t i = 0; i < countof(orders); i++)
                if (orders[i].table == r->table)
                        return col_of(r, orders[i].column);
        return -1;
}

/* ---- what was typed into the search field ---- */

/* PAGE: found together with the page, in one walk. IDS: few, by id. MANY: found by walking the order; has_rest: so far only, and the walk
 * of the hits waits where it was. */
enum how { HOW_NOT, HOW_NAME, HOW_PAGE, HOW_IDS, HOW_MANY };
struct narrowed { enum how how; bool has_rest; struct search_terms terms; struct str ids; struct hits hits; };

static bool is_searched(const struct register_info *r)
{
        for (size_t i = 0; i < r->columns_count; i++)
                if (r->columns[i].flags & REGISTER_SEARCHED)
                        return true;
        return false;
}

static void add_narrowed(struct buf *b, const struct register_info *r, const struct narrowed *w)
{
        if (w->how == HOW_NAME)
                buf_printf(b, " AND instr(%s, ?2)>0", name_of(r));
        if (w->how == HOW_IDS)
                buf_text(b, " AND id IN (SELECT value FROM json_each(?9))");
        if (w->how == HOW_MANY)
                buf_printf(b, " AND EXISTS (SELECT 1 FROM (SELECT %s AS t FROM search_doc d WHERE d.register=?9 AND d.id=r_%s.id) WHERE instr(t, ?10) AND instr(t, ?11)"
                              " AND instr(t, ?12) AND instr(t, ?13) AND instr(t, ?14) AND instr(t, ?15) AND instr(t, ?16) AND instr(t, ?17))",
                           w->terms.letters ? "substr(d.folded, 1, instr(d.folded || char(10), char(10)))" : "d.folded", table_infos[r->table].name);
}

static void bind_narrowed(struct stmt *s, const struct register_info *r, const struct narrowed *w)
{
        if (w->how == HOW_IDS)
                bind_text(s, w->ids);
        if (w->how == HOW_MANY)
                bind_text(s, str_of(r->id));
        for (size_t i = 0; w->how == HOW_MANY && i < SEARCH_TERMS_MAX; i++)
                bind_text(s, i < w->terms.n ? w->terms.terms[i] : STR(""));
}

/* Its rows say whether they may hold 機密性２以上. */
static bool is_classed(const struct register_info *r)
{
        return register_column_find(r, STR("conf2plus")) != NULL;
}

/* ?1 person, ?2 q, ?3 state, ?4 section, ?5 of. The narrowest filter has the index; a + keeps the others from taking it away. */
static void add_filters(struct buf *b, const struct register_info *r, const struct register_filter *f, const struct narrowed *w)
{
        const char *off = w->how == HOW_IDS ? "+" : "";

        buf_printf(b, " FROM r_%s WHERE ?5 IS NOT NULL", table_infos[r->table].name);    /* all five are bound, whichever is asked */
        if (f->of.n && r->table == TABLE_CERTIFICATE)
                buf_text(b, " AND (service=?5 OR (service IS NULL AND provider=(SELECT provider FROM r_service WHERE id=?5 AND k='')))");
        else if (f->of.n)
                buf_printf(b, " AND %s%s=?5", off, r->of_col >= 0 ? column_name(r, r->of_col) : "id");
        if (f->person)
                buf_printf(b, " AND %s", looked_after(r));
        off = f->of.n || f->person || *off ? "+" : "";
        if (f->section.n)
                buf_printf(b, register_section_col(r) >= 0 ? " AND %ssection=?4" : " AND %s0", off);
        if (f->conf2plus)
                buf_text(b, !is_classed(r) ? " AND 0" : f->conf2plus > 0 ? " AND conf2plus=1" : " AND conf2plus IS NOT 1");
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
static int place_of(struct place *out, struct db *db, const struct register_info *r, const struct register_filter *f, struct arena *a, struct err *e)
{
        const struct order *o = order_of(r, f->sort);
        scoped(buf_done) struct buf b = BUF_INIT;
        struct place p = { .is_null = true, .id = f->after };
        struct stmt s;
        int x;

        buf_printf(&b, "SELECT %s FROM r_%s WHERE id=?1 AND k=''", o ? o->column : name_of(r), table_infos[r->table].name);
        s = stmt_text(db, buf_view(&b));
        bind_text(&s, f->after);
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
        buf_printf(b, " ORDER BY %s%s%s, id%s", off, column, o && o->newest ? " DESC" : "", o && o->newest ? " DESC" : "");
}

static struct stmt page_stmt(struct db *db, struct buf *b, const struct register_info *r, const struct register_filter *f, const struct narrowed *w, const struct place *p)
{
        const struct order *o = order_of(r, f->sort);
        const struct narrowed all = { .how = HOW_NOT };
        struct stmt s;

        buf_text(b, w->has_rest ? "SELECT id FROM (SELECT id" : "SELECT id");
        add_filters(b, r, f, w->has_rest ? &all : w);
        add_order(b, w->how == HOW_IDS ? "+" : "", o ? o->column : name_of(r), o, f->after.n ? p : NULL);
        if (w->has_rest) {
                buf_printf(b, " LIMIT %d) AS r_%s WHERE 1", WALK, table_infos[r->table].name);
                add_narrowed(b, r, w);
        }
        buf_text(b, " LIMIT ?8");
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

/* ---- how many ---- */

/* Of those the filters let through, at most `most` are counted. */
static int count_upto(uint64_t *n, struct db *db, const struct register_info *r, const struct register_filter *f, const struct narrowed *w, uint64_t most, struct err *e)
{
        const struct order *o = order_of(r, f->sort);
        scoped(buf_done) struct buf b = BUF_INIT;
        struct stmt s;
        int x;

        buf_text(&b, "SELECT count(*) FROM (SELECT 1");
        add_filters(&b, r, f, w);
        if (o)
                buf_printf(&b, " AND %s%s IS NOT NULL", w->how == HOW_IDS ? "+" : "", o->column);
        buf_text(&b, " LIMIT ?8)");
        if (buf_bad(&b))
                return err_set(e, ERR_NOMEM, "register");
        s = stmt_text(db, buf_view(&b));
        bind_filters(&s, f);
        bind_null(&s);                                          /* ?6 and ?7 belong to the page */
        bind_null(&s);
        bind_int(&s, (int64_t)most);
        bind_narrowed(&s, r, w);
        x = stmt_row(&s, e);
        if (x == 1)
                *n = (uint64_t)col_int(&s, 0);
        stmt_end(&s);
        return x < 0 ? x : ERR_OK;
}

/* ---- hits in order ---- */

/* The filters let so few rows through, or so many of the hits, that a page is sooner found by walking the order. */
static int walks_sooner(bool *out, bool *has_rest, struct db *db, const struct register_info *r, const struct register_filter *f, const struct hits *h, struct err *e)
{
        const struct narrowed all = { .how = HOW_NOT };
        uint64_t most = h->total * ROWS_A_HIT > h->looked ? h->total * ROWS_A_HIT : h->looked, n = 0;
        int x = count_upto(&n, db, r, f, &all, most + 1, e);

        *out = n <= most;
        *has_rest = n > WALK_ALL;
        return x;
}

static int narrow_page(struct narrowed *out, struct db *db, const struct register_info *r, const struct register_filter *f, struct arena *a, struct err *e)
{
        const struct order *o = order_of(r, f->sort);
        struct hits_ask ask = { .reg = r, .terms = &out->terms, .state = f->state, .section = f->section, .by_day = o, .newest = o && o->newest, .limit = f->limit };
        struct place place;
        bool sooner = false;
        int x = f->after.n ? place_of(&place, db, r, f, a, e) : ERR_OK;

        ask.after = f->after.n ? &place : NULL;
        if (x == ERR_OK)
                x = hits_begin(&out->hits, db, &ask, a, e);
        if (x < 0)
                return x;
        for (size_t look = LOOK; !sooner && (x = hits_walk(&out->hits, look, FEW + 1, e)) == 1; look *= 2) {
                sooner = out->has_rest = out->hits.total > FEW;
                x = sooner ? ERR_OK : walks_sooner(&sooner, &out->has_rest, db, r, f, &out->hits, e);
                if (x < 0)
                        break;
        }
        out->how = sooner ? HOW_MANY : HOW_PAGE;
        out->has_rest = out->has_rest && sooner;
        if (x < 0 || !out->has_rest)
                hits_end(&out->hits);
        return x < 0 ? x : ERR_OK;
}

/* What hangs on one row or one person is looked for among the hits by id, while these are few. */
static int narrow_ids(struct narrowed *out, struct db *db, const struct register_info *r, struct arena *a, struct err *e)
{
        scoped(buf_done) struct buf list = BUF_INIT;
        struct str *ids = NULL;
        size_t n = 0;
        int x = query_search_ids(&ids, &n, db, r->id, &out->terms, FEW + 1, a, e);

        if (x < 0)
                return x;
        out->how = n > FEW ? HOW_MANY : HOW_IDS;
        for (size_t i = 0; n <= FEW && i < n; i++)
                buf_printf(&list, "%s\"%.*s\"", i ? "," : "[", (int)ids[i].n, ids[i].p);
        buf_text(&list, n && n <= FEW ? "]" : "[]");
        out->ids = (struct str){ buf_bad(&list) ? NULL : arena_copy(a, list.p, list.n), list.n };
        return out->ids.p ? ERR_OK : err_set(e, ERR_NOMEM, "search");
}

/* Registers without texts to search, and what is no letter at all, ask the name. */
static int narrow(struct narrowed *out, struct db *db, const struct register_info *r, const struct register_filter *f, struct arena *a, struct err *e)
{
        struct err why = { 0 };
        int x;

        *out = (struct narrowed){ .how = f->q.n ? HOW_NAME : HOW_NOT };
        if (!f->q.n || !is_searched(r))
                return ERR_OK;
        x = search_terms_any(&out->terms, f->q, a, &why);
        if (x < 0 && strcmp(why.key, "search.empty") == 0)
                return ERR_OK;
        if (x < 0 && e)
                *e = why;
        if (x < 0)
                return x;
        return f->of.n || f->person || f->conf2plus ? narrow_ids(out, db, r, a, e) : narrow_page(out, db, r, f, a, e);
}

/* ---- a page ---- */

struct page { struct row *rows; size_t n, room, limit; };

static int add_row(struct page *p, struct db *db, const struct register_info *r, struct str id, struct arena *a, struct err *e)
{
        if (p->n == p->room) {
                size_t room = p->room ? p->room * 2 : ROWS_FIRST;
                struct row *more = arena_array(a, room, sizeof(*more));

                if (!more)
                        return err_set(e, ERR_NOMEM, "rows");
                if (p->n)
                        memcpy(more, p->rows, p->n * sizeof(*more));
                p->rows = more;
                p->room = room;
        }
        return store_row(&p->rows[p->n++], db, r->table, id.p, NULL, a, e);
}

static int read_hits(struct page *p, struct db *db, const struct register_info *r, const struct hits *h, struct arena *a, struct err *e)
{
        int x = ERR_OK;

        for (size_t i = 0; x == ERR_OK && i < h->n; i++)
                x = add_row(p, db, r, h->page[i].id, a, e);
        return x;
}

/* The order is walked in an index that has all it asks for, and each row of the page is read by its id; `seen` is how many there were. */
static int read_order(struct page *p, uint64_t *seen, struct db *db, const struct register_info *r, const struct register_filter *f, const struct narrowed *w, uint64_t most,
                      struct arena *a, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct place place = { .is_null = true };
        struct str id;
        struct stmt s;
        int x = f->after.n ? place_of(&place, db, r, f, a, e) : ERR_OK;

        if (x < 0)
                return x;
        s = page_stmt(db, &b, r, f, w, &place);
        if (buf_bad(&b))
                return err_set(e, ERR_NOMEM, "register");
        bind_int(&s, (int64_t)most);
        bind_narrowed(&s, r, w);
        for (*seen = 0; (x = stmt_row(&s, e)) == 1; ++*seen) {
                x = *seen < p->limit ? col_text(&id, &s, 0, a, e) : 1;
                if (x == ERR_OK)
                        x = add_row(p, db, r, id, a, e);
                if (x < 0)
                        break;
        }
        stmt_end(&s);
        return x < 0 ? x : ERR_OK;
}

/* What the page has told already need not be counted anew. */
static int read_total(uint64_t *total, bool *at_least, const struct page *p, uint64_t seen, struct db *db, const struct register_info *r, const struct register_filter *f,
                      const struct narrowed *w, struct err *e)
{
        const uint64_t most = w->how == HOW_NAME ? FEW : COUNT;       /* a name is looked into, each of them */
        int x = ERR_OK;

        *at_least = false;
        *total = w->how == HOW_PAGE ? w->hits.total : seen;
        if (w->how == HOW_PAGE || (!f->after.n && seen < p->limit))
                return ERR_OK;
        if (w->how == HOW_MANY) {
                *at_least = true;
                *total = w->hits.total > p->n ? w->hits.total : p->n;
                return ERR_OK;
        }
        if (w->how != HOW_IDS || f->after.n)
                x = count_upto(total, db, r, f, w, most + 1, e);
        *at_least = *total > most;
        *total -= *at_least;
        return x;
}

/* The page is not full after so many rows of the order: the hits have the rest. */
static int read_some(struct page *p, uint64_t *seen, struct narrowed *w, struct db *db, const struct register_info *r, const struct register_filter *f, struct arena *a, struct err *e)
{
        int x = read_order(p, seen, db, r, f, w, p->limit, a, e);

        if (x == ERR_OK && p->n < p->limit) {
                p->n = 0;
                w->how = HOW_PAGE;
                x = hits_walk(&w->hits, SIZE_MAX, UINT64_MAX, e);
                x = x < 0 ? x : read_hits(p, db, r, &w->hits, a, e);
        }
        hits_end(&w->hits);
        return x;
}

static int read_page(struct page *p, uint64_t *total, bool *at_least, struct db *db, const struct register_info *r, const struct register_filter *f, struct arena *a, struct err *e)
{
        struct narrowed *w = arena_new(a, struct narrowed);
        uint64_t seen = 0;
        int x = w ? narrow(w, db, r, f, a, e) : err_set(e, ERR_NOMEM, "register");

        if (x == ERR_OK && w->has_rest)
                x = read_some(p, &seen, w, db, r, f, a, e);
        else if (x == ERR_OK)
                x = w->how == HOW_PAGE ? read_hits(p, db, r, &w->hits, a, e) : read_order(p, &seen, db, r, f, w, w->how == HOW_IDS && total ? FEW : p->limit, a, e);
        return x < 0 || !total ? x : read_total(total, at_least, p, seen, db, r, f, w, e);
}

int query_register_counted(struct row **out, size_t *n, uint64_t *total, bool *at_least, struct db *db, const struct register_info *r, const struct register_filter *f,
                           struct arena *a, struct err *e)
{
        struct page p = { .limit = f->limit };
        bool ours = !db_in_transaction(db);
        int x = ours ? db_begin_read(db, e) : ERR_OK;

        if (x < 0)
                return x;
        x = read_page(&p, total, at_least, db, r, f, a, e);
        if (ours)
                db_rollback(db);                                /* nothing was written */
        if (x < 0)
                return x;
        *out = p.rows;
        *n = p.n;
        return ERR_OK;
}

int query_register(struct row **out, size_t *n, struct db *db, const struct register_info *r, const struct register_filter *f, struct arena *a, struct err *e)
{
        return query_register_counted(out, n, NULL, NULL, db, r, f, a, e);
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
