/* source.h - the files of one layer of a pack, with their trees.
 *
 * Does      find a file by its name; keep them in order.
 * Layer     core; inside pack/.
 * Owns      all of it lives in the pack's arena.
 */
#ifndef CORE_PACK_SOURCE_H
#define CORE_PACK_SOURCE_H

#include "core/pack/schema.h"
#include "core/pack/tree.h"

struct source {
        struct pack_file          file;         /* its name within the layer */
        const char               *shown;        /* its name in messages: with the layer in front when there are several */
        const struct schema_file *row;          /* NULL: texts, overlay.yaml */
        struct str                id;           /* of a file in a folder: its name without .yaml */
        struct node              *tree;         /* NULL when the file is broken */
};

struct sources { struct source *list; size_t n; };      /* by name */

void           sources_sort(struct sources *s);
struct source *sources_find(const struct sources *s, const char *name);      /* NULL when absent */

#endif
