/* fill.c - see fill.h. One small function for each type of value; the rest is walking tables. */
#include "core/pack/fill.h"

#include "core/expr/hint.h"
#include "core/expr/lex.h"
#include "core/pack/chars.h"

typedef int store_fn(struct filler *f, const struct schema_key *k, char *to, const struct node *n, const char *prefix);

static struct place at(const struct node *n)
{
        return (struct place){ n->file, n->line };
}

/* "text, lines, mac" for a message; cut when it does not fit. */
static void names_list(char *to, size_t size, const char *const *names)
{
        size_t used = 0;

        to[0] = 0;
        for (size_t i = 0; names[i] && used < size; i++)
                used += (size_t)snprintf(to + used, size - used, "%s%s", i ? ", " : "", names[i]);
}

static int store_format(struct filler *f, const struct schema_key *k, char *to, const struct node *n, const char *prefix)
{
        return 0;
}

/* "gate-enforcer" or "test_grants.bad_frames_end_the_stream" */
static bool test_ok(struct str s)
{
        struct str suite = s, function;

        if (str_cut(s, '.', &suite, &function) && (!function.n || !pack_id_ok((struct str){ function.p, 1 }) || memchr(function.p, '.', function.n)))
                return false;
        return s.n < 128 && pack_id_ok(suite);
}

static bool where_ok(struct str s)
{
        return s.n && s.n < 128;      /* the scan has seen to the characters */
}

/* point-slide/slides of that point */
static bool slide_ok(struct str s)
{
        struct str point, slide, of;
        uint64_t a, b, c;

        return str_cut(s, '-', &point, &slide) && str_cut(slide, '/', &slide, &of) &&
               str_u64(point, 999, &a) && str_u64(slide, 999, &b) && str_u64(of, 999, &c) && a && b && b <= c;
}

static bool reason_ok(struct str s)
{
        return chars_trim(s).n && chars_count(s) <= 1000;
}

static bool year_ok(struct str s)
{
        uint64_t y;

        return s.n == 4 && str_u64(s, 9998, &y) && y > 1900;
}

static bool day_word_ok(struct str s)
{
        struct date d;

        return s.n == 10 && date_parse(s, &d);
}

/* Of a common year: what comes every year. */
static bool month_day_ok(struct str s)
{
        char text[16];
        struct date d;

        (void)snprintf(text, sizeof(text), "2001-%.*s", s.n == 5 ? 5 : 0, s.p);
        return date_parse(str_of(text), &d);
}

static const struct word_type { bool (*ok)(struct str); const char *key; enum node_kind spelt; } words[] = {
        [SCHEMA_ID]      = { pack_id_ok,      "pack.schema.id",      NODE_PLAIN },
        [SCHEMA_CODE]    = { pack_code_ok,    "pack.schema.code",    NODE_PLAIN },
        [SCHEMA_SECTION] = { pack_section_ok, "pack.schema.section", NODE_PLAIN },
        [SCHEMA_CLAUSE]  = { pack_clause_ok,  "pack.schema.clause",  NODE_PLAIN },
        [SCHEMA_TEST]    = { test_ok,         "pack.schema.test",    NODE_PLAIN },
        [SCHEMA_WHERE]   = { where_ok,        "pack.schema.where",   NODE_PLAIN },
        [SCHEMA_SLIDE]   = { slide_ok,        "pack.schema.slide",   NODE_TEXT },
        [SCHEMA_YEAR]    = { year_ok,         "pack.schema.year",    NODE_PLAIN },
        [SCHEMA_DAY]     = { day_word_ok,     "pack.schema.date",    NODE_PLAIN },
        [SCHEMA_MONTH_DAY] = { month_day_ok,  "pack.schema.month-day", NODE_PLAIN },
        [SCHEMA_REASON]  = { reason_ok,       "pack.schema.reason",  NODE_TEXT },
};

/* How the word of this key is spelt: its own type, or the one of the ids it refers to. */
static const struct word_type *word_of(const struct schema_key *k)
{
        if (k->type == SCHEMA_REFERENCE)
                k = schema_id_of(k->refers);
        return &words[k->type >= SCHEMA_FIELD && k->type <= SCHEMA_LEVEL ? SCHEMA_ID : k->type];
}

static bool word_ok(const struct schema_key *k, const struct node *n)
{
        const struct word_type *w = word_of(k);

        return n->kind == w->spelt && w->ok(str_of(n->text));
}

/* A condition would take the word for something else, or `after: start` would. */
static bool is_reserved(enum schema_reserved among, const char *word)
{
        static const char *const names[] = { "service", "conf2plus" };

        if (among == RESERVED_NOTHING)
                return false;
        for (size_t i = 0; among == RESERVED_NAME && i < countof(names); i++)
                if (strcmp(word, names[i]) == 0)
                        return true;
        return expr_word_reserved(str_of(word)) || (among >= RESERVED_NAME && strcmp(word, "start") == 0);
}

static int store_word(struct filler *f, const struct schema_key *k, char *to, const struct node *n, const char *prefix)
{
        if (!word_ok(k, n))
                mistake(f->mistakes, word_of(k)->key, at(n), k->name, n->text ? n->text : "");
        else if (is_reserved(k->reserved, n->text))
                mistake(f->mistakes, "pack.schema.reserved", at(n), k->name, n->text);
        else
                *(const char **)(void *)to = n->text;
        return 0;
}

static int store_integer(struct filler *f, const struct schema_key *k, char *to, const struct node *n, const char *prefix)
{
        uint64_t v = 0;
        char range[64];

        if (n->kind != NODE_PLAIN || !str_u64(str_of(n->text), (uint64_t)k->high, &v) || v < (uint64_t)k->low) {
                (void)snprintf(range, sizeof(range), "%lld–%lld", (long long)k->low, (long long)k->high);
                mistake(f->mistakes, "pack.schema.integer", at(n), k->name, range);
                return 0;
        }
        switch (k->width) {
        case 2:
                *(uint16_t *)(void *)to = (uint16_t)v;
                break;
        case 4:
                *(uint32_t *)(void *)to = (uint32_t)v;
                break;
        default:
                *(uint64_t *)(void *)to = v;
        }
        return 0;
}

static int store_bool(struct filler *f, const struct schema_key *k, char *to, const struct node *n, const char *prefix)
{
        bool yes = n->kind == NODE_PLAIN && strcmp(n->text, "true") == 0;

        if (!yes && (n->kind != NODE_PLAIN || strcmp(n->text, "false") != 0))
                mistake(f->mistakes, "pack.schema.bool", at(n), k->name, n->text ? n->text : "");
        *(bool *)(void *)to = yes;
        return 0;
}

static int store_enum(struct filler *f, const struct schema_key *k, char *to, const struct node *n, const char *prefix)
{
        char allowed[HINT_MAX], what[ERR_ARG_MAX];

        for (unsigned i = 0; n->kind == NODE_PLAIN && k->names[i]; i++)
                if (strcmp(n->text, k->names[i]) == 0) {
                        *(unsigned *)(void *)to = (unsigned)k->low + i;
                        return 0;
                }
        hint_nearest(allowed, k->names, n->text ? n->text : "");
        (void)snprintf(what, sizeof(what), "%s: %s", k->name, n->text ? n->text : "");
        mistake(f->mistakes, "pack.schema.enum", at(n), what, allowed);
        return 0;
}

static int note_reference(struct filler *f, const struct schema_key *k, const char *record, const struct node *n, const char *id)
{
        struct reference *r = arena_new(f->arena, struct reference);

        if (!r)
                return ERR_NOMEM;

        *r = (struct reference){ f->references, at(n), id, k, k->type == SCHEMA_FIELD ? f->row : NULL, record, f->root };
        f->references = r;
        return 0;
}

static int store_reference(struct filler *f, const struct schema_key *k, char *to, const struct node *n, const char *prefix)
{
        (void)store_word(f, k, to, n, prefix);
        return word_ok(k, n) ? note_reference(f, k, to - k->offset, n, n->text) : 0;
}

/* The id of a clause names its section, too. */
static int store_clause(struct filler *f, const struct schema_key *k, char *to, const struct node *n, const char *prefix)
{
        char *section;

        (void)store_word(f, k, to, n, prefix);
        if (!word_ok(k, n))
                return 0;
        section = arena_copy(f->arena, n->text, strcspn(n->text, "-"));
        return section ? note_reference(f, k, to - k->offset, n, section) : ERR_NOMEM;
}

static int store_condition(struct filler *f, const struct schema_key *k, char *to, const struct node *n, const char *prefix)
{
        struct unread *u;

        if (n->kind != NODE_TEXT) {
                mistake(f->mistakes, "pack.schema.condition", at(n), k->name, n->text ? n->text : "");
                return 0;
        }
        u = arena_new(f->arena, struct unread);
        if (!u)
                return ERR_NOMEM;

        *u = (struct unread){ f->unread, n, (struct pack_condition *)(void *)to, f->kind, f->root };
        u->to->source = n->text;
        f->unread = u;
        return 0;
}

/* From whose day a period counts: those words, and no others. */
static bool is_allowed_day(const struct schema_key *k, const struct period *p)
{
        if (p->kind != PERIOD_BEFORE && p->kind != PERIOD_AFTER)
                return true;
        for (size_t i = 0; k->names && k->names[i]; i++)
                if (strcmp(p->name, k->names[i]) == 0)
                        return true;
        return false;
}

static int store_period(struct filler *f, const struct schema_key *k, char *to, const struct node *n, const char *prefix)
{
        struct pack_period *p = (struct pack_period *)(void *)to;
        char allowed[ERR_ARG_MAX];
        struct err e = { 0 };
        int r;

        if (n->kind != NODE_TEXT) {
                mistake(f->mistakes, "pack.schema.period", at(n), k->name, n->text ? n->text : "");
                return 0;
        }
        r = period_parse(&p->period, str_of(n->text), (unsigned)k->low, &e);
        if (r == ERR_NOMEM)
                return r;
        if (r < 0) {
                mistake_in_text(f->mistakes, n, &e);
                return 0;
        }
        if (!is_allowed_day(k, &p->period)) {
                names_list(allowed, sizeof(allowed), k->names);
                mistake(f->mistakes, "pack.schema.day", at(n), p->period.name, allowed);
        }
        p->source = n->text;
        return 0;
}

static int store_record(struct filler *f, const struct schema_key *k, char *to, const struct node *n, const char *prefix)
{
        return fill_record(f, schema_of(k->refers), to, n, prefix);
}

static int store_records(struct filler *f, const struct schema_key *k, char *to, const struct node *n, const char *prefix)
{
        const struct schema *s = schema_of(k->refers);
        char *record = to - k->offset, *list;
        struct place *places;
        char most[24];
        size_t i = 0;

        if (n->kind != NODE_LIST) {
                mistake(f->mistakes, "pack.schema.list", at(n), k->name, "");
                return 0;
        }
        if (n->count > (uint64_t)k->high) {
                (void)snprintf(most, sizeof(most), "%lld", (long long)k->high);
                mistake(f->mistakes, "pack.schema.many", at(n), k->name, most);
                return 0;
        }
        list = arena_array(f->arena, n->count, s->size);
        places = arena_array(f->arena, n->count, sizeof(*places));
        if (!list || !places)
                return ERR_NOMEM;

        for (const struct node *item = n->first; item; item = item->next, i++) {
                int r = fill_record(f, s, list + i * s->size, item, prefix);

                if (r < 0)
                        return r;
                places[i] = at(item);
        }
        fill_check_unique(f, s, list, places, n->count);
        *(const void **)(void *)to = list;
        *(size_t *)(void *)(record + k->count_offset) = n->count;
        return 0;
}

static store_fn *const store[] = {
        [SCHEMA_FORMAT] = store_format,       [SCHEMA_ID] = store_word,         [SCHEMA_CODE] = store_word,
        [SCHEMA_SECTION] = store_word,        [SCHEMA_CLAUSE] = store_clause,   [SCHEMA_TEST] = store_word,
        [SCHEMA_WHERE] = store_word,          [SCHEMA_SLIDE] = store_word,        [SCHEMA_REASON] = store_word,
        [SCHEMA_YEAR] = store_word,           [SCHEMA_DAY] = store_word,        [SCHEMA_MONTH_DAY] = store_word,
        [SCHEMA_INTEGER] = store_integer,     [SCHEMA_BOOL] = store_bool,       [SCHEMA_ENUM] = store_enum,
        [SCHEMA_REFERENCE] = store_reference, [SCHEMA_FIELD] = store_reference, [SCHEMA_STEP] = store_reference, [SCHEMA_TOPIC] = store_reference,
        [SCHEMA_LEVEL] = store_reference,     [SCHEMA_CONDITION] = store_condition, [SCHEMA_PERIOD] = store_period,
        [SCHEMA_RECORD] = store_record,       [SCHEMA_RECORDS] = store_records,
};

static bool is_same(const struct schema_key *k, const char *a, const char *b)
{
        static const char zero[sizeof(uint64_t)];
        const char *x, *y;

        if (k->type == SCHEMA_INTEGER)      /* 0: not given, or refused already */
                return memcmp(a + k->offset, b + k->offset, k->width) == 0 && memcmp(a + k->offset, zero, k->width) != 0;
        x = *(const char *const *)(const void *)(a + k->offset);
        y = *(const char *const *)(const void *)(b + k->offset);
        return x && y && strcmp(x, y) == 0;
}

void fill_check_unique(struct filler *f, const struct schema *s, const void *list, const struct place *places, size_t n)
{
        const char *records = list;
        char first[ERR_ARG_MAX];

        for (const struct schema_key *k = s->keys; k < s->keys + s->keys_count; k++)
                for (size_t i = 1; k->unique && i < n; i++)
                        for (size_t j = 0; j < i; j++)
                                if (is_same(k, records + i * s->size, records + j * s->size)) {
                                        (void)snprintf(first, sizeof(first), "%s:%u", places[j].file, places[j].line);
                                        mistake(f->mistakes, "pack.schema.same", places[i], k->name, first);
                                        break;
                                }
}

static int origins_add(struct origins *o, struct arena *a, struct origin row)
{
        if (o->n == o->room) {
                size_t room = o->room ? 2 * o->room : 256;
                struct origin *rows = arena_array(a, room, sizeof(*rows));

                if (!rows)
                        return ERR_NOMEM;
                if (o->n)
                        memcpy(rows, o->rows, o->n * sizeof(*rows));
                o->rows = rows;
                o->room = room;
        }
        o->rows[o->n++] = row;
        return 0;
}

static const struct schema_key *key_of(const struct schema *s, const char *name)
{
        for (const struct schema_key *k = s->keys; k < s->keys + s->keys_count; k++)
                if (strcmp(k->name, name) == 0)
                        return k;
        return NULL;
}

static void report_unknown(struct filler *f, const struct schema *s, const struct node *map)
{
        const char *names[32] = { 0 };
        char known[ERR_ARG_MAX];

        for (size_t i = 0; i < s->keys_count && i + 1 < countof(names); i++)
                names[i] = s->keys[i].name;
        for (const struct node *n = map->first; n; n = n->next)
                if (!key_of(s, n->key)) {
                        hint_nearest(known, names, n->key);
                        mistake(f->mistakes, "pack.schema.unknown", at(n), n->key, known);
                }
}

/* The row that says what a key means in this record; NULL: nothing. */
static const struct schema_when *row_of(const struct schema_when *rows, const struct node *map)
{
        const struct node *decider = rows ? tree_find(map, rows->key) : NULL;

        for (const struct schema_when *w = rows; w && w->key; w++) {
                const char *word = !decider ? w->absent : decider->kind == NODE_PLAIN ? decider->text : NULL;

                for (size_t i = 0; word && w->values[i]; i++)
                        if (strcmp(word, w->values[i]) == 0)
                                return w;
        }
        return NULL;
}

/* "kind: council, external-decision" */
static void rows_list(char *to, size_t size, const struct schema_when *rows)
{
        const char *names[32] = { 0 };
        char values[ERR_ARG_MAX - 32];
        size_t n = 0;

        for (const struct schema_when *w = rows; w->key; w++)
                for (size_t i = 0; w->values[i] && n + 1 < countof(names); i++)
                        names[n++] = w->values[i];
        names_list(values, sizeof(values), names);
        (void)snprintf(to, size, "%s: %s", rows->key, values);
}

/* Does this key mean something in this record? What may not stand there is reported. */
static bool is_wanted(struct filler *f, const struct schema_key *k, const struct node *map, const struct node *n)
{
        char allowed[ERR_ARG_MAX];

        f->row = row_of(k->when, map);
        if (!n && (k->required || (f->row && f->row->required)))
                mistake(f->mistakes, "pack.schema.missing", at(map), k->name, "");
        if (n && k->when && !f->row && !k->when->elsewhere) {
                rows_list(allowed, sizeof(allowed), k->when);
                mistake(f->mistakes, "pack.schema.when", at(n), k->name, allowed);
                return false;
        }
        return n;
}

static int fill_texts(struct filler *f, const struct schema *s, char *to, const struct node *map, const char *prefix)
{
        for (size_t i = 0; i < s->texts_count; i++) {
                const struct schema_text *t = &s->texts[i];
                const char *key = arena_printf(f->arena, "%s.%s", prefix, t->name);

                if (!key)
                        return ERR_NOMEM;
                if (t->when && !row_of(t->when, map))
                        continue;
                if (f->texts && !texts_find((struct pack_text *)(void *)(to + t->offset), f->texts, key) && t->required)
                        mistake(f->mistakes, "pack.text.missing", at(map), key, "texts/ja.yaml, texts/en.yaml");
        }
        return 0;
}

/* Numbers that the source does not give are ours or the municipality's: pack check lists them. */
static int note_proposal(struct filler *f, const struct schema_key *k, const struct node *n, const char *record)
{
        struct pack_proposal *p = arena_new(f->arena, struct pack_proposal);

        if (!p)
                return ERR_NOMEM;

        *p = (struct pack_proposal){ NULL, n->file, n->line, record, k->name, n->text ? n->text : "" };
        *f->proposals_end = p;
        f->proposals_end = &p->next;
        return 0;
}

/* A condition like `days_until(x) >= 90` holds a number, too. */
static bool is_proposal(const struct schema_key *k, const struct node *n)
{
        struct lexer l = { .all = str_of(n->text), .rest = str_of(n->text) };
        struct token t = { .kind = TOKEN_WORD };

        if (k->type != SCHEMA_CONDITION || n->kind != NODE_TEXT)
                return k->proposal;
        while (t.kind != TOKEN_END && t.kind != TOKEN_INT)
                if (lex_next(&t, &l) < 0)
                        return false;       /* told of when it is read */
        return t.kind == TOKEN_INT;
}

static int fill_key(struct filler *f, const struct schema_key *k, char *to, const struct node *n, const char *own, const char *prefix)
{
        int r = store[k->type](f, k, to + k->offset, n, prefix);

        return r == 0 && is_proposal(k, n) ? note_proposal(f, k, n, own) : r;
}

int fill_record(struct filler *f, const struct schema *s, void *to, const struct node *map, const char *prefix)
{
        const struct schema_key *id_key = key_of(s, "id");
        const struct node *id = map->kind == NODE_MAP ? tree_find(map, "id") : NULL;
        bool has_id = id && id_key && word_ok(id_key, id);
        const char *own = s->word;
        int r;

        if (map->kind != NODE_MAP) {
                mistake(f->mistakes, "pack.schema.record", at(map), s->word, "");
                return 0;
        }
        if (!s->is_root && has_id)
                own = arena_printf(f->arena, "%s%s%s.%s", s->is_flat ? "" : prefix, *prefix && !s->is_flat ? "." : "", s->word, id->text);
        if (!own)
                return ERR_NOMEM;
        r = origins_add(&f->origins, f->arena, (struct origin){ to, s, map });
        if (r < 0)
                return r;

        report_unknown(f, s, map);
        for (const struct schema_key *k = s->keys; k < s->keys + s->keys_count; k++) {
                const struct node *n = tree_find(map, k->name);

                if (k->type == SCHEMA_ENUM)
                        *(unsigned *)(void *)((char *)to + k->offset) = k->otherwise;
                r = is_wanted(f, k, map, n) ? fill_key(f, k, to, n, own, s->is_root ? "" : own) : 0;
                if (r < 0)
                        return r;
        }
        return s->is_root || has_id ? fill_texts(f, s, to, map, own) : 0;      /* no id: no keys to miss */
}

/* The lists are newest first: turned, mistakes come in the order of the files. */
void fill_done(struct filler *f)
{
        struct reference *references = NULL;
        struct unread *unread = NULL;

        for (struct reference *r = f->references, *next; r; r = next) {
                next = r->next;
                r->next = references;
                references = r;
        }
        for (struct unread *u = f->unread, *next; u; u = next) {
                next = u->next;
                u->next = unread;
                unread = u;
        }
        f->references = references;
        f->unread = unread;
}

struct place fill_place(const struct filler *f, const void *record, const char *key)
{
        const struct node *map = NULL;

        for (size_t i = 0; i < f->origins.n; i++) {      /* the pack itself has keys in several files */
                const struct node *n = f->origins.rows[i].record == record ? tree_find(f->origins.rows[i].map, key) : NULL;

                if (n)
                        return at(n);
                if (f->origins.rows[i].record == record && !map)
                        map = f->origins.rows[i].map;
        }
        return at(map ? map : f->origins.rows[0].map);      /* made by the loader, from no line */
}
