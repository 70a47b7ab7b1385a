/* sheet_source.c - see sheet_source.h. */
#include "core/pack/sheet_source.h"

#include <stdlib.h>

static int read_one(struct source_file *out, const struct pack_file *file, struct arena *a, struct err *e)
{
        struct mistakes none = { 0 };
        uint32_t budget = TREE_NODES_MAX;
        int r = tree_read(&out->tree, file->name, file->bytes, &budget, a, &none);

        if (r == 0)
                r = lines_read(&out->lines, file->bytes, a);
        if (r < 0)
                return err_set(e, r, "no memory to read %.100s", file->name);
        if (!out->tree) {
                if (e)
                        *e = none.first;
                return ERR_INPUT;
        }
        out->file = file;
        return 0;
}

static int by_name(const void *a, const void *b)
{
        return strcmp(((const struct source_file *)a)->file->name, ((const struct source_file *)b)->file->name);
}

static bool in_folder(const struct plan *p, const char *name)
{
        return p->file && (p->file->is_folder ? str_starts(str_of(name), p->file->name) : strcmp(name, p->file->name) == 0);
}

static int take_texts(struct sheet_source *s, const struct pack_file *file, struct arena *a, struct err *e)
{
        for (int lang = 0; lang < LANG_COUNT; lang++)
                if (strcmp(file->name, texts_files[lang]) == 0)
                        return read_one(&s->texts[lang], file, a, e);
        return 0;
}

int sheet_source_read(struct sheet_source *out, const struct plan *p, const struct pack_file *files, size_t n, struct arena *a, struct err *e)
{
        struct sheet_source s = { .files = arena_array(a, n ? n : 1, sizeof(*s.files)) };
        int r = s.files ? 0 : err_set(e, ERR_NOMEM, "no memory for %zu files", n);

        for (size_t i = 0; r == 0 && i < n; i++) {
                const struct node *id;

                r = take_texts(&s, &files[i], a, e);
                if (r < 0 || !in_folder(p, files[i].name))
                        continue;
                r = read_one(&s.files[s.n], &files[i], a, e);
                if (r < 0)
                        break;
                id = tree_find(s.files[s.n].tree, "id");
                s.files[s.n++].id = id && id->text ? id->text : "";
        }
        if (r < 0)
                return r;
        if (!s.texts[LANG_JA].tree || !s.texts[LANG_EN].tree)
                return err_key(e, ERR_INPUT, "pack.file.missing", "", texts_files[s.texts[LANG_JA].tree ? LANG_EN : LANG_JA], (char *)NULL);
        if (s.n)
                qsort(s.files, s.n, sizeof(*s.files), by_name);
        *out = s;
        return 0;
}

const char *sheet_prefix(struct arena *a, const char *outer, const struct schema *s, const char *id)
{
        return s->is_root ? s->word : arena_printf(a, "%s%s%s.%s", s->is_flat ? "" : outer, *outer && !s->is_flat ? "." : "", s->word, id);
}

const struct schema_key *sheet_key(const struct schema *s, const char *name)
{
        for (const struct schema_key *k = s->keys; k < s->keys + s->keys_count; k++)
                if (strcmp(k->name, name) == 0)
                        return k;
        return NULL;
}
