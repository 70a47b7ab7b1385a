/* pack_dir.h - the files of a pack, from a folder.
 *
 * Does      read every .yaml and .yml below a folder (names are relative to it, with `/` between folders); load it; copy it.
 * Layer     link.
 * Owns      *out of pack_dir_read: pack_dir_free(), names and bytes live as long; of pack_dir_load: pack_free().
 * Trusts    nothing: links are not followed; number, depth and size are capped. What a pack may hold, pack_load() says.
 * Fails     what the file system says; ERR_TOO_BIG.
 */
#ifndef LINK_PACK_DIR_H
#define LINK_PACK_DIR_H

#include "core/pack/load.h"

struct pack_dir { struct pack_file files[PACK_FILES_MAX]; size_t n; struct arena arena; };

int              pack_dir_read(struct pack_dir **out, const char *path, struct err *e);
int              pack_dir_load(struct pack **out, const char *path, pack_report_fn *report, void *ctx, struct err *e);
int              pack_dir_copy(const char *from, const char *to, struct err *e);      /* durable; `to` must not hold them yet */
struct pack_dir *pack_dir_free(struct pack_dir *d);
SCOPED(pack_dir_free, struct pack_dir *)

#endif
