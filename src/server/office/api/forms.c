/* forms.c - what may be filed, what a form asks, the pack's lists, and the people that a form may name. */
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/words.h"
#include "server/office/store/query.h"

#include "base/codec.h"

static const char *const field_types[] = {
#define X(id, name) name,
        FIELD_TYPES(X)
#undef X
};

/* ---- which forms ---- */

/* May file it in their own name, or draft it in another's. Whoever manages a service is named by its row and has no role for it (submit.c). */
static bool may_file(const struct pack_procedure *p, const struct actor *who, bool manages)
{
        return p->apply_scope == SCOPE_SERVICE ? manages : actor_has(who, p->apply_role);
}

static bool may_draft(const struct pack_procedure *p, const struct actor *who)
{
        return p->draft_role && actor_has(who, p->draft_role);
}

int list_forms(struct request *rq, struct reply *out, struct err *e)
{
        const struct pack *pack = rq->office->pack;
        scoped(json_decref) json_t *list = json_array();
        bool manages = false;
        int r = query_manages(&manages, rq->db, rq->session.who.person, e);

        if (r < 0)
                return r;
        for (size_t i = 0; i < pack->forms_count; i++) {
                const struct pack_form *f = &pack->forms[i];
                const struct pack_procedure *p = f->procedure ? pack_find_procedure(pack, f->procedure) : NULL;
                json_t *o;

                if (!p || !(may_file(p, &rq->session.who, manages) || may_draft(p, &rq->session.who)))
                        continue;
                o = json_pack("{s:s, s:o, s:s, s:b, s:b}", "id", f->id, "title", json_text(&f->title), "number_code", f->number_code,
                              "file", may_file(p, &rq->session.who, manages), "draft", may_draft(p, &rq->session.who));
                if (!o || !put_text(o, "intro", &f->intro) || json_array_append_new(list, o) < 0)
                        return err_set(e, ERR_NOMEM, "forms");
        }
        out->json = take(list);
        return ERR_OK;
}

/* ---- one form ---- */

static json_t *choices_json(const struct pack_choice *choices, size_t n)
{
        json_t *list = json_array();

        for (size_t i = 0; i < n; i++)
                (void)json_array_append_new(list, json_pack("{s:s, s:o}", "id", choices[i].id, "label", json_text(&choices[i].label)));
        return list;
}

static bool put_int(json_t *o, const char *key, uint32_t v)
{
        return !v || json_put(o, key, json_integer(v));
}

/* low and high bind an integer and the rows of a table; elsewhere the pack has none. */
static json_t *field_json(const struct pack_field *f)
{
        bool bounded = f->type == FIELD_INTEGER || f->type == FIELD_TABLE;
        json_t *o = json_pack("{s:s, s:s, s:b}", "id", f->id, "type", field_types[f->type], "required", f->required);
        bool ok = o && put_text(o, "label", &f->label) && put_text(o, "help", &f->help) && put_text(o, "sample", &f->sample) && put_text(o, "rule", &f->rule) &&
                  put_int(o, "max", (uint32_t)f->max_chars);

        if (ok && bounded && (f->low || f->high))
                ok = json_put(o, "low", json_integer(f->low)) && json_put(o, "high", json_integer(f->high));
        if (ok && (f->visible_when.source || f->required_when.source))
                ok = json_put(o, "conditional", json_true());
        if (ok && f->under)
                ok = json_put(o, "topic", json_string(f->under));
        if (ok && f->choices_count)
                ok = json_put(o, "choices", choices_json(f->choices, f->choices_count));
        if (ok && f->columns_count) {
                json_t *columns = json_array();

                ok = json_put(o, "columns", columns);
                for (size_t i = 0; ok && i < f->columns_count; i++)
                        ok = json_array_append_new(columns, field_json(&f->columns[i])) == 0;
        }
        if (!ok) {
                json_decref(o);
                return NULL;
        }
        return o;
}

/* Sheets are forms too: whoever fills one in draws it from here. */
int get_form(struct request *rq, struct reply *out, struct err *e)
{
        const struct pack_form *form = form_in(rq->office->pack, rq->param);
        scoped(json_decref) json_t *fields = json_array(), *topics = json_array();

        if (!form)
                return err_key(e, ERR_ABSENT, "form.absent", "", NULL);
        for (size_t i = 0; i < form->topics_count; i++)
                if (json_array_append_new(topics, json_pack("{s:s, s:o}", "id", form->topics[i].id, "title", json_text(&form->topics[i].title))) < 0)
                        return err_set(e, ERR_NOMEM, "form");
        for (size_t i = 0; i < form->fields_count; i++)
                if (json_array_append_new(fields, field_json(&form->fields[i])) < 0)
                        return err_set(e, ERR_NOMEM, "form");
        out->json = json_pack("{s:s, s:o, s:o, s:b, s:O, s:O}", "id", form->id, "title", json_text(&form->title), "intro", json_text(&form->intro), "sheet",
                              form->sheet, "topics", topics, "fields", fields);
        if (out->json && form->number_code)
                (void)json_put(out->json, "number_code", json_string(form->number_code));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "form");
}

/* ---- the pack ---- */

static json_t *lists_json(const struct pack *p)
{
        json_t *all = json_array();

        for (size_t i = 0; i < p->lists_count; i++)
                (void)json_array_append_new(all, json_pack("{s:s, s:b, s:o}", "id", p->lists[i].id, "ordered", p->lists[i].ordered, "choices",
                                                           choices_json(p->lists[i].choices, p->lists[i].choices_count)));
        return all;
}

static json_t *countries_json(const struct pack *p)
{
        json_t *all = json_array();

        for (size_t i = 0; i < p->countries_count; i++)
                (void)json_array_append_new(all, json_pack("{s:s, s:b, s:o}", "id", p->countries[i].id, "domestic", p->countries[i].domestic, "name",
                                                           json_text(&p->countries[i].name)));
        return all;
}

static json_t *roles_json(const struct pack *p)
{
        json_t *all = json_array();

        for (size_t i = 0; i < p->roles_count; i++)
                (void)json_array_append_new(all, json_pack("{s:s, s:o}", "id", p->roles[i].id, "name", json_text(&p->roles[i].name)));
        return all;
}

static json_t *axes_json(const struct pack *p)
{
        static const char *const kinds[] = {
#define X(id, name) name,
                AXIS_KINDS(X)
#undef X
        };
        json_t *all = json_array();

        for (size_t i = 0; i < p->axes_count; i++) {
                const struct pack_axis *x = &p->axes[i];
                json_t *levels = json_array();

                for (size_t k = 0; k < x->levels_count; k++)
                        (void)json_array_append_new(levels, json_pack("{s:s, s:b, s:o}", "id", x->levels[k].id, "conf2plus", x->levels[k].conf2plus, "name",
                                                                      json_text(&x->levels[k].name)));
                (void)json_array_append_new(all, json_pack("{s:s, s:s, s:o, s:o}", "id", x->id, "kind", kinds[x->kind], "name", json_text(&x->name), "levels", levels));
        }
        return all;
}

int get_pack(struct request *rq, struct reply *out, struct err *e)
{
        const struct pack *p = rq->office->pack;
        char hash[2 * HASH_SIZE + 1];

        hex_text(hash, p->hash.b, HASH_SIZE);
        out->json = json_pack("{s:s, s:i, s:s, s:o, s:o, s:o, s:o, s:o}", "id", p->id, "version", (int)p->version, "hash", hash, "title", json_text(&p->title),
                              "lists", lists_json(p), "countries", countries_json(p), "roles", roles_json(p), "axes", axes_json(p));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "pack");
}

/* ---- people ---- */

int list_people(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *list = json_array();
        struct person_line *people = NULL;
        struct str role = STR("");
        size_t n = 0;
        int r = scgi_field(&role, rq->scgi->query, "role", rq->arena, e);

        if (r < 0 && r != ERR_ABSENT)
                return r;
        if (role.n && !pack_find_role(rq->office->pack, word_of(rq, role)))
                return err_key(e, ERR_INPUT, "list.role.unknown", "role", NULL);
        r = query_people(&people, &n, rq->db, role, rq->arena, e);
        for (size_t i = 0; r == ERR_OK && i < n; i++)
                if (json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "id", json_of(people[i].id), "name", json_of(people[i].name), "section",
                                                          json_of(people[i].section))) < 0)
                        r = err_set(e, ERR_NOMEM, "people");
        if (r == ERR_OK)
                out->json = take(list);
        return r;
}
