/* str.h - views of text, and text that grows.
 *
 * Does      struct str: a view that owns nothing; struct buf: bytes that grow and always end in NUL.
 * Layer     base.
 * Owns      a buf's bytes belong to the buf: buf_done(). A str borrows.
 * Units     bytes; BUF_MAX is the most a buf ever holds.
 * Fails     a buf that could not grow is `bad` and stays so: append freely, look once with buf_bad() at the end.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/defs.h"

struct str { const char *p; size_t n; };

#define STR(lit) ((struct str){ "" lit, sizeof(lit) - 1 })

struct str str_of(const char *s);                          /* NULL gives the empty view */
bool       str_eq(struct str a, struct str b);
bool       str_is(struct str a, const char *s);
int        str_cmp(struct str a, struct str b);            /* bytewise, shorter first */
bool       str_starts(struct str a, const char *prefix);
struct str str_trim(struct str a);                         /* ASCII blanks at both ends */
bool       str_cut(struct str a, char at, struct str *left, struct str *right); /* false: `at` does not occur */
bool       str_u64(struct str a, uint64_t max, uint64_t *out);  /* digits only, no leading zero but "0", <= max */
bool       utf8_ok(struct str a);                          /* RFC 3629: no overlong form, no surrogate, no NUL */

enum { BUF_MAX = 64 * 1024 * 1024 };

struct buf { char *p; size_t n, room; bool bad; };

#define BUF_INIT ((struct buf){ 0 })

void       buf_add(struct buf *b, const void *p, size_t n);
void       buf_str(struct buf *b, struct str s);
void       buf_text(struct buf *b, const char *s);
void       buf_char(struct buf *b, char c);
void       buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void       buf_clear(struct buf *b);                       /* keeps the room and forgets `bad` */
bool       buf_bad(const struct buf *b);
struct str buf_view(const struct buf *b);
char      *buf_take(struct buf *b);                        /* the caller frees; NULL when bad */
void       buf_done(struct buf *b);

static inline void buf_done_at(struct buf *b)
{
        buf_done(b);
}

#endif
