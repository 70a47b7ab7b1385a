/* arena.c - see arena.h. Blocks form a list; the newest serves small requests, big ones get a block of their own. */
#include "base/arena.h"

#include <stdarg.h>

enum { ALIGN = 16 };

struct arena_block {
        struct arena_block *next;
        size_t              used, size;
        _Alignas(ALIGN) unsigned char data[];
};

static struct arena_block *block_add(struct arena *a, size_t size)
{
        size_t want = size > ARENA_BLOCK ? size : ARENA_BLOCK;
        struct arena_block *b;

        if (want > ARENA_MAX || a->total_bytes > ARENA_MAX - want)
                return NULL;
        b = calloc(1, sizeof(*b) + want);
        if (!b)
                return NULL;

        b->size = want;
        a->total_bytes += want;
        if (a->head && size > ARENA_BLOCK) { /* keep the half-full small block in front */
                b->next = a->head->next;
                a->head->next = b;
        } else {
                b->next = a->head;
                a->head = b;
        }
        return b;
}

static void *refuse(struct arena *a)
{
        a->refused = true;
        return NULL;
}

void *arena_alloc(struct arena *a, size_t size)
{
        struct arena_block *b = a->head;
        void *p;

        if (size > ARENA_MAX)
                return refuse(a);
        size = (size + ALIGN - 1) / ALIGN * ALIGN;
        if (!size)
                size = ALIGN;
        if (!b || b->size - b->used < size)
                b = block_add(a, size);
        if (!b)
                return refuse(a);

        p = b->data + b->used;
        b->used += size;
        return p;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
        if (size && n > ARENA_MAX / size)
                return refuse(a);
        return arena_alloc(a, n * size);
}

void *arena_copy(struct arena *a, const void *p, size_t n)
{
        char *to;

        if (n >= ARENA_MAX)
                return refuse(a);
        to = arena_alloc(a, n + 1);
        if (to && n)
                memcpy(to, p, n);
        return to;
}

char *arena_text(struct arena *a, const char *s)
{
        return s ? arena_copy(a, s, strlen(s)) : NULL;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
        va_list ap, again;
        char *to;
        int n;

        va_start(ap, fmt);
        va_copy(again, ap);
        n = vsnprintf(NULL, 0, fmt, ap);
        va_end(ap);
        to = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);
        if (to)
                (void)vsnprintf(to, (size_t)n + 1, fmt, again);
        va_end(again);
        return to;
}

void arena_done(struct arena *a)
{
        while (a->head) {
                struct arena_block *b = a->head;

                a->head = b->next;
                free(b);
        }
        a->total_bytes = 0;
        a->refused = false;
}
