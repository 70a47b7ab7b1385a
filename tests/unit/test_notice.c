/* Notices: to those who may decide, never to the applicant as such; ids only, in the act's own transaction. */
#include "server/office/command/acts.h"

#include <jansson.h>

#include "server/office/store/outbox.h"

#include "small_store.h"

#include "unit.h"

static const char *const staff_roles[] = { "staff", NULL }, *const manager[] = { "section_manager", NULL };
static const char *const both[] = { "section_manager", "staff", NULL };

/* Submits in the name of `person`, or decides; each in a transaction of its own. */
static void submit(struct small_store *s, const char *person, char id[UUID_TEXT])
{
        static const struct given given[] = { { STR("device_name"), STR("PC") }, { STR("mac"), STR("02:00:5e:10:00:01") }, { STR("purpose"), STR("x") },
                                              { STR("until"), STR("2026-05-01") } };
        const struct pack_form *form = pack_find_form(s->office.pack, "network-connection");
        struct act act = { &s->office, s->db, &s->arena, STORE_NOW, false };
        struct answer answers[8];
        struct act_submit in = { .person = person, .form = form, .answers = answers };
        struct err e = { 0 };

        memcpy(s->office.install_text, "01960000-0000-7000-8000-000000000001", UUID_TEXT);
        assert_ok(form_check(answers, form, given, countof(given), NULL, &s->arena, &e), e);
        assert_ok(db_begin(s->db, &e), e);
        assert_ok(act_submit(&act, &in, &e), e);
        assert_ok(db_commit(s->db, &e), e);
        memcpy(id, in.id, UUID_TEXT);
}

static int decide(struct small_store *s, const char *person, const char *id, enum decision d, struct err *e)
{
        struct act act = { &s->office, s->db, &s->arena, STORE_NOW + UTIME_S, false };
        struct act_decide in = { .on = { .person = person, .application = str_of(id), .rev = 1 }, .decision = d, .reason = STR("x") };

        return act_decide(&act, &in, e);
}

/* The notices that lie in the outbox, each read once. */
static size_t read_notices(struct small_store *s, json_t **out, size_t max)
{
        struct outbox_row rows[8];
        struct err e = { 0 };
        size_t n = 0;

        assert_ok(outbox_open(rows, countof(rows), &n, s->db, STR("log"), 0, &s->arena, &e), e);
        assert_true(n <= max);
        for (size_t i = 0; i < n; i++) {
                out[i] = json_loadb(rows[i].body.p, rows[i].body.n, JSON_REJECT_DUPLICATES, NULL);
                assert_ok(sent_put(s->db, &(struct sent_row){ rows[i].id, STR("log"), STR(""), STR("done"), STR(""), STORE_NOW }, &e), e);
        }
        return n;
}

static json_t *one_notice(struct small_store *s)
{
        json_t *o = NULL;

        assert_int_equal(read_notices(s, &o, 1), 1);
        return o;
}

static bool names(const json_t *o, const char *id)
{
        const json_t *v;
        size_t i;

        json_array_foreach(json_object_get(o, "to"), i, v)
                if (strcmp(json_string_value(v), id) == 0)
                        return true;
        return false;
}

static void a_waiting_application_calls_those_who_may_decide_it(void **state)
{
        struct small_store *s = store_make();
        const char *sato = store_person(s, "sato", "sangyo", staff_roles), *suzuki = store_person(s, "suzuki", "sangyo", manager);
        const char *kimura = store_person(s, "kimura", "sangyo", both), *ito = store_person(s, "ito", "zei", manager);
        const char *lonely = store_person(s, "ueno", "nowhere", staff_roles);
        char id[UUID_TEXT];
        json_t *o;

        submit(s, sato, id);
        o = one_notice(s);
        assert_text(json_string_value(json_object_get(o, "key")), "notice.waiting");
        assert_text(json_string_value(json_object_get(o, "ref")), id);
        assert_text(json_string_value(json_array_get(json_object_get(o, "args"), 0)), "SHI-NET-R8-0001");
        assert_int_equal(json_array_size(json_object_get(o, "to")), 2);
        assert_true(names(o, suzuki) && names(o, kimura) && !names(o, ito) && !names(o, sato));
        json_decref(o);
        submit(s, kimura, id);
        o = one_notice(s);
        assert_true(json_array_size(json_object_get(o, "to")) == 1 && names(o, suzuki));
        json_decref(o);
        submit(s, lonely, id);
        o = one_notice(s);
        assert_int_equal(json_array_size(json_object_get(o, "to")), 0);
        json_decref(o);
        store_end(s);
}

static void who_stands_in_is_called_too(void **state)
{
        struct small_store *s = store_make();
        const char *sato = store_person(s, "sato", "sangyo", staff_roles), *suzuki = store_person(s, "suzuki", "sangyo", manager);
        const char *ito = store_person(s, "ito", "zei", staff_roles), *mori = store_person(s, "mori", "zei", staff_roles);
        const struct { const char *who; utime_t from, until; } deputies[] = { { ito, STORE_NOW, STORE_NOW + UTIME_DAY }, { mori, STORE_NOW - UTIME_DAY, STORE_NOW } };
        struct uuid principal;
        char id[UUID_TEXT];
        json_t *o;

        assert_true(uuid_parse(str_of(suzuki), &principal));
        for (size_t i = 0; i < countof(deputies); i++) {
                struct row row = row_new(TABLE_DEPUTY, principal, deputies[i].who);
                struct receipt receipt;
                struct changes c;
                struct err e = { 0 };

                row_int(&row, DEPUTY_from_at, deputies[i].from);
                row_int(&row, DEPUTY_until_at, deputies[i].until);
                row_text(&row, DEPUTY_state, STR("active"));
                changes_init(&c, &s->arena, "deputy.named", suzuki);
                assert_ok(changes_add(&c, &row, &e), e);
                assert_ok(store_append(&receipt, s, &c, STORE_NOW, "x", &e), e);
        }
        submit(s, sato, id);
        o = one_notice(s);
        assert_true(json_array_size(json_object_get(o, "to")) == 2 && names(o, suzuki) && names(o, ito)); /* not mori: that is over */
        json_decref(o);
        store_end(s);
}

static void a_decision_calls_the_applicant(void **state)
{
        struct small_store *s = store_make();
        const char *sato = store_person(s, "sato", "sangyo", staff_roles), *suzuki = store_person(s, "suzuki", "sangyo", manager);
        struct err e = { 0 };
        char id[UUID_TEXT];
        json_t *o;

        submit(s, sato, id);
        json_decref(one_notice(s));
        assert_ok(db_begin(s->db, &e), e);
        assert_ok(decide(s, suzuki, id, DECISION_APPROVE, &e), e);
        assert_ok(db_commit(s->db, &e), e);
        o = one_notice(s);
        assert_text(json_string_value(json_object_get(o, "key")), "notice.decided");
        assert_text(json_string_value(json_array_get(json_object_get(o, "args"), 2)), "@state.application.approved");
        assert_true(json_array_size(json_object_get(o, "to")) == 1 && names(o, sato));
        json_decref(o);
        store_end(s);
}

static void an_act_that_failed_tells_nobody(void **state)
{
        struct small_store *s = store_make();
        const char *sato = store_person(s, "sato", "sangyo", staff_roles), *suzuki = store_person(s, "suzuki", "sangyo", manager);
        struct err e = { 0 };
        char id[UUID_TEXT];
        json_t *o = NULL;

        submit(s, sato, id);
        json_decref(one_notice(s));
        assert_ok(db_begin(s->db, &e), e);
        assert_ok(db_mark(s->db, &e), e);
        assert_ok(decide(s, suzuki, id, DECISION_APPROVE, &e), e);
        assert_ok(db_mark_undo(s->db, &e), e);
        assert_int_equal(decide(s, sato, id, DECISION_APPROVE, &e), ERR_FORBIDDEN);
        assert_ok(db_commit(s->db, &e), e);
        assert_int_equal(read_notices(s, &o, 1), 0);
        store_end(s);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_waiting_application_calls_those_who_may_decide_it),
                cmocka_unit_test(who_stands_in_is_called_too),
                cmocka_unit_test(a_decision_calls_the_applicant),
                cmocka_unit_test(an_act_that_failed_tells_nobody),
        };

        return unit_run("notice", tests);
}
