/* test_err.c - failures carry a code, words for the log and a key for people. */
#include <errno.h>

#include "base/err.h"

#include "unit.h"

static void every_code_has_its_own_name_and_status(void **state)
{
        static const int codes[] = {
#define X(id, n, name, status) id,
                ERRORS(X)
#undef X
        };

        for (size_t i = 0; i < countof(codes); i++) {
                assert_true(codes[i] < 0);
                assert_in_range(err_status(codes[i]), 400, 599);
                for (size_t k = 0; k < i; k++) {
                        assert_int_not_equal(codes[i], codes[k]);
                        assert_string_not_equal(err_name(codes[i]), err_name(codes[k]));
                }
        }
}

static void unknown_codes_are_ours_to_answer_for(void **state)
{
        assert_text(err_name(-999), "internal");
        assert_int_equal(err_status(-999), 500);
        assert_text(err_name(ERR_OK), "ok");
        assert_int_equal(err_status(ERR_OK), 200);
}

static void wrapping_puts_the_place_in_front(void **state)
{
        struct err e = { 0 };

        assert_int_equal(err_set(&e, ERR_INPUT, "no such role '%s'", "kacho"), ERR_INPUT);
        assert_int_equal(err_wrap(&e, ERR_INPUT, "line %d", 12), ERR_INPUT);
        assert_int_equal(err_wrap(&e, ERR_RULE, "pack '%s'", "x"), ERR_RULE);
        assert_text(e.text, "pack 'x': line 12: no such role 'kacho'");
        assert_int_equal(e.code, ERR_RULE);
}

static void wrapping_keeps_key_and_field(void **state)
{
        struct err e = { 0 };

        (void)err_key(&e, ERR_RULE, "form.too-long", "purpose", "200", "目的", NULL);
        (void)err_wrap(&e, ERR_RULE, "submit");
        assert_text(e.key, "form.too-long");
        assert_text(e.field, "purpose");
        assert_int_equal(e.nargs, 2);
        assert_text(e.args[0], "200");
        assert_text(e.args[1], "目的");
        assert_text(e.text, "submit: form.too-long field purpose: 200, 目的");
}

static void more_than_four_arguments_are_left_out(void **state)
{
        struct err e = { 0 };

        (void)err_key(&e, ERR_RULE, "k", "", "1", "2", "3", "4", "5", NULL);
        assert_int_equal(e.nargs, ERR_ARGS_MAX);
        assert_text(e.args[3], "4");
        assert_text(e.text, "k: 1, 2, 3, 4");
}

static void too_long_words_are_cut_not_spilled(void **state)
{
        struct { struct err e; char guard[16]; } box = { .guard = "guard" };
        char longer[4 * ERR_TEXT_MAX];

        memset(longer, 'x', sizeof(longer));
        longer[sizeof(longer) - 1] = 0;
        (void)err_set(&box.e, ERR_IO, "%s", longer);
        for (int i = 0; i < 3; i++)
                (void)err_wrap(&box.e, ERR_IO, "%s", longer);
        assert_int_equal(strlen(box.e.text), ERR_TEXT_MAX - 1);
        (void)err_key(&box.e, ERR_IO, longer, longer, longer, longer, longer, longer, NULL);
        assert_int_equal(strlen(box.e.key), ERR_KEY_MAX - 1);
        assert_int_equal(strlen(box.e.args[3]), ERR_ARG_MAX - 1);
        assert_true(strlen(box.e.text) < ERR_TEXT_MAX);
        assert_text(box.guard, "guard");
}

static void errno_becomes_a_code(void **state)
{
        static const struct { int no, code; } rows[] = {
                { ENOSPC, ERR_FULL }, { EDQUOT, ERR_FULL }, { ENOMEM, ERR_NOMEM }, { ENOENT, ERR_ABSENT }, { EACCES, ERR_IO }, { 99999, ERR_IO },
        };

        for (size_t i = 0; i < countof(rows); i++) {
                struct err e = { 0 };

                errno = rows[i].no;
                assert_int_equal(err_errno(&e, "open '%s'", "f"), rows[i].code);
                assert_non_null(strstr(e.text, "open 'f': "));
        }
}

static void nobody_has_to_listen(void **state)
{
        assert_int_equal(err_set(NULL, ERR_IO, "x"), ERR_IO);
        assert_int_equal(err_wrap(NULL, ERR_IO, "x"), ERR_IO);
        assert_int_equal(err_key(NULL, ERR_IO, "k", "", NULL), ERR_IO);
        errno = ENOSPC;
        assert_int_equal(err_errno(NULL, "x"), ERR_FULL);
        err_clear(NULL);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_code_has_its_own_name_and_status),
                cmocka_unit_test(unknown_codes_are_ours_to_answer_for),
                cmocka_unit_test(wrapping_puts_the_place_in_front),
                cmocka_unit_test(wrapping_keeps_key_and_field),
                cmocka_unit_test(more_than_four_arguments_are_left_out),
                cmocka_unit_test(too_long_words_are_cut_not_spilled),
                cmocka_unit_test(errno_becomes_a_code),
                cmocka_unit_test(nobody_has_to_listen),
        };

        return unit_run("err", tests);
}
