/* load.c - see load.h. Fill the pack by the schema's tables, then look whether all of it fits together. */
#include "core/pack/load.h"

#include "core/pack/chars.h"
#include "core/pack/check.h"
#include "core/pack/days_off.h"
#include "core/pack/link.h"
#include "core/pack/loader.h"
#include "core/pack/loosened.h"
#include "core/pack/resolve.h"

static void texts_take(struct loader *l)
{
        for (int lang = 0; lang < LANG_COUNT; lang++) {
                const struct source *s = sources_find(&l->sources, texts_files[lang]);

                if (!s || !s->tree)
                        return;
                l->texts.in[lang] = s->tree;
        }
        l->filler.texts = &l->texts;
        texts_compare(&l->texts, &l->mistakes);
}

static int fill_source(struct loader *l, const struct source *s, void *to)
{
        const struct node *id = tree_find(s->tree, "id");

        l->filler.kind = s->row->kind;
        l->filler.root = to;
        if (s->id.n && id && id->text && !str_is(s->id, id->text))
                mistake(&l->mistakes, "pack.file.name", (struct place){ id->file, id->line }, id->text, s->row->name);
        return fill_record(&l->filler, schema_of(s->row->kind), to, s->tree, "");
}

/* All files of one folder become one list of the pack. */
static int fill_folder(struct loader *l, const struct schema_file *row)
{
        const struct schema *schema = schema_of(row->kind);
        char *list = arena_array(&l->pack->arena, l->sources.n, schema->size), *pack = (char *)l->pack;
        struct place *places = arena_array(&l->pack->arena, l->sources.n, sizeof(*places));
        size_t n = 0;

        if (!list || !places)
                return ERR_NOMEM;

        for (const struct source *s = l->sources.list; s < l->sources.list + l->sources.n; s++)
                if (s->row == row && s->tree) {
                        int r = fill_source(l, s, list + n * schema->size);

                        if (r < 0)
                                return r;
                        places[n++] = loader_top(s->tree->file);
                }
        fill_check_unique(&l->filler, schema, list, places, n);
        *(const void **)(void *)(pack + schema->list) = list;
        *(size_t *)(void *)(pack + schema->count) = n;
        return 0;
}

static int fill_all(struct loader *l)
{
        int r = 0;

        for (const struct schema_file *row = schema_files; r == 0 && row < schema_files + schema_files_count; row++) {
                const struct source *s = row->is_folder ? NULL : sources_find(&l->sources, row->name);

                if (row->is_folder)
                        r = fill_folder(l, row);
                else if (s && s->tree)
                        r = fill_source(l, s, l->pack);
        }
        return r;
}

static int by_first_year(const void *a, const void *b)
{
        int x = ((const struct pack_era *)a)->first_year, y = ((const struct pack_era *)b)->first_year;

        return (x > y) - (x < y);
}

/* The runs of one file: its name with the layer in front, unless there is only one. */
static int hash_file(struct arena *a, struct str **run, const char *layer, const struct source *s)
{
        char *length = arena_printf(a, "%zu", s->file.bytes.n);

        if (!length)
                return ERR_NOMEM;
        if (layer) {
                *(*run)++ = str_of(layer);
                *(*run)++ = STR("/");
        }
        *(*run)++ = str_of(s->file.name);
        *(*run)++ = (struct str){ "", 1 };
        *(*run)++ = str_of(length);
        *(*run)++ = (struct str){ "", 1 };
        *(*run)++ = s->file.bytes;
        return 0;
}

/* Over the files named `only`, or all; layers from..until. */
static int hash_files(struct hash *out, struct loader *l, size_t from, size_t until, const char *only)
{
        struct arena *a = &l->pack->arena;
        struct str *runs, *run;
        size_t n = 0;

        for (size_t i = from; i < until; i++)
                n += l->layers[i].n;
        run = runs = arena_array(a, n * 7, sizeof(*runs));
        if (!runs)
                return ERR_NOMEM;

        for (size_t i = from; i < until; i++)
                for (const struct source *s = l->layers[i].list; s < l->layers[i].list + l->layers[i].n; s++)
                        if ((!only || strcmp(only, s->file.name) == 0) && hash_file(a, &run, until - from > 1 ? l->pack->layers[i].id : NULL, s) < 0)
                                return ERR_NOMEM;
        *out = hash_runs(runs, (size_t)(run - runs));
        return 0;
}

/* A form that stands in one file is that file. */
static int hash_form(struct loader *l, struct pack_form *form, const char *name)
{
        const struct source *own = NULL;
        size_t n = 0;

        for (size_t i = 0; i < l->layers_count; i++) {
                const struct source *s = sources_find(&l->layers[i], name);

                own = s ? s : own;
                n += s != NULL;
        }
        if (!own || n > 1)
                return hash_files(&form->hash, l, 0, l->layers_count, name);
        form->hash = hash_bytes(own->file.bytes);
        return 0;
}

static int layers_name(struct loader *l)
{
        struct pack_layer *layers = arena_array(&l->pack->arena, l->layers_count, sizeof(*layers));
        size_t changes = 0;
        int r = layers ? 0 : ERR_NOMEM;

        for (size_t i = 0; r == 0 && i < l->layers_count; i++) {
                layers[i].id = l->overlays[i].id;
                layers[i].version = l->overlays[i].version;
                r = hash_files(&layers[i].hash, l, i, i + 1, NULL);
                changes += l->overlays[i].changes_count;
        }
        l->pack->layers = layers;
        l->pack->layers_count = l->layers_count;
        l->pack->changes_count = changes;
        return r;
}

static int changes_gather(struct loader *l)
{
        struct pack_change *changes = arena_array(&l->pack->arena, l->pack->changes_count, sizeof(*changes)), *c = changes;

        if (!changes)
                return ERR_NOMEM;

        l->pack->changes = changes;
        for (size_t i = 0; i < l->layers_count; i++)
                for (size_t j = 0; j < l->overlays[i].changes_count; j++, c++) {
                        *c = l->overlays[i].changes[j];
                        c->layer = l->overlays[i].id;
                }
        return 0;
}

/* Nothing is wrong: put in order what the file may hold in any, and hash. */
static int finish(struct loader *l)
{
        union { const struct pack_era *read; struct pack_era *write; } eras = { l->pack->eras };
        union { const struct pack_form *read; struct pack_form *write; } forms = { l->pack->forms };
        struct sources *kept = arena_new(&l->pack->arena, struct sources);
        size_t i = 0;
        int r = kept ? layers_name(l) : ERR_NOMEM;

        if (r == 0) {
                *kept = l->sources;
                l->pack->sources = kept;
                r = changes_gather(l);
        }
        if (r == 0)
                r = days_off_make(l->pack);
        if (r == 0)
                r = hash_files(&l->pack->hash, l, 0, l->layers_count, NULL);
        qsort(eras.write, l->pack->eras_count, sizeof(*eras.write), by_first_year);
        for (const struct source *s = l->sources.list; s < l->sources.list + l->sources.n && r == 0; s++)
                if (s->row && s->row->kind == KIND_FORM)
                        r = hash_form(l, &forms.write[i++], s->file.name);
        return r;
}

/* Each record is well; now all of them together. */
static int fit(struct loader *l)
{
        struct filler *f = &l->filler;
        int r;

        check_fields(f, l->pack);
        check_use(f, l->pack);
        check_incidents(f, l->pack);
        if (l->mistakes.structure)
                return 0;
        r = link_pack(f, l->pack);
        if (r < 0 || l->mistakes.structure)
                return r;
        resolve_fields(f, l->pack);
        resolve_carriers(f, l->pack);
        check_steps(f, l->pack);
        check_rules(f, l->pack);
        check_duties(f, l->pack);
        check_retention(f, l->pack);
        check_papers(f, l->pack);
        return check_visible(f, l->pack);
}

/* A single layer that is an overlay lies over nothing. */
static bool is_alone(struct loader *l)
{
        const struct source *s = sources_find(l->layers, OVERLAY_FILE);
        const struct node *base = s && s->tree ? tree_find(s->tree, "base") : NULL;

        if (s)
                mistake(&l->mistakes, "pack.overlay.alone", (struct place){ s->shown, base ? base->line : 1 }, base && base->text ? base->text : "?", "");
        return s;
}

static int load(struct loader *l, const struct pack_layer_files *layers, bool is_named)
{
        int r = loader_read(l, layers, is_named);

        if (r < 0)
                return r;
        if ((l->layers_count > 1 && l->mistakes.count) || is_alone(l))
                return ERR_INPUT;
        texts_take(l);
        r = fill_all(l);
        if (r < 0)
                return r;
        if (!l->broken) {
                fill_done(&l->filler);
                resolve_references(&l->filler, l->pack);
                texts_report_unused(&l->texts, &l->mistakes);
        }
        if (!l->broken && !l->mistakes.structure)       /* so every record has its id, and what it names is there */
                r = fit(l);
        if (r < 0)
                return r;
        return l->mistakes.count ? ERR_INPUT : finish(l);
}

/* The lowest `n` of the layers, as a pack of their own. */
static int load_lowest(struct pack **out, const struct pack_layer_files *layers, size_t n, bool is_named, pack_report_fn *report, void *ctx, struct err *first)
{
        scoped(pack_free) struct pack *pack = calloc(1, sizeof(*pack));
        struct loader l = { .mistakes = { .report = report, .ctx = ctx }, .layers_count = n, .budget = TREE_NODES_MAX, .pack = pack };
        int r;

        if (!pack)
                return ERR_NOMEM;

        l.filler = (struct filler){ .arena = &pack->arena, .mistakes = &l.mistakes };
        l.filler.proposals_end = &pack->proposals;
        r = load(&l, layers, is_named);
        if (r == ERR_INPUT)
                *first = l.mistakes.first;
        if (r < 0)
                return r;
        *out = take(pack);
        return 0;
}

static bool too_many(const struct pack_layer_files *layers, size_t n, pack_report_fn *report, void *ctx, struct err *first)
{
        struct mistakes m = { .report = report, .ctx = ctx };

        if (!n || n > PACK_LAYERS_MAX)
                mistake(&m, "pack.overlay.many", loader_top(OVERLAY_FILE), "8", "");
        for (size_t i = 0; i < n && !m.count; i++)
                if (layers[i].n > PACK_FILES_MAX)
                        mistake(&m, "pack.file.many", loader_top("pack.yaml"), "256", "");
        *first = m.first;
        return m.count;
}

int pack_load_layers(struct pack **out, const struct pack_layer_files *layers, size_t n, pack_report_fn *report, void *ctx, struct err *e)
{
        struct pack *made[PACK_LAYERS_MAX] = { NULL };
        struct err first = { 0 };
        int r = too_many(layers, n, report, ctx, &first) ? ERR_INPUT : 0;

        for (size_t i = 0; i < n && r == 0; i++)
                r = load_lowest(&made[i], layers, i + 1, n > 1, report, ctx, &first);
        if (r == 0)
                r = loosened_find(made, n);
        if (r == 0) {
                *out = made[n - 1];
                made[n - 1] = NULL;
        }
        for (size_t i = 0; i < PACK_LAYERS_MAX; i++)
                (void)pack_free(made[i]);
        if (r == ERR_INPUT && e)
                *e = first;
        return r == ERR_NOMEM ? err_set(e, r, "no memory for a pack of %zu layers", n) : r;
}

/* The word behind `key` on a line of its own at the left edge. */
static bool peek(char to[PACK_ID_MAX], struct str bytes, const char *key)
{
        struct str line, rest = bytes;
        size_t n = strlen(key);

        while (str_cut(rest, '\n', &line, &rest)) {
                struct str word = { line.p + n, line.n - n };

                if (line.n <= n || !str_starts(line, key))
                        continue;
                word = chars_trim(word);
                if (!pack_id_ok(word))
                        return false;
                memcpy(to, word.p, word.n);
                to[word.n] = 0;
                return true;
        }
        return false;
}

bool pack_overlay_peek(struct pack_overlay_names *out, const struct pack_file *files, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (strcmp(files[i].name, OVERLAY_FILE) == 0)
                        return peek(out->id, files[i].bytes, "id: ") && peek(out->base, files[i].bytes, "base: ");
        return false;
}

int pack_load(struct pack **out, const struct pack_file *files, size_t n, pack_report_fn *report, void *ctx, struct err *e)
{
        struct pack_layer_files layer = { "", files, n };

        return pack_load_layers(out, &layer, 1, report, ctx, e);
}
