/* Six digits: RFC 6238's own vectors, the window, and that no code is taken twice. */
#include "server/office/session/totp.h"

#include <liboath/oath.h>

#include "unit.h"

static const char secret_text[] = "12345678901234567890";      /* RFC 6238 appendix B, SHA-1 */
static const struct str secret = { secret_text, TOTP_SECRET };

/* The RFC prints eight digits; six of them are ours (RFC 4226 §5.3: the last ones). */
static const struct { int64_t at_s; const char *eight; } vectors[] = {
        { 59, "94287082" }, { 1111111109, "07081804" }, { 1111111111, "14050471" }, { 1234567890, "89005924" }, { 2000000000, "69279037" }, { 20000000000, "65353130" },
};

static void the_vectors_of_the_rfc(void **state)
{
        for (size_t i = 0; i < countof(vectors); i++) {
                utime_t now = vectors[i].at_s * UTIME_S;
                int64_t got = totp_step(secret, str_of(vectors[i].eight + 2), now, 0);

                if (got != vectors[i].at_s / 30)
                        fail_msg("%lld: step %lld, want %lld", (long long)vectors[i].at_s, (long long)got, (long long)vectors[i].at_s / 30);
        }
}

/* The code of one step, by the library's other function. */
static void code_of(char to[16], int64_t step)
{
        assert_int_equal(oath_totp_generate(secret.p, secret.n, (time_t)(step * 30), 30, 0, 6, to), OATH_OK);
}

static void one_step_before_and_after_and_no_more(void **state)
{
        static const struct { int off; bool ok; } cases[] = { { -2, false }, { -1, true }, { 0, true }, { 1, true }, { 2, false } };
        const int64_t now = 59421680;

        for (size_t i = 0; i < countof(cases); i++)
                for (int second = 0; second < 30; second += 29) {
                        char code[16];
                        int64_t got;

                        code_of(code, now + cases[i].off);
                        got = totp_step(secret, str_of(code), (now * 30 + second) * UTIME_S, 0);
                        if (got != (cases[i].ok ? now + cases[i].off : -1))
                                fail_msg("%d steps off, second %d: %lld", cases[i].off, second, (long long)got);
                }
}

/* RFC 6238 §5.2: the verifier must not accept the second attempt of the code. An older one of the window is refused, too. */
static void no_code_is_taken_twice(void **state)
{
        const int64_t step = 59421680;
        const utime_t now = step * 30 * UTIME_S;
        char code[16], before[16];

        code_of(code, step);
        code_of(before, step - 1);
        assert_int_equal(totp_step(secret, str_of(code), now, 0), step);
        assert_int_equal(totp_step(secret, str_of(code), now, step), -1);
        assert_int_equal(totp_step(secret, str_of(before), now, step), -1);
        assert_int_equal(totp_step(secret, str_of(before), now, step - 2), step - 1);
}

static void what_is_no_code_is_refused(void **state)
{
        static const char *const bad[] = { "", "9428708", "28708", "28708x", " 28708", "-28708", "２８７０８２", "2870821" };

        for (size_t i = 0; i < countof(bad); i++)
                assert_int_equal(totp_step(secret, str_of(bad[i]), 59 * UTIME_S, 0), -1);
        assert_int_equal(totp_step(STR("short"), STR("287082"), 59 * UTIME_S, 0), -1);
}

static void the_address_says_whose_it_is(void **state)
{
        scoped(buf_done) struct buf uri = BUF_INIT;
        scoped(buf_done) struct buf text = BUF_INIT;

        totp_uri(&uri, secret, "関所", STR("sa to"));
        assert_text(uri.p, "otpauth://totp/Sekisho%20%E9%96%A2%E6%89%80:sa%20to?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Sekisho%20%E9%96%A2%E6%89%80"
                           "&algorithm=SHA1&digits=6&period=30");
        totp_secret_text(&text, secret);
        assert_text(text.p, "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
}

/* Its finder patterns stand in three corners behind four modules of white; the picture is markup and numbers only. */
static void the_picture_is_one_path(void **state)
{
        scoped(buf_done) struct buf svg = BUF_INIT;
        struct err e = { 0 };

        assert_ok(totp_picture(&svg, "otpauth://totp/x", &e), e);
        assert_non_null(strstr(svg.p, "<path fill=\"#000\" d=\"M4 4h7v1h-7z"));
        assert_null(strstr(svg.p, "otpauth"));
        assert_text(svg.p + svg.n - strlen("z\"/></svg>"), "z\"/></svg>");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_vectors_of_the_rfc),     cmocka_unit_test(one_step_before_and_after_and_no_more), cmocka_unit_test(no_code_is_taken_twice),
                cmocka_unit_test(what_is_no_code_is_refused), cmocka_unit_test(the_address_says_whose_it_is),          cmocka_unit_test(the_picture_is_one_path),
        };

        return unit_run("totp", tests);
}
