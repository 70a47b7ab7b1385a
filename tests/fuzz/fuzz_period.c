/* The same bytes as a period and as a date: what is read is written out, and reads back as the same. */
#include "core/period/period.h"
#include "core/period/wareki.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static const struct era rows[] = { { "H", "平成", "㍻", { 1989, 1, 8 } }, { "R", "令和", "㋿", { 2019, 5, 1 } } };
        static const struct eras eras = { rows, countof(rows) };
        static const struct holidays h = { NULL, 0, WEEKEND_SATURDAY_SUNDAY, 0, 30000 };
        scoped(buf_done) struct buf a = BUF_INIT, b = BUF_INIT, c = BUF_INIT;
        struct str s = { (const char *)data, size };
        struct wareki_date w, v;
        struct period_day day;
        struct period p, q;

        if (period_parse(&p, s, ~0u, NULL) == ERR_OK) {
                (void)period_day(&day, &p, (struct date){ 2026, 4, 1 }, &h);
                period_format(&a, &p);
                if (period_parse(&q, buf_view(&a), ~0u, NULL) < 0)
                        __builtin_trap();
                period_format(&b, &q);
                if (!str_eq(buf_view(&a), buf_view(&b)))
                        __builtin_trap();
        }
        if (wareki_parse(&w, s, &eras, NULL) == ERR_OK) {
                wareki_format(&c, w.date, &eras, WAREKI_SHORT);
                if (wareki_parse(&v, buf_view(&c), &eras, NULL) < 0 || date_days(v.date) != date_days(w.date) || v.written != v.right)
                        __builtin_trap();
        }
        return 0;
}
