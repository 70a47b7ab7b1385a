/* Rows that are not evidence: each carries a keyed MAC over all that it says, so a row changed in the file is refused by name. */
#include "server/office/store/local.h"

#include <sqlite3.h>

#include "server/office/store/outbox.h"

#include "small_store.h"

#include "unit.h"

static void meddle(struct small_store *s, const char *sql)
{
        char path[1024], *why = NULL;
        sqlite3 *db = NULL;
        struct err e = { 0 };

        s->db = db_close(s->db);
        (void)snprintf(path, sizeof(path), "%s/sekisho.db", s->office.store_dir);
        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK || sqlite3_changes(db) < 1)
                fail_msg("%s: %s", sql, why ? why : "changed nothing");
        (void)sqlite3_close(db);
        assert_ok(db_open(&s->db, s->office.store_dir, DB_WRITE, &e), e);
}

static const struct hash token = { { 1, 2, 3 } }, secret = { { 4, 5, 6 } };

static void put_all(struct small_store *s)
{
        struct credential c = { STR("sato"), STR("p1"), STR("$argon2id$x"), 2, 77, 88, 1, STR("sealed"), 99, 5, STR("aa bb") };
        struct session_row session = { token, STR("p1"), 100, 200, 3 };
        struct enrol_code code = { secret, STR("g1"), 300, 0 };
        struct stored_table table = { 1, 5, STR("bytes of a table") };
        struct err e = { 0 };

        assert_ok(credential_put(s->db, &c, &e), e);
        assert_ok(session_put(s->db, &session, &e), e);
        assert_ok(enrol_code_put(s->db, &code, &e), e);
        assert_ok(table_put(s->db, &table, &e), e);
        assert_ok(outbox_put(s->db, 400, STR("o"), true, STR("{\"a\":1}"), &e), e);
        assert_ok(report_seq_put(s->db, "g1", STR("b1"), STR("applied"), 9, &e), e);
}

/* What reading each of them says: ERR_OK when all is as it was put. */
static int get_all(struct small_store *s, struct err *e)
{
        struct credential c;
        struct session_row session;
        struct enrol_code code;
        struct stored_table table[2];
        struct outbox_row out[2];
        uint64_t seq = 0;
        size_t tables = 0, outs = 0;
        int r = credential_find(&c, s->db, STR("sato"), &s->arena, e);

        if (r == ERR_OK && !(str_is(c.person, "p1") && str_is(c.phc, "$argon2id$x") && c.fails == 2 && c.next_at == 77 && c.until_at == 88 && c.must_change == 1 &&
                               str_is(c.totp, "sealed") && c.totp_at == 99 && c.totp_step == 5 && str_is(c.codes, "aa bb")))
                r = ERR_BUG;
        if (r == ERR_OK)
                r = session_find(&session, s->db, &token, &s->arena, e);
        if (r == ERR_OK && !(str_is(session.person, "p1") && session.made_at == 100 && session.seen_at == 200 && session.stage == 3))
                r = ERR_BUG;
        if (r == ERR_OK)
                r = enrol_code_find(&code, s->db, &secret, &s->arena, e);
        if (r == ERR_OK && !(str_is(code.gate, "g1") && code.until_at == 300 && code.used_at == 0))
                r = ERR_BUG;
        if (r == ERR_OK)
                r = table_list(table, 2, &tables, s->db, &s->arena, e);
        if (r == ERR_OK && !(tables == 1 && table[0].epoch == 1 && table[0].seq == 5 && str_is(table[0].file, "bytes of a table")))
                r = ERR_BUG;
        if (r == ERR_OK)
                r = outbox_list(out, 2, &outs, s->db, 0, &s->arena, e);
        if (r == ERR_OK && !(outs == 1 && out[0].made_at == 400 && out[0].urgent && str_is(out[0].once, "o") && str_is(out[0].body, "{\"a\":1}")))
                r = ERR_BUG;
        if (r == ERR_OK)
                r = report_seq_find(&seq, s->db, "g1", STR("b1"), STR("applied"), e);
        return r == ERR_OK && seq != 9 ? ERR_BUG : r;
}

static void what_was_put_is_found(void **state)
{
        struct small_store *s = store_make();
        struct err e = { 0 };

        put_all(s);
        assert_ok(get_all(s, &e), e);
        store_end(s);
}

static void a_row_changed_in_the_file_is_refused(void **state)
{
        static const struct { const char *sql, *table; } cases[] = {
                { "UPDATE credential SET person='p2'", "credential" },
                { "UPDATE credential SET phc='$argon2id$y'", "credential" },
                { "UPDATE credential SET fails=0", "credential" },
                { "UPDATE credential SET next_at=0", "credential" },
                { "UPDATE credential SET until_at=0", "credential" },
                { "UPDATE credential SET must_change=0", "credential" },
                { "UPDATE credential SET totp=x'00'", "credential" },
                { "UPDATE credential SET totp_at=0", "credential" },
                { "UPDATE credential SET totp_step=4", "credential" },
                { "UPDATE credential SET codes='aa bb cc'", "credential" },
                { "UPDATE credential SET mac=zeroblob(32)", "credential" },
                { "UPDATE credential SET mac=x'00'", "credential" },
                { "UPDATE session SET person='p2'", "session" },
                { "UPDATE session SET made_at=101", "session" },
                { "UPDATE session SET seen_at=9999", "session" },
                { "UPDATE session SET stage=0", "session" },
                { "UPDATE enrol_code SET gate='g2'", "enrol_code" },
                { "UPDATE enrol_code SET until_at=9999", "enrol_code" },
                { "UPDATE enrol_code SET used_at=1", "enrol_code" },
                { "UPDATE grant_table SET epoch=2", "grant_table" },
                { "UPDATE grant_table SET seq=6", "grant_table" },
                { "UPDATE grant_table SET file=x'00'", "grant_table" },
                { "UPDATE outbox SET body='{}'", "outbox" },
                { "UPDATE outbox SET made_at=1", "outbox" },
                { "UPDATE outbox SET once='p'", "outbox" },
                { "UPDATE outbox SET urgent=0", "outbox" },
                { "UPDATE report_seq SET seq=3", "report_seq" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct small_store *s = store_make();
                struct err e = { 0 };
                int r;

                put_all(s);
                meddle(s, cases[i].sql);
                r = get_all(s, &e);
                if (r != ERR_TAMPERED || strcmp(e.key, "store.local.changed") != 0 || strcmp(e.args[0], cases[i].table) != 0)
                        fail_msg("%s: %d %s", cases[i].sql, r, e.text);
                store_end(s);
        }
}

/* A row moved under another key of its table, or between tables, does not fit either. */
static void a_row_does_not_fit_elsewhere(void **state)
{
        struct small_store *s = store_make();
        struct credential c = { STR("tanaka"), STR("p9"), STR("$argon2id$z"), 0, 0 };
        struct session_row session;
        struct err e = { 0 };

        put_all(s);
        assert_ok(credential_put(s->db, &c, &e), e);
        meddle(s, "UPDATE credential SET (person,phc,fails,next_at,until_at,must_change,totp,totp_at,totp_step,codes,mac)=(SELECT person,phc,fails,next_at,until_at,must_change,totp,totp_at,totp_step,codes,mac FROM credential WHERE login='sato') WHERE login='tanaka'");
        assert_int_equal(credential_find(&c, s->db, STR("tanaka"), &s->arena, &e), ERR_TAMPERED);
        assert_ok(credential_find(&c, s->db, STR("sato"), &s->arena, &e), e);
        meddle(s, "UPDATE session SET token=zeroblob(32)");
        assert_int_equal(session_find(&session, s->db, &(struct hash){ { 0 } }, &s->arena, &e), ERR_TAMPERED);
        store_end(s);
}

static void another_stores_key_does_not_open_it(void **state)
{
        struct small_store *s = store_make(), *other = store_make();
        char from[1024], to[1024];
        struct err e = { 0 };

        put_all(s);
        put_all(other);
        s->db = db_close(s->db);
        other->db = db_close(other->db);
        (void)snprintf(from, sizeof(from), "%s/keys.db", other->office.store_dir);
        (void)snprintf(to, sizeof(to), "%s/keys.db", s->office.store_dir);
        assert_int_equal(rename(from, to), 0);
        assert_ok(db_open(&s->db, s->office.store_dir, DB_WRITE, &e), e);
        assert_int_equal(get_all(s, &e), ERR_TAMPERED);
        store_end(s);
        store_end(other);
}

static void what_is_absent_says_so(void **state)
{
        struct small_store *s = store_make();
        struct credential c;
        struct session_row session;
        struct enrol_code code;
        uint64_t seq = 7;
        struct err e = { 0 };

        assert_int_equal(credential_find(&c, s->db, STR("nobody"), &s->arena, NULL), ERR_ABSENT);
        assert_int_equal(session_find(&session, s->db, &token, &s->arena, NULL), ERR_ABSENT);
        assert_int_equal(enrol_code_find(&code, s->db, &secret, &s->arena, NULL), ERR_ABSENT);
        assert_ok(report_seq_find(&seq, s->db, "g", STR("b"), STR("s"), &e), e);
        assert_int_equal(seq, 0);
        store_end(s);
}

static void sessions_end_one_by_one_and_by_age(void **state)
{
        struct small_store *s = store_make();
        struct session_row old = { { { 1 } }, STR("p"), 100, 900 }, idle = { { { 2 } }, STR("p"), 500, 500 }, alive = { { { 3 } }, STR("p"), 500, 900 }, out;
        struct err e = { 0 };

        assert_ok(session_put(s->db, &old, &e), e);
        assert_ok(session_put(s->db, &idle, &e), e);
        assert_ok(session_put(s->db, &alive, &e), e);
        assert_ok(session_sweep(s->db, 200, 600, &e), e);
        assert_int_equal(session_find(&out, s->db, &old.token, &s->arena, NULL), ERR_ABSENT);
        assert_int_equal(session_find(&out, s->db, &idle.token, &s->arena, NULL), ERR_ABSENT);
        assert_ok(session_find(&out, s->db, &alive.token, &s->arena, &e), e);
        assert_ok(session_end(s->db, &alive.token, &e), e);
        assert_int_equal(session_find(&out, s->db, &alive.token, &s->arena, NULL), ERR_ABSENT);
        store_end(s);
}

static void tables_are_kept_newest_first_and_swept(void **state)
{
        struct small_store *s = store_make();
        struct stored_table out[8];
        size_t n = 0;
        struct err e = { 0 };
        static const struct { uint32_t epoch; uint64_t seq; } put[] = { { 1, 1 }, { 1, 3 }, { 1, 2 }, { 2, 1 } };

        for (size_t i = 0; i < countof(put); i++)
                assert_ok(table_put(s->db, &(struct stored_table){ put[i].epoch, put[i].seq, STR("t") }, &e), e);
        assert_ok(table_list(out, 8, &n, s->db, &s->arena, &e), e);
        assert_true(n == 4 && out[0].epoch == 2 && out[1].seq == 3 && out[3].seq == 1);
        assert_ok(table_sweep(s->db, 1, 2, &e), e);
        assert_ok(table_list(out, 8, &n, s->db, &s->arena, &e), e);
        assert_true(n == 2 && out[0].epoch == 2 && out[1].seq == 3);
        store_end(s);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_was_put_is_found),
                cmocka_unit_test(a_row_changed_in_the_file_is_refused),
                cmocka_unit_test(a_row_does_not_fit_elsewhere),
                cmocka_unit_test(another_stores_key_does_not_open_it),
                cmocka_unit_test(what_is_absent_says_so),
                cmocka_unit_test(sessions_end_one_by_one_and_by_age),
                cmocka_unit_test(tables_are_kept_newest_first_and_swept),
        };

        return unit_run("store_local", tests);
}
