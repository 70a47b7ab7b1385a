/* test_scan.c - the quick reader of entries says what canon_parse() says, about each of thousands of changed entries. */
#include "core/journal/canon.h"
#include "core/journal/scan.h"

#include "unit.h"

static const char *const seeds[] = {
        "{\"at\":1767225600000000,\"note\":{\"a\":-1,\"b\":[1,2,{\"c\":[]}],\"d\":\"x \\\" \\\\ y\"},\"ref\":\"01960000\",\"type\":\"a.b\",\"v\":1}",
        "{\"at\":9007199254740991,\"set\":[{\"c\":{},\"id\":\"x\",\"rev\":0,\"t\":\"a\"}],\"type\":\"t\",\"v\":1}",
        "{\"\":0,\"\\\"\":1,\"#\":2,\"[\":3,\"\\\\\":4,\"]\":5,\"at\":-9007199254740991,\"type\":\"~\",\"v\":1}",
        "{\"at\":0,\"type\":\"t\",\"v\":1,\"z\":[[[[[[[[[[[[[[1]]]]]]]]]]]]]]}",
        "{\"at\":0,\"type\":\"t\",\"v\":1,\"z\":[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]}",
        "{\"at\":0,\"type\":\"t\",\"v\":1,\"z\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}",
};

/* What canon_parse() and the fields say, written the slow way. */
static bool oracle(struct str bytes)
{
        json_t *j = NULL;
        const char *type;
        bool ok;

        if (canon_parse(&j, bytes, NULL) < 0)
                return false;
        type = json_string_value(json_object_get(j, "type"));
        ok = json_is_object(j) && json_integer_value(json_object_get(j, "v")) == 1 && json_is_integer(json_object_get(j, "at")) && type && *type;
        json_decref(j);
        return ok;
}

static void same(struct str bytes)
{
        struct entry_seen seen = { 0 };
        struct err e = { 0 };
        int r = entry_scan(&seen, bytes, &e);

        if ((r == ERR_OK) != oracle(bytes))
                fail_msg("scan says %d (%s) of %.*s", r, e.text, (int)bytes.n, bytes.p);
}

static void it_says_when_and_what(void **state)
{
        struct entry_seen seen = { 0 };
        struct err e = { 0 };

        assert_ok(entry_scan(&seen, str_of(seeds[0]), &e), e);
        assert_true(seen.at == 1767225600000000 && str_is(seen.type, "a.b"));
        assert_ok(entry_scan(&seen, str_of(seeds[2]), &e), e);
        assert_true(seen.at == -9007199254740991);
        assert_int_equal(entry_scan(&seen, STR(""), &e), ERR_INPUT);
}

/* Only the top object's fields count. */
static void a_field_further_down_is_none(void **state)
{
        struct entry_seen seen;
        struct err e = { 0 };

        assert_int_equal(entry_scan(&seen, STR("{\"a\":{\"at\":1,\"type\":\"x\",\"v\":1}}"), &e), ERR_INPUT);
        assert_int_equal(entry_scan(&seen, STR("{\"at\":1,\"type\":\"x\",\"v\":2}"), &e), ERR_INPUT);
        assert_int_equal(entry_scan(&seen, STR("{\"at\":\"1\",\"type\":\"x\",\"v\":1}"), &e), ERR_INPUT);
        assert_int_equal(entry_scan(&seen, STR("{\"at\":1,\"type\":\"\",\"v\":1}"), &e), ERR_INPUT);
}

/* Each byte of each seed replaced by each character that means something, removed, doubled; each prefix. */
static void it_agrees_with_the_slow_one(void **state)
{
        static const char chars[] = "{}[]\",:\\-0129.eE atv\x1f\x7f\x80/un";

        for (size_t s = 0; s < countof(seeds); s++) {
                size_t n = strlen(seeds[s]);
                char b[256];

                same(str_of(seeds[s]));
                for (size_t i = 0; i < n; i++) {
                        same((struct str){ seeds[s], i });
                        for (size_t c = 0; c < sizeof(chars) - 1; c++) {
                                memcpy(b, seeds[s], n);
                                b[i] = chars[c];
                                same((struct str){ b, n });
                                memmove(b + i + 1, seeds[s] + i, n - i);
                                same((struct str){ b, n + 1 });
                        }
                        memcpy(b, seeds[s], n);
                        memmove(b + i, seeds[s] + i + 1, n - i - 1);
                        same((struct str){ b, n - 1 });
                }
        }
}

static void too_long_is_refused(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct entry_seen seen;
        struct err e = { 0 };

        buf_text(&b, "{\"at\":1,\"type\":\"");
        while (b.n < ENTRY_MAX - 8)
                buf_char(&b, 'x');
        buf_text(&b, "\",\"v\":1}");
        same(buf_view(&b));
        assert_ok(entry_scan(&seen, buf_view(&b), &e), e);
        buf_clear(&b);
        buf_text(&b, "{\"at\":1,\"type\":\"");
        while (b.n < ENTRY_MAX - 7)
                buf_char(&b, 'x');
        buf_text(&b, "\",\"v\":1}");
        assert_int_equal(entry_scan(&seen, buf_view(&b), &e), ERR_TOO_BIG);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(it_says_when_and_what), cmocka_unit_test(a_field_further_down_is_none),
                cmocka_unit_test(it_agrees_with_the_slow_one), cmocka_unit_test(too_long_is_refused),
        };

        return unit_run("scan", tests);
}
