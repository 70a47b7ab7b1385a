/* The database file itself: made once, never a foreign or a newer one, and durable by its settings. */
#include "server/office/store/db.h"

#include <sqlite3.h>

#include "server/office/store/outbox.h"
#include "server/office/store/stmt.h"
#include "small_store.h"

#include "unit.h"

static void run(struct small_store *s, const char *file, const char *sql)
{
        char path[1024];
        sqlite3 *db = NULL;

        (void)snprintf(path, sizeof(path), "%s/%s", s->office.store_dir, file);
        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
        (void)sqlite3_close(db);
}

static void a_foreign_or_newer_file_is_refused_by_name(void **state)
{
        static const struct { const char *file, *sql; int want; const char *key; } cases[] = {
                { "sekisho.db", "PRAGMA application_id=1", ERR_TAMPERED, "store.file.foreign" },
                { "keys.db", "PRAGMA application_id=0", ERR_TAMPERED, "store.file.foreign" },
                { "sekisho.db", "PRAGMA user_version=999", ERR_VERSION, "store.file.newer" },
                { "keys.db", "PRAGMA user_version=999", ERR_VERSION, "store.file.newer" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct small_store *s = store_make();
                struct db *db = NULL;
                struct err e = { 0 };

                s->db = db_close(s->db);
                run(s, cases[i].file, cases[i].sql);
                assert_int_equal(db_open(&db, s->office.store_dir, DB_WRITE, &e), cases[i].want);
                assert_text(e.key, cases[i].key);
                assert_null(db);
                store_end(s);
        }
}

static void a_store_is_made_once(void **state)
{
        struct small_store *s = store_make();
        struct err e = { 0 };

        assert_int_equal(db_create(s->office.store_dir, &e), ERR_CONFLICT);
        store_end(s);
}

static void commits_are_durable_and_deletes_leave_nothing(void **state)
{
        static const struct { const char *pragma; int want; } cases[] = {
                { "PRAGMA synchronous", 2 }, { "PRAGMA secure_delete", 1 }, { "PRAGMA trusted_schema", 0 }, { "PRAGMA cell_size_check", 1 },
        };
        struct small_store *s = store_make();

        for (size_t i = 0; i < countof(cases); i++) {
                sqlite3_stmt *st = NULL;

                assert_int_equal(sqlite3_prepare_v2(s->db->sqlite, cases[i].pragma, -1, &st, NULL), SQLITE_OK);
                assert_int_equal(sqlite3_step(st), SQLITE_ROW);
                if (sqlite3_column_int(st, 0) != cases[i].want)
                        fail_msg("%s is %d", cases[i].pragma, sqlite3_column_int(st, 0));
                (void)sqlite3_finalize(st);
        }
        store_end(s);
}

static void a_reader_cannot_write(void **state)
{
        struct small_store *s = store_make();
        struct db *reader = NULL;
        struct err e = { 0 };

        assert_ok(db_unit_key(s->db, "local-mac", true, 0, (uint8_t[32]){ 0 }, &e), e);
        assert_ok(db_open(&reader, s->office.store_dir, DB_READ, &e), e);
        assert_true(outbox_put(reader, 1, STR(""), false, STR("{}"), &e) < 0);
        reader = db_close(reader);
        store_end(s);
}

static void a_units_key_is_made_once_and_stays(void **state)
{
        struct small_store *s = store_make();
        uint8_t a[32], b[32], c[32];
        struct err e = { 0 };

        assert_int_equal(db_unit_key(s->db, "SHI-2026", false, 0, a, &e), ERR_ABSENT);
        assert_ok(db_unit_key(s->db, "SHI-2026", true, 0, a, &e), e);
        assert_ok(db_unit_key(s->db, "SHI-2026", true, 0, b, &e), e);
        assert_ok(db_unit_key(s->db, "SHI-2027", true, 0, c, &e), e);
        assert_memory_equal(a, b, 32);
        assert_memory_not_equal(a, c, 32);
        store_end(s);
}

static int count_units(void *ctx, const struct unit_row *row, struct err *e)
{
        int *n = ctx;

        (void)e;
        *n += row->has_key ? 1 : 100;
        return ERR_OK;
}

static void a_destroyed_key_leaves_a_tombstone_and_is_not_made_again(void **state)
{
        struct small_store *s = store_make();
        uint8_t key[32];
        int n = 0;
        struct err e = { 0 };

        assert_ok(db_unit_key(s->db, "SHI-2019", true, 1, key, &e), e);
        assert_ok(db_unit_key(s->db, "SHI-2026", true, 2, key, &e), e);
        assert_ok(db_unit_destroy(s->db, "SHI-1999", 3, 7, &e), e);
        assert_int_equal(db_unit_key(s->db, "SHI-1999", true, 4, key, &e), ERR_ABSENT);
        assert_ok(db_unit_destroy(s->db, "SHI-2019", 3, 7, &e), e);
        assert_int_equal(db_unit_key(s->db, "SHI-2019", true, 4, key, &e), ERR_ABSENT);
        assert_ok(db_unit_key(s->db, "SHI-2026", false, 0, key, &e), e);
        assert_ok(db_units_each(s->db, count_units, &n, &e), e);
        assert_int_equal(n, 202);                       /* SHI-1999, SHI-2019, SHI-2026, and the key of the MACs */
        store_end(s);
}

/* Each column of a row of the key store, changed behind our back, is named by its unit. */
static void a_changed_row_of_the_key_store_is_named(void **state)
{
        static const char *const hands[] = {
                "UPDATE unit_key SET key=zeroblob(32) WHERE unit='SHI-2026'", "UPDATE unit_key SET made_at=made_at+1 WHERE unit='SHI-2026'",
                "UPDATE unit_key SET key=NULL WHERE unit='SHI-2026'", "UPDATE unit_key SET key=NULL, destroyed_at=5, entry=1 WHERE unit='SHI-2026'",
                "UPDATE unit_key SET mac=zeroblob(32) WHERE unit='SHI-2026'", "UPDATE unit_key SET unit='SHI-2026' WHERE unit='SHI-2027'",
                "UPDATE unit_key SET entry=8 WHERE unit='SHI-2019'",
        };

        for (size_t i = 0; i < countof(hands); i++) {
                struct small_store *s = store_make();
                bool absent = strstr(hands[i], "SHI-2027");
                uint8_t key[32];
                struct err e = { 0 };
                char path[1024];
                sqlite3 *k = NULL;
                int n = 0;

                assert_ok(db_unit_key(s->db, absent ? "SHI-2027" : "SHI-2026", true, 1, key, &e), e);
                assert_ok(db_unit_key(s->db, "SHI-2019", true, 1, key, &e), e);
                assert_ok(db_unit_destroy(s->db, "SHI-2019", 3, 7, &e), e);
                (void)snprintf(path, sizeof(path), "%s/keys.db", s->office.store_dir);
                assert_int_equal(sqlite3_open(path, &k), SQLITE_OK);
                assert_int_equal(sqlite3_exec(k, hands[i], NULL, NULL, NULL), SQLITE_OK);
                assert_int_equal(sqlite3_close(k), SQLITE_OK);
                if (db_units_each(s->db, count_units, &n, &e) != ERR_TAMPERED || strcmp(e.key, "store.key.changed") != 0 || !strstr(e.text, strstr(hands[i], "SHI-2019") ? "SHI-2019" : "SHI-2026"))
                        fail_msg("%s: %s", hands[i], e.text);
                store_end(s);
        }
}

static void a_broken_file_is_tampered(void **state)
{
        struct small_store *s = store_make();
        struct db *db = NULL;
        char path[1024];
        FILE *f;
        struct err e = { 0 };

        s->db = db_close(s->db);
        (void)snprintf(path, sizeof(path), "%s/sekisho.db", s->office.store_dir);
        f = fopen(path, "r+be");
        assert_non_null(f);
        assert_true(fwrite("not a database at all", 1, 21, f) == 21 && fclose(f) == 0);
        assert_int_equal(db_open(&db, s->office.store_dir, DB_WRITE, &e), ERR_TAMPERED);
        store_end(s);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_foreign_or_newer_file_is_refused_by_name),
                cmocka_unit_test(a_store_is_made_once),
                cmocka_unit_test(commits_are_durable_and_deletes_leave_nothing),
                cmocka_unit_test(a_reader_cannot_write),
                cmocka_unit_test(a_units_key_is_made_once_and_stays),
                cmocka_unit_test(a_destroyed_key_leaves_a_tombstone_and_is_not_made_again),
                cmocka_unit_test(a_changed_row_of_the_key_store_is_named),
                cmocka_unit_test(a_broken_file_is_tampered),
        };

        return unit_run("store_db", tests);
}
