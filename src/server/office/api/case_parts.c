/* case_parts.c - see case_parts.h. */
#include "server/office/api/case_parts.h"

#include "server/office/api/home.h"

static const char *const step_kinds[] = {
#define X(id, name) name,
        STEP_KINDS(X)
#undef X
};
static const char *const scopes[] = {
#define X(id, name) name,
        SCOPES(X)
#undef X
};
static const char *const hands[] = {
#define X(id, name) name,
        HANDS(X)
#undef X
};
static const char *const strengths[] = {
#define X(id, name) name,
        STRENGTHS(X)
#undef X
};

int case_view_init(struct case_view *v, struct request *rq, const struct pack *pack, const struct case_facts *f, struct err *e)
{
        struct flow *w = arena_new(rq->arena, struct flow);

        if (!w)
                return err_set(e, ERR_NOMEM, "case");
        *v = (struct case_view){ .rq = rq, .pack = pack, .facts = f, .procedure = facts_procedure(pack, &f->application) };
        v->flow = flow_init(w, pack, f, rq->now, NULL) == ERR_OK ? w : NULL;
        return ERR_OK;
}

static bool is_entered(const struct case_view *v, size_t i)
{
        return row_is(&v->facts->steps[i], STEP_state, "entered");
}

bool case_is_mine(const struct case_view *v, size_t i)
{
        return v->flow && v->flow->active[i] && flow_standing(v->flow, i, &v->rq->session.who, is_entered(v, i), NULL).capacity != CAPACITY_NONE;
}

static bool append(json_t *list, json_t *o)
{
        return json_array_append_new(list, o) == 0;
}

/* ---- answers ---- */

json_t *case_answers(const struct case_view *v, const struct pack_form *form)
{
        json_t *list = json_array();

        for (size_t i = 0; form && i < form->fields_count; i++)
                for (size_t k = 0; k < v->facts->answer_rows_count; k++) {
                        const struct row *row = &v->facts->answer_rows[k];

                        if (strcmp(row->k, form->fields[i].id) == 0 && row->v[ANSWER_value].kind != VALUE_NULL)
                                (void)append(list, json_pack("{s:s, s:o, s:o, s:b}", "field", row->k, "label", json_text(&form->fields[i].label), "value",
                                                             json_of(row_get_text(row, ANSWER_value)), "erased", row->v[ANSWER_value].kind == VALUE_ERASED));
                }
        return list;
}

/* ---- steps ---- */

static json_t *step_title(const struct pack_step *s, const char *id)
{
        return s ? json_text(&s->title) : json_pack("{s:s, s:s}", "ja", id, "en", id);
}

/* What was decided, by whom, and what the paper said. */
static bool put_decided(json_t *o, struct request *rq, const struct row *row)
{
        static const struct { const char *key; int col; } people[] = { { "decider", STEP_decider }, { "principal", STEP_principal }, { "entered_by", STEP_entered_by } };
        static const struct { const char *key; int col; } texts[] = {
                { "reason", STEP_reason },     { "condition", STEP_condition }, { "condition_due", STEP_condition_due }, { "outcome", STEP_outcome },
                { "document", STEP_document }, { "decided_on", STEP_decided_on }, { "division", STEP_division },         { "authority", STEP_authority },
        };
        bool ok = put_time(o, "decided_at", row_get_int(row, STEP_decided_at));

        for (size_t i = 0; ok && i < countof(people); i++)
                ok = !row_get_text(row, people[i].col).n || json_put(o, people[i].key, person_name(rq, row_get_text(row, people[i].col)));
        for (size_t i = 0; ok && i < countof(texts); i++)
                ok = put_str(o, texts[i].key, row_get_text(row, texts[i].col));
        return ok;
}

static bool put_place(json_t *o, const struct case_view *v, const struct pack_step *s, size_t i)
{
        json_t *after = json_array();

        for (size_t j = 0; v->flow && j < v->procedure->steps_count; j++)
                if (v->flow->before[i] >> j & 1)
                        (void)append(after, json_string(v->procedure->steps[j].id));
        return json_put(o, "after", after) && json_put(o, "kind", json_string(step_kinds[s->kind])) && json_put(o, "scope", json_string(scopes[s->scope])) &&
               (!s->role || json_put(o, "role_name", role_name(v->pack, s->role))) && put_text(o, "help", &s->help) &&
               json_put(o, "conditional", json_boolean(s->conditional)) && json_put(o, "needed", json_boolean(v->flow && v->flow->needed[i])) &&
               json_put(o, "active", json_boolean(v->flow && v->flow->active[i])) && json_put(o, "mine", json_boolean(case_is_mine(v, i)));
}

json_t *case_steps(const struct case_view *v)
{
        json_t *list = json_array();

        for (size_t i = 0; i < v->facts->steps_count; i++) {
                const struct row *row = &v->facts->steps[i];
                const struct pack_step *s = v->procedure ? procedure_find_step(v->procedure, row->k) : NULL;
                json_t *o = json_pack("{s:s, s:o, s:o, s:o}", "id", row->k, "title", step_title(s, row->k), "role", json_of(row_get_text(row, STEP_role)), "state",
                                      json_of(row_get_text(row, STEP_state)));

                if (o && put_decided(o, v->rq, row) && s && v->flow)
                        (void)put_place(o, v, s, i);
                (void)append(list, o);
        }
        return list;
}

/* ---- sheets ---- */

static bool sheet_is_mine(const struct case_view *v, const struct pack_sheet *sheet)
{
        for (size_t i = 0; v->flow && i < v->procedure->steps_count; i++)
                if (strcmp(v->procedure->steps[i].id, sheet->step) == 0)
                        return v->flow->active[i] && !is_entered(v, i) && flow_holds(v->flow, sheet->role, sheet->scope, &v->rq->session.who);
        return false;
}

json_t *case_sheets(const struct case_view *v)
{
        json_t *list = json_array();

        for (size_t i = 0; v->flow && i < v->procedure->sheets_count; i++) {
                const struct pack_sheet *sheet = &v->procedure->sheets[i];
                const struct pack_form *form = pack_find_form(v->pack, sheet->id);

                if (form)
                        (void)append(list, json_pack("{s:s, s:o, s:s, s:s, s:s, s:o, s:b, s:b, s:o}", "id", sheet->id, "title", json_text(&form->title), "hand",
                                                     hands[sheet->hand], "step", sheet->step, "role", sheet->role, "role_name", role_name(v->pack, sheet->role), "filled",
                                                     flow_sheet_filled(v->flow, form), "mine", sheet_is_mine(v, sheet), "answers", case_answers(v, form)));
        }
        return list;
}

/* ---- criteria ---- */

static bool put_judged(json_t *o, struct request *rq, const struct row *row)
{
        static const struct { const char *key; int col; } texts[] = {
                { "result", CRITERION_result }, { "reason", CRITERION_reason }, { "article", CRITERION_article },   { "answer", CRITERION_answer },
                { "said", CRITERION_said },     { "said_on", CRITERION_said_on }, { "document", CRITERION_document },
        };
        bool ok = put_time(o, "judged_at", row_get_int(row, CRITERION_judged_at));

        for (size_t i = 0; ok && i < countof(texts); i++)
                ok = put_str(o, texts[i].key, row_get_text(row, texts[i].col));
        return ok && (!row_get_text(row, CRITERION_person).n || json_put(o, "judged_by", person_name(rq, row_get_text(row, CRITERION_person))));
}

/* With their words, as the pack of the case has them. */
static json_t *linked_clauses(const struct pack *pack, const struct pack_criterion *c)
{
        json_t *list = json_array();

        for (size_t i = 0; i < c->clauses_count; i++)
                (void)append(list, clause_json(pack, c->clauses[i].id));
        return list;
}

/* What a result must bring with it. */
static json_t *needs_json(const struct pack_criterion *c)
{
        const struct { bool on; const char *name; } needs[] = { { c->article, "article" }, { c->document, "document" }, { c->always, "always" } };
        json_t *list = json_array();

        for (size_t i = 0; i < countof(needs); i++)
                if (needs[i].on)
                        (void)append(list, json_string(needs[i].name));
        return list;
}

static json_t *criterion_json(const struct case_view *v, const char *list, const struct pack_criterion *c, bool mine)
{
        const struct row *row = facts_row(v->facts->criteria, c->id);
        bool asked = criterion_is_asked(v->flow, c);
        json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:b, s:b, s:b, s:b}", "id", c->id, "list", list, "strength", strengths[c->strength], "asked",
                              hands[c->asked], "text", json_text(&c->text), "clauses", linked_clauses(v->pack, c), "needs", needs_json(c), "exception",
                              c->exception, "asked_now", asked, "settled", !asked || !criterion_open(v->flow, c, row), "mine", mine && asked);

        if (o && put_text(o, "ask", &c->ask) && put_text(o, "help", &c->help) && put_text(o, "specification", &c->specification) && row)
                (void)put_judged(o, v->rq, row);
        return o;
}

/* Two steps may go through one list: it is shown once, and may be judged at either. */
static bool judged_before(const struct case_view *v, size_t step)
{
        for (size_t i = 0; i < step; i++)
                if (v->procedure->steps[i].kind == STEP_JUDGE && strcmp(v->procedure->steps[i].criteria, v->procedure->steps[step].criteria) == 0)
                        return true;
        return false;
}

static bool list_is_mine(const struct case_view *v, const char *list)
{
        for (size_t i = 0; i < v->procedure->steps_count; i++)
                if (v->procedure->steps[i].kind == STEP_JUDGE && strcmp(v->procedure->steps[i].criteria, list) == 0 && case_is_mine(v, i))
                        return true;
        return false;
}

json_t *case_criteria(const struct case_view *v)
{
        json_t *all = json_array();

        for (size_t i = 0; v->flow && i < v->procedure->steps_count; i++) {
                const struct pack_step *s = &v->procedure->steps[i];
                const struct pack_criteria *list = s->kind == STEP_JUDGE && !judged_before(v, i) ? pack_find_criteria(v->pack, s->criteria) : NULL;

                for (size_t k = 0; list && k < list->criteria_count; k++)
                        (void)append(all, criterion_json(v, list->id, &list->criteria[k], list_is_mine(v, list->id)));
        }
        return all;
}

/* ---- classes ---- */

static const struct pack_level *level_of(const struct pack_axis *axis, struct str level)
{
        for (size_t i = 0; i < axis->levels_count; i++)
                if (str_is(level, axis->levels[i].id))
                        return &axis->levels[i];
        return NULL;
}

static const struct pack_derivation *derivation_of(const struct pack *p, struct str id)
{
        for (size_t i = 0; i < p->derivations_count; i++)
                if (str_is(id, p->derivations[i].id))
                        return &p->derivations[i];
        return NULL;
}

json_t *case_ratings(const struct case_view *v)
{
        json_t *list = json_array();

        for (size_t i = 0; i < v->pack->axes_count; i++) {
                const struct pack_axis *axis = &v->pack->axes[i];
                const struct row *row = facts_row(v->facts->ratings, axis->id);
                const struct pack_level *level = row ? level_of(axis, row_get_text(row, RATING_level)) : NULL;
                const struct pack_derivation *because = row ? derivation_of(v->pack, row_get_text(row, RATING_rule)) : NULL;
                json_t *o;

                if (!row)
                        continue;
                o = json_pack("{s:s, s:o, s:o, s:o}", "axis", axis->id, "name", json_text(&axis->name), "level", json_of(row_get_text(row, RATING_level)), "derived",
                              json_of(row_get_text(row, RATING_derived)));
                if (o && level)
                        (void)json_put(o, "level_name", json_text(&level->name));
                if (o && because)
                        (void)put_text(o, "because", &because->because);
                if (o && put_str(o, "reason", row_get_text(row, RATING_reason)) && row_get_text(row, RATING_person).n)
                        (void)json_put(o, "set_by", person_name(v->rq, row_get_text(row, RATING_person)));
                (void)append(list, o);
        }
        return list;
}

bool case_conf2plus(const struct case_view *v)
{
        const char **levels = arena_array(v->rq->arena, v->pack->axes_count + 1, sizeof(*levels));

        for (size_t i = 0; levels && i < v->pack->axes_count; i++) {
                const struct row *row = facts_row(v->facts->ratings, v->pack->axes[i].id);

                levels[i] = row ? word_of(v->rq, row_get_text(row, RATING_level)) : NULL;
        }
        return !levels || rating_conf2plus(v->pack, levels);
}

/* ---- what is open ---- */

/* The catalogue's words around the pack's, in each language. */
static json_t *message_json(const char *key, const struct pack_text *text, const char *id)
{
        scoped(buf_done) struct buf ja = BUF_INIT, en = BUF_INIT;
        struct buf *to[LANG_COUNT] = { [LANG_JA] = &ja, [LANG_EN] = &en };

        for (int l = 0; l < LANG_COUNT; l++) {
                const char *arg = text && text->in[l] ? text->in[l] : id;

                text_format(to[l], (enum lang)l, key, &arg, 1);
        }
        return buf_bad(&ja) || buf_bad(&en) ? NULL : json_pack("{s:o, s:o}", "ja", json_of(buf_view(&ja)), "en", json_of(buf_view(&en)));
}

static const struct pack_rule *rule_of(const struct pack_procedure *p, const char *id)
{
        for (size_t i = 0; i < p->rules_count; i++)
                if (strcmp(p->rules[i].id, id) == 0)
                        return &p->rules[i];
        return NULL;
}

json_t *open_json(const struct pack_procedure *p, const struct open_list *open)
{
        static const char *const kinds[] = {
                [OPEN_RULE] = "rule", [OPEN_CRITERION] = "criterion", [OPEN_SHEET] = "sheet", [OPEN_RATING] = "rating", [OPEN_STEP] = "step", [OPEN_MANAGER] = "manager",
        };
        json_t *list = json_array();

        for (size_t i = 0; i < open->n; i++) {
                const struct open_item *x = &open->items[i];
                const struct pack_rule *rule = x->kind == OPEN_RULE ? rule_of(p, x->id) : NULL;
                json_t *o = json_pack("{s:s, s:s, s:s, s:o, s:b}", "kind", kinds[x->kind], "id", x->id, "why", x->why, "message", message_json(x->why, x->text, x->id),
                                      "exception", x->exception);

                if (o && rule)
                        (void)put_text(o, "mend", &rule->mend);
                (void)append(list, o);
        }
        return list;
}

json_t *case_open(const struct case_view *v)
{
        struct open_list *open = arena_new(v->rq->arena, struct open_list);
        const struct pack_step *first = NULL, *mine = NULL;

        for (size_t i = 0; v->flow && i < v->procedure->steps_count; i++) {
                if (v->flow->active[i] && !first)
                        first = &v->procedure->steps[i];
                if (!mine && case_is_mine(v, i))
                        mine = &v->procedure->steps[i];
        }
        if (!open || !first)
                return json_array();
        flow_open(open, v->flow, mine ? mine : first);
        return open_json(v->procedure, open);
}
