/* test_canon.c - one spelling for each value: what is taken comes back byte for byte, everything else is refused. */
#include "base/codec.h"
#include "core/journal/canon.h"
#include "core/journal/note.h"

#include "unit.h"

static const struct { const char *name, *text; } good[] = {
        { "empty object", "{}" },
        { "empty list", "[]" },
        { "an entry", "{\"at\":1767225600000000,\"ref\":\"0195-x\",\"set\":[{\"c\":{\"n\":1,\"t\":{\"commit\":\"00\"}},\"rev\":1}],\"v\":1}" },
        { "upper case before lower", "{\"A\":1,\"Z\":2,\"a\":3}" },
        { "shorter key first", "{\"a\":1,\"a-\":2,\"aa\":3}" },
        { "largest and smallest integer", "[9007199254740991,-9007199254740991,0]" },
        { "escapes that must be", "[\"\\\"\",\"\\\\\",\"/\"]" },
        { "sixteen deep", "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]" },
        { "nothing in strings and keys", "{\"\":\"\"}" },
};

static const struct { const char *name, *text; } bad[] = {
        { "nothing", "" },
        { "space inside", "{ }" },
        { "space behind", "{} " },
        { "newline behind", "{}\n" },
        { "keys out of order", "{\"b\":1,\"a\":2}" },
        { "a key twice", "{\"a\":1,\"a\":2}" },
        { "a key twice, one escaped", "{\"a\":1,\"\\u0061\":2}" },
        { "float", "[1.5]" },
        { "float that is whole", "[1.0]" },
        { "exponent", "[1e3]" },
        { "minus zero", "[-0]" },
        { "leading zero", "[01]" },
        { "plus", "[+1]" },
        { "2^53", "[9007199254740992]" },
        { "-2^53", "[-9007199254740992]" },
        { "above 64 bits", "[99999999999999999999]" },
        { "true", "[true]" },
        { "null", "[null]" },
        { "bare text", "\"a\"" },
        { "bare number", "1" },
        { "needless escape", "[\"\\/\"]" },
        { "escape of a letter", "[\"\\u0041\"]" },
        { "control by escape", "[\"\\n\"]" },
        { "DEL by escape", "[\"\\u007f\"]" },
        { "not ASCII", "[\"\xe9\x96\xa2\"]" },
        { "not ASCII by escape", "[\"\\u95a2\"]" },
        { "NUL by escape", "[\"\\u0000\"]" },
        { "NUL in a key", "{\"a\\u0000b\":1}" },
        { "two values", "{}{}" },
        { "trailing comma", "[1,]" },
        { "comment", "[/**/]" },
        { "seventeen deep", "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]" },
        { "cut off", "{\"a\":" },
};

static void canonical_text_comes_back_unchanged(void **state)
{
        for (size_t i = 0; i < countof(good); i++) {
                scoped(buf_done) struct buf b = BUF_INIT;
                struct err e = { 0 };
                json_t *j = NULL;

                if (canon_parse(&j, str_of(good[i].text), &e) < 0)
                        fail_msg("%s: refused: %s", good[i].name, e.text);
                assert_ok(canon_encode(&b, j, &e), e);
                assert_text(b.p, good[i].text);
                json_decref(j);
        }
}

static void any_other_spelling_is_refused(void **state)
{
        for (size_t i = 0; i < countof(bad); i++) {
                json_t *j = NULL;

                if (canon_parse(&j, str_of(bad[i].text), NULL) != ERR_INPUT)
                        fail_msg("%s: not refused as input", bad[i].name);
                assert_null(j);
        }
}

static void keys_are_sorted_whatever_their_order_was(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        json_t *j = json_pack("{s:i, s:[s,i], s:{s:s, s:s}}", "z", 1, "at", "x", -5, "m", "k2", "v", "k1", "w");

        buf_text(&b, "before ");
        assert_int_equal(canon_encode(&b, j, NULL), ERR_OK);
        assert_text(b.p, "before {\"at\":[\"x\",-5],\"m\":{\"k1\":\"w\",\"k2\":\"v\"},\"z\":1}");
        json_decref(j);
}

static void what_has_no_canonical_form_leaves_the_output_alone(void **state)
{
        json_t *const values[] = {
                json_pack("{s:f}", "a", 0.5),
                json_pack("[b]", 1),
                json_pack("[n]"),
                json_pack("{s:s}", "a", "\xe9\x96\xa2"),
                json_pack("{s:i}", "\xe9\x96\xa2", 1),
                json_pack("[I]", (json_int_t)1 << 53),
                NULL,
        };

        for (size_t i = 0; i < countof(values); i++) {
                scoped(buf_done) struct buf b = BUF_INIT;

                buf_text(&b, "kept");
                assert_int_equal(canon_encode(&b, values[i], NULL), ERR_INPUT);
                assert_text(b.p, "kept");
                json_decref(values[i]);
        }
}

/* ["aaa…"]: four bytes around the text. */
static void the_largest_entry_fits_and_one_more_does_not(void **state)
{
        for (size_t over = 0; over <= 1; over++) {
                scoped(buf_done) struct buf b = BUF_INIT, text = BUF_INIT;
                json_t *j;

                for (size_t i = 0; i < ENTRY_MAX - 4 + over; i++)
                        buf_char(&text, 'a');
                j = json_pack("[s]", text.p);
                assert_int_equal(canon_encode(&b, j, NULL), over ? ERR_TOO_BIG : ERR_OK);
                assert_int_equal(b.n, over ? 0 : ENTRY_MAX);
                json_decref(j);
                buf_clear(&b);
                buf_printf(&b, "[\"%s\"]", text.p);
                j = NULL;
                assert_int_equal(canon_parse(&j, buf_view(&b), NULL), over ? ERR_TOO_BIG : ERR_OK);
                json_decref(j);
        }
}

/* The layout of docs/formats/journal.md, spelt out by hand; and no two splits of the names share a commitment. */
static void commitment_binds_salt_table_column_and_text(void **state)
{
        uint8_t salt[32] = { 1, 2, 3 };
        struct hash a = canon_commit(salt, STR("person"), STR("name"), STR("\xe4\xbd\x90\xe8\x97\xa4"));
        struct hash want = hash_hmac((struct str){ (char *)salt, 32 }, STR("\x06\0person\x04\0name\xe4\xbd\x90\xe8\x97\xa4"));
        struct hash others[] = {
                canon_commit(salt, STR("persona"), STR("ame"), STR("\xe4\xbd\x90\xe8\x97\xa4")),
                canon_commit(salt, STR("person"), STR("name\xe4"), STR("\xbd\x90\xe8\x97\xa4")),
                canon_commit((uint8_t[32]){ 1, 2, 4 }, STR("person"), STR("name"), STR("\xe4\xbd\x90\xe8\x97\xa4")),
                canon_commit(salt, STR("person"), STR("name"), STR("")),
        };

        assert_true(hash_eq(&a, &want));
        for (size_t i = 0; i < countof(others); i++)
                assert_false(hash_eq(&a, &others[i]));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(canonical_text_comes_back_unchanged),
                cmocka_unit_test(any_other_spelling_is_refused),
                cmocka_unit_test(keys_are_sorted_whatever_their_order_was),
                cmocka_unit_test(what_has_no_canonical_form_leaves_the_output_alone),
                cmocka_unit_test(the_largest_entry_fits_and_one_more_does_not),
                cmocka_unit_test(commitment_binds_salt_table_column_and_text),
        };

        return unit_run("canon", tests);
}
