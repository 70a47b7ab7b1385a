/* wareki.c - see wareki.h.
 *
 *      date  = [ era ] year "年" month "月" day "日" | [ era ] year s month s day | code yymmdd | yyyymmdd      s: one of . / -
 *      era   = name | code | sign; year = "元" | 1 to 3 digits behind an era, four without one
 * Full-width letters, digits and signs are taken for ASCII, blanks are passed over, code letters are large or small.
 */
#include "core/period/wareki.h"

#include "core/pack/chars.h"

enum { YEAR_SIGN = 'Y', MONTH_SIGN = 'M', DAY_SIGN = 'D', FIRST_SIGN = 'G' };    /* 年 月 日 元, once the era is cut off */

enum { ERA_YEAR_MAX = 999 };                                            /* R2026.4.1 is a slip, not the year 4044 */

static int refuse(struct err *e, const char *key, struct str s, const char *more, const char *hint)
{
        char word[WAREKI_BYTES_MAX + 1];

        (void)snprintf(word, sizeof(word), "%.*s", (int)s.n, s.n ? s.p : "");
        return err_key(e, ERR_INPUT, key, "", word, more, hint, (char *)NULL);
}

static int64_t first_day(const struct era *era)
{
        return date_days(era->from);
}

const struct era *era_at(const struct eras *eras, struct date d)
{
        const struct era *at = NULL;

        for (size_t i = 0; i < eras->n && first_day(&eras->rows[i]) <= date_days(d); i++)
                at = &eras->rows[i];
        return at;
}

static bool equal_but_for_case(struct str s, const char *code)
{
        for (size_t i = 0; i < s.n; i++)
                if (((unsigned char)s.p[i] | 0x20) != ((unsigned char)code[i] | 0x20))
                        return false;
        return true;
}

/* Takes an era's name, sign or code off the front; `code` alone may stand before six digits. */
static const struct era *cut_era(struct str *s, const struct eras *eras, bool *by_code)
{
        for (size_t i = 0; i < eras->n; i++) {
                const char *const words[] = { eras->rows[i].name, eras->rows[i].sign, eras->rows[i].code };

                for (size_t j = 0; j < countof(words); j++) {
                        size_t n = words[j] ? strlen(words[j]) : 0;

                        *by_code = j == 2;
                        if (!n || n > s->n || (*by_code ? !equal_but_for_case((struct str){ s->p, n }, words[j]) : memcmp(s->p, words[j], n) != 0))
                                continue;
                        *s = (struct str){ s->p + n, s->n - n };
                        return &eras->rows[i];
                }
        }
        return NULL;
}

/* Blanks out, full-width to ASCII; everything else as it is. Never longer than `s`. */
static struct str narrow(char *to, struct str s)
{
        size_t n = 0;

        while (s.n) {
                struct str at = s;
                uint32_t c = char_next(&s);

                if (c == ' ' || char_is_wide_space(c))
                        continue;
                if (char_is_wide_ascii(c) || char_is_wide_hyphen(c)) {
                        to[n++] = char_is_wide_hyphen(c) ? '-' : (char)(c - 0xfee0);
                } else {
                        memcpy(to + n, at.p, at.n - s.n);
                        n += at.n - s.n;
                }
        }
        return (struct str){ to, n };
}

/* What stands behind the era, one byte a sign; false if it holds anything else. */
static bool reduce(char *to, size_t *n, struct str s)
{
        static const struct { uint32_t c; char sign; } signs[] = { { 0x5e74, YEAR_SIGN }, { 0x6708, MONTH_SIGN }, { 0x65e5, DAY_SIGN }, { 0x5143, FIRST_SIGN } };

        for (*n = 0; s.n; (*n)++) {
                uint32_t c = char_next(&s);

                to[*n] = 0;
                for (size_t i = 0; i < countof(signs); i++)
                        if (c == signs[i].c)
                                to[*n] = signs[i].sign;
                if ((c >= '0' && c <= '9') || c == '.' || c == '/' || c == '-')
                        to[*n] = (char)c;
                if (!to[*n])
                        return false;
        }
        return true;
}

/* One to `most` digits off the front. */
static bool number(struct str *s, size_t least, size_t most, int *out)
{
        size_t n = 0;
        int v = 0;

        for (; n < s->n && n < most && s->p[n] >= '0' && s->p[n] <= '9'; n++)
                v = v * 10 + (s->p[n] - '0');
        if (n < least)
                return false;
        *s = (struct str){ s->p + n, s->n - n };
        *out = v;
        return true;
}

static bool sign(struct str *s, char c)
{
        if (!s->n || s->p[0] != c)
                return false;
        *s = (struct str){ s->p + 1, s->n - 1 };
        return true;
}

/* Year, month and day as written. */
static bool parts(struct date *out, struct str s, bool era, bool by_code)
{
        struct date d = { 0, 0, 0 };
        char between;

        if ((!era && s.n == 8) || (by_code && s.n == 6)) {
                struct str all = s;

                if (number(&all, era ? 2 : 4, era ? 2 : 4, &d.year) && number(&all, 2, 2, &d.month) && number(&all, 2, 2, &d.day) && !all.n) {
                        *out = d;
                        return true;
                }
        }
        if (era && sign(&s, FIRST_SIGN))
                d.year = 1;
        else if (!number(&s, era ? 1 : 4, era ? 3 : 4, &d.year))
                return false;
        between = s.n ? s.p[0] : 0;
        if (between == YEAR_SIGN) {
                if (!sign(&s, YEAR_SIGN) || !number(&s, 1, 2, &d.month) || !sign(&s, MONTH_SIGN) || !number(&s, 1, 2, &d.day) || !sign(&s, DAY_SIGN))
                        return false;
        } else if (between == '.' || between == '/' || between == '-') {
                if (!sign(&s, between) || !number(&s, 1, 2, &d.month) || !sign(&s, between) || !number(&s, 1, 2, &d.day))
                        return false;
        } else {
                return false;
        }
        *out = d;
        return !s.n;
}

static int refuse_before(struct err *e, struct str s, const struct wareki_date *w, const struct eras *eras)
{
        scoped(buf_done) struct buf begin = BUF_INIT, right = BUF_INIT;

        wareki_format(&right, w->date, eras, WAREKI_LONG);
        buf_printf(&begin, "%s: %d-%02d-%02d", w->written->name, w->written->from.year, w->written->from.month, w->written->from.day);
        if (buf_bad(&begin) || buf_bad(&right))
                return err_set(e, ERR_NOMEM, "wareki: no memory for a message");
        return refuse(e, "wareki.before-era", s, begin.p, right.p);
}

int wareki_parse(struct wareki_date *out, struct str s, const struct eras *eras, struct err *e)
{
        char narrowed[WAREKI_BYTES_MAX], signs[WAREKI_BYTES_MAX];
        struct wareki_date w = { 0 };
        struct str rest;
        bool by_code = false;
        size_t n = 0;

        if (s.n > WAREKI_BYTES_MAX || !utf8_ok(s))
                return refuse(e, "wareki.unreadable", STR(""), "", "");
        rest = narrow(narrowed, s);
        w.written = cut_era(&rest, eras, &by_code);
        if (!reduce(signs, &n, rest) || !parts(&w.date, (struct str){ signs, n }, w.written != NULL, by_code && w.written))
                return refuse(e, w.written || !n ? "wareki.unreadable" : "wareki.era-missing", s, "", "");
        if (w.written && !w.date.year)
                return refuse(e, "wareki.no-such-day", s, "", "");
        if (w.written)
                w.date.year += w.written->from.year - 1;
        if (!date_ok(w.date))
                return refuse(e, "wareki.no-such-day", s, "", "");
        if (w.written && date_days(w.date) < first_day(w.written))
                return refuse_before(e, s, &w, eras);

        w.right = w.written ? era_at(eras, w.date) : NULL;
        *out = w;
        return 0;
}

bool wareki_moved(const struct wareki_date *w, const struct eras *eras, struct err *warning)
{
        scoped(buf_done) struct buf right = BUF_INIT, as = BUF_INIT;

        if (w->written == w->right)
                return false;
        buf_printf(&as, "%s%d年%d月%d日", w->written->name, w->date.year - w->written->from.year + 1, w->date.month, w->date.day);
        wareki_format(&right, w->date, eras, WAREKI_LONG);
        if (buf_bad(&as) || buf_bad(&right))
                (void)err_set(warning, ERR_INPUT, "wareki: another era than written");
        else
                (void)err_key(warning, ERR_INPUT, "wareki.other-era", "", as.p, right.p, (char *)NULL);
        return true;
}

void wareki_format(struct buf *out, struct date d, const struct eras *eras, enum wareki_style style)
{
        const struct era *era = era_at(eras, d);
        int year;

        if (era && d.year - era->from.year >= ERA_YEAR_MAX)                  /* would not read back */
                era = NULL;
        year = era ? d.year - era->from.year + 1 : d.year;
        if (style == WAREKI_SHORT)
                buf_printf(out, "%s%d.%d.%d", era ? era->code : "", year, d.month, d.day);
        else if (era && year == 1)
                buf_printf(out, "%s元年%d月%d日", era->name, d.month, d.day);
        else
                buf_printf(out, "%s%d年%d月%d日", era ? era->name : "", year, d.month, d.day);
}
