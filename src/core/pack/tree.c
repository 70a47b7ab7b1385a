/* tree.c - see tree.h. */
#include "core/pack/tree.h"

#include <yaml.h>

struct builder {
        const char      *file;
        struct arena    *arena;
        struct mistakes *mistakes;
        uint32_t        *budget;
        struct node     *open[TREE_DEPTH_MAX];      /* from the document's map inwards */
        size_t           depth;
        const char      *key;                        /* read, its value not yet */
        uint32_t         key_line, key_column;
        struct node     *top;
        bool             refused;
};

static void parser_done_at(yaml_parser_t *p)
{
        yaml_parser_delete(p);
}

static void event_done_at(yaml_event_t *ev)
{
        yaml_event_delete(ev);
}

void tree_insert(struct node *list, struct node *item, struct node *before)
{
        struct node **at = &list->first;

        if (!before && list->last)
                at = &list->last->next;
        while (*at && *at != before)
                at = &(*at)->next;
        item->next = *at;
        *at = item;
        if (!item->next)
                list->last = item;
        list->count++;
}

static void refuse(struct builder *b, const char *key, size_t line, const char *what, const char *more)
{
        mistake(b->mistakes, key, (struct place){ b->file, (uint32_t)line }, what, more);
        b->refused = true;
}

static int node_add(struct builder *b, enum node_kind kind, const yaml_event_t *ev, const char *text, struct node **out)
{
        struct node *in = b->depth ? b->open[b->depth - 1] : NULL, *node;

        if (!*b->budget) {
                refuse(b, "pack.tree.many", ev->start_mark.line + 1, "", "");
                return 0;
        }
        --*b->budget;
        node = arena_new(b->arena, struct node);
        if (!node)
                return ERR_NOMEM;

        *node = (struct node){ .kind = kind, .file = b->file, .key = b->key, .text = text };
        node->line = b->key ? b->key_line : (uint32_t)ev->start_mark.line + 1;
        b->key = NULL;
        if (in)
                tree_insert(in, node, NULL);
        else
                b->top = node;
        *out = node;
        return 0;
}

static int on_scalar(struct builder *b, const yaml_event_t *ev)
{
        bool is_key = b->depth && b->open[b->depth - 1]->kind == NODE_MAP && !b->key;
        size_t n = ev->data.scalar.length, line = ev->start_mark.line + 1;
        yaml_scalar_style_t style = ev->data.scalar.style;
        struct node *node = NULL;
        char *text;
        int r;

        if (ev->data.scalar.anchor || ev->data.scalar.tag || style == YAML_FOLDED_SCALAR_STYLE ||
            style == YAML_SINGLE_QUOTED_SCALAR_STYLE || memchr(ev->data.scalar.value, 0, n)) {
                refuse(b, "pack.tree.yaml", line, "only plain words, \"text\" and | blocks", "");
                return 0;
        }
        if (style == YAML_LITERAL_SCALAR_STYLE)
                while (n && ev->data.scalar.value[n - 1] == '\n')
                        n--;
        text = arena_copy(b->arena, ev->data.scalar.value, n);
        if (!text)
                return ERR_NOMEM;

        if (is_key) {
                if (style != YAML_PLAIN_SCALAR_STYLE || !n)
                        refuse(b, "pack.tree.yaml", line, "a key is a plain word", "");
                b->key = text;
                b->key_line = (uint32_t)line;
                b->key_column = (uint32_t)ev->start_mark.column + 1;
                return 0;
        }
        r = node_add(b, style == YAML_PLAIN_SCALAR_STYLE ? NODE_PLAIN : NODE_TEXT, ev, text, &node);
        if (node) {
                node->is_block = style == YAML_LITERAL_SCALAR_STYLE;
                node->column = node->is_block ? b->key_column + 2 : (uint32_t)ev->start_mark.column + 2;      /* behind the quote */
        }
        return r;
}

static int on_open(struct builder *b, const yaml_event_t *ev, enum node_kind kind, bool strict)
{
        size_t line = ev->start_mark.line + 1;
        struct node *node = NULL;
        int r;

        if (!strict)
                refuse(b, "pack.tree.yaml", line, "no anchors, tags, [ ] or { }", "");
        else if (b->depth == TREE_DEPTH_MAX)
                refuse(b, "pack.tree.deep", line, "", "");
        else if (b->depth && b->open[b->depth - 1]->kind == NODE_MAP && !b->key)
                refuse(b, "pack.tree.yaml", line, "a key is a plain word", "");
        if (b->refused)
                return 0;

        r = node_add(b, kind, ev, NULL, &node);
        if (r == 0 && node)
                b->open[b->depth++] = node;
        return r;
}

static int by_key(const void *a, const void *b)
{
        const struct node *const *x = a, *const *y = b;
        int r = strcmp((*x)->key, (*y)->key);

        return r ? r : (*x)->line < (*y)->line ? -1 : (*x)->line > (*y)->line;
}

static int map_sort(struct node *map, struct arena *a)
{
        struct node **sorted = arena_array(a, map->count, sizeof(struct node *));
        size_t i = 0;

        if (!sorted)
                return ERR_NOMEM;

        for (struct node *n = map->first; n; n = n->next)
                sorted[i++] = n;
        if (map->count)
                qsort(sorted, map->count, sizeof(*sorted), by_key);
        map->sorted = sorted;
        return 0;
}

/* A map ends: sort its keys once; equal neighbours are the same key twice. */
static int on_close_map(struct builder *b)
{
        struct node *map = b->open[--b->depth];
        char line[16];
        int r = map_sort(map, b->arena);

        for (size_t i = 1; r == 0 && i < map->count; i++)
                if (strcmp(map->sorted[i - 1]->key, map->sorted[i]->key) == 0) {
                        (void)snprintf(line, sizeof(line), "%u", map->sorted[i - 1]->line);
                        refuse(b, "pack.tree.duplicate", map->sorted[i]->line, map->sorted[i]->key, line);
                }
        return r;
}

static int on_event(struct builder *b, const yaml_event_t *ev)
{
        switch (ev->type) {
        case YAML_SCALAR_EVENT:
                return on_scalar(b, ev);
        case YAML_MAPPING_START_EVENT:
                return on_open(b, ev, NODE_MAP, !ev->data.mapping_start.anchor && !ev->data.mapping_start.tag &&
                                                ev->data.mapping_start.style == YAML_BLOCK_MAPPING_STYLE);
        case YAML_SEQUENCE_START_EVENT:
                return on_open(b, ev, NODE_LIST, !ev->data.sequence_start.anchor && !ev->data.sequence_start.tag &&
                                                 ev->data.sequence_start.style == YAML_BLOCK_SEQUENCE_STYLE);
        case YAML_MAPPING_END_EVENT:
                return on_close_map(b);
        case YAML_SEQUENCE_END_EVENT:
                b->depth--;
                return 0;
        case YAML_ALIAS_EVENT:
                refuse(b, "pack.tree.yaml", ev->start_mark.line + 1, "no aliases", "");
                return 0;
        case YAML_DOCUMENT_START_EVENT:
                if (b->top || !ev->data.document_start.implicit)
                        refuse(b, "pack.tree.yaml", ev->start_mark.line + 1, "one document a file, no ---", "");
                return 0;
        default:
                return 0;
        }
}

static int build(struct builder *b, yaml_parser_t *parser)
{
        for (bool more = true; more && !b->refused;) {
                scoped(event_done) yaml_event_t ev = { 0 };
                int r;

                if (!yaml_parser_parse(parser, &ev)) {
                        if (parser->error == YAML_MEMORY_ERROR)
                                return ERR_NOMEM;
                        refuse(b, "pack.tree.yaml", parser->problem_mark.line + 1, parser->problem ? parser->problem : "?", "");
                        return 0;
                }
                more = ev.type != YAML_STREAM_END_EVENT;
                r = on_event(b, &ev);
                if (r < 0)
                        return r;
        }
        return 0;
}

int tree_read(struct node **out, const char *file, struct str bytes, uint32_t *budget, struct arena *a, struct mistakes *m)
{
        struct builder b = { .file = file, .arena = a, .mistakes = m, .budget = budget };
        scoped(parser_done) yaml_parser_t parser = { 0 };
        int r;

        if (!yaml_parser_initialize(&parser))
                return ERR_NOMEM;

        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&parser, (const unsigned char *)bytes.p, bytes.n);
        r = build(&b, &parser);
        if (r < 0)
                return r;
        if (!b.refused && (!b.top || b.top->kind != NODE_MAP))
                refuse(&b, "pack.tree.yaml", 1, "a file is a list of `key: value` lines", "");
        *out = b.refused ? NULL : b.top;
        return 0;
}

struct node *tree_find(const struct node *map, const char *key)
{
        size_t low = 0, high = map->count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;
                int r = strcmp(map->sorted[middle]->key, key);

                if (r == 0)
                        return map->sorted[middle];
                if (r < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return NULL;
}

struct node *tree_item(const struct node *list, struct str id)
{
        for (struct node *n = list->first; n; n = n->next) {
                const struct node *own = n->kind == NODE_MAP ? tree_find(n, "id") : NULL;

                if (own && own->text && str_is(id, own->text))
                        return n;
        }
        return NULL;
}

int tree_put(struct node *map, struct node *const *nodes, size_t n, struct arena *a)
{
        const struct node was = *map;      /* what comes in is sorted at the end */

        for (size_t i = 0; i < n; i++) {
                struct node *old = tree_find(&was, nodes[i]->key), *copy = old ? old : arena_new(a, struct node);
                struct node *next = old ? old->next : NULL;

                if (!copy)
                        return ERR_NOMEM;
                *copy = *nodes[i];
                copy->next = next;
                if (!old)
                        tree_insert(map, copy, NULL);
        }
        return map_sort(map, a);
}

void tree_drop(struct node *in, struct node *child)
{
        struct node *before = NULL;
        size_t kept = 0;

        for (struct node *n = in->first; n != child; n = n->next)
                before = n;
        *(before ? &before->next : &in->first) = child->next;
        if (in->last == child)
                in->last = before;
        for (size_t i = 0; in->kind == NODE_MAP && i < in->count; i++)
                if (in->sorted[i] != child)
                        in->sorted[kept++] = in->sorted[i];
        in->count--;
}
