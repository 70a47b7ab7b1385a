/* arena.h - memory that dies together.
 *
 * Does      hand out zeroed memory that one arena_done() gives back: one arena per request, message or batch.
 * Layer     base.
 * Owns      struct arena is the caller's; what it hands out lives until arena_done() or arena_reset().
 * Units     sizes in bytes; ARENA_MAX is the most one arena ever holds.
 * Threads   one arena belongs to one thread.
 * Fails     NULL when the machine or ARENA_MAX refuses; the arena stays usable and `refused` stays true: whoever owns the arena asks
 *           it once at the end, so that a NULL that somebody took for "none" is never taken for a result.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/defs.h"

enum { ARENA_BLOCK = 16 * 1024, ARENA_MAX = 256 * 1024 * 1024 };

struct arena {
        struct arena_block *head;
        size_t              total_bytes;
        bool                refused;
};

#define ARENA_INIT ((struct arena){ 0 })

void *arena_alloc(struct arena *a, size_t size) MUST_CHECK;                 /* zeroed, aligned to 16 */
void *arena_array(struct arena *a, size_t n, size_t size) MUST_CHECK;       /* n * size, checked */
void *arena_copy(struct arena *a, const void *p, size_t n) MUST_CHECK;      /* n bytes and a NUL behind them */
char *arena_text(struct arena *a, const char *s) MUST_CHECK;                /* NULL stays NULL */
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3) MUST_CHECK;
void  arena_done(struct arena *a);

static inline void arena_done_at(struct arena *a)
{
        arena_done(a);
}

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))

#endif
