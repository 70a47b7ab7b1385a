/* fold.c - see fold.h. */
#include "core/text/fold.h"

#include <assert.h>

#include "core/pack/chars.h"

enum { VOICED = 0xff9e, HALF_VOICED = 0xff9f, HALF_FIRST = 0xff66, HALF_LAST = 0xff9d };

/* Full-width katakana of U+FF66 to U+FF9D. */
static const uint16_t katakana[] = {
        0x30f2, 0x30a1, 0x30a3, 0x30a5, 0x30a7, 0x30a9, 0x30e3, 0x30e5, 0x30e7, 0x30c3, 0x30fc, 0x30a2, 0x30a4, 0x30a6, 0x30a8, 0x30aa, 0x30ab, 0x30ad, 0x30af,
        0x30b1, 0x30b3, 0x30b5, 0x30b7, 0x30b9, 0x30bb, 0x30bd, 0x30bf, 0x30c1, 0x30c4, 0x30c6, 0x30c8, 0x30ca, 0x30cb, 0x30cc, 0x30cd, 0x30ce, 0x30cf, 0x30d2,
        0x30d5, 0x30d8, 0x30db, 0x30de, 0x30df, 0x30e0, 0x30e1, 0x30e2, 0x30e4, 0x30e6, 0x30e8, 0x30e9, 0x30ea, 0x30eb, 0x30ec, 0x30ed, 0x30ef, 0x30f3,
};
static_assert(countof(katakana) == HALF_LAST - HALF_FIRST + 1, "one for each");

static void put_char(struct buf *out, uint32_t c)
{
        if (c < 0x80) {
                buf_char(out, (char)c);
        } else if (c < 0x800) {
                buf_char(out, (char)(0xc0 | c >> 6));
                buf_char(out, (char)(0x80 | (c & 0x3f)));
        } else if (c < 0x10000) {
                buf_char(out, (char)(0xe0 | c >> 12));
                buf_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
                buf_char(out, (char)(0x80 | (c & 0x3f)));
        } else {
                buf_char(out, (char)(0xf0 | c >> 18));
                buf_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
                buf_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
                buf_char(out, (char)(0x80 | (c & 0x3f)));
        }
}

static bool is_unread(uint32_t c)
{
        return (c >= 0xe000 && c <= 0xf8ff) || (c >= 0xf0000 && c <= 0x10fffd) || c == 0xfffd || c == CHAR_BROKEN;
}

static bool is_blank(uint32_t c)
{
        return c == ' ' || c == '\t' || c == '\r' || c == '\n' || char_is_wide_space(c);
}

static bool is_mark(uint32_t c)
{
        static const uint32_t marks[] = { '*', 0x203b, 0x25cf, 0x25a0, 0x25ce, 0x25cb, 0x25a1, 0x3010, 0x3011 };      /* ※ ● ■ ◎ ○ □ 【 】 */

        for (size_t i = 0; i < countof(marks); i++)
                if (c == marks[i])
                        return true;
        return false;
}

/* U+FF76 U+FF9E is one character: ガ. */
static uint32_t voiced(uint32_t c, struct str *rest)
{
        struct str s = *rest;
        uint32_t mark = s.n ? char_next(&s) : 0;
        bool h = c >= 0x30cf && c <= 0x30db, both = h || (c >= 0x30ab && c <= 0x30c8);

        if ((mark != VOICED || !(both || c == 0x30a6)) && (mark != HALF_VOICED || !h))
                return c;
        *rest = s;
        return c == 0x30a6 ? 0x30f4 : c + (mark == VOICED ? 1 : 2);
}

static uint32_t one_spelling(uint32_t c, struct str *rest)
{
        if (char_is_wide_ascii(c))
                c -= 0xfee0;
        if (c >= 'A' && c <= 'Z')
                return c + 32;
        if (c >= HALF_FIRST && c <= HALF_LAST)
                return voiced(katakana[c - HALF_FIRST], rest);
        return c;
}

void fold_word(struct buf *out, struct str s)
{
        size_t begin = out->n, end = begin;

        while (s.n) {
                uint32_t c = char_next(&s);

                if (is_blank(c) || char_is_hidden(c))
                        continue;
                c = one_spelling(c, &s);
                if (is_mark(c) && out->n == begin)
                        continue;
                put_char(out, is_unread(c) ? 0x3013 : c);
                if (!is_mark(c))
                        end = out->n;
        }
        if (!buf_bad(out) && out->p) {
                out->n = end;
                out->p[end] = 0;
        }
}

void fold_cell(struct buf *out, struct str s)
{
        size_t begin = out->n, end = begin;

        while (s.n) {
                uint32_t c = char_next(&s);
                bool blank = is_blank(c);

                if (c == '\r' && s.n && *s.p == '\n')
                        continue;
                if (c == '\r')
                        c = '\n';
                else if (blank && c != '\n' && c != 0x3000)      /* an ideographic space inside a name is part of it */
                        c = ' ';
                if (char_is_hidden(c) && c != '\n' && c != CHAR_BROKEN)
                        continue;
                if (blank && out->n == begin)
                        continue;
                put_char(out, is_unread(c) ? 0x3013 : c);
                if (!blank)
                        end = out->n;
        }
        if (!buf_bad(out) && out->p) {
                out->n = end;
                out->p[end] = 0;
        }
}

void fold_unread(struct buf *out, struct str s)
{
        while (s.n) {
                uint32_t c = char_next(&s);

                put_char(out, is_unread(c) ? 0x3013 : c);
        }
}

bool fold_has_unread(struct str s)
{
        while (s.n) {
                uint32_t c = char_next(&s);

                if (c == 0x3013 || is_unread(c))
                        return true;
        }
        return false;
}

bool fold_same(struct str a, struct str b)
{
        while (a.n && b.n) {
                uint32_t x = char_next(&a), y = char_next(&b);

                x = char_is_wide_ascii(x) ? x - 0xfee0 : x;
                y = char_is_wide_ascii(y) ? y - 0xfee0 : y;
                x = x >= 'A' && x <= 'Z' ? x | 0x20 : x;
                y = y >= 'A' && y <= 'Z' ? y | 0x20 : y;
                if (x != y)
                        return false;
        }
        return !a.n && !b.n;
}

bool fold_yes_no(bool *out, struct str s)
{
        static const struct { const char *word; bool yes; } words[] = {
                { "はい", true }, { "yes", true }, { "1", true }, { "true", true }, { "y", true }, { "有", true }, { "あり", true }, { "有り", true }, { "○", true }, { "〇", true }, { "◯", true },
                { "いいえ", false }, { "no", false }, { "0", false }, { "false", false }, { "n", false }, { "無", false }, { "なし", false }, { "無し", false }, { "×", false }, { "✕", false },
        };

        for (size_t i = 0; i < countof(words); i++)
                if (fold_same(s, str_of(words[i].word))) {
                        *out = words[i].yes;
                        return true;
                }
        return false;
}
