/* flatten.c - see flatten.h. */
#include "core/pack/flatten.h"

#include "core/pack/lines.h"
#include "core/pack/source.h"

static const struct origin NOWHERE = { NO_ROW, 0 };

/* `head` stands in front of the first key (the hyphen of a record), `indent` spaces in front of the others. */
static void write_map(struct written *w, const struct node *map, const char *head, unsigned indent)
{
        for (const struct node *n = map->first; n; n = n->next) {
                const char *front = n == map->first ? head : NULL;
                char spaces[64], item[64];

                (void)snprintf(spaces, sizeof(spaces), "%*s", (int)indent, "");
                (void)snprintf(item, sizeof(item), "%*s- ", (int)indent + 2, "");
                front = front ? front : spaces;
                if (n->kind == NODE_TEXT)
                        write_text(w, NOWHERE, front, n->key, n->text);
                else if (n->kind == NODE_PLAIN)
                        write_line(w, NOWHERE, "%s%s: %s", front, n->key, n->text);
                else
                        write_line(w, NOWHERE, "%s%s:", front, n->key);
                if (n->kind == NODE_MAP)
                        write_map(w, n, NULL, indent + 2);
                for (const struct node *record = n->kind == NODE_LIST ? n->first : NULL; record; record = record->next)
                        write_map(w, record, item, indent + 4);
        }
}

/* Words of records that a layer took away lie below and would be a mistake in a pack of one layer. */
static int only_used(struct node *out, const struct node *texts, struct arena *a)
{
        *out = (struct node){ .kind = NODE_MAP };
        for (const struct node *n = texts->first; n; n = n->next) {
                struct node *copy;

                if (!n->used && n != texts->first)      /* the first line says what the file is */
                        continue;
                copy = arena_new(a, struct node);
                if (!copy)
                        return ERR_NOMEM;
                *copy = *n;
                tree_insert(out, copy, NULL);
        }
        return 0;
}

int flatten_tree(struct str *out, const struct node *map, struct arena *a)
{
        struct written w = { .name = "" };

        write_map(&w, map, NULL, 0);
        *out = (struct str){ w.bad || buf_bad(&w.bytes) ? NULL : arena_copy(a, w.bytes.p, w.bytes.n), w.bytes.n };
        written_done(&w);
        return out->p ? 0 : ERR_NOMEM;
}

static int write_file(struct pack_flat *out, const struct source *s, struct arena *a)
{
        struct pack_file *f = &out->files[out->n];
        struct node texts;
        int r = s->row ? 0 : only_used(&texts, s->tree, a);

        f->name = arena_text(a, s->file.name);
        if (r == 0)
                r = flatten_tree(&f->bytes, s->row ? s->tree : &texts, a);
        out->n++;
        return f->name ? r : ERR_NOMEM;
}

int pack_flatten(struct pack_flat *out, const struct pack *p, struct arena *a, struct err *e)
{
        int r = p->sources->n <= PACK_FILES_MAX ? 0 : ERR_TOO_BIG;

        out->n = 0;
        for (const struct source *s = p->sources->list; r == 0 && s < p->sources->list + p->sources->n; s++)
                r = write_file(out, s, a);
        return r < 0 ? err_set(e, r, "the pack %s cannot be written as one layer", p->id) : 0;
}
