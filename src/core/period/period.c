/* period.c - see period.h.
 *
 *      period = count unit | "fiscal-year-end" | "until" date
 *             | count unit ( "before" | "after" ) name [ roll ]
 *             | "every" count unit [ roll ] | "yearly" [ "on" month-day ] [ roll ]
 *             | "idle" count unit | "grace" count unit
 *      roll   = "or" ( "next-working-day" | "previous-working-day" )
 */
#include "core/period/period.h"

#include "core/pack/chars.h"

static const struct { const char *one, *many, *say_one, *say_many; } units[PERIOD_UNITS_COUNT] = {
        [PERIOD_DAYS]         = { "day", "days", "period.say.day", "period.say.days" },
        [PERIOD_WORKING_DAYS] = { "working-day", "working-days", "period.say.working-day", "period.say.working-days" },
        [PERIOD_WEEKS]        = { "week", "weeks", "period.say.week", "period.say.weeks" },
        [PERIOD_MONTHS]       = { "month", "months", "period.say.month", "period.say.months" },
        [PERIOD_YEARS]        = { "year", "years", "period.say.year", "period.say.years" },
};

static const char UNIT_WORDS[] = "days, working-days, weeks, months, years";

static const char *const rolls[] = { [ROLL_NEXT] = "next-working-day", [ROLL_PREVIOUS] = "previous-working-day" };

/* One example a kind, for who wrote another. */
static const char *const examples[PERIOD_KINDS_COUNT] = {
        [PERIOD_FOR] = "90 days",          [PERIOD_FISCAL_YEAR_END] = "fiscal-year-end", [PERIOD_UNTIL] = "until 2027-03-31",
        [PERIOD_BEFORE] = "7 days before NAME", [PERIOD_AFTER] = "10 working-days after NAME", [PERIOD_EVERY] = "every 6 months",
        [PERIOD_YEARLY_ON] = "yearly on 04-01", [PERIOD_IDLE] = "idle 90 days",          [PERIOD_GRACE] = "grace 14 days",
};

/* What is written in Japanese, by what it begins or ends with. */
static const struct { const char *has, *instead; } foreign[] = {
        { "年度末", "fiscal-year-end" }, { "開庁日", "working-days" }, { "営業日", "working-days" }, { "毎年", "yearly" },
        { "日間", "days" },   { "週間", "weeks" },  { "か月", "months" }, { "ヶ月", "months" }, { "ヵ月", "months" },
        { "カ月", "months" }, { "ケ月", "months" }, { "箇月", "months" }, { "年間", "years" },  { "ごと", "every" },
        { "前", "before" },   { "後", "after" },    { "日", "days" },     { "年", "years" },
};

struct reader { struct str all, rest, word; struct err *e; };

static int refuse_at(struct reader *r, const char *at, const char *key, struct str what, const char *hint)
{
        char column[24], word[ERR_ARG_MAX];
        size_t n = what.n < 120 ? what.n : 120;

        while (n < what.n && n && ((unsigned char)what.p[n] & 0xc0) == 0x80)
                n--;
        (void)snprintf(word, sizeof(word), "%.*s", (int)n, n ? what.p : "");
        (void)snprintf(column, sizeof(column), "%zu", chars_count((struct str){ r->all.p, (size_t)(at - r->all.p) }) + 1);
        return err_key(r->e, ERR_INPUT, key, "", column, word, hint, (char *)NULL);
}

static int refuse(struct reader *r, const char *key, const char *hint)
{
        return refuse_at(r, r->word.p, r->word.n ? key : "period.unfinished", r->word, hint);
}

static bool has(struct str s, const char *part)
{
        size_t n = strlen(part);

        for (size_t i = 0; i + n <= s.n; i++)
                if (memcmp(s.p + i, part, n) == 0)
                        return true;
        return false;
}

/* What cannot be seen must not hide in a message either. */
static int refuse_hidden(struct reader *r)
{
        for (struct str s = r->all; s.n;) {
                const char *at = s.p;

                if (char_is_hidden(char_next(&s)))
                        return refuse_at(r, at, "period.hidden", STR(""), "");
        }
        return 0;
}

/* Not ASCII: with the twins of ASCII put right, or the word that is meant. */
static int refuse_foreign(struct reader *r)
{
        char twin[64] = "";
        size_t n = 0;
        struct str s = r->word;

        while (s.n && n < sizeof(twin) - 1) {
                uint32_t c = char_next(&s);
                char ascii = c < 0x80 ? (char)c : char_is_wide_ascii(c) ? (char)(c - 0xfee0) : char_is_wide_space(c) ? ' ' :
                             char_is_wide_hyphen(c) ? '-' : 0;

                if (!ascii)
                        break;
                twin[n++] = ascii;
                if (!s.n)
                        return refuse(r, "period.instead", twin);
        }
        for (size_t i = 0; i < countof(foreign); i++)
                if (has(r->word, foreign[i].has))
                        return refuse(r, "period.instead", foreign[i].instead);
        return refuse(r, "period.not-ascii", "");
}

/* The next word into r->word; empty at the end. */
static int next(struct reader *r)
{
        size_t n = 0;

        while (r->rest.n && r->rest.p[0] == ' ')
                r->rest = (struct str){ r->rest.p + 1, r->rest.n - 1 };
        while (n < r->rest.n && r->rest.p[n] != ' ')
                n++;
        r->word = (struct str){ r->rest.p, n };
        r->rest = (struct str){ r->rest.p + n, r->rest.n - n };
        for (size_t i = 0; i < n; i++)
                if (r->word.p[i] < '!' || r->word.p[i] > '~')
                        return refuse_foreign(r);
        return 0;
}

static int read_count(struct period *p, struct reader *r)
{
        uint64_t n;

        if (!str_u64(r->word, PERIOD_COUNT_MAX, &n) || !n)
                return refuse(r, "period.count", "3660");
        p->n = (uint32_t)n;
        return next(r);
}

static int read_unit(struct period *p, struct reader *r)
{
        for (unsigned i = 0; i < PERIOD_UNITS_COUNT; i++)
                if (str_is(r->word, units[i].one) || str_is(r->word, units[i].many)) {
                        p->unit = (enum period_unit)i;
                        return next(r);
                }
        return refuse(r, "period.unit", UNIT_WORDS);
}

static int read_term(struct period *p, struct reader *r)
{
        int ret = read_count(p, r);

        return ret < 0 ? ret : read_unit(p, r);
}

static bool name_ok(struct str s)
{
        bool start = true;

        if (!s.n || s.n >= PERIOD_NAME_MAX)
                return false;
        for (size_t i = 0; i < s.n; i++) {
                char c = s.p[i];
                bool letter = c >= 'a' && c <= 'z', other = (c >= '0' && c <= '9') || c == '_' || c == '-';

                if (start ? !letter : !letter && !other && c != '.')
                        return false;
                start = c == '.';
        }
        return !start;
}

static int read_name(struct period *p, struct reader *r)
{
        if (!name_ok(r->word))
                return refuse(r, "period.name", "");
        memcpy(p->name, r->word.p, r->word.n);
        p->name[r->word.n] = 0;
        return next(r);
}

static int read_until(struct period *p, struct reader *r)
{
        if (!date_parse(r->word, &p->date))
                return refuse(r, "period.date", "2027-03-31");
        return next(r);
}

/* MM-DD; February 29 is a day of every year that has one. */
static int read_month_day(struct period *p, struct reader *r)
{
        char leap[] = "2000-MM-DD";

        if (r->word.n == 5)
                memcpy(leap + 5, r->word.p, 5);
        if (r->word.n != 5 || !date_parse((struct str){ leap, 10 }, &p->date))
                return refuse(r, "period.date", "04-01");
        p->date.year = 0;
        return next(r);
}

static int read_roll(struct period *p, struct reader *r)
{
        int ret;

        if (!str_is(r->word, "or"))
                return 0;
        if (p->unit == PERIOD_WORKING_DAYS)
                return refuse(r, "period.roll-needless", "");
        ret = next(r);
        if (ret < 0)
                return ret;
        for (unsigned i = ROLL_NEXT; i < countof(rolls); i++)
                if (str_is(r->word, rolls[i])) {
                        p->roll = (enum period_roll)i;
                        return next(r);
                }
        return refuse(r, "period.word", "next-working-day, previous-working-day");
}

static int read_every(struct period *p, struct reader *r)
{
        int ret;

        p->kind = PERIOD_EVERY;
        ret = read_term(p, r);
        if (ret < 0)
                return ret;
        if (p->unit == PERIOD_WORKING_DAYS)
                return refuse_at(r, r->all.p, "period.every-working-days", r->all, "");
        return read_roll(p, r);
}

static int read_yearly(struct period *p, struct reader *r)
{
        int ret = 0;

        *p = (struct period){ .kind = PERIOD_EVERY, .n = 1, .unit = PERIOD_YEARS };
        if (str_is(r->word, "on")) {
                *p = (struct period){ .kind = PERIOD_YEARLY_ON };
                ret = next(r);
                if (ret == 0)
                        ret = read_month_day(p, r);
        }
        return ret < 0 ? ret : read_roll(p, r);
}

static int read_counted(struct period *p, struct reader *r)
{
        int ret = read_term(p, r);

        if (ret < 0)
                return ret;
        p->kind = str_is(r->word, "before") ? PERIOD_BEFORE : str_is(r->word, "after") ? PERIOD_AFTER : PERIOD_FOR;
        if (p->kind == PERIOD_FOR)
                return 0;
        ret = next(r);
        if (ret == 0)
                ret = read_name(p, r);
        return ret < 0 ? ret : read_roll(p, r);
}

static int read_nothing(struct period *p, struct reader *r)
{
        return 0;
}

static const struct { const char *word; enum period_kind kind; int (*read)(struct period *p, struct reader *r); } starts[] = {
        { "fiscal-year-end", PERIOD_FISCAL_YEAR_END, read_nothing }, { "until", PERIOD_UNTIL, read_until },
        { "every", PERIOD_EVERY, read_every },                       { "yearly", PERIOD_YEARLY_ON, read_yearly },
        { "idle", PERIOD_IDLE, read_term },                          { "grace", PERIOD_GRACE, read_term },
};

static int read_period(struct period *p, struct reader *r)
{
        for (size_t i = 0; i < countof(starts); i++)
                if (str_is(r->word, starts[i].word)) {
                        int ret = next(r);

                        p->kind = starts[i].kind;
                        return ret < 0 ? ret : starts[i].read(p, r);
                }
        if (r->word.n && (r->word.p[0] < '0' || r->word.p[0] > '9'))
                return refuse(r, "period.word", "90 days, fiscal-year-end, until, every, yearly, idle, grace");
        return read_counted(p, r);
}

static int refuse_kind(struct reader *r, unsigned kinds)
{
        char hint[ERR_ARG_MAX] = "";
        size_t used = 0;

        for (unsigned i = 0; i < PERIOD_KINDS_COUNT; i++)
                if (kinds >> i & 1 && used < sizeof(hint))
                        used += (size_t)snprintf(hint + used, sizeof(hint) - used, "%s%s", used ? ", " : "", examples[i]);
        return refuse_at(r, r->all.p, "period.kind", r->all, hint);
}

int period_parse(struct period *out, struct str text, unsigned kinds, struct err *e)
{
        struct reader r = { .all = text, .rest = text, .word = { text.p, 0 }, .e = e };
        struct period p = { 0 };
        int ret;

        if (text.n > PERIOD_BYTES_MAX)
                return refuse_at(&r, text.p, "period.long", STR(""), "200");
        ret = refuse_hidden(&r);
        if (ret == 0)
                ret = next(&r);
        if (ret == 0)
                ret = read_period(&p, &r);
        if (ret < 0)
                return ret;
        if (r.word.n)
                return refuse(&r, "period.too-much", "");
        if (!(kinds >> p.kind & 1))
                return refuse_kind(&r, kinds);
        *out = p;
        return 0;
}

/* ---- days ---- */

static int64_t months_of(const struct period *p, uint32_t times)
{
        return (int64_t)p->n * times * (p->unit == PERIOD_YEARS ? 12 : 1);
}

static int64_t days_of(const struct period *p, uint32_t times)
{
        return (int64_t)p->n * times * (p->unit == PERIOD_WEEKS ? 7 : 1);
}

/* The last day of a term whose first day counts. */
static bool term_end(int64_t *out, const struct period *p, int64_t first, const struct holidays *h, bool *guessed)
{
        switch (p->unit) {
        case PERIOD_WORKING_DAYS:
                return day_working_step(out, h, first - 1, p->n, guessed);
        case PERIOD_MONTHS:
        case PERIOD_YEARS:
                return day_term_end(out, first, months_of(p, 1));
        default:
                *out = first + days_of(p, 1) - 1;
                return true;
        }
}

static bool before(int64_t *out, const struct period *p, int64_t day, const struct holidays *h, bool *guessed)
{
        switch (p->unit) {
        case PERIOD_WORKING_DAYS:
                return day_working_step(out, h, day, -(int64_t)p->n, guessed);
        case PERIOD_MONTHS:
        case PERIOD_YEARS:
                return day_add_months(out, day, -months_of(p, 1));
        default:
                *out = day - days_of(p, 1);
                return true;
        }
}

static bool roll(int64_t *day, const struct period *p, const struct holidays *h, bool *guessed)
{
        if (p->roll == ROLL_NONE)
                return true;
        if (!day_is_known(h, *day))
                *guessed = true;
        if (day_is_working(h, *day))
                return true;
        return day_working_step(day, h, *day, p->roll == ROLL_NEXT ? 1 : -1, guessed);
}

/* The k-th time, k from 1; YEARLY_ON counts years from that of `from`. */
static bool occurrence(int64_t *out, const struct period *p, int64_t from, uint32_t k)
{
        if (p->kind == PERIOD_YEARLY_ON) {
                struct date d = date_from_days(from);

                d = (struct date){ d.year + (int)k - 1, p->date.month, p->date.day };
                if (!date_ok(d))
                        d.day--;                                             /* February 29 */
                *out = date_days(d);
                return date_ok(d);
        }
        if (p->unit == PERIOD_MONTHS || p->unit == PERIOD_YEARS)
                return day_add_months(out, from, months_of(p, k));
        *out = from + days_of(p, k);
        return true;
}

static bool finish(struct period_day *out, int64_t day, bool guessed)
{
        if (!day_ok(day))
                return false;
        *out = (struct period_day){ date_from_days(day), guessed };
        return true;
}

bool period_next(struct period_day *out, const struct period *p, struct date from, struct date after, const struct holidays *h)
{
        int64_t start = date_days(from), past = date_days(after), day = 0;
        uint32_t k = 1;

        if (!date_ok(from) || !date_ok(after) || (p->kind != PERIOD_EVERY && p->kind != PERIOD_YEARLY_ON))
                return false;
        /* Leap to a little before: no occurrence may be longer than this, so none is passed over. Rolling moves by days only. */
        if (past > start) {
                int64_t longest = p->kind == PERIOD_YEARLY_ON ? 366 : p->unit == PERIOD_YEARS ? 366 * (int64_t)p->n :
                                  p->unit == PERIOD_MONTHS ? 31 * (int64_t)p->n : days_of(p, 1);

                k += (uint32_t)((past - start) / longest);
                k -= k > 1;
        }
        for (;; k++) {
                bool guessed = false;

                if (!occurrence(&day, p, start, k) || !day_ok(day) || !roll(&day, p, h, &guessed))
                        return false;
                if (day > past && (day > start || p->kind == PERIOD_EVERY))
                        return finish(out, day, guessed);
        }
}

bool period_day(struct period_day *out, const struct period *p, struct date from, const struct holidays *h)
{
        int64_t start = date_days(from), day = 0;
        bool guessed = false, ok = false;

        if (!date_ok(from))
                return false;
        switch (p->kind) {
        case PERIOD_FOR:
                ok = term_end(&day, p, start, h, &guessed);
                break;
        case PERIOD_FISCAL_YEAR_END:
                day = day_fiscal_year_end(start);
                ok = true;
                break;
        case PERIOD_UNTIL:
                day = date_days(p->date);
                ok = day >= start;
                break;
        case PERIOD_BEFORE:
                ok = before(&day, p, start, h, &guessed);
                break;
        case PERIOD_AFTER:                                     /* the day itself does not count: the term begins on the next */
        case PERIOD_IDLE:
        case PERIOD_GRACE:
                ok = term_end(&day, p, start + 1, h, &guessed);
                break;
        case PERIOD_EVERY:
        case PERIOD_YEARLY_ON:
                return period_next(out, p, from, from, h);
        case PERIOD_KINDS_COUNT:
                break;
        }
        return ok && day_ok(day) && roll(&day, p, h, &guessed) && finish(out, day, guessed);
}

struct interval period_interval(struct date first, struct date last)
{
        return (struct interval){ utime_from_jst(first), utime_from_jst(last) + UTIME_DAY };
}

struct date period_last_day(utime_t until)
{
        return utime_date_jst(until - 1);
}

/* ---- written out ---- */

static void format_term(struct buf *out, const struct period *p)
{
        buf_printf(out, "%u %s", p->n, p->n == 1 ? units[p->unit].one : units[p->unit].many);
}

void period_format(struct buf *out, const struct period *p)
{
        static const char *const before_term[PERIOD_KINDS_COUNT] = { [PERIOD_EVERY] = "every ", [PERIOD_IDLE] = "idle ", [PERIOD_GRACE] = "grace " };

        if (p->kind == PERIOD_FISCAL_YEAR_END) {
                buf_text(out, "fiscal-year-end");
        } else if (p->kind == PERIOD_UNTIL) {
                buf_printf(out, "until %04d-%02d-%02d", p->date.year, p->date.month, p->date.day);
        } else if (p->kind == PERIOD_YEARLY_ON) {
                buf_printf(out, "yearly on %02d-%02d", p->date.month, p->date.day);
        } else if (p->kind == PERIOD_EVERY && p->unit == PERIOD_YEARS && p->n == 1) {
                buf_text(out, "yearly");
        } else {
                buf_text(out, before_term[p->kind]);
                format_term(out, p);
        }
        if (p->kind == PERIOD_BEFORE || p->kind == PERIOD_AFTER)
                buf_printf(out, " %s %s", p->kind == PERIOD_BEFORE ? "before" : "after", p->name);
        if (p->roll != ROLL_NONE)
                buf_printf(out, " or %s", rolls[p->roll]);
}

static void say(struct buf *out, enum lang lang, const char *key, const char *a, const char *b, const char *c)
{
        text_format(out, lang, key, (const char *const[]){ a, b, c }, 3);
}

static void say_kind(struct buf *out, const struct period *p, const char *label, enum lang lang)
{
        static const char *const keys[PERIOD_KINDS_COUNT] = {
                [PERIOD_FOR] = "period.say.for",        [PERIOD_FISCAL_YEAR_END] = "period.say.fiscal-year-end",
                [PERIOD_UNTIL] = "period.say.until",    [PERIOD_BEFORE] = "period.say.before",
                [PERIOD_AFTER] = "period.say.after",    [PERIOD_EVERY] = "period.say.every",
                [PERIOD_YEARLY_ON] = "period.say.yearly-on", [PERIOD_IDLE] = "period.say.idle", [PERIOD_GRACE] = "period.say.grace",
        };
        char n[16], year[16], month[16], day[16];
        scoped(buf_done) struct buf term = BUF_INIT;

        (void)snprintf(n, sizeof(n), "%u", p->n);
        (void)snprintf(year, sizeof(year), "%d", p->date.year);
        (void)snprintf(month, sizeof(month), "%d", p->date.month);
        (void)snprintf(day, sizeof(day), "%d", p->date.day);
        if (p->kind == PERIOD_UNTIL || p->kind == PERIOD_YEARLY_ON) {
                say(out, lang, keys[p->kind], year, month, day);
                return;
        }
        say(&term, lang, p->n == 1 ? units[p->unit].say_one : units[p->unit].say_many, n, "", "");
        say(out, lang, keys[p->kind], term.p ? term.p : "", label ? label : p->name, "");
        out->bad = out->bad || term.bad;
}

void period_print(struct buf *out, const struct period *p, const char *label, enum lang lang)
{
        scoped(buf_done) struct buf inner = BUF_INIT;

        if (p->roll == ROLL_NONE) {
                say_kind(out, p, label, lang);
                return;
        }
        say_kind(&inner, p, label, lang);
        say(out, lang, p->roll == ROLL_NEXT ? "period.say.roll-next" : "period.say.roll-previous", inner.p ? inner.p : "", "", "");
        out->bad = out->bad || inner.bad;
}
