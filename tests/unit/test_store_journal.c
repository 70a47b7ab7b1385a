/* The log as rows: append, replay byte-equal, erase, and every kind of tampering by name. */
#include "server/office/store/journal.h"

#include <sqlite3.h>

#include "server/office/store/tree.h"
#include "small_store.h"

#include "unit.h"

static const struct uuid thing = { { 7, 7 } };

static struct row step_row(const char *k, const char *state, const char *reason)
{
        struct row r = row_new(TABLE_STEP, thing, k);

        row_text(&r, STEP_state, str_of(state));
        row_personal(&r, STEP_reason, str_of(reason));
        row_int(&r, STEP_decided_at, STORE_NOW);
        return r;
}

/* Under a transaction that the caller began. */
static void append_one(struct small_store *s, const struct row *row, utime_t now, const char *unit)
{
        struct receipt receipt;
        struct changes c;
        struct err e = { 0 };

        changes_init(&c, &s->arena, "application.decided", row->id);
        c.actor = "01960000-0000-7000-8000-000000000001";
        changes_note_int(&c, "seq", 5);
        assert_ok(changes_add(&c, row, &e), e);
        assert_ok(journal_append(&receipt, s->db, &c, now, unit, &e), e);
}

static void append(struct small_store *s, const struct row *row, utime_t now, const char *unit)
{
        struct err e = { 0 };

        assert_ok(db_begin(s->db, &e), e);
        append_one(s, row, now, unit);
        assert_ok(db_commit(s->db, &e), e);
}

/* Meddles with a file as nobody of ours would. */
static void meddle(struct small_store *s, const char *file, const char *sql)
{
        char path[1024], *why = NULL;
        sqlite3 *db = NULL;

        (void)snprintf(path, sizeof(path), "%s/%s", s->office.store_dir, file);
        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
                fail_msg("%s: %s", sql, why);
        (void)sqlite3_close(db);
}

static struct hash dump(struct small_store *s)
{
        struct hash h;
        struct err e = { 0 };

        assert_ok(store_dump(&h, s->db, NULL, &e), e);
        return h;
}

static int rebuild(struct small_store *s, struct err *e)
{
        int r = db_begin(s->db, e);

        if (r == ERR_OK)
                r = journal_rebuild(s->db, NULL, NULL, e);
        if (r == ERR_OK)
                return db_commit(s->db, e);
        db_rollback(s->db);
        return r;
}

static int check(struct small_store *s, struct err *e)
{
        struct hash root;
        uint64_t size;

        return journal_check(&root, &size, s->db, NULL, NULL, e);
}

static struct row read_step(struct small_store *s, const char *k)
{
        char id[UUID_TEXT];
        struct row r;
        struct err e = { 0 };

        uuid_text(id, thing);
        assert_ok(store_row(&r, s->db, TABLE_STEP, id, k, &s->arena, &e), e);
        return r;
}

static void a_rebuild_is_identical_to_what_was_lived(void **state)
{
        struct small_store *s = store_make();
        struct hash before, after;
        struct err e = { 0 };

        assert_ok(db_begin(s->db, &e), e);
        for (int i = 0; i < 600; i++) {                            /* two whole tiles, and more */
                char k[16];
                struct row r;

                (void)snprintf(k, sizeof(k), "step-%d", i % 40);
                r = read_step(s, k);
                if (!r.rev)
                        r = step_row(k, "waiting", i % 3 ? "理由" : "");
                row_text(&r, STEP_state, i % 2 ? STR("approved") : STR("returned"));
                append_one(s, &r, STORE_NOW + i, i % 5 ? "SHI-2026" : "SHI-2025");
        }
        assert_ok(db_commit(s->db, &e), e);
        before = dump(s);
        assert_ok(rebuild(s, &e), e);
        after = dump(s);
        assert_true(hash_eq(&before, &after));
        assert_int_equal(read_step(s, "step-7").rev, 15);
        assert_ok(check(s, &e), e);
        store_end(s);
}

static void an_unchanged_text_keeps_its_commitment(void **state)
{
        struct small_store *s = store_make();
        struct row r = step_row("a", "waiting", "理由");
        struct hash was;

        append(s, &r, STORE_NOW, "SHI-2026");
        r = read_step(s, "a");
        assert_true(r.v[STEP_reason].committed && r.v[STEP_reason].personal);
        was = r.v[STEP_reason].commit;
        row_text(&r, STEP_state, STR("approved"));
        append(s, &r, STORE_NOW, "SHI-2026");
        r = read_step(s, "a");
        assert_true(hash_eq(&was, &r.v[STEP_reason].commit));
        row_personal(&r, STEP_reason, STR("理由"));                /* written again: a salt of its own */
        append(s, &r, STORE_NOW, "SHI-2026");
        r = read_step(s, "a");
        assert_false(hash_eq(&was, &r.v[STEP_reason].commit));
        store_end(s);
}

static void people_never_stand_in_an_entry(void **state)
{
        struct small_store *s = store_make();
        struct row r = step_row("a", "waiting", "secret-word");
        struct str entry;
        struct err e = { 0 };

        append(s, &r, STORE_NOW, "SHI-2026");
        assert_ok(journal_entry(&entry, s->db, 0, &s->arena, &e), e);
        assert_null(memmem(entry.p, entry.n, "secret-word", 11));
        assert_non_null(memmem(entry.p, entry.n, "\"commit\"", 8));
        store_end(s);
}

static void a_destroyed_key_replays_as_erased_and_for_that_unit_only(void **state)
{
        struct small_store *s = store_make();
        struct row old = step_row("old", "approved", "古い理由"), new = step_row("new", "approved", "新しい理由");
        struct hash erased, again;
        struct err e = { 0 };

        append(s, &old, STORE_NOW, "SHI-2019");
        append(s, &new, STORE_NOW, "SHI-2026");
        s->db = db_close(s->db);
        meddle(s, "keys.db", "DELETE FROM unit_key WHERE unit='SHI-2019'");
        assert_ok(db_open(&s->db, s->office.store_dir, DB_WRITE, &e), e);
        assert_ok(rebuild(s, &e), e);
        old = read_step(s, "old");
        new = read_step(s, "new");
        assert_int_equal(old.v[STEP_reason].kind, VALUE_ERASED);
        assert_int_equal(row_get_text(&old, STEP_reason).n, 0);
        assert_true(row_is(&old, STEP_state, "approved"));
        assert_true(row_is(&new, STEP_reason, "新しい理由"));
        assert_ok(check(s, &e), e);                                /* the log is whole without the text */

        row_int(&old, STEP_decided_at, STORE_NOW + 1);             /* life goes on over an erased text */
        append(s, &old, STORE_NOW + 1, "SHI-2026");
        erased = dump(s);
        assert_ok(rebuild(s, &e), e);
        again = dump(s);
        assert_true(hash_eq(&erased, &again));
        assert_int_equal(read_step(s, "old").v[STEP_reason].kind, VALUE_ERASED);
        store_end(s);
}

static void journal_time_never_goes_back(void **state)
{
        struct small_store *s = store_make();
        struct row r = step_row("a", "waiting", "");
        utime_t last = 0;
        uint64_t size;
        struct err e = { 0 };

        append(s, &r, STORE_NOW, "SHI-2026");
        append(s, &r, STORE_NOW - UTIME_DAY, "SHI-2026");
        assert_ok(journal_size(&size, &last, s->db, &e), e);
        assert_int_equal(size, 2);
        assert_int_equal(last, STORE_NOW);
        store_end(s);
}

/* What each act on the file behind our back is called. */
static void tampering_is_named(void **state)
{
        static const struct { const char *name, *file, *sql; bool by_check, by_rebuild; const char *words; } cases[] = {
                { "nothing", "sekisho.db", "SELECT 1", false, false, "" },
                { "an entry's bytes", "sekisho.db", "UPDATE journal SET entry=CAST(replace(entry,'approved','rejected') AS BLOB) WHERE idx=3", true, true, "leaf hash" },
                { "a leaf", "sekisho.db", "UPDATE journal SET leaf=zeroblob(32) WHERE idx=3", true, false, "leaf hash" },
                { "a time column", "sekisho.db", "UPDATE journal SET at=at+1 WHERE idx=3", true, false, "other columns" },
                { "a type column", "sekisho.db", "UPDATE journal SET type='x' WHERE idx=3", true, false, "other columns" },
                { "an actor column", "sekisho.db", "UPDATE journal SET actor=NULL WHERE idx=3", true, false, "other columns" },
                { "an object column", "sekisho.db", "UPDATE journal SET ref='y' WHERE idx=3", true, false, "other columns" },
                { "a missing entry", "sekisho.db", "DELETE FROM journal WHERE idx=3", true, true, "missing" },
                { "a payload's bytes", "sekisho.db", "UPDATE payload SET sealed=zeroblob(length(sealed))", false, true, "does not open" },
                { "a payload cut short", "sekisho.db", "UPDATE payload SET sealed=x'00'", false, true, "malformed" },
                { "a payload's number used once", "sekisho.db", "UPDATE payload SET nonce=zeroblob(12)", false, true, "does not open" },
                { "a payload of another unit", "sekisho.db", "UPDATE payload SET unit='local-mac'", false, true, "does not open" },
                { "a missing payload", "sekisho.db", "DELETE FROM payload", false, true, "missing" },
                { "another key", "keys.db", "UPDATE unit_key SET key=zeroblob(32) WHERE unit='SHI-2026'", false, true, "store.key.changed" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct small_store *s = store_make();
                struct err by_check = { 0 }, by_rebuild = { 0 }, e = { 0 };
                struct hash before, after;
                struct credential cred = { STR("x"), STR("y"), STR("z"), 0, 0 };
                int c, r;

                assert_ok(credential_put(s->db, &cred, &e), e);        /* makes the key "local-mac" */
                for (int n = 0; n < 6; n++) {
                        struct row row = step_row(n % 2 ? "a" : "b", "approved", "理由");

                        append(s, &row, STORE_NOW, "SHI-2026");
                }
                before = dump(s);
                s->db = db_close(s->db);
                meddle(s, cases[i].file, cases[i].sql);
                assert_ok(db_open(&s->db, s->office.store_dir, DB_WRITE, &e), e);
                c = check(s, &by_check);
                r = rebuild(s, &by_rebuild);
                if ((c < 0) != cases[i].by_check || (c < 0 && c != ERR_TAMPERED) || (cases[i].by_check && !strstr(by_check.text, cases[i].words)))
                        fail_msg("%s: check said %d %s", cases[i].name, c, by_check.text);
                if (cases[i].by_rebuild && !cases[i].by_check && (r != ERR_TAMPERED || !strstr(by_rebuild.text, cases[i].words)))
                        fail_msg("%s: rebuild said %d %s", cases[i].name, r, by_rebuild.text);
                after = dump(s);
                if (r < 0 && !hash_eq(&before, &after))
                        fail_msg("%s: a rebuild that failed left other rows", cases[i].name);
                store_end(s);
        }
}

static void a_projection_changed_behind_our_back_shows(void **state)
{
        struct small_store *s = store_make();
        struct row r = step_row("a", "returned", "理由");
        struct hash lived, changed, mended;
        struct err e = { 0 };

        append(s, &r, STORE_NOW, "SHI-2026");
        lived = dump(s);
        s->db = db_close(s->db);
        meddle(s, "sekisho.db", "UPDATE r_step SET state='approved'");
        assert_ok(db_open(&s->db, s->office.store_dir, DB_WRITE, &e), e);
        changed = dump(s);
        assert_false(hash_eq(&lived, &changed));
        assert_ok(rebuild(s, &e), e);
        mended = dump(s);
        assert_true(hash_eq(&lived, &mended));
        store_end(s);
}

static void half_an_act_is_none(void **state)
{
        struct small_store *s = store_make();
        struct row r = step_row("a", "waiting", "理由");
        struct receipt receipt;
        struct changes c;
        uint64_t size = 9;
        struct err e = { 0 };

        changes_init(&c, &s->arena, "application.decided", r.id);
        assert_ok(changes_add(&c, &r, &e), e);
        assert_ok(db_begin(s->db, &e), e);
        assert_ok(db_mark(s->db, &e), e);
        assert_ok(journal_append(&receipt, s->db, &c, STORE_NOW, "SHI-2026", &e), e);
        assert_ok(db_mark_undo(s->db, &e), e);
        assert_ok(db_commit(s->db, &e), e);
        assert_ok(journal_size(&size, NULL, s->db, &e), e);
        assert_int_equal(size, 0);
        assert_int_equal(read_step(s, "a").rev, 0);
        store_end(s);
}

static void stored_hashes_are_those_of_the_tree(void **state)
{
        struct small_store *s = store_make();
        struct edge edge = { 0 };
        struct hash root, want;
        struct err e = { 0 };

        assert_ok(db_begin(s->db, &e), e);
        for (uint64_t i = 0; i < 530; i++) {
                struct row r = step_row("a", "waiting", "");
                struct hash leaf;

                append_one(s, &r, STORE_NOW, "SHI-2026");
                assert_ok(tree_read_db(s->db, 0, i, 1, &leaf, &e), e);
                assert_ok(edge_append(&edge, &leaf, &e), e);
                if (i < 3 || i == 255 || i == 256 || i == 511 || i == 529) {
                        want = edge_root(&edge);
                        assert_ok(tree_root(&root, i + 1, tree_read_db, s->db, &e), e);
                        if (!hash_eq(&root, &want))
                                fail_msg("root of %llu entries", (unsigned long long)i + 1);
                }
        }
        assert_ok(db_commit(s->db, &e), e);
        assert_int_equal(tree_root(&root, 531, tree_read_db, s->db, &e), ERR_TAMPERED);
        store_end(s);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_rebuild_is_identical_to_what_was_lived),
                cmocka_unit_test(an_unchanged_text_keeps_its_commitment),
                cmocka_unit_test(people_never_stand_in_an_entry),
                cmocka_unit_test(a_destroyed_key_replays_as_erased_and_for_that_unit_only),
                cmocka_unit_test(journal_time_never_goes_back),
                cmocka_unit_test(tampering_is_named),
                cmocka_unit_test(a_projection_changed_behind_our_back_shows),
                cmocka_unit_test(half_an_act_is_none),
                cmocka_unit_test(stored_hashes_are_those_of_the_tree),
        };

        return unit_run("store_journal", tests);
}
