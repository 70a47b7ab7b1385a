/* Permits into grants: one record a key, the later end wins, and a malformed permit stops the table instead of leaving a hole. */
#include "server/office/grants/compile.h"

#include "unit.h"

#define P1 "01960000-0000-7000-8000-000000000001"
#define P2 "01960000-0000-7000-8000-000000000002"
#define S1 "01960000-0000-7000-8000-0000000000aa"

static struct permit_line line(const char *id, const char *key, int zone, utime_t from, utime_t until)
{
        return (struct permit_line){ str_of(id), STR(S1), str_of(key), GRANT_MAC, (uint16_t)zone, from, until, false };
}

static void records_are_sorted_and_unique_by_key(void **state)
{
        const struct { const char *name; struct permit_line p[3]; size_t n; const char *want; } cases[] = {
                { "none", { { .id = STR("") } }, 0, "" },
                { "one", { line(P1, "02:00:00:00:00:01", 1, 5, 9) }, 1, "1@1[5,9) " },
                { "sorted", { line(P1, "02:00:00:00:00:03", 1, 5, 9), line(P2, "02:00:00:00:00:01", 2, 6, 8) }, 2, "1@2[6,8) 3@1[5,9) " },
                { "the later end, given first", { line(P1, "02:00:00:00:00:01", 1, 5, 9), line(P2, "02:00:00:00:00:01", 1, 6, 8) }, 2, "1@1[5,9) " },
                { "the later end, given last", { line(P1, "02:00:00:00:00:01", 1, 6, 8), line(P2, "02:00:00:00:00:01", 1, 5, 9) }, 2, "1@1[5,9) " },
                { "two zones", { line(P1, "02:00:00:00:00:01", 1, 5, 9), line(P2, "02:00:00:00:00:01", 2, 5, 10) }, 2, "1@2[5,10) " },
                { "three of a kind", { line(P1, "02:00:00:00:00:01", 1, 5, 7), line(P2, "02:00:00:00:00:01", 1, 5, 9), line(P1, "02:00:00:00:00:01", 1, 5, 8) }, 3, "1@1[5,9) " },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(grants_free) struct grants *t = NULL;
                scoped(buf_done) struct buf got = BUF_INIT;
                struct err e = { 0 };

                assert_ok(compile_grants(&t, cases[i].p, cases[i].n, 42, STR(""), &e), e);
                for (uint32_t k = 0; k < t->head.count; k++) {
                        const struct grant *g = &t->rows[k];

                        assert_true(g->verdict == GRANT_ALLOW && g->key.kind == GRANT_MAC && g->generation == 42 && g->posture_until == GRANT_NO_POSTURE);
                        buf_printf(&got, "%d@%d[%lld,%lld) ", g->key.key[5], g->zone, (long long)g->from, (long long)g->until);
                }
                if (!str_is(buf_view(&got), cases[i].want))
                        fail_msg("%s: got '%s', want '%s'", cases[i].name, got.p, cases[i].want);
                assert_ok(grants_seal(t, &e), e); /* the wire's own rules of order hold */
        }
}

/* Same end: whichever comes first in the database, the table is the same. */
static void the_order_of_the_database_does_not_matter(void **state)
{
        struct permit_line a[] = { line(P1, "02:00:00:00:00:01", 1, 5, 9), line(P2, "02:00:00:00:00:01", 1, 6, 9) }, b[] = { a[1], a[0] };
        scoped(grants_free) struct grants *x = NULL, *y = NULL;
        struct err e = { 0 };

        assert_ok(compile_grants(&x, a, 2, 0, STR(""), &e), e);
        assert_ok(compile_grants(&y, b, 2, 0, STR(""), &e), e);
        assert_true(x->head.count == 1 && y->head.count == 1 && uuid_eq(x->rows[0].permit, y->rows[0].permit));
}

static void a_malformed_permit_stops_the_table(void **state)
{
        static const struct { const char *name, *id, *key, *subject; int kind; } cases[] = {
                { "no MAC", P1, "", S1, GRANT_MAC },
                { "half a MAC", P1, "02:00:00:00:00", S1, GRANT_MAC },
                { "letters", P1, "02:00:00:00:00:0g", S1, GRANT_MAC },
                { "permit id", "x", "02:00:00:00:00:01", S1, GRANT_MAC },
                { "device id", P1, "02:00:00:00:00:01", "x", GRANT_MAC },
                { "kind", P1, "02:00:00:00:00:01", S1, GRANT_DOMAIN },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct permit_line p[] = { line(P2, "02:00:00:00:00:02", 1, 5, 9), line(cases[i].id, cases[i].key, 1, 5, 9) };
                struct grants *t = NULL;
                struct err e = { 0 };

                p[1].subject = str_of(cases[i].subject);
                p[1].kind = cases[i].kind;
                if (compile_grants(&t, p, 2, 0, STR(""), &e) != ERR_TAMPERED || t)
                        fail_msg("%s: taken", cases[i].name);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(records_are_sorted_and_unique_by_key),
                cmocka_unit_test(the_order_of_the_database_does_not_matter),
                cmocka_unit_test(a_malformed_permit_stops_the_table),
        };

        return unit_run("compile", tests);
}
