/* cursor.h - read and write fixed layouts in bytes that nobody vouches for.
 *
 * Does      little-endian integers and byte runs, in order, never past the end.
 * Layer     base.
 * Owns      nothing: both borrow the caller's bytes.
 * Trusts    nothing: a short read gives zero and marks the cursor bad; look once with `bad` at the end.
 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include "base/defs.h"
#include "base/str.h"

struct cursor { const uint8_t *p; size_t left; bool bad; };

struct cursor  cursor_of(const void *p, size_t n);
uint8_t        get_u8(struct cursor *c);
uint16_t       get_u16(struct cursor *c);
uint32_t       get_u32(struct cursor *c);
uint64_t       get_u64(struct cursor *c);
int64_t        get_i64(struct cursor *c);
const uint8_t *get_run(struct cursor *c, size_t n);             /* NULL when short */
bool           get_copy(struct cursor *c, void *to, size_t n);  /* zero-fills `to` when short */
bool           get_zeros(struct cursor *c, size_t n);           /* padding must be zero; anything else is bad */

/* Writers append to a buf; the buf's `bad` tells. */
void put_u8(struct buf *b, uint8_t v);
void put_u16(struct buf *b, uint16_t v);
void put_u32(struct buf *b, uint32_t v);
void put_u64(struct buf *b, uint64_t v);
void put_i64(struct buf *b, int64_t v);
void put_run(struct buf *b, const void *p, size_t n);
void put_zeros(struct buf *b, size_t n);

#endif
