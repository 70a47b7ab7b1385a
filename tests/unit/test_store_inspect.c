/* test_store_inspect.c - whatever is changed behind our back is named: a column of a local row, the schema, a row of a register. */
#include "server/office/store/inspect.h"

#include <sqlite3.h>

#include "base/codec.h"
#include "server/office/store/drafts.h"
#include "server/office/store/journal.h"
#include "server/office/store/outbox.h"
#include "server/office/store/scrub.h"
#include "small_store.h"
#include "unit.h"

/* What is said, a line each: key and arguments. */
static void note(void *ctx, const struct err *bad)
{
        struct buf *said = ctx;

        buf_text(said, bad->key);
        for (int i = 0; i < bad->nargs; i++) {
                buf_char(said, ' ');
                buf_text(said, bad->args[i]);
        }
        buf_char(said, '\n');
}

static void hand(struct small_store *s, const char *file, const char *sql)
{
        char path[1024], *why = NULL;
        sqlite3 *db = NULL;

        (void)snprintf(path, sizeof(path), "%s/%s", s->office.store_dir, file);
        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
                fail_msg("%s: %s", sql, why);
        if (!sqlite3_total_changes(db) && strncmp(sql, "UPDATE", 6) == 0)
                fail_msg("%s changed nothing", sql);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* One row in each local table, by the functions that the office uses. */
static struct small_store *lived(void)
{
        struct small_store *s = store_make();
        const struct hash h = hash_bytes(STR("x"));
        struct credential c = { .login = STR("sato"), .person = STR("p"), .phc = STR("$"), .fails = 3, .next_at = 4, .until_at = 5, .totp = STR("secret"), .totp_at = 7, .totp_step = 8, .codes = STR("a") };
        struct session_row session = { .token = h, .person = STR("p"), .made_at = 300, .seen_at = 400, .stage = 1 };
        struct enrol_code code = { .secret = h, .gate = STR("g"), .until_at = 100, .used_at = 200 };
        struct stored_table table = { 1, 7, STR("file") };
        struct sent_row sent = { .id = 1, .sink = STR("mail"), .who = STR("sato"), .state = STR("failed"), .why = STR("550"), .at = 900 };
        struct sink_row sink = { .id = STR("mail"), .kind = STR("smtp"), .state = STR("works"), .why = STR("-") };
        struct draft draft = { .id = STR("d"), .person = STR("p"), .form = STR("f"), .about = STR("a"), .body = STR("{}"), .rev = 2, .saved_at = 300 };
        struct err e = { 0 };

        assert_ok(db_begin(s->db, &e), e);
        assert_ok(credential_put(s->db, &c, &e), e);
        assert_ok(session_put(s->db, &session, &e), e);
        assert_ok(enrol_code_put(s->db, &code, &e), e);
        assert_ok(table_put(s->db, &table, &e), e);
        assert_ok(outbox_put(s->db, 500, STR("once"), true, STR("{}"), &e), e);
        assert_ok(sent_put(s->db, &sent, &e), e);
        assert_ok(sinks_say(s->db, &sink, 1, 600, &s->arena, &e), e);
        assert_ok(report_seq_put(s->db, "g", STR("boot"), STR("grants"), 9, &e), e);
        assert_ok(draft_put(s->db, &draft, &e), e);
        assert_ok(clock_put(s->db, &(struct time_kept){ .boot_id = "b", .seen_at = 5, .ahead = 6, .since = 7 }, &e), e);
        assert_ok(scrub_keep(s->db, &(struct scrub){ .stage = 1, .part = 2, .place = "a b", .began_at = 5 }, &e), e);
        assert_ok(db_commit(s->db, &e), e);
        return s;
}

static const char *local_said(struct small_store *s, struct buf *said)
{
        const struct inspect to = { note, said };
        uint64_t rows = 0;
        struct err e = { 0 };

        buf_clear(said);
        assert_ok(inspect_local(s->db, &to, &rows, &e), e);
        return said->n ? said->p : "";
}

/* Every column of every table that has a MAC: what this list knows is asked of the schema, so a new table cannot be forgotten. */
static void each_column_of_a_local_row_is_under_its_mac(void **state)
{
        scoped(buf_done) struct buf said = BUF_INIT;
        struct small_store *s = lived();
        sqlite3_stmt *st = NULL;
        char path[1024];
        sqlite3 *db = NULL;
        int columns = 0;

        (void)snprintf(path, sizeof(path), "%s/sekisho.db", s->office.store_dir);
        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        assert_int_equal(sqlite3_prepare_v2(db, "SELECT m.name, c.name, c.type FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type='table' AND m.sql LIKE '% mac BLOB%'",
                                            -1, &st, NULL), SQLITE_OK);
        assert_string_equal(local_said(s, &said), "");
        while (sqlite3_step(st) == SQLITE_ROW) {
                const char *table = (const char *)sqlite3_column_text(st, 0), *col = (const char *)sqlite3_column_text(st, 1), *type = (const char *)sqlite3_column_text(st, 2);
                const char *to = *type == 'I' ? "+1" : *type == 'T' ? "||'x'" : "", *blob = *type == 'B' ? "zeroblob(31)||x'07'" : col;
                char sql[300], want[100];
                struct small_store *other = lived();

                (void)snprintf(sql, sizeof(sql), "UPDATE %s SET %s=CAST(%s%s AS %s)", table, col, blob, to, type);
                (void)snprintf(want, sizeof(want), "store.local.row %s ", table);
                hand(other, "sekisho.db", sql);
                if (strncmp(local_said(other, &said), want, strlen(want)) != 0)
                        fail_msg("%s: %s", sql, said.p);
                store_end(other);
                columns++;
        }
        (void)sqlite3_finalize(st);
        (void)sqlite3_close(db);
        assert_true(columns > 50);
        store_end(s);
}

/* Rows of version 5 have no number under their MAC: they are taken as they are, until they are swept. */
static void a_notice_of_the_version_before_is_taken(void **state)
{
        scoped(buf_done) struct buf said = BUF_INIT;
        struct small_store *s = lived();
        const int64_t at = 500, urgent = 1;
        const struct str parts[] = { { (const char *)&at, sizeof(at) }, STR("once"), { (const char *)&urgent, sizeof(urgent) }, STR("{}") };
        scoped(buf_done) struct buf over = BUF_INIT;
        uint8_t key[32];
        struct hash mac;
        char sql[200], hex[2 * HASH_SIZE + 1];
        struct err e = { 0 };

        assert_ok(db_unit_key(s->db, "local-mac", false, 0, key, &e), e);
        buf_add(&over, "outbox", 7);
        for (size_t i = 0; i < countof(parts); i++) {
                uint64_t n = parts[i].n;

                buf_add(&over, &n, sizeof(n));
                buf_str(&over, parts[i]);
        }
        mac = hash_hmac((struct str){ (const char *)key, sizeof(key) }, buf_view(&over));
        hex_text(hex, mac.b, HASH_SIZE);
        (void)snprintf(sql, sizeof(sql), "UPDATE outbox SET mac=x'%s'", hex);
        hand(s, "sekisho.db", sql);
        assert_string_equal(local_said(s, &said), "");
        hand(s, "sekisho.db", "UPDATE outbox SET urgent=0");
        assert_string_equal(local_said(s, &said), "store.local.row outbox 1 \n");
        store_end(s);
}

static void the_schema_is_ours(void **state)
{
        static const struct { const char *file, *sql, *want; } cases[] = {
                { "sekisho.db", "SELECT 1", "" },
                { "sekisho.db", "CREATE TABLE evil(a)", "store.schema.foreign evil  \n" },
                { "sekisho.db", "CREATE TRIGGER evil AFTER INSERT ON journal BEGIN DELETE FROM session; END", "store.schema.foreign evil  \n" },
                { "sekisho.db", "DROP INDEX r_gate_cert", "store.schema.missing r_gate_cert  \n" },
                { "sekisho.db", "DROP INDEX r_gate_cert; CREATE INDEX r_gate_cert ON r_gate(id)", "store.schema.differs r_gate_cert  \n" },
                { "keys.db", "CREATE INDEX zz ON unit_key(made_at)", "store.schema.foreign zz  \n" },
                { "keys.db", "ALTER TABLE unit_key ADD COLUMN x INT", "store.schema.differs unit_key  \n" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(buf_done) struct buf said = BUF_INIT;
                struct small_store *s = store_make();
                const struct inspect to = { note, &said };
                struct err e = { 0 };

                hand(s, cases[i].file, cases[i].sql);
                assert_ok(inspect_schema(s->db, &to, &e), e);
                if (strcmp(said.n ? said.p : "", cases[i].want) != 0)
                        fail_msg("%s: %s", cases[i].sql, said.p);
                store_end(s);
        }
}

static void append_step(struct small_store *s, const char *id, const char *unit)
{
        struct row row = { .table = TABLE_STEP };
        struct receipt receipt;
        struct changes c;
        struct err e = { 0 };

        (void)snprintf(row.id, sizeof(row.id), "%s", id);
        row_text(&row, STEP_state, STR("waiting"));
        row_personal(&row, STEP_reason, STR("理由"));
        changes_init(&c, &s->arena, "application.decided", row.id);
        assert_ok(changes_add(&c, &row, &e), e);
        assert_ok(store_append(&receipt, s, &c, STORE_NOW, unit, &e), e);
}

/* Each kind of difference, by table, row and entry. */
static void a_row_that_differs_from_the_journal_is_named(void **state)
{
        scoped(buf_done) struct buf said = BUF_INIT;
        struct small_store *s = store_make();
        const struct inspect to = { note, &said };
        struct row_sums *was = NULL;
        struct err e = { 0 };

        append_step(s, "a", "SHI-2026");
        append_step(s, "b", "SHI-2026");
        append_step(s, "c", "SHI-2026");
        hand(s, "sekisho.db", "UPDATE r_step SET reason='別の理由' WHERE id='b'; DELETE FROM r_step WHERE id='c';"
                              " INSERT INTO r_step(id, k, rev, entry) VALUES('d', 'x', 1, 9)");
        assert_ok(db_begin(s->db, &e), e);
        assert_ok(row_sums_take(&was, s->db, &e), e);
        assert_ok(journal_rebuild(s->db, NULL, NULL, &e), e);
        assert_ok(inspect_rows(s->db, was, &to, &e), e);
        db_rollback(s->db);
        was = row_sums_free(was);
        assert_string_equal(said.p, "store.row.changed step b 1\nstore.row.lost step c 2\nstore.row.foreign step d x 9\n");
        store_end(s);
}

/* A unit that something is sealed under has a key or a tombstone; a tombstone has its entry. */
static void a_key_that_is_gone_without_a_word_is_named(void **state)
{
        scoped(buf_done) struct buf said = BUF_INIT;
        struct small_store *s = store_make();
        const struct inspect to = { note, &said };
        struct err e = { 0 };

        append_step(s, "a", "SHI-2019");
        append_step(s, "b", "SHI-2026");
        assert_ok(inspect_units(s->db, &to, 2, &e), e);
        assert_int_equal(said.n, 0);
        assert_ok(db_unit_destroy(s->db, "SHI-2019", 3, 1, &e), e);
        hand(s, "keys.db", "DELETE FROM unit_key WHERE unit='SHI-2026'");
        assert_ok(inspect_units(s->db, &to, 2, &e), e);
        assert_string_equal(said.p, "store.tombstone SHI-2019  \nstore.key.lost SHI-2026  \n");
        store_end(s);
}

static void scrub_all(struct small_store *s, struct buf *said, int64_t *seen)
{
        const struct inspect to = { note, said };
        struct scrub at = { 0 };
        struct err e = { 0 };

        buf_clear(said);
        scrub_begin(&at, STORE_NOW);
        for (int i = 0; at.stage != SCRUB_END && i < 10000; i++)
                assert_ok(scrub_some(&at, s->db, s->office.store_dir, &to, &e), e);
        assert_int_equal(at.stage, SCRUB_END);
        *seen = at.seen;
}

/* What the running office comes by, without a replay. */
static void a_pass_over_all_rows_names_what_was_changed(void **state)
{
        static const struct { const char *file, *sql, *want; } cases[] = {
                { "sekisho.db", "SELECT 1", "" },
                { "sekisho.db", "UPDATE r_step SET reason='別の理由' WHERE id='b'", "store.row.changed step b 1\n" },
                { "sekisho.db", "UPDATE r_step SET state='approved' WHERE id='b'", "store.row.changed step b 1\n" },
                { "sekisho.db", "UPDATE r_step SET decided_at=7 WHERE id='b'", "store.row.changed step b 1\n" },
                { "sekisho.db", "UPDATE r_step SET rev=2 WHERE id='b'", "store.row.changed step b 1\n" },
                { "sekisho.db", "INSERT INTO r_step(id, k, rev, entry) VALUES('d', '', 1, 1)", "store.row.foreign step d 1\n" },
                { "sekisho.db", "INSERT INTO r_step(id, k, rev, entry) VALUES('d', 'x', 1, 99)", "store.row.foreign step d x 99\n" },
                { "sekisho.db", "UPDATE journal SET at=at-1 WHERE idx=2", "store.entry.changed 2 journal row 2 has other columns than its entry 0\n" },
                { "sekisho.db", "UPDATE payload SET sealed=zeroblob(length(sealed)) WHERE commitment=(SELECT reason_c FROM r_step WHERE id='c')", "store.row.changed step c 2\n" },
                { "sekisho.db", "UPDATE credential SET fails=0", "store.local.row credential sato \n" },
                { "keys.db", "UPDATE unit_key SET made_at=made_at+1 WHERE unit='local-drafts'", "store.key.changed local-drafts\n" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(buf_done) struct buf said = BUF_INIT;
                struct small_store *s = lived();
                int64_t seen = 0;

                append_step(s, "a", "SHI-2026");
                append_step(s, "b", "SHI-2026");
                append_step(s, "c", "SHI-2026");
                hand(s, cases[i].file, cases[i].sql);
                scrub_all(s, &said, &seen);
                if (strcmp(said.n ? said.p : "", cases[i].want) != 0)
                        fail_msg("%s: %s", cases[i].sql, said.p);
                assert_in_range(seen, 16, 18);           /* three lines, three rows, eleven local ones */
                store_end(s);
        }
}

/* An erased text is none that was changed. */
static void an_erased_row_is_no_finding(void **state)
{
        scoped(buf_done) struct buf said = BUF_INIT;
        struct small_store *s = store_make();
        int64_t seen = 0;
        struct err e = { 0 };

        append_step(s, "a", "SHI-2019");
        assert_ok(db_unit_destroy(s->db, "SHI-2019", 3, 0, &e), e);
        scrub_all(s, &said, &seen);
        assert_string_equal(said.p, "store.tombstone SHI-2019  \n");     /* its entry is no unit.erased: that, but no row */
        store_end(s);
}

static void the_place_is_kept_and_what_is_no_place_begins_anew(void **state)
{
        scoped(buf_done) struct buf said = BUF_INIT;
        struct small_store *s = store_make();
        const struct inspect to = { note, &said };
        struct scrub at = { .stage = SCRUB_REGISTERS, .part = 3, .place = "a b", .seen = 4, .wrong = 1, .began_at = 5, .ended_at = 6 }, got = { 0 };
        struct err e = { 0 };

        assert_ok(scrub_load(&got, s->db, &e), e);
        assert_int_equal(got.began_at, 0);
        assert_ok(scrub_keep(s->db, &at, &e), e);
        assert_ok(scrub_load(&got, s->db, &e), e);
        assert_memory_equal(&at, &got, sizeof(at));
        hand(s, "sekisho.db", "UPDATE scrub SET stage=5");
        assert_int_equal(scrub_load(&got, s->db, &e), ERR_TAMPERED);
        at.part = 4711;
        assert_ok(scrub_some(&at, s->db, s->office.store_dir, &to, &e), e);
        assert_true(at.stage == SCRUB_REGISTERS && at.part == 0);        /* an empty journal was looked at */
        store_end(s);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_column_of_a_local_row_is_under_its_mac), cmocka_unit_test(a_notice_of_the_version_before_is_taken), cmocka_unit_test(the_schema_is_ours),
                cmocka_unit_test(a_row_that_differs_from_the_journal_is_named), cmocka_unit_test(a_key_that_is_gone_without_a_word_is_named),
                cmocka_unit_test(a_pass_over_all_rows_names_what_was_changed), cmocka_unit_test(an_erased_row_is_no_finding),
                cmocka_unit_test(the_place_is_kept_and_what_is_no_place_begins_anew),
        };

        return unit_run("store_inspect", tests);
}
