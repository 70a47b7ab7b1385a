/* A notice as a line of RFC 5424: nothing in it ends the structured data or the line; what the office hands over is held against its form. */
#include "core/notice/syslog.h"

#include "unit.h"

static void it_looks_like_this(void **state)
{
        struct notice_item n = { .id = 7, .key = "notice.waiting", .ref = "r", .at = 20544 * UTIME_DAY, .args = { { "N-1", "N-1" }, { "様式", "Form" } }, .args_count = 2 };
        scoped(buf_done) struct buf out = BUF_INIT, framed = BUF_INIT;

        syslog_format(&out, &n, "-", false);
        assert_text(out.p, "<133>1 2026-04-01T00:00:00.000000Z - sekisho-courier - notice.waiting [notice@32473 ref=\"r\" id=\"7\"] Waiting for you: Form (N-1)");
        syslog_frame(&framed, STR("abc"));
        assert_text(framed.p, "3 abc");
        buf_clear(&out);
        n.urgent = true;
        n.args[1][LANG_EN] = "様式";
        syslog_format(&out, &n, "h\xc3\xa9 x", true);
        assert_text(out.p, "<129>1 2026-04-01T00:00:00.000000Z h???x sekisho-courier - notice.waiting [notice@32473 ref=\"r\" id=\"7\"] \xef\xbb\xbf[練習 practice] Waiting for you: 様式 (N-1)");
}

static void nothing_breaks_out(void **state)
{
        struct notice_item n = { .id = 7, .key = "notice.waiting", .ref = "a\"] x\\\n", .args = { { "1\n<13>1 forged", "1\n<13>1 forged" }, { "\x01\x7f", "\x01\x7f" } }, .args_count = 2 };
        scoped(buf_done) struct buf out = BUF_INIT;

        syslog_format(&out, &n, "-", false);
        assert_null(strpbrk(out.p, "\n\r\x01\x7f"));
        assert_non_null(strstr(out.p, "ref=\"a\\\"\\] x\\\\?\" id"));
}

static void what_is_no_notice_is_refused(void **state)
{
        static const struct { const char *json; bool good; } cases[] = {
                { "{\"id\":1,\"tag\":\"0123456789abcdef\",\"at\":\"2026-04-01T00:00:00Z\",\"link\":\"l\",\"body\":{\"key\":\"k\",\"ref\":\"r\",\"args\":[]}}", true },
                { "{\"id\":1,\"tag\":\"0123456789abcdef\",\"at\":\"2026-04-01T00:00:00Z\",\"link\":\"l\",\"body\":{\"key\":\"k\",\"ref\":\"r\",\"args\":[{\"ja\":\"x\",\"en\":\"y\"},\"z\"]},"
                  "\"receivers\":[{\"who\":\"p\",\"mail\":\"\",\"lang\":\"en\"}]}", true },
                { "{}", false },
                { "[]", false },
                { "{\"id\":0,\"tag\":\"0123456789abcdef\",\"at\":\"2026-04-01T00:00:00Z\",\"link\":\"l\",\"body\":{\"key\":\"k\",\"ref\":\"r\",\"args\":[]}}", false },
                { "{\"id\":1,\"tag\":\"012\",\"at\":\"2026-04-01T00:00:00Z\",\"link\":\"l\",\"body\":{\"key\":\"k\",\"ref\":\"r\",\"args\":[]}}", false },
                { "{\"id\":1,\"tag\":\"0123456789abcdef\",\"at\":\"yesterday\",\"link\":\"l\",\"body\":{\"key\":\"k\",\"ref\":\"r\",\"args\":[]}}", false },
                { "{\"id\":1,\"tag\":\"0123456789abcdef\",\"at\":\"2026-04-01T00:00:00Z\",\"link\":\"l\",\"body\":{\"key\":\"k\",\"ref\":\"r\",\"args\":[1]}}", false },
                { "{\"id\":1,\"tag\":\"0123456789abcdef\",\"at\":\"2026-04-01T00:00:00Z\",\"link\":\"l\",\"body\":{\"key\":\"k\",\"ref\":\"r\",\"args\":[\"\",\"\",\"\",\"\",\"\"]}}", false },
                { "{\"id\":1,\"tag\":\"0123456789abcdef\",\"at\":\"2026-04-01T00:00:00Z\",\"link\":\"l\",\"body\":{\"key\":\"k\",\"args\":[]}}", false },
                { "{\"id\":1,\"tag\":\"0123456789abcdef\",\"at\":\"2026-04-01T00:00:00Z\",\"link\":\"l\",\"body\":{\"key\":\"k\",\"ref\":\"r\",\"args\":[]},\"receivers\":[{\"who\":\"p\"}]}", false },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct arena a = ARENA_INIT;
                struct notice_item n;
                struct err e = { 0 };
                json_t *o = json_loads(cases[i].json, 0, NULL);
                int r = notice_item_read(&n, o, &a, &e);

                assert_non_null(o);
                if ((r == ERR_OK) != cases[i].good)
                        fail_msg("%s: %d %s", cases[i].json, r, e.text);
                json_decref(o);
                arena_done(&a);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(it_looks_like_this),
                cmocka_unit_test(nothing_breaks_out),
                cmocka_unit_test(what_is_no_notice_is_refused),
        };

        return unit_run("notice_syslog", tests);
}
