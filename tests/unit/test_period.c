/* Periods as a pack writes them, days as offices count them, and dates of the Japanese calendar. */
#include "core/period/period.h"
#include "core/period/wareki.h"

#include "unit.h"

static unsigned long count, fail_at;       /* fail_at 0: never */

void *__real_realloc(void *p, size_t n);
void *__wrap_realloc(void *p, size_t n);

void *__wrap_realloc(void *p, size_t n)
{
        return ++count == fail_at ? NULL : __real_realloc(p, n);
}

static struct date day(const char *text)
{
        struct date d = { 0, 0, 0 };

        if (!date_parse(str_of(text), &d))
                fail_msg("%s is no date", text);
        return d;
}

static const char *text_of(char to[16], struct date d)
{
        (void)snprintf(to, 16, "%04d-%02d-%02d", d.year % 10000, d.month % 100, d.day % 100);
        return to;
}

/* Holidays of Japan from January 2026 to March 2027, and 12/29 to 1/3. */
static const char *const holiday_rows[] = {
        "2026-01-01", "2026-01-02", "2026-01-03", "2026-01-12", "2026-02-11", "2026-02-23", "2026-03-20", "2026-04-29", "2026-05-03",
        "2026-05-04", "2026-05-05", "2026-05-06", "2026-07-20", "2026-08-11", "2026-09-21", "2026-09-22", "2026-09-23", "2026-10-12",
        "2026-11-03", "2026-11-23", "2026-12-29", "2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03", "2027-01-11",
        "2027-02-11", "2027-02-23", "2027-03-21", "2027-03-22",
};

static struct holidays japan(void)
{
        static int64_t days[countof(holiday_rows)];

        for (size_t i = 0; i < countof(holiday_rows); i++)
                days[i] = date_days(day(holiday_rows[i]));
        return (struct holidays){ days, countof(days), WEEKEND_SATURDAY_SUNDAY, date_days(day("2026-01-01")), date_days(day("2027-03-31")) };
}

static struct period parsed(const char *text)
{
        struct period p = { 0 };
        struct err e = { 0 };

        if (period_parse(&p, str_of(text), ~0u, &e) < 0)
                fail_msg("%s\n  refused: %s", text, e.text);
        return p;
}

static void a_period_gives_a_day(void **state)
{
        static const struct { const char *name, *period, *from, *want; } cases[] = {
                /* terms: the first day counts */
                { "a term of one day ends the same day",            "1 day", "2026-04-01", "2026-04-01" },
                { "ninety days",                                    "90 days", "2026-04-01", "2026-06-29" },
                { "two weeks",                                      "2 weeks", "2026-04-01", "2026-04-14" },
                { "six months from the first",                      "6 months", "2026-04-01", "2026-09-30" },
                { "one month from the middle",                      "1 month", "2026-04-15", "2026-05-14" },
                { "no corresponding day: the last of the month",    "6 months", "2026-08-31", "2027-02-28" },
                { "one month from January 31",                      "1 month", "2026-01-31", "2026-02-28" },
                { "one month from January 30, leap year",           "1 month", "2028-01-30", "2028-02-29" },
                { "one month from January 29, leap year",           "1 month", "2028-01-29", "2028-02-28" },
                { "one month from January 29, common year",         "1 month", "2027-01-29", "2027-02-28" },
                { "a year from April 1",                            "1 year", "2026-04-01", "2027-03-31" },
                { "a year from the leap day",                       "1 year", "2028-02-29", "2029-02-28" },
                { "four years from the leap day",                   "4 years", "2028-02-29", "2032-02-28" },
                { "three working days over a weekend",              "3 working-days", "2026-04-03", "2026-04-07" },
                { "a term of working days begins on a holiday",     "1 working-day", "2026-05-03", "2026-05-07" },
                { "fiscal year ends on March 31",                   "fiscal-year-end", "2026-04-01", "2027-03-31" },
                { "in March it is the same month's",                "fiscal-year-end", "2027-03-31", "2027-03-31" },
                { "in January it is the same year's",               "fiscal-year-end", "2027-01-05", "2027-03-31" },
                { "a fixed day",                                    "until 2027-03-31", "2026-04-01", "2027-03-31" },
                { "a fixed day that is today",                      "until 2027-03-31", "2027-03-31", "2027-03-31" },
                { "a fixed day that is over",                       "until 2027-03-31", "2027-04-01", NULL },
                /* deadlines: the day itself does not count */
                { "seven days before a meeting",                    "7 days before meeting_date", "2026-04-15", "2026-04-08" },
                { "one month before the end of March",              "1 month before end", "2026-03-31", "2026-02-28" },
                { "two working days before a Monday",               "2 working-days before telework_date", "2026-04-13", "2026-04-09" },
                { "two working days before, over golden week",      "2 working-days before telework_date", "2026-05-07", "2026-04-30" },
                { "two working days before, over the new year",     "2 working-days before telework_date", "2027-01-04", "2026-12-25" },
                { "ten days after filing",                          "10 days after submitted", "2026-04-01", "2026-04-11" },
                { "ten working days after filing",                  "10 working-days after submitted", "2026-04-27", "2026-05-15" },
                { "one month after the end of February",            "1 month after submitted", "2026-02-28", "2026-03-31" },
                { "one month after January 30",                     "1 month after submitted", "2026-01-30", "2026-02-28" },
                { "one month after January 31",                     "1 month after submitted", "2026-01-31", "2026-02-28" },
                { "a year after the leap day",                      "1 year after submitted", "2028-02-29", "2029-02-28" },
                { "a deadline on a holiday moves on",               "2 days after submitted or next-working-day", "2026-05-01", "2026-05-07" },
                { "a deadline on a holiday moves back",             "7 days before meeting_date or previous-working-day", "2026-05-12", "2026-05-01" },
                { "a deadline on a working day stays",              "7 days before meeting_date or previous-working-day", "2026-04-15", "2026-04-08" },
                { "unused since",                                   "idle 90 days", "2026-04-01", "2026-06-30" },
                { "grace after the end",                            "grace 14 days", "2027-03-31", "2027-04-14" },
                { "grace of a month",                               "grace 1 month", "2027-03-31", "2027-04-30" },
                /* what comes again */
                { "every six months",                               "every 6 months", "2026-04-01", "2026-10-01" },
                { "every month from the 31st",                      "every 1 month", "2026-01-31", "2026-02-28" },
                { "every two weeks",                                "every 2 weeks", "2026-04-01", "2026-04-15" },
                { "yearly from the leap day",                       "yearly", "2028-02-29", "2029-02-28" },
                { "yearly on April 1, asked in between",            "yearly on 04-01", "2026-07-01", "2027-04-01" },
                { "yearly on April 1, asked on the day",            "yearly on 04-01", "2026-04-01", "2027-04-01" },
                { "yearly on April 1, asked the day before",        "yearly on 04-01", "2026-03-31", "2026-04-01" },
                { "yearly on the leap day",                         "yearly on 02-29", "2026-03-01", "2027-02-28" },
                { "yearly on January 1, moved on",                  "yearly on 01-01 or next-working-day", "2026-06-01", "2027-01-04" },
                { "every month, moved back",                        "every 1 month or previous-working-day", "2026-04-03", "2026-05-01" },
                /* the years we know */
                { "beyond the years we know",                       "3660 years", "2026-04-01", "5686-03-31" },
                { "further still",                                  "3660 years", "7000-04-01", NULL },
                { "before the years we know",                       "3660 days before x", "1905-01-01", NULL },
                { "every day at the end of time",                   "every 1 day", "9999-12-31", NULL },
                { "working days at the end of time",                "9 working-days after x", "9999-12-30", NULL },
        };
        const struct holidays h = japan();

        for (size_t i = 0; i < countof(cases); i++) {
                struct period p = parsed(cases[i].period);
                struct period_day d;
                bool ok = period_day(&d, &p, day(cases[i].from), &h);
                char got[16] = "none";

                if (ok)
                        (void)text_of(got, d.date);
                if (strcmp(got, cases[i].want ? cases[i].want : "none") != 0)
                        fail_msg("%s: %s from %s: got %s, want %s", cases[i].name, cases[i].period, cases[i].from, got,
                                 cases[i].want ? cases[i].want : "none");
        }
}

static void a_day_beyond_the_list_of_holidays_is_marked(void **state)
{
        static const struct { const char *period, *from; bool guessed; } cases[] = {
                { "10 working-days after x", "2026-04-01", false }, { "10 working-days after x", "2027-03-25", true },
                { "2 working-days before x", "2027-04-02", true },  { "2 working-days before x", "2027-04-01", false },
                { "90 days", "2027-03-25", false },                 { "5 days after x or next-working-day", "2027-03-30", true },
                { "5 days after x", "2027-03-30", false },          { "yearly on 04-01 or next-working-day", "2027-01-01", true },
        };
        const struct holidays h = japan();

        for (size_t i = 0; i < countof(cases); i++) {
                struct period p = parsed(cases[i].period);
                struct period_day d;

                assert_true(period_day(&d, &p, day(cases[i].from), &h));
                if (d.guessed != cases[i].guessed)
                        fail_msg("%s from %s: guessed is %d", cases[i].period, cases[i].from, d.guessed);
        }
}

static void an_office_that_never_opens_has_no_working_day(void **state)
{
        const struct holidays never = { NULL, 0, 0x7f, 0, INT64_MAX };
        struct period p = parsed("1 working-day after x"), rolled = parsed("1 day after x or next-working-day");
        struct period_day d;

        assert_false(period_day(&d, &p, day("2026-04-01"), &never));
        assert_false(period_day(&d, &rolled, day("2026-04-01"), &never));
}

static void late_work_does_not_shift_the_next_time(void **state)
{
        static const struct { const char *period, *from, *after, *want; } cases[] = {
                { "every 6 months", "2026-04-01", "2026-10-01", "2027-04-01" },     /* asked on the day: the next one */
                { "every 6 months", "2026-04-01", "2026-12-15", "2027-04-01" },     /* two months late, and still April */
                { "every 1 month", "2026-01-31", "2026-02-28", "2026-03-31" },      /* the short month does not stick */
                { "every 1 month", "2026-01-31", "2027-01-31", "2027-02-28" },
                { "every 90 days", "2026-04-01", "2026-04-01", "2026-06-30" },
                { "every 90 days", "2026-04-01", "2028-01-01", "2028-03-21" },
                { "yearly", "2026-04-01", "2036-03-31", "2036-04-01" },
                { "yearly", "2026-04-01", "1999-01-01", "2027-04-01" },             /* asked before it began */
                { "yearly on 04-01", "2026-07-01", "2030-06-30", "2031-04-01" },
                { "yearly on 02-29", "2026-07-01", "2027-02-28", "2028-02-29" },
                { "every 1 day", "1900-01-01", "9999-12-30", "9999-12-31" },
        };
        const struct holidays h = japan();

        for (size_t i = 0; i < countof(cases); i++) {
                struct period p = parsed(cases[i].period);
                struct period_day d = { 0 };
                char got[16];

                assert_true(period_next(&d, &p, day(cases[i].from), day(cases[i].after), &h));
                if (strcmp(text_of(got, d.date), cases[i].want) != 0)
                        fail_msg("%s from %s after %s: got %s, want %s", cases[i].period, cases[i].from, cases[i].after, got, cases[i].want);
        }
}

/* Counted one after the other, each day its own way: the leap in period_next() may pass nothing over. */
static void the_next_time_is_the_first_after(void **state)
{
        static const char *const rows[] = { "every 1 month", "every 7 months", "every 3 weeks", "every 10 days", "yearly", "every 3 years",
                                            "yearly on 02-29", "every 1 month or previous-working-day", "every 1 month or next-working-day",
                                            "every 1 day or next-working-day", "every 1 day or previous-working-day" };
        const struct holidays h = japan();
        const struct date from = day("2024-01-31");

        for (size_t i = 0; i < countof(rows); i++) {
                struct period p = parsed(rows[i]);
                int64_t expected = 0;
                struct period_day d;

                for (int64_t after = date_days(day("2032-01-01")); after >= date_days(from); after--) {
                        assert_true(period_next(&d, &p, from, date_from_days(after), &h));
                        assert_true(date_days(d.date) > after);
                        if (expected && date_days(d.date) != expected && date_days(d.date) != after + 1)
                                fail_msg("%s: the next after %lld jumps", rows[i], (long long)after);
                        expected = date_days(d.date);
                }
        }
}

static void working_days_agree_with_counting_on_fingers(void **state)
{
        const struct holidays h = japan();

        for (int64_t from = date_days(day("2026-01-05")); from < date_days(day("2026-12-01")); from++) {
                int64_t after = from, before = from, got = 0;
                bool guessed = false;

                for (int64_t n = 1; n <= 12; n++) {
                        do
                                after++;
                        while (!day_is_working(&h, after));
                        assert_true(day_working_step(&got, &h, from, n, &guessed));
                        assert_true(got == after);
                        do
                                before--;
                        while (!day_is_working(&h, before));
                        assert_true(day_working_step(&got, &h, from, -n, &guessed));
                        assert_true(got == before);
                }
        }
}

/* Terms of months that follow each other leave no day out and count none twice, if they begin on a day that every month has. */
static void terms_of_months_tile_the_year(void **state)
{
        for (int64_t first = date_days(day("2024-01-01")); first < date_days(day("2033-01-01")); first++)
                for (int64_t n = 1; n <= 25; n++) {
                        int64_t end = 0, both = 0, next = 0;

                        assert_true(day_term_end(&end, first, n));
                        assert_true(day_add_months(&next, first, n));
                        assert_true(end == next - 1 || (date_from_days(first).day > 28 && end == next));
                        if (date_from_days(first).day > 28)
                                continue;
                        assert_true(day_term_end(&both, end + 1, n));
                        assert_true(day_term_end(&next, first, 2 * n));
                        assert_true(both == next);
                }
}

static void people_count_days_and_machines_instants(void **state)
{
        struct interval i = period_interval(day("2026-04-01"), day("2027-03-31"));
        char text[UTIME_TEXT], d[16];

        utime_text(text, i.from);
        assert_text(text, "2026-03-31T15:00:00.000000Z");
        utime_text(text, i.until);
        assert_text(text, "2027-03-31T15:00:00.000000Z");
        assert_text(text_of(d, period_last_day(i.until)), "2027-03-31");
        assert_text(text_of(d, period_last_day(i.until + 1)), "2027-04-01");
}

static void slips_are_refused_at_their_column_with_a_hint(void **state)
{
        static const struct { const char *text; unsigned kinds; const char *key, *column, *hint; } cases[] = {
                { "", ~0u, "period.unfinished", "1", "" },                  { "90", ~0u, "period.unfinished", "3", NULL },
                { "90days", ~0u, "period.count", "1", "3660" },             { "0 days", ~0u, "period.count", "1", "3660" },
                { "007 days", ~0u, "period.count", "1", "3660" },           { "3661 days", ~0u, "period.count", "1", "3660" },
                { "-3 days", ~0u, "period.word", "1", NULL },               { "90 dyas", ~0u, "period.unit", "4", NULL },
                { "90 Days", ~0u, "period.unit", "4", NULL },               { "ninety days", ~0u, "period.word", "1", NULL },
                { "90 days from x", ~0u, "period.too-much", "9", "" },      { "7 days before", ~0u, "period.unfinished", "14", NULL },
                { "7 days before Meeting", ~0u, "period.name", "15", NULL },{ "7 days before 2026-04-01", ~0u, "period.name", "15", NULL },
                { "7 days before a..b", ~0u, "period.name", "15", NULL },   { "until tomorrow", ~0u, "period.date", "7", "2027-03-31" },
                { "until 2027-02-29", ~0u, "period.date", "7", NULL },      { "yearly on 4-1", ~0u, "period.date", "11", "04-01" },
                { "yearly on 02-30", ~0u, "period.date", "11", "04-01" },   { "yearly in april", ~0u, "period.too-much", "8", "" },
                { "every 5 working-days", ~0u, "period.every-working-days", "1", "" },
                { "2 working-days before x or next-working-day", ~0u, "period.roll-needless", "25", "" },
                { "7 days before x or monday", ~0u, "period.word", "20", "next-working-day" },
                { "fiscal-year-end or next-working-day", ~0u, "period.too-much", "17", "" },
                { "９０ days", ~0u, "period.instead", "1", "90" },          { "90　days", ~0u, "period.instead", "1", "90 days" },
                { "90日間", ~0u, "period.instead", "1", "days" },           { "年度末", ~0u, "period.instead", "1", "fiscal-year-end" },
                { "毎年", ~0u, "period.instead", "1", "yearly" },           { "6 か月", ~0u, "period.instead", "3", "months" },
                { "会議", ~0u, "period.not-ascii", "1", "" },               { "90 days\xe2\x80\x8b", ~0u, "period.hidden", "8", "" },
                { "90\tdays", ~0u, "period.hidden", "3", "" },              { "\xff", ~0u, "period.hidden", "1", "" },
                { "every 6 months", PERIODS_END, "period.kind", "1", "90 days, fiscal-year-end, until 2027-03-31" },
                { "90 days", PERIODS_DUE, "period.kind", "1", "7 days before NAME" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct period p = { .n = 77 };
                struct err e = { 0 };
                int r = period_parse(&p, str_of(cases[i].text), cases[i].kinds, &e);

                if (r != ERR_INPUT || p.n != 77 || strcmp(e.key, cases[i].key) != 0 || strcmp(e.args[0], cases[i].column) != 0 ||
                    (cases[i].hint && strncmp(e.args[2], cases[i].hint, strlen(cases[i].hint)) != 0))
                        fail_msg("%s: got %s at %s, hint '%s' (%d)", cases[i].text, e.key, e.args[0], e.args[2], r);
                for (enum lang lang = LANG_JA; lang < LANG_COUNT; lang++) {
                        scoped(buf_done) struct buf words = BUF_INIT;

                        text_err(&words, lang, &e);
                        if (!text_known(e.key) || strchr(words.p, '{'))
                                fail_msg("%s: %s has no complete text", cases[i].text, e.key);
                }
        }
}

static void periods_are_written_out_and_read_back(void **state)
{
        static const struct { const char *text, *canonical, *ja, *en; } cases[] = {
                { "90 days", "90 days", "90日間", "90 days" },
                { " 1  days ", "1 day", "1日間", "1 day" },
                { "6 months", "6 months", "6か月間", "6 months" },
                { "2 weeks", "2 weeks", "2週間", "2 weeks" },
                { "fiscal-year-end", "fiscal-year-end", "年度末（3月31日）まで", "until the end of the fiscal year (March 31)" },
                { "until 2027-03-31", "until 2027-03-31", "2027年3月31日まで", "until 2027-3-31" },
                { "7 days before meeting_date", "7 days before meeting_date", "会議の日の7日前まで", "at least 7 days before 会議の日" },
                { "2 working-days before x", "2 working-days before x", "会議の日の2開庁日前まで", "at least 2 working days before 会議の日" },
                { "10 days after x or next-working-day", "10 days after x or next-working-day", "会議の日から10日以内（閉庁日のときは次の開庁日）",
                  "within 10 days after 会議の日 (if closed, the next working day)" },
                { "every 6 months", "every 6 months", "6か月ごと", "every 6 months" },
                { "every 1 year", "yearly", "1年ごと", "every 1 year" },
                { "yearly on 04-01", "yearly on 04-01", "毎年4月1日", "every year on 4-1" },
                { "idle 90 days", "idle 90 days", "90日間使われないとき", "not used for 90 days" },
                { "grace 14 days", "grace 14 days", "終わってから14日間の猶予", "14 days of grace after the end" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(buf_done) struct buf source = BUF_INIT, again = BUF_INIT, ja = BUF_INIT, en = BUF_INIT;
                struct period p = parsed(cases[i].text), q;

                period_format(&source, &p);
                assert_text(source.p, cases[i].canonical);
                q = parsed(source.p);
                period_format(&again, &q);
                assert_text(again.p, source.p);
                assert_true(p.kind == q.kind && p.n == q.n && p.unit == q.unit && p.roll == q.roll && strcmp(p.name, q.name) == 0);
                period_print(&ja, &p, "会議の日", LANG_JA);
                period_print(&en, &p, "会議の日", LANG_EN);
                assert_text(ja.p, cases[i].ja);
                assert_text(en.p, cases[i].en);
        }
}

/* ---- the Japanese calendar ---- */

static const struct era era_rows[] = {
        { "M", "明治", "㍾", { 1868, 10, 23 } }, { "T", "大正", "㍽", { 1912, 7, 30 } }, { "S", "昭和", "㍼", { 1926, 12, 25 } },
        { "H", "平成", "㍻", { 1989, 1, 8 } },   { "R", "令和", "㋿", { 2019, 5, 1 } },
};
static const struct eras eras = { era_rows, countof(era_rows) };

static void dates_are_read_as_offices_write_them(void **state)
{
        static const struct { const char *text, *want, *moved; } cases[] = {
                { "令和8年4月1日", "2026-04-01", "" },        { "令和元年5月1日", "2019-05-01", "" },      { "令和1年5月1日", "2019-05-01", "" },
                { "令和８年４月１日", "2026-04-01", "" },     { "令和 8年 4月 1日", "2026-04-01", "" },    { "　令和８年　４月　１日　", "2026-04-01", "" },
                { "R8.4.1", "2026-04-01", "" },               { "r8.4.1", "2026-04-01", "" },              { "R08.04.01", "2026-04-01", "" },
                { "Ｒ８．４．１", "2026-04-01", "" },         { "R8/4/1", "2026-04-01", "" },              { "R8-4-1", "2026-04-01", "" },
                { "R8－4－1", "2026-04-01", "" },             { "R元.5.1", "2019-05-01", "" },             { "R080401", "2026-04-01", "" },
                { "㋿8年4月1日", "2026-04-01", "" },          { "R8年4月1日", "2026-04-01", "" },          { "令和8.4.1", "2026-04-01", "" },
                { "20260401", "2026-04-01", "" },             { "２０２６０４０１", "2026-04-01", "" },    { "2026-04-01", "2026-04-01", "" },
                { "2026/4/1", "2026-04-01", "" },             { "2026.4.1", "2026-04-01", "" },            { "2026年4月1日", "2026-04-01", "" },
                { "H31.4.30", "2019-04-30", "" },             { "S64.1.7", "1989-01-07", "" },             { "昭和64年1月7日", "1989-01-07", "" },
                { "平成元年1月8日", "1989-01-08", "" },       { "平成31年4月30日", "2019-04-30", "" },     { "大正15年12月24日", "1926-12-24", "" },
                { "昭和元年12月25日", "1926-12-25", "" },     { "明治45年7月29日", "1912-07-29", "" },     { "大正元年7月30日", "1912-07-30", "" },
                { "令和10年2月29日", "2028-02-29", "" },
                /* the era had ended by then: read, and said */
                { "平成31年5月1日", "2019-05-01", "平成31年5月1日=令和元年5月1日" },
                { "H40.3.31", "2028-03-31", "平成40年3月31日=令和10年3月31日" },
                { "昭和64年1月8日", "1989-01-08", "昭和64年1月8日=平成元年1月8日" },
                { "昭和100年1月1日", "2025-01-01", "昭和100年1月1日=令和7年1月1日" },
                { "S44.1.1", "1969-01-01", "" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct wareki_date w;
                struct err e = { 0 }, warning = { 0 };
                char got[16], moved[2 * ERR_ARG_MAX + 2] = "";

                if (wareki_parse(&w, str_of(cases[i].text), &eras, &e) < 0)
                        fail_msg("%s: %s", cases[i].text, e.text);
                if (wareki_moved(&w, &eras, &warning)) {
                        (void)snprintf(moved, sizeof(moved), "%s=%s", warning.args[0], warning.args[1]);
                        assert_text(warning.key, "wareki.other-era");
                }
                if (strcmp(text_of(got, w.date), cases[i].want) != 0 || strcmp(moved, cases[i].moved) != 0)
                        fail_msg("%s: got %s (%s), want %s (%s)", cases[i].text, got, moved, cases[i].want, cases[i].moved);
        }
}

static void what_may_be_meant_otherwise_is_no_date(void **state)
{
        static const struct { const char *text, *key, *hint; } cases[] = {
                { "", "wareki.unreadable", "" },              { "8.4.1", "wareki.era-missing", "" },       { "8年4月1日", "wareki.era-missing", "" },
                { "080401", "wareki.era-missing", "" },       { "26/4/1", "wareki.era-missing", "" },      { "元年5月1日", "wareki.era-missing", "" },
                { "4月1日", "wareki.era-missing", "" },       { "X8.4.1", "wareki.unreadable", "" },      { "慶応3年1月1日", "wareki.unreadable", "" },
                { "令和8年", "wareki.unreadable", "" },       { "令和8年4月", "wareki.unreadable", "" },   { "令和8年4月1", "wareki.unreadable", "" },
                { "R8.4/1", "wareki.unreadable", "" },        { "R8.4.1.", "wareki.unreadable", "" },      { "R8.4.1から", "wareki.unreadable", "" },
                { "令和080401", "wareki.unreadable", "" },    { "R8041", "wareki.unreadable", "" },        { "令和", "wareki.unreadable", "" },
                { "R2026.4.1", "wareki.unreadable", "" },
                { "R令和8.4.1", "wareki.unreadable", "" },    { "令和0年4月1日", "wareki.no-such-day", "" },
                { "令和8年2月29日", "wareki.no-such-day", "" }, { "令和8年13月1日", "wareki.no-such-day", "" }, { "R8.0.1", "wareki.no-such-day", "" },
                { "20260431", "wareki.no-such-day", "" },     { "18990101", "wareki.no-such-day", "" },    { "明治5年1月1日", "wareki.no-such-day", "" },
                { "令和元年4月30日", "wareki.before-era", "平成31年4月30日" },   { "H1.1.7", "wareki.before-era", "昭和64年1月7日" },
                { "R010401", "wareki.before-era", "平成31年4月1日" },            { "\xff", "wareki.unreadable", "" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct wareki_date w = { .date = { 1, 2, 3 } };
                struct err e = { 0 };
                int r = wareki_parse(&w, str_of(cases[i].text), &eras, &e);
                char got[16];

                if (r == 0)
                        fail_msg("%s: read as %s", cases[i].text, text_of(got, w.date));
                if (r != ERR_INPUT || w.date.year != 1 || strcmp(e.key, cases[i].key) != 0 || strcmp(e.args[2], cases[i].hint) != 0 || !text_known(e.key))
                        fail_msg("%s: got %s, hint '%s'", cases[i].text, e.key, e.args[2]);
        }
        assert_true(text_known("wareki.other-era"));
}

/* The turns of the eras by the law that made each: the day before is the old one's last, the day itself the new one's first. */
static void eras_turn_on_their_day(void **state)
{
        static const struct { const char *day, *last, *first, *last_short, *first_short; } turns[] = {
                { "1912-07-30", "明治45年7月29日", "大正元年7月30日", "M45.7.29", "T1.7.30" },
                { "1926-12-25", "大正15年12月24日", "昭和元年12月25日", "T15.12.24", "S1.12.25" },
                { "1989-01-08", "昭和64年1月7日", "平成元年1月8日", "S64.1.7", "H1.1.8" },
                { "2019-05-01", "平成31年4月30日", "令和元年5月1日", "H31.4.30", "R1.5.1" },
        };

        for (size_t i = 0; i < countof(turns); i++) {
                struct date first = day(turns[i].day), last = date_from_days(date_days(first) - 1);
                scoped(buf_done) struct buf out = BUF_INIT;

                wareki_format(&out, last, &eras, WAREKI_LONG);
                assert_text(out.p, turns[i].last);
                buf_clear(&out);
                wareki_format(&out, first, &eras, WAREKI_LONG);
                assert_text(out.p, turns[i].first);
                buf_clear(&out);
                wareki_format(&out, last, &eras, WAREKI_SHORT);
                assert_text(out.p, turns[i].last_short);
                buf_clear(&out);
                wareki_format(&out, first, &eras, WAREKI_SHORT);
                assert_text(out.p, turns[i].first_short);
        }
}

static void each_day_is_written_and_read_as_itself(void **state)
{
        const struct eras two = { era_rows + 3, 2 };            /* a pack that begins with 平成 writes older days as Western */

        for (int64_t d = date_days(day("1900-01-01")); d < date_days(day("2118-12-31")); d++)
                for (unsigned style = WAREKI_LONG; style <= WAREKI_SHORT; style++)
                        for (unsigned t = 0; t < 2; t++) {
                                scoped(buf_done) struct buf out = BUF_INIT;
                                struct wareki_date w = { 0 };
                                struct err e = { 0 };

                                wareki_format(&out, date_from_days(d), t ? &two : &eras, (enum wareki_style)style);
                                assert_ok(wareki_parse(&w, buf_view(&out), t ? &two : &eras, &e), e);
                                if (date_days(w.date) != d || w.written != w.right)
                                        fail_msg("%s is read as another day", out.p);
                        }
}

/* ---- hostile input and a hostile machine ---- */

static void words_survive_each_refused_allocation(void **state)
{
        struct period p = parsed("10 days after x or next-working-day");
        struct wareki_date w = { .date = { 1, 2, 3 } };
        struct err e = { 0 };
        bool bad = true;

        for (fail_at = 1; bad; fail_at++) {
                scoped(buf_done) struct buf out = BUF_INIT;

                count = 0;
                period_print(&out, &p, NULL, LANG_JA);
                bad = buf_bad(&out);
                if (!bad && count >= fail_at)
                        fail_msg("allocation %lu was refused, and nobody noticed: %s", fail_at, out.p);
        }
        assert_true(fail_at > 4);
        for (fail_at = 1; e.code != ERR_INPUT; fail_at++) {
                count = 0;
                assert_true(wareki_parse(&w, STR("令和元年4月30日"), &eras, &e) < 0 && w.date.year == 1);
                assert_true(e.code == ERR_NOMEM || (e.code == ERR_INPUT && count < fail_at));
        }
        fail_at = 1;
        count = 0;
        assert_ok(wareki_parse(&w, STR("平成31年5月1日"), &eras, &e), e);
        assert_true(wareki_moved(&w, &eras, &e));                            /* still said, if in fewer words */
        fail_at = 0;
}

static void any_bytes_are_read_or_refused(void **state)
{
        static const char *const pieces[] = { "90", "days", " ", "before", "x", "every", "yearly", "on", "04-01", "or", "next-working-day", "until",
                                              "2027-03-31", "令和", "8", "年", "4", "月", "1", "日", "元", "R", ".", "９", "　", "\xff", "\xe4", "-", "㋿" };
        uint64_t dice = 20190501;

        for (unsigned i = 0; i < 30000; i++) {
                scoped(buf_done) struct buf text = BUF_INIT;
                struct period p;
                struct wareki_date w;
                struct err e = { 0 };
                char *copy;

                for (unsigned n = 1 + i % 9; n; n--) {
                        dice ^= dice << 13;
                        dice ^= dice >> 7;
                        dice ^= dice << 17;
                        buf_text(&text, pieces[dice % countof(pieces)]);
                        buf_text(&text, dice >> 32 & 1 ? " " : "");
                }
                copy = malloc(text.n);                                       /* exactly its size */
                memcpy(copy, text.p, text.n);
                if (period_parse(&p, (struct str){ copy, text.n }, ~0u, &e) < 0)
                        assert_true(e.code == ERR_INPUT && text_known(e.key) && utf8_ok(str_of(e.args[1])));
                if (wareki_parse(&w, (struct str){ copy, text.n }, &eras, &e) < 0)
                        assert_true(e.code == ERR_INPUT && text_known(e.key) && utf8_ok(str_of(e.args[0])));
                free(copy);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_period_gives_a_day),
                cmocka_unit_test(a_day_beyond_the_list_of_holidays_is_marked),
                cmocka_unit_test(an_office_that_never_opens_has_no_working_day),
                cmocka_unit_test(late_work_does_not_shift_the_next_time),
                cmocka_unit_test(the_next_time_is_the_first_after),
                cmocka_unit_test(working_days_agree_with_counting_on_fingers),
                cmocka_unit_test(terms_of_months_tile_the_year),
                cmocka_unit_test(people_count_days_and_machines_instants),
                cmocka_unit_test(slips_are_refused_at_their_column_with_a_hint),
                cmocka_unit_test(periods_are_written_out_and_read_back),
                cmocka_unit_test(dates_are_read_as_offices_write_them),
                cmocka_unit_test(what_may_be_meant_otherwise_is_no_date),
                cmocka_unit_test(eras_turn_on_their_day),
                cmocka_unit_test(each_day_is_written_and_read_as_itself),
                cmocka_unit_test(words_survive_each_refused_allocation),
                cmocka_unit_test(any_bytes_are_read_or_refused),
        };

        return unit_run("period", tests);
}
