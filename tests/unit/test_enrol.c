/* The one-time code that a person carries: any slip of the hand is noticed, blanks and case are not. */
#include "wire/enrol.h"

#include "base/codec.h"
#include "base/cursor.h"

#include "unit.h"

static struct enrol_ticket ticket(void)
{
        struct enrol_ticket t = { .host = "gate-server.shi.example", .port = 8444 };

        memset(t.secret, 0xa5, sizeof(t.secret));
        memset(t.pin.b, 0x3c, sizeof(t.pin.b));
        return t;
}

static bool same(const struct enrol_ticket *a, const struct enrol_ticket *b)
{
        return strcmp(a->host, b->host) == 0 && a->port == b->port && memcmp(a->secret, b->secret, ENROL_SECRET) == 0 && hash_eq(&a->pin, &b->pin);
}

static void a_code_survives_how_people_write_it(void **state)
{
        struct enrol_ticket t = ticket(), out;
        scoped(buf_done) struct buf code = BUF_INIT, other = BUF_INIT;
        struct err e = { 0 };

        enrol_ticket_encode(&code, &t);
        assert_int_equal(code.p[5], '-');
        assert_ok(enrol_ticket_decode(&out, buf_view(&code), &e), e);
        assert_true(same(&t, &out));
        for (size_t i = 0; i < code.n; i++)
                if (code.p[i] == '-')
                        buf_text(&other, i % 2 ? " " : "\n");
                else
                        buf_char(&other, code.p[i] >= 'A' && code.p[i] <= 'Z' ? (char)(code.p[i] + 32) : code.p[i]);
        assert_ok(enrol_ticket_decode(&out, buf_view(&other), &e), e);
        assert_true(same(&t, &out));
}

static void every_slip_of_the_hand_is_noticed(void **state)
{
        struct enrol_ticket t = ticket(), out = { .port = 1 };
        scoped(buf_done) struct buf code = BUF_INIT;
        size_t missed = 0, tried = 0;

        enrol_ticket_encode(&code, &t);
        for (size_t i = 0; i < code.n; i++) {
                char was = code.p[i];

                if (was == '-')
                        continue;
                for (const char *c = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; *c; c++, tried++) {
                        struct err e = { 0 };

                        code.p[i] = *c;
                        if (*c != was && enrol_ticket_decode(&out, buf_view(&code), &e) == ERR_OK && !same(&t, &out))
                                missed++;
                        else if (*e.key && strcmp(e.key, "gate.code.mistyped") != 0)
                                fail_msg("%s", e.key);
                }
                code.p[i] = was;
        }
        assert_in_range(missed, 0, tried / 10000); /* two check bytes: one slip in 65,536 passes, and then the secret is wrong */
        for (size_t n = 0; n < code.n; n++)
                assert_int_equal(enrol_ticket_decode(&out, (struct str){ code.p, n }, NULL), ERR_INPUT);
        assert_int_equal(out.port == 1 || out.port == t.port, 1);
}

/* raw: version, host length, host, port 2, secret 16, pin 32, then the right check bytes. */
static void what_is_inside_is_checked_too(void **state)
{
        static const struct { const char *name; uint8_t version, host; size_t letters; uint16_t port; size_t extra; const char *want; } cases[] = {
                { "as it should be", 1, 4, 4, 8444, 0, "" },
                { "newer version", 2, 4, 4, 8444, 0, "gate.code.version" },
                { "version nought", 0, 4, 4, 8444, 0, "gate.code.version" },
                { "no host", 1, 0, 0, 8444, 0, "gate.code.mistyped" },
                { "no port", 1, 4, 4, 0, 0, "gate.code.mistyped" },
                { "longest host", 1, ENROL_HOST_MAX, ENROL_HOST_MAX, 1, 0, "" },
                { "host too long", 1, ENROL_HOST_MAX + 1, ENROL_HOST_MAX + 1, 1, 0, "gate.code.mistyped" },
                { "host longer than what is there", 1, 120, 4, 8444, 0, "gate.code.mistyped" },
                { "something left over", 1, 4, 4, 8444, 1, "gate.code.mistyped" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(buf_done) struct buf raw = BUF_INIT, code = BUF_INIT;
                struct enrol_ticket out;
                struct err e = { 0 };
                struct hash check;

                put_u8(&raw, cases[i].version);
                put_u8(&raw, cases[i].host);
                for (size_t k = 0; k < cases[i].letters; k++)
                        buf_char(&raw, 'h');
                put_u16(&raw, cases[i].port);
                put_zeros(&raw, ENROL_SECRET + HASH_SIZE + cases[i].extra);
                check = hash_bytes(buf_view(&raw));
                put_run(&raw, check.b, 2);
                base32_encode(&code, raw.p, raw.n);
                (void)enrol_ticket_decode(&out, buf_view(&code), &e);
                if (strcmp(e.key, cases[i].want) != 0)
                        fail_msg("%s: got '%s', want '%s'", cases[i].name, e.key, cases[i].want);
        }
}

static void nonsense_is_mistyped(void **state)
{
        static const char *const cases[] = { "", "-", "A", "AAAAA", "AEEW1-33DMF", "申請", "========", "AEEWY-33DMF-WGQ33" };
        scoped(buf_done) struct buf endless = BUF_INIT;
        struct enrol_ticket out;

        for (size_t i = 0; i < countof(cases); i++)
                assert_int_equal(enrol_ticket_decode(&out, str_of(cases[i]), NULL), ERR_INPUT);
        for (int i = 0; i < 5000; i++)
                buf_char(&endless, 'A');
        assert_int_equal(enrol_ticket_decode(&out, buf_view(&endless), NULL), ERR_INPUT);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_code_survives_how_people_write_it),
                cmocka_unit_test(every_slip_of_the_hand_is_noticed),
                cmocka_unit_test(what_is_inside_is_checked_too),
                cmocka_unit_test(nonsense_is_mistyped),
        };

        return unit_run("enrol", tests);
}
