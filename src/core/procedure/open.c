/* open.c - what stands in the way of a step; see flow.h. */
#include "core/procedure/flow.h"

static void add(struct open_list *out, enum open_kind kind, const char *id, const char *why, const struct pack_text *text, bool exception)
{
        if (out->n < OPEN_MAX)
                out->items[out->n++] = (struct open_item){ kind, id, why, text, exception };
}

/* ---- criteria ---- */

bool criterion_is_asked(const struct flow *w, const struct pack_criterion *c)
{
        return facts_holds(&c->when, &w->env) != TRUTH_FALSE;
}

static bool given(const struct row *row, int col)
{
        return row->v[col].kind != VALUE_NULL && (row->v[col].kind == VALUE_ERASED || row->v[col].s.n);
}

const char *criterion_flaw(const struct flow *w, const struct pack_criterion *c, const struct row *row)
{
        bool kept = row && (row_is(row, CRITERION_result, "met") || row_is(row, CRITERION_result, "substitute"));

        if (!row || !given(row, CRITERION_result))
                return "open.criterion";
        if (!row_is(row, CRITERION_result, "met") && !row_is(row, CRITERION_result, "exception") && !given(row, CRITERION_reason))
                return "open.criterion.reason";
        if (row_is(row, CRITERION_result, "not-applicable") && c->always)
                return "open.criterion.always";
        if (row_is(row, CRITERION_result, "exception") && (!c->exception || !facts_exception(w->facts, c->id, w->now)))
                return "open.criterion.exception";
        if (kept && c->article && !given(row, CRITERION_article))
                return "open.criterion.article";
        if (kept && c->document && !given(row, CRITERION_document))
                return "open.criterion.document";
        return NULL;
}

int criterion_check(const struct flow *w, const struct pack_criterion *c, const struct row *row, struct err *e)
{
        const char *flaw = criterion_flaw(w, c, row);

        return flaw ? err_key(e, ERR_RULE, flaw, c->id, c->id, NULL) : ERR_OK;
}

const char *criterion_open(const struct flow *w, const struct pack_criterion *c, const struct row *row)
{
        bool binds = c->strength == STRENGTH_MUST || c->strength == STRENGTH_NECESSARY;
        const char *flaw;

        if (c->strength == STRENGTH_NONE || c->strength == STRENGTH_INFORMATION)
                return NULL;
        flaw = criterion_flaw(w, c, row);
        return flaw ? flaw : binds && row_is(row, CRITERION_result, "unmet") ? "open.criterion.unmet" : NULL;
}

static void open_criteria(struct open_list *out, const struct flow *w, const struct pack_step *step)
{
        const struct pack_criteria *list = step->kind == STEP_JUDGE ? pack_find_criteria(w->pack, step->criteria) : NULL;

        for (size_t i = 0; list && i < list->criteria_count; i++) {
                const struct pack_criterion *c = &list->criteria[i];
                const char *why = criterion_is_asked(w, c) ? criterion_open(w, c, facts_row(w->facts->criteria, c->id)) : NULL;

                if (why)
                        add(out, OPEN_CRITERION, c->id, why, &c->text, c->exception);
        }
}

/* ---- sheets ---- */

void flow_sheet_mark(char to[SHEET_MARK_MAX], const struct pack_form *sheet)
{
        (void)snprintf(to, SHEET_MARK_MAX, "sheet.%s", sheet->id);
}

static const struct row *answer_row(const struct case_facts *f, const char *k)
{
        for (size_t i = 0; i < f->answer_rows_count; i++)
                if (strcmp(f->answer_rows[i].k, k) == 0 && f->answer_rows[i].v[ANSWER_value].kind != VALUE_NULL)
                        return &f->answer_rows[i];
        return NULL;
}

static const struct answer *answered(const struct flow *w, const char *field)
{
        const struct answer *a = facts_answer(w->facts, field);

        return a && a->value.n ? a : NULL;
}

/* What the facts of today demand, not those of the day it was filled in. */
static bool is_missing(const struct flow *w, const struct pack_field *field)
{
        bool required = field->required || (field->required_when.tree && facts_holds(&field->required_when, &w->env) != TRUTH_FALSE);

        return required && facts_holds(&field->visible_when, &w->env) != TRUTH_FALSE && !answered(w, field->id);
}

bool flow_sheet_filled(const struct flow *w, const struct pack_form *sheet)
{
        char mark[SHEET_MARK_MAX];

        flow_sheet_mark(mark, sheet);
        if (!answer_row(w->facts, mark))
                return false;
        for (size_t i = 0; i < sheet->fields_count; i++)
                if (is_missing(w, &sheet->fields[i]))
                        return false;
        return true;
}

static void open_sheets(struct open_list *out, const struct flow *w, const struct pack_step *step)
{
        for (size_t i = 0; i < w->procedure->sheets_count; i++) {
                const struct pack_sheet *s = &w->procedure->sheets[i];
                const struct pack_form *form = pack_find_form(w->pack, s->id);

                if (strcmp(s->step, step->id) == 0 && (!form || !flow_sheet_filled(w, form)))
                        add(out, OPEN_SHEET, s->id, "open.sheet", form ? &form->title : NULL, false);
        }
}

/* ---- rules, ratings, the manager ---- */

static size_t index_of(const struct flow *w, const char *step)
{
        for (size_t i = 0; i < w->procedure->steps_count; i++)
                if (strcmp(w->procedure->steps[i].id, step) == 0)
                        return i;
        return w->procedure->steps_count;
}

static void open_rules(struct open_list *out, const struct flow *w, uint32_t reached)
{
        for (size_t i = 0; i < w->procedure->rules_count; i++) {
                const struct pack_rule *rule = &w->procedure->rules[i];
                size_t at = rule->at ? index_of(w, rule->at) : 0;

                if (rule->at && at < w->procedure->steps_count && !(reached >> at & 1))
                        continue;
                if (facts_holds(&rule->demand, &w->env) == TRUTH_TRUE || (rule->exception && facts_exception(w->facts, rule->id, w->now)))
                        continue;
                add(out, OPEN_RULE, rule->id, "open.rule", &rule->message, rule->exception);
        }
}

static const struct pack_form *form_of(const struct flow *w)
{
        for (size_t i = 0; i < w->pack->forms_count; i++)
                if (row_is(&w->facts->application, APPLICATION_form, w->pack->forms[i].id))
                        return &w->pack->forms[i];
        return NULL;
}

static bool is_level(const struct pack_axis *axis, const struct row *rating)
{
        for (size_t i = 0; rating && i < axis->levels_count; i++)
                if (row_is(rating, RATING_level, axis->levels[i].id))
                        return true;
        return false;
}

static void open_ratings(struct open_list *out, const struct flow *w)
{
        const struct pack_form *form = form_of(w);

        for (size_t i = 0; form && form->classified && i < w->pack->axes_count; i++)
                if (!is_level(&w->pack->axes[i], facts_row(w->facts->ratings, w->pack->axes[i].id)))
                        add(out, OPEN_RATING, w->pack->axes[i].id, "open.rating", &w->pack->axes[i].name, false);
}

static bool is_active_person(const struct case_facts *f, struct str id)
{
        for (size_t i = 0; i < f->people.n; i++)
                if (str_is(id, f->people.rows[i].id) && row_is(&f->people.rows[i], PERSON_state, "active"))
                        return true;
        return false;
}

/* 8.2(4): the approval appoints a manager. Named at submission, they may have left since. */
static void open_person(struct open_list *out, const struct flow *w, const char *field, bool required)
{
        const struct answer *a = field ? answered(w, field) : NULL;

        if (a ? !is_active_person(w->facts, a->value) : required)
                add(out, OPEN_MANAGER, field, "open.manager", a ? &a->field->label : NULL, false);
}

static void open_managers(struct open_list *out, const struct flow *w)
{
        for (size_t i = 0; i < w->procedure->effects_count; i++) {
                const struct pack_effect *fx = &w->procedure->effects[i];

                if (fx->kind != EFFECT_REGISTER_SERVICE || facts_holds(&fx->when, &w->env) == TRUTH_FALSE)
                        continue;
                open_person(out, w, fx->manager_field, true);
                open_person(out, w, fx->deputy_field, false);
        }
}

/* ---- all of it ---- */

void flow_open(struct open_list *out, const struct flow *w, const struct pack_step *step)
{
        size_t n = w->procedure->steps_count, i = step ? (size_t)(step - w->procedure->steps) : n;
        uint32_t reached = step ? w->before[i] | UINT32_C(1) << i : 0;

        out->n = 0;
        if (step && flow_is_last(w, i))
                reached = UINT32_MAX;
        open_rules(out, w, reached);
        if (!step)
                return;
        open_ratings(out, w);
        for (size_t j = 0; j < n; j++) {
                if (!(reached >> j & 1) || !w->needed[j])
                        continue;
                if (j != i && !w->done[j])
                        add(out, OPEN_STEP, w->procedure->steps[j].id, "open.step", &w->procedure->steps[j].title, false);
                open_sheets(out, w, &w->procedure->steps[j]);
                open_criteria(out, w, &w->procedure->steps[j]);
        }
        open_managers(out, w);
}
