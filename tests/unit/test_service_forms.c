/* packs/mic-r4 around service-use: the sample answers of tests/lib/service_forms.json are taken, and each rule refuses what it is for. */
#include "core/form/form.h"
#include "core/pack/load.h"
#include "core/procedure/procedure.h"

#include "mic_r4_pack.h"

#include <jansson.h>

#include "unit.h"

static const struct date today = { 2026, 6, 1 };
static const char manager[] = "01890000-0000-7000-8000-000000000001", service[] = "01890000-0000-7000-8000-000000000002",
                  successor[] = "01890000-0000-7000-8000-000000000003", application[] = "01890000-0000-7000-8000-000000000004";
static const struct { const char *name, *id; } ids[] = {
        { "@manager", manager }, { "@service", service }, { "@successor", successor }, { "@application", application },
};

static struct pack *pack;
static json_t *data;

static int load_all(void **state)
{
        size_t n;
        const struct pack_file *files = mic_r4_pack(&n);
        struct err e;
        FILE *f = tree_open("tests/lib/service_forms.json");

        assert_ok(pack_load(&pack, files, n, NULL, NULL, &e), e);
        assert_non_null(f);
        data = json_loadf(f, 0, NULL);
        (void)fclose(f);
        assert_non_null(data);
        return 0;
}

static int free_all(void **state)
{
        json_decref(data);
        pack = pack_free(pack);
        return 0;
}

/* ---- answers ---- */

static const char *day_text(const char *text, struct arena *a)
{
        long days = text[6] ? strtol(text + 6, NULL, 10) : 0;
        struct date d = utime_date_jst(utime_from_jst(today) + (utime_t)days * UTIME_DAY);
        char out[16];

        (void)snprintf(out, sizeof(out), "%04d-%02d-%02d", d.year, d.month, d.day);
        return arena_text(a, out);
}

static const char *filled(const char *text, struct arena *a)
{
        for (size_t i = 0; i < countof(ids); i++)
                if (strcmp(text, ids[i].name) == 0)
                        return ids[i].id;
        return strncmp(text, "@today", 6) == 0 ? day_text(text, a) : text;
}

/* As the API brings it: a table as JSON text. */
static struct str given_text(json_t *v, struct arena *a)
{
        json_t *row, *cell;
        const char *key, *out;
        size_t i;
        char *text;

        if (json_is_string(v))
                return str_of(filled(json_string_value(v), a));
        json_array_foreach(v, i, row)
                json_object_foreach(row, key, cell)
                        (void)json_object_set_new(row, key, json_string(filled(json_string_value(cell), a)));
        text = json_dumps(v, JSON_COMPACT);
        assert_non_null(text);
        out = arena_text(a, text);
        free(text);
        return str_of(out);
}

/* The form's sample answers, with what the case and the classes answer instead. */
static json_t *sample(const struct pack_form *form, const char *variant, const char *classes)
{
        json_t *all = json_object(), *copy, *cases = json_object_get(json_object_get(data, "cases"), variant);

        if (form->classified)
                assert_int_equal(json_object_update(all, json_object_get(json_object_get(data, "classes"), classes)), 0);
        assert_non_null(json_object_get(json_object_get(data, "forms"), form->id));
        (void)json_object_update(all, json_object_get(json_object_get(data, "forms"), form->id));
        assert_true(!*variant || cases);
        if (json_object_get(cases, form->id))
                (void)json_object_update(all, json_object_get(cases, form->id));
        copy = json_deep_copy(all); /* given_text() fills in its tables */
        json_decref(all);
        return copy;
}

static size_t answer_form(struct answer *out, const char *id, const char *variant, const char *classes, struct arena *a)
{
        const struct pack_form *form = pack_find_form(pack, id);
        struct form_context ctx = { .pack = pack, .today = &today };
        struct given given[FORM_ANSWERS_MAX];
        json_t *all = sample(form, variant, classes), *v;
        const char *key;
        struct err e = { 0 };
        size_t n = 0;

        json_object_foreach(all, key, v)
                given[n++] = (struct given){ str_of(arena_text(a, key)), given_text(v, a) };
        if (form_check(out, form, given, n, &ctx, a, &e) < 0)
                fail_msg("%s %s: %s %s", id, variant, e.key, e.field);
        json_decref(all);
        return form->fields_count;
}

/* ---- a case ---- */

static const char *const level_of[] = { "c", "i", "a" };

/* The service may hold `level` of each class. */
static struct row_list service_ratings(const char *level, struct arena *a)
{
        struct row *rows = arena_array(a, pack->axes_count, sizeof(*rows));

        for (size_t i = 0; i < pack->axes_count; i++) {
                char text[8];

                rows[i] = row_new(TABLE_RATING, (struct uuid){ { 2 } }, pack->axes[i].id);
                (void)snprintf(text, sizeof(text), "%s%s", i < countof(level_of) ? level_of[i] : "", level);
                row_text(&rows[i], RATING_level, str_of(i < countof(level_of) ? arena_text(a, text) : "free"));
        }
        return (struct row_list){ rows, pack->axes_count };
}

static void rate(struct case_facts *f, const struct pack_procedure *p, utime_t now, struct arena *a)
{
        struct rating *derived = arena_array(a, pack->axes_count, sizeof(*derived));
        struct row *rows = arena_array(a, pack->axes_count, sizeof(*rows));
        struct facts_env x;
        struct expr_env env;

        facts_env_init(&x, &env, pack, p, f, now);
        rating_derive(derived, pack, &env);
        for (size_t i = 0; i < pack->axes_count; i++) {
                rows[i] = row_new(TABLE_RATING, (struct uuid){ { 1 } }, pack->axes[i].id);
                row_text(&rows[i], RATING_level, str_of(derived[i].level->id));
        }
        f->ratings = (struct row_list){ rows, pack->axes_count };
}

struct played { const char *form, *variant, *classes, *service_level; int days; };

/* Which rules stand open at the last step, by which all of them must hold; sheets are filled in with their samples. */
static void open_rules(struct buf *out, const struct played *c, struct arena *a)
{
        const struct pack_form *form = pack_find_form(pack, c->form);
        const struct pack_procedure *p = pack_find_procedure(pack, form->procedure);
        struct case_facts *f = arena_new(a, struct case_facts);
        struct answer *answers = arena_array(a, FORM_ANSWERS_MAX, sizeof(*answers));
        struct open_list *open = arena_new(a, struct open_list);
        struct flow *w = arena_new(a, struct flow);
        utime_t now = utime_from_jst(today) + c->days * UTIME_DAY;
        struct err e = { 0 };
        size_t n = answer_form(answers, c->form, c->variant, c->classes, a);

        for (size_t i = 0; i < p->sheets_count; i++)
                n += answer_form(answers + n, p->sheets[i].id, c->variant, c->classes, a);
        f->application = row_new(TABLE_APPLICATION, (struct uuid){ { 1 } }, "");
        row_text(&f->application, APPLICATION_state, STR("submitted"));
        row_text(&f->application, APPLICATION_procedure, str_of(p->id));
        row_text(&f->application, APPLICATION_form, str_of(form->id));
        for (size_t i = 0; i < p->steps_count; i++)
                f->steps[i] = row_new(TABLE_STEP, (struct uuid){ { 1 } }, p->steps[i].id);
        f->steps_count = p->steps_count;
        f->answers = answers;
        f->answers_count = n;
        f->service = row_new(TABLE_SERVICE, (struct uuid){ { 2 } }, "");
        f->service.rev = 1;
        row_int(&f->service, SERVICE_conf2plus, strcmp(c->service_level, "1") != 0);
        f->service_ratings = service_ratings(c->service_level, a);
        if (form->classified)
                rate(f, p, now, a);
        assert_ok(flow_init(w, pack, f, now, &e), e);
        flow_open(open, w, &p->steps[p->steps_count - 1]);
        for (size_t i = 0; i < open->n; i++)
                if (open->items[i].kind == OPEN_RULE)
                        buf_printf(out, "%s%s", out->n ? " " : "", open->items[i].id);
}

/* ---- tests ---- */

static void every_sample_is_taken_and_no_rule_stands_in_its_way(void **state)
{
        json_t *forms = json_object_get(data, "forms"), *v;
        const char *id;

        json_object_foreach(forms, id, v) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                scoped(buf_done) struct buf got = BUF_INIT;
                const struct pack_form *form = pack_find_form(pack, id);

                assert_non_null(form);
                if (form->sheet)
                        continue;
                open_rules(&got, &(struct played){ id, "", "published", "2", 0 }, &a);
                assert_text(buf_view(&got).p, "");
        }
}

static void each_rule_refuses_what_it_is_for(void **state)
{
        static const struct { struct played c; const char *want; } cases[] = {
                { { "service-addition", "", "personal", "2", 0 }, "" },
                { { "service-addition", "", "personal", "1", 0 }, "addition-conf2plus addition-confidentiality" },
                { { "service-addition", "", "heavy", "1", 0 }, "addition-conf2plus addition-confidentiality addition-integrity addition-availability" },
                { { "service-subcontract", "subcontract-of-subcontractor", "", "2", 0 }, "" },
                { { "service-subcontract", "subcontract-abroad", "", "2", 0 }, "subcontract-japan" },
                { { "service-subcontract", "subcontract-loose", "", "2", 0 }, "subcontract-same-terms subcontract-information" },
                { { "service-change-notice", "notice-of-end", "", "2", 0 }, "" },
                { { "service-change-notice", "notice-late", "", "2", 0 }, "" },
                { { "service-review", "review-with-findings", "", "2", 0 }, "" },
                { { "service-review", "review-without-certificates", "", "2", 0 }, "" },
                { { "service-review", "review-reversed", "", "2", 0 }, "review-period" },
                { { "service-review", "review-ahead", "", "2", 0 }, "review-over" },
                { { "service-review", "review-miscounted", "", "2", 0 }, "review-accounts-count" },
                { { "service-end", "end-too-late", "", "2", 0 }, "end-notice-ahead" },
                { { "service-end", "end-accounts-left", "", "2", 0 }, "end-accounts-none" },
                { { "service-end", "end-nothing-there", "", "2", 0 }, "" },
                { { "service-renewal", "end-too-late", "", "2", 0 }, "renewal-notice-ahead" },
                { { "service-renewal", "end-accounts-left", "", "2", 0 }, "renewal-accounts-none" },
                { { "service-light", "", "personal", "2", 0 }, "light-conf2plus" },
                { { "service-terms", "", "personal", "2", 0 }, "terms-conf2plus" },
                { { "service-terms", "terms-used", "personal", "2", 0 }, "terms-conf2plus terms-secondary-use" },
                { { "service-terms", "terms-used", "published", "2", 0 }, "" },
                { { "exception", "exception-too-long", "", "2", 0 }, "exception-period" },
                /* what was right on the day it was filed still is when the evidence is there */
                { { "service-end", "", "", "2", 400 }, "" },
                { { "service-renewal", "", "", "2", 400 }, "" },
                { { "service-review", "", "", "2", 60 }, "" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                scoped(buf_done) struct buf got = BUF_INIT;

                open_rules(&got, &cases[i].c, &a);
                if (strcmp(buf_view(&got).p, cases[i].want) != 0)
                        fail_msg("%s %s %s: got '%s', want '%s'", cases[i].c.form, cases[i].c.variant, cases[i].c.classes, buf_view(&got).p, cases[i].want);
        }
}

static bool is_offered(const struct pack_field *field, const char *id)
{
        for (size_t i = 0; i < field->choices_count; i++)
                if (strcmp(field->choices[i].id, id) == 0)
                        return true;
        print_error("%s is not offered\n", id);
        return false;
}

/* What may be passed by an exception can be asked for, and nothing else. */
static void the_exception_form_offers_what_may_be_excepted(void **state)
{
        const struct pack_form *form = pack_find_form(pack, "exception");
        const struct pack_field *items = form_find_field(form, "items");
        size_t n = 0;

        for (size_t i = 0; i < pack->procedures_count; i++)
                for (size_t k = 0; k < pack->procedures[i].rules_count; k++)
                        if (pack->procedures[i].rules[k].exception) {
                                assert_true(is_offered(items, pack->procedures[i].rules[k].id));
                                n++;
                        }
        for (size_t i = 0; i < pack->criteria_count; i++)
                for (size_t k = 0; k < pack->criteria[i].criteria_count; k++)
                        if (pack->criteria[i].criteria[k].exception) {
                                assert_true(is_offered(items, pack->criteria[i].criteria[k].id));
                                n++;
                        }
        assert_int_equal(items->choices_count, n);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_sample_is_taken_and_no_rule_stands_in_its_way),
                cmocka_unit_test(each_rule_refuses_what_it_is_for),
                cmocka_unit_test(the_exception_form_offers_what_may_be_excepted),
        };

        (void)setvbuf(stdout, NULL, _IOLBF, 0);
        cmocka_set_message_output(CM_OUTPUT_TAP);
        return cmocka_run_group_tests_name("service_forms", tests, load_all, free_all);
}
