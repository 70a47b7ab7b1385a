/* Notices: to those who may decide, never to the applicant as such; ids only, in the act's own transaction. */
#include "server/office/command/notice.h"

#include <jansson.h>

#include "small_store.h"

#include "unit.h"

static const char *const staff_roles[] = { "staff", NULL }, *const manager[] = { "section_manager", NULL };
static const char *const both[] = { "section_manager", "staff", NULL };

static struct row application(const char *applicant, const char *section)
{
        struct row app = row_new(TABLE_APPLICATION, (struct uuid){ { 9 } }, NULL);

        row_text(&app, APPLICATION_number, STR("SHI-NET-R8-0001"));
        row_text(&app, APPLICATION_procedure, STR("network-connection"));
        row_text(&app, APPLICATION_state, STR("submitted"));
        row_text(&app, APPLICATION_applicant, str_of(applicant));
        row_personal(&app, APPLICATION_section, str_of(section));
        return app;
}

/* Lays one notice and reads it back. */
static json_t *lay(struct small_store *s, int (*notice)(struct act *, const struct row *, struct err *), const struct row *app)
{
        struct act act = { &s->office, s->db, &s->arena, STORE_NOW, false };
        struct outbox_row rows[4];
        size_t n = 0;
        struct err e = { 0 };

        assert_ok(db_begin(s->db, &e), e);
        assert_ok(notice(&act, app, &e), e);
        assert_ok(db_commit(s->db, &e), e);
        assert_ok(outbox_next(rows, countof(rows), &n, s->db, &s->arena, &e), e);
        assert_int_equal(n, 1);
        assert_int_equal(rows[0].made_at, STORE_NOW);
        assert_ok(outbox_done(s->db, rows[0].id, STORE_NOW, &e), e);
        return json_loadb(rows[0].body.p, rows[0].body.n, JSON_REJECT_DUPLICATES, NULL);
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
        struct row app = application(sato, "sangyo"), own = application(kimura, "sangyo"), lonely = application(sato, "nowhere");
        json_t *o = lay(s, notice_waiting, &app);

        assert_text(json_string_value(json_object_get(o, "key")), "notice.waiting");
        assert_text(json_string_value(json_object_get(o, "ref")), app.id);
        assert_text(json_string_value(json_array_get(json_object_get(o, "args"), 0)), "SHI-NET-R8-0001");
        assert_int_equal(json_array_size(json_object_get(o, "to")), 2);
        assert_true(names(o, suzuki) && names(o, kimura) && !names(o, ito) && !names(o, sato));
        json_decref(o);
        o = lay(s, notice_waiting, &own);
        assert_true(json_array_size(json_object_get(o, "to")) == 1 && names(o, suzuki));
        json_decref(o);
        o = lay(s, notice_waiting, &lonely);
        assert_int_equal(json_array_size(json_object_get(o, "to")), 0);
        json_decref(o);
        store_end(s);
}

static void a_decision_calls_the_applicant(void **state)
{
        struct small_store *s = store_make();
        const char *sato = store_person(s, "sato", "sangyo", staff_roles);
        struct row app = application(sato, "sangyo");
        json_t *o;

        row_text(&app, APPLICATION_state, STR("approved"));
        o = lay(s, notice_decided, &app);
        assert_text(json_string_value(json_object_get(o, "key")), "notice.decided");
        assert_text(json_string_value(json_array_get(json_object_get(o, "args"), 1)), "approved");
        assert_true(json_array_size(json_object_get(o, "to")) == 1 && names(o, sato));
        json_decref(o);
        store_end(s);
}

static void an_act_that_failed_tells_nobody(void **state)
{
        struct small_store *s = store_make();
        const char *sato = store_person(s, "sato", "sangyo", staff_roles);
        struct row app = application(sato, "sangyo");
        struct act act = { &s->office, s->db, &s->arena, STORE_NOW, false };
        struct outbox_row rows[2];
        size_t n = 9;
        struct err e = { 0 };

        assert_ok(db_begin(s->db, &e), e);
        assert_ok(db_mark(s->db, &e), e);
        assert_ok(notice_decided(&act, &app, &e), e);
        assert_ok(db_mark_undo(s->db, &e), e);
        assert_ok(db_commit(s->db, &e), e);
        assert_ok(outbox_next(rows, countof(rows), &n, s->db, &s->arena, &e), e);
        assert_int_equal(n, 0);
        store_end(s);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_waiting_application_calls_those_who_may_decide_it),
                cmocka_unit_test(a_decision_calls_the_applicant),
                cmocka_unit_test(an_act_that_failed_tells_nobody),
        };

        return unit_run("notice", tests);
}
