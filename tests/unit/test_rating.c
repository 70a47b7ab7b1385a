/* Classes that follow from plain answers: the highest that is not ruled out, and why. */
#include "core/form/rating.h"

#include "conditions.h"

#include "unit.h"

static const struct expr_name name_rows[] = { { .id = "personal", .type = EXPR_BOOL }, { .id = "secret", .type = EXPR_BOOL }, { .id = "open", .type = EXPR_BOOL } };
static const struct expr_names names = { name_rows, countof(name_rows) };
static const struct pack_level conf[] = { { .id = "c1" }, { .id = "c2", .conf2plus = true }, { .id = "c3", .conf2plus = true } };
static const struct pack_level avail[] = { { .id = "a1" }, { .id = "a2" } };
static const struct pack_level carry[] = { { .id = "no" }, { .id = "permit", .conf2plus = true } };
static const struct pack_axis axes[] = {
        { .id = "conf", .kind = AXIS_CLASS, .levels = conf, .levels_count = 3 },
        { .id = "avail", .kind = AXIS_CLASS, .levels = avail, .levels_count = 2 },
        { .id = "carry", .kind = AXIS_RESTRICTION, .levels = carry, .levels_count = 2 },
};
static const struct { const char *id, *axis, *level, *when; } plan[] = {
        { "d-open", "conf", "c1", "open" },
        { "d-personal", "conf", "c2", "personal" },
        { "d-personal-too", "conf", "c2", "secret or personal" },
        { "d-secret", "conf", "c3", "secret" },
        { "d-carry", "carry", "permit", "personal" },
};

/* One letter an answer, in the order of the names: y, n, or - for none. */
static struct expr_value answer(const void *ctx, const struct expr_name *name)
{
        char c = ((const char *)ctx)[name - name_rows];

        return c == '-' ? (struct expr_value){ .state = EXPR_BLANK } : (struct expr_value){ .state = EXPR_KNOWN, .number = c == 'y' };
}

static void an_axis_stands_as_high_as_any_answer_that_is_not_no(void **state)
{
        static const struct { const char *answers, *want; } cases[] = {          /* personal secret open */
                { "nnn", "c1 - a1 - no -" },
                { "nny", "c1 d-open a1 - no -" },
                { "ynn", "c2 d-personal a1 - permit d-carry" },
                { "yyn", "c3 d-secret a1 - permit d-carry" },
                { "nyn", "c3 d-secret a1 - no -" },
                { "-nn", "c2 d-personal a1 - permit d-carry" },                  /* nobody said no */
                { "y-n", "c3 d-secret a1 - permit d-carry" },
                { "---", "c3 d-secret a1 - permit d-carry" },
        };
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct pack_derivation derivations[countof(plan)];
        struct pack pack = { .axes = axes, .axes_count = countof(axes), .derivations = derivations, .derivations_count = countof(plan) };

        for (size_t i = 0; i < countof(plan); i++)
                derivations[i] = (struct pack_derivation){ plan[i].id, plan[i].axis, plan[i].level, condition(plan[i].when, &names, &a), { NULL } };
        for (size_t i = 0; i < countof(cases); i++) {
                struct expr_env env = { answer, cases[i].answers, NULL };
                struct rating out[countof(axes)];
                char got[200] = "";

                rating_derive(out, &pack, &env);
                for (size_t j = 0; j < countof(axes); j++)
                        (void)snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%s %s", j ? " " : "", out[j].level->id,
                                       out[j].because ? out[j].because->id : "-");
                if (strcmp(got, cases[i].want) != 0)
                        fail_msg("%s: got %s, want %s", cases[i].answers, got, cases[i].want);
        }
}

/* What is sure is a better reason than what nobody knows. */
static void a_true_reason_comes_before_an_unknown_one(void **state)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct pack_derivation derivations[] = { { "unsure", "conf", "c2", condition("secret", &names, &a), { NULL } },
                                                 { "sure", "conf", "c2", condition("personal", &names, &a), { NULL } },
                                                 { "sure-too", "conf", "c2", condition("open", &names, &a), { NULL } } };
        struct pack pack = { .axes = axes, .axes_count = 1, .derivations = derivations, .derivations_count = countof(derivations) };
        struct expr_env env = { answer, "y-y", NULL };
        struct rating out;

        rating_derive(&out, &pack, &env);
        assert_text(out.because->id, "sure");
}

static void a_level_that_nobody_knows_counts_as_the_highest(void **state)
{
        static const struct { const char *levels[3]; enum truth want; } cases[] = {
                { { "c1", "a2", "permit" }, TRUTH_FALSE },                       /* a restriction is no class */
                { { "c2", "a1", "no" }, TRUTH_TRUE },
                { { "c3", NULL, NULL }, TRUTH_TRUE },
                { { NULL, "a1", "no" }, TRUTH_UNKNOWN },
                { { "c9", "a1", "no" }, TRUTH_UNKNOWN },                         /* of an older pack */
                { { "c1", NULL, "no" }, TRUTH_FALSE },                           /* availability never counts, however high */
        };
        struct pack pack = { .axes = axes, .axes_count = countof(axes) };

        for (size_t i = 0; i < countof(cases); i++) {
                assert_int_equal(rating_conf2plus_truth(&pack, cases[i].levels), cases[i].want);
                assert_int_equal(rating_conf2plus(&pack, cases[i].levels), cases[i].want != TRUTH_FALSE);
        }
        pack.axes_count = 0;
        assert_false(rating_conf2plus(&pack, NULL));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(an_axis_stands_as_high_as_any_answer_that_is_not_no),
                cmocka_unit_test(a_true_reason_comes_before_an_unknown_one),
                cmocka_unit_test(a_level_that_nobody_knows_counts_as_the_highest),
        };

        return unit_run("rating", tests);
}
