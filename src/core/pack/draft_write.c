/* draft_write.c - see draft.h: the difference between two packs as an overlay.
 *
 * Both are walked as trees, record by record. What is found becomes a change and, in the overlay's own trees, the record that it speaks of,
 * inside the records it stands in. Two things cannot be said of a single record: another order, and that a key is gone. Then the list that
 * holds it is given whole by the record around it; where there is none, nothing can say it.
 */
#include "core/pack/draft.h"
#include "core/pack/flatten.h"
#include "core/pack/overlay.h"
#include "core/pack/spot.h"

enum { CHANGES_MOST = 500, REASON_BYTES = 900 };

/* A record on the way down: where it stands, and its own node in the overlay once something is said of it. */
struct on_way {
        struct on_way            *outer;
        const struct schema_file *row;
        const char               *list, *id;    /* in the outer record; NULL at a file */
        const char               *where;        /* "" for a file that is no record itself */
        struct node              *own;
};

struct said { enum overlay_act act; const char *where, *before; struct node *record; };

struct writer {
        struct arena      *a;
        struct draft_files *out;
        struct { const char *name; struct node *tree; } files[PACK_FILES_MAX];
        size_t             files_count;
        struct said        said[CHANGES_MOST];
        size_t             said_count;
        const struct pack *prior;               /* the draft before the edit; NULL: none */
        const char        *reason;
        struct err        *e;
};

static int no_memory(struct writer *w)
{
        return err_set(w->e, ERR_NOMEM, "no memory for a draft");
}

static bool is_own_key(const struct node *n)
{
        return strcmp(n->key, "id") == 0 || strcmp(n->key, "sekisho-pack") == 0;
}

/* ---- the overlay's own trees ---- */

static struct node *node_new(struct writer *w, enum node_kind kind, const char *key, const char *text)
{
        struct node *n = arena_new(w->a, struct node);

        if (n)
                *n = (struct node){ .kind = kind, .file = "", .key = key, .text = text };
        return n;
}

static struct node *child(const struct node *map, const char *key)
{
        for (struct node *n = map->first; n; n = n->next)
                if (strcmp(n->key, key) == 0)
                        return n;
        return NULL;
}

/* Trees are read-only here and outlive the overlay's, so the children of a copy are shared; only `next` is its own. */
static struct node *copy_under(struct writer *w, const struct node *n, struct node *in)
{
        struct node *copy = arena_new(w->a, struct node);

        if (copy) {
                *copy = *n;
                copy->used = false;
                tree_insert(in, copy, NULL);
        }
        return copy;
}

static struct node *file_new(struct writer *w, const char *name, const char *id)
{
        struct node *tree = node_new(w, NODE_MAP, NULL, NULL), *format = node_new(w, NODE_PLAIN, "sekisho-pack", "1"), *own = node_new(w, NODE_PLAIN, "id", id);

        if (!tree || !format || !own || w->files_count == PACK_FILES_MAX)
                return NULL;
        tree_insert(tree, format, NULL);
        if (id)
                tree_insert(tree, own, NULL);
        w->files[w->files_count].name = name;
        w->files[w->files_count++].tree = tree;
        return tree;
}

static struct node *file_of(struct writer *w, const struct on_way *at)
{
        const char *name = at->row->is_folder ? arena_printf(w->a, "%s%s.yaml", at->row->name, at->id) : at->row->kind == KIND_PACK ? OVERLAY_FILE : at->row->name;

        for (size_t i = 0; name && i < w->files_count; i++)
                if (strcmp(w->files[i].name, name) == 0)
                        return w->files[i].tree;
        return name ? file_new(w, name, at->row->is_folder ? at->id : NULL) : NULL;
}

/* The node that what is said of this record goes into; the lists on the way are led through. */
static struct node *own_of(struct writer *w, struct on_way *at)
{
        struct node *outer, *list, *id;

        if (at->own)
                return at->own;
        if (!at->outer)
                return at->own = file_of(w, at);
        outer = own_of(w, at->outer);
        if (!outer)
                return NULL;
        list = child(outer, at->list);
        if (!at->id) { /* settings */
                at->own = list ? list : node_new(w, NODE_MAP, at->list, NULL);
                if (at->own && !list)
                        tree_insert(outer, at->own, NULL);
                return at->own;
        }
        if (!list) {
                list = node_new(w, NODE_LIST, at->list, NULL);
                if (!list)
                        return NULL;
                tree_insert(outer, list, NULL);
        }
        list->used = true;
        at->own = node_new(w, NODE_MAP, NULL, NULL);
        id = node_new(w, NODE_PLAIN, "id", at->id);
        if (!at->own || !id)
                return NULL;
        tree_insert(list, at->own, NULL);
        tree_insert(at->own, id, NULL);
        return at->own;
}

static int say(struct writer *w, struct said s)
{
        if (w->said_count == CHANGES_MOST)
                return err_key(w->e, ERR_INPUT, "rules.draft.many", "", s.where, (char *)NULL);
        w->said[w->said_count++] = s;
        return 0;
}

/* ---- what can be said of one record ---- */

static struct str id_of(const struct node *record)
{
        const struct node *id = tree_find(record, "id");

        return str_of(id && id->text ? id->text : "");
}

static bool is_true(const struct node *n)
{
        return n->kind == NODE_PLAIN && strcmp(n->text, "true") == 0;
}

/* Do the records that both lists hold stand in the same order, and none of them lost a key? */
static bool one_by_one(const struct node *b, const struct node *a);

static bool lost_key(const struct node *b, const struct node *a)
{
        for (const struct node *n = b->first; n; n = n->next)
                if (!tree_find(a, n->key) && n->kind != NODE_LIST && !is_true(n))
                        return true;
        return false;
}

static bool one_by_one(const struct node *b, const struct node *a)
{
        const struct node *y = a->first;

        for (const struct node *x = b->first; x; x = x->next) {
                const struct node *same = tree_item(a, id_of(x));

                if (!same)
                        continue;
                while (y && !tree_item(b, id_of(y)))
                        y = y->next;
                if (y != same || lost_key(x, same))
                        return false;
                y = y->next;
        }
        return true;
}

static bool is_false(const struct node *n)
{
        return n->kind == NODE_PLAIN && strcmp(n->text, "false") == 0;
}

/* A key that is not given is false. */
static bool same_tree(const struct node *b, const struct node *a)
{
        const struct node *y = a->first;

        if (b->kind != a->kind || (b->text != a->text && (!b->text || !a->text || strcmp(b->text, a->text) != 0)))
                return false;
        if (b->kind == NODE_LIST) {
                for (const struct node *x = b->first; x && y; x = x->next, y = y->next)
                        if (!same_tree(x, y))
                                return false;
                return b->count == a->count;
        }
        for (const struct node *x = b->first; x; x = x->next) {
                const struct node *other = tree_find(a, x->key);

                if (other ? !same_tree(x, other) : !is_false(x))
                        return false;
        }
        for (; y; y = y->next)
                if (!tree_find(b, y->key) && !is_false(y))
                        return false;
        return true;
}

/* ---- the walk ---- */

static int walk_record(struct writer *w, struct on_way *at, const struct node *b, const struct node *a);

static const char *where_of(struct writer *w, const struct on_way *outer, const char *list, struct str id)
{
        return arena_printf(w->a, "%s%s%s.%.*s", outer->where, *outer->where ? "." : "", list, (int)id.n, id.p);
}

/* The next one that is there already, so that what comes in stands in front of it. */
static const char *before_of(struct writer *w, const struct node *record, const struct node *b)
{
        for (const struct node *n = record->next; n; n = n->next)
                if (tree_item(b, id_of(n)))
                        return arena_copy(w->a, id_of(n).p, id_of(n).n);
        return NULL;
}

static int add_record(struct writer *w, struct on_way *outer, const struct node *list, const struct node *record, const struct node *b)
{
        struct node *own = own_of(w, outer), *to = own ? child(own, list->key) : NULL;
        const char *where = where_of(w, outer, list->key, id_of(record));

        if (own && !to && (to = node_new(w, NODE_LIST, list->key, NULL)))
                tree_insert(own, to, NULL);
        if (!where || !to || !copy_under(w, record, to))
                return no_memory(w);
        to->used = true;
        return say(w, (struct said){ OVERLAY_ADD, where, b ? before_of(w, record, b) : NULL, to->last });
}

/* New ones first: a list that loses its last record would be gone before they come. */
static int walk_list(struct writer *w, struct on_way *outer, const struct node *b, const struct node *a)
{
        const char *key = a ? a->key : b->key;
        int r = 0;

        for (const struct node *n = a ? a->first : NULL; r == 0 && n; n = n->next) {
                const struct node *was = b ? tree_item(b, id_of(n)) : NULL;
                struct on_way at = { outer, outer->row, key, arena_copy(w->a, id_of(n).p, id_of(n).n), where_of(w, outer, key, id_of(n)), NULL };

                if (!at.id || !at.where)
                        return no_memory(w);
                r = was ? walk_record(w, &at, was, n) : add_record(w, outer, a, n, b);
        }
        for (const struct node *n = b ? b->first : NULL; r == 0 && n; n = n->next)
                if (!a || !tree_item(a, id_of(n))) {
                        const char *where = where_of(w, outer, key, id_of(n));

                        r = where ? say(w, (struct said){ OVERLAY_REMOVE, where, NULL, NULL }) : no_memory(w);
                }
        return r;
}

/* A key of the record that is given in a replace of it. */
static int give(struct writer *w, struct on_way *at, const struct node *n, size_t *given)
{
        struct node *own = own_of(w, at);

        ++*given;
        return own && copy_under(w, n, own) ? 0 : no_memory(w);
}

/* They have no id, so a change cannot go through them to one record of a list: the list is given whole. */
static bool is_settings(const struct on_way *at)
{
        return at->outer && !at->id;
}

/* The keys of one record; lists that cannot be told record by record are given whole. */
static int walk_keys(struct writer *w, struct on_way *at, const struct node *b, const struct node *a, size_t *given)
{
        int r = 0;

        for (const struct node *n = a->first; r == 0 && n; n = n->next) {
                const struct node *was = tree_find(b, n->key);

                if (is_own_key(n) || (at->row->kind == KIND_PACK && !at->outer && strcmp(n->key, "version") == 0))
                        continue;
                if (n->kind == NODE_MAP) {
                        struct on_way inner = { at, at->row, n->key, NULL, n->key, NULL };
                        const struct node none = { .kind = NODE_MAP };

                        r = walk_record(w, &inner, was ? was : &none, n);
                } else if (n->kind != NODE_LIST) {
                        r = !was || !same_tree(was, n) ? give(w, at, n, given) : 0;
                } else if (is_settings(at) ? !was || !same_tree(was, n) : was && !one_by_one(was, n)) {
                        r = give(w, at, n, given);
                } else {
                        r = walk_list(w, at, was, n);
                }
        }
        for (const struct node *n = b->first; r == 0 && n; n = n->next) {
                const struct node no = { .kind = NODE_PLAIN, .key = n->key, .text = "false" };

                if (tree_find(a, n->key) || is_own_key(n))
                        continue;
                if (n->kind == NODE_LIST && !is_settings(at))
                        r = walk_list(w, at, n, NULL);
                else
                        r = is_true(n) ? give(w, at, &no, given) : err_key(w->e, ERR_INPUT, "rules.draft.key", "", at->where, n->key, (char *)NULL);
        }
        return r;
}

static int walk_record(struct writer *w, struct on_way *at, const struct node *b, const struct node *a)
{
        bool is_pack = at->row->kind == KIND_PACK && !at->outer;
        size_t given = 0;
        int r = walk_keys(w, at, b, a, &given);

        if (r < 0 || !given)
                return r;
        if (!*at->where && !is_pack)      /* a file that is no record: nothing can speak of its own keys, or give its lists whole */
                return err_key(w->e, ERR_INPUT, "rules.draft.order", "", at->row->name, (char *)NULL);
        return say(w, (struct said){ OVERLAY_REPLACE, is_pack ? "pack" : at->where, NULL, at->own });
}

static int walk_file(struct writer *w, const struct schema_file *row, struct str id, const struct node *b, const struct node *a)
{
        const char *name = arena_copy(w->a, id.p, id.n);
        struct on_way at = { .row = row, .id = name, .where = "" };
        const struct node none = { .kind = NODE_MAP };

        if (row->is_folder)
                at.where = name ? arena_printf(w->a, "%.*s.%s", (int)strlen(row->name) - 1, row->name, name) : NULL;
        if (!name || !at.where)
                return no_memory(w);
        if (!row->is_folder || (a && b))
                return walk_record(w, &at, b ? b : &none, a ? a : &none);
        if (!a)
                return say(w, (struct said){ OVERLAY_REMOVE, at.where, NULL, NULL });
        at.own = own_of(w, &at);
        for (const struct node *n = a->first; at.own && n; n = n->next)
                if (!is_own_key(n) && !copy_under(w, n, at.own))
                        return no_memory(w);
        return at.own ? say(w, (struct said){ OVERLAY_ADD, at.where, NULL, at.own }) : no_memory(w);
}

static int walk_files(struct writer *w, const struct sources *below, const struct sources *after)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < after->n; i++) {
                const struct source *was = sources_find(below, after->list[i].file.name);

                if (after->list[i].row)
                        r = walk_file(w, after->list[i].row, after->list[i].id, was ? was->tree : NULL, after->list[i].tree);
        }
        for (size_t i = 0; r == 0 && i < below->n; i++)
                if (below->list[i].row && !sources_find(after, below->list[i].file.name))
                        r = walk_file(w, below->list[i].row, below->list[i].id, below->list[i].tree, NULL);
        return r;
}

/* ---- words ---- */

static const char *word_in(const struct sources *s, int lang, const char *key)
{
        const struct source *file = sources_find(s, texts_files[lang]);
        const struct node *n = file ? tree_find(file->tree, key) : NULL;

        return n && n->text ? n->text : "";
}

static bool is_other_word(const struct sources *below, const struct sources *after, const char *key)
{
        for (int lang = 0; lang < LANG_COUNT; lang++)
                if (strcmp(word_in(below, lang, key), word_in(after, lang, key)) != 0)
                        return true;
        return false;
}

/* A word that is otherwise in one language stands in both files. */
static int walk_words(struct writer *w, const struct sources *below, const struct sources *after)
{
        const struct source *ja = sources_find(after, texts_files[LANG_JA]);
        struct node *to[LANG_COUNT] = { NULL };

        for (const struct node *n = ja ? ja->tree->first : NULL; n; n = n->next) {
                if (is_own_key(n) || !is_other_word(below, after, n->key))
                        continue;
                for (int lang = 0; lang < LANG_COUNT; lang++) {
                        struct node *word = node_new(w, NODE_TEXT, n->key, word_in(after, lang, n->key));

                        if (!to[lang])
                                to[lang] = file_new(w, texts_files[lang], NULL);
                        if (!word || !to[lang])
                                return no_memory(w);
                        tree_insert(to[lang], word, NULL);
                }
        }
        return 0;
}

/* ---- reasons ---- */

/* The overlay before, to be asked what it said of a place. */
static int read_was(struct sources *out, const struct draft_files *was, struct arena *a)
{
        *out = (struct sources){ arena_array(a, was->n + 1, sizeof(*out->list)), 0 };
        if (!out->list)
                return ERR_NOMEM;
        for (size_t i = 0; i < was->n; i++) {
                struct source *s = &out->list[out->n];
                struct mistakes none = { 0 };
                uint32_t budget = TREE_NODES_MAX;

                *s = (struct source){ .file = was->files[i], .shown = was->files[i].name };
                for (const struct schema_file *row = schema_files; row < schema_files + schema_files_count; row++) {
                        size_t n = strlen(row->name), all = strlen(s->file.name);

                        if (row->is_folder ? strncmp(s->file.name, row->name, n) == 0 && all > n + 5 : strcmp(s->file.name, row->name) == 0)
                                s->row = row;
                        if (s->row == row && row->is_folder)
                                s->id = (struct str){ s->file.name + n, all - n - 5 };
                }
                if (tree_read(&s->tree, s->shown, s->file.bytes, &budget, a, &none) < 0)
                        return ERR_NOMEM;
                out->n += s->tree != NULL;
        }
        sources_sort(out);
        return 0;
}

/* Was the place so before the edit, too? */
static bool is_as_before(const struct said *s, const struct pack *prior)
{
        struct found found;
        struct spot spot;

        if (!spot_parse(&spot, s->where))
                return false;
        spot_find(&found, &spot, prior->sources, NULL);
        if (!s->record || !found.record)
                return !s->record && !found.record;
        if (s->act == OVERLAY_ADD)
                return same_tree(s->record, found.record);
        for (const struct node *n = s->record->first; n; n = n->next) {
                const struct node *was = child(found.record, n->key);

                if (!n->used && !is_own_key(n) && !(was ? same_tree(was, n) : is_false(n)))
                        return false;
        }
        return true;
}

static const struct node *old_change(const struct sources *was, const char *where)
{
        const struct source *s = sources_find(was, OVERLAY_FILE);
        const struct node *list = s ? tree_find(s->tree, "changes") : NULL;

        for (const struct node *n = list ? list->first : NULL; n; n = n->next) {
                const struct node *at = tree_find(n, "where");

                if (at && at->text && strcmp(at->text, where) == 0)
                        return n;
        }
        return NULL;
}

/* The innermost change that spoke of what this place stands in. */
static const struct node *change_around(const struct sources *was, const char *where)
{
        const struct source *s = sources_find(was, OVERLAY_FILE);
        const struct node *list = s ? tree_find(s->tree, "changes") : NULL, *best = NULL;
        struct spot spot, outer;
        size_t depth = 0;

        for (const struct node *n = list && spot_parse(&spot, where) ? list->first : NULL; n; n = n->next) {
                const struct node *at = tree_find(n, "where");

                if (at && at->text && spot_parse(&outer, at->text) && spot_within(&spot, &outer) && (!best || outer.depth > depth)) {
                        best = n;
                        depth = outer.depth;
                }
        }
        return best;
}

static const char *text_of(const struct node *map, const char *key)
{
        const struct node *n = map ? tree_find(map, key) : NULL;

        return n && n->text ? n->text : "";
}

/* As one line, cut at a character when it is long: the entries of the journal keep what was said before. */
static const char *reason_of(struct writer *w, const struct said *s, const struct sources *was)
{
        const struct node *old = old_change(was, s->where);
        const char *before = text_of(old ? old : change_around(was, s->where), "reason"), *reason = w->reason;
        char *text;
        size_t n;

        if (*before && w->prior && is_as_before(s, w->prior))
                return before;
        before = text_of(old, "reason");
        text = *before && strcmp(before, reason) != 0 ? arena_printf(w->a, "%s／%s", reason, before) : arena_text(w->a, reason);
        if (!text)
                return NULL;
        for (char *p = text; *p; p++)
                if ((unsigned char)*p < ' ')
                        *p = ' ';
        n = strlen(text);
        if (n > REASON_BYTES) {
                n = REASON_BYTES;
                while (n && ((unsigned char)text[n] & 0xc0) == 0x80)
                        n--;
                text[n] = 0;
        }
        return text;
}

static bool id_taken(const struct sources *was, const char *id)
{
        const struct source *s = sources_find(was, OVERLAY_FILE);
        const struct node *list = s ? tree_find(s->tree, "changes") : NULL;

        return list && tree_item(list, str_of(id));
}

static const char *fresh_id(struct writer *w, const struct sources *was, unsigned *next)
{
        const char *id;

        do
                id = arena_printf(w->a, "edit-%u", ++*next);
        while (id && id_taken(was, id));
        return id;
}

static int put(struct writer *w, struct node *in, enum node_kind kind, const char *key, const char *text)
{
        struct node *n = node_new(w, kind, key, text);

        if (!n || !text)
                return no_memory(w);
        tree_insert(in, n, NULL);
        return 0;
}

static int write_change(struct writer *w, struct node *list, const struct said *s, const struct sources *was, unsigned *next)
{
        static const char *const acts[] = { [OVERLAY_ADD] = "add", [OVERLAY_REPLACE] = "replace", [OVERLAY_REMOVE] = "remove" };
        const struct node *old = old_change(was, s->where);
        struct node *change = node_new(w, NODE_MAP, NULL, NULL);
        int r = change ? put(w, change, NODE_PLAIN, "id", old ? text_of(old, "id") : fresh_id(w, was, next)) : no_memory(w);

        if (r == 0)
                r = put(w, change, NODE_PLAIN, "act", acts[s->act]);
        if (r == 0)
                r = put(w, change, NODE_PLAIN, "where", s->where);
        if (r == 0 && s->before)
                r = put(w, change, NODE_PLAIN, "before", s->before);
        if (r == 0)
                r = put(w, change, NODE_TEXT, "reason", reason_of(w, s, was));
        if (r == 0)
                tree_insert(list, change, NULL);
        return r;
}

/* ---- the files ---- */

/* What the overlay says of itself comes first, then its changes, then the records that stand in pack.yaml otherwise. */
static int write_head(struct writer *w, struct node *tree, const struct draft_head *head, const struct sources *was)
{
        struct node *records = tree->first->next, *changes = node_new(w, NODE_LIST, "changes", NULL);
        unsigned next = 0;
        int r = changes ? 0 : no_memory(w);

        tree->first->next = NULL;
        tree->last = tree->first;
        if (r == 0)
                r = put(w, tree, NODE_PLAIN, "id", head->id);
        if (r == 0)
                r = put(w, tree, NODE_PLAIN, "version", arena_printf(w->a, "%u", head->version));
        if (r == 0)
                r = put(w, tree, NODE_PLAIN, "base", head->base);
        for (size_t i = 0; r == 0 && i < w->said_count; i++)
                r = write_change(w, changes, &w->said[i], was, &next);
        if (r == 0 && w->said_count)
                tree_insert(tree, changes, NULL);
        for (struct node *n = records, *then; r == 0 && n; n = then) {
                then = n->next;
                tree_insert(tree, n, NULL);
        }
        return r;
}

int draft_write(struct draft_files *out, const struct draft_head *head, const struct pack *below, const struct pack *after, const struct pack *prior,
                const struct draft_files *was, struct arena *a, struct err *e)
{
        struct writer *w = arena_new(a, struct writer);
        struct sources before;
        struct node *tree;
        int r = w ? 0 : err_set(e, ERR_NOMEM, "no memory for a draft");

        if (r < 0)
                return r;
        *w = (struct writer){ .a = a, .out = out, .prior = prior, .reason = head->reason, .e = e };
        if (read_was(&before, was, a) < 0)
                return no_memory(w);
        tree = file_new(w, OVERLAY_FILE, NULL);
        r = tree ? walk_files(w, below->sources, after->sources) : no_memory(w);
        if (r == 0)
                r = walk_words(w, below->sources, after->sources);
        if (r == 0)
                r = write_head(w, tree, head, &before);
        out->n = 0;
        for (size_t i = 0; r == 0 && i < w->files_count; i++) {
                out->files[i].name = w->files[i].name;
                r = flatten_tree(&out->files[i].bytes, w->files[i].tree, a) < 0 ? no_memory(w) : 0;
                out->n++;
        }
        return r;
}

/* ---- did it come to what was meant? ---- */

static int same_words(const struct source *made, const struct source *meant, struct err *e)
{
        for (const struct node *n = made->tree->first; n; n = n->next) {
                const struct node *want = meant ? tree_find(meant->tree, n->key) : NULL;

                if (n->used && (!want || !same_tree(n, want)))
                        return err_key(e, ERR_INPUT, "rules.draft.word", "", n->key, (char *)NULL);
        }
        return 0;
}

int draft_same(const struct pack *made, const struct pack *meant, struct arena *a, struct err *e)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < made->sources->n; i++) {
                const struct source *x = &made->sources->list[i], *y = sources_find(meant->sources, x->file.name);

                if (!x->row)
                        r = same_words(x, y, e);
                else if (!y || !same_tree(x->tree, y->tree))
                        r = err_key(e, ERR_INPUT, "rules.draft.same", "", x->file.name, (char *)NULL);
        }
        return r == 0 && made->sources->n != meant->sources->n ? err_key(e, ERR_INPUT, "rules.draft.same", "", "", (char *)NULL) : r;
}
