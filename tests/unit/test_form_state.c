/* Which fields of a form are shown, which are demanded, and what becomes of the rest. */
#include "core/form/form.h"

#include "conditions.h"

#include "unit.h"

static const struct pack_country countries[] = { { .id = "JP", .domestic = true }, { .id = "US" } };
static const struct expr_choice country_ids[] = { { .id = "JP" }, { .id = "US" } }, level_ids[] = { { .id = "c1" }, { .id = "c2" }, { .id = "c3" } };
static const struct expr_choices country_list = { country_ids, 2, EXPR_UNORDERED }, levels_list = { level_ids, 3, EXPR_LOWEST_FIRST };
static const struct expr_name name_rows[] = {
        { .id = "personal", .type = EXPR_BOOL },       { .id = "amount", .type = EXPR_INT },
        { .id = "uses_subs", .type = EXPR_BOOL },      { .id = "subs", .type = EXPR_TEXT, .is_list = true },
        { .id = "subs.country", .type = EXPR_CHOICE, .is_list = true, .choices = &country_list },
        { .id = "abroad", .type = EXPR_TEXT },         { .id = "day", .type = EXPR_DATE },
        { .id = "soon", .type = EXPR_TEXT },           { .id = "chain1", .type = EXPR_TEXT },
        { .id = "chain2", .type = EXPR_TEXT },         { .id = "ring1", .type = EXPR_TEXT },
        { .id = "ring2", .type = EXPR_TEXT },          { .id = "plan", .type = EXPR_TEXT },
        { .id = "conf", .type = EXPR_CHOICE, .choices = &levels_list }, { .id = "conf2plus", .type = EXPR_BOOL },
        { .id = "service.conf2plus", .type = EXPR_BOOL },               { .id = "from_service", .type = EXPR_TEXT },
};
static const struct expr_names names = { name_rows, countof(name_rows) };

static const struct pack_field columns[] = { { .id = "name", .type = FIELD_TEXT }, { .id = "country", .type = FIELD_COUNTRY } };

static const struct { struct pack_field f; const char *visible, *required; } plan[] = {
        { { .id = "personal", .type = FIELD_YES_NO, .required = true }, NULL, NULL },
        { { .id = "amount", .type = FIELD_INTEGER }, "personal", NULL },
        { { .id = "uses_subs", .type = FIELD_YES_NO }, NULL, NULL },
        { { .id = "subs", .type = FIELD_TABLE, .columns = columns, .columns_count = 2 }, "uses_subs", "uses_subs" },
        { { .id = "abroad", .type = FIELD_TEXT }, "any subs.country != JP", "any subs.country != JP" },
        { { .id = "day", .type = FIELD_DATE }, NULL, NULL },
        { { .id = "soon", .type = FIELD_TEXT }, NULL, "days_until(day) < 30" },
        { { .id = "chain1", .type = FIELD_TEXT }, "uses_subs", NULL },
        { { .id = "chain2", .type = FIELD_TEXT, .required = true }, "answered(chain1)", NULL },
        { { .id = "ring1", .type = FIELD_TEXT }, "not answered(ring2)", NULL },
        { { .id = "ring2", .type = FIELD_TEXT }, "not answered(ring1)", NULL },
        { { .id = "plan", .type = FIELD_TEXT }, "conf >= c2", "conf2plus" },
        { { .id = "from_service", .type = FIELD_TEXT }, "service.conf2plus", NULL },
};

static const struct pack_level levels[] = { { .id = "c1" }, { .id = "c2", .conf2plus = true }, { .id = "c3", .conf2plus = true } };
static const struct pack_axis axis = { .id = "conf", .kind = AXIS_CLASS, .levels = levels, .levels_count = 3 };

struct town {
        struct arena           a;
        struct pack_field      fields[countof(plan)];
        struct pack_derivation derivations[2];
        struct pack            pack;
        struct pack_form       form;
};

static void town_build(struct town *t)
{
        for (size_t i = 0; i < countof(plan); i++) {
                t->fields[i] = plan[i].f;
                t->fields[i].visible_when = condition(plan[i].visible, &names, &t->a);
                t->fields[i].required_when = condition(plan[i].required, &names, &t->a);
        }
        t->derivations[0] = (struct pack_derivation){ .id = "any", .axis = "conf", .level = "c2", .when = condition("personal", &names, &t->a) };
        t->derivations[1] = (struct pack_derivation){ .id = "many", .axis = "conf", .level = "c3", .when = condition("personal and amount > 1000", &names, &t->a) };
        t->form = (struct pack_form){ .id = "x", .classified = true, .fields = t->fields, .fields_count = countof(t->fields) };
        t->pack = (struct pack){ .countries = countries, .countries_count = 2, .axes = &axis, .axes_count = 1, .derivations = t->derivations,
                                 .derivations_count = 2, .questions = t->fields, .questions_count = 2 };
}

static const struct date today = { 2026, 11, 23 };

/* Shown fields in the form's order; "!" demanded, "=value" as it would be stored, "#key" refused. */
static void show(struct buf *out, const struct town *t, const struct form_context *ctx, const char *answers)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct field_state states[countof(plan)];
        struct given given[countof(plan)];
        struct str pair, rest = str_of(answers);
        struct err e;
        size_t n = 0;

        for (bool more = true; more && rest.n;) {
                more = str_cut(rest, ';', &pair, &rest);
                if (!more)
                        pair = rest;
                if (!str_cut(pair, '=', &given[n].field, &given[n].value))
                        fail_msg("%s", answers);
                n++;
        }
        assert_ok(form_state(states, &t->form, given, n, ctx, &a, &e), e);
        for (size_t i = 0; i < countof(plan); i++)
                if (states[i].visible || states[i].value.n || states[i].error || states[i].required)
                        buf_printf(out, "%s%s%s%s%s%.*s%s%s", out->n ? " " : "", states[i].visible ? "" : "HIDDEN:", states[i].field->id,
                                   states[i].required ? "!" : "", states[i].value.n ? "=" : "", (int)states[i].value.n, states[i].value.p,
                                   states[i].error ? "#" : "", states[i].error ? states[i].error->key : "");
}

static void unknown_shows_and_demands_and_a_hidden_answer_is_dropped(void **state)
{
        static const struct { const char *answers, *want; } cases[] = {
                { "", "personal!#form.required amount uses_subs subs!#form.required day soon!#form.required chain1 ring1 ring2 "
                      "plan!#form.required from_service" },
                { "personal=false;uses_subs=false", "personal!=false uses_subs=false day soon!#form.required ring1 ring2 from_service" },
                { "personal=true;uses_subs=false", "personal!=true amount uses_subs=false day soon!#form.required ring1 ring2 plan!#form.required from_service" },
                { "personal=false;uses_subs=false;day=2027-02-01", "personal!=false uses_subs=false day=2027-02-01 soon ring1 ring2 from_service" },
                { "personal=false;uses_subs=false;day=2026-11-24", "personal!=false uses_subs=false day=2026-11-24 soon!#form.required ring1 ring2 from_service" },
                /* a wrong date is not known: demanded */
                { "personal=false;uses_subs=false;day=x;soon=y", "personal!=false uses_subs=false day#wareki.unreadable soon!=y ring1 ring2 from_service" },
                /* rows of a hidden table are none: nothing lies abroad */
                { "personal=false;uses_subs=false;day=2027-02-01;subs=[{\"country\":\"US\"}];abroad=y",
                  "personal!=false uses_subs=false day=2027-02-01 soon ring1 ring2 from_service" },
                { "personal=false;uses_subs=true;day=2027-02-01;subs=[{\"country\":\"US\"}]",
                  "personal!=false uses_subs=true subs!=[{\"country\":\"US\"}] abroad!#form.required day=2027-02-01 soon chain1 ring1 ring2 from_service" },
                { "personal=false;uses_subs=true;day=2027-02-01;subs=[{\"country\":\"JP\"}];abroad=y",
                  "personal!=false uses_subs=true subs!=[{\"country\":\"JP\"}] day=2027-02-01 soon chain1 ring1 ring2 from_service" },
                /* a cell left empty may be anywhere */
                { "personal=false;uses_subs=true;day=2027-02-01;subs=[{\"country\":\"JP\"},{\"name\":\"a\"}]",
                  "personal!=false uses_subs=true subs!=[{\"country\":\"JP\"},{\"name\":\"a\"}] abroad!#form.required day=2027-02-01 soon chain1 ring1 ring2 from_service" },
                /* hidden itself, it hides what hangs on it, even answered and wrong */
                { "personal=false;uses_subs=false;day=2027-02-01;chain1=x;chain2=\tz\x07", "personal!=false uses_subs=false day=2027-02-01 soon ring1 ring2 from_service" },
                { "personal=false;uses_subs=true;day=2027-02-01;chain1=x;subs=[{\"name\":\"a\",\"country\":\"JP\"}]",
                  "personal!=false uses_subs=true subs!=[{\"name\":\"a\",\"country\":\"JP\"}] day=2027-02-01 soon chain1=x chain2!#form.required ring1 ring2 from_service" },
        };
        struct town t = { .a = ARENA_INIT };
        struct form_context ctx = { .today = &today };

        town_build(&t);
        ctx.pack = &t.pack;
        for (size_t i = 0; i < countof(cases); i++) {
                scoped(buf_done) struct buf b = BUF_INIT;

                show(&b, &t, &ctx, cases[i].answers);
                if (strcmp(b.p, cases[i].want) != 0)
                        fail_msg("%s\n got  %s\n want %s", cases[i].answers, b.p, cases[i].want);
        }
        arena_done(&t.a);
}

/* No order of the form's fields makes a circle hide both. */
static void fields_that_wait_for_each_other_are_seen_as_given(void **state)
{
        struct town t = { .a = ARENA_INIT };
        struct form_context ctx = { .today = &today };
        scoped(buf_done) struct buf b = BUF_INIT;

        town_build(&t);
        ctx.pack = &t.pack;
        show(&b, &t, &ctx, "personal=false;uses_subs=false;day=2027-02-01;ring1=a;ring2=b");
        assert_non_null(strstr(b.p, "ring1=a"));
        arena_done(&t.a);
}

/* form_check() is the first refusal of form_state(): who is told that all is well is not sent back. */
static void handing_in_says_what_the_live_check_says(void **state)
{
        static const struct given given[] = { { STR("personal"), STR("true") }, { STR("uses_subs"), STR("false") }, { STR("day"), STR("x") },
                                              { STR("amount"), STR("1") }, { STR("chain1"), STR("dropped") }, { STR("plan"), STR("p") } };
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct town t = { .a = ARENA_INIT };
        struct answer out[countof(plan)] = { { 0 } };
        struct form_context ctx = { .today = &today };
        struct given mended[countof(given)];
        struct err e = { 0 };

        town_build(&t);
        ctx.pack = &t.pack;
        assert_int_equal(form_check(out, &t.form, given, countof(given), &ctx, &a, &e), ERR_INPUT);
        assert_text(e.key, "wareki.unreadable");
        assert_text(e.field, "day");
        assert_null(out[0].field);
        memcpy(mended, given, sizeof(given));
        mended[2].value = STR("2027-04-01");
        assert_ok(form_check(out, &t.form, mended, countof(mended), &ctx, &a, &e), e);
        for (size_t i = 0; i < countof(plan); i++)
                if (strcmp(out[i].field->id, "chain1") == 0)
                        assert_int_equal(out[i].value.n, 0);
        arena_done(&t.a);
}

static struct expr_value no_service_of_that_kind(const void *ctx, const struct expr_name *name)
{
        return strcmp(name->id, "service.conf2plus") == 0 ? (struct expr_value){ .state = EXPR_KNOWN, .number = 0 } : (struct expr_value){ 0 };
}

/* What the form does not ask, the case may know. */
static void other_names_are_asked_outside(void **state)
{
        static const struct expr_env outer = { no_service_of_that_kind, NULL, NULL };
        struct town t = { .a = ARENA_INIT };
        struct form_context ctx = { .today = &today, .outer = &outer };
        scoped(buf_done) struct buf b = BUF_INIT;

        town_build(&t);
        ctx.pack = &t.pack;
        show(&b, &t, &ctx, "personal=false;uses_subs=false;day=2027-02-01");
        assert_null(strstr(b.p, "from_service"));
        arena_done(&t.a);
}

/* The classes that the applicant is shown while answering. */
static void the_ratings_follow_from_what_is_given(void **state)
{
        static const struct { const char *amount, *level; } cases[] = { { "1", "c2" }, { "1001", "c3" }, { "", "c3" } };
        struct town t = { .a = ARENA_INIT };
        struct form_context ctx = { .today = &today };

        town_build(&t);
        ctx.pack = &t.pack;
        for (size_t i = 0; i < countof(cases); i++) {
                struct given given[] = { { STR("personal"), STR("true") }, { STR("amount"), str_of(cases[i].amount) } };
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct field_state states[countof(plan)];
                struct form_env x;
                struct expr_env env;
                struct err e;

                assert_ok(form_state(states, &t.form, given, 2, &ctx, &a, &e), e);
                form_env_init(&x, &env, &t.form, states, &ctx);
                assert_text(x.ratings[0].level->id, cases[i].level);
        }
        arena_done(&t.a);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(unknown_shows_and_demands_and_a_hidden_answer_is_dropped),
                cmocka_unit_test(fields_that_wait_for_each_other_are_seen_as_given),
                cmocka_unit_test(handing_in_says_what_the_live_check_says),
                cmocka_unit_test(other_names_are_asked_outside),
                cmocka_unit_test(the_ratings_follow_from_what_is_given),
        };

        return unit_run("form_state", tests);
}
