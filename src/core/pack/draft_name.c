/* draft_name.c - see draft.h: places and keys in the words of people, and where the proposals stand. */
#include "core/pack/draft.h"
#include "core/pack/sheet_source.h"
#include "core/pack/spot.h"

const char *draft_word(const struct pack *p, const struct draft_record *r, const char *name, enum lang lang, struct arena *a)
{
        const struct source *s = sources_find(p->sources, texts_files[lang]);
        const char *key = arena_printf(a, "%s.%s", r->prefix, name);
        const struct node *n = s && key ? tree_find(s->tree, key) : NULL;

        return n && n->text ? n->text : "";
}

const char *draft_key_text(const char *key, enum lang lang)
{
        static const char *const areas[] = { "pack.key.", "grid.column." };
        char full[ERR_KEY_MAX];

        for (size_t i = 0; i < countof(areas); i++) {
                (void)snprintf(full, sizeof(full), "%s%s", areas[i], key);
                if (text_known(full))
                        return text_get(lang, full);
        }
        return key;
}

/* One record on the way: its kind, and its first words or its id. */
static void record_text(struct buf *out, const struct pack *p, const char *where, size_t n, enum lang lang, struct arena *a)
{
        const char *here = arena_copy(a, where, n), *id = here ? strrchr(here, '.') : NULL, *name = "";
        struct draft_record r;
        char key[ERR_KEY_MAX];

        if (!here || draft_find(&r, p, here, a, NULL) < 0) {
                buf_text(out, here ? here : where);
                return;
        }
        (void)snprintf(key, sizeof(key), "pack.kind.%s", r.schema->word);
        for (size_t i = 0; i < r.schema->texts_count && !*name; i++)
                name = draft_word(p, &r, r.schema->texts[i].name, lang, a);
        buf_text(out, text_known(key) ? text_get(lang, key) : r.schema->word);
        if (*name)
                buf_printf(out, lang == LANG_JA ? "「%s」" : " ‘%s’", name);
        else if (id)
                buf_printf(out, " %s", id + 1);
}

/* Each second point ends a record; an id with points of its own is told whole, as the rest cannot be. */
void draft_place_text(struct buf *out, const struct pack *p, const char *where, enum lang lang, struct arena *a)
{
        struct spot whole, part;
        size_t n = strlen(where);

        if (!spot_parse(&whole, where)) {
                buf_text(out, where);
                return;
        }
        for (size_t i = 1; i <= n; i++) {
                const char *here = where[i] == '.' || !where[i] ? arena_copy(a, where, i) : NULL;

                if (!here || !spot_parse(&part, here) || (i < n && !spot_within(&whole, &part)))
                        continue;
                if (out->n)
                        buf_text(out, " › ");
                record_text(out, p, where, i, lang, a);
        }
}

/* ---- proposals ---- */

struct numbers { const struct pack *pack; draft_number_fn *see; void *ctx; struct arena *arena; bool failed; };

static const struct pack_proposal *number_at(const struct pack *p, const struct node *n)
{
        for (const struct pack_proposal *x = p->proposals; x; x = x->next)
                if (x->line == n->line && strcmp(x->key, n->key) == 0 && strcmp(x->file, n->file) == 0)
                        return x;
        return NULL;
}

static void walk(struct numbers *w, const struct node *map, const char *where)
{
        for (const struct node *n = map->first; n; n = n->next) {
                const struct pack_proposal *x = n->kind == NODE_PLAIN || n->kind == NODE_TEXT ? number_at(w->pack, n) : NULL;

                if (x)
                        w->see(w->ctx, where, x);
                if (n->kind == NODE_MAP)
                        walk(w, n, n->key);      /* settings */
                for (const struct node *item = n->kind == NODE_LIST ? n->first : NULL; item; item = item->next) {
                        const struct node *id = tree_find(item, "id");
                        const char *inner = id && id->text ? arena_printf(w->arena, "%s%s%s.%s", where, *where ? "." : "", n->key, id->text) : NULL;

                        w->failed |= !inner;
                        if (inner)
                                walk(w, item, inner);
                }
        }
}

int draft_numbers(const struct pack *p, draft_number_fn *see, void *ctx, struct arena *a)
{
        struct numbers w = { p, see, ctx, a, false };

        for (const struct source *s = p->sources->list; s < p->sources->list + p->sources->n; s++) {
                const char *where = "";

                if (!s->row || !s->tree)
                        continue;
                if (s->row->is_folder)
                        where = arena_printf(a, "%.*s.%.*s", (int)strlen(s->row->name) - 1, s->row->name, (int)s->id.n, s->id.p);
                w.failed |= !where;
                if (where)
                        walk(&w, s->tree, where);
        }
        return w.failed ? ERR_NOMEM : 0;
}
