/* db.c - see db.h and stmt.h. */
#include "server/office/store/db.h"

#include <openssl/crypto.h>

#include "server/office/store/stmt.h"
#include "sys/entropy.h"
#include "sys/files.h"

enum { BUSY_MS = 5000, PATH_ROOM = 1024 };

static const char *const sql_texts[SQL_COUNT] = {
#define X(id, text) [id] = text,
        SQL_STATEMENTS
#undef X
};
static const char *const keys_texts[KEYS_COUNT] = {
#define X(id, text) [id] = text,
        SQL_KEYS_STATEMENTS
#undef X
};

int sqlite_err(sqlite3 *s, int code, struct err *e, const char *what)
{
        int primary = code & 0xff;
        int to = primary == SQLITE_FULL                              ? ERR_FULL
               : primary == SQLITE_NOMEM                             ? ERR_NOMEM
               : primary == SQLITE_BUSY || primary == SQLITE_LOCKED  ? ERR_BUSY
               : primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB ? ERR_TAMPERED
                                                                     : ERR_IO;

        return err_set(e, to, "%s: %s (%d)", what, s ? sqlite3_errmsg(s) : sqlite3_errstr(code), code);
}

/* ---- open ---- */

/* Set on each connection. FULL: 20 of 20 power cuts lost nothing; NORMAL lost acknowledged records in 18 (research). */
static const char pragmas[] =
        "PRAGMA journal_mode=WAL;"
        "PRAGMA synchronous=FULL;"
        "PRAGMA trusted_schema=OFF;"
        "PRAGMA cell_size_check=ON;"
        "PRAGMA secure_delete=ON;"
        "PRAGMA temp_store=MEMORY;"
        /* 32 MB for each of the workers' connections: what a search goes through of 100,000 rows is not read anew; 128 MB for all of
         * them together, then pages are used again (SQLite counts the process). */
        "PRAGMA cache_size=-32768;"
        "PRAGMA soft_heap_limit=134217728;";

static int exec(sqlite3 *s, const char *sql, struct err *e, const char *what)
{
        int r = sqlite3_exec(s, sql, NULL, NULL, NULL);

        return r == SQLITE_OK ? ERR_OK : sqlite_err(s, r, e, what);
}

static int read_pragma(sqlite3 *s, const char *sql, int64_t *out, struct err *e)
{
        sqlite3_stmt *st = NULL;
        int r = sqlite3_prepare_v2(s, sql, -1, &st, NULL);

        if (r == SQLITE_OK)
                r = sqlite3_step(st);
        if (r == SQLITE_ROW)
                *out = sqlite3_column_int64(st, 0);
        (void)sqlite3_finalize(st);
        return r == SQLITE_ROW ? ERR_OK : sqlite_err(s, r, e, sql);
}

/* older: where an older file's version goes (migrate.c); NULL: only `version` will do. */
static int open_file(sqlite3 **out, const char *path, int flags, int64_t app_id, int64_t version, int *older, struct err *e)
{
        sqlite3 *s = NULL;
        int64_t id = 0, have = 0;
        int r = sqlite3_open_v2(path, &s, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL), x;

        if (r != SQLITE_OK) {
                x = sqlite_err(s, r, e, path);
                (void)sqlite3_close(s);
                return x;
        }
        (void)sqlite3_busy_timeout(s, BUSY_MS);
        x = exec(s, pragmas, e, path);
#ifdef SEKISHO_FAULT_POINTS
        if (x == ERR_OK && getenv("SEKISHO_FAULT_NOSYNC")) /* the control of the power-cut rig: it must lose records */
                x = exec(s, "PRAGMA synchronous=OFF", e, path);
#endif
        if (x == ERR_OK)
                x = read_pragma(s, "PRAGMA application_id", &id, e);
        if (x == ERR_OK)
                x = read_pragma(s, "PRAGMA user_version", &have, e);
        if (x == ERR_OK && id != app_id)
                x = err_key(e, ERR_TAMPERED, "store.file.foreign", "", path, NULL);
        if (x == ERR_OK && have > version)
                x = err_key(e, ERR_VERSION, "store.file.newer", "", path, NULL);
        if (x == ERR_OK && have < version && !older)
                x = err_key(e, ERR_VERSION, "store.file.older", "", path, NULL);
        if (x < 0) {
                (void)sqlite3_close(s);
                return x;
        }
        *out = s;
        if (older)
                *older = (int)have;
        return ERR_OK;
}

static void path_of(char to[PATH_ROOM], const char *dir, const char *name)
{
        (void)snprintf(to, PATH_ROOM, "%s/%s", dir, name);
}

static int create_file(const char *path, const char *schema, unsigned app_id, unsigned version, struct err *e)
{
        char ids[128];
        sqlite3 *s = NULL;
        int r, x;

        if (file_exists(path))
                return err_set(e, ERR_CONFLICT, "'%s' exists", path);
        r = sqlite3_open_v2(path, &s, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
        (void)snprintf(ids, sizeof(ids), "PRAGMA application_id=%u; PRAGMA user_version=%u;", app_id, version);
        x = r == SQLITE_OK ? exec(s, pragmas, e, path) : sqlite_err(s, r, e, path);
        if (x == ERR_OK)
                x = exec(s, "BEGIN IMMEDIATE", e, path);
        if (x == ERR_OK)
                x = exec(s, ids, e, path);
        if (x == ERR_OK)
                x = exec(s, schema, e, path);
        if (x == ERR_OK)
                x = exec(s, "COMMIT", e, path);
        (void)sqlite3_close(s);
        return x < 0 ? x : dir_sync_of(path, e);
}

int db_create_keys(const char *office_dir, struct err *e)
{
        char path[PATH_ROOM];

        path_of(path, office_dir, "keys.db");
        return create_file(path, sql_keys_schema, KEYS_APPLICATION_ID, KEYS_VERSION, e);
}

int db_create(const char *office_dir, struct err *e)
{
        char path[PATH_ROOM];
        int r;

        path_of(path, office_dir, "sekisho.db");
        r = create_file(path, sql_schema, DB_APPLICATION_ID, DB_VERSION, e);
        if (r < 0)
                return r;
        return db_create_keys(office_dir, e);
}

static int open_both(struct db **out, const char *office_dir, enum db_mode mode, int *store, int *keys, struct err *e)
{
        scoped(db_close) struct db *db = calloc(1, sizeof(*db));
        char path[PATH_ROOM];
        int flags = SQLITE_OPEN_READWRITE; /* a WAL reader also needs the -shm file; query_only keeps it honest */
        int r;

        if (!db)
                return err_set(e, ERR_NOMEM, "database");
        path_of(path, office_dir, "sekisho.db");
        r = open_file(&db->sqlite, path, flags, DB_APPLICATION_ID, DB_VERSION, store, e);
        if (r < 0)
                return r;
        path_of(path, office_dir, "keys.db");
        r = open_file(&db->keys, path, flags, KEYS_APPLICATION_ID, KEYS_VERSION, keys, e);
        if (r == ERR_OK && mode == DB_READ)
                r = exec(db->sqlite, "PRAGMA query_only=ON", e, "read only");
        if (r < 0)
                return r;
        *out = take(db);
        return ERR_OK;
}

int db_open(struct db **out, const char *office_dir, enum db_mode mode, struct err *e)
{
        return open_both(out, office_dir, mode, NULL, NULL, e);
}

int db_open_older(struct db **out, int *store, int *keys, const char *office_dir, struct err *e)
{
        return open_both(out, office_dir, DB_WRITE, store, keys, e);
}

struct db *db_close(struct db *db)
{
        if (!db)
                return NULL;
        for (size_t i = 0; i < SQL_COUNT; i++)
                (void)sqlite3_finalize(db->stmts[i]);
        for (size_t i = 0; i < KEYS_COUNT; i++)
                (void)sqlite3_finalize(db->keys_stmts[i]);
        for (size_t i = 0; i < STMT_TEXTS_MAX; i++)
                (void)sqlite3_finalize(db->texts[i]);
        (void)sqlite3_close(db->sqlite);
        (void)sqlite3_close(db->keys);
        OPENSSL_cleanse(db->local_key, sizeof(db->local_key));
        free(db);
        return NULL;
}

/* ---- statements ---- */

static int prepare(sqlite3 *s, sqlite3_stmt **at, const char *text)
{
        return *at ? SQLITE_OK : sqlite3_prepare_v3(s, text, -1, SQLITE_PREPARE_PERSISTENT, at, NULL);
}

struct stmt stmt_of(struct db *db, enum sql id)
{
        struct stmt s = { .db = db };

        s.r = prepare(db->sqlite, &db->stmts[id], sql_texts[id]);
        s.s = db->stmts[id];
        if (s.s) {
                (void)sqlite3_reset(s.s);
                (void)sqlite3_clear_bindings(s.s);
        }
        return s;
}

struct stmt stmt_text(struct db *db, struct str sql)
{
        struct stmt s = { .db = db };
        sqlite3_stmt **slot = NULL;

        for (size_t i = 0; i < STMT_TEXTS_MAX && !slot && db->texts[i]; i++)
                if (str_is(sql, sqlite3_sql(db->texts[i])))
                        slot = &db->texts[i];
        if (!slot) {
                slot = &db->texts[db->texts_next++ % STMT_TEXTS_MAX];
                (void)sqlite3_finalize(*slot);
                *slot = NULL;
                s.r = sqlite3_prepare_v3(db->sqlite, sql.p, (int)sql.n, SQLITE_PREPARE_PERSISTENT, slot, NULL);
        }
        s.s = *slot;
        if (s.s) {
                (void)sqlite3_reset(s.s);
                (void)sqlite3_clear_bindings(s.s);
        }
        return s;
}

struct stmt keys_stmt_of(struct db *db, enum keys_sql id)
{
        struct stmt s = { .db = db };

        s.r = prepare(db->keys, &db->keys_stmts[id], keys_texts[id]);
        s.s = db->keys_stmts[id];
        if (s.s) {
                (void)sqlite3_reset(s.s);
                (void)sqlite3_clear_bindings(s.s);
        }
        return s;
}

static void note_bind(struct stmt *s, int r)
{
        if (s->r == SQLITE_OK)
                s->r = r;
}

void bind_int(struct stmt *s, int64_t v)
{
        s->at++;
        if (s->s)
                note_bind(s, sqlite3_bind_int64(s->s, s->at, v));
}

void bind_text(struct stmt *s, struct str v)
{
        s->at++;
        if (s->s)
                note_bind(s, sqlite3_bind_text64(s->s, s->at, v.p ? v.p : "", v.n, SQLITE_TRANSIENT, SQLITE_UTF8));
}

void bind_blob(struct stmt *s, const void *p, size_t n)
{
        s->at++;
        if (s->s)
                note_bind(s, sqlite3_bind_blob64(s->s, s->at, p ? p : "", n, SQLITE_TRANSIENT));
}

void bind_null(struct stmt *s)
{
        s->at++;
        if (s->s)
                note_bind(s, sqlite3_bind_null(s->s, s->at));
}

int stmt_row(struct stmt *s, struct err *e)
{
        int r = s->r == SQLITE_OK ? sqlite3_step(s->s) : s->r;

        if (r == SQLITE_ROW)
                return 1;
        if (r == SQLITE_DONE) {
                (void)sqlite3_reset(s->s);
                return 0;
        }
        r = sqlite_err(s->s ? sqlite3_db_handle(s->s) : s->db->sqlite, r, e, s->s ? sqlite3_sql(s->s) : "prepare");
        if (s->s)
                (void)sqlite3_reset(s->s);
        return r;
}

int stmt_run(struct stmt *s, struct err *e)
{
        int r = stmt_row(s, e);

        stmt_end(s);
        return r < 0 ? r : ERR_OK;
}

void stmt_end(struct stmt *s)
{
        if (s->s)
                (void)sqlite3_reset(s->s);
}

bool col_null(struct stmt *s, int c)
{
        return sqlite3_column_type(s->s, c) == SQLITE_NULL;
}

int64_t col_int(struct stmt *s, int c)
{
        return sqlite3_column_int64(s->s, c);
}

int col_blob(struct str *out, struct stmt *s, int c, struct arena *a, struct err *e)
{
        const void *p = sqlite3_column_blob(s->s, c);
        size_t n = (size_t)sqlite3_column_bytes(s->s, c);
        char *to = n && !p ? NULL : arena_copy(a, p, n);

        if (!to)
                return err_set(e, ERR_NOMEM, "column");
        *out = (struct str){ to, n };
        return ERR_OK;
}

int col_text(struct str *out, struct stmt *s, int c, struct arena *a, struct err *e)
{
        return col_blob(out, s, c, a, e);
}

bool col_hash(struct hash *out, struct stmt *s, int c)
{
        const void *p = sqlite3_column_blob(s->s, c);

        if (!p || sqlite3_column_bytes(s->s, c) != HASH_SIZE)
                return false;
        memcpy(out->b, p, HASH_SIZE);
        return true;
}

/* ---- transactions ---- */

static int run_plain(struct db *db, enum sql id, struct err *e)
{
        struct stmt s = stmt_of(db, id);

        return stmt_run(&s, e);
}

int db_begin(struct db *db, struct err *e)      { return run_plain(db, SQL_BEGIN, e); }
int db_begin_read(struct db *db, struct err *e) { return run_plain(db, SQL_BEGIN_READ, e); }
int db_commit(struct db *db, struct err *e)     { return run_plain(db, SQL_COMMIT, e); }
int db_mark(struct db *db, struct err *e)       { return run_plain(db, SQL_MARK, e); }
int db_mark_keep(struct db *db, struct err *e)  { return run_plain(db, SQL_MARK_KEEP, e); }

int db_mark_undo(struct db *db, struct err *e)
{
        int r = run_plain(db, SQL_MARK_UNDO, e);

        return r < 0 ? r : db_mark_keep(db, e);
}

bool db_in_transaction(struct db *db)
{
        return !sqlite3_get_autocommit(db->sqlite);
}

void db_rollback(struct db *db)
{
        if (db_in_transaction(db))
                (void)run_plain(db, SQL_ROLLBACK, NULL); /* an error here means it is rolled back already */
}

int db_check_file(struct db *db, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_INTEGRITY);
        int r = stmt_row(&s, e);

        if (r == 1 && strcmp((const char *)sqlite3_column_text(s.s, 0), "ok") != 0)
                r = err_set(e, ERR_TAMPERED, "database file: %s", sqlite3_column_text(s.s, 0));
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

static int truncate_log(struct stmt s, const char *what, struct err *e)
{
        int r = stmt_row(&s, e);

        if (r == 1 && col_int(&s, 0))
                r = err_set(e, ERR_BUSY, "the log of %s is in use", what);
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

int db_truncate_logs(struct db *db, struct err *e)
{
        int r = truncate_log(stmt_of(db, SQL_TRUNCATE), "the database", e);

        return r < 0 ? r : truncate_log(keys_stmt_of(db, KEYS_TRUNCATE), "the key store", e);
}

/* ---- keys ---- */

struct unit_key { struct unit_row row; uint8_t key[32]; };

/* The key of MACs: a unit of its own, whose row stands under itself. */
#define MAC_UNIT "local-mac"

static int key_mac(struct hash *out, struct db *db, const struct unit_key *k, struct err *e)
{
        const struct str parts[] = { str_of(k->row.unit), { (const char *)k->key, k->row.has_key ? sizeof(k->key) : 0 }, int_part(&k->row.made_at), int_part(&k->row.destroyed_at),
                                     int_part(&k->row.entry) };

        return local_mac(out, db, "unit_key", parts, countof(parts), e);
}

static sqlite3_stmt *keys_stmt(struct db *db, enum keys_sql id, int *r)
{
        *r = prepare(db->keys, &db->keys_stmts[id], keys_texts[id]);
        if (db->keys_stmts[id])
                (void)sqlite3_reset(db->keys_stmts[id]);
        return db->keys_stmts[id];
}

static int changed_key(const struct unit_key *k, struct err *e)
{
        return err_key(e, ERR_TAMPERED, "store.key.changed", "", k->row.unit, NULL);
}

/* The statement's row: a key of 32 bytes and no tombstone, or a tombstone and no key. */
static int key_read(struct unit_key *out, struct db *db, sqlite3_stmt *s, struct err *e)
{
        struct unit_key k = { .row = { .made_at = sqlite3_column_int64(s, 2), .destroyed_at = sqlite3_column_int64(s, 3), .entry = sqlite3_column_int64(s, 4) } };
        const unsigned char *unit = sqlite3_column_text(s, 0);
        int n = sqlite3_column_bytes(s, 1), r;
        struct hash want;

        if (!unit)
                return err_set(e, ERR_NOMEM, "unit key");
        (void)snprintf(k.row.unit, sizeof(k.row.unit), "%s", (const char *)unit);
        k.row.has_key = sqlite3_column_type(s, 1) == SQLITE_BLOB;
        if (strcmp(k.row.unit, (const char *)unit) != 0 || (k.row.has_key ? n != sizeof(k.key) : sqlite3_column_type(s, 1) != SQLITE_NULL) ||
            (sqlite3_column_type(s, 3) == SQLITE_NULL) != k.row.has_key || (sqlite3_column_type(s, 4) == SQLITE_NULL) != k.row.has_key)
                return changed_key(&k, e);
        if (k.row.has_key)
                memcpy(k.key, sqlite3_column_blob(s, 1), sizeof(k.key));
        if (strcmp(k.row.unit, MAC_UNIT) == 0 && k.row.has_key && !db->has_local_key) {
                memcpy(db->local_key, k.key, sizeof(db->local_key));
                db->has_local_key = true;
        }
        r = key_mac(&want, db, &k, e);
        if (r < 0)
                return r;
        if (sqlite3_column_bytes(s, 5) != HASH_SIZE || memcmp(sqlite3_column_blob(s, 5), want.b, HASH_SIZE) != 0)
                return changed_key(&k, e);
        *out = k;
        OPENSSL_cleanse(k.key, sizeof(k.key));
        return ERR_OK;
}

static int mac_key(struct db *db, struct err *e);

static int key_get(struct unit_key *out, struct db *db, const char *unit, struct err *e)
{
        int r, x = db->has_local_key || strcmp(unit, MAC_UNIT) == 0 ? ERR_OK : mac_key(db, e);  /* the row is read by it */
        sqlite3_stmt *s;

        if (x < 0)
                return x;
        s = keys_stmt(db, KEYS_GET, &r);
        if (r == SQLITE_OK)
                r = sqlite3_bind_text(s, 1, unit, -1, SQLITE_TRANSIENT);
        if (r == SQLITE_OK)
                r = sqlite3_step(s);
        x = r == SQLITE_ROW ? key_read(out, db, s, e) : r == SQLITE_DONE ? err_set(e, ERR_ABSENT, "no key for unit '%s'", unit) : sqlite_err(db->keys, r, e, "unit key");
        if (s)
                (void)sqlite3_reset(s);
        return x;
}

/* Its own durable transaction, before anything is sealed under it. KEYS_ADD never takes the place of a key that is there. */
static int key_put(struct db *db, enum keys_sql how, const struct unit_key *k, struct err *e)
{
        struct hash mac;
        int r, x = key_mac(&mac, db, k, e);
        sqlite3_stmt *s;

        if (x < 0)
                return x;
        s = keys_stmt(db, how, &r);
        if (s)
                (void)sqlite3_clear_bindings(s);
        if (r == SQLITE_OK)
                r = sqlite3_bind_text(s, 1, k->row.unit, -1, SQLITE_TRANSIENT);
        if (r == SQLITE_OK && k->row.has_key)
                r = sqlite3_bind_blob(s, 2, k->key, sizeof(k->key), SQLITE_TRANSIENT);
        if (r == SQLITE_OK)
                r = sqlite3_bind_int64(s, 3, k->row.made_at);
        if (r == SQLITE_OK && !k->row.has_key)
                r = sqlite3_bind_int64(s, 4, k->row.destroyed_at);
        if (r == SQLITE_OK && !k->row.has_key)
                r = sqlite3_bind_int64(s, 5, k->row.entry);
        if (r == SQLITE_OK)
                r = sqlite3_bind_blob(s, 6, mac.b, HASH_SIZE, SQLITE_TRANSIENT);
        if (r == SQLITE_OK)
                r = sqlite3_step(s);
        if (s) {
                (void)sqlite3_reset(s);
                (void)sqlite3_clear_bindings(s);
        }
        return r == SQLITE_DONE ? ERR_OK : sqlite_err(db->keys, r, e, "unit key");
}

static int mac_key(struct db *db, struct err *e)
{
        struct unit_key k = { .row = { .has_key = true, .unit = MAC_UNIT } };
        int r = key_get(&k, db, MAC_UNIT, e);   /* fills in db->local_key when the row is there */

        if (r == ERR_ABSENT) {
                entropy_fill(k.key, sizeof(k.key));
                memcpy(db->local_key, k.key, sizeof(db->local_key));
                db->has_local_key = true;
                r = key_put(db, KEYS_ADD, &k, e);
        }
        OPENSSL_cleanse(k.key, sizeof(k.key));
        if (r < 0)
                db->has_local_key = false;
        return r;
}

int db_unit_key(struct db *db, const char *unit, bool make, utime_t now, uint8_t key[32], struct err *e)
{
        struct unit_key k = { .row = { .has_key = true, .made_at = now } };
        int r = strlen(unit) > UNIT_MAX ? err_set(e, ERR_TOO_BIG, "unit '%s'", unit) : key_get(&k, db, unit, e);

        if (r == ERR_OK && !k.row.has_key)
                r = err_set(e, ERR_ABSENT, "the key of unit '%s' was destroyed", unit);
        else if (r == ERR_ABSENT && make && strcmp(unit, MAC_UNIT) == 0) {
                r = mac_key(db, e);
                memcpy(k.key, db->local_key, sizeof(k.key));
        } else if (r == ERR_ABSENT && make) {
                (void)snprintf(k.row.unit, sizeof(k.row.unit), "%s", unit);
                entropy_fill(k.key, sizeof(k.key));
                r = key_put(db, KEYS_ADD, &k, e);
        }
        if (r == ERR_OK)
                memcpy(key, k.key, sizeof(k.key));
        OPENSSL_cleanse(k.key, sizeof(k.key));
        return r;
}

int db_unit_is_known(bool *out, struct db *db, const char *unit, struct err *e)
{
        struct stmt s = keys_stmt_of(db, KEYS_IS);
        int r;

        bind_text(&s, str_of(unit));
        r = stmt_row(&s, e);
        if (r >= 0)
                *out = r == 1;
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

int db_units_each(struct db *db, unit_row_fn *fn, void *ctx, struct err *e)
{
        int r, x = ERR_OK;
        sqlite3_stmt *s;

        if (!db->has_local_key)                         /* the rows before its own are read by it, too */
                x = mac_key(db, e);
        s = keys_stmt(db, KEYS_EACH, &r);
        while (x == ERR_OK && r == SQLITE_OK && (r = sqlite3_step(s)) == SQLITE_ROW) {
                struct unit_key k;

                x = key_read(&k, db, s, e);
                if (x == ERR_OK)
                        x = fn(ctx, &k.row, e);
                OPENSSL_cleanse(k.key, sizeof(k.key));
                r = SQLITE_OK;
        }
        if (s)
                (void)sqlite3_reset(s);
        return x < 0 ? x : r == SQLITE_DONE ? ERR_OK : sqlite_err(db->keys, r, e, "unit keys");
}

int db_unit_destroy(struct db *db, const char *unit, utime_t now, int64_t entry, struct err *e)
{
        struct unit_key k = { .row = { .made_at = now } };
        int r = strlen(unit) > UNIT_MAX ? err_set(e, ERR_TOO_BIG, "unit '%s'", unit) : key_get(&k, db, unit, e);
        bool is_new = r == ERR_ABSENT;

        if (r < 0 && !is_new)
                return r;
        if (r == ERR_OK && !k.row.has_key)
                return ERR_OK;
        OPENSSL_cleanse(k.key, sizeof(k.key));
        (void)snprintf(k.row.unit, sizeof(k.row.unit), "%s", unit);
        k.row.has_key = false;
        k.row.destroyed_at = now;
        k.row.entry = entry;
        return key_put(db, is_new ? KEYS_ADD : KEYS_SET, &k, e);
}

int db_units_sign(struct db *db, struct err *e)
{
        int r = SQLITE_ROW, x = ERR_OK;

        while (x == ERR_OK && r == SQLITE_ROW) {
                struct unit_key k = { .row = { .has_key = true } };
                sqlite3_stmt *s = keys_stmt(db, KEYS_UNSIGNED, &r);

                if (r == SQLITE_OK)
                        r = sqlite3_step(s);
                if (r != SQLITE_ROW)
                        break;
                (void)snprintf(k.row.unit, sizeof(k.row.unit), "%s", (const char *)sqlite3_column_text(s, 0));
                k.row.made_at = sqlite3_column_int64(s, 2);
                if (sqlite3_column_bytes(s, 1) != sizeof(k.key))
                        x = changed_key(&k, e);
                else
                        memcpy(k.key, sqlite3_column_blob(s, 1), sizeof(k.key));
                (void)sqlite3_reset(s);
                if (x == ERR_OK && strcmp(k.row.unit, MAC_UNIT) == 0) {
                        memcpy(db->local_key, k.key, sizeof(db->local_key));
                        db->has_local_key = true;
                }
                if (x == ERR_OK)
                        x = key_put(db, KEYS_SET, &k, e);
                OPENSSL_cleanse(k.key, sizeof(k.key));
        }
        return x < 0 || r == SQLITE_DONE ? x : sqlite_err(db->keys, r, e, "unit keys");
}

/* ---- local rows ---- */

struct str int_part(const int64_t *v)
{
        return (struct str){ (const char *)v, sizeof(*v) };
}

int local_mac(struct hash *out, struct db *db, const char *table, const struct str *parts, size_t n, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        int r = db->has_local_key ? ERR_OK : mac_key(db, e);

        if (r < 0)
                return r;
        buf_add(&b, table, strlen(table) + 1);
        for (size_t i = 0; i < n; i++) {
                uint64_t len = parts[i].n;

                buf_add(&b, &len, sizeof(len));
                buf_str(&b, parts[i]);
        }
        if (buf_bad(&b))
                return err_set(e, ERR_NOMEM, "row MAC");
        *out = hash_hmac((struct str){ (const char *)db->local_key, 32 }, buf_view(&b));
        return ERR_OK;
}

int local_check(struct db *db, const char *table, const struct str *parts, size_t n, struct stmt *s, int col, struct err *e)
{
        struct hash want, have;
        int r = local_mac(&want, db, table, parts, n, e);

        if (r < 0)
                return r;
        if (!col_hash(&have, s, col) || !hash_eq(&want, &have))
                return err_key(e, ERR_TAMPERED, "store.local.changed", "", table, NULL);
        return ERR_OK;
}

/* ---- tree ---- */

int tree_read_db(void *ctx, unsigned level, uint64_t at, size_t n, struct hash *out, struct err *e)
{
        struct stmt s = stmt_of(ctx, level ? SQL_TREE_GET : SQL_JOURNAL_LEAVES);
        size_t have = 0;
        int r;

        if (level)
                bind_int(&s, level);
        bind_int(&s, (int64_t)at);
        bind_int(&s, (int64_t)n);
        while ((r = stmt_row(&s, e)) == 1)
                if (have == n || !col_hash(&out[have++], &s, 0)) {
                        stmt_end(&s);
                        return err_set(e, ERR_TAMPERED, "stored hash at level %u is malformed", level);
                }
        if (r < 0)
                return r;
        return have == n ? ERR_OK : err_set(e, ERR_TAMPERED, "%zu of %zu stored hashes at level %u", have, n, level);
}
