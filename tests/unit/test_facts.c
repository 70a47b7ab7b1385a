/* What conditions see of a stored case: answers of the form and its sheets, columns, classes, the service. */
#include "core/procedure/facts.h"

#include "core/pack/names.h"

#include "conditions.h"

#include "unit.h"

static const struct expr_choice country_ids[] = { { .id = "JP" }, { .id = "US" } }, use_ids[] = { { .id = "mail" }, { .id = "storage" } };
static const struct expr_choice level_ids[] = { { .id = "c1" }, { .id = "c2" }, { .id = "c3" } };
static const struct expr_choices country_list = { country_ids, 2, EXPR_UNORDERED }, uses = { use_ids, 2, EXPR_UNORDERED },
                                 level_list = { level_ids, 3, EXPR_LOWEST_FIRST };
static const struct expr_name name_rows[] = {
        { .id = "flag", .type = EXPR_BOOL },                     { .id = "seats", .type = EXPR_INT },
        { .id = "day", .type = EXPR_DATE },                      { .id = "until", .type = EXPR_DATE },
        { .id = "home", .type = EXPR_CHOICE, .choices = &country_list }, { .id = "title", .type = EXPR_TEXT },
        { .id = "places", .type = EXPR_CHOICE, .is_list = true, .choices = &country_list },
        { .id = "use", .type = EXPR_CHOICE, .is_list = true, .choices = &uses },
        { .id = "hosts", .type = EXPR_TEXT, .is_list = true },   { .id = "subs", .type = EXPR_TEXT, .is_list = true },
        { .id = "subs.country", .type = EXPR_CHOICE, .is_list = true, .choices = &country_list },
        { .id = "subs.note", .type = EXPR_TEXT, .is_list = true }, { .id = "subs.since", .type = EXPR_DATE, .is_list = true },
        { .id = "checked", .type = EXPR_BOOL },                  { .id = "remark", .type = EXPR_TEXT },
        { .id = "found", .type = EXPR_TEXT, .is_list = true },   { .id = "found.name", .type = EXPR_TEXT, .is_list = true },
        { .id = "conf", .type = EXPR_CHOICE, .choices = &level_list }, { .id = "conf2plus", .type = EXPR_BOOL },
        { .id = "service.conf", .type = EXPR_CHOICE, .choices = &level_list }, { .id = "service.conf2plus", .type = EXPR_BOOL },
};
static const struct expr_names names = { name_rows, countof(name_rows) };

static const struct pack_field columns[] = { { .id = "name", .type = FIELD_TEXT }, { .id = "country", .type = FIELD_COUNTRY },
                                             { .id = "note", .type = FIELD_LINES }, { .id = "since", .type = FIELD_DATE } };
static const struct pack_field form_fields[] = {
        { .id = "flag", .type = FIELD_YES_NO },      { .id = "seats", .type = FIELD_INTEGER },   { .id = "day", .type = FIELD_DATE },
        { .id = "until", .type = FIELD_MOMENT },     { .id = "home", .type = FIELD_COUNTRY },    { .id = "title", .type = FIELD_TEXT },
        { .id = "places", .type = FIELD_COUNTRIES }, { .id = "use", .type = FIELD_CHOICES },     { .id = "hosts", .type = FIELD_DOMAINS },
        { .id = "subs", .type = FIELD_TABLE, .columns = columns, .columns_count = countof(columns) },
        { .id = "about", .type = FIELD_SERVICE },
};
static const struct pack_field sheet_fields[] = { { .id = "checked", .type = FIELD_YES_NO }, { .id = "remark", .type = FIELD_TEXT },
                                                  { .id = "found", .type = FIELD_TABLE, .columns = columns, .columns_count = 1 } };
static const struct pack_form forms[] = {
        { .id = "use", .procedure = "p", .classified = true, .fields = form_fields, .fields_count = countof(form_fields) },
        { .id = "survey", .sheet = true, .fields = sheet_fields, .fields_count = countof(sheet_fields) },
};
static const struct pack_sheet sheets[] = { { .id = "survey" } };
static const struct pack_procedure procedure = { .id = "p", .sheets = sheets, .sheets_count = 1 };
static const struct pack_level levels[] = { { .id = "c1" }, { .id = "c2", .conf2plus = true }, { .id = "c3", .conf2plus = true } };
static const struct pack_axis axis = { .id = "conf", .kind = AXIS_CLASS, .levels = levels, .levels_count = 3 };
static const struct pack pack = { .forms = forms, .forms_count = countof(forms), .procedures = &procedure, .procedures_count = 1, .axes = &axis, .axes_count = 1 };

enum { ANSWERS = countof(form_fields) + countof(sheet_fields) };

/* A case with the answers that `text` names, "field=value;…"; the sheet's come last. */
static void case_build(struct case_facts *f, struct answer answers[ANSWERS], const char *text)
{
        struct str pair, rest = str_of(text), id, value;

        for (size_t i = 0; i < ANSWERS; i++)
                answers[i] = (struct answer){ i < countof(form_fields) ? &form_fields[i] : &sheet_fields[i - countof(form_fields)], { "", 0 } };
        for (bool more = true; more && rest.n;) {
                more = str_cut(rest, ';', &pair, &rest);
                if (!more)
                        pair = rest;
                assert_true(str_cut(pair, '=', &id, &value));
                for (size_t i = 0; i < ANSWERS; i++)
                        if (str_is(id, answers[i].field->id))
                                answers[i].value = value;
        }
        f->answers = answers;
        f->answers_count = ANSWERS;
}

static enum truth holds(const char *source, const struct case_facts *f, utime_t now)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct pack_condition c = condition(source, &names, &a);
        struct facts_env x;
        struct expr_env env;

        facts_env_init(&x, &env, &pack, &procedure, f, now);
        return facts_holds(&c, &env);
}

static const char *const truths[] = { "false", "true", "unknown" };

static void conditions_read_what_is_stored(void **state)
{
        static const struct { const char *answers, *source; enum truth want; } cases[] = {
                { "flag=true", "flag", TRUTH_TRUE },
                { "flag=false", "flag", TRUTH_FALSE },
                { "flag=maybe", "flag", TRUTH_UNKNOWN },                        /* no stored spelling: nobody knows */
                { "", "flag", TRUTH_UNKNOWN },
                { "", "answered(flag)", TRUTH_FALSE },                          /* the form was handed in without it */
                { "seats=12", "seats >= 12", TRUTH_TRUE },
                { "seats=12", "seats > 12", TRUTH_FALSE },
                { "day=2026-11-30", "days_until(day) == 7", TRUTH_TRUE },
                { "until=2026-11-30T15:00:00.000000Z", "until == 2026-11-30", TRUTH_TRUE },     /* people typed that day */
                { "until=2026-11-30T08:15:00.000000Z", "until == 2026-11-30", TRUTH_TRUE },
                { "home=JP", "home == JP", TRUTH_TRUE },
                { "home=XX", "home == JP", TRUTH_UNKNOWN },                     /* a country that the pack has no more */
                { "title=a b", "title == \"a b\"", TRUTH_TRUE },
                { "places=JP US", "any places == US", TRUTH_TRUE },
                { "places=JP US", "all places == JP", TRUTH_FALSE },
                { "places=JP US", "count(places) == 2", TRUTH_TRUE },
                { "", "any places == US", TRUTH_UNKNOWN },
                { "", "count(places) == 0", TRUTH_TRUE },
                { "places=JP US;home=US", "home in places", TRUTH_TRUE },
                { "use=storage", "storage in use", TRUTH_TRUE },
                { "hosts=a.jp\nb.jp", "\"b.jp\" in hosts", TRUTH_TRUE },
                { "subs=[{\"name\":\"a\",\"country\":\"US\"},{\"name\":\"b\",\"country\":\"JP\"}]", "any subs.country != JP", TRUTH_TRUE },
                { "subs=[{\"name\":\"a\",\"country\":\"JP\"},{\"name\":\"b\",\"country\":\"JP\"}]", "any subs.country != JP", TRUTH_FALSE },
                { "subs=[{\"name\":\"a\",\"country\":\"JP\"},{\"name\":\"b\"}]", "any subs.country != JP", TRUTH_UNKNOWN },
                { "subs=[{\"name\":\"a\"},{\"name\":\"b\"}]", "count(subs) == 2 and count(subs.country) == 2", TRUTH_TRUE },
                { "subs=[{\"name\":\"country\",\"note\":\"},{\\\"country\\\":\\\"US\\\"\"}]", "count(subs) == 1", TRUTH_TRUE },
                { "subs=[{\"note\":\"a\\\\n\"}]", "any subs.note == \"an\"", TRUTH_FALSE },
                { "subs=[{\"since\":\"2026-04-01\"}]", "all subs.since >= 2026-04-01", TRUTH_TRUE },
                { "", "any subs.country != JP", TRUTH_FALSE },                  /* no rows were given: none lies abroad */
                { "", "count(subs) == 0", TRUTH_TRUE },
                /* the sheet: open until any of it is there */
                { "", "answered(remark)", TRUTH_UNKNOWN },
                { "", "any found.name == \"x\"", TRUTH_UNKNOWN },
                { "", "count(found) == 0", TRUTH_UNKNOWN },
                { "checked=true", "answered(remark)", TRUTH_FALSE },
                { "checked=true", "any found.name == \"x\"", TRUTH_FALSE },
                { "checked=true", "checked and count(found) == 0", TRUTH_TRUE },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct case_facts f = { 0 };
                struct answer answers[ANSWERS];
                enum truth got;

                case_build(&f, answers, cases[i].answers);
                got = holds(cases[i].source, &f, utime_from_jst((struct date){ 2026, 11, 23 }));
                if (got != cases[i].want)
                        fail_msg("[%s] %s: got %s, want %s", cases[i].answers, cases[i].source, truths[got], truths[cases[i].want]);
        }
}

/* Half of a minute before midnight in Japan it is still that day. */
static void today_is_a_day_in_japan(void **state)
{
        struct case_facts f = { 0 };
        struct answer answers[ANSWERS];
        utime_t midnight = utime_from_jst((struct date){ 2026, 11, 30 });

        case_build(&f, answers, "day=2026-11-30");
        assert_int_equal(holds("days_until(day) == 1", &f, midnight - 1), TRUTH_TRUE);
        assert_int_equal(holds("days_until(day) == 0", &f, midnight), TRUTH_TRUE);
}

/* A sheet of which everything was left empty but one erased line was handed in all the same. */
static void a_stored_row_shows_that_the_sheet_was_handed_in(void **state)
{
        struct row stored = row_new(TABLE_ANSWER, (struct uuid){ { 1 } }, "remark");
        struct case_facts f = { .answer_rows = &stored, .answer_rows_count = 1 };
        struct answer answers[ANSWERS];

        case_build(&f, answers, "");
        assert_int_equal(holds("answered(checked)", &f, 0), TRUTH_FALSE);
        stored = row_new(TABLE_ANSWER, (struct uuid){ { 1 } }, "title");
        assert_int_equal(holds("answered(checked)", &f, 0), TRUTH_UNKNOWN);
        stored = row_new(TABLE_ANSWER, (struct uuid){ { 1 } }, "sheet.survey");       /* handed in with nothing in it */
        assert_int_equal(holds("answered(checked)", &f, 0), TRUTH_FALSE);
        assert_int_equal(holds("count(found.name) == 0", &f, 0), TRUTH_TRUE);
}

static void classes_come_from_their_rows(void **state)
{
        struct row rating = row_new(TABLE_RATING, (struct uuid){ { 1 } }, "conf");
        struct row service_rating = row_new(TABLE_RATING, (struct uuid){ { 2 } }, "conf");
        struct case_facts f = { 0 };
        struct answer answers[ANSWERS];

        case_build(&f, answers, "");
        assert_int_equal(holds("conf >= c2", &f, 0), TRUTH_UNKNOWN);
        assert_int_equal(holds("conf2plus", &f, 0), TRUTH_UNKNOWN);
        assert_int_equal(holds("not conf2plus", &f, 0), TRUTH_UNKNOWN);

        row_text(&rating, RATING_level, STR("c1"));
        row_text(&rating, RATING_derived, STR("c3"));
        f.ratings = (struct row_list){ &rating, 1 };
        assert_int_equal(holds("conf >= c2", &f, 0), TRUTH_FALSE);              /* the level that stands, not the one derived */
        assert_int_equal(holds("conf2plus", &f, 0), TRUTH_FALSE);
        row_text(&rating, RATING_level, STR("c2"));
        assert_int_equal(holds("conf2plus and conf == c2", &f, 0), TRUTH_TRUE);

        assert_int_equal(holds("service.conf2plus", &f, 0), TRUTH_UNKNOWN);
        f.service = row_new(TABLE_SERVICE, (struct uuid){ { 2 } }, "");
        f.service.rev = 1;
        assert_int_equal(holds("service.conf2plus", &f, 0), TRUTH_UNKNOWN);     /* its column is empty: nobody said */
        row_int(&f.service, SERVICE_conf2plus, 0);
        assert_int_equal(holds("service.conf2plus", &f, 0), TRUTH_FALSE);
        row_text(&service_rating, RATING_level, STR("c3"));
        f.service_ratings = (struct row_list){ &service_rating, 1 };
        assert_int_equal(holds("service.conf == c3 and conf == c2", &f, 0), TRUTH_TRUE);
}

/* A list longer than the room is not known, and neither is a text; nothing is cut off in silence. */
static void what_the_room_does_not_hold_is_unknown(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct case_facts f = { 0 };
        struct answer answers[ANSWERS];

        for (int i = 0; i <= VALUE_ITEMS_MAX; i++)
                buf_printf(&b, "%sJP", i ? " " : "places=");
        case_build(&f, answers, b.p);
        assert_int_equal(holds("all places == JP", &f, 0), TRUTH_UNKNOWN);

        buf_clear(&b);
        buf_text(&b, "subs=[{\"note\":\"");
        for (int i = 0; i <= VALUE_TEXT_MAX; i++)
                buf_char(&b, 'x');
        buf_text(&b, "\"},{\"note\":\"y\"}]");
        case_build(&f, answers, b.p);
        assert_int_equal(holds("any subs.note == \"z\"", &f, 0), TRUTH_UNKNOWN);
        assert_int_equal(holds("any subs.note == \"y\"", &f, 0), TRUTH_TRUE);
}

/* What pack/names.c lets a condition say, a case with everything in it can answer. */
static void every_name_of_a_procedure_is_answered(void **state)
{
        struct row rating = row_new(TABLE_RATING, (struct uuid){ { 1 } }, "conf");
        struct case_facts f = { .ratings = { &rating, 1 }, .service_ratings = { &rating, 1 }, .service = row_new(TABLE_SERVICE, (struct uuid){ { 2 } }, "") };
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct answer answers[ANSWERS];
        struct expr_names all;
        struct facts_env x;
        struct expr_env env;

        row_text(&rating, RATING_level, STR("c1"));
        row_int(&f.service, SERVICE_conf2plus, 1);
        f.service.rev = 1;
        case_build(&f, answers, "flag=true;seats=1;day=2026-04-01;until=2026-11-30T15:00:00.000000Z;home=JP;title=t;places=JP;use=mail;hosts=a.jp;subs=[{\"name\":\"a\"}];"
                                "about=0190a0b0-c0d0-7000-8000-000000000001;checked=true;remark=r;found=[{\"name\":\"b\"}]");
        assert_int_equal(names_of_procedure(&all, &pack, &procedure, &a), 0);
        assert_true(all.n > ANSWERS);
        facts_env_init(&x, &env, &pack, &procedure, &f, 0);
        for (size_t i = 0; i < all.n; i++)
                if (env.get(env.ctx, &all.rows[i]).state != EXPR_KNOWN)
                        fail_msg("%s is not answered", all.rows[i].id);
}

static void an_exception_holds_from_its_first_moment_to_its_last(void **state)
{
        struct row x[2] = { row_new(TABLE_EXCEPTION, (struct uuid){ { 1 } }, "rule-a"), row_new(TABLE_EXCEPTION, (struct uuid){ { 1 } }, "rule-b") };
        struct case_facts f = { .exceptions = { x, 2 } };

        for (int i = 0; i < 2; i++) {
                row_int(&x[i], EXCEPTION_from_at, 100);
                row_int(&x[i], EXCEPTION_until_at, 200);
                row_text(&x[i], EXCEPTION_state, i ? STR("expired") : STR("active"));
        }
        assert_null(facts_exception(&f, "rule-a", 99));
        assert_ptr_equal(facts_exception(&f, "rule-a", 100), &x[0]);
        assert_ptr_equal(facts_exception(&f, "rule-a", 199), &x[0]);
        assert_null(facts_exception(&f, "rule-a", 200));
        assert_null(facts_exception(&f, "rule-b", 150));
        assert_null(facts_exception(&f, "rule-c", 150));
}

static void answers_and_steps_are_found_by_their_ids(void **state)
{
        struct case_facts f = { .steps_count = 1 };
        struct answer answers[ANSWERS];

        case_build(&f, answers, "remark=x");
        f.steps[0] = row_new(TABLE_STEP, (struct uuid){ { 1 } }, "approve");
        assert_ptr_equal(facts_answer(&f, "remark"), &answers[ANSWERS - 2]);
        assert_null(facts_answer(&f, "remar"));
        assert_ptr_equal(facts_step(&f, "approve"), &f.steps[0]);
        assert_null(facts_step(&f, "judge"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(conditions_read_what_is_stored),
                cmocka_unit_test(today_is_a_day_in_japan),
                cmocka_unit_test(a_stored_row_shows_that_the_sheet_was_handed_in),
                cmocka_unit_test(classes_come_from_their_rows),
                cmocka_unit_test(what_the_room_does_not_hold_is_unknown),
                cmocka_unit_test(every_name_of_a_procedure_is_answered),
                cmocka_unit_test(an_exception_holds_from_its_first_moment_to_its_last),
                cmocka_unit_test(answers_and_steps_are_found_by_their_ids),
        };

        return unit_run("facts", tests);
}
