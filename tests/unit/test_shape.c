/* JSON in and out: every member by name, every text in NFC, every refusal with the words that the person needs. */
#include "server/office/api/shape.h"

#include "unit.h"

static const struct member members[] = { { "name", MEMBER_TEXT, 12 }, { "rev", MEMBER_INT, 0 }, { "answers", MEMBER_OBJECT, 0 } };

static void a_body_is_taken_whole_or_refused_by_name(void **state)
{
        static const struct { const char *name, *body, *want; } cases[] = {
                { "as it should be", "{\"name\":\"a\",\"rev\":7,\"answers\":{}}", "a 7" },
                { "in another order, with blanks", " { \"answers\" : {} , \"rev\" : -7 , \"name\" : \"\" } ", " -7" },
                { "escaped", "{\"name\":\"\\u3042\",\"rev\":1,\"answers\":{}}", "あ 1" },
                { "composed on the way", "{\"name\":\"\xe3\x81\x8b\xe3\x82\x99\",\"rev\":1,\"answers\":{}}", "が 1" },
                { "surrogate pair", "{\"name\":\"\\ud842\\udfb7\",\"rev\":1,\"answers\":{}}", "𠮷 1" },
                { "nothing", "", "common.json.bad" },
                { "blanks", "  ", "common.json.bad" },
                { "a list", "[]", "common.json.bad" },
                { "a text", "\"x\"", "common.json.bad" },
                { "null", "null", "common.json.bad" },
                { "cut", "{\"name\":\"a\",\"rev\":7,\"answers\":{}", "common.json.bad" },
                { "something behind", "{\"name\":\"a\",\"rev\":7,\"answers\":{}}x", "common.json.bad" },
                { "two of them", "{\"name\":\"a\",\"rev\":7,\"answers\":{}}{}", "common.json.bad" },
                { "comma at the end", "{\"name\":\"a\",\"rev\":7,\"answers\":{},}", "common.json.bad" },
                { "single quotes", "{'name':'a','rev':7,'answers':{}}", "common.json.bad" },
                { "a comment", "{/**/\"name\":\"a\",\"rev\":7,\"answers\":{}}", "common.json.bad" },
                { "byte order mark", "\xef\xbb\xbf{\"name\":\"a\",\"rev\":7,\"answers\":{}}", "common.json.bad" },
                { "a key twice", "{\"name\":\"a\",\"name\":\"b\",\"rev\":7,\"answers\":{}}", "common.json.bad" },
                { "a key twice, once escaped", "{\"name\":\"a\",\"n\\u0061me\":\"b\",\"rev\":7,\"answers\":{}}", "common.json.bad" },
                { "a key twice further in", "{\"name\":\"a\",\"rev\":7,\"answers\":{\"x\":\"1\",\"x\":\"2\"}}", "common.json.bad" },
                { "NUL in a text", "{\"name\":\"a\\u0000b\",\"rev\":7,\"answers\":{}}", "common.json.bad" },
                { "NUL in a key", "{\"na\\u0000me\":\"a\",\"rev\":7,\"answers\":{}}", "common.json.bad" },
                { "half a surrogate", "{\"name\":\"\\ud842\",\"rev\":7,\"answers\":{}}", "common.json.bad" },
                { "surrogates the wrong way", "{\"name\":\"\\udfb7\\ud842\",\"rev\":7,\"answers\":{}}", "common.json.bad" },
                { "not UTF-8", "{\"name\":\"\xff\",\"rev\":7,\"answers\":{}}", "common.json.bad" },
                { "overlong UTF-8", "{\"name\":\"\xc0\xaf\",\"rev\":7,\"answers\":{}}", "common.json.bad" },
                { "a number beyond doubles", "{\"name\":\"a\",\"rev\":1e400,\"answers\":{}}", "common.json.bad" },
                { "a number beyond 64 bits", "{\"name\":\"a\",\"rev\":9223372036854775808,\"answers\":{}}", "common.json.bad" },
                { "a leading zero", "{\"name\":\"a\",\"rev\":07,\"answers\":{}}", "common.json.bad" },
                { "not a number", "{\"name\":\"a\",\"rev\":NaN,\"answers\":{}}", "common.json.bad" },
                { "a fraction", "{\"name\":\"a\",\"rev\":7.0,\"answers\":{}}", "common.member.type rev" },
                { "an exponent", "{\"name\":\"a\",\"rev\":7e0,\"answers\":{}}", "common.member.type rev" },
                { "a number as text", "{\"name\":\"a\",\"rev\":\"7\",\"answers\":{}}", "common.member.type rev" },
                { "true", "{\"name\":\"a\",\"rev\":true,\"answers\":{}}", "common.member.type rev" },
                { "null in a member", "{\"name\":null,\"rev\":7,\"answers\":{}}", "common.member.type name" },
                { "a list in a member", "{\"name\":\"a\",\"rev\":7,\"answers\":[]}", "common.member.type answers" },
                { "an object as text", "{\"name\":{},\"rev\":7,\"answers\":{}}", "common.member.type name" },
                { "a member missing", "{\"name\":\"a\",\"answers\":{}}", "common.member.missing rev" },
                { "an unknown member", "{\"name\":\"a\",\"rev\":7,\"answers\":{},\"admin\":true}", "common.member.unknown " },
                { "a name of another case", "{\"Name\":\"a\",\"rev\":7,\"answers\":{}}", "common.member.unknown " },
                { "prototype", "{\"__proto__\":{},\"name\":\"a\",\"rev\":7,\"answers\":{}}", "common.member.unknown " },
                { "twelve bytes", "{\"name\":\"123456789012\",\"rev\":7,\"answers\":{}}", "123456789012 7" },
                { "thirteen bytes", "{\"name\":\"1234567890123\",\"rev\":7,\"answers\":{}}", "common.member.long name" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                scoped(json_decref) json_t *doc = NULL;
                struct member_value v[countof(members)] = { 0 };
                struct err e = { 0 };
                char got[200];
                int r = shape_read(&doc, v, str_of(cases[i].body), members, countof(members), &a, &e);

                if (r == ERR_OK)
                        (void)snprintf(got, sizeof(got), "%.*s %lld", (int)v[0].text.n, v[0].text.p, (long long)v[1].i);
                else
                        (void)snprintf(got, sizeof(got), "%s%s%s", e.key, strcmp(e.key, "common.json.bad") == 0 ? "" : " ", e.field);
                if (strcmp(got, cases[i].want) != 0 || (r < 0 && r != ERR_INPUT))
                        fail_msg("%s: got '%s', want '%s'", cases[i].name, got, cases[i].want);
        }
}

static void depth_has_an_end(void **state)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(buf_done) struct buf b = BUF_INIT;
        json_t *doc = NULL;
        struct member_value v[countof(members)];
        struct err e = { 0 };

        buf_text(&b, "{\"answers\":");
        for (int i = 0; i < 30000; i++)
                buf_char(&b, '[');
        assert_int_equal(shape_read(&doc, v, buf_view(&b), members, countof(members), &a, &e), ERR_INPUT);
        assert_text(e.key, "common.json.bad");
        assert_null(doc);
}

/* What was cut to fit into the error may end in the middle of a character; the answer must still say it. */
static void an_error_keeps_its_words_when_they_were_cut(void **state)
{
        for (size_t lead = 0; lead < 4; lead++) {
                scoped(json_decref) json_t *o = NULL;
                scoped(buf_done) struct buf name = BUF_INIT;
                const char *arg, *field;
                struct err e;

                for (size_t i = 0; i < lead; i++)
                        buf_char(&name, 'a');
                for (int i = 0; i < 100; i++)
                        buf_text(&name, "端");
                (void)err_key(&e, ERR_INPUT, "common.member.unknown", name.p, name.p, NULL);
                o = json_err(&e, ERR_INPUT);
                assert_non_null(o);
                arg = json_string_value(json_array_get(json_object_get(json_object_get(o, "error"), "args"), 0));
                field = json_string_value(json_object_get(json_object_get(o, "error"), "field"));
                assert_non_null(arg);
                assert_non_null(field);
                assert_true(strlen(arg) > 100 && utf8_ok(str_of(arg)) && utf8_ok(str_of(field)));
        }
}

static void an_error_without_a_key_tells_nothing_of_the_inside(void **state)
{
        scoped(json_decref) json_t *o = NULL;
        struct err e;
        char *text;

        (void)err_set(&e, ERR_IO, "/var/lib/secret: no such file");
        o = json_err(&e, ERR_IO);
        text = json_dumps(o, JSON_COMPACT | JSON_SORT_KEYS);
        assert_text(text, "{\"error\":{\"args\":[],\"key\":\"common.internal\",\"kind\":\"io\"}}");
        free(text);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_body_is_taken_whole_or_refused_by_name),
                cmocka_unit_test(depth_has_an_end),
                cmocka_unit_test(an_error_keeps_its_words_when_they_were_cut),
                cmocka_unit_test(an_error_without_a_key_tells_nothing_of_the_inside),
        };

        return unit_run("shape", tests);
}
