/* spot.c - see spot.h. */
#include "core/pack/spot.h"

static const struct schema_key *key_named(const struct schema *s, struct str name, enum schema_type type)
{
        for (const struct schema_key *k = s->keys; k < s->keys + s->keys_count; k++)
                if (k->type == type && str_is(name, k->name))
                        return k;
        return NULL;
}

/* An id that may hold points reaches to ".<list of its record>.", or to the end. */
static struct str take_id(struct str *rest, const struct schema *s)
{
        struct str id = *rest;

        for (size_t i = 0; i < rest->n; i++) {
                struct str word, behind = { rest->p + i + 1, rest->n - i - 1 };

                if (rest->p[i] == '.' && str_cut(behind, '.', &word, &behind) && key_named(s, word, SCHEMA_RECORDS)) {
                        id.n = i;
                        break;
                }
        }
        *rest = id.n == rest->n ? (struct str){ "", 0 } : (struct str){ rest->p + id.n + 1, rest->n - id.n - 1 };
        return id;
}

static bool id_has_points(const struct schema_key *k)
{
        while (k && k->type == SCHEMA_REFERENCE)
                k = schema_id_of(k->refers);
        return k && (k->type == SCHEMA_CLAUSE || k->type == SCHEMA_SECTION);
}

/* List and id by turns, until nothing is left. */
static bool take_steps(struct spot *out, struct str rest, const struct schema *s)
{
        while (rest.n) {
                struct str list = rest, id;
                const struct schema_key *k, *id_key;

                if (!str_cut(rest, '.', &list, &rest) || out->depth == SPOT_STEPS_MAX)
                        return false;
                k = key_named(s, list, SCHEMA_RECORDS);
                if (!k)
                        return false;
                s = schema_of(k->refers);
                id_key = schema_id_of(k->refers);
                if (id_has_points(id_key)) {
                        id = take_id(&rest, s);
                } else if (!str_cut(rest, '.', &id, &rest)) {
                        id = rest;
                        rest = (struct str){ "", 0 };
                }
                if (!id.n)
                        return false;
                out->steps[out->depth].list = k->name;
                out->steps[out->depth++].id = id;
        }
        return true;
}

static bool parse_folder(struct spot *out, const struct schema_file *row, struct str rest)
{
        struct str after = { "", 0 };

        out->row = row;
        if (!str_cut(rest, '.', &out->id, &after))
                out->id = rest;
        return pack_id_ok(out->id) && (!memchr(rest.p, '.', rest.n) || after.n) && take_steps(out, after, schema_of(row->kind));
}

bool spot_parse(struct spot *out, const char *where)
{
        struct str all = str_of(where), first = all, rest = { "", 0 };

        *out = (struct spot){ .row = schema_files, .is_listed = true };
        if (!str_cut(all, '.', &first, &rest)) {
                const struct schema_key *record = key_named(schema_of(KIND_PACK), all, SCHEMA_RECORD);

                out->is_listed = false;
                out->record = record ? record->name : NULL;
                return record || str_is(all, "pack");
        }
        for (const struct schema_file *row = schema_files; row < schema_files + schema_files_count; row++) {
                out->row = row;
                if (row->is_folder && str_eq(first, (struct str){ row->name, strlen(row->name) - 1 }))
                        return parse_folder(out, row, rest);
                if (!row->is_folder && key_named(schema_of(row->kind), first, SCHEMA_RECORDS))
                        return rest.n && take_steps(out, all, schema_of(row->kind));
        }
        return false;
}

static bool same_step(const struct spot *a, const struct spot *b, size_t i)
{
        return a->steps[i].list == b->steps[i].list && str_eq(a->steps[i].id, b->steps[i].id);
}

static bool same_file(const struct spot *a, const struct spot *b)
{
        return a->row == b->row && a->is_listed == b->is_listed && a->record == b->record && str_eq(a->id, b->id);
}

bool spot_within(const struct spot *inner, const struct spot *outer)
{
        if (!same_file(inner, outer) || inner->depth <= outer->depth)
                return false;
        for (size_t i = 0; i < outer->depth; i++)
                if (!same_step(inner, outer, i))
                        return false;
        return outer->depth || outer->row->is_folder;
}

bool spot_equal(const struct spot *a, const struct spot *b)
{
        if (!same_file(a, b) || a->depth != b->depth)
                return false;
        for (size_t i = 0; i < a->depth; i++)
                if (!same_step(a, b, i))
                        return false;
        return true;
}

static struct source *source_of(const struct spot *s, const struct sources *in, const char *pack_file)
{
        if (!s->row->is_folder)
                return sources_find(in, pack_file && s->row->kind == KIND_PACK ? pack_file : s->row->name);
        for (size_t i = 0; i < in->n; i++)
                if (in->list[i].row == s->row && str_eq(in->list[i].id, s->id))
                        return &in->list[i];
        return NULL;
}

void spot_find(struct found *out, const struct spot *s, const struct sources *in, const char *pack_file)
{
        struct node *record;

        *out = (struct found){ .source = source_of(s, in, pack_file) };
        record = out->source ? out->source->tree : NULL;
        if (s->record && record)
                record = tree_find(record, s->record);
        for (size_t i = 0; i < s->depth && record; i++) {
                bool last = i + 1 == s->depth;
                struct node *list = tree_find(record, s->steps[i].list);

                if (last)
                        out->holder = record;
                if (!list || list->kind != NODE_LIST)
                        return;
                if (last)
                        out->list = list;
                record = tree_item(list, s->steps[i].id);
                if (record)
                        out->lists[out->lists_count++] = list;
        }
        out->record = record;
}

const char *spot_file(const struct spot *s, const char *pack_file, struct arena *a)
{
        if (s->row->is_folder)
                return arena_printf(a, "%s%.*s.yaml", s->row->name, (int)s->id.n, s->id.p);
        return s->row->kind == KIND_PACK ? pack_file : s->row->name;
}
