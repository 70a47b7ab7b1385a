/* The Japanese year: what the fiscal year, the era and the retention of a record are. */
#include "core/calendar/calendar.h"

#include "thread_pack.h"

#include "unit.h"

static utime_t jst(int year, int month, int day, utime_t since_midnight)
{
        return utime_from_jst((struct date){ year, month, day }) + since_midnight;
}

static void fiscal_year_begins_on_april_first_in_japan(void **state)
{
        assert_int_equal(calendar_fiscal_year(jst(2026, 4, 1, 0)), 2026);
        assert_int_equal(calendar_fiscal_year(jst(2026, 4, 1, 0) - 1), 2025);
        assert_int_equal(calendar_fiscal_year(jst(2027, 3, 31, UTIME_DAY - 1)), 2026);
        assert_int_equal(calendar_fiscal_year(jst(2026, 12, 31, UTIME_DAY)), 2026);
        assert_true(calendar_fiscal_start(2026) == jst(2026, 4, 1, 0));
}

static void era_year_comes_from_the_pack(void **state)
{
        static const struct { int year; bool known; const char *want; } cases[] = {
                { 2026, true, "R8" },   { 2019, true, "R1" },  { 2018, true, "H30" }, { 1989, true, "H1" },
                { 1988, true, "S63" },  { 1926, true, "S1" },  { 1925, false, "1925" },
        };
        struct pack *p = NULL;
        struct err e;
        char text[CALENDAR_ERA_YEAR], small[3];

        assert_ok(pack_load(&p, thread_pack(), THREAD_FILES, NULL, NULL, &e), e);
        for (size_t i = 0; i < countof(cases); i++) {
                assert_int_equal(calendar_era_year(text, sizeof(text), p, cases[i].year), cases[i].known);
                assert_text(text, cases[i].want);
        }
        assert_false(calendar_era_year(small, sizeof(small), p, 2018));
        assert_text(small, "");
        pack_free(p);
}

static void number_counts_within_body_kind_and_year(void **state)
{
        static const struct { uint64_t n; int year; const char *want; } cases[] = {
                { 1, 2026, "mayor-NET-R8-0001" }, { 12, 2026, "mayor-NET-R8-0012" }, { 12345, 2027, "mayor-NET-R9-12345" },
                { 7, 1900, "mayor-NET-1900-0007" },
        };
        struct pack *p = NULL;
        struct err e;

        assert_ok(pack_load(&p, thread_pack(), THREAD_FILES, NULL, NULL, &e), e);
        for (size_t i = 0; i < countof(cases); i++) {
                scoped(buf_done) struct buf b = BUF_INIT;

                calendar_number(&b, "mayor", "NET", p, cases[i].year, cases[i].n);
                assert_text(b.p, cases[i].want);
        }
        pack_free(p);
}

static void retention_counts_from_the_next_fiscal_year(void **state)
{
        assert_true(calendar_retention_end(jst(2026, 11, 22, UTIME_HOUR), 5) == jst(2032, 4, 1, 0));
        assert_true(calendar_retention_end(jst(2027, 3, 31, 0), 5) == jst(2032, 4, 1, 0));
        assert_true(calendar_retention_end(jst(2027, 4, 1, 0), 5) == jst(2033, 4, 1, 0));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(fiscal_year_begins_on_april_first_in_japan),
                cmocka_unit_test(era_year_comes_from_the_pack),
                cmocka_unit_test(number_counts_within_body_kind_and_year),
                cmocka_unit_test(retention_counts_from_the_next_fiscal_year),
        };

        return unit_run("calendar", tests);
}
