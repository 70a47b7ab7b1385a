/* pack_source.h - the files of an evidence pack, in a zip or a folder.
 *
 * Does      list what is there under which name; read one whole, or piece by piece.
 * Source    docs/formats/evidence.md.
 * Layer     cli; minizip.
 * Owns      pack_source_close(); what is read is the caller's.
 * Units     bytes.
 * Trusts    nothing: names that lead elsewhere, names that occur twice, encrypted and oversized members are refused; a member's size
 *           is what it says or it is refused, and its CRC is checked.
 * Fails     ERR_INPUT what is there is no pack; ERR_ABSENT no such file; ERR_TOO_BIG; ERR_IO it cannot be opened at all.
 */
#ifndef CLI_PACK_SOURCE_H
#define CLI_PACK_SOURCE_H

#include "base/err.h"
#include "base/str.h"

enum { PACK_FILES_MOST = 500 * 1000, PACK_FILE_MOST = BUF_MAX - 1024, PACK_NAME_MOST = 300 };

struct pack_source;
/* listed: the check that is going on has met it. */
struct pack_entry { char *name; uint64_t size, at[2]; bool listed; };

int                 pack_source_open(struct pack_source **out, const char *path, struct err *e);
struct pack_source *pack_source_close(struct pack_source *s);
SCOPED(pack_source_close, struct pack_source *)

/* Sorted by name. */
struct pack_entry *pack_source_list(struct pack_source *s, size_t *n);
struct pack_entry *pack_source_find(struct pack_source *s, struct str name);      /* NULL when absent */
/* Piece by piece, whatever its size; after an error of `fn` no more of it. */
typedef int pack_piece_fn(void *ctx, struct str piece, struct err *e);
int                pack_source_pour(struct pack_source *s, const struct pack_entry *f, pack_piece_fn *fn, void *ctx, struct err *e);
int                pack_source_read(struct buf *out, struct pack_source *s, const struct pack_entry *f, struct err *e);
int                pack_source_take(struct buf *out, struct pack_source *s, const char *name, struct err *e);      /* find and read; ERR_ABSENT */

#endif
