/* sheet_write.c - records wanted to the lines of their files: what is as it was, stands as it stood. */
#include "core/pack/sheet_want.h"

struct writer { struct taker *t; struct written *w; const struct lines *old; };

static const struct origin NOWHERE = { NO_ROW, 0 };

static const char *cell_of(const struct writer *w, const struct want *want, const struct schema_key *k, struct origin *from)
{
        size_t c = taker_column(w->t, PLAN_KEY, k->name, LANG_JA);

        *from = (struct origin){ want->from.row, (uint32_t)c };
        return want->cells[c];
}

/* The content at a node's line with what stands above it. */
static void keep(struct writer *w, const struct node *n, struct origin from)
{
        write_span(w->w, w->old, lines_above(w->old, n->line), from);
        write_span(w->w, w->old, lines_own(w->old, n->line), from);
}

static void keep_whole(struct writer *w, const struct node *n, struct origin from)
{
        const struct node *last = n;

        while (last->last)
                last = last->last;
        write_span(w->w, w->old, (struct span){ lines_above(w->old, n->line).first, lines_own(w->old, last->line).until }, from);
}

static const char *spaces(char to[32], unsigned n)
{
        memset(to, ' ', 31);
        to[n < 31 ? n : 31] = 0;
        return to;
}

/* ---- values ---- */

static void write_value(struct writer *w, const struct want *want, const struct schema_key *k, const struct node *old, unsigned indent)
{
        struct origin from;
        const char *cell = cell_of(w, want, k, &from);
        char head[32];

        if (!*cell)
                return;
        if (old && old->text && strcmp(old->text, cell) == 0) {
                keep(w, old, from);
                return;
        }
        if (old)
                write_span(w->w, w->old, lines_above(w->old, old->line), from);
        if (plan_is_quoted(k))
                write_text(w->w, from, spaces(head, indent), k->name, cell);
        else
                write_line(w->w, from, "%s%s: %s", spaces(head, indent), k->name, cell);
}

/* ---- lists ---- */

static const struct node *item_find(const struct node *list, const char *id, size_t n)
{
        for (const struct node *item = list ? list->first : NULL; item; item = item->next) {
                const struct node *own = tree_find(item, "id");

                if (own && own->text && str_eq(str_of(own->text), (struct str){ id, n }))
                        return item;
        }
        return NULL;
}

static void write_list_key(struct writer *w, const struct schema_key *k, const struct node *old, unsigned indent, struct origin from)
{
        char head[32];

        if (old) {
                keep(w, old, from);
                return;
        }
        if (!indent)
                write_line(w->w, from, "%s", "");
        write_line(w->w, from, "%s%s:", spaces(head, indent), k->name);
}

static void write_links(struct writer *w, const struct want *want, const struct schema_key *k, const struct node *old, unsigned indent)
{
        struct origin from;
        const char *p = cell_of(w, want, k, &from) + strspn(cell_of(w, want, k, &from), " \n");
        char head[32];

        if (!*p)
                return;
        write_list_key(w, k, old, indent, from);
        while (*p) {
                size_t n = strcspn(p, " \n");
                const struct node *item = item_find(old, p, n);

                if (item)
                        keep_whole(w, item, from);
                else
                        write_line(w->w, from, "%s- id: %.*s", spaces(head, indent + 2), (int)n, p);
                p += n;
                p += strspn(p, " \n");
        }
}

static void write_record(struct writer *w, const struct want *want, const struct node *old, unsigned indent);

static void write_level(struct writer *w, const struct want *want, const struct schema_key *k, const struct node *old, unsigned indent)
{
        bool said = false;

        for (const struct want *inner = want->first; inner; inner = inner->next) {
                if (inner->in != k)
                        continue;
                if (!said)
                        write_list_key(w, k, old, indent, want->from);
                said = true;
                write_record(w, inner, item_find(old, inner->id, strlen(inner->id)), indent + 2);
        }
}

/* ---- records ---- */

static bool is_shown(const struct schema_key *k)
{
        return plan_is_value(k) || plan_is_links(k) || plan_is_level(k);
}

static void write_key(struct writer *w, const struct want *want, const struct schema_key *k, const struct node *old, unsigned indent)
{
        if (plan_is_value(k))
                write_value(w, want, k, old, indent);
        else if (plan_is_links(k))
                write_links(w, want, k, old, indent);
        else
                write_level(w, want, k, old, indent);
}

/* Behind which of the old keys a new one is put: the one that comes before it in the schema. */
static const struct node *anchor_of(const struct schema *s, const struct node *old, const struct schema_key *new)
{
        const struct node *at = old->first;

        for (const struct schema_key *k = s->keys; k < new; k++) {
                const struct node *n = tree_find(old, k->name);

                at = n ? n : at;
        }
        return at;
}

static void write_changed(struct writer *w, const struct want *want, const struct node *old, unsigned indent)
{
        const struct schema *s = want->schema;

        for (const struct node *n = old->first; n; n = n->next) {
                const struct schema_key *known = sheet_key(s, n->key);

                if (known && is_shown(known))
                        write_key(w, want, known, n, indent);
                else
                        keep_whole(w, n, want->from);
                for (const struct schema_key *k = s->keys; k < s->keys + s->keys_count; k++)
                        if (is_shown(k) && !tree_find(old, k->name) && anchor_of(s, old, k) == n)
                                write_key(w, want, k, NULL, indent);
        }
}

static void write_new(struct writer *w, const struct want *want, unsigned indent)
{
        for (const struct schema_key *k = want->schema->keys; k < want->schema->keys + want->schema->keys_count; k++)
                if (is_shown(k))
                        write_key(w, want, k, NULL, indent);
}

/* A record of a list: its keys stand two further in than its hyphen. */
static void write_record(struct writer *w, const struct want *want, const struct node *old, unsigned indent)
{
        char head[32];

        if (old) {
                write_changed(w, want, old, indent + 2);
                return;
        }
        write_line(w->w, want->from, "%s- id: %s", spaces(head, indent), want->id);
        write_new(w, want, indent + 2);
}

static void write_file(struct writer *w, const struct want *want, const struct source_file *old)
{
        if (old) {
                w->old = &old->lines;
                write_changed(w, want, old->tree, 0);
                write_span(w->w, w->old, lines_tail(w->old), NOWHERE);
                written_end(w->w, old->file->bytes);
                return;
        }
        write_line(w->w, NOWHERE, "sekisho-pack: 1");
        write_line(w->w, NOWHERE, "%s", "");
        write_line(w->w, want->from, "id: %s", want->id);
        write_new(w, want, 0);
}

int write_records(struct taker *t)
{
        for (const struct want *want = t->top.first; want; want = want->next) {
                const struct source_file *old = NULL;
                struct writer w = { .t = t, .w = &t->written[t->n] };

                if (t->n + LANG_COUNT >= PACK_FILES_MAX)
                        return ERR_TOO_BIG;
                for (size_t i = 0; i < t->source->n; i++)
                        if (strcmp(t->source->files[i].id, want->id) == 0)
                                old = &t->source->files[i];
                w.w->name = arena_printf(t->arena, "%s%s.yaml", t->plan->file->name, want->id);
                if (!w.w->name)
                        return ERR_NOMEM;
                t->n++;
                write_file(&w, want, old);
        }
        return 0;
}
