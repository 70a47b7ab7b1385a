/* sheet_out.c - sheet_from_pack(): see sheet.h. */
#include "core/pack/sheet.h"

#include "core/pack/sheet_source.h"

struct shower {
        const struct plan   *plan;
        struct sheet_source *source;
        struct grid         *grid;
        struct grid_sheet   *sheet;
        const char          *path[PLAN_DEPTH_MAX];      /* ids, from the outermost record */
        const struct schema *at[PLAN_DEPTH_MAX];
        size_t               depth;
};

static void put(struct shower *w, struct grid_row *row, const struct plan_column *c, const char *text)
{
        if (c && text)
                row->cells[c - w->plan->columns] = text;
}

/* "S8.2-R2.2.a S8.2-R2.2.i" */
static const char *links_text(struct arena *a, const struct node *list)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        for (const struct node *item = list->first; item; item = item->next) {
                const struct node *id = item->kind == NODE_MAP ? tree_find(item, "id") : NULL;

                buf_printf(&b, "%s%s", item == list->first ? "" : " ", id && id->text ? id->text : "");
        }
        return buf_bad(&b) ? NULL : arena_copy(a, b.p, b.n);
}

static int show_row(struct shower *w, const struct schema *s, const struct node *map, const char *prefix)
{
        struct grid_row *row = grid_add_row(w->grid, w->sheet);

        if (!row)
                return w->sheet->rows_count == GRID_ROWS_MAX ? ERR_TOO_BIG : ERR_NOMEM;
        for (size_t i = 0; i < w->depth; i++)
                put(w, row, plan_find(w->plan, PLAN_LEVEL, w->at[i]->word, LANG_JA), w->path[i]);
        for (const struct schema_key *k = s->keys; k < s->keys + s->keys_count; k++) {
                const struct node *n = plan_is_value(k) || plan_is_links(k) ? tree_find(map, k->name) : NULL;

                if (n)
                        put(w, row, plan_find(w->plan, PLAN_KEY, k->name, LANG_JA), n->kind == NODE_LIST ? links_text(&w->grid->arena, n) : n->text);
        }
        for (const struct schema_text *t = s->texts; t < s->texts + s->texts_count; t++)
                for (int lang = 0; lang < LANG_COUNT; lang++) {
                        const char *key = arena_printf(&w->grid->arena, "%s.%s", prefix, t->name);
                        const struct node *n = key ? tree_find(w->source->texts[lang].tree, key) : NULL;

                        if (n)
                                put(w, row, plan_find(w->plan, PLAN_TEXT, t->name, (enum lang)lang), n->text);
                }
        return 0;
}

static int show_record(struct shower *w, const struct schema *s, const struct node *map, const char *outer)
{
        const struct node *id = map->kind == NODE_MAP ? tree_find(map, "id") : NULL;
        const char *prefix = id && id->text ? sheet_prefix(&w->grid->arena, outer, s, id->text) : NULL;
        int r;

        if (!prefix || w->depth == PLAN_DEPTH_MAX)
                return id ? ERR_NOMEM : ERR_INPUT;
        w->path[w->depth] = id->text;
        w->at[w->depth++] = s;
        r = show_row(w, s, map, prefix);
        for (const struct schema_key *k = s->keys; r == 0 && k < s->keys + s->keys_count; k++) {
                const struct node *list = plan_is_level(k) ? tree_find(map, k->name) : NULL;

                for (const struct node *item = list ? list->first : NULL; r == 0 && item; item = item->next)
                        r = show_record(w, schema_of(k->refers), item, prefix);
        }
        w->depth--;
        return r;
}

static int show_words(struct shower *w)
{
        int r = 0;

        for (const struct node *n = w->source->texts[LANG_JA].tree->first; r == 0 && n; n = n->next) {
                const struct node *en = tree_find(w->source->texts[LANG_EN].tree, n->key);
                struct grid_row *row = n->kind == NODE_TEXT ? grid_add_row(w->grid, w->sheet) : NULL;

                if (n->kind != NODE_TEXT)      /* the first line */
                        continue;
                if (!row)
                        return ERR_NOMEM;
                row->cells[0] = n->key;
                row->cells[1] = n->text;
                row->cells[2] = en ? en->text : "";
        }
        return r;
}

static int show(struct shower *w)
{
        int r = 0;

        w->sheet->columns = arena_array(&w->grid->arena, w->plan->n, sizeof(*w->sheet->columns));
        if (!w->sheet->columns)
                return ERR_NOMEM;
        w->sheet->columns_count = w->plan->n;
        for (size_t i = 0; i < w->plan->n; i++)
                w->sheet->columns[i] = w->plan->columns[i].column;
        if (!w->plan->file)
                return show_words(w);
        for (size_t i = 0; r == 0 && i < w->source->n; i++)
                r = show_record(w, schema_of(w->plan->file->kind), w->source->files[i].tree, "");
        return r;
}

/* The trees die with the grid: their texts are its cells. The files' bytes are not referred to. */
int sheet_from_pack(struct grid *out, const char *name, const struct pack_file *files, size_t n, struct err *e)
{
        scoped(grid_done) struct grid g = GRID_INIT;
        struct plan *plan = arena_new(&g.arena, struct plan);
        struct sheet_source source;
        struct shower w = { .plan = plan, .source = &source, .grid = &g, .sheet = g.sheets };
        int r = plan ? plan_make(plan, name, &g.arena, e) : err_set(e, ERR_NOMEM, "no memory for a sheet");

        if (r == 0)
                r = sheet_source_read(&source, plan, files, n, &g.arena, e);
        if (r < 0)
                return r;
        g.n = 1;
        g.sheets[0].name = plan->name;
        r = show(&w);
        if (r == 0 && g.arena.refused)
                r = ERR_NOMEM;
        if (r < 0)
                return err_set(e, r, "the sheet %s of the pack cannot be made", name);
        *out = g;
        g = GRID_INIT;
        return 0;
}
