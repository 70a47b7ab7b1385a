/* tile.h - where a log lies in files: C2SP tlog-tiles, height 8 (docs/formats/log.md).
 *
 * Does      how many hashes a level has, which tiles and bundles a size asks for, their paths; cut a bundle into entries.
 * Layer     core; pure.
 * Units     sizes and indexes are entries; a tile and a bundle cover 256.
 * Trusts    nothing: a bundle with a byte too many or too few is refused.
 * Fails     ERR_INPUT not that shape. Paths cannot fail: TILE_PATH is room for TREE_SIZE_MAX.
 */
#ifndef CORE_JOURNAL_TILE_H
#define CORE_JOURNAL_TILE_H

#include "core/journal/note.h"

enum { TILE_BITS = 8, TILE_WIDTH = 1 << TILE_BITS, TILE_LEVELS = 6, TILE_PATH = 64 };
enum { TILE_BYTES = TILE_WIDTH * HASH_SIZE, BUNDLE_BYTES = TILE_WIDTH * (2 + ENTRY_MAX) };

/* A tile of hashes, or a bundle of entries when `level` is TILE_ENTRIES. `width` hashes or entries, 1..256. */
enum { TILE_ENTRIES = -1 };
struct tile { int level; uint64_t n; unsigned width; };

uint64_t tile_hashes(uint64_t size, unsigned level);                    /* hashes of that level in a log of that size */
uint64_t tile_count(uint64_t size, int level);                          /* tiles or bundles of that level */
struct tile tile_at(uint64_t size, int level, uint64_t n);              /* n < tile_count() */
void     tile_path(char to[TILE_PATH], struct tile t);                  /* "tile/0/x001/067.p/8" */

/* The entries of a bundle, one after the other. */
struct bundle { struct str rest; unsigned seen; };
int  bundle_next(struct str *entry, struct bundle *b, struct err *e);   /* ERR_OK; ERR_ABSENT at the end; ERR_INPUT */
int  bundle_add(struct buf *out, struct str entry, struct err *e);      /* ERR_TOO_BIG above ENTRY_MAX */

#endif
