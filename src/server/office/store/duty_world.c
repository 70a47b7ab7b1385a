/* duty_world.c - see duty_world.h. */
#include "server/office/store/duty_world.h"

#include "server/office/store/stmt.h"

enum { ROWS_MAX = 1000000 };

static int load_list(struct row_list *out, struct stmt *s, enum table t, struct arena *a, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r = rows_collect(&rows, &n, s, t, ROWS_MAX, a, e);

        if (r == ERR_OK)
                *out = (struct row_list){ rows, n };
        return r;
}

static int load_since(utime_t *out, struct db *db, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_JOURNAL_FIRST);
        int r = stmt_row(&s, e);

        if (r == 1)
                *out = col_int(&s, 0);
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

int duty_world_load(struct duty_world *out, struct db *db, struct arena *a, struct err *e)
{
        static const struct { enum sql sql; enum table table; size_t at; } lists[] = {
                { SQL_WORLD_SERVICES, TABLE_SERVICE, offsetof(struct duty_world, services) },
                { SQL_WORLD_CERTIFICATES, TABLE_CERTIFICATE, offsetof(struct duty_world, certificates) },
                { SQL_WORLD_CONTRACTS, TABLE_CONTRACT, offsetof(struct duty_world, contracts) },
                { SQL_WORLD_OPEN, TABLE_DUTY, offsetof(struct duty_world, open) },
                { SQL_WORLD_DONE, TABLE_DUTY, offsetof(struct duty_world, done) },
                { SQL_WORLD_APPS, TABLE_APPLICATION, offsetof(struct duty_world, applications) },
        };
        struct duty_world w = { .since = 0 };
        int r = load_since(&w.since, db, e);

        for (size_t i = 0; r == ERR_OK && i < countof(lists); i++) {
                struct stmt s = stmt_of(db, lists[i].sql);

                r = load_list((struct row_list *)(void *)((char *)&w + lists[i].at), &s, lists[i].table, a, e);
        }
        if (r == ERR_OK)
                *out = w;
        return r;
}

int duty_world_untold(struct row_list *out, struct db *db, utime_t day, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_DUTIES_UNTOLD);

        bind_int(&s, day);
        return load_list(out, &s, TABLE_DUTY, a, e);
}
