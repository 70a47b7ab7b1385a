/* What is typed differently and means the same; and what cannot be read. */
#include "core/text/fold.h"

#include "unit.h"

static const struct { const char *name; void (*fold)(struct buf *, struct str); const char *in, *want; } cases[] = {
        { "width and case",              fold_word,   "ＳａａＳ　Ａ",                 "saasa" },
        { "half-width katakana",         fold_word,   "ｻｰﾋﾞｽ ﾌﾟﾗﾝ",                   "サービスプラン" },
        { "a mark without its letter",   fold_word,   "ｱﾞﾟ",                          "ア\xef\xbe\x9e\xef\xbe\x9f" },
        { "blanks inside and out",       fold_word,   " 山 田\xc2\xa0\n太　郎 ",        "山田太郎" },
        { "marks of forms",              fold_word,   "※【所管課】*",                 "所管課" },
        { "a mark inside stays",         fold_word,   "a*b",                          "a*b" },
        { "nothing but marks",           fold_word,   "※ ※",                          "" },
        { "zero width",                  fold_word,   "a\xe2\x80\x8b" "b",             "ab" },
        { "a cell is trimmed",           fold_cell,   "\xc2\xa0 x　",                  "x" },
        { "blanks become blanks",        fold_cell,   "a\xc2\xa0" "b\tc　d",           "a b c　d" },
        { "line ends",                   fold_cell,   "a\r\nb\rc\n",                  "a\nb\nc" },
        { "invisible characters go",     fold_cell,   "\xef\xbb\xbf" "a\xe2\x80\x8b" "b", "ab" },
        { "private use",                 fold_unread, "\xee\x80\x80田",                "〓田" },
        { "replacement and no UTF-8",    fold_unread, "\xef\xbf\xbd\x80" "a",          "〓〓a" },
        { "private use of plane 15",     fold_cell,   "\xf3\xb0\x80\x80田",            "〓田" },
};

static void one_spelling(void **state)
{
        for (size_t i = 0; i < countof(cases); i++) {
                scoped(buf_done) struct buf got = BUF_INIT;

                cases[i].fold(&got, str_of(cases[i].in));
                if (!str_is(buf_view(&got), cases[i].want))
                        fail_msg("%s: got '%s', want '%s'", cases[i].name, got.p, cases[i].want);
        }
}

static void what_was_there_before_stays(void **state)
{
        scoped(buf_done) struct buf got = BUF_INIT;

        buf_text(&got, "x ");
        fold_word(&got, STR("※Ｙ "));
        fold_cell(&got, STR("  z "));
        assert_text(got.p, "x yz");
}

static void says_what_cannot_be_read(void **state)
{
        assert_true(fold_has_unread(STR("〓田")));
        assert_true(fold_has_unread(STR("\xee\x80\x80")));
        assert_false(fold_has_unread(STR("髙田")));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(one_spelling),
                cmocka_unit_test(what_was_there_before_stays),
                cmocka_unit_test(says_what_cannot_be_read),
        };

        return unit_run("fold", tests);
}
