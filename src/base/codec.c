/* codec.c - see codec.h. */
#include "base/codec.h"

static const char hex[] = "0123456789abcdef";
static const char b64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char b32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void hex_text(char *to, const void *p, size_t n)
{
        const uint8_t *s = p;

        for (size_t i = 0; i < n; i++) {
                to[2 * i] = hex[s[i] >> 4];
                to[2 * i + 1] = hex[s[i] & 15];
        }
        to[2 * n] = 0;
}

void hex_encode(struct buf *b, const void *p, size_t n)
{
        const uint8_t *s = p;

        for (size_t i = 0; i < n; i++) {
                buf_char(b, hex[s[i] >> 4]);
                buf_char(b, hex[s[i] & 15]);
        }
}

/* The digit's value, or -1. */
static int digit_of(const char *alphabet, size_t n, char c)
{
        const char *hit = memchr(alphabet, c, n);

        return hit && c ? (int)(hit - alphabet) : -1;
}

bool hex_decode(struct str s, void *to, size_t n)
{
        uint8_t *d = to;

        if (s.n != 2 * n)
                return false;
        for (size_t i = 0; i < n; i++) {
                int hi = digit_of(hex, 16, s.p[2 * i]), lo = digit_of(hex, 16, s.p[2 * i + 1]);

                if (hi < 0 || lo < 0)
                        return false;
                d[i] = (uint8_t)(hi << 4 | lo);
        }
        return true;
}

void base64_encode(struct buf *b, const void *p, size_t n)
{
        const uint8_t *s = p;

        for (size_t i = 0; i < n; i += 3) {
                size_t have = n - i < 3 ? n - i : 3;
                uint32_t v = (uint32_t)s[i] << 16 | (have > 1 ? (uint32_t)s[i + 1] << 8 : 0) | (have > 2 ? s[i + 2] : 0);
                char quad[4] = { b64[v >> 18], b64[v >> 12 & 63], have > 1 ? b64[v >> 6 & 63] : '=', have > 2 ? b64[v & 63] : '=' };

                buf_add(b, quad, 4);
        }
}

/* Bits from digits, most significant first; leftover bits must be zero (one spelling a value). */
static bool bits_decode(struct str s, const char *alphabet, unsigned width, uint8_t *to, size_t room, size_t *out)
{
        size_t n = 0;
        uint32_t acc = 0;
        unsigned have = 0;

        for (size_t i = 0; i < s.n; i++) {
                int d = digit_of(alphabet, (size_t)1 << width, s.p[i]);

                if (d < 0)
                        return false;
                acc = acc << width | (uint32_t)d;
                have += width;
                if (have >= 8) {
                        if (n == room)
                                return false;
                        have -= 8;
                        to[n++] = (uint8_t)(acc >> have);
                        acc &= (1u << have) - 1;
                }
        }
        if (acc || have >= width)
                return false;
        *out = n;
        return true;
}

bool base64_decode(struct str s, void *to, size_t room, size_t *n)
{
        size_t pad = 0;

        if (s.n % 4)
                return false;
        while (pad < 2 && s.n && s.p[s.n - 1] == '=') {
                s.n--;
                pad++;
        }
        return bits_decode(s, b64, 6, to, room, n) && (3 - *n % 3) % 3 == pad;
}

/* Cuts `s` before the line "-----MARK label-----": what stands before it, what stands behind the line. */
static bool cut_at_mark(struct str s, const char *mark, const char *label, struct str *before, struct str *behind)
{
        char line[96];
        size_t n = (size_t)snprintf(line, sizeof(line), "-----%s %s-----", mark, label);
        const char *hit = n < sizeof(line) && s.n ? memmem(s.p, s.n, line, n) : NULL;

        if (!hit || (hit != s.p && hit[-1] != '\n'))
                return false;
        *before = (struct str){ s.p, (size_t)(hit - s.p) };
        *behind = (struct str){ hit + n, s.n - before->n - n };
        return true;
}

bool pem_decode(struct str s, const char *label, void *to, size_t room, size_t *n)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct str head, rest, body, tail;

        if (!cut_at_mark(s, "BEGIN", label, &head, &rest) || !cut_at_mark(rest, "END", label, &body, &tail) || !body.n || body.p[0] != '\n')
                return false;
        for (size_t i = 0; i < body.n; i++)
                if (body.p[i] != '\n')
                        buf_char(&b, body.p[i]);
        return !buf_bad(&b) && b.n && base64_decode(buf_view(&b), to, room, n);
}

void base32_encode(struct buf *b, const void *p, size_t n)
{
        const uint8_t *s = p;
        uint32_t acc = 0;
        unsigned have = 0;

        for (size_t i = 0; i < n; i++) {
                acc = (acc << 8 | s[i]) & 0xfff;
                for (have += 8; have >= 5; have -= 5)
                        buf_char(b, b32[acc >> (have - 5) & 31]);
        }
        if (have)
                buf_char(b, b32[acc << (5 - have) & 31]);
}

bool base32_decode(struct str s, void *to, size_t room, size_t *n)
{
        scoped(buf_done) struct buf up = BUF_INIT;

        for (size_t i = 0; i < s.n; i++)
                buf_char(&up, s.p[i] >= 'a' && s.p[i] <= 'z' ? (char)(s.p[i] - 'a' + 'A') : s.p[i]);
        return !buf_bad(&up) && bits_decode(buf_view(&up), b32, 5, to, room, n);
}
