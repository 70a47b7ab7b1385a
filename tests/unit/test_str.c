/* test_str.c - views of text and text that grows. */
#include "base/str.h"

#include "unit.h"

static void views_compare_by_bytes(void **state)
{
        static const struct { struct str a, b; int want; } rows[] = {
                { STR(""), STR(""), 0 }, { STR("a"), STR("b"), -1 }, { STR("b"), STR("a"), 1 }, { STR("a"), STR("ab"), -1 },
                { STR("ab"), STR("a"), 1 }, { STR("関"), STR("関"), 0 }, { STR("a\0b"), STR("a\0c"), -1 }, { STR("\xff"), STR("a"), 1 },
        };

        for (size_t i = 0; i < countof(rows); i++) {
                int got = str_cmp(rows[i].a, rows[i].b);

                assert_int_equal((got > 0) - (got < 0), rows[i].want);
                assert_int_equal(str_eq(rows[i].a, rows[i].b), rows[i].want == 0);
        }
        assert_int_equal(str_of(NULL).n, 0);
        assert_true(str_is(str_of(NULL), ""));
}

static void cut_finds_the_first(void **state)
{
        struct str l = STR("x"), r = STR("y");

        assert_true(str_cut(STR("a=b=c"), '=', &l, &r));
        assert_true(str_is(l, "a") && str_is(r, "b=c"));
        assert_true(str_cut(STR("=b"), '=', &l, &r));
        assert_true(str_is(l, "") && str_is(r, "b"));
        assert_true(str_cut(STR("a="), '=', &l, &r));
        assert_true(str_is(l, "a") && str_is(r, ""));
        assert_false(str_cut(STR("abc"), '=', &l, &r));
        assert_true(str_is(l, "a")); /* outputs change only on success */
        assert_false(str_cut(str_of(NULL), '=', &l, &r));
}

static void trim_takes_ascii_blanks_only(void **state)
{
        assert_true(str_is(str_trim(STR(" \t a b\r\n")), "a b"));
        assert_true(str_is(str_trim(STR(" \n ")), ""));
        assert_true(str_is(str_trim(STR("　a")), "　a")); /* the ideographic space is text */
}

static void numbers_have_one_spelling(void **state)
{
        static const struct { const char *s; uint64_t max; bool ok; uint64_t want; } rows[] = {
                { "0", 9, true, 0 }, { "9", 9, true, 9 }, { "10", 9, false, 0 }, { "", 9, false, 0 }, { "01", 9, false, 0 },
                { "+1", 9, false, 0 }, { "-1", 9, false, 0 }, { " 1", 9, false, 0 }, { "1 ", 9, false, 0 }, { "1x", 99, false, 0 },
                { "１", 9, false, 0 }, { "18446744073709551615", UINT64_MAX, true, UINT64_MAX },
                { "18446744073709551616", UINT64_MAX, false, 0 }, { "99999999999999999999", UINT64_MAX, false, 0 },
                { "184467440737095516150", UINT64_MAX, false, 0 },
        };

        for (size_t i = 0; i < countof(rows); i++) {
                uint64_t v = 12345;
                bool ok = str_u64(str_of(rows[i].s), rows[i].max, &v);

                if (ok != rows[i].ok || v != (ok ? rows[i].want : 12345))
                        fail_msg("'%s': %d %llu", rows[i].s, ok, (unsigned long long)v);
        }
}

static void utf8_is_rfc_3629(void **state)
{
        static const struct { struct str s; bool ok; } rows[] = {
                { STR(""), true }, { STR("abc"), true }, { STR("関所"), true }, { STR("𠮷"), true }, { STR("\xf4\x8f\xbf\xbf"), true },
                { STR("a\0b"), false }, { STR("\x80"), false }, { STR("\xc0\x80"), false }, { STR("\xc1\xbf"), false }, { STR("\xc2"), false },
                { STR("\xe0\x9f\xbf"), false }, { STR("\xe3\x81"), false }, { STR("\xed\xa0\x80"), false }, { STR("\xed\xbf\xbf"), false },
                { STR("\xf0\x8f\xbf\xbf"), false }, { STR("\xf4\x90\x80\x80"), false }, { STR("\xf5\x80\x80\x80"), false },
                { STR("\xff"), false }, { STR("\xe3\x81\x41"), false }, { STR("\x8a\xd6"), false /* Shift_JIS */ },
        };

        for (size_t i = 0; i < countof(rows); i++)
                if (utf8_ok(rows[i].s) != rows[i].ok)
                        fail_msg("row %zu: got %d", i, !rows[i].ok);
}

static void a_buf_grows_and_ends_in_nul(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        assert_int_equal(buf_view(&b).n, 0);
        for (int i = 0; i < 1000; i++)
                buf_printf(&b, "%03d,", i);
        assert_false(buf_bad(&b));
        assert_int_equal(b.n, 4000);
        assert_int_equal(b.p[b.n], 0);
        assert_memory_equal(b.p + 3996, "999,", 5);
        buf_clear(&b);
        buf_add(&b, NULL, 0);
        buf_text(&b, NULL);
        assert_int_equal(b.n, 0);
}

static void too_big_is_bad_and_stays_bad(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        buf_text(&b, "x");
        buf_add(&b, "", BUF_MAX);   /* refused before a byte is read */
        assert_true(buf_bad(&b));
        buf_text(&b, "y");
        assert_true(buf_bad(&b));
        assert_int_equal(buf_view(&b).n, 0);
        assert_null(buf_take(&b));
        buf_clear(&b);
        buf_text(&b, "z");
        assert_text(b.p, "z");
}

static void take_hands_the_bytes_over(void **state)
{
        struct buf b = BUF_INIT;
        char *p = buf_take(&b);

        assert_text(p, "");
        free(p);
        buf_text(&b, "abc");
        p = buf_take(&b);
        assert_text(p, "abc");
        assert_null(b.p);
        free(p);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(views_compare_by_bytes),
                cmocka_unit_test(cut_finds_the_first),
                cmocka_unit_test(trim_takes_ascii_blanks_only),
                cmocka_unit_test(numbers_have_one_spelling),
                cmocka_unit_test(utf8_is_rfc_3629),
                cmocka_unit_test(a_buf_grows_and_ends_in_nul),
                cmocka_unit_test(too_big_is_bad_and_stays_bad),
                cmocka_unit_test(take_hands_the_bytes_over),
        };

        return unit_run("str", tests);
}
