/* sheet_words.c - the words of a sheet to texts/ja.yaml and texts/en.yaml. */
#include "core/pack/sheet_want.h"

#include <stdlib.h>

static const struct origin NOWHERE = { NO_ROW, 0 };

int words_add(struct words *to, struct arena *a, struct word w)
{
        if (to->n == to->room) {
                size_t room = to->room ? 2 * to->room : 256;
                struct word *grown = arena_array(a, room, sizeof(*grown));

                if (!grown)
                        return ERR_NOMEM;
                if (to->n)
                        memcpy(grown, to->w, to->n * sizeof(*grown));
                to->w = grown;
                to->room = room;
        }
        to->w[to->n++] = w;
        return 0;
}

static int by_key(const void *a, const void *b)
{
        const struct word *x = a, *y = b;
        int r = strcmp(x->key, y->key);

        return r ? r : (x->from.row > y->from.row) - (x->from.row < y->from.row);
}

static void words_sort(struct words *w)
{
        if (w->n)
                qsort(w->w, w->n, sizeof(*w->w), by_key);
}

/* First of those that are not before `key`. */
static size_t lower(const struct words *w, const char *key)
{
        size_t low = 0, high = w->n;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (strcmp(w->w[middle].key, key) < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

static const struct word *words_find(const struct words *w, const char *key)
{
        size_t i = lower(w, key);

        return i < w->n && strcmp(w->w[i].key, key) == 0 ? &w->w[i] : NULL;
}

/* ---- from rows of records ---- */

static int wanted_of(struct taker *t, const struct want *want)
{
        int r = 0;

        for (const struct schema_text *x = want->schema->texts; x < want->schema->texts + want->schema->texts_count; x++)
                for (int lang = 0; r == 0 && lang < LANG_COUNT; lang++) {
                        size_t c = taker_column(t, PLAN_TEXT, x->name, (enum lang)lang);
                        struct word w = { arena_printf(t->arena, "%s.%s", want->prefix, x->name), want->cells[c], { want->from.row, (uint32_t)c } };

                        if (!w.key)
                                return ERR_NOMEM;
                        if (*w.text)
                                r = words_add(&t->words[lang], t->arena, w);
                }
        for (const struct want *inner = want->first; r == 0 && inner; inner = inner->next)
                r = wanted_of(t, inner);
        return r;
}

/* Every key that a record of the old files may have words under. */
static int scope_of(struct taker *t, const struct schema *s, const struct node *map, const char *outer)
{
        const struct node *id = map->kind == NODE_MAP ? tree_find(map, "id") : NULL;
        const char *prefix = id && id->text ? sheet_prefix(t->arena, outer, s, id->text) : NULL;
        int r = prefix ? 0 : ERR_NOMEM;

        for (const struct schema_text *x = s->texts; r == 0 && x < s->texts + s->texts_count; x++) {
                struct word w = { arena_printf(t->arena, "%s.%s", prefix, x->name), "", NOWHERE };

                r = w.key ? words_add(&t->scope, t->arena, w) : ERR_NOMEM;
        }
        for (const struct schema_key *k = s->keys; k < s->keys + s->keys_count; k++) {
                const struct node *list = plan_is_level(k) ? tree_find(map, k->name) : NULL;

                for (const struct node *item = list ? list->first : NULL; r == 0 && item; item = item->next)
                        r = scope_of(t, schema_of(k->refers), item, prefix);
        }
        return r;
}

int words_of_wants(struct taker *t)
{
        int r = 0;

        for (const struct want *w = t->top.first; r == 0 && w; w = w->next)
                r = wanted_of(t, w);
        for (size_t i = 0; r == 0 && i < t->source->n; i++)
                r = scope_of(t, schema_of(t->plan->file->kind), t->source->files[i].tree, "");
        words_sort(&t->scope);
        for (int lang = 0; lang < LANG_COUNT; lang++)
                words_sort(&t->words[lang]);
        return r;
}

/* ---- from rows of words ---- */

static void check_twice(struct taker *t)
{
        const struct words *w = &t->words[LANG_JA];
        char cell[GRID_CELL_NAME_MAX];

        for (size_t i = 1; i < w->n; i++)
                if (strcmp(w->w[i - 1].key, w->w[i].key) == 0)
                        taker_fault(t, (struct origin){ w->w[i].from.row, 0 }, "grid.row.twice", w->w[i].key,
                                    grid_cell_name(cell, t->plan->name, w->w[i - 1].from.row + 2, t->at[0]));
}

int words_of_rows(struct taker *t)
{
        int r = 0;

        for (uint32_t i = 0; r == 0 && i < t->sheet->rows_count; i++) {
                const char **cells = t->cells + i * t->plan->n;

                if (!*cells[0] && !*cells[1] && !*cells[2])
                        continue;
                if (!*cells[0]) {
                        taker_fault(t, (struct origin){ i, 0 }, "grid.row.path", "", "");
                        continue;
                }
                for (uint32_t lang = 0; r == 0 && lang < LANG_COUNT; lang++) {
                        if (!*cells[1 + lang])
                                taker_fault(t, (struct origin){ i, 1 + lang }, "grid.cell.empty", cells[0], "");
                        r = words_add(&t->words[lang], t->arena, (struct word){ cells[0], cells[1 + lang], { i, 1 + lang } });
                }
        }
        for (const struct node *n = t->source->texts[LANG_JA].tree->first; r == 0 && n; n = n->next)
                if (n->kind == NODE_TEXT)
                        r = words_add(&t->scope, t->arena, (struct word){ n->key, "", NOWHERE });
        words_sort(&t->scope);
        for (int lang = 0; lang < LANG_COUNT; lang++)
                words_sort(&t->words[lang]);
        check_twice(t);
        return r;
}

/* ---- the file ---- */

struct fresh { const struct word *word; uint32_t line; size_t order; };      /* a key that is new, and behind which line it is put */

static int by_line(const void *a, const void *b)
{
        const struct fresh *x = a, *y = b;

        if (x->line != y->line)
                return x->line < y->line ? -1 : 1;
        if (x->word->from.row != y->word->from.row)
                return x->word->from.row < y->word->from.row ? -1 : 1;
        return (x->word->from.column > y->word->from.column) - (x->word->from.column < y->word->from.column);
}

/* First of the map's sorted keys that is not before the n bytes of `key`. */
static size_t first_from(const struct node *map, const char *key, size_t n)
{
        size_t low = 0, high = map->count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (strncmp(map->sorted[middle]->key, key, n) < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

/* Behind the last of the keys that share the most of its parts; or behind the last of all. */
static uint32_t line_for(const struct node *map, const char *key)
{
        for (size_t n = strlen(key); n; n--) {
                uint32_t line = 0;

                if (key[n - 1] != '.')
                        continue;
                for (size_t i = first_from(map, key, n); i < map->count && strncmp(map->sorted[i]->key, key, n) == 0; i++)
                        line = map->sorted[i]->line > line ? map->sorted[i]->line : line;
                if (line)
                        return line;
        }
        return map->last->line;
}

static int fresh_of(struct fresh **out, size_t *n, struct taker *t, const struct words *words, const struct node *map)
{
        struct fresh *f = arena_array(t->arena, words->n + 1, sizeof(*f));

        if (!f)
                return ERR_NOMEM;
        *n = 0;
        for (const struct word *w = words->w; w < words->w + words->n; w++)
                if (!tree_find(map, w->key))
                        f[(*n)++] = (struct fresh){ .word = w, .line = line_for(map, w->key) };
        if (*n)
                qsort(f, *n, sizeof(*f), by_line);
        *out = f;
        return 0;
}

/* One old key: as it was, with other words, or gone. What is said above it stays, unless it is only blank. */
static void write_old(struct written *w, const struct lines *l, const struct node *n, const struct word *want, bool in_scope)
{
        struct span above = lines_above(l, n->line);

        if (want || !in_scope || lines_comment(l, above))
                write_span(w, l, above, want ? want->from : NOWHERE);
        if (want && strcmp(want->text, n->text) != 0)
                write_text(w, want->from, "", n->key, want->text);
        else if (want || !in_scope)
                write_span(w, l, lines_own(l, n->line), want ? want->from : NOWHERE);
}

int write_words(struct taker *t, enum lang lang)
{
        const struct source_file *old = &t->source->texts[lang];
        struct written *w = &t->written[t->n];
        struct fresh *fresh;
        size_t n, next = 0;
        int r = fresh_of(&fresh, &n, t, &t->words[lang], old->tree);

        if (r < 0)
                return r;
        w->name = old->file->name;
        t->n++;
        for (const struct node *k = old->tree->first; k; k = k->next) {
                bool is_text = k->kind == NODE_TEXT;      /* the first line is not */

                write_old(w, &old->lines, k, is_text ? words_find(&t->words[lang], k->key) : NULL, is_text && words_find(&t->scope, k->key));
                for (; next < n && fresh[next].line == k->line; next++)
                        write_text(w, fresh[next].word->from, "", fresh[next].word->key, fresh[next].word->text);
        }
        write_span(w, &old->lines, lines_tail(&old->lines), NOWHERE);
        written_end(w, old->file->bytes);
        return 0;
}
