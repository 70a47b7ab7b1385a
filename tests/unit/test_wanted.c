/* test_wanted.c - which hosts may pass: one row a rule, at the instant where it could be wrong. */
#include "gate/wanted.h"

#include "unit.h"

#define AT(s) ((utime_t)(s) * UTIME_S)

enum { HERE = 3 };

static const struct {
        const char *name;
        uint8_t     kind, verdict;
        uint16_t    zone;
        utime_t     from, until, posture;
        utime_t     now, lost_since;
        utime_t     end;                  /* on server time; 0: may not pass */
        utime_t     next;
} cases[] = {
        { "in force",                          GRANT_MAC, GRANT_ALLOW, HERE, AT(10), AT(20), GRANT_NO_POSTURE, AT(15), 0, AT(20), AT(20) },
        { "first instant",                     GRANT_MAC, GRANT_ALLOW, HERE, AT(10), AT(20), GRANT_NO_POSTURE, AT(10), 0, AT(20), AT(20) },
        { "one microsecond before",            GRANT_MAC, GRANT_ALLOW, HERE, AT(10), AT(20), GRANT_NO_POSTURE, AT(10) - 1, 0, 0, AT(10) },
        { "last instant has passed",           GRANT_MAC, GRANT_ALLOW, HERE, AT(10), AT(20), GRANT_NO_POSTURE, AT(20), 0, 0, INT64_MAX },
        { "last microsecond",                  GRANT_MAC, GRANT_ALLOW, HERE, AT(10), AT(20), GRANT_NO_POSTURE, AT(20) - 1, 0, AT(20), AT(20) },
        { "every zone",                        GRANT_MAC, GRANT_ALLOW, 0,    AT(10), AT(20), GRANT_NO_POSTURE, AT(15), 0, AT(20), AT(20) },
        { "another zone",                      GRANT_MAC, GRANT_ALLOW, 4,    AT(10), AT(20), GRANT_NO_POSTURE, AT(15), 0, 0, INT64_MAX },
        { "quarantine is not allow",           GRANT_MAC, GRANT_QUARANTINE, HERE, AT(10), AT(20), GRANT_NO_POSTURE, AT(15), 0, 0, INT64_MAX },
        { "deny",                              GRANT_MAC, GRANT_DENY, HERE, AT(10), AT(20), GRANT_NO_POSTURE, AT(15), 0, 0, INT64_MAX },
        { "a program is not a host",           GRANT_PROGRAM, GRANT_ALLOW, HERE, AT(10), AT(20), GRANT_NO_POSTURE, AT(15), 0, 0, INT64_MAX },
        { "posture ends first",                GRANT_MAC, GRANT_ALLOW, HERE, AT(10), AT(20), AT(17), AT(15), 0, AT(17), AT(17) },
        { "posture has ended",                 GRANT_MAC, GRANT_ALLOW, HERE, AT(10), AT(20), AT(17), AT(17), 0, 0, INT64_MAX },
        { "server lost: posture stands still", GRANT_MAC, GRANT_ALLOW, HERE, AT(10), AT(20), AT(17), AT(18), AT(16), AT(20), AT(20) },
        { "server lost: the end does not",     GRANT_MAC, GRANT_ALLOW, HERE, AT(10), AT(20), AT(17), AT(20), AT(16), 0, INT64_MAX },
        { "posture over before it was lost",   GRANT_MAC, GRANT_ALLOW, HERE, AT(10), AT(20), AT(17), AT(18), AT(17), 0, INT64_MAX },
};

static void each_rule_at_its_instant(void **state)
{
        for (size_t i = 0; i < countof(cases); i++) {
                struct grant g = {
                        .key = { .kind = cases[i].kind, .key = { 2, 0, 0, 0, 0, 1 } }, .verdict = cases[i].verdict, .zone = cases[i].zone,
                        .from = cases[i].from, .until = cases[i].until, .posture_until = cases[i].posture,
                };
                struct place at = { HERE, AT(7), cases[i].lost_since };
                struct passes got = { 0 };
                struct grants *t;
                utime_t next;
                struct err e = { 0 };

                assert_ok(grants_new(&t, &g, 1, STR(""), &e), e);
                assert_ok(wanted_passes(&got, &next, t, &at, cases[i].now, &e), e);
                if (got.n != (cases[i].end != 0) || (got.n && got.p[0].end != cases[i].end - AT(7)) || next != cases[i].next)
                        fail_msg("%s: %zu passes, end %lld (boot time), next %lld", cases[i].name, got.n, got.n ? (long long)got.p[0].end : 0LL,
                                 (long long)next);
                passes_done(&got);
                grants_free(t);
        }
}

static void no_table_permits_nobody(void **state)
{
        struct place at = { HERE, 0, 0 };
        struct passes got = { 0 };
        utime_t next;
        struct err e = { 0 };

        assert_ok(wanted_passes(&got, &next, NULL, &at, AT(1), &e), e);
        assert_int_equal(got.n, 0);
        assert_int_equal(next, INT64_MAX);
}

/* The greatest end a record can carry is a fixed instant on boot time: it must not move from pass to pass, nor overflow. */
static void for_ever_does_not_move(void **state)
{
        struct grant g = { .key = { GRANT_MAC, { 2 } }, .verdict = GRANT_ALLOW, .from = INT64_MIN, .until = INT64_MAX, .posture_until = INT64_MAX };
        struct place at = { HERE, AT(7), 0 };
        struct passes a = { 0 }, b = { 0 };
        struct grants *t;
        utime_t next;
        struct err e = { 0 };

        assert_ok(grants_new(&t, &g, 1, STR(""), &e), e);
        assert_ok(wanted_passes(&a, &next, t, &at, AT(1), &e), e);
        assert_ok(wanted_passes(&b, &next, t, &at, AT(100000), &e), e);
        assert_int_equal(a.n, 1);
        assert_int_equal(a.p[0].end, b.p[0].end);
        passes_done(&a);
        passes_done(&b);
        grants_free(t);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_rule_at_its_instant),
                cmocka_unit_test(no_table_permits_nobody),
                cmocka_unit_test(for_ever_does_not_move),
        };

        return unit_run("wanted", tests);
}
