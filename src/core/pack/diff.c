/* diff.c - see diff.h. Records are told apart by their id; a record with another id is another record. */
#include "core/pack/diff.h"

#include "core/pack/schema.h"

struct walk {
        const struct pack *before, *after;
        change_fn         *see;
        void              *ctx;
        struct change_step path[CHANGE_STEPS_MAX];
        size_t             depth;
};

struct list { const char *records; size_t n; };

static const char *id_of(const char *record)
{
        return *(const char *const *)(const void *)record;
}

static const char *record_of(struct list l, const struct schema *s, const char *id)
{
        for (size_t i = 0; i < l.n; i++)
                if (strcmp(id_of(l.records + i * s->size), id) == 0)
                        return l.records + i * s->size;
        return NULL;
}

static void tell(struct walk *w, struct change c)
{
        c.path = w->path;
        c.depth = w->depth;
        w->see(w->ctx, &c);
}

/* The record's first text is the name people know it by. */
static void enter(struct walk *w, const char *list, const struct schema *s, const char *record)
{
        const struct pack_text *name = s->texts_count ? (const struct pack_text *)(const void *)(record + s->texts[0].offset) : NULL;

        w->path[w->depth++] = (struct change_step){ list, s->word, id_of(record), name };
}

static void tell_record(struct walk *w, const char *list, const struct schema *s, const char *record, enum change_kind kind)
{
        enter(w, list, s, record);
        tell(w, (struct change){ .kind = kind, .key = "" });
        w->depth--;
}

static const char *number_text(char to[24], const char *at, size_t width)
{
        uint64_t v = width == 2 ? *(const uint16_t *)(const void *)at : width == 4 ? *(const uint32_t *)(const void *)at
                                                                                   : *(const uint64_t *)(const void *)at;

        (void)snprintf(to, 24, v ? "%llu" : "", (unsigned long long)v);      /* 0: the key is absent */
        return to;
}

/* The value as it is spelt in the file. */
static const char *value_text(char to[24], const struct schema_key *k, const char *record)
{
        const char *at = record + k->offset, *word;
        unsigned at_name;

        switch (k->type) {
        case SCHEMA_INTEGER:
                return number_text(to, at, k->width);
        case SCHEMA_BOOL:
                return *(const bool *)(const void *)at ? "true" : "false";
        case SCHEMA_ENUM:
                at_name = *(const unsigned *)(const void *)at;
                return at_name < k->low ? "" : k->names[at_name - k->low];      /* below: not given, and that has no word */
        case SCHEMA_CONDITION:
                word = ((const struct pack_condition *)(const void *)at)->source;
                return word ? word : "";
        case SCHEMA_PERIOD:
                word = ((const struct pack_period *)(const void *)at)->source;
                return word ? word : "";
        default:
                word = *(const char *const *)(const void *)at;
                return word ? word : "";
        }
}

/* What the record that an id names is called. */
static const struct pack_text *name_of(const struct pack *p, const struct schema_key *k, const char *id)
{
        const struct schema *s = k->type == SCHEMA_REFERENCE ? schema_of(k->refers) : NULL;
        const char *at = (const char *)p, *record;

        if (!s || !s->list || !s->texts_count)
                return NULL;
        record = record_of((struct list){ *(const char *const *)(const void *)(at + s->list), *(const size_t *)(const void *)(at + s->count) }, s, id);
        return record ? (const struct pack_text *)(const void *)(record + s->texts[0].offset) : NULL;
}

static void diff_value(struct walk *w, const struct schema_key *k, const char *a, const char *b)
{
        char before[24], after[24];
        struct change c = { .kind = CHANGE_VALUE, .key = k->name, .before = value_text(before, k, a), .after = value_text(after, k, b), .of = k };

        if (strcmp(c.before, c.after) == 0)
                return;
        c.before_name = name_of(w->before, k, c.before);
        c.after_name = name_of(w->after, k, c.after);
        tell(w, c);
}

static void diff_texts(struct walk *w, const struct schema *s, const char *a, const char *b)
{
        for (const struct schema_text *t = s->texts; t < s->texts + s->texts_count; t++) {
                const struct pack_text *x = (const void *)(a + t->offset), *y = (const void *)(b + t->offset);

                for (int lang = 0; lang < LANG_COUNT; lang++) {
                        struct change c = { .kind = CHANGE_TEXT, .key = t->name, .lang = (enum lang)lang,
                                            .before = x->in[lang] ? x->in[lang] : "", .after = y->in[lang] ? y->in[lang] : "" };

                        if (strcmp(c.before, c.after) != 0)
                                tell(w, c);
                }
        }
}

/* Do the records that both lists hold stand in the same order? */
static bool same_order(const struct schema *s, struct list a, struct list b)
{
        size_t j = 0;

        for (size_t i = 0; i < a.n; i++) {
                const char *id = id_of(a.records + i * s->size);

                if (!record_of(b, s, id))
                        continue;
                while (j < b.n && !record_of(a, s, id_of(b.records + j * s->size)))
                        j++;
                if (strcmp(id, id_of(b.records + j++ * s->size)) != 0)
                        return false;
        }
        return true;
}

static void diff_list(struct walk *w, const struct schema *s, const char *key, struct list a, struct list b);

/* What link.c has put into the record is told of where it stands: the choices of a list, the questions of classes.yaml. */
static struct list list_at(const struct pack *p, const struct schema *s, const struct schema_key *k, const char *record)
{
        struct list l = { *(const char *const *)(const void *)(record + k->offset), *(const size_t *)(const void *)(record + k->count_offset) };

        if (k->refers == KIND_CHOICE && s != schema_of(KIND_LIST) && ((const struct pack_field *)(const void *)record)->list)
                l.n = 0;
        if (k->refers == KIND_FIELD && ((const struct pack_form *)(const void *)record)->classified) {
                l.records += p->questions_count * sizeof(struct pack_field);
                l.n -= p->questions_count;
        }
        return l;
}

static void diff_record(struct walk *w, const struct schema *s, const char *a, const char *b)
{
        for (const struct schema_key *k = s->keys; k < s->keys + s->keys_count; k++)
                if (k->type == SCHEMA_RECORDS)
                        diff_list(w, schema_of(k->refers), k->name, list_at(w->before, s, k, a), list_at(w->after, s, k, b));
                else if (k->type == SCHEMA_RECORD)
                        diff_record(w, schema_of(k->refers), a + k->offset, b + k->offset);
                else if (k->type != SCHEMA_FORMAT)
                        diff_value(w, k, a, b);
        diff_texts(w, s, a, b);
}

static void diff_list(struct walk *w, const struct schema *s, const char *key, struct list a, struct list b)
{
        for (size_t i = 0; i < a.n; i++)
                if (!record_of(b, s, id_of(a.records + i * s->size)))
                        tell_record(w, key, s, a.records + i * s->size, CHANGE_REMOVED);
        for (size_t i = 0; i < b.n; i++) {
                const char *after = b.records + i * s->size, *before = record_of(a, s, id_of(after));

                if (!before) {
                        tell_record(w, key, s, after, CHANGE_ADDED);
                        continue;
                }
                enter(w, key, s, after);
                diff_record(w, s, before, after);
                w->depth--;
        }
        if (!strchr(key, '/') && !same_order(s, a, b))
                tell(w, (struct change){ .kind = CHANGE_ORDER, .key = key });
}

void pack_diff(const struct pack *before, const struct pack *after, change_fn *see, void *ctx)
{
        const char *a = (const char *)before, *b = (const char *)after;
        struct walk w = { .before = before, .after = after, .see = see, .ctx = ctx };

        for (const struct schema_file *f = schema_files; f < schema_files + schema_files_count; f++) {
                const struct schema *s = schema_of(f->kind);
                struct list x = { NULL, 0 }, y = { NULL, 0 };

                if (!f->is_folder) {
                        diff_record(&w, s, a, b);
                        continue;
                }
                x = (struct list){ *(const char *const *)(const void *)(a + s->list), *(const size_t *)(const void *)(a + s->count) };
                y = (struct list){ *(const char *const *)(const void *)(b + s->list), *(const size_t *)(const void *)(b + s->count) };
                diff_list(&w, s, f->name, x, y);      /* files have no order */
        }
}
