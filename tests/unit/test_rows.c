/* Registers as rows: one list of tables and columns, values that know whether they are people's text. */
#include "core/register/rows.h"

#include "unit.h"

static const struct uuid id = { { 1, 2, 3 } };

static void tables_and_columns_have_names_of_their_own(void **state)
{
        for (int t = 0; t < TABLE_COUNT; t++) {
                const struct table_info *info = &table_infos[t];

                assert_int_equal(table_find(str_of(info->name)), t);
                assert_in_range(info->cols_count, 1, ROW_COLS_MAX);
                for (size_t i = 0; i < info->cols_count; i++)
                        for (size_t k = 0; k < i; k++)
                                assert_string_not_equal(info->cols[i].name, info->cols[k].name);
        }
        assert_int_equal(table_find(STR("persons")), -1);
        assert_int_equal(table_find(STR("")), -1);
}

static void a_value_is_what_was_put(void **state)
{
        struct row r = row_new(TABLE_PERMIT, id, NULL);

        assert_text(r.id, "01020300-0000-0000-0000-000000000000");
        assert_text(r.k, "");
        assert_int_equal(r.rev, 0);
        assert_int_equal(row_get_int(&r, PERMIT_from_at), 0);
        assert_true(!row_get_text(&r, PERMIT_state).n && !row_is(&r, PERMIT_state, ""));
        row_int(&r, PERMIT_from_at, -5);
        row_text(&r, PERMIT_state, STR("active"));
        row_personal(&r, PERMIT_key, STR("02:00:00:00:00:01"));
        assert_int_equal(row_get_int(&r, PERMIT_from_at), -5);
        assert_true(row_is(&r, PERMIT_state, "active") && !row_is(&r, PERMIT_state, "activ"));
        assert_true(r.v[PERMIT_key].personal && !r.v[PERMIT_state].personal);
        assert_int_equal(row_get_int(&r, PERMIT_state), 0);        /* of another kind */
        assert_int_equal(row_get_text(&r, PERMIT_from_at).n, 0);
        row_personal(&r, PERMIT_key, STR(""));
        assert_int_equal(r.v[PERMIT_key].kind, VALUE_NULL);
        r.v[PERMIT_reason] = (struct value){ .kind = VALUE_ERASED, .personal = true, .committed = true };
        assert_int_equal(row_get_text(&r, PERMIT_reason).n, 0);
}

static void a_changed_personal_text_is_committed_anew(void **state)
{
        struct row r = row_new(TABLE_PERMIT, id, NULL);

        r.v[PERMIT_reason] = (struct value){ .kind = VALUE_TEXT, .s = STR("old"), .personal = true, .committed = true };
        row_personal(&r, PERMIT_reason, STR("new"));
        assert_false(r.v[PERMIT_reason].committed);
}

static void changes_count_revisions_and_have_an_end(void **state)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct row r = row_new(TABLE_STEP, id, "decide");
        struct changes c;
        struct err e = { 0 };

        changes_init(&c, &a, "application.decided", "ref");
        r.rev = 4;
        for (int i = 0; i < CHANGES_MAX; i++)
                assert_ok(changes_add(&c, &r, &e), e);
        assert_int_equal(c.rows[0].rev, 5);
        assert_int_equal(c.rows[CHANGES_MAX - 1].rev, 5);
        assert_text(c.rows[7].k, "decide");
        assert_int_equal(r.rev, 4);
        assert_int_equal(changes_add(&c, &r, &e), ERR_TOO_BIG);
        assert_int_equal(c.rows_count, CHANGES_MAX);
        changes_init(&c, &a, "grants.issued", "ref");
        assert_ok(changes_mark(&c, &r, &e), e);                   /* bookkeeping: nobody's screen is out of date by it */
        assert_int_equal(c.rows[0].rev, 4);
        changes_note(&c, "digest", STR("ab"));
        changes_note_int(&c, "seq", 9);
        assert_true(c.notes_count == 2 && !c.notes[0].is_int && c.notes[1].is_int && c.notes[1].i == 9);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(tables_and_columns_have_names_of_their_own),
                cmocka_unit_test(a_value_is_what_was_put),
                cmocka_unit_test(a_changed_personal_text_is_committed_anew),
                cmocka_unit_test(changes_count_revisions_and_have_an_end),
        };

        return unit_run("rows", tests);
}
