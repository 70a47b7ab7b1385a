/* packs/mic-r4, chapter 8.2, played on the case of tests/lib/service_use.json: what follows from its answers, and that every rule
 * of the procedure stops the fault it is for, and only that one. */
#include <jansson.h>

#include "core/procedure/facts.h"

#include "mic_r4_pack.h"

#include "unit.h"

#define MANAGER "01890000-0000-7000-8000-000000000001"
#define DEPUTY  "01890000-0000-7000-8000-000000000002"

enum { ANSWERS_MAX = 120, FORMS = 3 };
static const char *const form_ids[FORMS] = { "service-use", "service-provider", "service-secretariat" };

/* One answer that is another than the case's; value NULL: left empty. */
struct instead { const char *field, *value; };

struct play {
        struct arena                 arena;
        struct pack                 *pack;
        const struct pack_procedure *procedure;
        json_t                      *data;
        struct date                  today;
        struct answer                answers[ANSWERS_MAX];
        struct row                   ratings[RATING_AXES_MAX];
        struct rating                derived[RATING_AXES_MAX];
        struct case_facts            facts;
        struct facts_env             ctx;
        struct expr_env              env;
};

static json_t *data_read(void)
{
        FILE *f = tree_open("tests/lib/service_use.json");
        json_error_t bad;
        json_t *data;

        assert_non_null(f);
        data = json_loadf(f, 0, &bad);
        (void)fclose(f);
        if (!data)
                fail_msg("service_use.json:%d: %s", bad.line, bad.text);
        return data;
}

static void play_init(struct play *x)
{
        size_t n;
        const struct pack_file *files = mic_r4_pack(&n);
        struct err e;

        memset(x, 0, sizeof(*x));
        assert_ok(pack_load(&x->pack, files, n, NULL, NULL, &e), e);
        x->procedure = pack_find_procedure(x->pack, "service-use");
        assert_non_null(x->procedure);
        x->data = data_read();
        x->today = (struct date){ 2026, 6, 1 };
}

static void play_done(struct play *x)
{
        json_decref(x->data);
        arena_done(&x->arena);
        pack_free(x->pack);
}

static struct str text_of(struct play *x, json_t *value)
{
        char *s = json_is_string(value) ? NULL : json_dumps(value, JSON_COMPACT), *kept;
        struct str out = { json_string_value(value), json_is_string(value) ? json_string_length(value) : 0 };

        if (s)
                out = (struct str){ s, strlen(s) };
        else if (str_is(out, "@manager"))
                out = STR(MANAGER);
        else if (str_is(out, "@deputy"))
                out = STR(DEPUTY);
        kept = arena_array(&x->arena, out.n + 1, 1);
        assert_non_null(kept);
        memcpy(kept, out.p, out.n);
        free(s);
        return (struct str){ kept, out.n };
}

/* The answers to one form, the case's own and the one instead laid over, checked as they would be when handed in. */
static int form_play(struct play *x, const char *form_id, const char *name, struct instead in, struct answer *to, size_t *n, struct err *e)
{
        const struct pack_form *form = pack_find_form(x->pack, form_id);
        json_t *base = json_deep_copy(json_object_get(json_object_get(x->data, "forms"), form_id)), *value;
        json_t *other = json_object_get(json_object_get(json_object_get(x->data, "cases"), name), form_id);
        struct given given[ANSWERS_MAX];
        struct form_context ctx = { .pack = x->pack, .today = &x->today, .outer = &x->env };
        const char *id;
        size_t count = 0;
        int r;

        if (other)
                assert_int_equal(json_object_update(base, other), 0);
        if (in.field && form_find_field(form, in.field))
                assert_int_equal(json_object_set_new(base, in.field, in.value ? json_string(in.value) : json_string("")), 0);
        json_object_foreach(base, id, value)
                given[count++] = (struct given){ str_of(arena_text(&x->arena, id)), text_of(x, value) };
        r = form_check(to, form, given, count, &ctx, &x->arena, e);
        *n = form->fields_count;
        json_decref(base);
        return r;
}

static void rate(struct play *x)
{
        rating_derive(x->derived, x->pack, &x->env);
        for (size_t i = 0; i < x->pack->axes_count; i++) {
                x->ratings[i] = row_new(TABLE_RATING, (struct uuid){ { 1 } }, x->pack->axes[i].id);
                row_text(&x->ratings[i], RATING_level, str_of(x->derived[i].level->id));
        }
        x->facts.ratings = (struct row_list){ x->ratings, x->pack->axes_count };
}

/* The whole case as the engine would see it when all three hands have written. */
static int case_play(struct play *x, const char *name, struct instead in, struct err *e)
{
        size_t n, used = 0;
        int r = 0;

        x->facts = (struct case_facts){ .answers = x->answers };
        facts_env_init(&x->ctx, &x->env, x->pack, x->procedure, &x->facts, utime_from_jst(x->today));
        for (size_t i = 0; i < FORMS && r == 0; i++) {
                r = form_play(x, form_ids[i], name, in, x->answers + used, &n, e);
                used += n;
                x->facts.answers_count = used;
                if (r == 0 && i == 0)
                        rate(x);
        }
        return r;
}

/* The rules that do not hold, by their ids with a blank behind each. */
static const char *stopped(struct play *x, char to[2000])
{
        size_t n = 0;

        to[0] = 0;
        for (size_t i = 0; i < x->procedure->rules_count; i++)
                if (facts_holds(&x->procedure->rules[i].demand, &x->env) != TRUTH_TRUE)
                        n += (size_t)snprintf(to + n, 2000 - n, "%s ", x->procedure->rules[i].id);
        return to;
}

static const char *level_of(const struct play *x, const char *axis)
{
        for (size_t i = 0; i < x->pack->axes_count; i++)
                if (strcmp(x->pack->axes[i].id, axis) == 0)
                        return x->derived[i].level->id;
        return "none";
}

static void each_case_is_stopped_by_what_is_wrong_with_it(void **state)
{
        static const struct { const char *name, *stopped, *confidentiality; } cases[] = {
                { "plain",          "",                     "c2" },
                { "terms-only",     "terms-only ",          "c2" },
                { "published",      "",                     "c1" },
                { "mynumber",       "",                     "c3" },
                { "generative-ai",  "",                     "c2" },
                { "alone",          "",                     "c2" },
                { "foreign-centre", "foreign-data-centre ", "c2" },
                { "foreign-office", "",                     "c2" },
                { "foreign-court",  "foreign-court ",       "c2" },
        };
        struct play x;
        char got[2000];

        play_init(&x);
        assert_int_equal(json_object_size(json_object_get(x.data, "cases")), countof(cases));
        for (size_t i = 0; i < countof(cases); i++) {
                struct err e = { 0 };

                if (case_play(&x, cases[i].name, (struct instead){ NULL, NULL }, &e) < 0)
                        fail_msg("%s: %s %s", cases[i].name, e.key, e.text);
                assert_text(level_of(&x, "confidentiality"), cases[i].confidentiality);
                if (strcmp(stopped(&x, got), cases[i].stopped) != 0)
                        fail_msg("%s: stopped by [%s], want [%s]", cases[i].name, got, cases[i].stopped);
        }
        play_done(&x);
}

/* Every rule, each with the one answer that breaks it. Foreign things bring the questions on foreign law with them. */
static void every_rule_stops_its_fault_and_no_other(void **state)
{
        static const struct { const char *rule, *name, *field, *value; } faults[] = {
                { "use-period",           "plain", "use_until", "2026-09-30" },
                { "two-managers",         "plain", "service_deputy", MANAGER },
                { "terms-only",           "plain", "terms_only", "true" },
                { "foreign-data-centre",  "foreign-centre", "data_countries", "US" },
                { "foreign-data-centre",  "foreign-centre", "data_countries", "JP SG" },
                { "foreign-data-centre",  "foreign-office", "dr_countries", "JP US" },
                { "foreign-court",        "foreign-office", "court_kind", "foreign-court-agreed" },
                { "foreign-court",        "foreign-office", "court_kind", "arbitration-japan" },
                { "foreign-court",        "foreign-office", "court_kind", "unstated" },
                { "foreign-law-risk",     "foreign-office", "law_risk", "high-risk" },
                { "candidates-compared",  "plain", "candidates", "[{\"candidate\":\"甲\",\"result\":\"declined\",\"reason\":\"高い\"},"
                                                                 "{\"candidate\":\"乙\",\"result\":\"declined\",\"reason\":\"遅い\"}]" },
                { "conditions-written",   "plain", "conditions_in_spec", "false" },
                { "flow-whole",           "plain", "flow", "[{\"from_zone\":\"zone-internet\",\"to_zone\":\"in-service\",\"path\":\"a\",\"place\":\"b\",\"keeper\":\"city-keeps\",\"measure\":\"c\"},"
                                                           "{\"from_zone\":\"in-service\",\"to_zone\":\"service-base\",\"path\":\"a\",\"place\":\"b\",\"keeper\":\"city-keeps\",\"measure\":\"c\"}]" },
                { "responsibility-split", "plain", "responsibility", "[{\"area\":\"accounts\",\"owner\":\"city-keeps\",\"task\":\"a\"},{\"area\":\"incidents\",\"owner\":\"both-keep\",\"task\":\"a\"},"
                                                                     "{\"area\":\"backups\",\"owner\":\"provider-keeps\",\"task\":\"a\"},{\"area\":\"logs\",\"owner\":\"provider-keeps\",\"task\":\"a\"}]" },
                { "requirement-level",    "plain", "requirement_set", "basic" },
                { "requirement-level",    "mynumber", "requirement_set", "standard" },
                { "recovery-fits-class",  "plain", "required_rto_hours", "25" },
                { "recovery-promised",    "plain", "rto_hours", "25" },
                { "uptime-promised",      "plain", "uptime", "u99-5" },
                { "backup-enough",        "plain", "backup_level", "same-place" },
                { "notice-enough",        "plain", "notice_days", "179" },
                { "contract-complete",    "plain", "contract_clauses", "purpose-limit secrecy incident-report service-level" },
                { "contract-complete",    "plain", "contract_clauses", "purpose-limit secrecy incident-report damages" },
                { "contract-complete",    "plain", "contract_clauses", "purpose-limit secrecy damages service-level" },
        };
        /* What form_check demands already: these rules stand in the way should an overlay loosen the form. */
        static const struct { const char *rule, *field; } loosened[] = {
                { "exit-planned", "exit_plan" }, { "exit-planned", "return_format" }, { "manager-named", "service_manager" },
        };
        struct play x;
        char got[2000], want[200];
        size_t rules = 0;

        play_init(&x);
        for (size_t i = 0; i < countof(faults); i++) {
                struct err e = { 0 };

                if (case_play(&x, faults[i].name, (struct instead){ faults[i].field, faults[i].value }, &e) < 0)
                        fail_msg("%s=%s: %s %s", faults[i].field, faults[i].value, e.key, e.text);
                (void)snprintf(want, sizeof(want), "%s ", faults[i].rule);
                if (strcmp(stopped(&x, got), want) != 0)
                        fail_msg("%s=%s: stopped by [%s], want [%s]", faults[i].field, faults[i].value, got, want);
                rules += i == 0 || strcmp(faults[i].rule, faults[i - 1].rule) != 0;
        }
        assert_int_equal(rules + 2, x.procedure->rules_count);
        for (size_t i = 0; i < countof(loosened); i++) {
                struct err e = { 0 };

                assert_int_equal(case_play(&x, "plain", (struct instead){ loosened[i].field, NULL }, &e), ERR_INPUT);
                assert_text(e.key, "form.required");
                assert_ok(case_play(&x, "plain", (struct instead){ NULL, NULL }, &e), e);
                for (size_t j = 0; j < x.facts.answers_count; j++)
                        if (strcmp(x.answers[j].field->id, loosened[i].field) == 0)
                                x.answers[j].value = STR("");
                if (!strstr(stopped(&x, got), loosened[i].rule))
                        fail_msg("%s empty: stopped by [%s] only", loosened[i].field, got);
        }
        play_done(&x);
}

/* An approval that would be over before it begins; the period is looked at again at each step. */
static void a_period_that_has_passed_stops(void **state)
{
        struct play x;
        char got[2000];
        struct err e = { 0 };

        play_init(&x);
        x.today = (struct date){ 2027, 3, 31 };
        assert_ok(case_play(&x, "plain", (struct instead){ NULL, NULL }, &e), e);
        assert_text(stopped(&x, got), "");
        x.today = (struct date){ 2027, 4, 1 };
        assert_ok(case_play(&x, "plain", (struct instead){ NULL, NULL }, &e), e);
        assert_text(stopped(&x, got), "use-period ");
        play_done(&x);
}

/* 8.2(2)⑤: always assessed, short when all is in Japan; any one foreign thing brings the whole assessment. */
static void foreign_law_is_short_only_when_all_is_in_japan(void **state)
{
        static const struct instead foreign[] = {
                { "data_countries", "JP US" }, { "dr_countries", "US" }, { "operator_countries", "JP IN" }, { "head_office_country", "US" },
                { "governing_law", "US" },     { "court_kind", "foreign-court-agreed" }, { "court_kind", "unstated" },
        };
        struct play x;

        play_init(&x);
        for (size_t i = 0; i < countof(foreign); i++) {
                struct err e = { 0 };

                if (case_play(&x, "plain", foreign[i], &e) != ERR_INPUT || strcmp(e.key, "form.required") != 0 || strcmp(e.field, "law_countries") != 0)
                        fail_msg("%s=%s: no full assessment (%s %s)", foreign[i].field, foreign[i].value, e.key, e.field);
        }
        for (size_t i = 0; i < 2; i++) {
                struct err e = { 0 };

                assert_int_equal(case_play(&x, "plain", (struct instead){ i ? "law_assessment" : "opinion", NULL }, &e), ERR_INPUT);
        }
        play_done(&x);
}

/* 8.2(2)①: what the plain answers make of it, and that a blank is never the lowest. */
static void classes_follow_from_plain_answers(void **state)
{
        static const struct { struct instead in; const char *axis, *level, *name; } cases[] = {
                { { "info_kinds", "published" },             "confidentiality", "c1" },
                { { "info_kinds", "unsure" },                "confidentiality", "c2" },
                { { "info_kinds", "published unpublished" }, "confidentiality", "c2" },
                { { "info_kinds", "published personnel" },   "confidentiality", "c2" },
                { { "info_kinds", "system-info" },           "confidentiality", "c2" },
                { { "info_kinds", "personal tender" },       "confidentiality", "c3" },
                { { "info_kinds", "resident" },              "confidentiality", "c3" },
                { { "info_kinds", "tax-welfare" },           "confidentiality", "c3" },
                { { "info_kinds", "mynumber" },              "confidentiality", "c3" },
                { { "wrong_effect", "fixable" },             "integrity", "i1" },
                { { "wrong_effect", "rights" },              "integrity", "i2" },
                { { "wrong_effect", "safety" },              "integrity", "i2" },
                { { "outage_limit", "hour1" },               "availability", "a2" },
                { { "outage_limit", "day1" },                "availability", "a2" },
                { { "outage_limit", "days3" },               "availability", "a1" },
                { { "keep_inside", "no-limit" },             "copy", "free" },
                { { "keep_inside", "no-copy no-print" },     "copy", "limited" },
                { { "keep_inside", "no-copy no-print" },     "print", "limited" },
                { { "keep_inside", "no-copy no-print" },     "carry_out", "free" },
                { { "info_kinds", "mynumber" },              "carry_out", "limited" },
                { { "info_kinds", "mynumber" },              "copy", "limited" },
                { { "keep_inside", "no-carry-out" },         "carry_out", "limited" },
                { { "info_kinds", "personal" },              "confidentiality", "c2" },
                { { "info_kinds", "personal" },              "redistribute", "limited" },
                { { "info_kinds", "unpublished" },           "redistribute", "free" },
                { { "keep_inside", "no-limit" },             "redistribute", "free", "published" },
                { { "keep_inside", "no-redistribute" },      "redistribute", "limited", "published" },
        };
        struct play x;

        play_init(&x);
        for (size_t i = 0; i < countof(cases); i++) {
                struct err e = { 0 };

                (void)case_play(&x, cases[i].name ? cases[i].name : "plain", cases[i].in, &e);      /* sheets may not fit; the class is told before */
                if (strcmp(level_of(&x, cases[i].axis), cases[i].level) != 0)
                        fail_msg("%s=%s: %s is %s, want %s", cases[i].in.field, cases[i].in.value, cases[i].axis, level_of(&x, cases[i].axis), cases[i].level);
        }
        x.facts = (struct case_facts){ .answers = x.answers };
        rating_derive(x.derived, x.pack, &x.env);
        assert_text(level_of(&x, "confidentiality"), "c3");
        assert_text(level_of(&x, "integrity"), "i2");
        assert_text(level_of(&x, "availability"), "a2");
        play_done(&x);
}

/* Which lines are asked is the same in the pack and in the played case. */
static void the_case_judges_what_is_asked(void **state)
{
        static const struct { const char *name, *criterion; enum truth asked; } cases[] = {
                { "plain", "use-mynumber", TRUTH_FALSE },           { "mynumber", "use-mynumber", TRUTH_TRUE },
                { "plain", "use-ai", TRUTH_FALSE },                 { "plain", "requirement-integrity", TRUTH_FALSE },
                { "mynumber", "requirement-integrity", TRUTH_TRUE }, { "plain", "requirement-access", TRUTH_TRUE },
                { "published", "requirement-access", TRUTH_FALSE }, { "published", "requirement-log", TRUTH_FALSE },
                { "published", "requirement-encryption", TRUTH_FALSE }, { "plain", "sub-approval", TRUTH_TRUE },
                { "plain", "trust-third-party", TRUTH_TRUE },       { "plain", "trust-subcontractors", TRUTH_TRUE },
                { "plain", "requirement-encryption", TRUTH_TRUE },  { "plain", "requirement-log", TRUTH_TRUE },
                { "generative-ai", "use-ai", TRUTH_TRUE },          { "alone", "sub-approval", TRUTH_FALSE },
                { "alone", "trust-third-party", TRUTH_FALSE },      { "alone", "trust-subcontractors", TRUTH_FALSE },
        };
        struct play x;

        play_init(&x);
        for (size_t i = 0; i < countof(cases); i++) {
                const struct pack_criterion *c = pack_find_criterion(x.pack, cases[i].criterion);
                struct err e = { 0 };

                assert_non_null(c);
                assert_ok(case_play(&x, cases[i].name, (struct instead){ NULL, NULL }, &e), e);
                if (facts_holds(&c->when, &x.env) != cases[i].asked)
                        fail_msg("%s: is %s asked?", cases[i].name, cases[i].criterion);
        }
        play_done(&x);
}

/* What has to be passed by an exception, and what nobody may pass: S8.2-P.7, X2.2, X2.2.2 against a missing manager. */
static void exceptions_are_for_what_is_forbidden_in_principle(void **state)
{
        static const struct { const char *rule, *at; bool exception; } rules[] = {
                { "use-period", NULL, false },             { "two-managers", NULL, false },           { "terms-only", "usage", true },
                { "foreign-data-centre", "select", true }, { "foreign-court", "select", true },       { "foreign-law-risk", "select", true },
                { "candidates-compared", "select", false }, { "conditions-written", "select", true }, { "flow-whole", "select", false },
                { "responsibility-split", "select", false }, { "requirement-level", "select", true }, { "recovery-fits-class", "select", true },
                { "recovery-promised", "select", true },   { "uptime-promised", "select", true },     { "backup-enough", "select", true },
                { "notice-enough", "select", true },       { "contract-complete", "select", true },   { "exit-planned", "select", false },
                { "manager-named", "decide", false },
        };
        struct play x;

        play_init(&x);
        assert_int_equal(x.procedure->rules_count, countof(rules));
        for (size_t i = 0; i < countof(rules); i++) {
                const struct pack_rule *rule = &x.procedure->rules[i];

                assert_text(rule->id, rules[i].rule);
                assert_text(rule->at ? rule->at : "", rules[i].at ? rules[i].at : "");
                if (rule->exception != rules[i].exception)
                        fail_msg("%s: may an exception pass it?", rule->id);
        }
        play_done(&x);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_case_is_stopped_by_what_is_wrong_with_it),
                cmocka_unit_test(every_rule_stops_its_fault_and_no_other),
                cmocka_unit_test(a_period_that_has_passed_stops),
                cmocka_unit_test(foreign_law_is_short_only_when_all_is_in_japan),
                cmocka_unit_test(classes_follow_from_plain_answers),
                cmocka_unit_test(the_case_judges_what_is_asked),
                cmocka_unit_test(exceptions_are_for_what_is_forbidden_in_principle),
        };

        return unit_run("service_use", tests);
}
