/* query_home.c - see query_home.h. */
#include "server/office/store/query_home.h"

#include "server/office/store/stmt.h"

enum { LINES_MAX = 2000 };

static void bind_scope(struct stmt *s, const struct home_scope *scope)
{
        bind_int(s, scope->all);
        bind_text(s, scope->section);
        bind_text(s, scope->person);
}

int query_wrong(struct home_count *out, struct db *db, enum home_wrong what, const struct home_scope *scope, utime_t now, struct arena *a, struct err *e)
{
        static const enum sql sqls[] = {
                [WRONG_TRANSITIONAL] = SQL_WRONG_TRANSITIONAL, [WRONG_UNREVIEWED] = SQL_WRONG_UNREVIEWED, [WRONG_CERTIFICATE] = SQL_WRONG_CERTIFICATE,
                [WRONG_DUTY] = SQL_WRONG_DUTY,                 [WRONG_FINDING] = SQL_WRONG_FINDING,       [WRONG_ALARM] = SQL_WRONG_ALARM,
        };
        struct stmt s = stmt_of(db, sqls[what]);
        struct home_count c = { 0 };
        int r;

        bind_int(&s, now);
        bind_scope(&s, scope);
        r = stmt_row(&s, e);
        if (r == 1) {
                c.n = (uint64_t)col_int(&s, 0);
                c.since = col_null(&s, 1) ? 0 : col_int(&s, 1);
                r = col_text(&c.id, &s, 2, a, e);
                if (r == ERR_OK)
                        r = col_text(&c.name, &s, 3, a, e);
        }
        stmt_end(&s);
        if (r == ERR_OK)
                *out = c;
        return r;
}

int query_role_held(bool *out, struct db *db, const char *role, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_ROLE_HELD);
        int r;

        bind_text(&s, str_of(role));
        r = stmt_row(&s, e);
        if (r == 1)
                *out = col_int(&s, 0) > 0;
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

/* Up to LINES_MAX lines, each read by `read`; what the statements limit themselves is not limited again. */
typedef int read_line(void *to, struct stmt *s, struct arena *a, struct err *e);

static int lines(void **out, size_t *n, size_t size, read_line *read, struct stmt *s, struct arena *a, struct err *e)
{
        char *items = arena_array(a, LINES_MAX, size);
        size_t have = 0;
        int r = items ? 1 : err_set(e, ERR_NOMEM, "lines");

        while (r == 1 && have < LINES_MAX && (r = stmt_row(s, e)) == 1) {
                r = read(items + have * size, s, a, e);
                if (r == ERR_OK) {
                        have++;
                        r = 1;
                }
        }
        stmt_end(s);
        if (r < 0)
                return r;
        *out = items;
        *n = have;
        return ERR_OK;
}

static int read_text(void *to, struct stmt *s, struct arena *a, struct err *e)
{
        return col_text(to, s, 0, a, e);
}

int query_role_missed(struct str **sections, size_t *n, struct db *db, const char *role, struct str roles, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_ROLE_MISSED);
        void *items = NULL;
        int r;

        bind_text(&s, str_of(role));
        bind_text(&s, roles);
        r = lines(&items, n, sizeof(struct str), read_text, &s, a, e);
        if (r == ERR_OK)
                *sections = items;
        return r;
}

int query_stuck(struct str **ids, size_t *n, struct db *db, struct str body, struct str section, struct str service, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_STUCK);
        void *items = NULL;
        int r;

        bind_text(&s, body);
        bind_text(&s, section);
        bind_text(&s, service);
        r = lines(&items, n, sizeof(struct str), read_text, &s, a, e);
        if (r == ERR_OK)
                *ids = items;
        return r;
}

static int read_case(void *to, struct stmt *s, struct arena *a, struct err *e)
{
        struct home_case *c = to;
        int r = col_text(&c->id, s, 0, a, e);

        if (r == ERR_OK)
                r = col_text(&c->number, s, 1, a, e);
        if (r == ERR_OK)
                r = col_text(&c->form, s, 2, a, e);
        c->at = col_int(s, 3);
        return r == ERR_OK ? col_text(&c->name, s, 4, a, e) : r;
}

int query_home_mine(struct home_case **out, size_t *n, struct db *db, enum home_mine what, struct str person, utime_t now, struct arena *a, struct err *e)
{
        static const enum sql sqls[] = { [MY_RETURNED] = SQL_MY_RETURNED, [MY_PERMITS] = SQL_MY_PERMITS, [MY_CASES] = SQL_MY_CASES, [MY_SERVICES] = SQL_MY_SERVICES,
                                         [MY_DRAFTED] = SQL_MY_DRAFTED, [ALL_QUIET] = SQL_ALL_QUIET, [ALL_TRANSITIONAL] = SQL_ALL_TRANSITIONAL };
        struct stmt s = stmt_of(db, sqls[what]);
        void *items = NULL;
        int r;

        bind_text(&s, person);
        bind_int(&s, now);
        r = lines(&items, n, sizeof(struct home_case), read_case, &s, a, e);
        if (r == ERR_OK)
                *out = items;
        return r;
}

static int read_post(void *to, struct stmt *s, struct arena *a, struct err *e)
{
        struct post_line *p = to;
        struct str *texts[] = { &p->id, &p->name, &p->section, &p->post, &p->role };
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < countof(texts); i++)
                r = col_text(texts[i], s, (int)i, a, e);
        p->leaves = col_null(s, 5) ? 0 : col_int(s, 5);
        p->since = col_null(s, 6) ? 0 : col_int(s, 6);
        p->until = col_null(s, 7) ? 0 : col_int(s, 7);
        p->rev = col_null(s, 8) ? 0 : col_int(s, 8);
        p->alone = !col_int(s, 9);
        return r;
}

int query_posts(struct post_line **out, size_t *n, struct db *db, struct str person, struct str but, struct str scoped_roles, utime_t leaves, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_POSTS);
        void *items = NULL;
        int r;

        bind_text(&s, but);
        bind_text(&s, scoped_roles);
        bind_int(&s, leaves);
        bind_text(&s, person);
        r = lines(&items, n, sizeof(struct post_line), read_post, &s, a, e);
        if (r == ERR_OK)
                *out = items;
        return r;
}

static int read_bar(void *to, struct stmt *s, struct arena *a, struct err *e)
{
        struct home_bar *b = to;
        int r = col_text(&b->of, s, 0, a, e);

        if (r == ERR_OK)
                r = col_text(&b->state, s, 1, a, e);
        b->n = (uint64_t)col_int(s, 2);
        return r;
}

int query_chart(struct home_bar **out, size_t *n, struct db *db, enum home_chart what, const struct home_scope *scope, struct str axis, utime_t from, struct arena *a, struct err *e)
{
        static const enum sql sqls[] = { [CHART_CLASS] = SQL_CHART_CLASS, [CHART_COUNTRY] = SQL_CHART_COUNTRY, [CHART_CASES] = SQL_CHART_CASES, [CHART_DUE] = SQL_CHART_DUE };
        struct stmt s = stmt_of(db, sqls[what]);
        void *items = NULL;
        int r;

        if (what == CHART_CLASS)
                bind_text(&s, axis);
        else
                bind_int(&s, from);
        bind_scope(&s, scope);
        r = lines(&items, n, sizeof(struct home_bar), read_bar, &s, a, e);
        if (r == ERR_OK)
                *out = items;
        return r;
}
