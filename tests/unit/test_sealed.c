/* The recovery code and what it seals: a slip of the hand is found and named; a changed byte anywhere opens nothing. */
#include "wire/sealed.h"

#include "base/codec.h"

#include "unit.h"

/* Made once by another program (Python: hmac, cryptography) from docs/formats/sealed.md. */
static const char foreign_code[] = "AAAQEA5N-AQCQMBYG-BAEQUC5I-BQGQ4D2N-CAIREE5H-CQKRMFYM-DAMRUG5C-DQOR4H63";
static const char foreign_file[] =
        "53454b495345414c01000900000000006465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182831f551a2459f78392dfdf6e60"
        "c2ae868c13000000000000006b6579732074657374793751d71c24681dbefaf0103a017bc7af20f2e422df4470411449bf159a0f1864716f";
static const char foreign_to[] =
        "53454b495345414c0100090001000000e05b1ae322024838095ffdefd865468ddb77b14b2dd275175ea0ab4294fa6d7a45447192dfb7cf4f0465b418"
        "830067cf13000000000000006b6579732074657374370a42de96785d4c643cbae014d8208ebd4c5b36e5c001fa80a0339a2606bf1622647e";

static void secret_make(uint8_t to[RECOVERY_BYTES], unsigned dice)
{
        for (size_t i = 0; i < RECOVERY_BYTES; i++) {
                dice = dice * 1103515245u + 12345u;
                to[i] = (uint8_t)(dice >> 16);
        }
}

static void a_code_survives_how_people_write_it(void **state)
{
        static const char between[] = { ' ', '\n', '\t' };

        for (unsigned round = 0; round < 200; round++) {
                scoped(buf_done) struct buf code = BUF_INIT, typed = BUF_INIT;
                uint8_t secret[RECOVERY_BYTES], back[RECOVERY_BYTES];
                struct err e = { 0 };

                secret_make(secret, round);
                recovery_print(&code, secret);
                assert_int_equal(code.n, RECOVERY_GROUPS * RECOVERY_LETTERS + RECOVERY_GROUPS - 1);
                for (size_t i = 0; i < code.n; i++) {
                        char c = code.p[i];

                        if (c == '-' && round % 4 == 3)
                                continue;
                        buf_char(&typed, c == '-' ? between[round % 4] : c == 'O' ? '0' : c == 'B' ? '8' : c >= 'A' && c <= 'Z' && round % 2 ? (char)(c + 32) : c);
                        if (i % 4 == 3 && round % 4 == 3)
                                buf_char(&typed, ' ');
                }
                assert_ok(recovery_parse(back, buf_view(&typed), &e), e);
                assert_memory_equal(secret, back, sizeof(secret));
        }
}

static void assert_group(const char *code, size_t n, size_t group)
{
        uint8_t out[RECOVERY_BYTES] = { 1 };
        struct err e = { 0 };

        if (recovery_parse(out, (struct str){ code, n }, &e) != ERR_INPUT || strcmp(e.key, "recovery.group") != 0 || strlen(e.args[0]) != 1 || (size_t)(e.args[0][0] - '1') != group)
                fail_msg("%.*s: got '%s' %s, want group %zu", (int)n, code, e.key, e.args[0], group + 1);
        assert_int_equal(out[0], 1);
}

/* Every one of them, not most: see the polynomial in recovery.h. */
static void every_single_slip_and_swap_is_named(void **state)
{
        static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

        for (unsigned round = 0; round < 20; round++) {
                scoped(buf_done) struct buf code = BUF_INIT;
                uint8_t secret[RECOVERY_BYTES];

                secret_make(secret, round + 7);
                recovery_print(&code, secret);
                for (size_t i = 0; i < code.n; i++) {
                        char was = code.p[i];

                        if (was == '-')
                                continue;
                        for (const char *c = letters; *c; c++) {
                                code.p[i] = *c;
                                if (*c != was)
                                        assert_group(code.p, code.n, i / (RECOVERY_LETTERS + 1));
                        }
                        code.p[i] = was;
                        if (i + 1 < code.n && code.p[i + 1] != '-' && code.p[i + 1] != was) {
                                code.p[i] = code.p[i + 1];
                                code.p[i + 1] = was;
                                assert_group(code.p, code.n, i / (RECOVERY_LETTERS + 1));
                                code.p[i + 1] = code.p[i];
                                code.p[i] = was;
                        }
                }
        }
}

static void swapped_and_lost_groups_are_named(void **state)
{
        scoped(buf_done) struct buf code = BUF_INIT, other = BUF_INIT;
        uint8_t secret[RECOVERY_BYTES] = { 0 }, out[RECOVERY_BYTES];
        struct err e = { 0 };

        recovery_print(&code, secret); /* all groups hold the same bytes: only their numbers tell them apart */
        buf_add(&other, code.p + 9, 9);
        buf_add(&other, code.p, 9);
        buf_add(&other, code.p + 18, code.n - 18);
        assert_group(other.p, other.n, 0);
        buf_clear(&other);
        buf_add(&other, code.p, 9 + 3);
        buf_add(&other, code.p + 13, code.n - 13); /* one letter of the second group is missing */
        assert_group(other.p, other.n, 1);
        assert_int_equal(recovery_parse(out, (struct str){ code.p, code.n - 9 }, &e), ERR_INPUT);
        assert_text(e.key, "recovery.length");
        assert_text(e.args[0], "56");
        assert_int_equal(recovery_parse(out, STR(""), &e), ERR_INPUT);
        assert_int_equal(recovery_parse(out, STR("復旧コード"), &e), ERR_INPUT);
}

static void what_is_sealed_opens_with_its_code_only(void **state)
{
        static const size_t sizes[] = { 0, 1, 16, 4096, 300000 };
        uint8_t salt[SEALED_SALT] = { 7 }, secret[RECOVERY_BYTES], other[RECOVERY_BYTES];

        secret_make(secret, 1);
        secret_make(other, 2);
        for (size_t i = 0; i < countof(sizes); i++) {
                scoped(buf_done) struct buf plain = BUF_INIT, file = BUF_INIT, back = BUF_INIT;
                struct str about;
                struct err e = { 0 };

                for (size_t k = 0; k < sizes[i]; k++)
                        buf_char(&plain, (char)(k * 7));
                assert_ok(sealed_make(&file, secret, STR("keys of a test"), buf_view(&plain), salt, &e), e);
                assert_ok(sealed_about(&about, buf_view(&file), &e), e);
                assert_true(str_is(about, "keys of a test"));
                assert_ok(sealed_open(&back, secret, buf_view(&file), &e), e);
                assert_true(str_eq(buf_view(&back), buf_view(&plain)));
                assert_int_equal(sealed_open(&back, other, buf_view(&file), &e), ERR_FORBIDDEN);
                assert_text(e.key, "sealed.code");
                assert_int_equal(back.n, plain.n);
        }
}

static void a_changed_or_cut_file_opens_nothing(void **state)
{
        uint8_t salt[SEALED_SALT] = { 9 }, secret[RECOVERY_BYTES];
        scoped(buf_done) struct buf file = BUF_INIT;
        struct err e = { 0 };

        secret_make(secret, 3);
        assert_ok(sealed_make(&file, secret, STR("root key"), STR("what must not leave"), salt, &e), e);
        for (size_t i = 0; i < file.n; i++)
                for (unsigned bit = 0; bit < 8; bit++) {
                        scoped(buf_done) struct buf back = BUF_INIT;

                        file.p[i] ^= (char)(1u << bit);
                        if (sealed_open(&back, secret, buf_view(&file), &e) >= 0 || back.n)
                                fail_msg("byte %zu bit %u changed, and it opened", i, bit);
                        file.p[i] ^= (char)(1u << bit);
                }
        for (size_t n = 0; n < file.n; n++) {
                scoped(buf_done) struct buf back = BUF_INIT;

                assert_int_equal(sealed_open(&back, secret, (struct str){ file.p, n }, &e), ERR_INPUT);
        }
        buf_char(&file, 0);
        assert_int_equal(sealed_open(&(struct buf){ 0 }, secret, buf_view(&file), &e), ERR_INPUT);
}

static void what_is_sealed_to_the_public_key_opens_with_the_code(void **state)
{
        uint8_t secret[RECOVERY_BYTES], other[RECOVERY_BYTES], public[RECOVERY_PUBLIC], once[32];
        scoped(buf_done) struct buf file = BUF_INIT, back = BUF_INIT;
        struct err e = { 0 };

        secret_make(secret, 4);
        secret_make(other, 5);
        secret_make(once, 6);
        assert_ok(recovery_public(public, secret, &e), e);
        assert_ok(sealed_make_to(&file, public, STR("keys"), STR("unit keys"), once, &e), e);
        assert_ok(sealed_open(&back, secret, buf_view(&file), &e), e);
        assert_text(back.p, "unit keys");
        assert_int_equal(sealed_open(&back, other, buf_view(&file), &e), ERR_FORBIDDEN);
        buf_clear(&back);
        for (size_t i = 0; i < file.n; i++) {
                file.p[i] ^= 4;
                if (sealed_open(&back, secret, buf_view(&file), &e) >= 0 || back.n)
                        fail_msg("byte %zu changed, and it opened", i);
                file.p[i] ^= 4;
        }
        memset(public, 0, sizeof(public));      /* of small order: the agreement would be known to everybody */
        assert_int_equal(sealed_make_to(&file, public, STR("keys"), STR("x"), once, &e), ERR_INPUT);
}

static void another_program_reads_the_same_format(void **state)
{
        scoped(buf_done) struct buf code = BUF_INIT, back = BUF_INIT, again = BUF_INIT;
        uint8_t file[(sizeof(foreign_file) - 1) / 2], to[(sizeof(foreign_to) - 1) / 2], secret[RECOVERY_BYTES], salt[SEALED_SALT];
        struct err e = { 0 };

        for (size_t i = 0; i < RECOVERY_BYTES; i++) {
                secret[i] = (uint8_t)i;
                salt[i] = (uint8_t)(100 + i);
        }
        recovery_print(&code, secret);
        assert_text(code.p, foreign_code);
        assert_true(hex_decode(str_of(foreign_file), file, sizeof(file)));
        assert_ok(sealed_open(&back, secret, (struct str){ (const char *)file, sizeof(file) }, &e), e);
        assert_text(back.p, "the quick brown fox");
        assert_ok(sealed_make(&again, secret, STR("keys test"), STR("the quick brown fox"), salt, &e), e);
        assert_int_equal(again.n, sizeof(file));
        assert_memory_equal(again.p, file, sizeof(file));

        assert_true(hex_decode(str_of(foreign_to), to, sizeof(to)));
        buf_clear(&back);
        assert_ok(sealed_open(&back, secret, (struct str){ (const char *)to, sizeof(to) }, &e), e);
        assert_text(back.p, "the quick brown fox");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_code_survives_how_people_write_it),
                cmocka_unit_test(every_single_slip_and_swap_is_named),
                cmocka_unit_test(swapped_and_lost_groups_are_named),
                cmocka_unit_test(what_is_sealed_opens_with_its_code_only),
                cmocka_unit_test(a_changed_or_cut_file_opens_nothing),
                cmocka_unit_test(what_is_sealed_to_the_public_key_opens_with_the_code),
                cmocka_unit_test(another_program_reads_the_same_format),
        };

        return unit_run("sealed", tests);
}
