/* rules_edit.c - a draft as forms: a record with its keys and words; edits of one record, of a sheet, of a file. */
#include "core/pack/flatten.h"
#include "core/pack/sheet.h"
#include "core/pack/sheet_source.h"
#include "core/pack/source.h"
#include "server/office/api/answers.h"
#include "server/office/api/handlers.h"
#include "server/office/api/rules.h"
#include "server/office/api/shape.h"
#include "server/office/api/sheets.h"
#include "server/office/command/rules.h"
#include "server/office/office.h"

enum { WHERE_BYTES = 200, VALUES_MAX = 60, EDITS_KEPT = 300, FILE_BYTES = 256 * 1024, NAME_BYTES = 120 };

/* ---- a record as a form ---- */

static const char *const type_names[] = {
        [SCHEMA_INTEGER] = "integer", [SCHEMA_BOOL] = "yes-no", [SCHEMA_ENUM] = "one-of", [SCHEMA_REFERENCE] = "record", [SCHEMA_FIELD] = "word", [SCHEMA_STEP] = "word",
        [SCHEMA_LEVEL] = "word", [SCHEMA_CONDITION] = "condition", [SCHEMA_PERIOD] = "period", [SCHEMA_REASON] = "text", [SCHEMA_RECORDS] = "words", [SCHEMA_WHERE] = "word",
};

static const char *type_of(const struct schema_key *k)
{
        return (size_t)k->type < countof(type_names) && type_names[k->type] ? type_names[k->type] : "word";
}

static json_t *option(const char *id, const char *ja, const char *en)
{
        return json_pack("{s:s, s:{s:s, s:s}}", "id", id, "label", "ja", ja, "en", en);
}

static const char *enum_text(const struct schema_key *k, const char *name, enum lang lang)
{
        char key[ERR_KEY_MAX];

        (void)snprintf(key, sizeof(key), "pack.option.%s.%s", k->name, name);
        for (char *p = key; *p; p++)
                *p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 'a' - 'A' : *p);
        return text_known(key) ? text_get(lang, key) : name;
}

/* The records that a key may name, with their own names. */
static void add_records(json_t *list, const struct pack *p, enum schema_kind kind)
{
        const struct schema *s = schema_of(kind);
        const char *at = (const char *)p;
        const char *records = s->list ? *(const char *const *)(const void *)(at + s->list) : NULL;
        size_t n = s->list ? *(const size_t *)(const void *)(at + s->count) : 0;

        for (size_t i = 0; records && i < n; i++) {
                const char *record = records + i * s->size, *id = *(const char *const *)(const void *)record;
                const struct pack_text *name = s->texts_count ? (const struct pack_text *)(const void *)(record + s->texts[0].offset) : NULL;

                (void)json_array_append_new(list, option(id, name && name->key ? name->in[LANG_JA] : id, name && name->key ? name->in[LANG_EN] : id));
        }
}

static json_t *options_of(const struct pack *p, const struct schema_key *k)
{
        json_t *list = json_array();
        const struct schema_key *id = k->type == SCHEMA_RECORDS ? schema_id_of(k->refers) : NULL;

        for (size_t i = 0; k->type == SCHEMA_ENUM && k->names[i]; i++)
                (void)json_array_append_new(list, option(k->names[i], enum_text(k, k->names[i], LANG_JA), enum_text(k, k->names[i], LANG_EN)));
        if (k->type == SCHEMA_REFERENCE)
                add_records(list, p, k->refers);
        if (id && id->type == SCHEMA_REFERENCE)
                add_records(list, p, id->refers);
        return list;
}

/* As draft_edit() takes it. */
static void value_text(struct buf *out, const struct node *n)
{
        if (n && n->kind != NODE_LIST)
                buf_text(out, n->text ? n->text : "");
        for (const struct node *item = n && n->kind == NODE_LIST ? n->first : NULL; item; item = item->next) {
                const struct node *id = tree_find(item, "id");

                buf_printf(out, "%s%s", out->n ? " " : "", id && id->text ? id->text : "");
        }
}

static json_t *label_json(const char *key)
{
        return json_pack("{s:s, s:s}", "ja", draft_key_text(key, LANG_JA), "en", draft_key_text(key, LANG_EN));
}

static json_t *key_json(const struct pack *p, const struct schema_key *k, const struct node *record)
{
        scoped(buf_done) struct buf value = BUF_INIT;

        value_text(&value, tree_find(record, k->name));
        return json_pack("{s:s, s:o, s:s, s:o, s:b, s:b, s:I, s:I, s:o}", "key", k->name, "label", label_json(k->name), "type", type_of(k), "value", json_of(buf_view(&value)),
                         "required", k->required, "proposal", k->proposal, "low", (json_int_t)k->low, "high", (json_int_t)k->high, "options", options_of(p, k));
}

static json_t *place_json(const struct pack *p, const char *where, struct arena *a)
{
        scoped(buf_done) struct buf ja = BUF_INIT, en = BUF_INIT;

        draft_place_text(&ja, p, where, LANG_JA, a);
        draft_place_text(&en, p, where, LANG_EN, a);
        return json_pack("{s:o, s:o}", "ja", json_of(buf_view(&ja)), "en", json_of(buf_view(&en)));
}

static json_t *short_name(const struct pack *p, const char *where, const char *id, struct arena *a)
{
        struct draft_record r;
        const char *ja = "", *en = "";

        if (draft_find(&r, p, where, a, NULL) == 0)
                for (size_t i = 0; i < r.schema->texts_count && !*ja; i++) {
                        ja = draft_word(p, &r, r.schema->texts[i].name, LANG_JA, a);
                        en = draft_word(p, &r, r.schema->texts[i].name, LANG_EN, a);
                }
        return json_pack("{s:s, s:s}", "ja", *ja ? ja : id, "en", *en ? en : id);
}

static json_t *kind_json(enum schema_kind kind)
{
        char key[ERR_KEY_MAX];

        (void)snprintf(key, sizeof(key), "pack.kind.%s", schema_of(kind)->word);
        return json_pack("{s:s, s:s}", "ja", text_get(LANG_JA, key), "en", text_get(LANG_EN, key));
}

/* The records of a list. `list`: where one that is added is going to stand, without its id. */
static json_t *list_json(const struct pack *p, const char *where, const struct schema_key *k, const struct node *list, struct arena *a)
{
        const char *front = arena_printf(a, "%s%s%s", where, *where ? "." : "", k->name);
        json_t *records = json_array();

        for (const struct node *n = list ? list->first : NULL; n; n = n->next) {
                const struct node *id = tree_find(n, "id");
                const char *at = id && id->text ? arena_printf(a, "%s.%s", front, id->text) : NULL;

                if (at)
                        (void)json_array_append_new(records, json_pack("{s:s, s:s, s:o}", "where", at, "id", id->text, "name", short_name(p, at, id->text, a)));
        }
        return json_pack("{s:s, s:o, s:o}", "list", front, "label", kind_json(k->refers), "records", records);
}

static json_t *texts_json(const struct pack *p, const struct draft_record *r, struct arena *a)
{
        json_t *list = json_array();

        for (const struct schema_text *t = r->schema->texts; t < r->schema->texts + r->schema->texts_count; t++)
                (void)json_array_append_new(list, json_pack("{s:s, s:o, s:s, s:s, s:b}", "key", t->name, "label", label_json(t->name), "ja", draft_word(p, r, t->name, LANG_JA, a), "en",
                                                            draft_word(p, r, t->name, LANG_EN, a), "required", t->required));
        return list;
}

static json_t *record_json(const struct pack *p, const char *where, const struct draft_record *r, struct arena *a)
{
        json_t *keys = json_array(), *lists = json_array();
        const struct node *id = tree_find(r->node, "id");

        for (const struct schema_key *k = r->schema->keys; k < r->schema->keys + r->schema->keys_count; k++) {
                if (plan_is_value(k) || plan_is_links(k))
                        (void)json_array_append_new(keys, key_json(p, k, r->node));
                else if (plan_is_level(k))
                        (void)json_array_append_new(lists, list_json(p, where, k, tree_find(r->node, k->name), a));
        }
        return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "where", where, "id", id && id->text ? id->text : "", "name", place_json(p, where, a), "kind", kind_json(r->kind), "keys", keys,
                         "texts", texts_json(p, r, a), "lists", lists);
}

/* Where one begins: the settings, what stands in folders, the lists of the other files. */
static json_t *roots_json(const struct pack *p, struct arena *a)
{
        json_t *lists = json_array();

        for (const struct schema_file *row = schema_files; row < schema_files + schema_files_count; row++) {
                const struct schema *s = schema_of(row->kind);
                const struct source *own = row->is_folder ? NULL : sources_find(p->sources, row->name);
                json_t *records = row->is_folder ? json_array() : NULL;
                const char *list = arena_copy(a, row->name, strlen(row->name) - 1);

                for (const struct schema_key *k = s->keys; own && k < s->keys + s->keys_count; k++)
                        if (plan_is_level(k))
                                (void)json_array_append_new(lists, list_json(p, "", k, tree_find(own->tree, k->name), a));
                for (const struct source *f = p->sources->list; records && f < p->sources->list + p->sources->n; f++) {
                        const char *id = arena_copy(a, f->id.p ? f->id.p : "", f->id.n), *at = arena_printf(a, "%s.%s", list, id);

                        if (f->row == row)
                                (void)json_array_append_new(records, json_pack("{s:s, s:s, s:o}", "where", at, "id", id, "name", short_name(p, at, id, a)));
                }
                if (records)
                        (void)json_array_append_new(lists, json_pack("{s:s, s:o, s:o}", "list", list, "label", kind_json(row->kind), "records", records));
        }
        return json_pack("{s:s, s:s, s:o, s:o, s:[], s:[], s:o}", "where", "", "id", "", "name", kind_json(KIND_PACK), "kind", kind_json(KIND_PACK), "keys", "texts", "lists", lists);
}

int get_draft_record(struct request *rq, struct reply *out, struct err *e)
{
        scoped(desk_close) struct desk *d = NULL;
        struct str where = STR("");
        struct draft_record record;
        const char *place;
        int r = rules_may_see(&rq->session.who) ? ERR_OK : err_key(e, ERR_FORBIDDEN, "error.forbidden", "", NULL);

        if (r == ERR_OK)
                r = scgi_field(&where, rq->scgi->query, "where", rq->arena, e);
        if (r == ERR_ABSENT)
                r = ERR_OK;
        if (r == ERR_OK)
                r = desk_open(&d, rq, e);
        if (r == ERR_OK && !d->draft)
                r = err_key(e, ERR_INPUT, "rules.mistakes", "", NULL);
        if (r < 0)
                return r;
        place = arena_copy(rq->arena, where.p, where.n);
        if (!place || !*place) {
                out->json = roots_json(d->draft, rq->arena);
                return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "record");
        }
        r = draft_find(&record, d->draft, place, rq->arena, e);
        if (r == ERR_OK && record.node->kind != NODE_MAP)
                r = err_key(e, ERR_INPUT, "rules.draft.where", "", place, (char *)NULL);
        if (r < 0)
                return r;
        out->json = record_json(d->draft, place, &record, rq->arena);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "record");
}

/* ---- saving ---- */

static int log_edit(struct desk *d, struct request *rq, const char *where, const char *act, const char *name, struct str reason, struct err *e)
{
        json_t *one = json_pack("{s:o, s:s, s:s, s:s, s:s, s:o}", "at", json_time(rq->now), "by", rules_person(rq, str_of(rq->session.who.person)), "where", where, "act", act, "name", name,
                                "reason", json_of(reason));

        if (!one || json_array_append_new(d->edits, one) < 0)
                return err_set(e, ERR_NOMEM, "edit");
        while (json_array_size(d->edits) > EDITS_KEPT)
                (void)json_array_remove(d->edits, 0);
        return ERR_OK;
}

static int save(struct desk *d, struct request *rq, struct reply *out, int64_t rev, struct err *e)
{
        scoped(json_decref) json_t *files = desk_files_json(&d->files);
        char *text = files ? json_dumps(files, JSON_COMPACT) : NULL, *edits = json_dumps(d->edits, JSON_COMPACT);
        struct act_rules act = { .deed = RULES_SAVE, .person = rq->session.who.person, .id = rq->param, .rev = rev, .files = str_of(text ? text : ""), .edits = str_of(edits ? edits : "") };
        int r = text && edits ? writer_run(rq->office->writer, act_rules, &act, e) : err_set(e, ERR_NOMEM, "draft");

        free(text);
        free(edits);
        return r < 0 ? r : rules_done(rq, out, &act, e);
}

/* What `after` says becomes the draft, if it can be said and has no mistake; else the answer holds the mistakes and nothing is stored. */
static int settle(struct desk *d, const struct pack *after, struct str reason, struct request *rq, struct reply *out, bool *good, struct err *e)
{
        struct draft_head head = { d->id, d->version, d->lower->names[d->lower->n - 1], arena_copy(rq->arena, reason.p, reason.n) };
        struct draft_files *files = arena_new(rq->arena, struct draft_files);
        scoped(pack_free) struct pack *made = NULL;
        scoped(json_decref) json_t *mistakes = json_array();
        int r = files && head.reason ? draft_write(files, &head, d->below, after, d->draft, &d->files, rq->arena, e) : err_set(e, ERR_NOMEM, "draft");

        *good = false;
        if (r < 0)
                return r;
        r = desk_load(&made, d, files, mistakes, e);
        if (r < 0 && json_array_size(mistakes)) {
                out->json = json_pack("{s:O}", "mistakes", mistakes);
                return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "mistakes");
        }
        if (r == ERR_OK)
                r = draft_same(made, after, rq->arena, e);
        if (r < 0)
                return r;
        d->files = *files;
        *good = true;
        return ERR_OK;
}

int rules_settle(struct desk *d, const struct pack *after, struct str reason, struct request *rq, struct err *e)
{
        struct reply unread = { 0 };
        bool good = false;
        int r = settle(d, after, reason, rq, &unread, &good, e);

        json_decref(unread.json);
        return r == ERR_OK && !good ? err_key(e, ERR_INPUT, "rules.mistakes", "", NULL) : r;
}

/* Whoever may not save is told so before anything is worked out. */
static int open_for_edit(struct desk **d, struct pack **after, struct request *rq, int64_t rev, struct err *e)
{
        int r = desk_open(d, rq, e);

        if (r == ERR_OK && (*d)->row.rev != rev)
                r = err_key(e, ERR_CONFLICT, "rules.rev", "", NULL);
        if (r == ERR_OK && after && !(*d)->draft)
                r = err_key(e, ERR_INPUT, "rules.mistakes", "", NULL);
        return r == ERR_OK && after ? desk_load(after, *d, &(*d)->files, NULL, e) : r;
}

/* ---- one record ---- */

static int take_text(const char **out, json_t *v, const char *field, struct request *rq, struct err *e)
{
        struct str text;
        int r;

        if (!json_is_string(v))
                return err_key(e, ERR_INPUT, "common.member.type", field, field, NULL);
        r = shape_text(&text, (struct str){ json_string_value(v), json_string_length(v) }, field, rq->arena, e);
        *out = r == ERR_OK ? arena_copy(rq->arena, text.p, text.n) : NULL;
        return r == ERR_OK && !*out ? err_set(e, ERR_NOMEM, "edit") : r;
}

static int take_values(struct draft_edit *edit, json_t *o, struct request *rq, struct err *e)
{
        struct draft_value *values = arena_array(rq->arena, VALUES_MAX, sizeof(*values));
        const char *key;
        json_t *v;
        int r = values ? ERR_OK : err_set(e, ERR_NOMEM, "edit");

        json_object_foreach(o, key, v) {
                if (r == ERR_OK && edit->values_count == VALUES_MAX)
                        r = err_key(e, ERR_INPUT, "common.member.type", "values", "values", NULL);
                if (r < 0)
                        return r;
                values[edit->values_count].key = arena_text(rq->arena, key);
                r = take_text(&values[edit->values_count++].text, v, "values", rq, e);
        }
        edit->values = values;
        return r;
}

static int take_words(struct draft_edit *edit, json_t *o, struct request *rq, struct err *e)
{
        static const char *const langs[LANG_COUNT] = { [LANG_JA] = "ja", [LANG_EN] = "en" };
        struct draft_word *words = arena_array(rq->arena, VALUES_MAX, sizeof(*words));
        const char *key;
        json_t *v;
        int r = words ? ERR_OK : err_set(e, ERR_NOMEM, "edit");

        json_object_foreach(o, key, v) {
                if (r == ERR_OK && edit->words_count == VALUES_MAX)
                        r = err_key(e, ERR_INPUT, "common.member.type", "texts", "texts", NULL);
                words[edit->words_count].name = arena_text(rq->arena, key);
                for (int lang = 0; r == ERR_OK && lang < LANG_COUNT; lang++)
                        r = take_text(&words[edit->words_count].in[lang], json_object_get(v, langs[lang]), "texts", rq, e);
                if (r < 0)
                        return r;
                edit->words_count++;
        }
        edit->words = words;
        return r;
}

static const char *const act_names[] = { [DRAFT_SET] = "set", [DRAFT_ADD] = "add", [DRAFT_REMOVE] = "remove" };

static int take_edit(struct draft_edit *edit, const struct member_value *v, struct request *rq, struct err *e)
{
        int r = ERR_OK;

        while (edit->act < DRAFT_REMOVE && !str_is(v[2].text, act_names[edit->act]))
                edit->act++;
        if (!str_is(v[2].text, act_names[edit->act]))
                return err_key(e, ERR_INPUT, "common.member.type", "act", "act", NULL);
        edit->where = arena_copy(rq->arena, v[1].text.p, v[1].text.n);
        edit->before = v[6].text.n ? arena_copy(rq->arena, v[6].text.p, v[6].text.n) : NULL;
        if (!edit->where)
                r = err_set(e, ERR_NOMEM, "edit");
        if (r == ERR_OK && v[3].given)
                r = take_values(edit, v[3].object, rq, e);
        if (r == ERR_OK && v[4].given)
                r = take_words(edit, v[4].object, rq, e);
        return r;
}

int edit_draft(struct request *rq, struct reply *out, struct err *e)
{
        const struct member members[] = { { "rev", MEMBER_INT, 0, false }, { "where", MEMBER_TEXT, WHERE_BYTES, false }, { "act", MEMBER_TEXT, 10, false },
                                          { "values", MEMBER_OBJECT, 0, true }, { "texts", MEMBER_OBJECT, 0, true }, { "reason", MEMBER_TEXT, REASON_BYTES, false },
                                          { "before", MEMBER_TEXT, WHERE_BYTES, true } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        scoped(desk_close) struct desk *d = NULL;
        scoped(pack_free) struct pack *after = NULL;
        scoped(buf_done) struct buf name = BUF_INIT;
        struct draft_edit edit = { DRAFT_SET, "", NULL, NULL, 0, NULL, 0 };
        struct str reason = STR("");
        bool good = false;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = rules_reason(&reason, v[5].text, rq, e);
        if (r == ERR_OK)
                r = take_edit(&edit, v, rq, e);
        if (r == ERR_OK)
                r = open_for_edit(&d, &after, rq, v[0].i, e);
        if (r == ERR_OK)
                r = draft_edit(after, &edit, e);
        if (r == ERR_OK)
                r = settle(d, after, reason, rq, out, &good, e);
        if (r < 0 || !good)
                return r;
        draft_place_text(&name, edit.act == DRAFT_ADD ? after : d->draft, edit.where, LANG_JA, rq->arena);
        r = log_edit(d, rq, edit.where, act_names[edit.act], buf_view(&name).p, reason, e);
        return r < 0 ? r : save(d, rq, out, v[0].i, e);
}

/* ---- a sheet ---- */

static void see_fault(void *ctx, const struct sheet_fault *f)
{
        scoped(buf_done) struct buf ja = BUF_INIT, en = BUF_INIT;

        text_err(&ja, LANG_JA, &f->what);
        text_err(&en, LANG_EN, &f->what);
        (void)json_array_append_new(ctx, json_pack("{s:s, s:{s:o, s:o}}", "at", f->what.args[0], "message", "ja", json_of(buf_view(&ja)), "en", json_of(buf_view(&en))));
}

int put_draft_sheet(struct request *rq, struct reply *out, struct err *e)
{
        const struct member members[] = { { "rev", MEMBER_INT, 0, false }, { "name", MEMBER_TEXT, 32, false }, { "grid", MEMBER_OBJECT, 0, false }, { "reason", MEMBER_TEXT, REASON_BYTES, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL, *faults = json_array();
        scoped(desk_close) struct desk *d = NULL;
        scoped(grid_done) struct grid g = GRID_INIT;
        scoped(pack_edit_free) struct pack_edit *edit = NULL;
        struct pack_flat *flat = arena_new(rq->arena, struct pack_flat);
        struct str reason = STR("");
        const char *name;
        bool good = false;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = rules_reason(&reason, v[3].text, rq, e);
        if (r == ERR_OK)
                r = grid_take(&g, v[2].object, e);
        for (size_t i = 0; r == ERR_OK && i < g.n; i++)
                r = sheets_tidy(&g.sheets[i], rq, e);
        if (r == ERR_OK)
                r = open_for_edit(&d, NULL, rq, v[0].i, e);
        if (r == ERR_OK && !d->draft)
                r = err_key(e, ERR_INPUT, "rules.mistakes", "", NULL);
        if (r == ERR_OK)
                r = flat ? pack_flatten(flat, d->draft, rq->arena, e) : err_set(e, ERR_NOMEM, "sheet");
        if (r < 0)
                return r;
        name = arena_copy(rq->arena, v[1].text.p, v[1].text.n);
        r = sheet_to_pack(&edit, name, &g, flat->files, flat->n, see_fault, faults, e);
        if (r == ERR_INPUT && json_array_size(faults)) {
                out->json = json_pack("{s:O}", "mistakes", faults);
                return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "faults");
        }
        if (r == ERR_OK)
                r = settle(d, edit->pack, reason, rq, out, &good, e);
        if (r == ERR_OK && good)
                r = log_edit(d, rq, name, "sheet", name, reason, e);
        return r < 0 || !good ? r : save(d, rq, out, v[0].i, e);
}

/* ---- a file by hand ---- */

static bool is_name(const char *name)
{
        const char *slash = strchr(name, '/');
        size_t n = strlen(name);

        if (n < 6 || strcmp(name + n - 5, ".yaml") != 0 || (slash && strchr(slash + 1, '/')))
                return false;
        for (const char *p = name; *p; p++)
                if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '-' || *p == '_' || *p == '/' || (*p == '.' && strcmp(p, ".yaml") == 0)))
                        return false;
        return *name != '/';
}

static int put_file(struct draft_files *f, const char *name, struct str text, struct err *e)
{
        size_t i = 0;

        while (i < f->n && strcmp(f->files[i].name, name) != 0)
                i++;
        if (!text.n) {
                if (i == f->n)
                        return err_key(e, ERR_ABSENT, "rules.draft.absent", "", name, (char *)NULL);
                memmove(&f->files[i], &f->files[i + 1], (--f->n - i) * sizeof(f->files[0]));
                return ERR_OK;
        }
        if (i == PACK_FILES_MAX)
                return err_set(e, ERR_TOO_BIG, "files of a draft");
        f->n += i == f->n;
        f->files[i] = (struct pack_file){ name, text };
        return ERR_OK;
}

int put_draft_file(struct request *rq, struct reply *out, struct err *e)
{
        const struct member members[] = { { "rev", MEMBER_INT, 0, false }, { "name", MEMBER_TEXT, NAME_BYTES, false }, { "text", MEMBER_TEXT, FILE_BYTES, false },
                                          { "reason", MEMBER_TEXT, REASON_BYTES, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        scoped(desk_close) struct desk *d = NULL;
        struct str reason = STR(""), text = STR("");
        const char *name;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = rules_reason(&reason, v[3].text, rq, e);
        if (r == ERR_OK)
                r = shape_text(&text, v[2].text, "text", rq->arena, e);
        name = r == ERR_OK ? arena_copy(rq->arena, v[1].text.p, v[1].text.n) : NULL;
        if (r == ERR_OK && (!name || !is_name(name)))
                r = err_key(e, ERR_INPUT, "rules.file.name", "name", NULL);
        if (r == ERR_OK)
                r = open_for_edit(&d, NULL, rq, v[0].i, e);
        if (r == ERR_OK)
                r = put_file(&d->files, name, text, e);
        if (r == ERR_OK)
                r = log_edit(d, rq, name, "file", name, reason, e);
        return r < 0 ? r : save(d, rq, out, v[0].i, e);
}
