/* sheet_plan.c - see sheet_plan.h. */
#include "core/pack/sheet_plan.h"

#include <stdlib.h>

/* Which sheets there are: the folder whose files they show; "" for the words. */
static const struct { const char *name, *file; } sheets[] = {
        { "texts", "" },
        { "forms", "forms/" },
        { "criteria", "criteria/" },
};

static const char *const yes_no[] = { "true", "false", NULL };
static const char *const langs[LANG_COUNT] = { "ja", "en" };

bool plan_is_links(const struct schema_key *k)
{
        const struct schema *s = k->type == SCHEMA_RECORDS ? schema_of(k->refers) : NULL;

        return s && s->keys_count == 1 && !s->texts_count;
}

bool plan_is_level(const struct schema_key *k)
{
        return k->type == SCHEMA_RECORDS && !plan_is_links(k);
}

bool plan_is_value(const struct schema_key *k)
{
        return k->type != SCHEMA_RECORDS && k->type != SCHEMA_RECORD && k->type != SCHEMA_FORMAT && strcmp(k->name, "id") != 0;
}

/* A value that is a sentence stands in quotes in the file; every other is a plain word. */
bool plan_is_quoted(const struct schema_key *k)
{
        static const bool plain[] = {
                [SCHEMA_ID] = true, [SCHEMA_CODE] = true, [SCHEMA_SECTION] = true, [SCHEMA_CLAUSE] = true, [SCHEMA_TEST] = true,
                [SCHEMA_WHERE] = true, [SCHEMA_INTEGER] = true, [SCHEMA_BOOL] = true, [SCHEMA_ENUM] = true, [SCHEMA_REFERENCE] = true,
                [SCHEMA_FIELD] = true, [SCHEMA_STEP] = true, [SCHEMA_TOPIC] = true, [SCHEMA_LEVEL] = true, [SCHEMA_RECORDS] = true,
                [SCHEMA_YEAR] = true, [SCHEMA_DAY] = true, [SCHEMA_MONTH_DAY] = true,
        };

        return (size_t)k->type >= countof(plain) || !plain[k->type];
}

const struct plan_column *plan_find(const struct plan *p, enum plan_kind kind, const char *word, enum lang lang)
{
        for (const struct plan_column *c = p->columns; c < p->columns + p->n; c++)
                if (c->kind == kind && c->lang == lang && strcmp(c->word, word) == 0)
                        return c;
        return NULL;
}

static size_t choices_of(const struct schema_key *k, const char *const **out)
{
        size_t n = 0;

        *out = k->type == SCHEMA_ENUM ? k->names : k->type == SCHEMA_BOOL ? yes_no : NULL;
        while (*out && (*out)[n])
                n++;
        return n;
}

/* "欄（日本語）": the words of a text come once a language. */
static const char *title_of(struct arena *a, const struct plan_column *c, enum lang shown)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        char key[ERR_KEY_MAX], lang[ERR_KEY_MAX];

        (void)snprintf(key, sizeof(key), c->kind == PLAN_LEVEL ? "pack.kind.%s" : "grid.column.%s", c->word);
        (void)snprintf(lang, sizeof(lang), "grid.lang.%s", langs[c->lang]);
        if (!text_known(key))
                return arena_text(a, c->column.id);      /* a key so new that it has no words yet */
        if (c->kind == PLAN_LEVEL || c->kind == PLAN_KEY)
                return text_get(shown, key);
        text_format(&b, shown, "grid.text", (const char *const[]){ text_get(shown, key), text_get(shown, lang) }, 2);
        return buf_bad(&b) ? NULL : arena_copy(a, b.p, b.n);
}

/* A column that is there already is left: `type` of a field and of a table's column are one. */
static bool add(struct plan *p, struct plan_column c, struct arena *a)
{
        if (plan_find(p, c.kind, c.word, c.lang))
                return true;
        if (p->n == GRID_COLUMNS_MAX)
                return false;
        c.column.id = c.kind == PLAN_TEXT ? arena_printf(a, "%s.%s", c.word, langs[c.lang]) : c.kind == PLAN_WORDS ? langs[c.lang] : c.word;
        c.column.readonly = c.kind == PLAN_LEVEL;
        if (c.key)
                c.column.choices_count = choices_of(c.key, &c.column.choices);
        for (int lang = 0; c.column.id && lang < LANG_COUNT; lang++)
                c.column.title[lang] = title_of(a, &c, (enum lang)lang);
        p->columns[p->n++] = c;
        return c.column.id && c.column.title[LANG_JA] && c.column.title[LANG_EN];
}

static bool add_levels(struct plan *p, enum schema_kind kind, unsigned depth, struct arena *a)
{
        const struct schema *s = schema_of(kind);
        bool good = add(p, (struct plan_column){ .kind = PLAN_LEVEL, .word = s->word }, a);

        for (size_t i = 0; i < p->n; i++)
                if (strcmp(p->columns[i].word, s->word) == 0 && p->columns[i].depth < depth)
                        p->columns[i].depth = depth;
        for (const struct schema_key *k = s->keys; good && depth + 1 < PLAN_DEPTH_MAX && k < s->keys + s->keys_count; k++)
                if (plan_is_level(k) && k->refers != kind)
                        good = add_levels(p, k->refers, depth + 1, a);
        return good;
}

static bool add_values(struct plan *p, enum schema_kind kind, unsigned depth, struct arena *a)
{
        const struct schema *s = schema_of(kind);
        bool good = true;

        for (const struct schema_key *k = s->keys; good && k < s->keys + s->keys_count; k++)
                if (plan_is_value(k) || plan_is_links(k))
                        good = add(p, (struct plan_column){ .kind = PLAN_KEY, .word = k->name, .key = k }, a);
        for (const struct schema_key *k = s->keys; good && depth + 1 < PLAN_DEPTH_MAX && k < s->keys + s->keys_count; k++)
                if (plan_is_level(k) && k->refers != kind)
                        good = add_values(p, k->refers, depth + 1, a);
        return good;
}

static bool add_texts(struct plan *p, enum schema_kind kind, unsigned depth, struct arena *a)
{
        const struct schema *s = schema_of(kind);
        bool good = true;

        for (const struct schema_text *t = s->texts; t < s->texts + s->texts_count; t++)
                for (int lang = 0; good && lang < LANG_COUNT; lang++)
                        good = add(p, (struct plan_column){ .kind = PLAN_TEXT, .word = t->name, .lang = (enum lang)lang }, a);
        for (const struct schema_key *k = s->keys; good && depth + 1 < PLAN_DEPTH_MAX && k < s->keys + s->keys_count; k++)
                if (plan_is_level(k) && k->refers != kind)
                        good = add_texts(p, k->refers, depth + 1, a);
        return good;
}

static int by_depth(const void *a, const void *b)
{
        const struct plan_column *x = a, *y = b;

        return x->depth != y->depth ? (x->depth > y->depth) - (x->depth < y->depth) : strcmp(x->word, y->word);
}

static bool columns_of_words(struct plan *p, struct arena *a)
{
        bool good = add(p, (struct plan_column){ .kind = PLAN_LEVEL, .word = "text" }, a);

        p->levels = 1;
        for (int lang = 0; good && lang < LANG_COUNT; lang++)
                good = add(p, (struct plan_column){ .kind = PLAN_WORDS, .word = "words", .lang = (enum lang)lang }, a);
        return good;
}

static bool columns_of_file(struct plan *p, struct arena *a)
{
        bool good = add_levels(p, p->file->kind, 0, a);

        p->levels = p->n;
        qsort(p->columns, p->levels, sizeof(*p->columns), by_depth);
        return good && add_values(p, p->file->kind, 0, a) && add_texts(p, p->file->kind, 0, a);
}

int plan_make(struct plan *out, const char *name, struct arena *a, struct err *e)
{
        struct plan p = { 0 };

        for (size_t i = 0; i < countof(sheets); i++)
                if (strcmp(sheets[i].name, name) == 0) {
                        p.name = sheets[i].name;
                        for (size_t f = 0; f < schema_files_count; f++)
                                if (strcmp(schema_files[f].name, sheets[i].file) == 0)
                                        p.file = &schema_files[f];
                        if (!p.file && *sheets[i].file)
                                p.name = NULL;
                }
        if (!p.name)
                return err_key(e, ERR_ABSENT, "grid.sheet.absent", "", name, (char *)NULL);
        if (!(p.file ? columns_of_file(&p, a) : columns_of_words(&p, a)))
                return err_set(e, ERR_NOMEM, "no memory for the columns of %s", name);
        *out = p;
        return 0;
}

/* ---- a grid's header ---- */

static bool names(const struct grid_column *want, const struct grid_column *got)
{
        return strcmp(got->id, want->id) == 0 || strcmp(got->id, want->title[LANG_JA]) == 0 || strcmp(got->id, want->title[LANG_EN]) == 0;
}

static bool is_empty(const struct grid_sheet *s, size_t column)
{
        if (*s->columns[column].id)
                return false;
        for (size_t i = 0; i < s->rows_count; i++)
                if (*s->rows[i].cells[column])
                        return false;
        return true;
}

bool plan_match(size_t at[GRID_COLUMNS_MAX], const struct plan *p, const struct grid_sheet *s, plan_report_fn *report, void *ctx)
{
        bool good = true;

        for (size_t i = 0; i < p->n; i++)
                at[i] = SIZE_MAX;
        for (size_t g = 0; g < s->columns_count; g++) {
                size_t i = 0;

                while (i < p->n && !names(&p->columns[i].column, &s->columns[g]))
                        i++;
                if (i < p->n && at[i] == SIZE_MAX) {
                        at[i] = g;
                } else if (i < p->n || !is_empty(s, g)) {
                        report(ctx, g, i < p->n ? "grid.header.twice" : "grid.header.unknown", s->columns[g].id);
                        good = false;
                }
        }
        for (size_t i = 0; i < p->n; i++)
                if (at[i] == SIZE_MAX) {
                        report(ctx, 0, "grid.header.missing", p->columns[i].column.title[LANG_JA]);
                        good = false;
                }
        return good;
}
