/* lines.c - see lines.h. */
#include "core/paper/lines.h"

/* 行頭禁則: what may not begin a line. */
static const char not_first[] = "、。，．・：；？！‼⁇⁈⁉ー〜～゛゜ヽヾゝゞ々〻’”）〕］｝〉》」』】〙〗｠»"
                                "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ％‰℃°′″｡､｣･ｰﾞﾟ";
static const char not_first_ascii[] = "!%),.:;?]}'";
/* 行末禁則: what may not end one. */
static const char not_last[] = "‘“（〔［｛〈《「『【〘〖｟«￥＄￡№＃｢";
static const char not_last_ascii[] = "([{";
/* 分離禁止: not between two of the same. */
static const char together[] = "…‥—―";

struct paper_char paper_char_next(struct str *rest)
{
        static const unsigned char lead[] = { 0x00, 0xc0, 0xe0, 0xf0 }, mask[] = { 0x7f, 0x1f, 0x0f, 0x07 };
        struct paper_char c = { 0, 0 };

        for (int turn = 0; turn < 2 && rest->n; turn++) {
                const unsigned char *p = (const unsigned char *)rest->p;
                size_t more = *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc0 ? 1 : 0;
                uint32_t u;

                more = more < rest->n ? more : 0;
                u = *p >= lead[more] ? (uint32_t)(*p & (more || *p < 0x80 ? mask[more] : 0xff)) : *p;
                for (size_t i = 1; i <= more; i++)
                        u = u << 6 | (p[i] & 0x3f);
                if (turn && !((u >= 0xfe00 && u <= 0xfe0f) || (u >= 0xe0100 && u <= 0xe01ef)))
                        break;
                if (turn)
                        c.variant = u;
                else
                        c.base = u;
                rest->p += more + 1;
                rest->n -= more + 1;
        }
        return c;
}

static bool among(const char *list, uint32_t u)
{
        struct str rest = str_of(list);

        while (rest.n)
                if (paper_char_next(&rest).base == u)
                        return true;
        return false;
}

static bool is_blank(uint32_t u)
{
        return u == ' ' || u == '\t' || u == 0x3000;
}

/* Letters, digits and what stands within words, numbers and addresses. */
static bool in_word(uint32_t u)
{
        return (u > ' ' && u < 0x7f) || (u >= 0xc0 && u < 0x250);
}

/* Kanji stand in none of the lists: most of what is asked. */
static bool is_kanji(uint32_t u)
{
        return u >= 0x4e00 && u < 0xa000;
}

bool paper_may_break(uint32_t before, uint32_t after)
{
        if (is_kanji(before) && is_kanji(after))
                return true;
        if (is_blank(after))
                return false;                     /* blanks hang at the end of the line */
        if (!is_kanji(after) && among(after < 0x80 ? not_first_ascii : not_first, after))
                return false;
        if (is_blank(before))
                return true;
        if (!is_kanji(before) && among(before < 0x80 ? not_last_ascii : not_last, before))
                return false;
        if (before == after && among(together, before))
                return false;
        if (in_word(before) && in_word(after))
                return before == '/' && after != '/';
        return true;
}

int paper_width(struct str text, enum paper_font font, int size, const struct paper_metrics *m)
{
        int64_t sum = 0;

        while (text.n)
                sum += m->advance(m->ctx, font, paper_char_next(&text));
        return (int)(sum * size / 1000);
}

/* Without the blanks at its end; width of what is left. */
static struct paper_line line_of(const char *from, const char *to, enum paper_font font, int size, const struct paper_metrics *m)
{
        struct str s = { from, (size_t)(to - from) };

        for (;;) {
                if (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r'))
                        s.n--;
                else if (s.n > 3 && memcmp(s.p + s.n - 3, "　", 3) == 0)
                        s.n -= 3;
                else
                        break;
        }
        return (struct paper_line){ s, paper_width(s, font, size, m) };
}

bool paper_line_next(struct paper_line *out, struct str *rest, enum paper_font font, int size, int width, const struct paper_metrics *m)
{
        const char *from = rest->p, *may = NULL;
        struct str at = *rest;
        uint32_t before = 0;
        int64_t sum = 0;

        if (!rest->n)
                return false;
        while (at.n) {
                struct str here = at;
                struct paper_char c = paper_char_next(&at);

                if (c.base == '\n') {
                        *out = line_of(from, here.p, font, size, m);
                        *rest = at;
                        return true;
                }
                if (before && paper_may_break(before, c.base))
                        may = here.p;
                sum += m->advance(m->ctx, font, c);
                if (before && !is_blank(c.base) && sum * size / 1000 > width) {
                        const char *end = may ? may : here.p;      /* a word longer than the line is cut where it must be */

                        *out = line_of(from, end, font, size, m);
                        *rest = (struct str){ end, (size_t)(at.p + at.n - end) };
                        return true;
                }
                before = c.base;
        }
        *out = line_of(from, at.p, font, size, m);
        *rest = (struct str){ at.p, 0 };
        return true;
}
