/* The index follows the rows, is found out when it does not, and finds every planted word and nothing else.
 * With a number as argument: that many records instead of a small number (suite search-many). */
#include "server/office/store/search.h"

#include <sqlite3.h>

#include "core/search/spelling.h"
#include "server/office/store/journal.h"
#include "small_store.h"

#include "unit.h"

enum { SMALL = 3000, TEXT_ROOM = 400 };

static size_t records = SMALL;

static struct row provider_row(struct uuid id, const char *name, const char *note)
{
        struct row r = row_new(TABLE_PROVIDER, id, NULL);

        row_personal(&r, PROVIDER_name, str_of(name));
        row_personal(&r, PROVIDER_note, str_of(note));
        return r;
}

static struct uuid numbered(uint32_t n)
{
        struct uuid id = { { 0x01, 0x96, 0, 0, 0, 0, 0x70, 0, 0x80 } };

        for (int i = 0; i < 4; i++)
                id.b[12 + i] = (uint8_t)(n >> (24 - 8 * i));
        return id;
}

static void lived(struct small_store *s, const struct row *rows, size_t n)
{
        struct receipt receipt;
        struct changes c;
        struct err e = { 0 };

        changes_init(&c, &s->arena, "provider.changed", rows[0].id);
        for (size_t i = 0; i < n; i++)
                assert_ok(changes_add(&c, &rows[i], &e), e);
        assert_ok(store_append(&receipt, s, &c, STORE_NOW, "SHI-2026", &e), e);
}

static size_t hits(struct small_store *s, const char *register_id, const char *typed)
{
        struct search_terms t;
        struct search_filter f = { .terms = &t, .register_id = str_of(register_id), .limit = 100 };
        struct search_hit *out = NULL;
        size_t n = 0;
        struct err e = { 0 };

        assert_ok(search_terms_read(&t, str_of(typed), &s->arena, &e), e);
        assert_ok(search_hits(&out, &n, s->db, &f, &s->arena, &e), e);
        return n;
}

static struct row stored(struct small_store *s, enum table t, struct uuid id, const char *k)
{
        char text[UUID_TEXT];
        struct row r;
        struct err e = { 0 };

        uuid_text(text, id);
        assert_ok(store_row(&r, s->db, t, text, k, &s->arena, &e), e);
        return r;
}

static void a_row_is_found_by_each_of_its_searched_columns(void **state)
{
        static const struct { const char *register_id, *typed; size_t want; } cases[] = {
                { "", "関所", 1 }, { "provider", "関所", 1 }, { "person", "関所", 0 }, { "", "ｸﾗｳﾄﾞ", 1 }, { "", "くらうど　かんし", 0 },
                { "", "クラウド 監視", 1 }, { "", "所ク", 0 },      /* not across columns */
                { "", "視の", 1 }, { "", "監の", 0 }, { "", "example", 1 }, { "", "co.jp", 1 }, { "", "ample", 1 }, { "", "le", 1 }, { "", "EXAMPLE.CO.JP", 1 },
                { "", "社 関所", 1 }, { "", "島 関所", 0 },
        };
        struct small_store *s = store_make();
        struct row r = provider_row(numbered(1), "株式会社関所", "クラウド監視の会社\nsupport@example.co.jp");
        struct err e = { 0 };

        lived(s, &r, 1);
        for (size_t i = 0; i < countof(cases); i++)
                if (hits(s, cases[i].register_id, cases[i].typed) != cases[i].want)
                        fail_msg("'%s' in '%s'", cases[i].typed, cases[i].register_id);
        assert_ok(search_check(s->db, &e), e);

        r = stored(s, TABLE_PROVIDER, numbered(1), NULL);
        row_personal(&r, PROVIDER_note, STR("解約済み"));
        lived(s, &r, 1);
        assert_int_equal(hits(s, "", "監視"), 0);
        assert_int_equal(hits(s, "", "解約"), 1);
        assert_ok(search_check(s->db, &e), e);
        store_end(s);
}

/* A name that people may not search is no name here: then it is the first text that they may. */
static void a_letter_is_found_in_what_a_row_is_called(void **state)
{
        static const struct { const char *register_id, *typed; size_t want; } cases[] = {
                { "provider", "関", 1 }, { "provider", "監", 0 }, { "provider", "社", 1 }, { "provider", "クラ 関", 1 }, { "provider", "会 関", 1 }, { "provider", "会 監", 0 },
                { "incident", "故", 1 }, { "incident", "7", 0 }, { "certificate", "7", 1 }, { "certificate", "i", 1 }, { "certificate", "o", 0 },
        };
        struct small_store *s = store_make();
        struct row rows[] = { provider_row(numbered(1), "株式会社関所", "クラウド監視"), row_new(TABLE_INCIDENT, numbered(2), NULL), row_new(TABLE_CERTIFICATE, numbered(3), NULL) };
        struct err e = { 0 };

        row_text(&rows[1], INCIDENT_number, STR("INC-7"));
        row_personal(&rows[1], INCIDENT_title, STR("事故"));
        row_text(&rows[2], CERTIFICATE_kind, STR("iso27001"));
        row_personal(&rows[2], CERTIFICATE_number, STR("IS 771"));
        row_personal(&rows[2], CERTIFICATE_scope, STR("office"));
        for (size_t i = 0; i < countof(rows); i++)
                lived(s, &rows[i], 1);
        for (size_t i = 0; i < countof(cases); i++) {
                struct search_terms t;
                struct str *ids = NULL;
                size_t n = 0;

                assert_ok(search_terms_any(&t, str_of(cases[i].typed), &s->arena, &e), e);
                assert_ok(query_search_ids(&ids, &n, s->db, cases[i].register_id, &t, 9, &s->arena, &e), e);
                if (n != cases[i].want)
                        fail_msg("'%s' in '%s'", cases[i].typed, cases[i].register_id);
        }
        rows[0] = stored(s, TABLE_PROVIDER, numbered(1), NULL);
        row_personal(&rows[0], PROVIDER_name, STR(""));                     /* the other texts do not move up */
        lived(s, &rows[0], 1);
        assert_int_equal(hits(s, "provider", "監視"), 1);
        assert_ok(search_check(s->db, &e), e);
        store_end(s);
}

static void a_case_is_found_by_its_number_and_what_was_written(void **state)
{
        struct small_store *s = store_make();
        struct row rows[4] = { row_new(TABLE_APPLICATION, numbered(7), NULL), row_new(TABLE_ANSWER, numbered(7), "purpose"),
                               row_new(TABLE_ANSWER, numbered(7), "kind"), row_new(TABLE_ANSWER, numbered(7), "manager") };
        char person[UUID_TEXT];
        struct err e = { 0 };

        uuid_text(person, numbered(99));
        row_text(&rows[0], APPLICATION_number, STR("SHI-EXT-R8-0001"));
        row_text(&rows[0], APPLICATION_state, STR("submitted"));
        row_personal(&rows[1], ANSWER_value, STR("住民からの問い合わせに答える"));
        row_text(&rows[2], ANSWER_value, STR("storage"));                  /* a choice is not text */
        row_personal(&rows[3], ANSWER_value, str_of(person));              /* nor is who */
        lived(s, rows, countof(rows));
        assert_int_equal(hits(s, "application", "住民"), 1);
        assert_int_equal(hits(s, "", "ext-r8-0001"), 1);
        assert_int_equal(hits(s, "", "R8-00"), 1);
        assert_int_equal(hits(s, "", "storage"), 0);
        assert_int_equal(hits(s, "", "0196"), 0);

        rows[1] = stored(s, TABLE_ANSWER, numbered(7), "purpose");
        row_personal(&rows[1], ANSWER_value, STR("職員の研修"));
        lived(s, &rows[1], 1);                                              /* a correction: the answer alone */
        assert_int_equal(hits(s, "", "住民"), 0);
        assert_int_equal(hits(s, "", "研修 R8"), 1);
        assert_ok(search_check(s->db, &e), e);
        store_end(s);
}

static void a_case_is_for_those_who_have_to_do_with_it(void **state)
{
        struct small_store *s = store_make();
        struct row rows[3] = { row_new(TABLE_APPLICATION, numbered(7), NULL), row_new(TABLE_ANSWER, numbered(7), "purpose"), row_new(TABLE_STEP, numbered(7), "decide") };
        static const struct { const char *person, *section, *roles; size_t want; } cases[] = {
                { "sato", "税務課", "", 1 }, { "ito", "総務課", "", 1 }, { "ito", "税務課", "", 0 }, { "ito", "税務課", "[\"approver\"]", 1 },
                { "mori", "税務課", "", 1 }, { "ito", "税務課", "[\"applicant\"]", 0 },
        };

        row_text(&rows[0], APPLICATION_number, STR("SHI-1"));
        row_text(&rows[0], APPLICATION_applicant, STR("sato"));
        row_personal(&rows[0], APPLICATION_section, STR("総務課"));
        row_personal(&rows[1], ANSWER_value, STR("住民"));
        row_text(&rows[2], STEP_role, STR("approver"));
        row_text(&rows[2], STEP_decider, STR("mori"));
        lived(s, rows, countof(rows));
        for (size_t i = 0; i < countof(cases); i++) {
                struct search_terms t;
                struct search_filter f = { .terms = &t, .person = str_of(cases[i].person), .section = str_of(cases[i].section), .roles = str_of(cases[i].roles), .limit = 9 };
                struct search_hit *out = NULL;
                size_t n = 9;
                struct err e = { 0 };

                assert_ok(search_terms_read(&t, STR("住民"), &s->arena, &e), e);
                assert_ok(search_hits(&out, &n, s->db, &f, &s->arena, &e), e);
                if (n != cases[i].want)
                        fail_msg("%s of %s with %s", cases[i].person, cases[i].section, cases[i].roles);
        }
        store_end(s);
}

/* Meddles with a file as nobody of ours would. */
static void meddle(struct small_store *s, const char *sql)
{
        char path[1024], *why = NULL;
        struct err e = { 0 };
        sqlite3 *db = NULL;

        s->db = db_close(s->db);
        (void)snprintf(path, sizeof(path), "%s/sekisho.db", s->office.store_dir);
        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
                fail_msg("%s: %s", sql, why);
        (void)sqlite3_close(db);
        assert_ok(db_open(&s->db, s->office.store_dir, DB_WRITE, &e), e);
}

static void an_index_that_lies_is_found_out(void **state)
{
        static const struct { const char *name, *sql; bool by_index; } cases[] = {
                { "a line without its grams", "INSERT INTO search(search) VALUES('delete-all')", true },
                { "a line more in the index", "INSERT INTO search(rowid, grams) VALUES(77, '端末')", true },
                { "a gram that is missing",   "INSERT INTO search(search, rowid, grams) SELECT 'delete', rid, '=provider' FROM search_doc", true },
                { "another text",             "UPDATE search_doc SET folded='無害'", true },
                { "a line that is gone",      "DELETE FROM search_doc", true },
                { "a line and its grams gone", "INSERT INTO search(search) VALUES('delete-all'); DELETE FROM search_doc", false },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct small_store *s = store_make();
                struct row r = provider_row(numbered(1), "端末管理", "");
                struct hash before, meddled, after;
                struct err e = { 0 };

                lived(s, &r, 1);
                assert_ok(store_dump(&before, s->db, NULL, &e), e);
                meddle(s, cases[i].sql);
                assert_ok(store_dump(&meddled, s->db, NULL, &e), e);
                if ((search_check(s->db, &e) == ERR_TAMPERED) != cases[i].by_index || (!cases[i].by_index && hash_eq(&before, &meddled)))
                        fail_msg("%s was not noticed", cases[i].name);
                assert_ok(db_begin(s->db, &e), e);
                assert_ok(journal_rebuild(s->db, NULL, NULL, &e), e);
                assert_ok(db_commit(s->db, &e), e);
                assert_ok(store_dump(&after, s->db, NULL, &e), e);
                assert_true(hash_eq(&before, &after));
                assert_ok(search_check(s->db, &e), e);
                assert_int_equal(hits(s, "", "端末"), 1);
                store_end(s);
        }
}

static bool file_holds(struct small_store *s, const char *table, const char *word)
{
        char path[1024], sql[256];
        sqlite3 *db = NULL;
        sqlite3_stmt *st = NULL;
        bool holds = false;

        (void)snprintf(path, sizeof(path), "%s/sekisho.db", s->office.store_dir);
        (void)snprintf(sql, sizeof(sql), "SELECT block FROM %s", table);
        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
        while (sqlite3_step(st) == SQLITE_ROW)
                holds |= sqlite3_column_bytes(st, 0) > 0 && memmem(sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0), word, strlen(word));
        (void)sqlite3_finalize(st);
        (void)sqlite3_close(db);
        return holds;
}

/* The text is gone with its key; the index must not keep what it said. */
static void what_is_forgotten_stands_in_no_segment(void **state)
{
        struct small_store *s = store_make();
        struct row r = provider_row(numbered(1), "秘密の名前", ""), other = provider_row(numbered(2), "ほかの会社", ""), gone;
        struct err e = { 0 };

        lived(s, &other, 1);
        lived(s, &r, 1);
        assert_true(file_holds(s, "search_data", "秘密"));
        gone = stored(s, TABLE_PROVIDER, numbered(1), NULL);
        gone.v[PROVIDER_name].kind = VALUE_ERASED;
        gone.v[PROVIDER_name].s = STR("");
        assert_ok(db_begin(s->db, &e), e);
        assert_ok(store_put(s->db, &gone, 1, &e), e);
        assert_ok(search_follow(s->db, &gone, 1, &e), e);
        assert_ok(db_commit(s->db, &e), e);
        assert_int_equal(hits(s, "", "秘密"), 0);
        assert_true(file_holds(s, "search_data", "秘密"));                  /* the control: a delete alone leaves it there */
        assert_ok(search_forget(s->db, &e), e);
        assert_false(file_holds(s, "search_data", "秘密"));
        assert_int_equal(hits(s, "", "ほか"), 1);
        assert_ok(search_check(s->db, &e), e);
        store_end(s);
}

/* ---- many records ---- */

static const char *const letters[] = {
        "端", "末", "利", "用", "申", "請", "許", "可", "情", "報", "管", "理", "者", "住", "民", "課", "税", "務", "福", "祉", "教", "育", "消", "防", "水",
        "道", "建", "設", "都", "市", "計", "画", "環", "境", "農", "林", "観", "光", "商", "工", "会", "議", "契", "約", "通", "信", "監", "視", "保", "守",
        "の", "に", "を", "は", "ク", "ラ", "ウ", "ド", "サ", "ー", "ビ", "ス", "シ", "テ", "ム", "ネ", "ト", "ワ", "a", "b", "c", "1", "2", "3", ".", "-", " ",
};

static uint32_t next_random(uint32_t *state)
{
        *state = *state * 1664525u + 1013904223u;
        return *state >> 8;
}

static void random_text(char to[TEXT_ROOM], uint32_t *seed, const char *planted)
{
        size_t n = 12 + next_random(seed) % 30, at = next_random(seed) % n, used = 0;

        for (size_t i = 0; i < n; i++)
                used += (size_t)snprintf(to + used, TEXT_ROOM - used, "%s%s", letters[next_random(seed) % countof(letters)], i == at && planted ? planted : "");
}

/* written as it stands in the record; typed as people type it */
static const struct plant { const char *written, *typed; size_t every; } plants[] = {
        { "鰻屋", "鰻屋", 997 }, { "関所", "関所", 1009 }, { "契約", "契約", 499 }, { "ｶﾞｲﾄﾞ", "ガイド", 1013 }, { "マモル", "ﾏﾓﾙ", 1019 },
        { "やぎ", "ヤギ", 1021 }, { "mail.example-shi.lg.jp", "example-shi", 1031 }, { "ＥＸＣＥＬ", "excel", 1033 }, { "髙梨", "高梨", 1039 },
        { "docs.kakunin.jp", "kakunin.jp", 1049 }, { "𠮟責", "𠮟責", 1051 }, { "佐々木", "々木", 1061 }, { "SHI-EXT-R8-0417", "r8-0417", 1063 },
};

static const char *plant_of(size_t i)
{
        for (size_t p = 0; p < countof(plants); p++)
                if (i % plants[p].every == 0)
                        return plants[p].written;
        return NULL;
}

static size_t found_in(struct small_store *s, const char *typed, uint8_t *marks)
{
        struct search_terms t;
        struct search_filter f = { .terms = &t, .limit = 10000 };
        struct search_hit *out = NULL;
        size_t n = 0, all = 0;
        struct err e = { 0 };

        do {
                scoped(arena_done) struct arena a = ARENA_INIT;

                assert_ok(search_terms_read(&t, str_of(typed), &a, &e), e);
                assert_ok(search_hits(&out, &n, s->db, &f, &a, &e), e);
                for (size_t i = 0; i < n; i++) {
                        struct uuid id;

                        assert_true(uuid_parse(out[i].id, &id));
                        marks[(uint32_t)id.b[12] << 24 | (uint32_t)id.b[13] << 16 | (uint32_t)id.b[14] << 8 | id.b[15]]++;
                }
                all += n;
                if (n)
                        f.after = (struct search_hit){ STR("provider"), str_of(arena_text(&s->arena, out[n - 1].id.p)) };
        } while (n == f.limit);
        return all;
}

static void every_planted_word_is_found_and_nothing_else(void **state)
{
        struct small_store *s = store_make();
        char (*texts)[TEXT_ROOM] = calloc(records, TEXT_ROOM);
        uint8_t *marks = calloc(records, 1);
        uint32_t seed = 20260401;
        struct err e = { 0 };
        size_t words = countof(plants) + 40, wrong = 0;

        if (!texts || !marks)
                abort();
        assert_ok(db_begin(s->db, &e), e);
        for (size_t i = 0; i < records; i++) {
                scoped(buf_done) struct buf folded = BUF_INIT;
                struct row r;

                random_text(texts[i], &seed, plant_of(i));
                r = provider_row(numbered((uint32_t)i), "", texts[i]);
                r.rev = 1;
                assert_ok(store_put(s->db, &r, 0, &e), e);
                assert_ok(search_follow(s->db, &r, 1, &e), e);
                spelling_fold(&folded, NULL, str_of(texts[i]));         /* the folded text is what the oracle reads through */
                (void)snprintf(texts[i], TEXT_ROOM, "%s", folded.p);
        }
        assert_ok(db_commit(s->db, &e), e);
        for (size_t w = 0; w < words; w++) {
                char pair[16];
                const char *typed = w < countof(plants) ? plants[w].typed : pair;
                scoped(buf_done) struct buf term = BUF_INIT;

                (void)snprintf(pair, sizeof(pair), "%s%s", letters[next_random(&seed) % 50], letters[next_random(&seed) % 50]);
                spelling_fold(&term, NULL, str_of(typed));
                memset(marks, 0, records);
                (void)found_in(s, typed, marks);
                for (size_t i = 0; i < records; i++) {
                        wrong += (memmem(texts[i], strlen(texts[i]), term.p, term.n) != NULL) != (marks[i] == 1) || marks[i] > 1;
                        if (w < countof(plants) && plant_of(i) && strcmp(plant_of(i), plants[w].written) == 0 && !marks[i])
                                fail_msg("'%s' in record %zu was not found", typed, i);
                }
                if (wrong)
                        fail_msg("'%s': %zu records wrong", typed, wrong);
        }
        assert_ok(search_check(s->db, &e), e);
        printf("# %zu words in %zu records\n", words, records);
        free(texts);
        free(marks);
        store_end(s);
}

int main(int argc, char **argv)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_row_is_found_by_each_of_its_searched_columns),
                cmocka_unit_test(a_letter_is_found_in_what_a_row_is_called),
                cmocka_unit_test(a_case_is_found_by_its_number_and_what_was_written),
                cmocka_unit_test(a_case_is_for_those_who_have_to_do_with_it),
                cmocka_unit_test(an_index_that_lies_is_found_out),
                cmocka_unit_test(what_is_forgotten_stands_in_no_segment),
                cmocka_unit_test(every_planted_word_is_found_and_nothing_else),
        };
        uint64_t n = 0;

        if (argc == 2 && str_u64(str_of(argv[1]), 10000000, &n))
                records = n;
        return unit_run("store-search", tests);
}
