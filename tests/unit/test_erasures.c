/* The end of a retention unit: who may, what stays because it is in use, and that no byte of the rest is found in any file. */
#include "server/office/command/erasures.h"

#include "base/codec.h"
#include "server/office/command/drafts.h"
#include "server/office/store/erase.h"
#include "server/office/store/files.h"
#include "server/office/store/journal.h"
#include "server/office/store/outbox.h"
#include "server/office/store/search.h"
#include "small_store.h"
#include "sys/files.h"

#include "unit.h"

#define DUE (STORE_NOW + 6 * 366 * UTIME_DAY)          /* after April 1 of 2032: five years, and the one it was written in */

static const char *const old_units[] = { "cases-2026", "people-2026", "files-2026" };

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

static void put(struct small_store *s, const char *type, struct row *rows, size_t n)
{
        struct receipt receipt;
        struct changes c;
        struct err e = { 0 };

        changes_init(&c, &s->arena, type, rows[0].id);
        for (size_t i = 0; i < n; i++)
                assert_ok(changes_add(&c, &rows[i], &e), e);
        assert_ok(store_append(&receipt, s, &c, STORE_NOW, NULL, &e), e);
}

static struct small_store *begin(void)
{
        struct small_store *s = store_make();
        struct row row = row_new(TABLE_INSTALL, entropy_uuid(STORE_NOW), NULL);
        size_t removed = 0;
        struct err e = { 0 };

        row_personal(&row, INSTALL_name, STR("Town"));
        put(s, "install.created", &row, 1);
        assert_ok(store_files_sweep(s->db, s->office.store_dir, &removed, &e), e);      /* makes the folder */
        return s;
}

static struct uuid put_person(struct small_store *s, const char *name, const char *state)
{
        struct uuid id = entropy_uuid(STORE_NOW);
        struct row row = row_new(TABLE_PERSON, id, NULL);

        row_personal(&row, PERSON_login, str_of(name));
        row_personal(&row, PERSON_name, str_of(name));
        row_text(&row, PERSON_state, str_of(state));
        put(s, "person.added", &row, 1);
        return id;
}

/* A case with an answer, a step with a reason, and an attachment with content. */
static struct uuid put_case(struct small_store *s, const char *state, const char *words, const char *content)
{
        struct uuid id = entropy_uuid(STORE_NOW);
        struct row rows[3] = { row_new(TABLE_APPLICATION, id, NULL), row_new(TABLE_ANSWER, id, "device_name"), row_new(TABLE_STEP, id, "decide") };
        struct row file = row_new(TABLE_ATTACHMENT, entropy_uuid(STORE_NOW), NULL);
        struct hash name = hash_bytes(str_of(content));
        char hex[2 * HASH_SIZE + 1], id_text[UUID_TEXT], unit[UNIT_NAME];
        uint8_t key[32];
        struct err e = { 0 };

        row_text(&rows[0], APPLICATION_state, str_of(state));
        row_text(&rows[0], APPLICATION_number, STR("SHI-NET-R8-0001"));
        row_text(&rows[0], APPLICATION_form, STR("network-connection"));
        row_personal(&rows[1], ANSWER_value, str_of(words));
        row_personal(&rows[2], STEP_reason, str_of(words));
        put(s, "application.submitted", rows, countof(rows));

        retention_unit(unit, RETENTION_FILES, STORE_NOW);
        assert_ok(db_unit_key(s->db, unit, true, STORE_NOW, key, &e), e);
        assert_ok(store_file_put(s->db, s->office.store_dir, unit, &name, str_of(content), &e), e);
        hex_text(hex, name.b, HASH_SIZE);
        uuid_text(id_text, id);
        row_text(&file, ATTACHMENT_hash, str_of(hex));
        row_personal(&file, ATTACHMENT_name, str_of(words));
        row_text(&file, ATTACHMENT_about, STR("application"));
        row_text(&file, ATTACHMENT_subject, str_of(id_text));
        row_text(&file, ATTACHMENT_state, STR("kept"));
        put(s, "attachment.added", &file, 1);
        return id;
}

/* ---- raw files ---- */

static struct str wanted;
static size_t found;

static int look_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct err e = { 0 };

        if (kind == FTW_F && file_read(&b, path, 64 * 1024 * 1024, &e) == ERR_OK && b.n && memmem(b.p, b.n, wanted.p, wanted.n))
                found++;
        return 0;
}

static size_t in_files(struct small_store *s, struct str bytes)
{
        wanted = bytes;
        found = 0;
        (void)nftw(s->office.store_dir, look_one, 8, FTW_PHYS);
        return found;
}

static size_t hits(struct small_store *s, const char *text)
{
        struct search_hit *list = NULL;
        struct search_terms terms;
        size_t n = 0;
        struct err e = { 0 };

        assert_ok(search_terms_read(&terms, str_of(text), &s->arena, &e), e);
        assert_ok(search_hits(&list, &n, s->db, &(struct search_filter){ .terms = &terms, .limit = 10 }, &s->arena, &e), e);
        return n;
}

static struct hash dump(struct small_store *s)
{
        struct hash h;
        struct err e = { 0 };

        assert_ok(store_dump(&h, s->db, NULL, &e), e);
        return h;
}

static void check_all(struct small_store *s)
{
        struct hash root, before = dump(s), after;
        uint64_t size;
        bool pending = true;
        struct err e = { 0 };

        assert_ok(journal_check(&root, &size, s->db, NULL, NULL, &e), e);
        assert_ok(search_check(s->db, &e), e);
        assert_ok(erase_check(&pending, s->db, &e), e);
        assert_false(pending);
        assert_ok(db_begin(s->db, &e), e);
        assert_ok(journal_rebuild(s->db, NULL, NULL, &e), e);
        after = dump(s);
        db_rollback(s->db);
        assert_true(hash_eq(&before, &after));
}

static size_t erase(struct small_store *s, const char *const *units, size_t n)
{
        struct tombstone list[8] = { 0 };
        size_t again = 0;
        struct err e = { 0 };

        for (size_t i = 0; i < n; i++)
                (void)snprintf(list[i].unit, sizeof(list[i].unit), "%s", units[i]);
        assert_ok(erasures_again(&again, s->db, s->office.store_dir, list, n, NULL, DUE, &e), e);
        return again;
}

/* ---- tests ---- */

static void what_is_over_is_gone_from_every_file_and_what_is_in_use_stays(void **state)
{
        struct small_store *s = begin();
        struct uuid left = put_person(s, "kieruhito龘靐", "left"), here = put_person(s, "nokoruhito", "active");
        struct uuid dead = put_case(s, "rejected", "kieru-shinsei-no-kotoba", "kieru file");
        struct act_draft draft = { .person = "01890000-0000-7000-8000-00000000000a", .id = STR(""), .form = STR("network-connection"), .body = STR("{\"answers\":{\"device_name\":\"shitagaki\"}}") };
        struct hash gone = hash_bytes(STR("kieru file")), kept = hash_bytes(STR("nokoru file"));
        uint64_t texts = 1;
        uint8_t key[32];
        struct str key_bytes = { (const char *)key, sizeof(key) };
        char id[UUID_TEXT];
        struct row row;
        struct err e = { 0 };

        (void)put_case(s, "submitted", "nokoru-shinsei-no-kotoba", "nokoru file");
        assert_ok(run(s, act_save_draft, &draft, STORE_NOW, &e), e);
        assert_ok(outbox_put(s->db, STORE_NOW, STR(""), false, STR("{\"to\":\"kieruhito-no-tegami\"}"), &e), e);
        assert_true(in_files(s, STR("kieruhito")) > 0 && in_files(s, STR("kieru-shinsei-no-kotoba")) > 0 && in_files(s, STR("kieruhito-no-tegami")) > 0);    /* the control */
        assert_int_equal(hits(s, "kieru-shinsei"), 2);         /* the case, and the attachment by its name */

        assert_ok(db_unit_key(s->db, "cases-2026", false, 0, key, &e), e);
        assert_true(in_files(s, key_bytes) > 0);

        assert_int_equal(erase(s, old_units, countof(old_units)), 3);
        assert_int_equal(in_files(s, key_bytes), 0);
        assert_int_equal(in_files(s, STR("kieruhito")), 0);
        assert_int_equal(in_files(s, STR("龘靐")), 0);                   /* nor does the index hold a pair of letters of it */
        assert_ok(erase_texts(&texts, s->db, "people-2026", &e), e);
        assert_int_equal(texts, 0);
        assert_int_equal(in_files(s, STR("kieru-shinsei-no-kotoba")), 0);
        assert_int_equal(in_files(s, STR("kieruhito-no-tegami")), 0);
        assert_int_equal(hits(s, "kieru-shinsei"), 0);
        assert_false(store_file_is_there(s->office.store_dir, &gone, "files-2026"));

        uuid_text(id, left);
        assert_ok(store_row(&row, s->db, TABLE_PERSON, id, NULL, &s->arena, &e), e);
        assert_int_equal(row.v[PERSON_name].kind, VALUE_ERASED);
        assert_true(row_is(&row, PERSON_state, "left"));
        uuid_text(id, dead);
        assert_ok(store_row(&row, s->db, TABLE_STEP, id, "decide", &s->arena, &e), e);
        assert_int_equal(row.v[STEP_reason].kind, VALUE_ERASED);

        uuid_text(id, here);
        assert_ok(store_row(&row, s->db, TABLE_PERSON, id, NULL, &s->arena, &e), e);
        assert_true(row_is(&row, PERSON_name, "nokoruhito"));
        assert_int_equal(hits(s, "nokoru-shinsei"), 2);
        assert_true(store_file_is_there(s->office.store_dir, &kept, "files-2032"));
        {
                scoped(store_file_close) struct stored_file *f = NULL;

                assert_ok(store_file_open(&f, s->db, s->office.store_dir, &kept, &e), e);
        }
        check_all(s);
        assert_int_equal(erase(s, old_units, countof(old_units)), 0);          /* once is enough */
        store_end(s);
}

static void a_key_never_comes_back_under_its_name(void **state)
{
        struct small_store *s = begin();
        struct row row = row_new(TABLE_PERSON, entropy_uuid(STORE_NOW), NULL);
        struct receipt receipt;
        struct changes c;
        struct err e = { 0 };

        (void)put_person(s, "kieruhito", "left");
        assert_int_equal(erase(s, old_units, countof(old_units)), 1);
        row_personal(&row, PERSON_name, STR("okuretekita"));
        changes_init(&c, &s->arena, "person.added", row.id);
        assert_ok(changes_add(&c, &row, &e), e);
        assert_true(store_append(&receipt, s, &c, STORE_NOW, "people-2026", &e) < 0);
        store_end(s);
}

/* Nobody can pass off a loss as an erasure. */
static void what_no_entry_erased_is_tampering(void **state)
{
        struct small_store *s = begin();
        bool pending = false;
        struct err e = { 0 };

        (void)put_person(s, "kieruhito", "left");
        assert_ok(erase_check(&pending, s->db, &e), e);
        assert_ok(db_unit_destroy(s->db, "people-2026", DUE, 0, &e), e);
        assert_int_equal(erase_check(&pending, s->db, &e), ERR_TAMPERED);
        assert_string_equal(e.key, "erase.key.unsaid");
        store_end(s);
}

static int ask(struct small_store *s, const char *who, const char *unit, utime_t now, char id[UUID_TEXT], struct err *e)
{
        struct str units[] = { str_of(unit) };
        struct act_erasure_ask in = { .person = who, .units = units, .units_count = 1, .reason = STR("保存期間満了") };
        int r = run(s, act_ask_erasure, &in, now, e);

        memcpy(id, in.id, UUID_TEXT);
        return r;
}

static int decide(struct small_store *s, act_fn *fn, const char *who, const char *id, struct err *e)
{
        struct act_erasure in = { .person = who, .id = str_of(id), .reason = STR("係争中") };

        return run(s, fn, &in, DUE, e);
}

static void two_people_and_never_too_early(void **state)
{
        struct small_store *s = begin();
        static const char *const keeper[] = { "system_manager", NULL }, *const records[] = { "section_manager", NULL }, *const both[] = { "system_manager", "section_manager", NULL },
                                *const none[] = { "staff", NULL };
        const char *aso, *kato, *ryoho, *sato;
        char id[UUID_TEXT], other[UUID_TEXT];
        struct err e = { 0 };

        s->office.pack->settings.records_role = "section_manager";
        aso = store_person(s, "aso", "情報", keeper);
        kato = store_person(s, "kato", "総務", records);
        ryoho = store_person(s, "ryoho", "総務", both);
        sato = store_person(s, "sato", "税務", none);
        (void)put_person(s, "kieruhito", "left");

        assert_int_equal(ask(s, sato, "people-2026", DUE, id, &e), ERR_FORBIDDEN);
        assert_int_equal(ask(s, aso, "people-2026", STORE_NOW + 5 * 365 * UTIME_DAY, id, &e), ERR_RULE);
        assert_string_equal(e.key, "erase.unit.early");
        assert_int_equal(ask(s, aso, "people-2099", DUE, id, &e), ERR_INPUT);
        assert_int_equal(ask(s, aso, "local-mac", DUE, id, &e), ERR_INPUT);
        assert_ok(ask(s, ryoho, "people-2026", DUE, id, &e), e);
        assert_int_equal(ask(s, aso, "people-2026", DUE, other, &e), ERR_CONFLICT);
        assert_int_equal(decide(s, act_confirm_erasure, ryoho, id, &e), ERR_FORBIDDEN);
        assert_string_equal(e.key, "erase.own");
        assert_int_equal(decide(s, act_confirm_erasure, aso, id, &e), ERR_FORBIDDEN);
        assert_ok(decide(s, act_refuse_erasure, kato, id, &e), e);
        assert_int_equal(decide(s, act_confirm_erasure, kato, id, &e), ERR_CONFLICT);
        assert_ok(ask(s, aso, "people-2026", DUE, other, &e), e);
        assert_ok(decide(s, act_confirm_erasure, kato, other, &e), e);
        assert_int_equal(decide(s, act_refuse_erasure, kato, other, &e), ERR_CONFLICT);
        store_end(s);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_is_over_is_gone_from_every_file_and_what_is_in_use_stays),
                cmocka_unit_test(a_key_never_comes_back_under_its_name),
                cmocka_unit_test(what_no_entry_erased_is_tampering),
                cmocka_unit_test(two_people_and_never_too_early),
        };

        return unit_run("erasures", tests);
}
