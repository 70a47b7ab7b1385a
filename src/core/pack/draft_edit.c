/* draft_edit.c - see draft.h: one edit in the trees of a pack. */
#include "core/pack/draft.h"
#include "core/pack/sheet_source.h"
#include "core/pack/spot.h"

static int refuse(struct err *e, const char *key, const char *where, const char *what)
{
        return err_key(e, ERR_INPUT, key, "", where, what, (char *)NULL);
}

static int no_memory(struct err *e)
{
        return err_set(e, ERR_NOMEM, "no memory for an edit");
}

/* The kind of a place's record, and what stands in front of its words. */
static const struct schema *kind_of(enum schema_kind *kind, const char **prefix, const struct spot *s, struct arena *a)
{
        const struct schema *schema = schema_of(*kind = s->row->kind);
        const char *outer = "";

        if (s->row->is_folder || !s->depth)
                outer = sheet_prefix(a, "", schema, s->row->is_folder ? arena_copy(a, s->id.p, s->id.n) : "");
        if (s->record)
                schema = schema_of(*kind = schema_key_of(*kind, s->record)->refers);
        for (size_t i = 0; outer && i < s->depth; i++) {
                const char *id = arena_copy(a, s->steps[i].id.p, s->steps[i].id.n);

                schema = schema_of(*kind = schema_key_of(*kind, s->steps[i].list)->refers);
                outer = id ? sheet_prefix(a, outer, schema, id) : NULL;
        }
        *prefix = outer;
        return schema;
}

int draft_find(struct draft_record *out, const struct pack *p, const char *where, struct arena *a, struct err *e)
{
        struct draft_record d = { .schema = NULL };
        struct found found;
        struct spot s;

        if (!spot_parse(&s, where))
                return refuse(e, "rules.draft.where", where, "");
        spot_find(&found, &s, p->sources, NULL);
        if (!found.record)
                return err_key(e, ERR_ABSENT, "rules.draft.absent", "", where, (char *)NULL);
        d.schema = kind_of(&d.kind, &d.prefix, &s, a);
        d.node = found.record;
        if (!d.prefix)
                return no_memory(e);
        *out = d;
        return 0;
}

/* ---- nodes ---- */

static struct node *node_new(struct arena *a, enum node_kind kind, const char *key, const char *text)
{
        struct node *n = arena_new(a, struct node);

        if (n)
                *n = (struct node){ .kind = kind, .file = "", .key = key ? arena_text(a, key) : NULL, .text = text ? arena_text(a, text) : NULL, .used = true };
        return n && (!key || n->key) && (!text || n->text) ? n : NULL;
}

/* A list that only names things: ids with blanks between. */
static struct node *links_new(struct arena *a, const char *key, const char *ids)
{
        struct node *list = node_new(a, NODE_LIST, key, NULL);

        for (const char *p = ids + strspn(ids, " \n"); list && *p; p += strspn(p, " \n")) {
                size_t n = strcspn(p, " \n");
                struct node *record = node_new(a, NODE_MAP, NULL, NULL), *id = node_new(a, NODE_PLAIN, "id", arena_copy(a, p, n));

                if (!record || !id || tree_put(record, &id, 1, a) < 0)
                        return NULL;
                tree_insert(list, record, NULL);
                p += n;
        }
        return list;
}

static int put_value(struct node *record, const struct schema_key *k, const char *text, struct arena *a)
{
        struct node *old = tree_find(record, k->name), *n;

        if (!*text) {
                if (old)
                        tree_drop(record, old);
                return 0;
        }
        n = plan_is_links(k) ? links_new(a, k->name, text) : node_new(a, plan_is_quoted(k) ? NODE_TEXT : NODE_PLAIN, k->name, text);
        return n ? tree_put(record, &n, 1, a) : ERR_NOMEM;
}

static int put_values(struct node *record, const struct schema *s, const struct draft_edit *edit, struct arena *a, struct err *e)
{
        for (size_t i = 0; i < edit->values_count; i++) {
                const struct schema_key *k = sheet_key(s, edit->values[i].key);

                if (!k || !(plan_is_value(k) || plan_is_links(k)))
                        return refuse(e, "rules.draft.unknown", edit->where, edit->values[i].key);
                if (put_value(record, k, edit->values[i].text, a) < 0)
                        return no_memory(e);
        }
        return 0;
}

/* ---- words ---- */

static bool is_word_of(const struct schema *s, const char *name)
{
        for (size_t i = 0; i < s->texts_count; i++)
                if (strcmp(s->texts[i].name, name) == 0)
                        return true;
        return false;
}

static int put_word(struct pack *p, const char *key, const struct draft_word *w)
{
        for (int lang = 0; lang < LANG_COUNT; lang++) {
                struct source *s = sources_find(p->sources, texts_files[lang]);
                const char *text = w->in[lang] && *w->in[lang] ? w->in[lang] : w->in[LANG_JA];      /* not translated yet: Japanese first */
                struct node *old = s ? tree_find(s->tree, key) : NULL, *n;

                if (!s)
                        return ERR_ABSENT;
                if (old && !*text)
                        tree_drop(s->tree, old);
                if (!*text)
                        continue;
                n = node_new(&p->arena, NODE_TEXT, key, text);
                if (!n || tree_put(s->tree, &n, 1, &p->arena) < 0)
                        return ERR_NOMEM;
        }
        return 0;
}

static int put_words(struct pack *p, const struct schema *s, const char *prefix, const struct draft_edit *edit, struct err *e)
{
        for (size_t i = 0; i < edit->words_count; i++) {
                const char *key = arena_printf(&p->arena, "%s.%s", prefix, edit->words[i].name);

                if (!is_word_of(s, edit->words[i].name))
                        return refuse(e, "rules.draft.unknown", edit->where, edit->words[i].name);
                if (!key || put_word(p, key, &edit->words[i]) < 0)
                        return no_memory(e);
        }
        return 0;
}

/* What people read of a record that goes, with what stood in it. */
static void drop_words(struct pack *p, const char *prefix)
{
        size_t n = strlen(prefix);

        for (int lang = 0; lang < LANG_COUNT; lang++) {
                struct source *s = sources_find(p->sources, texts_files[lang]);

                for (struct node *word = s ? s->tree->first : NULL, *next; word; word = next) {
                        next = word->next;
                        if (strncmp(word->key, prefix, n) == 0 && word->key[n] == '.')
                                tree_drop(s->tree, word);
                }
        }
}

/* ---- records ---- */

/* A list of the record that holds it; made when there is none yet. */
static struct node *list_of(struct node *holder, const char *name, struct arena *a)
{
        struct node *list = tree_find(holder, name);

        if (list)
                return list;
        list = node_new(a, NODE_LIST, name, NULL);
        return list && tree_put(holder, &list, 1, a) == 0 ? tree_find(holder, name) : NULL;
}

static int add(struct pack *p, const struct spot *s, const struct found *f, const struct schema *schema, const char *prefix, const struct draft_edit *edit, struct err *e)
{
        struct arena *a = &p->arena;
        struct node *record, *id, *list, *before = NULL;
        struct str name;
        int r;

        if (f->record)
                return refuse(e, "rules.draft.exists", edit->where, "");
        if (!s->depth || !f->holder)
                return refuse(e, "rules.draft.where", edit->where, "");
        name = s->steps[s->depth - 1].id;
        record = node_new(a, NODE_MAP, NULL, NULL);
        id = node_new(a, NODE_PLAIN, "id", arena_copy(a, name.p, name.n));
        list = list_of(f->holder, s->steps[s->depth - 1].list, a);
        if (!record || !id || !list || tree_put(record, &id, 1, a) < 0)
                return no_memory(e);
        if (edit->before && !(before = tree_item(list, str_of(edit->before))))
                return refuse(e, "rules.draft.absent", edit->before, "");
        r = put_values(record, schema, edit, a, e);
        if (r < 0)
                return r;
        tree_insert(list, record, before);
        return put_words(p, schema, prefix, edit, e);
}

static int take_away(struct pack *p, const struct spot *s, const struct found *f, const char *prefix, const struct draft_edit *edit, struct err *e)
{
        if (!s->depth)
                return refuse(e, "rules.draft.where", edit->where, "");
        tree_drop(f->list, f->record);
        if (!f->list->count)
                tree_drop(f->holder, f->list);
        drop_words(p, prefix);
        return 0;
}

int draft_edit(struct pack *p, const struct draft_edit *edit, struct err *e)
{
        const struct schema *schema;
        enum schema_kind kind;
        const char *prefix;
        struct found f;
        struct spot s;
        int r;

        if (!spot_parse(&s, edit->where))
                return refuse(e, "rules.draft.where", edit->where, "");
        spot_find(&f, &s, p->sources, NULL);
        schema = kind_of(&kind, &prefix, &s, &p->arena);
        if (!prefix)
                return no_memory(e);
        if (edit->act == DRAFT_ADD)
                return add(p, &s, &f, schema, prefix, edit, e);
        if (!f.record)
                return err_key(e, ERR_ABSENT, "rules.draft.absent", "", edit->where, (char *)NULL);
        if (edit->act == DRAFT_REMOVE)
                return take_away(p, &s, &f, prefix, edit, e);
        r = put_values(f.record, schema, edit, &p->arena, e);
        return r < 0 ? r : put_words(p, schema, prefix, edit, e);
}
