/* chars.c - see chars.h. */
#include "core/pack/chars.h"

struct range { uint32_t first, last; };

/* Each table is ascending. */
static const struct range hidden[] = {
        { 0x0000, 0x001f }, { 0x007f, 0x009f }, { 0x00ad, 0x00ad }, { 0x034f, 0x034f }, { 0x061c, 0x061c },
        { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200f }, { 0x2028, 0x202e },
        { 0x2060, 0x206f }, { 0x3164, 0x3164 }, { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb },
        { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe00ff }, { CHAR_BROKEN, CHAR_BROKEN },
};

static const struct range wide_spaces[] = {
        { 0x00a0, 0x00a0 }, { 0x1680, 0x1680 }, { 0x2000, 0x200a }, { 0x202f, 0x202f }, { 0x205f, 0x205f }, { 0x3000, 0x3000 },
};

static const struct range wide_quotes[] = { { 0x201c, 0x201f }, { 0x301d, 0x301f }, { 0xff02, 0xff02 } };

static const struct range wide_hyphens[] = {
        { 0x2010, 0x2015 }, { 0x2212, 0x2212 }, { 0x30fc, 0x30fc }, { 0xfe63, 0xfe63 }, { 0xff0d, 0xff0d }, { 0xff70, 0xff70 },
};

static bool is_in(uint32_t c, const struct range *rows, size_t n)
{
        for (size_t i = 0; i < n && rows[i].first <= c; i++)
                if (c <= rows[i].last)
                        return true;
        return false;
}

uint32_t char_next(struct str *s)
{
        unsigned char first = (unsigned char)s->p[0];
        size_t n = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        uint32_t c = first;

        if (n > s->n || (n > 1 && !utf8_ok((struct str){ s->p, n }))) {
                n = 1;
                c = CHAR_BROKEN;
        } else if (n > 1) {
                c = first & (0x7fu >> n);
                for (size_t i = 1; i < n; i++)
                        c = c << 6 | ((unsigned char)s->p[i] & 0x3f);
        }
        s->p += n;
        s->n -= n;
        return c;
}

bool char_is_hidden(uint32_t c)
{
        return is_in(c, hidden, countof(hidden));
}

bool char_is_wide_space(uint32_t c)
{
        return is_in(c, wide_spaces, countof(wide_spaces));
}

bool char_is_wide_quote(uint32_t c)
{
        return is_in(c, wide_quotes, countof(wide_quotes));
}

bool char_is_wide_hyphen(uint32_t c)
{
        return is_in(c, wide_hyphens, countof(wide_hyphens));
}

bool char_is_wide_digit(uint32_t c)
{
        return c >= 0xff10 && c <= 0xff19;
}

bool char_is_wide_ascii(uint32_t c)
{
        return c >= 0xff01 && c <= 0xff5e;
}

size_t chars_count(struct str s)
{
        size_t n = 0;

        for (; s.n; n++)
                (void)char_next(&s);
        return n;
}

static bool has_wide_space_at(struct str s, size_t at)
{
        return s.n >= at + 3 && memcmp(s.p + at, "\xe3\x80\x80", 3) == 0;
}

struct str chars_trim(struct str s)
{
        for (size_t before = s.n + 1; s.n < before;) {
                before = s.n;
                s = str_trim(s);
                if (has_wide_space_at(s, 0))
                        s = (struct str){ s.p + 3, s.n - 3 };
                if (s.n >= 3 && has_wide_space_at(s, s.n - 3))
                        s.n -= 3;
        }
        return s;
}
