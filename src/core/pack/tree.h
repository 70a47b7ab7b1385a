/* tree.h - one YAML file as a tree that knows its lines.
 *
 * Does      libyaml events to nodes; refuses two equal keys, anchors, aliases, tags, flow style, several documents.
 * Layer     core; inside pack/; the only file that knows libyaml is tree.c.
 * Owns      nodes and their texts live in the arena given; `file` must live as long.
 * Trusts    nothing: at most TREE_DEPTH_MAX deep; `budget` counts down over all files of a pack.
 * Fails     ERR_NOMEM. What is wrong with the file is a mistake, and *out is then NULL.
 */
#ifndef CORE_PACK_TREE_H
#define CORE_PACK_TREE_H

#include "core/pack/mistake.h"

enum { TREE_DEPTH_MAX = 12, TREE_NODES_MAX = 200000 };

enum node_kind { NODE_PLAIN, NODE_TEXT, NODE_MAP, NODE_LIST };      /* NODE_TEXT: double-quoted or a | block */

struct node {
        enum node_kind kind;
        const char    *file;            /* as messages call it; a tree laid over another keeps its own */
        uint32_t       line;            /* of its key, if it has one */
        const char    *key;             /* in a map; NULL elsewhere */
        uint32_t       column;          /* of a text's first character; a block's stands in the line below */
        bool           is_block;
        const char    *text;            /* scalars; NUL-terminated, no NUL within */
        struct node   *first, *last;    /* children in the order of the file */
        struct node   *next;
        struct node  **sorted;          /* children of a map by key */
        size_t         count;           /* children */
        bool           used;            /* texts: some record asked for it; overlays: a change speaks of it */
        bool           inherited;       /* texts: of a layer below; it may be that nothing asks for it any more */
};

int tree_read(struct node **out, const char *file, struct str bytes, uint32_t *budget, struct arena *a, struct mistakes *m);

struct node *tree_find(const struct node *map, const char *key);     /* NULL when absent */
struct node *tree_item(const struct node *list, struct str id);      /* of a list of records; NULL when absent */

/* Nodes of another tree come into this one with what is below them: a copy of each in place of the equal key, or at the end. */
int  tree_put(struct node *map, struct node *const *nodes, size_t n, struct arena *a);
void tree_insert(struct node *list, struct node *item, struct node *before);      /* before NULL: at the end */
void tree_drop(struct node *in, struct node *child);

#endif
