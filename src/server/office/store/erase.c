/* erase.c - see erase.h. */
#include "server/office/store/erase.h"

#include "server/office/store/search.h"
#include "server/office/store/stmt.h"

enum { BATCH = 200, OWNERS_MAX = 4 };

int erase_texts(uint64_t *n, struct db *db, const char *unit, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_UNIT_TEXTS);
        int r;

        bind_text(&s, str_of(unit));
        r = stmt_row(&s, e);
        if (r == 1)
                *n = (uint64_t)col_int(&s, 0);
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

static int has_row(bool *has, struct stmt *s, struct err *e)
{
        int r = stmt_row(s, e);

        stmt_end(s);
        if (r < 0)
                return r;
        *has = r == 1;
        return ERR_OK;
}

int erase_is_under(bool *is, struct db *db, const struct hash *commit, const char *unit, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_UNIT_HAS);

        bind_blob(&s, commit->b, HASH_SIZE);
        bind_text(&s, str_of(unit));
        return has_row(is, &s, e);
}

int erase_rows(struct row **out, size_t *n, struct db *db, enum table t, const char *unit, const char *id, const char *k, size_t max, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, (enum sql)(SQL_UNDER_INSTALL + (int)t));

        bind_text(&s, str_of(unit));
        bind_text(&s, str_of(id));
        bind_text(&s, str_of(k));
        bind_int(&s, (int64_t)max);
        return rows_collect(out, n, &s, t, max, a, e);
}

/* ---- in use? ---- */

/* Answers, ratings and attachments hang on rows of several tables. */
static int load_owner(struct row *out, struct db *db, enum table t, const char *id, struct arena *a, struct err *e)
{
        static const enum table any[] = { TABLE_APPLICATION, TABLE_INCIDENT, TABLE_ANSWERSHEET, TABLE_SERVICE, TABLE_PROVIDER, TABLE_DUTY };
        int r = ERR_OK;

        if (t != TABLE_COUNT)
                return store_row(out, db, t, id, NULL, a, e);
        out->rev = 0;
        for (size_t i = 0; r == ERR_OK && !out->rev && i < countof(any); i++)
                r = store_row(out, db, any[i], id, NULL, a, e);
        return r;
}

static int use_of_case(bool *is, struct db *db, const struct row *app, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_UNIT_USE_OF);

        bind_text(&s, row_get_text(app, APPLICATION_service));
        bind_text(&s, str_of(app->id));
        return has_row(is, &s, e);
}

/* An approval is in use while its permit is, while the service it registered or last reviewed is, while the section's use is. */
static int case_in_use(bool *is, struct db *db, const struct row *app, struct arena *a, struct err *e)
{
        struct str permit = row_get_text(app, APPLICATION_permit), service = row_get_text(app, APPLICATION_service);
        struct row row;
        int r = ERR_OK;

        *is = false;
        if (permit.n) {
                r = store_row(&row, db, TABLE_PERMIT, permit.p, NULL, a, e);
                if (r == ERR_OK && row.rev)
                        r = erase_in_use(is, db, &row, a, e);
        }
        if (r < 0 || *is || !service.n)
                return r;
        r = store_row(&row, db, TABLE_SERVICE, service.p, NULL, a, e);
        if (r == ERR_OK && row.rev && (row_is(&row, SERVICE_application, app->id) || row_is(&row, SERVICE_reviewed, app->id)))
                r = erase_in_use(is, db, &row, a, e);
        return r < 0 || *is ? r : use_of_case(is, db, app, e);
}

int erase_in_use(bool *is, struct db *db, const struct row *row, struct arena *a, struct err *e)
{
        struct row at = *row;

        for (int depth = 0; depth < OWNERS_MAX; depth++) {
                const char *owner = NULL;
                enum table t = TABLE_COUNT;
                int r;

                switch (retention_use(&owner, &t, &at)) {
                case USE_OVER:
                        *is = false;
                        return ERR_OK;
                case USE_CASE:
                        return case_in_use(is, db, &at, a, e);
                case USE_AS_OWNER: {
                        char id[UUID_TEXT];
                        struct row next;

                        (void)snprintf(id, sizeof(id), "%s", owner);
                        r = load_owner(&next, db, t, id, a, e);
                        if (r < 0)
                                return r;
                        *is = true;
                        if (!next.rev)          /* it hangs on nothing that we know */
                                return ERR_OK;
                        at = next;
                        break;
                }
                default:
                        *is = true;
                        return ERR_OK;
                }
        }
        return ERR_OK;
}

/* ---- clear ---- */

struct place { enum table t; char id[UUID_TEXT], k[ROW_KEY_MAX]; };
struct places { struct place *list; size_t n, room; };

static int keep_place(struct places *p, const struct row *row, struct arena *a, struct err *e)
{
        if (p->n == p->room) {
                size_t room = p->room ? p->room * 2 : BATCH;
                struct place *more = arena_array(a, room, sizeof(*more));

                if (!more)
                        return err_set(e, ERR_NOMEM, "erasure");
                if (p->n)
                        memcpy(more, p->list, p->n * sizeof(*more));
                p->list = more;
                p->room = room;
        }
        p->list[p->n].t = row->table;
        memcpy(p->list[p->n].id, row->id, sizeof(row->id));
        memcpy(p->list[p->n++].k, row->k, sizeof(row->k));
        return ERR_OK;
}

static int gather_table(struct places *p, struct db *db, enum table t, const char *unit, bool all, struct arena *a, struct err *e)
{
        char id[UUID_TEXT] = "", k[ROW_KEY_MAX] = "";
        size_t n = BATCH;
        int r = ERR_OK;

        while (r == ERR_OK && n == BATCH) {
                scoped(arena_done) struct arena rows_arena = ARENA_INIT;
                struct row *rows = NULL;

                r = erase_rows(&rows, &n, db, t, unit, id, k, BATCH, &rows_arena, e);
                for (size_t i = 0; r == ERR_OK && i < n; i++) {
                        bool used = false;

                        r = all ? ERR_OK : erase_in_use(&used, db, &rows[i], &rows_arena, e);
                        if (r == ERR_OK && used)
                                r = err_set(e, ERR_BUSY, "%s %s is in use", table_infos[t].name, rows[i].id);
                        if (r == ERR_OK)
                                r = keep_place(p, &rows[i], a, e);
                        memcpy(id, rows[i].id, sizeof(id));
                        memcpy(k, rows[i].k, sizeof(k));
                }
        }
        return r;
}

static int run_unit(struct db *db, enum sql id, const char *unit, struct err *e)
{
        struct stmt s = stmt_of(db, id);

        bind_text(&s, str_of(unit));
        return stmt_run(&s, e);
}

static int run_before(struct db *db, enum sql id, utime_t before, struct err *e)
{
        struct stmt s = stmt_of(db, id);

        bind_int(&s, before);
        return stmt_run(&s, e);
}

/* The line of a row that lost a text is made anew from what is left. */
static int tell_search(struct db *db, const struct place *p, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct row row;
        int r = store_row(&row, db, p->t, p->id, p->k, &a, e);

        return r < 0 ? r : search_follow(db, &row, 1, e);
}

int erase_clear(struct db *db, const char *unit, utime_t copies_before, bool all, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct places p = { 0 };
        int r = ERR_OK;

        for (int t = 0; r == ERR_OK && t < TABLE_COUNT; t++)
                r = gather_table(&p, db, (enum table)t, unit, all, &a, e);
        for (int t = 0; r == ERR_OK && t < TABLE_COUNT; t++)
                r = run_unit(db, (enum sql)(SQL_ERASE_INSTALL + t), unit, e);
        for (size_t i = 0; r == ERR_OK && i < p.n; i++)
                r = tell_search(db, &p.list[i], e);
        if (r == ERR_OK)
                r = run_unit(db, SQL_UNIT_BLANK, unit, e);
        if (r == ERR_OK)
                r = run_before(db, SQL_DRAFT_SWEEP, copies_before, e);
        if (r == ERR_OK)
                r = run_before(db, SQL_OUTBOX_FORGET, copies_before, e);
        if (r == ERR_OK) {
                struct stmt s = stmt_of(db, SQL_SENT_SWEEP);

                r = stmt_run(&s, e);
        }
        return r;
}

int erase_entry(uint64_t *index, struct db *db, const char *unit, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_UNIT_ERASED);
        int r;

        bind_text(&s, str_of(unit));
        r = stmt_row(&s, e);
        if (r == 1)
                *index = (uint64_t)col_int(&s, 0);
        stmt_end(&s);
        return r < 0 ? r : r == 1 ? ERR_OK : err_set(e, ERR_ABSENT, "no entry erased unit '%s'", unit);
}

/* ---- check ---- */

struct look { struct db *db; bool *pending; };

static int check_key(void *ctx, const struct unit_row *row, struct err *e)
{
        const struct look *l = ctx;
        struct unit u;
        uint64_t entry = 0;
        int r;

        if (!unit_parse(&u, str_of(row->unit), row->made_at))
                return ERR_OK;
        r = erase_entry(&entry, l->db, row->unit, NULL);
        if (r < 0 && r != ERR_ABSENT)
                return err_set(e, r, "unit '%s'", row->unit);
        if (!row->has_key && r == ERR_ABSENT)
                return err_key(e, ERR_TAMPERED, "erase.key.unsaid", "", row->unit, NULL);
        if (row->has_key && r == ERR_OK)
                *l->pending = true;
        return ERR_OK;
}

/* A statement whose rows are units that must not be. */
static int check_none(struct db *db, enum sql id, const char *key, struct err *e)
{
        struct stmt s = stmt_of(db, id);
        int r = stmt_row(&s, e);

        if (r == 1)
                r = err_key(e, ERR_TAMPERED, key, "", (const char *)sqlite3_column_text(s.s, 0), NULL);
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

int erase_check(bool *pending, struct db *db, struct err *e)
{
        struct look l = { db, pending };
        int r;

        *pending = false;
        r = db_units_each(db, check_key, &l, e);
        return r < 0 ? r : check_none(db, SQL_UNIT_UNSAID, "erase.text.unsaid", e);
}
