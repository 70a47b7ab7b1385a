/* rules_desk.c - see rules.h. */
#include "base/codec.h"
#include "core/pack/diff.h"
#include "core/pack/loosened.h"
#include "core/pack/sheet.h"
#include "server/office/api/answers.h"
#include "server/office/api/rules.h"
#include "server/office/api/shape.h"
#include "server/office/command/rules.h"
#include "server/office/office.h"
#include "server/office/packs.h"
#include "server/office/store/query.h"

enum { CHANGES_SAID = 1000, OPEN_PACKS_MAX = 1000 };

#define OVERLAY "overlay.yaml"
static const char first_id[] = "local";         /* of a municipality's first own layer */

struct desk *desk_close(struct desk *d)
{
        if (!d)
                return NULL;
        (void)pack_layers_free(d->lower);
        (void)pack_free(d->below);
        (void)pack_free(d->draft);
        json_decref(d->edits);
        json_decref(d->mistakes);
        free(d);
        return NULL;
}

/* ---- layers ---- */

/* The municipality's own layer is the draft's beginning; what is below it stays. */
static int cut_top(struct desk *d, struct pack_dir **top, struct err *e)
{
        struct pack_layers *l = d->lower;

        *top = NULL;
        if (l->n < 2) {
                if (l->n && !*l->names[0])      /* alone, it was not asked for by a name */
                        (void)snprintf(l->names[0], PACK_ID_MAX, "%s", d->base->id);
                return ERR_OK;
        }
        *top = l->dirs[--l->n];
        l->dirs[l->n] = NULL;
        return *top ? ERR_OK : err_set(e, ERR_NOMEM, "layer");
}

static int open_layers(struct desk *d, struct pack_dir **top, struct request *rq, struct err *e)
{
        int r = packs_layers(&d->lower, rq->office->packs, &d->base->hash, e);

        if (r == ERR_OK)
                r = cut_top(d, top, e);
        (void)snprintf(d->id, sizeof(d->id), "%s", *top ? d->base->id : first_id);
        d->version = *top ? d->base->version + 1 : 1;
        return r == ERR_OK ? pack_layers_load(&d->below, d->lower, NULL, NULL, e) : r;
}

static void see_mistake(void *ctx, const struct err *m)
{
        scoped(buf_done) struct buf ja = BUF_INIT, en = BUF_INIT;

        text_err(&ja, LANG_JA, m);
        text_err(&en, LANG_EN, m);
        (void)json_array_append_new(ctx, json_pack("{s:s, s:s, s:{s:o, s:o}}", "at", m->args[0], "key", m->key, "message", "ja", json_of(buf_view(&ja)), "en", json_of(buf_view(&en))));
}

int desk_load(struct pack **out, const struct desk *d, const struct draft_files *top, json_t *mistakes, struct err *e)
{
        struct pack_layer_files layers[PACK_LAYERS_MAX];
        size_t n = d->lower->n;

        for (size_t i = 0; i < n; i++)
                layers[i] = (struct pack_layer_files){ d->lower->names[i], d->lower->dirs[i]->files, d->lower->dirs[i]->n };
        layers[n] = (struct pack_layer_files){ d->id, top->files, top->n };
        return pack_load_layers(out, layers, n + 1, mistakes ? see_mistake : NULL, mistakes, e);
}

int desk_layers(struct pack_layers **out, const struct desk *d, struct err *e)
{
        scoped(pack_layers_free) struct pack_layers *l = calloc(1, sizeof(*l));
        bool good = l;

        for (size_t i = 0; good && i <= d->lower->n; i++) {
                bool top = i == d->lower->n;
                struct pack_dir *dir = l->dirs[i] = calloc(1, sizeof(*dir));
                const struct pack_file *files = top ? d->files.files : d->lower->dirs[i]->files;
                size_t n = top ? d->files.n : d->lower->dirs[i]->n;

                good = dir;
                l->n += good;
                for (size_t f = 0; good && f < n; f++) {
                        dir->files[f] = (struct pack_file){ arena_text(&dir->arena, files[f].name), { arena_copy(&dir->arena, files[f].bytes.p, files[f].bytes.n), files[f].bytes.n } };
                        dir->n++;
                        good = dir->files[f].name && dir->files[f].bytes.p;
                }
                (void)snprintf(l->names[i], PACK_ID_MAX, "%s", top ? d->id : d->lower->names[i]);
        }
        if (!good)
                return err_set(e, ERR_NOMEM, "layers");
        *out = take(l);
        return ERR_OK;
}

/* ---- files as JSON ---- */

json_t *desk_files_json(const struct draft_files *f)
{
        json_t *o = json_object();

        for (size_t i = 0; i < f->n; i++)
                (void)json_object_set_new(o, f->files[i].name, json_of(f->files[i].bytes));
        return o;
}

static int files_of(struct draft_files *out, struct str text, struct arena *a, struct err *e)
{
        scoped(json_decref) json_t *o = json_loadb(text.p, text.n, 0, NULL);
        const char *name;
        json_t *bytes;

        if (!json_is_object(o))
                return err_set(e, ERR_TAMPERED, "a draft holds no files");
        json_object_foreach(o, name, bytes) {
                if (out->n == PACK_FILES_MAX)
                        return err_set(e, ERR_TOO_BIG, "files of a draft");
                out->files[out->n] = (struct pack_file){ arena_text(a, name), { arena_copy(a, json_string_value(bytes), json_string_length(bytes)), json_string_length(bytes) } };
                if (!out->files[out->n].name || !out->files[out->n++].bytes.p)
                        return err_set(e, ERR_NOMEM, "draft");
        }
        return ERR_OK;
}

/* ---- open ---- */

static int make(struct desk **out, struct err *e)
{
        struct desk *d = calloc(1, sizeof(*d));

        if (d) {
                d->mistakes = json_array();
                d->edits = json_array();
        }
        if (!d || !d->mistakes || !d->edits) {
                (void)desk_close(d);
                return err_set(e, ERR_NOMEM, "draft");
        }
        *out = d;
        return ERR_OK;
}

/* A copy of the topmost layer under its next version: its head line is the only one that changes. */
static int begin_with(struct desk *d, const struct pack_dir *top, struct request *rq, struct err *e)
{
        struct draft_files empty = { .n = 0 };
        struct draft_head head = { d->id, d->version, d->lower->names[d->lower->n - 1], "" };

        for (size_t i = 0; top && i < top->n; i++)
                empty.files[empty.n++] = top->files[i];
        return draft_write(&d->files, &head, d->below, d->base, d->base, &empty, rq->arena, e);
}

int desk_start(struct desk **out, struct request *rq, struct err *e)
{
        scoped(desk_close) struct desk *d = NULL;
        scoped(pack_dir_free) struct pack_dir *top = NULL;
        int r = make(&d, e);

        if (r < 0)
                return r;
        d->base = rq->office->pack;
        r = open_layers(d, &top, rq, e);
        if (r == ERR_OK)
                r = begin_with(d, top, rq, e);
        if (r == ERR_OK)
                r = desk_load(&d->draft, d, &d->files, d->mistakes, e);
        if (r < 0)
                return r;
        *out = take(d);
        return ERR_OK;
}

int desk_open(struct desk **out, struct request *rq, struct err *e)
{
        scoped(desk_close) struct desk *d = NULL;
        scoped(pack_dir_free) struct pack_dir *top = NULL;
        struct uuid id;
        json_t *edits;
        int r = make(&d, e);

        if (r == ERR_OK && !uuid_parse(rq->param, &id))
                r = err_key(e, ERR_ABSENT, "rules.absent", "", NULL);
        if (r == ERR_OK)
                r = store_row(&d->row, rq->db, TABLE_RULEDRAFT, arena_copy(rq->arena, rq->param.p, rq->param.n), NULL, rq->arena, e);
        if (r == ERR_OK && !d->row.rev)
                r = err_key(e, ERR_ABSENT, "rules.absent", "", NULL);
        if (r == ERR_OK && !(d->base = office_pack(rq->office, row_get_text(&d->row, RULEDRAFT_base))))
                r = err_key(e, ERR_CONFLICT, "decide.procedure.gone", "", NULL);
        if (r == ERR_OK)
                r = open_layers(d, &top, rq, e);
        if (r == ERR_OK)
                r = files_of(&d->files, row_get_text(&d->row, RULEDRAFT_files), rq->arena, e);
        if (r < 0)
                return r;
        edits = json_loadb(row_get_text(&d->row, RULEDRAFT_edits).p, row_get_text(&d->row, RULEDRAFT_edits).n, 0, NULL);
        if (edits) {
                json_decref(d->edits);
                d->edits = edits;
        }
        r = desk_load(&d->draft, d, &d->files, d->mistakes, e);
        if (r < 0 && !json_array_size(d->mistakes))
                return r;
        *out = take(d);
        return ERR_OK;
}

/* ---- as JSON ---- */

json_t *rules_both(void (*say)(struct buf *, const void *, enum lang), const void *what)
{
        json_t *o = json_object();

        for (int lang = 0; lang < LANG_COUNT; lang++) {
                scoped(buf_done) struct buf words = BUF_INIT;

                say(&words, what, (enum lang)lang);
                (void)json_put(o, lang == LANG_JA ? "ja" : "en", json_of(buf_view(&words)));
        }
        return o;
}

static void say_change(struct buf *out, const void *c, enum lang lang)
{
        pack_change_text(out, c, lang);
}

struct told { json_t *list; size_t n; };

static bool is_version(const struct change *c)
{
        return !c->depth && (strcmp(c->key, "version") == 0 || strcmp(c->key, "id") == 0);
}

static void see_change(void *ctx, const struct change *c)
{
        struct told *t = ctx;

        if (!is_version(c) && t->n++ < CHANGES_SAID)
                (void)json_array_append_new(t->list, rules_both(say_change, c));
}

static void count_change(void *ctx, const struct change *c)
{
        *(size_t *)ctx += !is_version(c);
}

size_t desk_changes(const struct desk *d)
{
        size_t n = 0;

        pack_diff(d->base, d->draft, count_change, &n);
        return n;
}

int rules_reason(struct str *out, struct str in, struct request *rq, struct err *e)
{
        int r = answers_reason(out, in, rq, e);

        return r == ERR_OK && !out->n ? err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL) : r;
}

int desk_loosened(struct pack *draft, const struct pack *base, struct err *e)
{
        struct pack *made[2] = { arena_new(&draft->arena, struct pack), draft };
        struct pack_layer *layers = arena_array(&draft->arena, 2, sizeof(*layers));
        const struct pack_layer *own = draft->layers;
        size_t n = draft->layers_count;
        int r;

        if (!made[0] || !layers)
                return err_set(e, ERR_NOMEM, "layers");
        *made[0] = *base;        /* read only; its arena is not ours to end */
        layers[0].id = base->id;
        layers[1].id = draft->id;
        draft->layers = layers;
        draft->layers_count = 2;
        r = loosened_find(made, 2);
        draft->layers = own;
        draft->layers_count = n;
        return r < 0 ? err_set(e, r, "loosened") : ERR_OK;
}

const char *rules_person(struct request *rq, struct str id)
{
        struct row p;
        struct uuid u;

        if (!uuid_parse(id, &u) || store_row(&p, rq->db, TABLE_PERSON, arena_copy(rq->arena, id.p, id.n), NULL, rq->arena, NULL) < 0 || !p.rev)
                return "";
        return arena_copy(rq->arena, row_get_text(&p, PERSON_name).p, row_get_text(&p, PERSON_name).n);
}

static json_t *json_hand(struct request *rq, const struct row *row, int person, int at)
{
        if (!row_get_text(row, person).n)
                return json_null();
        return json_pack("{s:s, s:o}", "name", rules_person(rq, row_get_text(row, person)), "at", json_time(row_get_int(row, at)));
}

static int open_cases(json_int_t *out, struct request *rq, struct err *e)
{
        struct open_pack *packs = NULL;
        size_t n = 0;
        int r = query_open_packs(&packs, &n, rq->db, rq->arena, e);

        *out = 0;
        for (size_t i = 0; r == ERR_OK && i < n; i++)
                *out += (json_int_t)packs[i].count;
        return r;
}

/* What may be done now, in the words of the routes. */
static json_t *may(struct request *rq, const struct desk *d, bool stale)
{
        const struct actor *who = &rq->session.who;
        bool open = row_is(&d->row, RULEDRAFT_state, "draft") || row_is(&d->row, RULEDRAFT_state, "returned"), proposed = row_is(&d->row, RULEDRAFT_state, "proposed");
        bool keeps = rules_may_keep(who), adopts = rules_may_adopt(who) && proposed, own = rules_is_own(&d->row, who->person);
        const struct { const char *word; bool yes; } deeds[] = {
                { "edit", keeps && open && !stale }, { "propose", keeps && open && !stale && d->draft }, { "drop", keeps && (open || proposed) },
                { "adopt", adopts && !own && !stale && d->draft }, { "return", adopts }, { "own", adopts && own },
        };
        json_t *list = json_array();

        for (size_t i = 0; i < countof(deeds); i++)
                if (deeds[i].yes)
                        (void)json_array_append_new(list, json_string(deeds[i].word));
        return list;
}

static int put_differences(json_t *o, struct desk *d, struct err *e)
{
        struct told changes = { .list = json_array() };
        json_t *loosened = json_array();
        int r = d->draft ? desk_loosened(d->draft, d->base, e) : ERR_OK;

        if (r == ERR_OK && d->draft) {
                pack_diff(d->base, d->draft, see_change, &changes);
                for (const struct pack_loosened *l = d->draft->loosened; l < d->draft->loosened + d->draft->loosened_count; l++)
                        (void)json_array_append_new(loosened, json_pack("{s:s, s:o}", "clause", l->clause ? l->clause : "", "what", rules_both(say_change, l->change)));
        }
        (void)json_put(o, "changes", changes.list);
        (void)json_put(o, "total", json_integer((json_int_t)changes.n));
        return json_put(o, "loosened", loosened) ? r : err_set(e, ERR_NOMEM, "draft");
}

/* What does not apply is left out. */
static void drop_nulls(json_t *o)
{
        const char *key;
        json_t *v;
        void *next;

        json_object_foreach_safe(o, next, key, v)
                if (json_is_null(v))
                        (void)json_object_del(o, key);
}

json_t *desk_json(struct request *rq, struct desk *d, struct err *e)
{
        char hex[2 * HASH_SIZE + 1];
        scoped(json_decref) json_t *o = NULL;
        json_t *todo = json_loadb(row_get_text(&d->row, RULEDRAFT_todo).p ? row_get_text(&d->row, RULEDRAFT_todo).p : "", row_get_text(&d->row, RULEDRAFT_todo).n, 0, NULL);
        json_int_t cases = 0;
        bool stale;
        int r = open_cases(&cases, rq, e);

        hex_text(hex, rq->office->pack->hash.b, HASH_SIZE);
        stale = !row_is(&d->row, RULEDRAFT_base, hex);
        o = json_pack("{s:s, s:I, s:o, s:o, s:b, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:O, s:O, s:o, s:o}", "id", d->row.id, "rev", (json_int_t)d->row.rev,
                      "state", json_of(row_get_text(&d->row, RULEDRAFT_state)), "title", json_of(row_get_text(&d->row, RULEDRAFT_title)), "stale", stale, "open_cases", cases,
                      "made", json_hand(rq, &d->row, RULEDRAFT_author, RULEDRAFT_made_at), "changed", json_hand(rq, &d->row, RULEDRAFT_editor, RULEDRAFT_changed_at),
                      "proposed", json_hand(rq, &d->row, RULEDRAFT_proposer, RULEDRAFT_proposed_at), "decided", json_hand(rq, &d->row, RULEDRAFT_decider, RULEDRAFT_decided_at),
                      "reason", json_of(row_get_text(&d->row, RULEDRAFT_reason)), "pack", json_of(row_get_text(&d->row, RULEDRAFT_pack)), "edits", d->edits, "mistakes", d->mistakes,
                      "todo", todo ? todo : json_array(), "may", may(rq, d, stale));
        if (!o)
                r = err_set(e, ERR_NOMEM, "draft");
        drop_nulls(o);
        if (r == ERR_OK)
                r = put_differences(o, d, e);
        if (r == ERR_OK && !json_put(o, "files", desk_files_json(&d->files)))
                r = err_set(e, ERR_NOMEM, "draft");
        return r < 0 ? NULL : take(o);
}
