/* gist.c - see gist.h. */
#include "server/office/api/gist.h"

#include "server/office/api/caller.h"

enum { NOBODY = SIZE_MAX };

/* ---- names ---- */

static const char *name_of(void *ctx, enum field_type type, struct str id)
{
        static const struct { enum table table; int col; } named[FIELD_TYPES_COUNT] = {
                [FIELD_PERSON] = { TABLE_PERSON, PERSON_name }, [FIELD_SERVICE] = { TABLE_SERVICE, SERVICE_name }, [FIELD_APPLICATION] = { TABLE_APPLICATION, APPLICATION_number },
        };
        const struct case_view *v = ctx;
        struct row row;

        if (store_row(&row, v->rq->db, named[type].table, word_of(v->rq, id), NULL, v->rq->arena, NULL) < 0 || !row.rev)
                return NULL;
        return row.v[named[type].col].kind == VALUE_TEXT ? word_of(v->rq, row_get_text(&row, named[type].col)) : NULL;
}

static bool is_gated(void *ctx, const struct pack_zone *zone)
{
        const struct case_view *v = ctx;
        struct row *gates = NULL;
        size_t n = 0;

        if (query_gates(&gates, &n, v->rq->db, v->rq->arena, NULL) < 0)
                return false;
        for (size_t i = 0; i < n; i++)
                if (row_is(&gates[i], GATE_state, "enrolled") && row_is(&gates[i], GATE_zone_id, zone->id))
                        return true;
        return false;
}

/* ---- last time ---- */

static bool is_earlier(const struct case_view *v, const struct row *app)
{
        return app->rev && row_is(app, APPLICATION_state, "approved") && strcmp(app->id, v->facts->application.id) != 0 &&
               row_get_int(app, APPLICATION_ended_at) <= (row_get_int(&v->facts->application, APPLICATION_ended_at) ? row_get_int(&v->facts->application, APPLICATION_ended_at) : v->rq->now);
}

/* The newest of the same form; else the newest of any. */
static void prefer(struct row *best, const struct case_view *v, const struct row *app)
{
        struct str form = row_get_text(&v->facts->application, APPLICATION_form);
        bool same, best_same;

        if (!is_earlier(v, app))
                return;
        same = str_eq(row_get_text(app, APPLICATION_form), form);
        best_same = best->rev && str_eq(row_get_text(best, APPLICATION_form), form);
        if (!best->rev || same > best_same ||
            (same == best_same && row_get_int(app, APPLICATION_ended_at) > row_get_int(best, APPLICATION_ended_at)))
                *best = *app;
}

static int of_service(struct row *best, const struct case_view *v, const char *service, struct err *e)
{
        struct row *apps = NULL;
        size_t n = 0;
        int r = query_rows(&apps, &n, v->rq->db, APPS_OF_SERVICE, str_of(service), v->rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                prefer(best, v, &apps[i]);
        return r;
}

static int of_name(struct row *best, const struct case_view *v, struct str name, struct err *e)
{
        struct row *services = NULL;
        size_t n = 0;
        int r = query_rows(&services, &n, v->rq->db, SERVICES_NAMED, name, v->rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                r = of_service(best, v, services[i].id, e);
        return r;
}

static int of_device(struct row *best, const struct case_view *v, struct str key, struct err *e)
{
        struct row *permits = NULL, app;
        size_t n = 0;
        int r = query_rows(&permits, &n, v->rq->db, PERMITS_KEYED, key, v->rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                r = store_row(&app, v->rq->db, TABLE_APPLICATION, word_of(v->rq, row_get_text(&permits[i], PERMIT_application)), NULL, v->rq->arena, e);
                if (r == ERR_OK)
                        prefer(best, v, &app);
        }
        return r;
}

/* What the case is about: a service of the register, the device of its permit, or the name that it would register. */
static int find_previous(struct row *best, const struct case_view *v, struct err *e)
{
        const struct case_facts *f = v->facts;
        int r = f->service.rev ? of_service(best, v, f->service.id, e) : ERR_OK;

        for (size_t i = 0; r == ERR_OK && v->procedure && i < v->procedure->effects_count; i++) {
                const struct pack_effect *fx = &v->procedure->effects[i];
                const struct answer *key = fx->kind == EFFECT_OPEN_PERMIT ? facts_answer(f, fx->key_field) : NULL,
                                    *name = fx->kind == EFFECT_REGISTER_SERVICE && !f->service.rev ? facts_answer(f, fx->name_field) : NULL;

                if (key && key->value.n)
                        r = of_device(best, v, key->value, e);
                if (r == ERR_OK && name && name->value.n)
                        r = of_name(best, v, name->value, e);
        }
        return r;
}

static int compare(struct gist *out, const struct case_view *v, const struct gist_env *env, bool decides, struct err *e)
{
        struct case_facts *f = arena_new(v->rq->arena, struct case_facts);
        struct row best = { .rev = 0 };
        const struct pack *pack;
        int r = f ? find_previous(&best, v, e) : err_set(e, ERR_NOMEM, "gist");

        if (r < 0 || !best.rev)
                return r;
        r = facts_load(f, &pack, v->rq->office, v->rq->db, str_of(best.id), v->rq->now, v->rq->arena, e);
        if (r < 0 || (!decides && !caller_sees_case(v->rq, pack, f)))
                return r;
        r = gist_differs(&out->differs, &(struct gist_case){ pack, f }, &(struct gist_case){ v->pack, v->facts }, env, e);
        if (r < 0 || !out->differs.compared)
                return r;                        /* nothing in common: "the same as last time" would be said of nothing */
        out->previous = best;
        out->previous_pack = pack;
        out->previous_facts = f;
        return ERR_OK;
}

/* ---- the whole ---- */

static size_t step_of(const struct case_view *v)
{
        for (size_t i = 0; v->flow && i < v->procedure->steps_count; i++)
                if (case_is_mine(v, i))
                        return i;
        return NOBODY;
}

static int pick_phrases(struct gist *out, const struct case_view *v, size_t step, struct err *e)
{
        out->phrases = arena_array(v->rq->arena, v->pack->phrases_count + 1, sizeof(struct pack_phrase *));
        if (!out->phrases)
                return err_set(e, ERR_NOMEM, "phrases");
        for (size_t i = 0; step != NOBODY && i < v->pack->phrases_count; i++) {
                const struct pack_phrase *p = &v->pack->phrases[i];

                if ((!p->kind || p->kind == 1 + (unsigned)v->procedure->steps[step].kind) && (!p->procedure || strcmp(p->procedure, v->procedure->id) == 0))
                        out->phrases[out->phrases_count++] = p;
        }
        return ERR_OK;
}

int gist_make(struct gist *out, const struct case_view *v, struct err *e)
{
        const struct gist_env env = { v->pack, v->rq->now, v->rq->arena, name_of, is_gated, (void *)(uintptr_t)v };
        bool under_way = row_is(&v->facts->application, APPLICATION_state, "submitted") && v->flow;
        size_t step = under_way ? step_of(v) : NOBODY;
        int r;

        *out = (struct gist){ .outline = { { { "", "" } }, { { "", "" } } }, .next = { { "", "" } } };
        r = pick_phrases(out, v, step, e);
        if (r == ERR_OK && v->flow)
                r = gist_outline(&out->outline, v->flow, &env, e);
        if (r == ERR_OK && under_way)
                r = gist_will(&out->wills, v->flow, &env, e);
        if (r == ERR_OK && step != NOBODY)
                r = gist_next(&out->next, v->flow, step, &env, e);
        out->last = step != NOBODY && flow_is_last(v->flow, step);
        if (r == ERR_OK)
                r = gist_opinions(&out->opinions, &(struct gist_case){ v->pack, v->facts }, &env, e);
        return r == ERR_OK ? compare(out, v, &env, step != NOBODY, e) : r;
}

/* ---- JSON ---- */

static json_t *words_json(const struct gist_text *t)
{
        return json_pack("{s:s, s:s}", "ja", t->in[LANG_JA], "en", t->in[LANG_EN]);
}

static bool put_outline(json_t *o, const struct gist *g)
{
        json_t *x = json_object();

        return (!*g->outline.what.in[LANG_JA] || json_put(x, "what", words_json(&g->outline.what))) &&
               (!*g->outline.until.in[LANG_JA] || json_put(x, "until", words_json(&g->outline.until))) && json_put(o, "outline", x);
}

static bool put_will(json_t *o, const struct gist *g)
{
        static const char *const holds[] = { [GIST_REGISTER] = "register", [GIST_RECORD] = "record", [GIST_GATE] = "gate", [GIST_TASK] = "task" };
        json_t *list = json_array();

        for (size_t i = 0; i < g->wills.n; i++)
                (void)json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "effect", g->wills.items[i].effect->id, "hold", holds[g->wills.items[i].hold], "text",
                                                            words_json(&g->wills.items[i].text)));
        return json_put(o, "will", list) && json_put(o, "ends", json_boolean(g->last)) && (!*g->next.in[LANG_JA] || json_put(o, "next", words_json(&g->next)));
}

/* How the same criteria were judged then. */
static bool put_judged(json_t *o, const struct gist *g)
{
        static const struct { const char *key; int col; } texts[] = {
                { "result", CRITERION_result }, { "reason", CRITERION_reason }, { "article", CRITERION_article }, { "document", CRITERION_document },
        };
        const struct row_list judged = g->previous_facts ? g->previous_facts->criteria : (struct row_list){ 0 };
        json_t *list = json_array();

        for (size_t i = 0; i < judged.n; i++) {
                json_t *x = json_pack("{s:s}", "criterion", judged.rows[i].k);

                for (size_t k = 0; x && k < countof(texts); k++)
                        (void)put_str(x, texts[k].key, row_get_text(&judged.rows[i], texts[k].col));
                (void)json_array_append_new(list, x);
        }
        return json_put(o, "judged_before", list);
}

static bool put_differs(json_t *o, const struct gist *g)
{
        json_t *list = json_array();
        bool ok;

        for (size_t i = 0; i < g->differs.n; i++) {
                const struct gist_differ *d = &g->differs.items[i];

                (void)json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:o}", "field", d->field->id, "label", json_text(&d->field->label), "before", words_json(&d->before),
                                                            "now", words_json(&d->now)));
        }
        ok = json_put(o, "differs", list);
        return ok && (!g->previous.rev ||
                      json_put(o, "previous", json_pack("{s:s, s:o, s:o, s:o}", "id", g->previous.id, "number", json_of(row_get_text(&g->previous, APPLICATION_number)), "title",
                                                        form_title(g->previous_pack, row_get_text(&g->previous, APPLICATION_form)), "decided_at",
                                                        json_time(row_get_int(&g->previous, APPLICATION_ended_at)))));
}

bool gist_put(json_t *o, const struct gist *g)
{
        json_t *opinions = json_array(), *phrases = json_array();

        for (size_t i = 0; i < g->opinions.n; i++)
                (void)json_array_append_new(opinions, json_pack("{s:s, s:o, s:o}", "field", g->opinions.items[i].field->id, "label", json_text(&g->opinions.items[i].field->label),
                                                                "text", words_json(&g->opinions.items[i].said)));
        for (size_t i = 0; i < g->phrases_count; i++)
                (void)json_array_append_new(phrases, json_pack("{s:s, s:s, s:o}", "id", g->phrases[i]->id, "use", phrase_use_names[g->phrases[i]->use], "text",
                                                               json_text(&g->phrases[i]->text)));
        return put_outline(o, g) && json_put(o, "opinion", opinions) && json_put(o, "phrases", phrases) && put_will(o, g) && put_judged(o, g) && put_differs(o, g);
}
