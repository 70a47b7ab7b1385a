/* migrate.c - see migrate.h.
 *
 * What a release has to write down here (docs/HACKING.md, "A change of the schema"):
 *   a register's table or column, any index     nothing: projections are dropped and made anew from the journal
 *   a new local table                           nothing: what the schema has and the file has not is made at the end
 *   a changed local table, truth, keys.db       a step, with SQL of its own (never a constant that a later release may change)
 * After the steps truth and local tables must read as in the schema, to the letter; tests/upgrade has the data of each release to prove it.
 */
#include "server/office/store/migrate.h"

#include <sys/stat.h>

#include "server/office/store/stmt.h"
#include "sys/fault.h"
#include "sys/files.h"

enum { PATH_ROOM = 1024, COPY_PAGES = 4096, KEEP_DAYS = 30 };

#define COPY_DIR "before"

/* ---- the steps ---- */

struct step { int from; const char *sql; int (*then)(struct db *db, struct err *e); };   /* to from + 1; then: what SQL cannot say */

/* Ends with a step without SQL. A step that has nothing to say has "". */
static const struct step store_steps[] = {
        { 5, "", NULL },
        { 0, NULL, NULL },
};
static const struct step keys_steps[] = {
        { 1, "ALTER TABLE unit_key RENAME TO unit_key_1;"
             "CREATE TABLE unit_key (unit TEXT PRIMARY KEY, key BLOB, made_at INTEGER NOT NULL, destroyed_at INTEGER, entry INTEGER,"
             " mac BLOB NOT NULL) STRICT, WITHOUT ROWID;"
             "INSERT INTO unit_key(unit, key, made_at, mac) SELECT unit, key, made_at, x'' FROM unit_key_1;"
             "DROP TABLE unit_key_1;", db_units_sign },
        { 0, NULL, NULL },
};

static const struct file {
        const char        *name, *schema;
        int                version;
        const struct step *steps;
} store_file = { "sekisho.db", sql_schema, DB_VERSION, store_steps },
  keys_file = { "keys.db", sql_keys_schema, KEYS_VERSION, keys_steps };

static const struct step *step_from(const struct file *f, int version)
{
        const struct step *s = f->steps;

        while (s->sql && s->from != version)
                s++;
        return s->sql ? s : NULL;
}

/* ---- small words ---- */

static int run(sqlite3 *s, const char *sql, struct err *e, const char *what)
{
        int r = sqlite3_exec(s, sql, NULL, NULL, NULL);

        return r == SQLITE_OK ? ERR_OK : sqlite_err(s, r, e, what);
}

/* Each row's first column is a statement of its own; all are read before the first is run. */
static int run_each(sqlite3 *s, const char *select, struct err *e)
{
        scoped(buf_done) struct buf all = BUF_INIT;
        sqlite3_stmt *st = NULL;
        int r = sqlite3_prepare_v2(s, select, -1, &st, NULL);

        while (r == SQLITE_OK && (r = sqlite3_step(st)) == SQLITE_ROW) {
                buf_text(&all, (const char *)sqlite3_column_text(st, 0));
                buf_text(&all, ";\n");
                r = SQLITE_OK;
        }
        (void)sqlite3_finalize(st);
        if (r != SQLITE_DONE && r != SQLITE_OK)
                return sqlite_err(s, r, e, "schema");
        if (buf_bad(&all))
                return err_set(e, ERR_NOMEM, "schema");
        return all.n ? run(s, buf_view(&all).p, e, "schema") : ERR_OK;
}

static void path_of(char to[PATH_ROOM], const char *dir, const char *name)
{
        (void)snprintf(to, PATH_ROOM, "%s/%s", dir, name);
}

/* ---- a copy, before anything else ---- */

static int look_whole(sqlite3 *s, const char *path, struct err *e)
{
        sqlite3_stmt *st = NULL;
        int r = sqlite3_prepare_v2(s, "PRAGMA quick_check(1)", -1, &st, NULL);

        if (r == SQLITE_OK)
                r = sqlite3_step(st);
        if (r == SQLITE_ROW)
                r = strcmp((const char *)sqlite3_column_text(st, 0), "ok") == 0 ? ERR_OK : err_set(e, ERR_TAMPERED, "'%s': %s", path, sqlite3_column_text(st, 0));
        else
                r = sqlite_err(s, r, e, path);
        (void)sqlite3_finalize(st);
        return r;
}

static int copy_file(sqlite3 *from, const char *to, struct err *e)
{
        sqlite3 *s = NULL;
        sqlite3_backup *b = NULL;
        int r = sqlite3_open_v2(to, &s, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL), x;

        if (r == SQLITE_OK && !(b = sqlite3_backup_init(s, "main", from, "main")))
                r = sqlite3_errcode(s);
        while (b && (r = sqlite3_backup_step(b, COPY_PAGES)) == SQLITE_OK)
                ;
        (void)sqlite3_backup_finish(b);
        x = r == SQLITE_DONE ? ERR_OK : sqlite_err(s, r, e, to);
        if (x == ERR_OK)
                x = run(s, "PRAGMA journal_mode=DELETE", e, to);          /* one file, nothing beside it */
        if (x == ERR_OK)
                x = look_whole(s, to, e);
        (void)sqlite3_close(s);
        return x;
}

int store_migrate_forget(const char *office_dir, struct err *e)
{
        char path[PATH_ROOM];

        path_of(path, office_dir, COPY_DIR);
        return dir_remove_tree(path, e);
}

int store_migrate_sweep(bool *gone, const char *office_dir, utime_t now, struct err *e)
{
        char path[PATH_ROOM];
        struct stat st;

        path_of(path, office_dir, COPY_DIR);
        *gone = stat(path, &st) == 0 && now - st.st_mtime * UTIME_S > KEEP_DAYS * UTIME_DAY;
        return *gone ? store_migrate_forget(office_dir, e) : ERR_OK;
}

/* Aside and under its last name only when it is whole: a copy that one finds is one that can be put back. */
static int copy_both(struct db *db, const char *office_dir, struct err *e)
{
        char making[PATH_ROOM], path[PATH_ROOM];
        int r;

        path_of(making, office_dir, COPY_DIR ".making");
        r = dir_remove_tree(making, e);
        if (r == ERR_OK)
                r = dir_make(making, 0700, e);
        (void)snprintf(path, sizeof(path), "%.900s/%s", making, store_file.name);
        if (r == ERR_OK)
                r = copy_file(db->sqlite, path, e);
        (void)snprintf(path, sizeof(path), "%.900s/%s", making, keys_file.name);
        if (r == ERR_OK)
                r = copy_file(db->keys, path, e);
        if (r == ERR_OK)
                r = dir_sync_of(path, e);
        if (r == ERR_OK)
                r = store_migrate_forget(office_dir, e);
        path_of(path, office_dir, COPY_DIR);
        if (r == ERR_OK && rename(making, path) < 0)
                r = err_errno(e, "'%s'", path);
        if (r == ERR_OK)
                r = dir_sync_of(path, e);
        if (r < 0)
                (void)dir_remove_tree(making, NULL);   /* on a full disk most of all */
        return r < 0 ? err_wrap(e, r, "copy before the upgrade") : ERR_OK;
}

/* ---- as the schema has it ---- */

#define IS_PROJECTION "(name LIKE 'r\\_%' ESCAPE '\\' OR name IN ('tree', 'history', 'search_doc', 'search', 'search_gram'))"
/* ALTER TABLE … RENAME puts quotes around names; what FTS5 and SQLite keep for themselves is not ours to compare. */
#define OURS          "sql NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND sql NOT LIKE 'CREATE TABLE ''%'"
#define SAME          "w.name=o.name AND replace(w.sql, '\"', '')=replace(o.sql, '\"', '')"

/* temp.want: the objects of the schema that this release has. */
static int load_want(sqlite3 *s, const char *schema, struct err *e)
{
        sqlite3 *fresh = NULL;
        sqlite3_stmt *from = NULL, *to = NULL;
        int r = sqlite3_open(":memory:", &fresh), x = run(s, "CREATE TEMP TABLE want (name TEXT, sql TEXT)", e, "schema");

        if (x == ERR_OK && r == SQLITE_OK)
                x = run(fresh, schema, e, "schema");
        if (x == ERR_OK)
                r = sqlite3_prepare_v2(fresh, "SELECT name, sql FROM sqlite_schema WHERE " OURS " ORDER BY rowid", -1, &from, NULL);
        if (x == ERR_OK && r == SQLITE_OK)
                r = sqlite3_prepare_v2(s, "INSERT INTO temp.want VALUES (?,?)", -1, &to, NULL);
        while (x == ERR_OK && r == SQLITE_OK && (r = sqlite3_step(from)) == SQLITE_ROW) {
                (void)sqlite3_bind_value(to, 1, sqlite3_column_value(from, 0));
                (void)sqlite3_bind_value(to, 2, sqlite3_column_value(from, 1));
                r = sqlite3_step(to) == SQLITE_DONE ? sqlite3_reset(to) : sqlite3_errcode(s);
        }
        (void)sqlite3_finalize(from);
        (void)sqlite3_finalize(to);
        (void)sqlite3_close(fresh);
        return x < 0 || r == SQLITE_DONE ? x : sqlite_err(s, r, e, "schema");
}

/* A table that no step has brought to the schema: a mistake of ours, found by tests/upgrade, never to be written over somebody's data. */
static int look_fit(sqlite3 *s, const struct file *f, struct err *e)
{
        sqlite3_stmt *st = NULL;
        int r = sqlite3_prepare_v2(s,
                                   "SELECT name FROM (SELECT o.name FROM main.sqlite_schema o WHERE " OURS " AND NOT EXISTS (SELECT 1 FROM temp.want w WHERE " SAME ")"
                                   " UNION ALL SELECT w.name FROM temp.want w WHERE NOT EXISTS (SELECT 1 FROM main.sqlite_schema o WHERE " SAME ")) LIMIT 1",
                                   -1, &st, NULL);

        if (r == SQLITE_OK)
                r = sqlite3_step(st);
        if (r == SQLITE_ROW)
                r = err_key(e, ERR_BUG, "store.migrate.unfit", "", f->name, (const char *)sqlite3_column_text(st, 0), NULL);
        else
                r = r == SQLITE_DONE ? ERR_OK : sqlite_err(s, r, e, "schema");
        (void)sqlite3_finalize(st);
        return r;
}

/* In the caller's transaction. Indexes and projections that are not as we want them go; what is missing comes. */
static int reshape(sqlite3 *s, const struct file *f, struct err *e)
{
        int r = load_want(s, f->schema, e);

        if (r == ERR_OK)
                r = run_each(s, "SELECT 'DROP TABLE \"' || name || '\"' FROM main.sqlite_schema WHERE type='table' AND " IS_PROJECTION, e);
        if (r == ERR_OK)
                r = run_each(s, "SELECT 'DROP INDEX \"' || o.name || '\"' FROM main.sqlite_schema o WHERE o.type='index' AND o.sql NOT NULL"
                                " AND NOT EXISTS (SELECT 1 FROM temp.want w WHERE " SAME ")", e);
        if (r == ERR_OK)
                r = run_each(s, "SELECT w.sql FROM temp.want w WHERE NOT EXISTS (SELECT 1 FROM main.sqlite_schema o WHERE o.name=w.name) ORDER BY w.rowid", e);
        return r < 0 ? r : look_fit(s, f, e);
}

static int walk_steps(struct db *db, const struct file *f, int have, struct err *e)
{
        sqlite3 *s = f == &keys_file ? db->keys : db->sqlite;
        char sql[64];
        int r = ERR_OK;

        for (int v = have; r == ERR_OK && v < f->version; v++) {
                const struct step *step = step_from(f, v);

                r = step ? run(s, step->sql, e, f->name) : err_set(e, ERR_BUG, "no step from version %d of %s", v, f->name);
                if (r == ERR_OK && step && step->then)
                        r = step->then(db, e);
        }
        if (r == ERR_OK)
                r = reshape(s, f, e);
        (void)snprintf(sql, sizeof(sql), "PRAGMA user_version=%d", f->version);
        return r < 0 ? r : run(s, sql, e, f->name);
}

/* ---- the whole ---- */

struct versions { int store, keys; };

/* Both files in transactions that end together: what fails in one leaves the other as it was, too. An end between the two commits leaves
 * keys of the new number beside an old database; the next start goes on from there. */
static int upgrade_both(struct db *db, const struct versions *have, journal_progress_fn *progress, void *ctx, struct err *e)
{
        int r = run(db->keys, "BEGIN IMMEDIATE", e, keys_file.name);

        if (r == ERR_OK)
                r = db_begin(db, e);
        if (r == ERR_OK && have->keys < KEYS_VERSION)
                r = walk_steps(db, &keys_file, have->keys, e);
        if (r == ERR_OK && have->store < DB_VERSION)
                r = walk_steps(db, &store_file, have->store, e);
        if (r == ERR_OK && have->store < DB_VERSION)
                r = journal_rebuild(db, progress, ctx, e);
        FAULT_POINT("migrate.replayed");
        if (r == ERR_OK)
                r = run(db->keys, "COMMIT", e, keys_file.name);
        FAULT_POINT("migrate.keys");
        if (r == ERR_OK)
                r = db_commit(db, e);
        db_rollback(db);
        if (!sqlite3_get_autocommit(db->keys))
                (void)sqlite3_exec(db->keys, "ROLLBACK", NULL, NULL, NULL);
        if (r == ERR_OK)
                r = run(db->keys, "PRAGMA wal_checkpoint(TRUNCATE)", e, keys_file.name);
        return r < 0 ? r : run(db->sqlite, "PRAGMA wal_checkpoint(TRUNCATE)", e, store_file.name);
}

static int look_version(const struct file *f, const char *path, int have, struct err *e)
{
        char text[16];

        (void)snprintf(text, sizeof(text), "%d", have);
        for (int v = have; v < f->version; v++)
                if (!step_from(f, v))
                        return err_key(e, ERR_VERSION, "store.migrate.too-old", "", path, text, NULL);
        return ERR_OK;
}

int store_migrate(struct migrated *out, const char *office_dir, journal_progress_fn *progress, void *ctx, struct err *e)
{
        scoped(db_close) struct db *db = NULL;
        char path[PATH_ROOM];
        struct versions have = { 0, 0 };
        int r = db_open_older(&db, &have.store, &have.keys, office_dir, e);

        path_of(path, office_dir, store_file.name);
        if (r == ERR_OK)
                r = look_version(&store_file, path, have.store, e);
        path_of(path, office_dir, keys_file.name);
        if (r == ERR_OK)
                r = look_version(&keys_file, path, have.keys, e);
        if (r < 0)
                return r;
        *out = (struct migrated){ have.store, DB_VERSION };
        if (have.store == DB_VERSION && have.keys == KEYS_VERSION)
                return ERR_OK;
        r = copy_both(db, office_dir, e);
        FAULT_POINT("migrate.copied");
        if (r == ERR_OK)
                r = upgrade_both(db, &have, progress, ctx, e);
        FAULT_POINT("migrate.done");
        return r;
}
