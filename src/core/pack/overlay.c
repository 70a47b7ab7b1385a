/* overlay.c - see overlay.h. First every change finds its records, then what no change speaks of is reported, then they are laid. */
#include "core/pack/overlay.h"

#include "core/pack/spot.h"

struct change_at {
        const struct pack_change *says;
        const struct node        *node;         /* of the change itself */
        struct spot               spot;
        bool                      read;         /* `where` is a place */
        struct found              own, below;   /* in the overlay; in what it lies over */
};

struct lay {
        struct sources       *below;
        const struct sources *top;
        struct filler        *filler;
        struct change_at     *changes;
        size_t                n;
};

static struct place at(const struct node *n)
{
        return (struct place){ n->file, n->line };
}

/* Where the key stands in the change, or else the change. */
static struct place at_key(const struct change_at *c, const char *key)
{
        const struct node *n = tree_find(c->node, key);

        return at(n ? n : c->node);
}

static void complain(const struct lay *l, const struct change_at *c, const char *key, const char *more)
{
        mistake(l->filler->mistakes, key, at_key(c, "where"), c->says->where, more);
}

/* ---- what the changes speak of ---- */

/* The records on the way to a place are spoken of only through the lists between them. */
static void claim(const struct found *own)
{
        for (size_t i = 0; i < own->lists_count; i++)
                own->lists[i]->used = true;
        own->record->used = true;
}

static int take_changes(struct lay *l, const struct overlay *o, const struct node *list)
{
        const struct node *n = list ? list->first : NULL;

        l->n = o->changes_count;
        l->changes = arena_array(l->filler->arena, l->n, sizeof(*l->changes));
        if (!l->changes)
                return ERR_NOMEM;

        for (size_t i = 0; i < l->n; i++, n = n->next) {
                struct change_at *c = &l->changes[i];

                c->says = &o->changes[i];
                c->node = n;
                c->read = spot_parse(&c->spot, c->says->where);
                if (!c->read) {
                        complain(l, c, "pack.overlay.where", "");
                        continue;
                }
                spot_find(&c->own, &c->spot, l->top, OVERLAY_FILE);
                if (c->own.record && c->says->act != OVERLAY_REMOVE)
                        claim(&c->own);
        }
        return 0;
}

/* No two changes may speak of one record, and what is added or removed whole has no change of its own below. */
static void check_apart(const struct lay *l)
{
        char line[16];

        for (size_t i = 0; i < l->n; i++)
                for (size_t j = 0; j < l->n; j++) {
                        const struct change_at *a = &l->changes[j], *b = &l->changes[i];
                        bool same = a->read && b->read && spot_equal(&a->spot, &b->spot);

                        if (i == j || !a->read || !b->read || (same && j > i))
                                continue;
                        (void)snprintf(line, sizeof(line), "%u", a->node->line);
                        if (same)
                                complain(l, b, "pack.overlay.twice", line);
                        else if (a->says->act != OVERLAY_REPLACE && spot_within(&b->spot, &a->spot))
                                complain(l, b, "pack.overlay.within", a->says->where);
                }
}

/* Is any list below this record spoken of? */
static bool leads_on(const struct node *record)
{
        for (const struct node *n = record->first; n; n = n->next)
                if (n->used)
                        return true;
        return false;
}

static bool is_own_key(const struct node *n, bool is_overlay)
{
        static const char *const own[] = { "id", "sekisho-pack", "version", "base", "changes" };

        for (size_t i = 0; i < (is_overlay ? countof(own) : 2); i++)
                if (strcmp(n->key, own[i]) == 0)
                        return true;
        return false;
}

static bool is_overlay_root(const struct lay *l, const struct node *n)
{
        return n == sources_find(l->top, OVERLAY_FILE)->tree;
}

/* What no change speaks of would be ignored in silence. */
static void check_claimed(const struct lay *l, const struct node *record)
{
        bool whole = record->used;

        if (!whole && !leads_on(record) && !is_overlay_root(l, record) && record->kind == NODE_MAP) {
                const struct node *id = tree_find(record, "id");

                mistake(l->filler->mistakes, "pack.overlay.no-change", at(record), id && id->text ? id->text : record->file, "");
                return;
        }
        for (const struct node *n = record->first; record->kind == NODE_MAP && n; n = n->next) {
                if (is_own_key(n, is_overlay_root(l, record)) || (n->kind != NODE_LIST && whole && n->kind != NODE_MAP))
                        continue;
                if (n->kind == NODE_LIST && n->used)
                        for (const struct node *item = n->first; item; item = item->next)
                                check_claimed(l, item);
                else if (!n->used && (!whole || n->kind == NODE_MAP))
                        mistake(l->filler->mistakes, "pack.overlay.no-change", at(n), n->key, "");
        }
}

static void check_all_claimed(const struct lay *l)
{
        for (const struct source *s = l->top->list; s < l->top->list + l->top->n; s++)
                if (s->row || strcmp(s->file.name, OVERLAY_FILE) == 0)
                        check_claimed(l, s->tree);
}

/* ---- laying ---- */

static int add_file(const struct lay *l, const struct found *own, struct node *tree)
{
        struct source *s = &l->below->list[l->below->n++];

        *s = *own->source;
        s->tree = tree;
        sources_sort(l->below);
        return tree ? 0 : ERR_NOMEM;
}

/* A file that only holds lists is not there below: it begins with the line that every file begins with. */
static int add_empty_file(const struct lay *l, const struct found *own)
{
        struct node *tree = arena_new(l->filler->arena, struct node), *format = tree_find(own->source->tree, "sekisho-pack");
        int r = tree ? 0 : ERR_NOMEM;

        if (r == 0) {
                *tree = *own->source->tree;
                tree->first = tree->last = NULL;
                tree->count = 0;
                r = tree_put(tree, &format, 1, l->filler->arena);
        }
        return r == 0 ? add_file(l, own, tree) : r;
}

/* The list that the record goes into; made when the record that holds it has none yet. */
static int list_for(struct node **out, const struct change_at *c, struct arena *a)
{
        struct node *copy = arena_new(a, struct node);
        int r;

        *out = tree_find(c->below.holder, c->spot.steps[c->spot.depth - 1].list);
        if (*out)
                return 0;
        if (!copy)
                return ERR_NOMEM;
        *copy = (struct node){ .kind = NODE_LIST, .file = c->own.list->file, .line = c->own.list->line, .key = c->own.list->key };
        r = tree_put(c->below.holder, &copy, 1, a);
        *out = r == 0 ? tree_find(c->below.holder, copy->key) : NULL;
        return r;
}

static int lay_record(struct lay *l, struct change_at *c)
{
        struct node *before = NULL, *list, *copy = arena_new(l->filler->arena, struct node);
        int r = copy ? list_for(&list, c, l->filler->arena) : ERR_NOMEM;

        if (r < 0)
                return r;
        if (c->says->before && !(before = tree_item(list, str_of(c->says->before))))
                mistake(l->filler->mistakes, "pack.overlay.before", at_key(c, "before"), c->says->before, c->says->where);
        *copy = *c->own.record;
        tree_insert(list, copy, before);
        return 0;
}

static int add(struct lay *l, struct change_at *c)
{
        int r;

        if (c->below.record) {
                complain(l, c, "pack.overlay.exists", "");
                return 0;
        }
        if (c->spot.depth == 0)
                return add_file(l, &c->own, c->own.record);
        if (!c->below.source && !c->spot.row->is_folder) {
                r = add_empty_file(l, &c->own);
                if (r < 0)
                        return r;
                spot_find(&c->below, &c->spot, l->below, NULL);
        }
        if (!c->below.holder) {
                complain(l, c, "pack.overlay.absent", "");
                return 0;
        }
        return lay_record(l, c);
}

/* Keys that are given take the place of those below; a list through which other changes go is theirs. */
static int replace(struct lay *l, struct change_at *c)
{
        struct node **given = arena_array(l->filler->arena, c->own.record->count, sizeof(struct node *));
        size_t n = 0;

        if (!given)
                return ERR_NOMEM;
        if (!c->below.record) {
                complain(l, c, "pack.overlay.absent", "");
                return 0;
        }
        for (struct node *key = c->own.record->first; key; key = key->next)
                if (key->kind != NODE_MAP && !(key->kind == NODE_LIST && key->used) && !is_own_key(key, is_overlay_root(l, c->own.record)))
                        given[n++] = key;
        if (!n)
                mistake(l->filler->mistakes, "pack.overlay.nothing", at(c->own.record), c->says->where, "");
        return tree_put(c->below.record, given, n, l->filler->arena);
}

static int take_away(struct lay *l, struct change_at *c)
{
        struct found *b = &c->below;

        if (c->own.record)
                mistake(l->filler->mistakes, "pack.overlay.remove-given", at(c->own.record), c->says->where, "");
        if (!b->record) {
                complain(l, c, "pack.overlay.absent", "");
        } else if (c->spot.depth) {
                tree_drop(b->list, b->record);
                if (!b->list->count)
                        tree_drop(b->holder, b->list);      /* an empty list is not spelt */
        } else {
                size_t i = (size_t)(b->source - l->below->list);

                memmove(b->source, b->source + 1, (--l->below->n - i) * sizeof(*b->source));
        }
        return 0;
}

static int lay_change(struct lay *l, struct change_at *c)
{
        static int (*const acts[])(struct lay *l, struct change_at *c) = {
                [OVERLAY_ADD] = add, [OVERLAY_REPLACE] = replace, [OVERLAY_REMOVE] = take_away,
        };

        if (!c->read)
                return 0;
        if (c->says->act != OVERLAY_REPLACE && !c->spot.is_listed) {
                complain(l, c, "pack.overlay.where", "");      /* settings and the pack itself can only be replaced */
                return 0;
        }
        if (c->says->act != OVERLAY_REMOVE && !c->own.record) {
                complain(l, c, "pack.overlay.no-record", spot_file(&c->spot, OVERLAY_FILE, l->filler->arena));
                return 0;
        }
        spot_find(&c->below, &c->spot, l->below, NULL);
        return acts[c->says->act](l, c);
}

/* ---- the layer as a whole ---- */

/* The pack that results is called as its topmost layer. */
static int lay_name(const struct lay *l, const struct node *overlay)
{
        struct node *name[] = { tree_find(overlay, "id"), tree_find(overlay, "version") };
        struct source *pack = sources_find(l->below, "pack.yaml");

        return pack ? tree_put(pack->tree, name, countof(name), l->filler->arena) : 0;
}

/* Texts of records that are gone stay behind; whether a layer's own texts are asked for shows when it is the topmost. */
static int lay_texts(const struct lay *l)
{
        int r = 0;

        for (int lang = 0; r == 0 && lang < LANG_COUNT; lang++) {
                struct source *below = sources_find(l->below, texts_files[lang]), *top = sources_find(l->top, texts_files[lang]);
                struct node **keys;
                size_t n = 0;

                for (struct node *key = below ? below->tree->first : NULL; key; key = key->next)
                        key->inherited = true;
                if (!below || !top)
                        continue;
                keys = arena_array(l->filler->arena, top->tree->count, sizeof(*keys));
                if (!keys)
                        return ERR_NOMEM;
                for (struct node *key = top->tree->first; key; key = key->next)
                        keys[n++] = key;
                r = tree_put(below->tree, keys, n, l->filler->arena);
        }
        return r;
}

/* The keys of overlay.yaml, without the records that stand there because there is no pack.yaml. */
static int fill_overlay(struct overlay *out, struct node *root, struct filler *f)
{
        const struct schema *s = schema_of(KIND_OVERLAY);
        struct node *own = arena_new(f->arena, struct node), *keys[16];
        size_t n = 0;
        int r;

        if (!own)
                return ERR_NOMEM;
        for (struct node *key = root->first; key; key = key->next) {
                if (n < countof(keys) && (is_own_key(key, true) || !schema_key_of(KIND_PACK, key->key)))
                        keys[n++] = key;
        }
        f->kind = KIND_OVERLAY;
        f->root = out;
        *own = (struct node){ .kind = NODE_MAP, .file = root->file, .line = root->line };
        r = tree_put(own, keys, n, f->arena);
        return r == 0 ? fill_record(f, s, out, own, "") : r;
}

int overlay_lay(struct overlay *out, struct sources *below, const struct sources *top, struct filler *f)
{
        struct node *root = sources_find(top, OVERLAY_FILE)->tree;
        struct lay l = { .below = below, .top = top, .filler = f };
        unsigned before = f->mistakes->count;
        int r = fill_overlay(out, root, f);

        if (r < 0 || f->mistakes->count > before)
                return r;
        r = take_changes(&l, out, tree_find(root, "changes"));
        if (r < 0)
                return r;
        check_apart(&l);
        check_all_claimed(&l);
        for (size_t i = 0; i < l.n && r == 0; i++)
                r = lay_change(&l, &l.changes[i]);
        if (r == 0)
                r = lay_name(&l, root);
        return r == 0 ? lay_texts(&l) : r;
}
