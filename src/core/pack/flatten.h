/* flatten.h - a loaded pack as the files of a pack of one layer.
 *
 * Does      write what all layers come to, laid over each other, canonically; comments are not kept, nor words that no record asks for.
 * Layer     core; inside pack/.
 * Owns      the files live in the arena given.
 * Fails     ERR_NOMEM; ERR_TOO_BIG.
 */
#ifndef CORE_PACK_FLATTEN_H
#define CORE_PACK_FLATTEN_H

#include "core/pack/load.h"
#include "core/pack/tree.h"

struct pack_flat { struct pack_file files[PACK_FILES_MAX]; size_t n; };

/* One tree as a file. */
int flatten_tree(struct str *out, const struct node *map, struct arena *a);

int pack_flatten(struct pack_flat *out, const struct pack *p, struct arena *a, struct err *e);

#endif
