/* Drafts: kept for their owner alone, sealed, counted, swept; the one saved later stays and whoever comes with an older one hears so. */
#include "server/office/command/drafts.h"

#include <sqlite3.h>

#include "small_store.h"
#include "sys/files.h"

#include "unit.h"

static const char sato[] = "01890000-0000-7000-8000-00000000000a", mori[] = "01890000-0000-7000-8000-00000000000b";
#define WORDS "{\"answers\":{\"device_name\":\"sealed-words\"}}"

/* An act on this thread; all of it or nothing. */
static int run(struct small_store *s, act_fn *fn, void *arg, utime_t now, struct err *e)
{
        struct act act = { .office = &s->office, .db = s->db, .arena = &s->arena, .now = now };
        int r = db_begin(s->db, e);

        if (r == ERR_OK)
                r = fn(&act, arg, e);
        if (r == ERR_OK)
                return db_commit(s->db, e);
        db_rollback(s->db);
        return r;
}

static int save(struct small_store *s, const char *person, const char *id, int64_t rev, const char *body, utime_t now, char made[UUID_TEXT], struct err *e)
{
        struct act_draft act = { .person = person, .id = str_of(id), .form = STR("network-connection"), .body = str_of(body), .rev = rev };
        int r = run(s, act_save_draft, &act, now, e);

        if (r == ERR_OK && made)
                memcpy(made, *id ? id : act.new_id, UUID_TEXT);
        return r;
}

static size_t count(struct small_store *s, const char *person)
{
        static struct draft drafts[DRAFTS_MAX];
        struct err e = { 0 };
        size_t n = 0;

        assert_ok(draft_list(drafts, &n, s->db, str_of(person), &s->arena, &e), e);
        return n;
}

static void what_was_saved_is_there_and_only_its_owners(void **state)
{
        struct small_store *s = store_make();
        char id[UUID_TEXT];
        struct draft d;
        struct err e = { 0 };

        assert_ok(save(s, sato, "", 0, WORDS, STORE_NOW, id, &e), e);
        assert_ok(draft_get(&d, s->db, str_of(id), &s->arena, &e), e);
        assert_true(str_is(d.body, WORDS) && str_is(d.person, sato) && d.rev == 1 && d.saved_at == STORE_NOW);
        assert_int_equal(count(s, mori), 0);
        assert_int_equal(save(s, mori, id, 1, "{}", STORE_NOW, NULL, &e), ERR_ABSENT);
        assert_text(e.key, "draft.absent");
        assert_int_equal(run(s, act_drop_draft, &(struct act_draft_drop){ mori, str_of(id) }, STORE_NOW, &e), ERR_ABSENT);
        assert_ok(run(s, act_drop_draft, &(struct act_draft_drop){ sato, str_of(id) }, STORE_NOW, &e), e);
        assert_int_equal(count(s, sato), 0);
        store_end(s);
}

static void the_later_one_stays_and_the_other_is_told(void **state)
{
        struct small_store *s = store_make();
        char id[UUID_TEXT];
        struct draft d;
        struct err e = { 0 };

        assert_ok(save(s, sato, "", 0, WORDS, STORE_NOW, id, &e), e);
        assert_ok(save(s, sato, id, 1, "{\"second\":1}", STORE_NOW + 1, NULL, &e), e);
        assert_int_equal(save(s, sato, id, 1, "{\"older\":1}", STORE_NOW + 2, NULL, &e), ERR_CONFLICT);
        assert_text(e.key, "draft.moved");
        assert_ok(draft_get(&d, s->db, str_of(id), &s->arena, &e), e);
        assert_true(str_is(d.body, "{\"second\":1}") && d.rev == 2);
        store_end(s);
}

static void one_person_has_so_many_and_no_more(void **state)
{
        struct small_store *s = store_make();
        char *big = malloc(DRAFT_BYTES_MAX + 2);
        struct err e = { 0 };

        for (int i = 0; i < DRAFTS_MAX; i++)
                assert_ok(save(s, sato, "", 0, WORDS, STORE_NOW + i, NULL, &e), e);
        assert_int_equal(save(s, sato, "", 0, WORDS, STORE_NOW, NULL, &e), ERR_CONFLICT);
        assert_text(e.key, "draft.many");
        assert_ok(save(s, mori, "", 0, WORDS, STORE_NOW, NULL, &e), e);
        assert_non_null(big);
        memset(big, 'x', DRAFT_BYTES_MAX + 1);
        big[DRAFT_BYTES_MAX + 1] = 0;
        assert_int_equal(save(s, mori, "", 0, big, STORE_NOW, NULL, &e), ERR_TOO_BIG);
        big[DRAFT_BYTES_MAX] = 0;
        assert_ok(save(s, mori, "", 0, big, STORE_NOW, NULL, &e), e);
        free(big);
        store_end(s);
}

static void what_nobody_touches_goes_after_the_packs_days(void **state)
{
        struct small_store *s = store_make();
        struct pack_settings *settings = &s->office.pack->settings;
        char kept[UUID_TEXT];
        bool due = true;
        struct err e = { 0 };

        assert_ok(save(s, sato, "", 0, WORDS, STORE_NOW, NULL, &e), e);
        assert_ok(save(s, sato, "", 0, WORDS, STORE_NOW + 2 * UTIME_DAY, kept, &e), e);
        assert_ok(drafts_due(&due, s->db, s->office.pack, STORE_NOW + 3650 * UTIME_DAY, &e), e);
        assert_false(due);                             /* the pack says nothing: they stay */
        settings->draft_days = 90;
        assert_ok(drafts_due(&due, s->db, s->office.pack, STORE_NOW + 90 * UTIME_DAY, &e), e);
        assert_false(due);
        assert_ok(drafts_due(&due, s->db, s->office.pack, STORE_NOW + 90 * UTIME_DAY + 1, &e), e);
        assert_true(due);
        assert_ok(run(s, act_sweep_drafts, NULL, STORE_NOW + 91 * UTIME_DAY, &e), e);
        assert_int_equal(count(s, sato), 1);
        store_end(s);
}

static void meddle(struct small_store *s, const char *sql)
{
        char path[1024];
        sqlite3 *db = NULL;
        struct err e = { 0 };

        s->db = db_close(s->db);
        (void)snprintf(path, sizeof(path), "%s/sekisho.db", s->office.store_dir);
        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
        assert_true(sqlite3_changes(db) > 0);
        (void)sqlite3_close(db);
        assert_ok(db_open(&s->db, s->office.store_dir, DB_WRITE, &e), e);
}

/* The words are in no file, and no row can be made to say another's. */
static void nobody_reads_or_moves_them_in_the_file(void **state)
{
        static const char *const changes[] = {
                "UPDATE draft SET person='01890000-0000-7000-8000-00000000000b'", "UPDATE draft SET rev=7", "UPDATE draft SET saved_at=1",
                "UPDATE draft SET sealed=zeroblob(60)", "UPDATE draft SET form='other'", "UPDATE draft SET about='x'",
        };
        static const char *const files[] = { "sekisho.db", "sekisho.db-wal" };

        for (size_t i = 0; i < countof(changes); i++) {
                struct small_store *s = store_make();
                char id[UUID_TEXT], path[1024];
                struct buf bytes = BUF_INIT;
                struct draft d;
                struct err e = { 0 };

                assert_ok(save(s, sato, "", 0, WORDS, STORE_NOW, id, &e), e);
                for (size_t k = 0; k < countof(files); k++) {
                        (void)snprintf(path, sizeof(path), "%s/%s", s->office.store_dir, files[k]);
                        if (file_read(&bytes, path, 64 * 1024 * 1024, &e) == ERR_OK)
                                assert_null(memmem(bytes.p, bytes.n, "sealed-words", 12));
                        buf_done(&bytes);
                }
                meddle(s, changes[i]);
                if (draft_get(&d, s->db, str_of(id), &s->arena, &e) != ERR_TAMPERED)
                        fail_msg("%s: nobody noticed", changes[i]);
                store_end(s);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_was_saved_is_there_and_only_its_owners),
                cmocka_unit_test(the_later_one_stays_and_the_other_is_told),
                cmocka_unit_test(one_person_has_so_many_and_no_more),
                cmocka_unit_test(what_nobody_touches_goes_after_the_packs_days),
                cmocka_unit_test(nobody_reads_or_moves_them_in_the_file),
        };

        return unit_run("drafts", tests);
}
