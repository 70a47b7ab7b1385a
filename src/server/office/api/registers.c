/* registers.c - the registers as people see them: which there are, their rows in pages, one row with what happened to it, and keeping them.
 *
 * Which rows and columns somebody sees, and who may write, core says (core/register/access.h). A row that is not for whoever asks is not
 * there.
 */
#include "server/office/api/answers.h"
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/rows.h"
#include "server/office/api/words.h"
#include "server/office/command/registers.h"

enum { PAGE = 50, HISTORY = 50, CELL_BYTES = 24 * 1024, KEY_ROOM = 160 };

/* ---- words ---- */

static json_t *both(const char *key)
{
        return json_pack("{s:s, s:s}", "ja", text_get(LANG_JA, key), "en", text_get(LANG_EN, key));
}

static json_t *register_text(const struct register_info *r, const char *what, struct str word)
{
        char key[KEY_ROOM];

        (void)snprintf(key, sizeof(key), "register.%s.%s%s%.*s", r->id, what, word.n ? "." : "", (int)word.n, word.n ? word.p : "");
        return both(key);
}

static const char *type_name(enum register_type type)
{
        static const char *const names[] = {
                [REGISTER_TEXT] = "text",       [REGISTER_LINES] = "lines",       [REGISTER_INTEGER] = "integer", [REGISTER_YES_NO] = "yes-no",
                [REGISTER_DAY] = "day",         [REGISTER_LAST_DAY] = "last-day", [REGISTER_MOMENT] = "moment",   [REGISTER_DATE] = "date",
                [REGISTER_WORD] = "word",       [REGISTER_LIST] = "list",         [REGISTER_COUNTRY] = "country", [REGISTER_SECTION] = "section",
                [REGISTER_ROW] = "row",
        };

        return names[type];
}

static json_t *choices_json(const struct request *rq, const struct register_info *r, const struct register_column *c)
{
        const struct pack *pack = rq->office->pack;
        json_t *list = json_array();

        for (struct str word, rest = str_of(c->type == REGISTER_WORD ? c->words : ""); rest.n;) {
                if (!str_cut(rest, ' ', &word, &rest)) {
                        word = rest;
                        rest = STR("");
                }
                (void)json_array_append_new(list, json_pack("{s:o, s:o}", "id", json_of(word), "label", register_text(r, c->id, word)));
        }
        for (size_t i = 0; c->type == REGISTER_LIST && i < pack->lists_count; i++)
                for (size_t k = 0; strcmp(pack->lists[i].id, c->words) == 0 && k < pack->lists[i].choices_count; k++)
                        (void)json_array_append_new(list, json_pack("{s:s, s:o}", "id", pack->lists[i].choices[k].id, "label",
                                                                    json_text(&pack->lists[i].choices[k].label)));
        return list;
}

static json_t *column_json(const struct request *rq, const struct register_info *r, const struct register_column *c)
{
        json_t *flags = json_pack("{s:b, s:b, s:b, s:b, s:b, s:b}", "name", c->flags & REGISTER_NAME, "key", c->flags & REGISTER_KEY, "required",
                                  c->flags & REGISTER_REQUIRED, "fixed", c->flags & REGISTER_FIXED, "listed", c->flags & REGISTER_LISTED, "private",
                                  c->flags & REGISTER_PRIVATE);
        json_t *o = json_pack("{s:s, s:o, s:s, s:o, s:o}", "id", c->id, "label", register_text(r, c->id, STR("")), "type", type_name(c->type), "words",
                              choices_json(rq, r, c), "flags", flags);

        if (o && c->type == REGISTER_ROW)
                (void)json_put(o, "register", json_string(c->words));
        return o;
}

/* ---- which there are ---- */

static json_t *states_json(const struct register_info *r)
{
        const struct register_column *c = r->state_col >= 0 ? register_column_find(r, STR("state")) : NULL;
        json_t *list = json_array();

        for (struct str word, rest = str_of(c ? c->words : ""); rest.n;) {
                if (!str_cut(rest, ' ', &word, &rest)) {
                        word = rest;
                        rest = STR("");
                }
                (void)json_array_append_new(list, json_of(word));
        }
        return list;
}

static json_t *register_json(const struct request *rq, const struct register_info *r, bool manages)
{
        const struct actor *who = &rq->session.who;
        json_t *columns = json_array(), *o;

        for (size_t i = 0; i < r->columns_count; i++)
                if (access_column(r, &r->columns[i], who, manages))
                        (void)json_array_append_new(columns, column_json(rq, r, &r->columns[i]));
        o = json_pack("{s:s, s:o, s:b, s:b, s:o, s:o}", "id", r->id, "caption", register_text(r, "caption", STR("")), "adds", r->adds, "writes",
                      access_writes(r, who, manages), "columns", columns, "states", states_json(r));
        if (o && r->of)
                (void)json_put(o, "of", json_string(r->of));
        return o;
}

int list_registers(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array();
        bool manages = false;
        int r = query_manages(&manages, rq->db, rq->session.who.person, e);

        if (r < 0)
                return r;
        for (size_t i = 0; i < registers_count; i++)
                if (access_sees(&registers[i], rq->office->pack, &rq->session.who, manages) &&
                    json_array_append_new(items, register_json(rq, &registers[i], manages)) < 0)
                        return err_set(e, ERR_NOMEM, "registers");
        out->json = json_pack("{s:O}", "items", items);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "registers");
}

/* ---- rows ---- */

/* What a program takes back as it is: ids, days, 1 and 0. */
static json_t *value_json(const struct row *row, const struct register_column *c, struct str shown)
{
        const struct value *v = &row->v[c->col];

        if (v->kind == VALUE_TEXT)
                return json_of(v->s);
        if (v->kind == VALUE_INT && c->type == REGISTER_YES_NO)
                return json_string(v->i ? "1" : "0");
        return json_of(v->kind == VALUE_INT ? shown : STR(""));
}

static json_t *cells_json(struct request *rq, const struct register_info *r, const struct row *row, const struct record_env *env, bool manages, bool all)
{
        scoped(json_decref) json_t *cells = json_object();

        for (size_t i = 0; i < r->columns_count; i++) {
                const struct register_column *c = &r->columns[i];
                scoped(buf_done) struct buf b = BUF_INIT;

                if (!access_column(r, c, &rq->session.who, manages) || (!all && !(c->flags & (REGISTER_LISTED | REGISTER_NAME))))
                        continue;
                record_show(&b, row, c, env, rq->lang);
                if (buf_bad(&b) || !json_put(cells, c->id, json_pack("{s:o, s:o}", "value", value_json(row, c, buf_view(&b)), "text", json_of(buf_view(&b)))))
                        return NULL;
        }
        return take(cells);
}

int rows_register(const struct register_info **out, struct str id, struct err *e)
{
        *out = register_find(id);
        return *out ? ERR_OK : err_key(e, ERR_ABSENT, "record.register.absent", "", NULL);
}

/* ?class=: a closed pair of words, so that a slip is no list of everything. */
static int read_class(int *out, struct request *rq, struct err *e)
{
        struct str word = STR("");
        int r = scgi_field(&word, rq->scgi->query, "class", rq->arena, e);

        if (r < 0 && r != ERR_ABSENT)
                return r;
        if (word.n && !str_is(word, "conf2plus") && !str_is(word, "below"))
                return err_key(e, ERR_INPUT, "list.class", "class", NULL);
        *out = !word.n ? 0 : str_is(word, "conf2plus") ? 1 : -1;
        return ERR_OK;
}

int rows_filter(struct register_filter *f, struct request *rq, const struct register_info *reg, struct err *e)
{
        struct { const char *name; struct str *to; } fields[] = { { "q", &f->q }, { "state", &f->state }, { "section", &f->section }, { "of", &f->of }, { "after", &f->after } };
        struct str sort = STR("");
        struct uuid id;
        int r = ERR_OK;

        for (size_t i = 0; i < countof(fields) && (r == ERR_OK || r == ERR_ABSENT); i++)
                r = scgi_field(fields[i].to, rq->scgi->query, fields[i].name, rq->arena, e);
        if (r == ERR_OK || r == ERR_ABSENT)
                r = scgi_field(&sort, rq->scgi->query, "sort", rq->arena, e);
        if (r == ERR_OK || r == ERR_ABSENT)
                r = read_class(&f->conf2plus, rq, e);
        if (r < 0)
                return r;
        if (f->after.n && !uuid_parse(f->after, &id))
                return err_key(e, ERR_INPUT, "list.after.bad", "after", NULL);
        if (sort.n && !register_sorts(reg, sort))
                return err_key(e, ERR_INPUT, "record.sort", "sort", NULL);
        f->sort = sort.n ? sort.p : NULL;
        if (!f->q.n)
                return ERR_OK;
        return shape_text(&f->q, str_trim(f->q), "q", rq->arena, e);
}

int list_rows(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array();
        struct register_filter f = { .limit = PAGE + 1 };
        const struct actor *who = &rq->session.who;
        struct records *x = arena_new(rq->arena, struct records);
        const struct register_info *reg;
        struct row *rows = NULL;
        uint64_t total = 0;
        bool at_least = false;
        size_t n = 0;
        int r = x ? rows_register(&reg, rq->param, e) : err_set(e, ERR_NOMEM, "rows");

        if (r < 0)
                return r;
        if (!access_sees(reg, rq->office->pack, who, true))
                return err_key(e, ERR_FORBIDDEN, "error.forbidden", "", NULL);
        if (!access_sees(reg, rq->office->pack, who, false))
                f.person = who->person;
        r = rows_filter(&f, rq, reg, e);
        if (r == ERR_OK)
                r = records_init(x, rq->office->pack, rq->lang, rq->db, rq->arena, e);
        if (r == ERR_OK)
                r = query_register_counted(&rows, &n, &total, &at_least, rq->db, reg, &f, rq->arena, e);
        for (size_t i = 0; r == ERR_OK && i < n && i < PAGE; i++)
                if (json_array_append_new(items, json_pack("{s:s, s:I, s:o}", "id", rows[i].id, "rev", (json_int_t)rows[i].rev, "cells",
                                                           cells_json(rq, reg, &rows[i], &x->env, f.person != NULL, false))) < 0)
                        r = err_set(e, ERR_NOMEM, "rows");
        if (r < 0)
                return r;
        out->json = json_pack("{s:O, s:I, s:b}", "items", items, "total", (json_int_t)total, "at_least", at_least);
        if (out->json && n > PAGE)
                (void)json_put(out->json, "next", json_string(rows[PAGE - 1].id));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "rows");
}

/* ---- one row ---- */

/* register:id of the path, the row, and what whoever asks is to it. */
struct one { const struct register_info *r; struct row row; struct records x; struct change_scene scene; };

static int load_one(struct one **out, struct request *rq, struct err *e)
{
        struct one *o = arena_new(rq->arena, struct one);
        struct str name, id;
        struct uuid uuid;
        int r;

        if (!o)
                return err_set(e, ERR_NOMEM, "row");
        if (!str_cut(rq->param, ':', &name, &id) || !uuid_parse(id, &uuid))
                return err_key(e, ERR_ABSENT, "record.id", "", NULL);
        r = rows_register(&o->r, name, e);
        if (r == ERR_OK)
                r = records_init(&o->x, rq->office->pack, rq->lang, rq->db, rq->arena, e);
        if (r == ERR_OK)
                r = store_row(&o->row, rq->db, o->r->table, word_of(rq, id), NULL, rq->arena, e);
        if (r == ERR_OK && o->row.rev)
                r = scene_of(&o->scene, &o->row, rq->db, o->r, &rq->session.who, &o->x.env, rq->now, e);
        if (r == ERR_OK && (!o->row.rev || !access_sees(o->r, rq->office->pack, &rq->session.who, o->scene.manages)))
                r = err_key(e, ERR_ABSENT, "record.absent", "", NULL);
        if (r == ERR_OK)
                *out = o;
        return r;
}

static json_t *of_json(const struct one *o)
{
        const struct register_info *over = o->r->of ? register_find(str_of(o->r->of)) : NULL;
        struct str id = over ? row_get_text(&o->row, o->r->of_col) : STR(""), name = STR("");
        bool ended;

        if (!id.n)
                return NULL;
        (void)o->x.env.name(o->x.env.ctx, over, id, &name, &ended, NULL); /* without a name it still has its id */
        return json_pack("{s:s, s:o, s:o}", "register", over->id, "id", json_of(id), "text", json_of(name));
}

int get_row(struct request *rq, struct reply *out, struct err *e)
{
        struct one *o;
        int r = load_one(&o, rq, e);
        json_t *of;

        if (r < 0)
                return r;
        out->json = json_pack("{s:s, s:s, s:I, s:o, s:{s:b, s:b}}", "register", o->r->id, "id", o->row.id, "rev", (json_int_t)o->row.rev, "cells",
                              cells_json(rq, o->r, &o->row, &o->x.env, o->scene.manages, true), "may", "change", change_may(&o->scene, &o->row), "end",
                              change_may_end(&o->scene, &o->row));
        of = of_json(o);
        if (out->json && of)
                (void)json_put(out->json, "of", of);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "row");
}

/* ---- what happened to it ---- */

/* before NULL: it was made. */
static json_t *changed_json(struct request *rq, const struct one *o, const struct row *before, const struct row *after)
{
        json_t *list = json_array();

        for (size_t i = 0; i < o->r->columns_count; i++) {
                const struct register_column *c = &o->r->columns[i];
                scoped(buf_done) struct buf was = BUF_INIT, is = BUF_INIT;

                if (!access_column(o->r, c, &rq->session.who, o->scene.manages) || (before ? record_same(&before->v[c->col], &after->v[c->col]) : after->v[c->col].kind == VALUE_NULL))
                        continue;
                if (before)
                        record_show(&was, before, c, &o->x.env, rq->lang);
                record_show(&is, after, c, &o->x.env, rq->lang);
                (void)json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:o}", "column", c->id, "label", register_text(o->r, c->id, STR("")), "before",
                                                            json_of(buf_view(&was)), "after", json_of(buf_view(&is))));
        }
        return list;
}

static json_t *type_json(struct str type)
{
        char key[KEY_ROOM];

        (void)snprintf(key, sizeof(key), "entry.%.*s", (int)type.n, type.p);
        return text_known(key) ? both(key) : json_pack("{s:o, s:o}", "ja", json_of(type), "en", json_of(type));
}

static json_t *history_json(struct request *rq, const struct one *o, const struct history_line *l, const struct row *before)
{
        json_t *j = json_pack("{s:I, s:o, s:o, s:o, s:o}", "index", (json_int_t)l->index, "at", json_time(l->at), "type", json_of(l->type), "type_text", type_json(l->type),
                              "changed", changed_json(rq, o, before, &l->row));

        if (j && l->actor.n)
                (void)json_put(j, "actor", person_json(rq, l->actor));
        return j;
}

int get_row_history(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array();
        struct history_line *lines = NULL;
        struct str after = STR("");
        uint64_t before = UINT64_MAX;
        struct one *o;
        size_t n = 0;
        int r = load_one(&o, rq, e);

        if (r < 0)
                return r;
        r = scgi_field(&after, rq->scgi->query, "after", rq->arena, e);
        if (r < 0 && r != ERR_ABSENT)
                return r;
        if (after.n && !str_u64(after, INT64_MAX, &before))
                return err_key(e, ERR_INPUT, "list.after.bad", "after", NULL);
        r = journal_history(&lines, &n, rq->db, o->r->table, o->row.id, before, HISTORY + 1, rq->arena, e);
        for (size_t i = 0; r == ERR_OK && i < n && i < HISTORY; i++)
                if (json_array_append_new(items, history_json(rq, o, &lines[i], i + 1 < n ? &lines[i + 1].row : NULL)) < 0)
                        r = err_set(e, ERR_NOMEM, "history");
        if (r < 0)
                return r;
        out->json = json_pack("{s:O}", "items", items);
        if (out->json && n > HISTORY)
                (void)json_put(out->json, "next", json_sprintf("%llu", (unsigned long long)lines[HISTORY - 1].index));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "history");
}

/* ---- keeping them ---- */

static int read_cells(struct change_cell **out, size_t *n, struct request *rq, json_t *o, struct err *e)
{
        struct change_cell *cells = json_object_size(o) <= CHANGE_CELLS_MAX ? arena_array(rq->arena, json_object_size(o) + 1, sizeof(*cells)) : NULL;
        const char *column;
        json_t *v;

        *n = 0;
        if (!cells)
                return err_key(e, ERR_INPUT, "record.cells", "cells", NULL);
        json_object_foreach(o, column, v) {
                struct change_cell *c = &cells[(*n)++];
                struct str text = { json_string_value(v), json_string_length(v) };
                int r = !json_is_string(v) || text.n > CELL_BYTES || strlen(column) >= PACK_ID_MAX ? err_key(e, ERR_INPUT, "record.cells", "cells", NULL) : ERR_OK;

                if (r == ERR_OK)
                        r = shape_text(&c->text, text, column, rq->arena, e);
                if (r < 0)
                        return r;
                c->column = str_of(arena_text(rq->arena, column));
        }
        *out = cells;
        return ERR_OK;
}

static int done(struct reply *out, const struct act_row *act, bool added, struct err *e)
{
        out->json = json_pack("{s:I, s:o}", "rev", (json_int_t)act->rev_after, "receipt", json_receipt(&act->receipt));
        if (out->json && added)
                (void)json_put(out->json, "id", json_string(act->row));
        out->status = added ? 201 : 200;
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

int add_row(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "cells", MEMBER_OBJECT, 0, false }, { "of", MEMBER_TEXT, ID_BYTES, true } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_row act = { .person = rq->session.who.person, .lang = rq->lang };
        struct change_cell *cells = NULL;
        struct uuid id;
        int r = rows_register(&act.r, rq->param, e);

        if (r == ERR_OK)
                r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);
        if (r == ERR_OK)
                r = read_cells(&cells, &act.n, rq, v[0].object, e);
        if (r == ERR_OK && v[1].text.n && !uuid_parse(v[1].text, &id))
                r = err_key(e, ERR_ABSENT, "record.absent", "of", NULL);
        if (r < 0)
                return r;
        act.cells = cells;
        act.id = v[1].text;
        r = writer_run(rq->office->writer, act_add_row, &act, e);
        return r < 0 ? r : done(out, &act, true, e);
}

int change_row_cells(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "cells", MEMBER_OBJECT, 0, false }, { "rev", MEMBER_INT, 0, false }, { "reason", MEMBER_TEXT, REASON_BYTES, true } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_row act = { .person = rq->session.who.person, .lang = rq->lang };
        struct change_cell *cells = NULL;
        struct one *o;
        int r = load_one(&o, rq, e);

        if (r == ERR_OK)
                r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);
        if (r == ERR_OK)
                r = read_cells(&cells, &act.n, rq, v[0].object, e);
        if (r == ERR_OK && str_trim(v[2].text).n)
                r = answers_reason(&act.reason, v[2].text, rq, e);
        if (r < 0)
                return r;
        act.r = o->r;
        act.id = str_of(o->row.id);
        act.cells = cells;
        act.rev = v[1].i;
        r = writer_run(rq->office->writer, act_change_row, &act, e);
        return r < 0 ? r : done(out, &act, false, e);
}

int end_row(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "reason", MEMBER_TEXT, REASON_BYTES, false }, { "rev", MEMBER_INT, 0, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_row act = { .person = rq->session.who.person, .lang = rq->lang };
        struct one *o;
        int r = load_one(&o, rq, e);

        if (r == ERR_OK)
                r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);
        if (r == ERR_OK)
                r = answers_reason(&act.reason, v[0].text, rq, e);
        if (r < 0)
                return r;
        act.r = o->r;
        act.id = str_of(o->row.id);
        act.rev = v[1].i;
        r = writer_run(rq->office->writer, act_end_row, &act, e);
        return r < 0 ? r : done(out, &act, false, e);
}
