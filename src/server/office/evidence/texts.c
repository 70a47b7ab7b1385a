/* texts.c - texts.json: what people wrote, with the salt that shows that it is what the entry committed to. Finds the attachments on the way. */
#include <stdlib.h>

#include "base/codec.h"
#include "server/office/evidence/dossier.h"
#include "server/office/store/rows.h"

enum { SEEN_FIRST = 4096, STEP_EVERY = 500, FILES_FIRST = 64 };

SCOPED(json_decref, json_t *)

/* Where a name stands; column NULL: all of the table. */
static const struct { const char *table, *column; } names[] = {
        { "person", NULL }, { "contact", NULL }, { "account", "holder" }, { "import", NULL },
};

static bool is_name(const char *table, const char *column)
{
        for (size_t i = 0; i < countof(names); i++)
                if (strcmp(table, names[i].table) == 0 && (!names[i].column || strcmp(column, names[i].column) == 0))
                        return true;
        return false;
}

/* ---- commitments that were met: a text that several entries carry is opened at the first ---- */

struct seen { struct hash *slot; bool *used; size_t n, room; };

static size_t place_of(const struct seen *s, const struct hash *h)
{
        uint64_t at;

        memcpy(&at, h->b, sizeof(at));
        for (at &= s->room - 1; s->used[at] && !hash_eq(&s->slot[at], h);)
                at = (at + 1) & (s->room - 1);
        return (size_t)at;
}

static int seen_grow(struct seen *s, struct err *e)
{
        struct seen more = { .room = s->room ? s->room * 2 : SEEN_FIRST, .n = s->n };

        more.slot = calloc(more.room, sizeof(*more.slot));
        more.used = calloc(more.room, sizeof(*more.used));
        if (!more.slot || !more.used) {
                free(more.slot);
                free(more.used);
                return err_set(e, ERR_NOMEM, "texts");
        }
        for (size_t i = 0; i < s->room; i++)
                if (s->used[i]) {
                        size_t at = place_of(&more, &s->slot[i]);

                        more.slot[at] = s->slot[i];
                        more.used[at] = true;
                }
        free(s->slot);
        free(s->used);
        *s = more;
        return ERR_OK;
}

/* *first: it was not there. */
static int seen_add(bool *first, struct seen *s, const struct hash *h, struct err *e)
{
        int r = (s->n + 1) * 2 > s->room ? seen_grow(s, e) : ERR_OK;
        size_t at;

        if (r < 0)
                return r;
        at = place_of(s, h);
        *first = !s->used[at];
        s->slot[at] = *h;
        s->used[at] = true;
        s->n += *first;
        return ERR_OK;
}

/* ---- lines ---- */

static void put_json_text(struct buf *b, struct str s)
{
        buf_char(b, '"');
        for (size_t i = 0; i < s.n; i++) {
                unsigned char c = (unsigned char)s.p[i];

                if (c < 0x20)
                        buf_printf(b, "\\u%04x", c);
                else if (c == '"' || c == '\\')
                        buf_printf(b, "\\%c", c);
                else
                        buf_char(b, (char)c);
        }
        buf_char(b, '"');
}

struct writing { struct dossier *d; struct seen seen; struct buf line; struct arena *arena; uint64_t index; bool any; };

/* Which row and column: of an after-image. */
struct spot { const char *t, *id, *k, *column; struct hash commit; };

static int put_line(struct writing *w, const struct spot *x, const uint8_t salt[32], struct str text, struct err *e)
{
        struct buf *b = &w->line;

        w->d->made.texts++;
        if (!w->d->zip)
                return ERR_OK;
        buf_clear(b);
        buf_printf(b, "%s{\"index\":%llu,\"table\":\"%s\",\"id\":\"%s\"", w->any ? ",\n" : "", (unsigned long long)w->index, x->t, x->id);
        if (x->k) {
                buf_text(b, ",\"k\":");
                put_json_text(b, str_of(x->k));
        }
        buf_printf(b, ",\"column\":\"%s\",\"salt\":\"", x->column);
        hex_encode(b, salt, 32);
        buf_text(b, "\",\"text\":");
        put_json_text(b, text);
        buf_char(b, '}');
        w->any = true;
        return buf_bad(b) ? err_set(e, ERR_NOMEM, "texts") : zip_out_add(w->d->zip, buf_view(b), e);
}

static int put_text(struct writing *w, const struct spot *x, struct err *e)
{
        struct dossier_made *made = &w->d->made;
        bool first = false, erased = false;
        uint8_t salt[32];
        struct str text;
        int r = seen_add(&first, &w->seen, &x->commit, e);

        if (r < 0 || !first)
                return r;
        r = store_open(&text, salt, &erased, w->d->job->db, &x->commit, str_of(x->t), str_of(x->column), w->arena, e);
        if (r < 0)
                return err_wrap(e, r, "entry %llu, %s.%s", (unsigned long long)w->index, x->t, x->column);
        if (erased)
                made->left_erased++;
        else if (w->d->job->withhold)
                made->left_withheld++;
        else if (w->d->job->posts && is_name(x->t, x->column))
                made->left_names++;
        else
                return put_line(w, x, salt, text, e);
        return ERR_OK;
}

/* ---- attachments that an entry names ---- */

static int note_file(struct dossier *d, const char *hash, struct err *e)
{
        for (size_t i = 0; i < d->files_count; i++)
                if (str_is(d->files[i].hash, hash))
                        return ERR_OK;
        if (d->files_count == d->files_room) {
                size_t room = d->files_room ? d->files_room * 2 : FILES_FIRST;
                struct dossier_file *more = arena_array(d->arena, room, sizeof(*more));

                if (!more)
                        return err_set(e, ERR_NOMEM, "attachments");
                if (d->files_count)
                        memcpy(more, d->files, d->files_count * sizeof(*more));
                d->files = more;
                d->files_room = room;
        }
        d->files[d->files_count].hash = str_of(arena_text(d->arena, hash));
        d->files[d->files_count].name = STR("");
        return d->files[d->files_count++].hash.p ? ERR_OK : err_set(e, ERR_NOMEM, "attachments");
}

static int name_file(struct writing *w, const char *hash, const struct hash *commit, struct err *e)
{
        struct dossier *d = w->d;
        bool erased = false;
        uint8_t salt[32];
        struct str name = STR("");
        int r = store_open(&name, salt, &erased, d->job->db, commit, STR("attachment"), STR("name"), d->arena, e);

        for (size_t i = 0; r == ERR_OK && !erased && i < d->files_count; i++)
                if (str_is(d->files[i].hash, hash) && !d->files[i].name.n)
                        d->files[i].name = name;
        return r;
}

static int walk_row(struct writing *w, json_t *set, struct err *e)
{
        json_t *c = json_object_get(set, "c"), *v;
        struct spot x = { .t = json_string_value(json_object_get(set, "t")), .id = json_string_value(json_object_get(set, "id")), .k = json_string_value(json_object_get(set, "k")) };
        const char *hash = json_string_value(json_object_get(c, "hash"));
        bool attached = x.t && strcmp(x.t, "attachment") == 0 && hash;
        int r = attached ? note_file(w->d, hash, e) : ERR_OK;

        if (!x.t || !x.id)
                return err_set(e, ERR_TAMPERED, "entry %llu: malformed after-image", (unsigned long long)w->index);
        json_object_foreach(c, x.column, v) {
                struct str hex = str_of(json_string_value(json_object_get(v, "commit")));

                if (r < 0)
                        return r;
                if (!hex.n)
                        continue;
                if (!hex_decode(hex, x.commit.b, HASH_SIZE))
                        return err_set(e, ERR_TAMPERED, "entry %llu: malformed commitment", (unsigned long long)w->index);
                r = put_text(w, &x, e);
                if (r == ERR_OK && attached && strcmp(x.column, "name") == 0)
                        r = name_file(w, hash, &x.commit, e);
        }
        return r;
}

static int walk_entry(struct writing *w, struct err *e)
{
        scoped(json_decref) json_t *o = NULL;
        struct gathered_entry entry;
        json_t *set;
        size_t i;
        int r = gather_entry(&entry, w->d->job->db, w->index, w->arena, e);

        if (r < 0)
                return r;
        o = json_loadb(entry.bytes.p, entry.bytes.n, JSON_REJECT_DUPLICATES, NULL);
        if (!o)
                return err_set(e, ERR_TAMPERED, "journal entry %llu is not JSON", (unsigned long long)w->index);
        json_array_foreach(json_object_get(o, "set"), i, set) {
                r = walk_row(w, set, e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

static int walk(struct writing *w, struct err *e)
{
        const struct index_set *all = &w->d->gathered.entries;
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < all->n; i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;

                w->arena = &a;
                w->index = all->v[i];
                r = walk_entry(w, e);
                if (r == ERR_OK && i % STEP_EVERY == 0)
                        r = dossier_step(w->d, PHASE_TEXTS, i, all->n, e);
        }
        return r;
}

int dossier_put_texts(struct dossier *d, struct err *e)
{
        struct writing w = { .d = d };
        int r = d->zip ? zip_out_begin(d->zip, "texts.json", true, true, e) : ERR_OK;

        if (r == ERR_OK && d->zip)
                r = zip_out_add(d->zip, STR("[\n"), e);
        if (r == ERR_OK)
                r = walk(&w, e);
        if (r == ERR_OK && d->zip)
                r = zip_out_add(d->zip, w.any ? STR("\n]\n") : STR("]\n"), e);
        if (r == ERR_OK && d->zip)
                r = zip_out_end(d->zip, e);
        free(w.seen.slot);
        free(w.seen.used);
        buf_done(&w.line);
        return r;
}
