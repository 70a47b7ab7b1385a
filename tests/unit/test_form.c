/* Answers against a form: what is refused, and the one spelling in which the rest is stored. */
#include "core/form/form.h"

#include "thread_pack.h"

#include "unit.h"

#define GIVEN(f, v) { { f, sizeof(f) - 1 }, { v, sizeof(v) - 1 } }

static const struct pack_choice wired[] = { { .id = "wired" }, { .id = "wireless" } };
static const struct pack_field every_type[] = {
        { .id = "name", .type = FIELD_TEXT, .required = true, .max_chars = 5 },
        { .id = "why", .type = FIELD_LINES, .max_chars = 8 },
        { .id = "mac", .type = FIELD_MAC },
        { .id = "until", .type = FIELD_MOMENT },
        { .id = "how", .type = FIELD_CHOICE, .choices = wired, .choices_count = countof(wired) },
};
static const struct pack_form form = { .id = "every-type", .fields = every_type, .fields_count = countof(every_type) };

/* One field besides the required name; "key field arg" of the refusal, or the stored spelling. */
static void answer_of(char *to, size_t size, const char *field, const char *value)
{
        struct given given[] = { { str_of(field), str_of(value) }, GIVEN("name", "x") };
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct answer out[countof(every_type)] = { 0 };
        struct err e;
        size_t n = strcmp(field, "name") == 0 ? 1 : 2;

        if (form_check(out, &form, given, n, NULL, &a, &e) < 0) {
                (void)snprintf(to, size, "%s %s %s", e.key, e.field, e.nargs ? e.args[0] : "");
                return;
        }
        for (size_t i = 0; i < countof(out); i++)
                if (strcmp(out[i].field->id, field) == 0)
                        (void)snprintf(to, size, "%.*s", (int)out[i].value.n, out[i].value.p);
}

static void each_answer_is_stored_in_one_spelling_or_refused(void **state)
{
        static const struct { const char *field, *value, *want; } cases[] = {
                { "name", " 　端末　\t", "端末" },
                { "name", "一二三四五", "一二三四五" },
                { "name", "一二三四五六", "form.too-long name 5" },
                { "name", "", "form.required name " },
                { "name", " 　 ", "form.required name " },
                { "name", "a\nb", "form.one-line name " },
                { "name", "a\tb", "form.hidden-character name U+0009" },
                { "name", "a\xe2\x80\xae" "b", "form.hidden-character name U+202E" },
                { "name", "a\xe2\x80\x8b" "b", "form.hidden-character name U+200B" },
                { "name", "a\xef\xbb\xbf" "b", "form.hidden-character name U+FEFF" },
                { "name", "a\xc2\x85" "b", "form.hidden-character name U+0085" },
                { "name", "a\x80" "b", "form.hidden-character name U+FFFD" },
                { "name", "\xe9\x82\x89\xf3\xa0\x84\x80", "\xe9\x82\x89\xf3\xa0\x84\x80" },     /* 邉 with its variation */
                { "name", "\xee\x80\x80", "\xee\x80\x80" },                                     /* 外字 */
                { "why", "一\r\n二\n", "一\n二" },
                { "why", "一\r二", "form.hidden-character why U+000D" },
                { "why", "123456789", "form.too-long why 8" },
                { "mac", "02:00:5E:10:00:01", "02:00:5e:10:00:01" },
                { "mac", "02-00-5e-10-00-01", "02:00:5e:10:00:01" },
                { "mac", "0200.5E10.0001", "02:00:5e:10:00:01" },
                { "mac", " 02005e100001 ", "02:00:5e:10:00:01" },
                { "mac", "02:00-5e:10:00:01", "form.mac mac " },
                { "mac", "02.00.5e.10.00.01", "form.mac mac " },
                { "mac", "0200:5e10:0001", "form.mac mac " },
                { "mac", "02005e10000", "form.mac mac " },
                { "mac", "02005e10000g", "form.mac mac " },
                { "mac", "０２:00:5e:10:00", "form.mac mac " },
                { "mac", "ff:ff:ff:ff:ff:ff", "form.mac-host mac " },
                { "mac", "01005e000001", "form.mac-host mac " },
                { "mac", "00-00-00-00-00-00", "form.mac-host mac " },
                { "until", "2026-11-30", "2026-11-30T15:00:00.000000Z" },      /* inclusive: 00:00 JST of December 1 */
                { "until", "2024-02-29", "2024-02-29T15:00:00.000000Z" },
                { "until", "2026-11-30T17:15:00+09:00", "2026-11-30T08:15:00.000000Z" },
                { "until", "9999-12-31", "9999-12-31T15:00:00.000000Z" },
                { "until", "9999-12-31T23:59:59-14:00", "form.moment until " },
                { "until", "2026-02-30", "form.moment until " },
                { "until", "2026/11/30", "form.moment until " },
                { "until", "２０２６-11-30", "form.moment until " },
                { "how", "wireless", "wireless" },
                { "how", "Wireless", "form.choice how " },
                { "how", "", "" },
        };
        char got[512];

        for (size_t i = 0; i < countof(cases); i++) {
                answer_of(got, sizeof(got), cases[i].field, cases[i].value);
                if (strcmp(got, cases[i].want) != 0)
                        fail_msg("%s = \"%s\": got \"%s\", want \"%s\"", cases[i].field, cases[i].value, got, cases[i].want);
        }
}

static void answers_are_the_forms_fields_each_once(void **state)
{
        static const struct { const char *want; size_t n; struct given given[3]; } cases[] = {
                { "form.required", 0, { { { NULL, 0 }, { NULL, 0 } } } },
                { "form.unknown-field", 2, { GIVEN("name", "x"), GIVEN("nam", "x") } },
                { "form.unknown-field", 2, { GIVEN("name", "x"), GIVEN("a\nb", "x") } },
                { "form.twice", 3, { GIVEN("name", "x"), GIVEN("mac", ""), GIVEN("name", "y") } },
                { "form.required", 1, { GIVEN("mac", "02005e100001") } },
        };
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct answer out[countof(every_type)] = { { .value = { "untouched", 9 } } };
        static const struct given many[FORM_ANSWERS_MAX + 1];
        struct err e;

        for (size_t i = 0; i < countof(cases); i++) {
                assert_int_equal(form_check(out, &form, cases[i].given, cases[i].n, NULL, &a, &e), ERR_INPUT);
                assert_text(e.key, cases[i].want);
                assert_null(strpbrk(e.args[0], "\n"));
                assert_text(out[0].value.p, "untouched");
        }
        assert_int_equal(form_check(out, &form, many, countof(many), NULL, &a, &e), ERR_INPUT);
        assert_text(e.key, "form.too-many");
}

static void the_samples_of_the_pack_are_good_answers(void **state)
{
        struct pack *p = NULL;
        struct err e;

        assert_ok(pack_load(&p, thread_pack(), THREAD_FILES, NULL, NULL, &e), e);
        for (int lang = 0; lang < LANG_COUNT; lang++)
                for (size_t i = 0; i < p->forms_count; i++) {
                        const struct pack_form *f = &p->forms[i];
                        struct given given[FORM_ANSWERS_MAX];
                        struct answer out[FORM_ANSWERS_MAX];
                        scoped(arena_done) struct arena a = ARENA_INIT;

                        for (size_t j = 0; j < f->fields_count; j++)
                                given[j] = (struct given){ str_of(f->fields[j].id), str_of(f->fields[j].sample.in[lang]) };
                        assert_ok(form_check(out, f, given, f->fields_count, NULL, &a, &e), e);
                }
        pack_free(p);
}

/* Every refusal has words in the catalogue. */
static void refusals_have_words(void **state)
{
        static const char *const keys[] = { "form.choice", "form.hidden-character", "form.mac", "form.mac-host", "form.moment", "form.one-line",
                                            "form.required", "form.too-long", "form.too-many", "form.twice", "form.unknown-field" };

        for (size_t i = 0; i < countof(keys); i++)
                if (!text_known(keys[i]))
                        fail_msg("no text for %s", keys[i]);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_answer_is_stored_in_one_spelling_or_refused),
                cmocka_unit_test(answers_are_the_forms_fields_each_once),
                cmocka_unit_test(the_samples_of_the_pack_are_good_answers),
                cmocka_unit_test(refusals_have_words),
        };

        return unit_run("form", tests);
}
