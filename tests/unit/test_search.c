/* What people take for the same is found: folding, grams, and what may be asked. */
#include "core/search/spelling.h"
#include "core/search/grams.h"

#include "unit.h"

static void spellings_that_are_the_same_fold_alike(void **state)
{
        static const struct { const char *name, *in, *want; } cases[] = {
                { "half-width kana",              "ｶﾅ",                    "かな" },
                { "its voiced marks",             "ｶﾞｷﾞﾊﾟﾋﾟｳﾞ",             "がぎぱぴゔ" },
                { "a voiced mark apart",          "か\u3099は\u309aハ゜",   "がぱぱ" },
                { "a mark that joins nothing",    "あ゛",                  "あ\u3099" },
                { "katakana",                     "クラウドサービス",      "くらうどさーびす" },
                { "half-width long vowel",        "ｻｰﾊﾞｰ",                  "さーばー" },
                { "the shorter stays shorter",    "サーバ",                "さーば" },
                { "a dash between kana",          "デ−タ デ―タ デ－タ",    "でーた でーた でーた" },
                { "a dash elsewhere",             "A−1 ２０２６－０４",     "a-1 2026-04" },
                { "a hyphen stays one",           "データ-1",              "でーた-1" },
                { "iteration marks",              "佐々木 バヾ ヽ",        "佐々木 ばゞ ゝ" },
                { "full-width ASCII",             "ＥＸＡＭＰＬＥ．ｃｏ．ｊｐ　機密性２", "example.co.jp 機密性2" },
                { "capitals",                     "AbÀΩЖ",                 "abàωж" },
                { "signs of several letters",     "㈱関所 ㍿ №3 ⑫ Ⅲ",      "(株)関所 株式会社 no.3 12 iii" },
                { "names",                        "髙﨑 德永 濵田",        "高崎 徳永 浜田" },
                { "a variant by selector",        "葛\U000e0100城",         "葛城" },
                { "blanks",                       " a\n\t　b ",             "a b " },
                { "nothing that breaks a phrase", "\"a\" 'b' “c”",          "′a′ ′b′ ′c′" },
                { "hidden letters",               "a\u200bb\ufeff",         "ab" },
                { "no UTF-8",                     "a\xff" "b",              "a b" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(buf_done) struct buf b = BUF_INIT, again = BUF_INIT;

                spelling_fold(&b, NULL, str_of(cases[i].in));
                if (!str_is(buf_view(&b), cases[i].want))
                        fail_msg("%s: '%s' became '%s', not '%s'", cases[i].name, cases[i].in, b.p, cases[i].want);
                spelling_fold(&again, NULL, buf_view(&b));
                if (!str_eq(buf_view(&b), buf_view(&again)))
                        fail_msg("%s: '%s' folds on to '%s'", cases[i].name, b.p, again.p);
        }
}

static void each_byte_knows_where_it_comes_from(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT, from = BUF_INIT;
        const char *in = "㈱ ﾊﾟA";                          /* 3 + 1 + 3 + 3 + 1 bytes */
        static const uint32_t want[] = { 0, 0, 0, 0, 0, 3, 7, 7, 7, 10 };
        uint32_t at;

        spelling_fold(&b, &from, str_of(in));
        assert_string_equal(b.p, "(株) ぱa");
        assert_int_equal(from.n, b.n * sizeof(uint32_t));
        assert_int_equal(b.n, countof(want));
        for (size_t i = 0; i < b.n; i++) {
                memcpy(&at, from.p + i * sizeof(at), sizeof(at));
                if (at != want[i])
                        fail_msg("byte %zu comes from %u, not %u", i, at, want[i]);
        }
}

static void grams_are_pairs_and_triples_of_alphabets(void **state)
{
        static const struct { const char *in, *want; } cases[] = {
                { "端末",       "端末 " },
                { "端末の利用", "端末 末の の利 の利用 利用 " },
                { "ab cd",      "ab cd " },
                { "co.jp",      "co co. o. o.j .j .jp jp " },
                { "ai相談",     "ai ai相 i相 i相談 相談 " },
                { "森",         "" },
                { "",           "" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(buf_done) struct buf b = BUF_INIT;

                grams_of(&b, str_of(cases[i].in));
                if (!str_is(buf_view(&b), cases[i].want))
                        fail_msg("'%s' gave '%s'", cases[i].in, b.n ? b.p : "");
        }
}

static void each_letter_of_a_name_is_a_gram(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        grams_of_name(&b, STR("use"), STR("森 ai"));
        assert_string_equal(b.p, "=use:森 =use:a =use:i ");
}

static void single_letters_ask_what_a_row_is_called(void **state)
{
        static const struct { const char *typed, *want; } cases[] = {
                { "森", "\"=use:森\"" }, { "Ａ", "\"=use:a\"" }, { "森 ﾑ", "\"=use:森\" AND \"=use:む\"" }, { "森 課長", "\"=use\" AND \"課長\"" }, { " ", "search.empty" },
        };
        struct search_terms t;

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                scoped(buf_done) struct buf b = BUF_INIT;
                struct err e = { 0 };

                if (search_terms_any(&t, str_of(cases[i].typed), &a, &e) == ERR_OK)
                        grams_ask(&b, STR("use"), &t);
                if (strcmp(b.n ? b.p : e.key, cases[i].want) != 0)
                        fail_msg("'%s' asks %s", cases[i].typed, b.n ? b.p : e.key);
        }
        t = (struct search_terms){ { STR("森") }, 1, true };
        assert_true(search_terms_in(&t, STR("森\n林")) && search_terms_in(&t, STR("森")));
        assert_false(search_terms_in(&t, STR("林\n森")) || search_terms_in(&t, STR("\n森")));
}

static void what_may_be_asked(void **state)
{
        static const struct { const char *typed, *want; } cases[] = {
                { "端末",               "\"端末\"" },
                { "許可端末",           "\"許可\" AND \"可端\" AND \"端末\"" },
                { "ＥＸＡＭ",           "\"exa\" AND \"xam\"" },
                { "co",                 "\"co\"" },
                { "第3版",              "\"第3\" AND \"3版\"" },
                { "ab社",               "\"ab社\"" },
                { "社ab",               "\"社a\" AND \"ab\"" },
                { "端末　利用",         "\"端末\" AND \"利用\"" },
                { "森 課長",            "\"課長\"" },       /* the single letter is looked for in the line itself */
                { "\"a\" OR x",         "\"′a′\" AND \"or\"" },
                { " ",                  "search.empty" },
                { "森",                 "search.short" },
                { "森 林",              "search.short" },
                { "a b c d e f g h ij", "search.many" },
        };
        char long_one[SEARCH_LETTERS_MAX + 2];

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                scoped(buf_done) struct buf b = BUF_INIT;
                struct search_terms t;
                struct err e = { 0 };

                if (search_terms_read(&t, str_of(cases[i].typed), &a, &e) == ERR_OK)
                        grams_ask(&b, STR(""), &t);
                if (strcmp(b.n ? b.p : e.key, cases[i].want) != 0)
                        fail_msg("'%s' asks %s", cases[i].typed, b.n ? b.p : e.key);
        }
        memset(long_one, 'x', sizeof(long_one) - 1);
        long_one[sizeof(long_one) - 1] = '\0';
        {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct search_terms t;
                struct err e = { 0 };

                assert_int_equal(search_terms_read(&t, str_of(long_one), &a, &e), ERR_INPUT);
                assert_string_equal(e.key, "search.long");
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(spellings_that_are_the_same_fold_alike),
                cmocka_unit_test(each_byte_knows_where_it_comes_from),
                cmocka_unit_test(grams_are_pairs_and_triples_of_alphabets),
                cmocka_unit_test(each_letter_of_a_name_is_a_gram),
                cmocka_unit_test(single_letters_ask_what_a_row_is_called),
                cmocka_unit_test(what_may_be_asked),
        };

        return unit_run("search", tests);
}
