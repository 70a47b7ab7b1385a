/* test_codec.c - one spelling for each value: RFC 4648 §10's vectors, and everything that is not one. */
#include "base/codec.h"

#include "unit.h"

static const struct { const char *plain, *hex, *base64, *base32; } vectors[] = {
        { "", "", "", "" },
        { "f", "66", "Zg==", "MY" },
        { "fo", "666f", "Zm8=", "MZXQ" },
        { "foo", "666f6f", "Zm9v", "MZXW6" },
        { "foob", "666f6f62", "Zm9vYg==", "MZXW6YQ" },
        { "fooba", "666f6f6261", "Zm9vYmE=", "MZXW6YTB" },
        { "foobar", "666f6f626172", "Zm9vYmFy", "MZXW6YTBOI" },
};

static void vectors_of_the_rfc(void **state)
{
        for (size_t i = 0; i < countof(vectors); i++) {
                size_t n = strlen(vectors[i].plain), got;
                scoped(buf_done) struct buf h = BUF_INIT;
                scoped(buf_done) struct buf b64 = BUF_INIT;
                scoped(buf_done) struct buf b32 = BUF_INIT;
                char back[16];

                hex_encode(&h, vectors[i].plain, n);
                base64_encode(&b64, vectors[i].plain, n);
                base32_encode(&b32, vectors[i].plain, n);
                assert_true(str_is(buf_view(&h), vectors[i].hex));
                assert_true(str_is(buf_view(&b64), vectors[i].base64));
                assert_true(str_is(buf_view(&b32), vectors[i].base32));
                assert_true(hex_decode(str_of(vectors[i].hex), back, n));
                assert_memory_equal(back, vectors[i].plain, n);
                assert_true(base64_decode(str_of(vectors[i].base64), back, sizeof(back), &got));
                assert_int_equal(got, n);
                assert_memory_equal(back, vectors[i].plain, n);
                assert_true(base32_decode(str_of(vectors[i].base32), back, sizeof(back), &got));
                assert_int_equal(got, n);
                assert_memory_equal(back, vectors[i].plain, n);
        }
}

static void every_byte_comes_back(void **state)
{
        uint8_t all[256], back[256];
        size_t n;
        scoped(buf_done) struct buf b = BUF_INIT;

        for (int i = 0; i < 256; i++)
                all[i] = (uint8_t)i;
        base64_encode(&b, all, sizeof(all));
        assert_true(base64_decode(buf_view(&b), back, sizeof(back), &n));
        assert_int_equal(n, 256);
        assert_memory_equal(all, back, 256);
        buf_clear(&b);
        hex_encode(&b, all, sizeof(all));
        assert_true(hex_decode(buf_view(&b), back, 256));
        assert_memory_equal(all, back, 256);
        buf_clear(&b);
        base32_encode(&b, all, sizeof(all));
        assert_true(base32_decode(buf_view(&b), back, 256, &n));
        assert_int_equal(n, 256);
        assert_memory_equal(all, back, 256);
}

static void anything_else_is_refused(void **state)
{
        static const char *const bad64[] = { "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm8==", "Z=g=", "=Zg=", "Zm9v\n", " Zm9v", "Zm9-", "Zm9_", "====", "Zg==Zg==" };
        static const char *const bad32[] = { "M", "MZX", "MZXW6Y", "MZ", "MY======", "M1", "M8", "MY ", "MZ=" };
        static const char *const bad_hex[] = { "6", "6g", "6F", "666", " 66", "0x66" };
        char back[16];
        size_t n = 77;

        for (size_t i = 0; i < countof(bad64); i++)
                if (base64_decode(str_of(bad64[i]), back, sizeof(back), &n))
                        fail_msg("Base64 '%s' was accepted", bad64[i]);
        for (size_t i = 0; i < countof(bad32); i++)
                if (base32_decode(str_of(bad32[i]), back, sizeof(back), &n))
                        fail_msg("Base32 '%s' was accepted", bad32[i]);
        for (size_t i = 0; i < countof(bad_hex); i++)
                if (hex_decode(str_of(bad_hex[i]), back, 1))
                        fail_msg("hex '%s' was accepted", bad_hex[i]);
        assert_int_equal(n, 77);
}

static void the_room_is_kept(void **state)
{
        struct { char room[3], guard; } to = { .guard = 'g' };
        size_t n;

        assert_true(base64_decode(STR("Zm9v"), to.room, 3, &n));
        assert_false(base64_decode(STR("Zm9vYg=="), to.room, 3, &n));
        assert_false(base32_decode(STR("MZXW6YQ"), to.room, 3, &n));
        assert_false(hex_decode(STR("666f6f62"), to.room, 3));
        assert_int_equal(to.guard, 'g');
}

static void base32_takes_what_people_type(void **state)
{
        char back[8];
        size_t n;

        assert_true(base32_decode(STR("mzxw6ytb"), back, sizeof(back), &n)); /* lower case */
        assert_memory_equal(back, "fooba", 5);
}

static void a_pem_block_has_one_spelling(void **state)
{
#define B "-----BEGIN CERTIFICATE-----\n"
#define E "-----END CERTIFICATE-----\n"
        static const struct { const char *name, *pem, *want; } cases[] = {
                { "one line",                        B "AAEC\n" E,                       "000102" },
                { "two lines",                       B "AAEC\nAwQ=\n" E,                 "0001020304" },
                { "words in front, blocks behind",   "Subject: x\n" B "AAEC\n" E B E,    "000102" },
                { "no end",                          B "AAEC\n",                         NULL },
                { "another label",                   "-----BEGIN KEY-----\nAAEC\n-----END KEY-----\n", NULL },
                { "empty",                           B E,                                NULL },
                { "a blank inside",                  B "AA EC\n" E,                      NULL },
                { "a carriage return",               B "AAEC\r\n" E,                     NULL },
                { "the mark in the middle of a line", "x" B "AAEC\n" E,                  NULL },
                { "bits left over",                  B "AAF=\n" E,                       NULL },
                { "more than there is room for",     B "AAECAwQFBgcICQ==\n" E,           NULL },
        };
#undef B
#undef E

        for (size_t i = 0; i < countof(cases); i++) {
                uint8_t to[8];
                char hex[17];
                size_t n = 0;
                bool ok = pem_decode(str_of(cases[i].pem), "CERTIFICATE", to, sizeof(to), &n);

                if (ok != (cases[i].want != NULL))
                        fail_msg("%s: got %d", cases[i].name, ok);
                if (!ok)
                        continue;
                hex_text(hex, to, n);
                assert_string_equal(hex, cases[i].want);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(vectors_of_the_rfc),
                cmocka_unit_test(a_pem_block_has_one_spelling),
                cmocka_unit_test(every_byte_comes_back),
                cmocka_unit_test(anything_else_is_refused),
                cmocka_unit_test(the_room_is_kept),
                cmocka_unit_test(base32_takes_what_people_type),
        };

        return unit_run("codec", tests);
}
