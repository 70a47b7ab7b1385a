/* load.c - see load.h. Read every file, fill the pack by the schema's tables, then look whether all of it fits together. */
#include "core/pack/load.h"

#include "core/pack/check.h"
#include "core/pack/link.h"
#include "core/pack/resolve.h"
#include "core/pack/scan.h"

struct source {
        struct pack_file          file;
        const struct schema_file *row;          /* NULL for texts */
        struct str                id;           /* of a file in a folder: its name without .yaml */
        struct node              *tree;         /* NULL when the file is broken */
};

struct loader {
        struct pack    *pack;
        struct mistakes mistakes;
        struct source  *sources;                 /* by name */
        size_t          n;
        struct texts    texts;
        struct filler   filler;
        bool            broken;                  /* a file could not be read: what refers to it is not missed */
};

static struct place top_of(const char *file)
{
        return (struct place){ file, 1 };
}

static int by_name(const void *a, const void *b)
{
        return strcmp(((const struct source *)a)->file.name, ((const struct source *)b)->file.name);
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

        if (is_texts(s->file.name))
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

static int sources_take(struct loader *l, const struct pack_file *files, size_t n)
{
        struct mistakes *m = &l->mistakes;

        l->sources = arena_array(&l->pack->arena, n, sizeof(*l->sources));
        if (!l->sources)
                return ERR_NOMEM;

        for (size_t i = 0; i < n; i++) {
                struct source s = { .file = files[i] };

                if (!source_place(&s)) {
                        mistake(m, "pack.file.unknown", top_of(shown(files[i].name)), "", "");
                        continue;
                }
                s.file.name = arena_text(&l->pack->arena, files[i].name);
                if (!s.file.name)
                        return ERR_NOMEM;
                if (s.id.n)
                        s.id.p = s.file.name + strlen(s.row->name);
                if (files[i].bytes.n > PACK_FILE_BYTES_MAX)
                        mistake(m, "pack.file.big", top_of(s.file.name), "1 MiB", "");
                else
                        l->sources[l->n++] = s;
        }
        if (l->n)
                qsort(l->sources, l->n, sizeof(*l->sources), by_name);
        for (size_t i = 1; i < l->n; i++)
                if (by_name(&l->sources[i - 1], &l->sources[i]) == 0)
                        mistake(m, "pack.file.twice", top_of(l->sources[i].file.name), "", "");
        return 0;
}

static struct source *source_find(struct loader *l, const char *name)
{
        for (size_t i = 0; i < l->n; i++)
                if (strcmp(l->sources[i].file.name, name) == 0)
                        return &l->sources[i];
        return NULL;
}

static void check_required(struct loader *l, const char *name)
{
        if (!source_find(l, name)) {
                mistake(&l->mistakes, "pack.file.missing", top_of(name), "", "");
                l->broken = true;
        }
}

static int sources_read(struct loader *l)
{
        uint32_t budget = TREE_NODES_MAX;

        for (struct source *s = l->sources; s < l->sources + l->n; s++) {
                unsigned before = l->mistakes.count;
                int r;

                scan_file(&l->mistakes, &s->file);
                r = l->mistakes.count > before ? 0
                  : tree_read(&s->tree, s->file.name, s->file.bytes, &budget, &l->pack->arena, &l->mistakes);
                if (r < 0)
                        return r;
                if (!s->tree)
                        l->broken = true;
        }
        for (const struct schema_file *row = schema_files; row < schema_files + schema_files_count; row++)
                if (row->required)
                        check_required(l, row->name);
        for (int lang = 0; lang < LANG_COUNT; lang++)
                check_required(l, texts_files[lang]);
        return 0;
}

static void texts_take(struct loader *l)
{
        for (int lang = 0; lang < LANG_COUNT; lang++) {
                const struct source *s = source_find(l, texts_files[lang]);

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
        char *list = arena_array(&l->pack->arena, l->n, schema->size), *pack = (char *)l->pack;
        struct place *places = arena_array(&l->pack->arena, l->n, sizeof(*places));
        size_t n = 0;

        if (!list || !places)
                return ERR_NOMEM;

        for (const struct source *s = l->sources; s < l->sources + l->n; s++)
                if (s->row == row && s->tree) {
                        int r = fill_source(l, s, list + n * schema->size);

                        if (r < 0)
                                return r;
                        places[n++] = top_of(s->file.name);
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
                const struct source *s = row->is_folder ? NULL : source_find(l, row->name);

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

static int hash_pack(struct loader *l)
{
        struct arena *a = &l->pack->arena;
        struct str *runs = arena_array(a, l->n * 5, sizeof(*runs)), *run = runs;

        if (!runs)
                return ERR_NOMEM;

        for (const struct source *s = l->sources; s < l->sources + l->n; s++) {
                char *length = arena_printf(a, "%zu", s->file.bytes.n);

                if (!length)
                        return ERR_NOMEM;
                *run++ = str_of(s->file.name);
                *run++ = (struct str){ "", 1 };
                *run++ = str_of(length);
                *run++ = (struct str){ "", 1 };
                *run++ = s->file.bytes;
        }
        l->pack->hash = hash_runs(runs, (size_t)(run - runs));
        return 0;
}

/* Nothing is wrong: put in order what the file may hold in any, and hash. */
static int finish(struct loader *l)
{
        union { const struct pack_era *read; struct pack_era *write; } eras = { l->pack->eras };
        union { const struct pack_form *read; struct pack_form *write; } forms = { l->pack->forms };
        size_t i = 0;

        qsort(eras.write, l->pack->eras_count, sizeof(*eras.write), by_first_year);
        for (const struct source *s = l->sources; s < l->sources + l->n; s++)
                if (s->row && s->row->kind == KIND_FORM)
                        forms.write[i++].hash = hash_bytes(s->file.bytes);
        return hash_pack(l);
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

static int load(struct loader *l, const struct pack_file *files, size_t n)
{
        int r = sources_take(l, files, n);

        if (r == 0)
                r = sources_read(l);
        if (r < 0)
                return r;
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

int pack_load(struct pack **out, const struct pack_file *files, size_t n, pack_report_fn *report, void *ctx, struct err *e)
{
        struct loader l = { .mistakes = { .report = report, .ctx = ctx } };
        scoped(pack_free) struct pack *pack = NULL;
        int r = ERR_INPUT;

        if (n > PACK_FILES_MAX) {
                mistake(&l.mistakes, "pack.file.many", top_of("pack.yaml"), "256", "");
        } else {
                pack = calloc(1, sizeof(*pack));
                l.pack = pack;
                l.filler = (struct filler){ .arena = pack ? &pack->arena : NULL, .mistakes = &l.mistakes };
                l.filler.proposals_end = pack ? &pack->proposals : NULL;
                r = pack ? load(&l, files, n) : ERR_NOMEM;
        }
        if (r == ERR_INPUT && e)
                *e = l.mistakes.first;
        if (r == ERR_NOMEM)
                return err_set(e, r, "no memory for a pack of %zu files", n);
        if (r < 0)
                return r;

        *out = take(pack);
        return 0;
}
