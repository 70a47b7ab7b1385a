/* str.c - see str.h. */
#include "base/str.h"

#include <stdarg.h>

struct str str_of(const char *s)
{
        return (struct str){ s ? s : "", s ? strlen(s) : 0 };
}

bool str_eq(struct str a, struct str b)
{
        return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_is(struct str a, const char *s)
{
        return str_eq(a, str_of(s));
}

int str_cmp(struct str a, struct str b)
{
        size_t n = a.n < b.n ? a.n : b.n;
        int r = n ? memcmp(a.p, b.p, n) : 0;

        return r ? r : a.n < b.n ? -1 : a.n > b.n;
}

bool str_starts(struct str a, const char *prefix)
{
        size_t n = strlen(prefix);

        return a.n >= n && memcmp(a.p, prefix, n) == 0;
}

static bool is_blank(char c)
{
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str a)
{
        while (a.n && is_blank(a.p[0])) {
                a.p++;
                a.n--;
        }
        while (a.n && is_blank(a.p[a.n - 1]))
                a.n--;
        return a;
}

bool str_cut(struct str a, char at, struct str *left, struct str *right)
{
        const char *hit = a.n ? memchr(a.p, at, a.n) : NULL;

        if (!hit)
                return false;
        *left = (struct str){ a.p, (size_t)(hit - a.p) };
        *right = (struct str){ hit + 1, a.n - left->n - 1 };
        return true;
}

bool str_u64(struct str a, uint64_t max, uint64_t *out)
{
        uint64_t v = 0;

        if (!a.n || a.n > 20 || (a.n > 1 && a.p[0] == '0'))
                return false;
        for (size_t i = 0; i < a.n; i++) {
                uint64_t digit = (uint64_t)(unsigned char)a.p[i] - '0';

                if (digit > 9 || v > (UINT64_MAX - digit) / 10)
                        return false;
                v = v * 10 + digit;
        }
        if (v > max)
                return false;
        *out = v;
        return true;
}

bool utf8_ok(struct str a)
{
        const unsigned char *p = (const unsigned char *)a.p, *end = p + a.n;

        while (p < end) {
                unsigned c = *p++, need = c < 0x80 ? 0 : c < 0xc2 ? 9 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : c < 0xf5 ? 3 : 9;
                uint32_t cp;

                if (!c || need == 9 || (size_t)(end - p) < need)
                        return false;
                cp = need == 0 ? c : c & (0x3fu >> need);
                for (unsigned i = 0; i < need; i++, p++) {
                        if ((*p & 0xc0) != 0x80)
                                return false;
                        cp = cp << 6 | (*p & 0x3f);
                }
                if ((need == 2 && cp < 0x800) || (need == 3 && cp < 0x10000) || cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000))
                        return false;
        }
        return true;
}

static bool buf_grow(struct buf *b, size_t more)
{
        size_t room = b->room ? b->room : 256;
        char *p;

        if (b->bad || more >= BUF_MAX || b->n > BUF_MAX - more - 1) {
                b->bad = true;
                return false;
        }
        if (b->p && b->n + more + 1 <= b->room)
                return true;
        while (room < b->n + more + 1)
                room *= 2;
        p = realloc(b->p, room);
        if (!p) {
                b->bad = true;
                return false;
        }
        b->p = p;
        b->room = room;
        return true;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
        if (!buf_grow(b, n))
                return;
        if (n)
                memcpy(b->p + b->n, p, n);
        b->n += n;
        b->p[b->n] = 0;
}

void buf_str(struct buf *b, struct str s)
{
        buf_add(b, s.p, s.n);
}

void buf_text(struct buf *b, const char *s)
{
        buf_str(b, str_of(s));
}

void buf_char(struct buf *b, char c)
{
        buf_add(b, &c, 1);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
        va_list ap, again;
        int n;

        va_start(ap, fmt);
        va_copy(again, ap);
        n = vsnprintf(NULL, 0, fmt, ap);
        va_end(ap);
        if (n < 0)
                b->bad = true;
        else if (buf_grow(b, (size_t)n)) {
                (void)vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
                b->n += (size_t)n;
        }
        va_end(again);
}

void buf_clear(struct buf *b)
{
        b->n = 0;
        b->bad = false;
        if (b->p)
                b->p[0] = 0;
}

bool buf_bad(const struct buf *b)
{
        return b->bad;
}

struct str buf_view(const struct buf *b)
{
        return (struct str){ b->p ? b->p : "", b->bad ? 0 : b->n };
}

char *buf_take(struct buf *b)
{
        char *p;

        if (!b->p)
                buf_add(b, "", 0);
        p = b->bad ? NULL : b->p;
        if (p)
                *b = BUF_INIT;
        return p;
}

void buf_done(struct buf *b)
{
        free(b->p);
        *b = BUF_INIT;
}
