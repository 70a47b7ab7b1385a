/* test_utime.c - time as a value: known instants, every day of five centuries, and what is not a time. */
#include "base/utime.h"

#include "unit.h"

static void known_instants(void **state)
{
        static const struct { const char *text; utime_t t; const char *canonical; } rows[] = {
                { "1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00.000000Z" },
                { "2000-02-29T12:34:56.789Z", 951827696789000, "2000-02-29T12:34:56.789000Z" },
                { "2025-04-01T00:00:00+09:00", 1743433200000000, "2025-03-31T15:00:00.000000Z" },
                { "2038-01-19T03:14:08Z", 2147483648000000, "2038-01-19T03:14:08.000000Z" },
                { "1969-12-31T23:59:59.999999Z", -1, "1969-12-31T23:59:59.999999Z" },
                { "1900-01-01T00:00:00Z", -2208988800000000, "1900-01-01T00:00:00.000000Z" },
                { "9999-12-31T23:59:59.999999Z", 253402300799999999, "9999-12-31T23:59:59.999999Z" },
                { "2025-01-01T00:00:00-05:30", 1735709400000000, "2025-01-01T05:30:00.000000Z" },
        };

        for (size_t i = 0; i < countof(rows); i++) {
                char text[UTIME_TEXT];
                utime_t t = 0;

                assert_true(utime_parse(str_of(rows[i].text), &t));
                assert_true(t == rows[i].t);
                utime_text(text, t);
                assert_text(text, rows[i].canonical);
        }
}

static void what_is_not_a_time(void **state)
{
        static const char *const bad[] = {
                "", "2025-04-01", "2025-04-01T00:00:00", "2025-04-01 00:00:00Z", "2025-04-01T00:00:00z", "2025-4-01T00:00:00Z",
                "2025-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2025-13-01T00:00:00Z", "2025-00-01T00:00:00Z", "2025-04-31T00:00:00Z",
                "2025-04-01T24:00:00Z", "2025-04-01T00:60:00Z", "2025-04-01T00:00:60Z", "2025-04-01T00:00:00.Z",
                "2025-04-01T00:00:00.1234567Z", "2025-04-01T00:00:00+9:00", "2025-04-01T00:00:00+15:00", "2025-04-01T00:00:00+09:60",
                "2025-04-01T00:00:00Zx", "２025-04-01T00:00:00Z", "1899-12-31T00:00:00Z", "-025-04-01T00:00:00Z", "2025-04-01T00:00:00.1",
                "2025-04-01T00:00:00+0900", "2025-04-01T-1:00:00Z",
        };

        for (size_t i = 0; i < countof(bad); i++) {
                utime_t t = 42;

                if (utime_parse(str_of(bad[i]), &t) || t != 42)
                        fail_msg("'%s' was accepted", bad[i]);
        }
}

static void every_day_from_1900_to_2400(void **state)
{
        static const int days_of[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
        int64_t n = date_days((struct date){ 1900, 1, 1 });

        assert_int_equal(n, -25567);
        for (int y = 1900; y < 2400; y++)
                for (int m = 1; m <= 12; m++) {
                        int last = days_of[m - 1] + (m == 2 && ((y % 4 == 0 && y % 100 != 0) || y % 400 == 0));

                        assert_false(date_ok((struct date){ y, m, last + 1 }));
                        for (int d = 1; d <= last; d++, n++) {
                                struct date back = date_from_days(n);

                                if (date_days((struct date){ y, m, d }) != n || back.year != y || back.month != m || back.day != d)
                                        fail_msg("%04d-%02d-%02d is not day %lld", y, m, d, (long long)n);
                        }
                }
}

static void a_day_in_japan_begins_at_15_utc(void **state)
{
        utime_t midnight = utime_from_jst((struct date){ 2025, 4, 1 });
        struct date d = utime_date_jst(midnight), before = utime_date_jst(midnight - 1), epoch = utime_date_jst(-UTIME_JST - 1);

        assert_true(midnight == 1743433200000000);
        assert_int_equal(d.year * 10000 + d.month * 100 + d.day, 20250401);
        assert_int_equal(before.year * 10000 + before.month * 100 + before.day, 20250331);
        assert_int_equal(epoch.year * 10000 + epoch.month * 100 + epoch.day, 19691231);
}

static void dates_as_people_type_them(void **state)
{
        static const struct { const char *s; bool ok; } rows[] = {
                { "2026-11-22", true }, { "2024-02-29", true }, { "2023-02-29", false }, { "2026-11-2", false }, { "2026/11/22", false },
                { "2026-11-22 ", false }, { "26-11-22", false }, { "", false }, { "９９９９-11-22", false },
        };

        for (size_t i = 0; i < countof(rows); i++) {
                struct date d = { 0 };

                if (date_parse(str_of(rows[i].s), &d) != rows[i].ok)
                        fail_msg("'%s': got %d", rows[i].s, !rows[i].ok);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(known_instants),
                cmocka_unit_test(what_is_not_a_time),
                cmocka_unit_test(every_day_from_1900_to_2400),
                cmocka_unit_test(a_day_in_japan_begins_at_15_utc),
                cmocka_unit_test(dates_as_people_type_them),
        };

        return unit_run("utime", tests);
}
