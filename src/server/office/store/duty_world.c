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

static struct stmt page_of(struct db *db, enum sql all, enum sql later, uint64_t since, const char *from)
{
        struct stmt s = stmt_of(db, since ? later : all);

        bind_int(&s, (int64_t)since);
        bind_text(&s, str_of(from));
        return s;
}

int duty_world_part(struct duty_services *out, struct db *db, uint64_t since, const char *from, struct arena *a, struct err *e)
{
        struct stmt s = page_of(db, SQL_WORLD_PART, SQL_WORLD_PART_SINCE, since, from);
        struct duty_services part = { .n = 0 };
        struct str list = STR(""), last = STR("");
        int r;

        bind_int(&s, DUTY_PART);
        r = stmt_row(&s, e);
        if (r == 1)
                r = col_text(&list, &s, 0, a, e);
        if (r == ERR_OK)
                r = col_text(&last, &s, 2, a, e);
        if (r == ERR_OK) {
                part.n = (size_t)col_int(&s, 1);
                part.list = arena_copy(a, list.p, list.n);
                (void)snprintf(part.last, sizeof(part.last), "%.*s", (int)last.n, last.p);
        }
        stmt_end(&s);
        if (r < 0 || !part.list)
                return r < 0 ? r : err_set(e, ERR_NOMEM, "services");
        *out = part;
        return ERR_OK;
}

int duty_world_load(struct duty_world *out, struct db *db, const char *services, struct arena *a, struct err *e)
{
        static const struct { enum duty_part part; enum sql sql; enum table table; size_t at; } lists[] = {
                { DUTIES_OF_SERVICES, SQL_WORLD_SERVICES, TABLE_SERVICE, offsetof(struct duty_world, services) },
                { DUTIES_OF_SERVICES, SQL_WORLD_CERTIFICATES, TABLE_CERTIFICATE, offsetof(struct duty_world, certificates) },
                { DUTIES_OF_SERVICES, SQL_WORLD_CONTRACTS, TABLE_CONTRACT, offsetof(struct duty_world, contracts) },
                { DUTIES_OF_SERVICES, SQL_WORLD_OPEN, TABLE_DUTY, offsetof(struct duty_world, open) },
                { DUTIES_OF_SERVICES, SQL_WORLD_DONE, TABLE_DUTY, offsetof(struct duty_world, done) },
                { DUTIES_OF_SERVICES, SQL_WORLD_APPS, TABLE_APPLICATION, offsetof(struct duty_world, applications) },
                { DUTIES_OF_BODY, SQL_BODY_OPEN, TABLE_DUTY, offsetof(struct duty_world, open) },
                { DUTIES_OF_BODY, SQL_BODY_DONE, TABLE_DUTY, offsetof(struct duty_world, done) },
        };
        struct duty_world w = { .part = services ? DUTIES_OF_SERVICES : DUTIES_OF_BODY };
        int r = load_since(&w.since, db, e);

        for (size_t i = 0; r == ERR_OK && i < countof(lists); i++) {
                struct stmt s;

                if (lists[i].part != w.part)
                        continue;
                s = stmt_of(db, lists[i].sql);
                if (services)
                        bind_text(&s, str_of(services));
                r = load_list((struct row_list *)(void *)((char *)&w + lists[i].at), &s, lists[i].table, a, e);
        }
        if (r == ERR_OK)
                *out = w;
        return r;
}

int duty_world_untold(struct row_list *out, struct db *db, uint64_t since, const char *from, utime_t day, struct arena *a, struct err *e)
{
        struct stmt s = page_of(db, SQL_DUTIES_UNTOLD, SQL_DUTIES_UNTOLD_SINCE, since, from);

        bind_int(&s, day);
        bind_int(&s, DUTY_PART);
        return load_list(out, &s, TABLE_DUTY, a, e);
}
