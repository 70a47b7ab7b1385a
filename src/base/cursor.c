/* cursor.c - see cursor.h. */
#include "base/cursor.h"

struct cursor cursor_of(const void *p, size_t n)
{
        return (struct cursor){ p, n, false };
}

const uint8_t *get_run(struct cursor *c, size_t n)
{
        const uint8_t *p = c->p;

        if (c->bad || n > c->left) {
                c->bad = true;
                return NULL;
        }
        c->p += n;
        c->left -= n;
        return p;
}

bool get_copy(struct cursor *c, void *to, size_t n)
{
        const uint8_t *p = get_run(c, n);

        if (!n)
                return !c->bad;
        if (p)
                memcpy(to, p, n);
        else
                memset(to, 0, n);
        return p != NULL;
}

bool get_zeros(struct cursor *c, size_t n)
{
        const uint8_t *p = get_run(c, n);

        for (size_t i = 0; p && i < n; i++)
                if (p[i])
                        c->bad = true;
        return !c->bad;
}

static uint64_t get_le(struct cursor *c, size_t n)
{
        const uint8_t *p = get_run(c, n);
        uint64_t v = 0;

        for (size_t i = n; p && i-- > 0;)
                v = v << 8 | p[i];
        return v;
}

uint8_t  get_u8(struct cursor *c)  { return (uint8_t)get_le(c, 1); }
uint16_t get_u16(struct cursor *c) { return (uint16_t)get_le(c, 2); }
uint32_t get_u32(struct cursor *c) { return (uint32_t)get_le(c, 4); }
uint64_t get_u64(struct cursor *c) { return get_le(c, 8); }
int64_t  get_i64(struct cursor *c) { return (int64_t)get_le(c, 8); }

static void put_le(struct buf *b, uint64_t v, size_t n)
{
        uint8_t le[8];

        for (size_t i = 0; i < n; i++, v >>= 8)
                le[i] = (uint8_t)v;
        buf_add(b, le, n);
}

void put_u8(struct buf *b, uint8_t v)   { put_le(b, v, 1); }
void put_u16(struct buf *b, uint16_t v) { put_le(b, v, 2); }
void put_u32(struct buf *b, uint32_t v) { put_le(b, v, 4); }
void put_u64(struct buf *b, uint64_t v) { put_le(b, v, 8); }
void put_i64(struct buf *b, int64_t v)  { put_le(b, (uint64_t)v, 8); }

void put_run(struct buf *b, const void *p, size_t n)
{
        buf_add(b, p, n);
}

void put_zeros(struct buf *b, size_t n)
{
        static const uint8_t zeros[64];

        for (; n > sizeof(zeros); n -= sizeof(zeros))
                buf_add(b, zeros, sizeof(zeros));
        buf_add(b, zeros, n);
}
