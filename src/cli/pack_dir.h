/* pack_dir.h - the files of a pack, from a folder.
 *
 * Does      read every .yaml and .yml below a folder; names are relative to it, with `/` between folders.
 * Layer     cli.
 * Owns      *out: pack_dir_free(); names and bytes live as long.
 * Trusts    nothing: links are not followed; number, depth and size are capped. What a pack may hold, pack_load() says.
 * Fails     what the file system says; ERR_TOO_BIG.
 */
#ifndef CLI_PACK_DIR_H
#define CLI_PACK_DIR_H

#include "core/pack/load.h"

struct pack_dir { struct pack_file files[PACK_FILES_MAX]; size_t n; struct arena arena; };

int              pack_dir_read(struct pack_dir **out, const char *path, struct err *e);
struct pack_dir *pack_dir_free(struct pack_dir *d);
SCOPED(pack_dir_free, struct pack_dir *)

#endif
