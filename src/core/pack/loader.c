/* loader.c - see loader.h. Every file is read, scanned and made a tree; then the layers are laid over each other. */
#include "core/pack/loader.h"

#include "core/pack/scan.h"

struct place loader_top(const char *file)
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

        mistake(&l->mistakes, key, loader_top(shown_name ? shown_name : name), "", "");
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
                        mistake(&l->mistakes, "pack.file.big", loader_top(s.shown), "1 MiB", "");
                else
                        to->list[to->n++] = s;
        }
        sources_sort(to);
        for (size_t i = 1; i < to->n; i++)
                if (strcmp(to->list[i - 1].file.name, to->list[i].file.name) == 0)
                        mistake(&l->mistakes, "pack.file.twice", loader_top(to->list[i].shown), "", "");
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

int loader_read(struct loader *l, const struct pack_layer_files *layers, bool is_named)
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
