/* pack_dir.h - the files of a pack, from folders.
 *
 * Does      read every .yaml and .yml below a folder (names are relative to it, with `/` between folders), and the folders that it lies
 *           over: the base of overlay.yaml is the folder of that name beside it; load them; keep them.
 *           Kept, a pack is one folder with one folder for each layer in it, named by the layer's id.
 * Layer     link.
 * Owns      *out of pack_dir_read: pack_dir_free(); of pack_layers_*: pack_layers_free(); names and bytes live as long; of pack_dir_load: pack_free().
 * Trusts    nothing: links are not followed; number, depth and size are capped. What a pack may hold, pack_load() says.
 * Fails     what the file system says; ERR_TOO_BIG; ERR_INPUT with pack.overlay.* when the folders lie over each other in a circle.
 *           A base that is not there is left to pack_load_layers(), which says so with file and line.
 */
#ifndef LINK_PACK_DIR_H
#define LINK_PACK_DIR_H

#include "core/pack/load.h"

struct pack_dir { struct pack_file files[PACK_FILES_MAX]; size_t n; struct arena arena; };

int              pack_dir_read(struct pack_dir **out, const char *path, struct err *e);       /* this folder alone */
int              pack_dir_write(const struct pack_file *files, size_t n, const char *to, struct err *e);      /* durable; `to` must not hold them yet */
struct pack_dir *pack_dir_free(struct pack_dir *d);
SCOPED(pack_dir_free, struct pack_dir *)

struct pack_layers {
        struct pack_dir *dirs[PACK_LAYERS_MAX];       /* lowest first */
        char             names[PACK_LAYERS_MAX][PACK_ID_MAX];
        size_t           n;
};

int pack_layers_read(struct pack_layers **out, const char *path, struct err *e);         /* a folder and what it lies over */
int pack_layers_kept(struct pack_layers **out, const char *path, struct err *e);         /* as pack_layers_keep() wrote them */
int pack_layers_load(struct pack **out, const struct pack_layers *l, pack_report_fn *report, void *ctx, struct err *e);

/* Durable; `to` must not be there yet. Under another name first, so that what bears this name is whole. */
int pack_layers_keep(const struct pack_layers *l, const struct pack *p, const char *to, struct err *e);

struct pack_layers *pack_layers_free(struct pack_layers *l);
SCOPED(pack_layers_free, struct pack_layers *)

int pack_dir_load(struct pack **out, const char *path, pack_report_fn *report, void *ctx, struct err *e);       /* read and load */

#endif
