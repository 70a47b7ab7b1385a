/* A notice as mail: whatever stands in it, the headers are ours, the lines are short, and the words come back as they were. */
#include "core/notice/mail.h"

#include "base/codec.h"
#include "core/notice/letter.h"

#include "unit.h"

static const struct mail plain = {
        .from = "sekisho@city.example", .from_name = "", .to = "suzuki@city.example", .host = "sekisho.city.example", .id = "7.0123abcd",
        .subject = STR("hello"), .body = STR("line\n"), .at = 20544 * UTIME_DAY, .lang = LANG_EN,
};

static const char *format(struct buf *out, struct mail m)
{
        struct err e = { 0 };

        buf_clear(out);
        assert_ok(mail_format(out, &m, &e), e);
        return buf_view(out).p;
}

static void addresses_are_plain_or_refused(void **state)
{
        static const struct { const char *address; bool good; } cases[] = {
                { "a@b", true },                { "sato.taro+x@city.example.jp", true }, { "a_b@x-y.example", true },
                { "", false },                  { "a", false },                          { "@b", false },                  { "a@", false },
                { "a@b@c", false },             { ".a@b", false },                       { "a..b@c", false },              { "a.@b", false },
                { "a b@c", false },             { "a@b c", false },                      { "a@b\r\nRCPT TO:<x@y>", false }, { "a\n@b", false },
                { "\"a\"@b", false },           { "<a@b>", false },                      { "a@[127.0.0.1]", false },       { "佐藤@b", false },
                { "a@-b", false },              { "a@b.", false },                       { "a,c@b", false },               { "a@b>", false },
        };

        for (size_t i = 0; i < countof(cases); i++)
                if (mail_address_ok(str_of(cases[i].address)) != cases[i].good)
                        fail_msg("'%s': want %s", cases[i].address, cases[i].good ? "an address" : "none");
}

static void nothing_begins_a_header_of_its_own(void **state)
{
        static const char *const evil[] = { "x\r\nBcc: all@city.example", "x\nX: y\n\nbody", "=?UTF-8?B?eA==?=", "x\r\n\r\n.", "\x7f\x01", "x\r" };
        scoped(buf_done) struct buf out = BUF_INIT;

        for (size_t i = 0; i < 3 * countof(evil); i++) {
                struct mail m = plain;
                size_t headers = 0;
                const char *text;

                m.subject = i % 3 == 0 ? str_of(evil[i / 3]) : m.subject;
                m.from_name = i % 3 == 1 ? evil[i / 3] : "";
                m.body = i % 3 == 2 ? str_of(evil[i / 3]) : m.body;
                text = format(&out, m);
                for (const char *line = text; *line && *line != '\r'; line = strstr(line, "\r\n") + 2) {
                        assert_non_null(strstr(line, "\r\n"));
                        headers += *line != ' ';
                        assert_true(strncmp(line, "Bcc", 3) != 0 && strncmp(line, "X:", 2) != 0);
                }
                assert_int_equal(headers, 12);
        }
}

static void lines_are_short_and_ascii(void **state)
{
        scoped(buf_done) struct buf out = BUF_INIT, words = BUF_INIT;
        struct mail m = plain;

        for (size_t n = 0; n < 200; n++) {
                size_t run = 0;

                buf_text(&words, n % 3 ? "関" : "a");
                m.subject = m.body = buf_view(&words);
                m.from_name = buf_view(&words).p;
                for (const char *p = format(&out, m); *p; p++) {
                        run = *p == '\n' ? 0 : run + 1;
                        if (run > 79 || *p & 0x80 || (*p == '\n' && p[-1] != '\r'))
                                fail_msg("%zu characters: a line of %zu, or a byte that is none: %s", n, run, out.p);
                }
        }
}

/* What the encoded words of the subject say, put together again. */
static void read_subject(struct buf *out, const char *mail)
{
        const char *p = strstr(mail, "\r\nSubject: ") + strlen("\r\nSubject: ");
        uint8_t room[100];
        size_t n;

        if (strncmp(p, "=?", 2) != 0) {
                buf_add(out, p, strcspn(p, "\r"));
                return;
        }
        for (; strncmp(p, "=?UTF-8?B?", 10) == 0; p = strncmp(p, "\r\n ", 3) == 0 ? p + 3 : p) {
                const char *end = strstr(p += 10, "?=");

                assert_true(end && base64_decode((struct str){ p, (size_t)(end - p) }, room, sizeof(room), &n));
                assert_true(utf8_ok((struct str){ (char *)room, n })); /* no word ends within a character */
                buf_add(out, room, n);
                p = end + 2;
        }
}

static void words_come_back(void **state)
{
        static const char *const subjects[] = { "hello", "【関所市 関所】承認待ち：庁内ネットワークへの接続（SHI-NET-R8-0001）", "𠮷野家 〓", "a関b所c", "" };
        scoped(buf_done) struct buf out = BUF_INIT;

        for (size_t i = 0; i < countof(subjects); i++) {
                scoped(buf_done) struct buf got = BUF_INIT;
                struct mail m = plain;

                m.subject = str_of(subjects[i]);
                read_subject(&got, format(&out, m));
                assert_text(buf_view(&got).p, subjects[i]);
        }
}

static void it_looks_like_this(void **state)
{
        scoped(buf_done) struct buf out = BUF_INIT;
        struct mail m = plain;

        m.from_name = "City";
        assert_text(format(&out, m),
                    "Date: Wed, 1 Apr 2026 09:00:00 +0900\r\nFrom: \"City\" <sekisho@city.example>\r\nTo: <suzuki@city.example>\r\nSubject: hello\r\n"
                    "Message-ID: <7.0123abcd@sekisho.city.example>\r\nList-Id: <sekisho.sekisho.city.example>\r\nAuto-Submitted: auto-generated\r\n"
                    "X-Auto-Response-Suppress: All\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n"
                    "Content-Language: en\r\n\r\nbGluZQ0K\r\n");
}

static const struct notice_item one = { .id = 7, .tag = "0123456789abcdef", .key = "notice.waiting", .ref = "r", .link = "https://h/applications/r",
                                        .args = { { "N-1", "N-1" }, { "様式", "Form" }, { "税務課", "Tax" } }, .args_count = 3 };
static const struct notice_item two = { .id = 8, .tag = "fedcba9876543210", .key = "notice.test", .ref = "", .link = "https://h/" };

static void a_letter_says_what_and_where(void **state)
{
        const struct notice_item *items[] = { &one, &two };
        scoped(buf_done) struct buf ja = BUF_INIT, en = BUF_INIT, many = BUF_INIT, body = BUF_INIT;

        letter_subject(&ja, items, 1, "関所市", LANG_JA);
        assert_text(ja.p, "【関所市 関所】承認待ち：様式（N-1）");
        letter_subject(&en, items, 1, "Seki", LANG_EN);
        assert_text(en.p, "[Sekisho Seki] Waiting for you: Form (N-1)");
        letter_subject(&many, items, 2, "関所市", LANG_JA);
        assert_text(many.p, "【関所市 関所】お知らせ 2 件");
        letter_body(&body, items, 2, "関所市", LANG_JA);
        assert_non_null(strstr(body.p, "1. 承認待ち：様式（N-1）\n   https://h/applications/r\n"));
        assert_non_null(strstr(body.p, "2. 試しの通知\n   https://h/\n"));
}

static void the_same_letter_has_the_same_number(void **state)
{
        const struct notice_item *a[] = { &one, &two };
        struct notice_item other = one;
        const struct notice_item *b[] = { &other };
        struct buf ids[5] = { { 0 } };

        letter_id(&ids[0], a, 1, "p");
        letter_id(&ids[1], b, 1, "p");
        assert_text(ids[0].p, ids[1].p);
        letter_id(&ids[2], a, 2, "p");
        letter_id(&ids[3], a, 1, "q");
        memcpy(other.tag, "0123456789abcdee", NOTICE_TAG);
        letter_id(&ids[4], b, 1, "p");
        for (size_t i = 2; i < countof(ids); i++)
                assert_true(strcmp(ids[0].p, ids[i].p) != 0);
        for (size_t i = 0; i < countof(ids); i++)
                buf_done(&ids[i]);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(addresses_are_plain_or_refused),
                cmocka_unit_test(nothing_begins_a_header_of_its_own),
                cmocka_unit_test(lines_are_short_and_ascii),
                cmocka_unit_test(words_come_back),
                cmocka_unit_test(it_looks_like_this),
                cmocka_unit_test(a_letter_says_what_and_where),
                cmocka_unit_test(the_same_letter_has_the_same_number),
        };

        return unit_run("notice_mail", tests);
}
