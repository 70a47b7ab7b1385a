/* Documents on A4: what is taken, where lines and pages end, and that the same document is the same file. */
#include <time.h>

#include "core/paper/lay.h"
#include "core/paper/make.h"
#include "server/render/kinds.h"

#include "unit.h"

SCOPED(json_decref, json_t *)

/* Full width but for ASCII: as IPAex has it, and without a font. */
static int wide(const void *ctx, enum paper_font font, struct paper_char c)
{
        (void)ctx, (void)font;
        return c.base < 0x80 ? 500 : 1000;
}

static const struct paper_metrics metrics = { wide, NULL };

/* ---- lines ---- */

/* Lines of `text` at `chars` full characters, joined by '|'. */
static const char *broken(struct buf *out, const char *text, int chars)
{
        struct str rest = str_of(text);
        struct paper_line line;

        buf_clear(out);
        while (paper_line_next(&line, &rest, PAPER_MINCHO, 1000, chars * 1000, &metrics)) {
                buf_text(out, out->n ? "|" : "");
                buf_str(out, line.text);
        }
        return out->p ? out->p : "";
}

static void lines_end_where_they_may(void **state)
{
        static const struct { const char *name, *text; int chars; const char *want; } cases[] = {
                { "a full stop takes its character along", "あいうえお。かき", 5, "あいう え|お。かき" },
                { "so does a comma in the middle of a clause", "許可し、利用する", 3, "許可|し、利|用する" },
                { "a closing bracket never begins a line", "「承認」する", 3, "「承|認」す|る" },
                { "an opening bracket never ends one", "次の「様式」を", 3, "次の|「様|式」を" },
                { "brackets within brackets", "あ（「い」）。う", 6, "あ|（「い」）。|う" },
                { "small kana stays with what it belongs to", "やってみちゃった", 3, "やって|み|ちゃっ|た" },
                { "a long sound too", "データー形式", 3, "デー|ター形|式" },
                { "an ellipsis is one", "あい……う", 3, "あい|……う" },
                { "a word is not cut", "あい server う", 5, "あい|server う" },
                { "a date neither", "期限は2026-04-01です", 6, "期限は|2026-04-01で|す" },
                { "a number with its sign", "割合は100％です", 5, "割合は|100％です" },
                { "an address may end at a slash", "https://a.example/bcdef", 9, "https://a.example/|bcdef" },
                { "a hash longer than a line is cut where it must be", "0123456789abcdef", 3, "012345|6789ab|cdef" },
                { "a line end is one", "あ\n\nい", 5, "あ||い" },
                { "blanks hang", "あいう　　えお", 3, "あいう|えお" },
                { "nothing but what may not begin a line", "。。。。。", 2, "。。|。。|。" },
                { "one character wider than the line", "あい", 0, "あ|い" },
                { "nothing", "", 3, "" },
        };
        scoped(buf_done) struct buf got = BUF_INIT;

        for (size_t i = 1; i < countof(cases); i++)
                if (strcmp(broken(&got, cases[i].text, cases[i].chars), cases[i].want) != 0)
                        fail_msg("%s: got %s, wanted %s", cases[i].name, got.p, cases[i].want);
}

/* Whatever the width: no line begins or ends with what it may not, and no character is lost. */
static void a_nasty_paragraph_keeps_the_rules_at_every_width(void **state)
{
        static const char text[] = "「利用者（受託者を含む。）」は、外部サービス（ＳａａＳ等）の利用に当たって、次の（１）から（３）までの「全て」を満たすこと。ただし、"
                                   "ＩＳＭＡＰ・ISO/IEC27001等の認証（有効なもの）があるときは、この限りでない……と、「ちょっと」言われても、￥1,000の「〃」は？！髙橋・葛󠄀城、ッャュョ々。";
        scoped(buf_done) struct buf all = BUF_INIT;

        for (int width = 10; width < 60; width++) {
                struct str rest = str_of(text), before = STR("");
                struct paper_line line;

                buf_clear(&all);
                while (paper_line_next(&line, &rest, PAPER_MINCHO, 1000, width * 1000, &metrics)) {
                        struct str at = line.text;
                        uint32_t last = 0, first;

                        assert_true(line.text.n && line.width <= width * 1000);
                        first = paper_char_next(&(struct str){ line.text.p, line.text.n }).base;
                        while (before.n)
                                last = paper_char_next(&before).base;
                        if (last && !paper_may_break(last, first))
                                fail_msg("width %d: a line ends with U+%04X and the next begins with U+%04X", width, last, first);
                        before = at;
                        buf_str(&all, line.text);
                }
                assert_string_equal(all.p, text);
        }
}

static void characters_are_read_with_their_selectors(void **state)
{
        struct str s = STR("葛󠄀a𠮷\xff\xe3\x81");
        struct paper_char c = paper_char_next(&s);

        assert_int_equal(c.base, 0x845b);
        assert_int_equal(c.variant, 0xe0100);
        assert_int_equal(paper_char_next(&s).base, 'a');
        assert_int_equal(paper_char_next(&s).base, 0x20bb7);
        while (s.n)                               /* what is no UTF-8 ends all the same */
                (void)paper_char_next(&s);
}

/* ---- pages ---- */

static json_t *table_of(int rows, int lines)
{
        struct paper_maker m;
        scoped(buf_done) struct buf cell = BUF_INIT;

        for (int i = 0; i < lines; i++)
                buf_printf(&cell, "%s行%d", i ? "\n" : "", i + 1);
        paper_make(&m);
        paper_put(&m, "title", STR("台帳"));
        paper_put(&m, "lang", STR("ja"));
        paper_put(&m, "made_at", STR("20260401000000"));
        paper_heading(&m, 1, STR("表"));
        paper_table(&m);
        paper_column(&m, "見出し一", 30, PAPER_LEFT);
        paper_column(&m, "見出し二", 70, PAPER_LEFT);
        for (int i = 0; i < rows; i++) {
                paper_row(&m);
                paper_cell(&m, buf_view(&cell));
                paper_cell(&m, STR("内容"));
        }
        return paper_make_end(&m);
}

static size_t times(const struct paper_page *p, const char *text)
{
        size_t n = 0;

        for (size_t i = 0; i < p->n; i++)
                n += p->marks[i].kind == PAPER_SAYS && str_is(p->marks[i].text, text);
        return n;
}

static void lay(struct paper_pages *pages, struct paper *p, json_t *j)
{
        struct err e = { 0 };

        assert_ok(paper_take(p, j, &e), e);
        assert_ok(paper_lay(pages, p, &metrics, &e), e);
}

static void no_row_is_cut_and_each_page_has_the_header(void **state)
{
        scoped(json_decref) json_t *j = table_of(100, 4);
        scoped(paper_done) struct paper p = PAPER_INIT;
        scoped(paper_pages_done) struct paper_pages pages = PAPER_PAGES_INIT;
        size_t rows = 0;

        lay(&pages, &p, j);
        assert_true(pages.n > 5);
        for (size_t i = 0; i < pages.n; i++) {
                size_t first = times(&pages.pages[i], "行1");

                assert_int_equal(times(&pages.pages[i], "見出し一"), 1);
                assert_int_equal(times(&pages.pages[i], "行4"), first);
                rows += first;
        }
        assert_int_equal(rows, 100);
}

static void a_row_longer_than_a_page_goes_on_over_pages(void **state)
{
        scoped(json_decref) json_t *j = table_of(1, 200);
        scoped(paper_done) struct paper p = PAPER_INIT;
        scoped(paper_pages_done) struct paper_pages pages = PAPER_PAGES_INIT;
        size_t seen = 0;

        lay(&pages, &p, j);
        assert_true(pages.n > 3);
        for (int i = 1; i <= 200; i++) {
                char text[16];

                (void)snprintf(text, sizeof(text), "行%d", i);
                for (size_t k = 0; k < pages.n; k++)
                        seen += times(&pages.pages[k], text);
        }
        assert_int_equal(seen, 200);
}

static void everything_stands_within_the_margins(void **state)
{
        scoped(json_decref) json_t *j = table_of(80, 3);
        scoped(paper_done) struct paper p = PAPER_INIT;
        scoped(paper_pages_done) struct paper_pages pages = PAPER_PAGES_INIT;

        lay(&pages, &p, j);
        for (size_t i = 0; i < pages.n; i++)
                for (size_t k = 0; k < pages.pages[i].n; k++) {
                        const struct paper_mark *m = &pages.pages[i].marks[k];

                        assert_true(m->x >= 5600 && m->x <= pages.width - 5600 && m->y >= 4000 && m->y <= pages.height - 3800);
                }
}

/* ---- what is taken ---- */

#define DOC(members) "{\"sekisho-paper\":1,\"title\":\"t\",\"lang\":\"ja\",\"made_at\":\"20260401000000\"," members "}"
#define BLOCK(b)     DOC("\"blocks\":[" b "]")

static void what_is_no_paper_is_refused_with_its_place(void **state)
{
        static const struct { const char *json, *key, *where, *what; } cases[] = {
                { "", "paper.json", "paper", "JSON" },
                { "[]", "paper.json", "paper", "{}" },
                { DOC("\"blocks\":[],\"blocks\":[]"), "paper.json", "paper", "JSON" },
                { DOC("\"blocks\":[],\"script\":\"x\""), "paper.json", "paper", "script" },
                { "{\"sekisho-paper\":2,\"title\":\"t\",\"lang\":\"ja\",\"made_at\":\"20260401000000\",\"blocks\":[]}", "paper.json", "paper", "sekisho-paper" },
                { "{\"sekisho-paper\":1,\"lang\":\"ja\",\"made_at\":\"20260401000000\",\"blocks\":[]}", "paper.json", "paper", "title" },
                { "{\"sekisho-paper\":1,\"title\":\"t\",\"lang\":\"ja\",\"made_at\":\"today\",\"blocks\":[]}", "paper.json", "paper", "made_at" },
                { DOC("\"head\":[[\"a\"]],\"blocks\":[]"), "paper.json", "paper", "rows" },
                { BLOCK("{\"kind\":\"image\"}"), "paper.json", "blocks[0]", "kind" },
                { BLOCK("{\"kind\":\"break\"},{\"kind\":\"heading\",\"text\":\"x\",\"level\":4}"), "paper.json", "blocks[1]", "level" },
                { BLOCK("{\"kind\":\"text\",\"text\":\"x\",\"align\":\"justify\"}"), "paper.json", "blocks[0]", "align" },
                { BLOCK("{\"kind\":\"table\",\"columns\":[],\"rows\":[]}"), "paper.json", "blocks[0]", "columns" },
                { BLOCK("{\"kind\":\"table\",\"columns\":[{\"title\":\"a\",\"width\":1}],\"rows\":[[\"a\",\"b\"]]}"), "paper.json", "blocks[0]", "rows" },
                { BLOCK("{\"kind\":\"table\",\"columns\":[{\"title\":\"a\",\"width\":0}],\"rows\":[]}"), "paper.json", "blocks[0]", "width" },
                { BLOCK("{\"kind\":\"pairs\",\"rows\":[[\"a\",1]]}"), "paper.json", "blocks[0]", "rows" },
                { BLOCK("{\"kind\":\"text\",\"text\":\"a\\u0000b\"}"), "paper.json", "paper", "JSON" },
                { BLOCK("{\"kind\":\"seals\",\"titles\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\"]}"), "paper.big", "blocks[0]", "titles" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(paper_done) struct paper p = PAPER_INIT;
                struct err e = { 0 };

                assert_true(paper_parse(&p, str_of(cases[i].json), &e) < 0);
                if (strcmp(e.key, cases[i].key) != 0 || strcmp(e.args[0], cases[i].where) != 0 || strcmp(e.args[1], cases[i].what) != 0)
                        fail_msg("%s: %s %s %s", cases[i].json, e.key, e.args[0], e.args[1]);
        }
}

static void limits_hold(void **state)
{
        scoped(buf_done) struct buf in = BUF_INIT;
        scoped(paper_done) struct paper p = PAPER_INIT;
        struct err e = { 0 };

        buf_text(&in, "{\"sekisho-paper\":1,\"title\":\"t\",\"lang\":\"ja\",\"made_at\":\"20260401000000\",\"blocks\":[{\"kind\":\"break\"}");
        for (int i = 0; i < PAPER_BLOCKS_MAX; i++)
                buf_text(&in, ",{\"kind\":\"break\"}");
        buf_text(&in, "]}");
        assert_int_equal(paper_parse(&p, buf_view(&in), &e), ERR_TOO_BIG);
        assert_string_equal(e.key, "paper.big");
}

static void a_column_without_room_is_refused_not_laid_for_ever(void **state)
{
        struct paper_maker m;
        scoped(json_decref) json_t *j = NULL;
        scoped(paper_done) struct paper p = PAPER_INIT;
        scoped(paper_pages_done) struct paper_pages pages = PAPER_PAGES_INIT;
        scoped(buf_done) struct buf title = BUF_INIT;
        struct err e = { 0 };

        for (int i = 0; i < 130; i++)
                buf_text(&title, "長");
        paper_make(&m);
        paper_put(&m, "title", STR("t"));
        paper_put(&m, "lang", STR("ja"));
        paper_put(&m, "made_at", STR("20260401000000"));
        paper_table(&m);
        paper_column(&m, title.p, 1, PAPER_LEFT);
        paper_column(&m, "b", 1000, PAPER_LEFT);
        paper_row(&m);
        paper_cell(&m, STR("あ"));
        paper_cell(&m, STR("い"));
        j = paper_make_end(&m);
        assert_ok(paper_take(&p, j, &e), e);
        assert_int_equal(paper_lay(&pages, &p, &metrics, &e), ERR_INPUT);
        assert_string_equal(e.key, "paper.narrow");
}

static void plain_text_says_the_same(void **state)
{
        static const char json[] = DOC("\"mark\":\"練習\",\"dated\":\"令和8年4月1日\",\"head\":[[\"受付番号\",\"X-1\"]],\"blocks\":[{\"kind\":\"heading\",\"text\":\"記\"},"
                                       "{\"kind\":\"text\",\"text\":\"本文\",\"indent\":1},{\"kind\":\"pairs\",\"rows\":[[\"期限\",\"4月\\n2日\"]]},"
                                       "{\"kind\":\"table\",\"columns\":[{\"title\":\"a\",\"width\":1},{\"title\":\"b\",\"width\":1}],\"rows\":[[\"1\",\"2\"]]},"
                                       "{\"kind\":\"checks\",\"rows\":[[\"yes\",\"済\"],[\"no\",\"未\"]]},{\"kind\":\"seals\",\"titles\":[\"課長\"]},"
                                       "{\"kind\":\"receipt\",\"rows\":[[\"記録\",\"1\"]]}]");
        scoped(paper_done) struct paper p = PAPER_INIT;
        scoped(buf_done) struct buf out = BUF_INIT;
        struct err e = { 0 };

        assert_ok(paper_parse(&p, str_of(json), &e), e);
        paper_plain(&out, &p);
        assert_string_equal(out.p, "【練習】\n受付番号 X-1\n令和8年4月1日\nt\n\n\n■ 記\n　本文\n期限：4月 2日\na\tb\n1\t2\n☑ 済\n□ 未\n");
}

/* ---- the file ---- */

static void the_same_paper_is_the_same_file(void **state)
{
        scoped(json_decref) json_t *j = table_of(50, 2);
        scoped(buf_done) struct buf a = BUF_INIT, b = BUF_INIT;
        char *text = json_dumps(j, JSON_COMPACT);
        struct err e = { 0 };

        paper_prepare();
        assert_ok(paper_to_pdf(&a, str_of(text), &e), e);
        assert_int_equal(setenv("SOURCE_DATE_EPOCH", "1", 1), 0);
        assert_int_equal(setenv("LC_ALL", "ja_JP.UTF-8", 1), 0);
        assert_int_equal(setenv("TZ", "Asia/Tokyo", 1), 0);
        assert_ok(paper_to_pdf(&b, str_of(text), &e), e);
        free(text);
        assert_true(a.n > 5000 && a.n == b.n && memcmp(a.p, b.p, a.n) == 0);
        assert_true(str_starts(buf_view(&a), "%PDF-1."));
        assert_non_null(strstr(a.p + a.n - 8, "%%EOF"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(lines_end_where_they_may),
                cmocka_unit_test(a_nasty_paragraph_keeps_the_rules_at_every_width),
                cmocka_unit_test(characters_are_read_with_their_selectors),
                cmocka_unit_test(no_row_is_cut_and_each_page_has_the_header),
                cmocka_unit_test(a_row_longer_than_a_page_goes_on_over_pages),
                cmocka_unit_test(everything_stands_within_the_margins),
                cmocka_unit_test(what_is_no_paper_is_refused_with_its_place),
                cmocka_unit_test(limits_hold),
                cmocka_unit_test(a_column_without_room_is_refused_not_laid_for_ever),
                cmocka_unit_test(plain_text_says_the_same),
                cmocka_unit_test(the_same_paper_is_the_same_file),
        };

        return unit_run("paper", tests);
}
