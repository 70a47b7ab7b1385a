/* load.c - see load.h. Read every file, fill the pack by the schema's tables, then look whether all of it fits together. */
#include "core/pack/load.h"

#include "core/pack/chars.h"
#include "core/pack/check.h"
#include "core/pack/link.h"
#include "core/pack/loosened.h"
#include "core/pack/overlay.h"
#include "core/pack/resolve.h"
#include "core/pack/scan.h"

struct loader {
        struct pack    *pack;
        struct mistakes mistakes;
        struct sources  layers[PACK_LAYERS_MAX]; /* as they were read */
        struct overlay  overlays[PACK_LAYERS_MAX];
        size_t          layers_count;
        const char     *layer;                   /* the one being read; NULL: there is only one */
        struct sources  sources;                 /* laid over each other */
        uint32_t        budget;
        struct texts    texts;
        struct filler   filler;
        bool            broken;                  /* a file could not be read: what refers to it is not missed */
};

static struct place top_of(const char *file)
{
        return (struct place){ file, 1 };
}

static bool is_texts(const char *name)
{
        for (int lang = 0; lang < LANG_COUNT; lang++)
                if (strcmp(name, texts_files[lang]) == 0)
                        return true;
        return false;
}

/* Gives the file its row in schema_files. False: a pack has no such file. */
static bool source_place(struct source *s)
{
        struct str name = str_of(s->file.name);

        if (is_texts(s->file.name) || str_is(name, OVERLAY_FILE))
                return true;
        for (const struct schema_file *row = schema_files; row < schema_files + schema_files_count; row++) {
                size_t folder = strlen(row->name);

                s->row = row;
                if (!row->is_folder && str_is(name, row->name))
                        return true;
                if (!row->is_folder || !str_starts(name, row->name) || name.n < folder + 5)
                        continue;
                s->id = (struct str){ name.p + folder, name.n - folder - 5 };
                if (str_is((struct str){ name.p + name.n - 5, 5 }, ".yaml") && pack_id_ok(s->id))
                        return true;
        }
        return false;
}

/* A name comes from a directory or an archive: it is shown again only when it is harmless. */
static const char *shown(const char *name)
{
        struct str s = str_of(name);

        for (size_t i = 0; i < s.n; i++)
                if (s.p[i] < '-' || s.p[i] > 'z')
                        return "?";
        return s.n && s.n < 128 ? name : "?";
}

/* As messages call it: with the layer in front when there are several. */
static const char *name_shown(struct loader *l, const char *name)
{
        return l->layer ? arena_printf(&l->pack->arena, "%s/%s", l->layer, name) : name;
}

static void mistake_file(struct loader *l, const char *key, const char *name)
{
        const char *shown_name = name_shown(l, name);

        mistake(&l->mistakes, key, top_of(shown_name ? shown_name : name), "", "");
}

static int sources_take(struct loader *l, struct sources *to, const struct pack_layer_files *from, size_t room)
{
        to->list = arena_array(&l->pack->arena, room, sizeof(*to->list));
        if (!to->list)
                return ERR_NOMEM;

        for (size_t i = 0; i < from->n; i++) {
                struct source s = { .file = from->files[i] };

                if (!source_place(&s)) {
                        mistake_file(l, "pack.file.unknown", shown(s.file.name));
                        continue;
                }
                s.file.name = arena_text(&l->pack->arena, s.file.name);
                s.shown = s.file.name ? name_shown(l, s.file.name) : NULL;
                if (!s.shown)
                        return ERR_NOMEM;
                if (s.id.n)
                        s.id.p = s.file.name + strlen(s.row->name);
                if (s.file.bytes.n > PACK_FILE_BYTES_MAX)
                        mistake(&l->mistakes, "pack.file.big", top_of(s.shown), "1 MiB", "");
                else
                        to->list[to->n++] = s;
        }
        sources_sort(to);
        for (size_t i = 1; i < to->n; i++)
                if (strcmp(to->list[i - 1].file.name, to->list[i].file.name) == 0)
                        mistake(&l->mistakes, "pack.file.twice", top_of(to->list[i].shown), "", "");
        return 0;
}

static void check_required(struct loader *l, const struct sources *in, const char *name)
{
        if (!sources_find(in, name)) {
                mistake_file(l, "pack.file.missing", name);
                l->broken = true;
        }
}

/* A layer says whether it lies over another by the file it begins with; an overlay has both texts or none. */
static void check_files(struct loader *l, const struct sources *in, bool is_overlay)
{
        bool has_texts = false;

        for (const struct schema_file *row = schema_files; row < schema_files + schema_files_count && !is_overlay; row++)
                if (row->required)
                        check_required(l, in, row->name);
        if (is_overlay)
                check_required(l, in, OVERLAY_FILE);
        for (int lang = 0; lang < LANG_COUNT; lang++)
                has_texts |= sources_find(in, texts_files[lang]) != NULL;
        for (int lang = 0; lang < LANG_COUNT && (has_texts || !is_overlay); lang++)
                check_required(l, in, texts_files[lang]);
        if (is_overlay && sources_find(in, "pack.yaml"))
                mistake_file(l, "pack.overlay.both", "pack.yaml");
}

static int sources_read(struct loader *l, struct sources *in)
{
        for (struct source *s = in->list; s < in->list + in->n; s++) {
                struct pack_file named = { s->shown, s->file.bytes };
                unsigned before = l->mistakes.count;
                int r;

                scan_file(&l->mistakes, &named);
                r = l->mistakes.count > before ? 0 : tree_read(&s->tree, s->shown, s->file.bytes, &l->budget, &l->pack->arena, &l->mistakes);
                if (r < 0)
                        return r;
                if (!s->tree)
                        l->broken = true;
        }
        check_files(l, in, in != l->layers);
        return 0;
}

/* Only the topmost layer's own: the ones below were looked at when they were topmost. */
static void overlay_texts_compare(struct loader *l, const struct sources *top)
{
        struct texts own;

        for (int lang = 0; lang < LANG_COUNT; lang++) {
                const struct source *s = sources_find(top, texts_files[lang]);

                if (!s || !s->tree)
                        return;
                own.in[lang] = s->tree;
        }
        texts_compare(&own, &l->mistakes);
}

static int lay(struct loader *l, size_t i)
{
        struct overlay *o = &l->overlays[i];
        const char *below = l->overlays[i - 1].id;
        struct node *root = sources_find(&l->layers[i], OVERLAY_FILE)->tree;
        int r;

        overlay_texts_compare(l, &l->layers[i]);
        r = overlay_lay(o, &l->sources, &l->layers[i], &l->filler);
        if (r == 0 && o->base && strcmp(o->base, below) != 0)
                mistake(&l->mistakes, "pack.overlay.base", (struct place){ root->file, tree_find(root, "base")->line }, o->base, below);
        for (size_t j = 0; r == 0 && j < i; j++)
                if (o->id && strcmp(o->id, l->overlays[j].id) == 0)
                        mistake(&l->mistakes, "pack.overlay.cycle", (struct place){ root->file, tree_find(root, "id")->line }, o->id, "");
        return r;
}

/* The lowest layer's own name: the layers above it give the pack theirs. */
static void name_lowest(struct loader *l)
{
        const struct source *s = sources_find(l->layers, "pack.yaml");
        const struct node *id = s && s->tree ? tree_find(s->tree, "id") : NULL, *version = id ? tree_find(s->tree, "version") : NULL;
        uint64_t v = 0;

        if (version && version->text)
                (void)str_u64(str_of(version->text), UINT32_MAX, &v);
        l->overlays[0].id = id ? id->text : NULL;
        l->overlays[0].version = (uint32_t)v;
}

static int layers_read(struct loader *l, const struct pack_layer_files *layers, bool is_named)
{
        size_t room = 0;
        int r = 0;

        for (size_t i = 0; i < l->layers_count; i++)
                room += layers[i].n;
        for (size_t i = 0; i < l->layers_count && r == 0; i++) {
                l->layer = is_named ? layers[i].name : NULL;
                r = sources_take(l, &l->layers[i], &layers[i], room);
                if (r == 0)
                        r = sources_read(l, &l->layers[i]);
        }
        if (r < 0)
                return r;
        l->sources.list = arena_array(&l->pack->arena, room, sizeof(*l->sources.list));
        if (!l->sources.list)
                return ERR_NOMEM;
        name_lowest(l);
        l->sources.n = l->layers[0].n;
        if (l->sources.n)
                memcpy(l->sources.list, l->layers[0].list, l->sources.n * sizeof(*l->sources.list));
        for (size_t i = 1; i < l->layers_count && r == 0 && !l->mistakes.count; i++)
                r = lay(l, i);
        return r;
}

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
                        places[n++] = top_of(s->tree->file);
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
        if (l->mistakes.structure)
                return 0;
        r = link_pack(f, l->pack);
        if (r < 0 || l->mistakes.structure)
                return r;
        resolve_fields(f, l->pack);
        resolve_carriers(f, l->pack);
        check_steps(f, l->pack);
        check_rules(f, l->pack);
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
        int r = layers_read(l, layers, is_named);

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
                mistake(&m, "pack.overlay.many", top_of(OVERLAY_FILE), "8", "");
        for (size_t i = 0; i < n && !m.count; i++)
                if (layers[i].n > PACK_FILES_MAX)
                        mistake(&m, "pack.file.many", top_of("pack.yaml"), "256", "");
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
