/* check_steps.c - steps, rules and effects of a procedure; see check.h. */
#include "core/pack/check.h"

#include <assert.h>

#include "core/pack/names.h"

static void say(struct filler *f, const char *key, const void *record, const char *at, const char *what)
{
        mistake(f->mistakes, key, fill_place(f, record, at), what, "");
}

/* ---- conditions that nothing can change ---- */

static struct expr_value nothing_known(const void *ctx, const struct expr_name *name)
{
        return (struct expr_value){ .state = EXPR_OPEN };
}

/* To learn more never turns no into yes (expr.h): what is false before anything is known stays so. */
static bool is_never(const struct pack_condition *c)
{
        static const struct expr_env empty = { .get = nothing_known };

        return c->tree && expr_eval(c->tree, &empty) == TRUTH_FALSE;
}

/* ---- the order of steps ---- */

enum { STEPS_MAX = 20 };       /* as the schema has it */
static_assert(STEPS_MAX <= 32, "a set of steps is one word");

struct order { const struct pack_procedure *p; uint32_t before[STEPS_MAX]; };      /* which steps come before each */

static size_t step_at(const struct pack_procedure *p, const char *id)
{
        return (size_t)(procedure_find_step(p, id) - p->steps);
}

static void order_init(struct order *o, const struct pack_procedure *p)
{
        *o = (struct order){ .p = p };
        for (size_t round = 0; round < p->steps_count; round++)
                for (size_t i = 0; i < p->steps_count; i++)
                        for (size_t j = 0; j < p->steps[i].after_count; j++) {
                                size_t k = step_at(p, p->steps[i].after[j].id);

                                o->before[i] |= UINT32_C(1) << k | o->before[k];
                        }
}

static bool is_before(const struct order *o, size_t a, size_t b)
{
        return o->before[b] >> a & 1;
}

/* Nobody comes after it: whoever decides there decides last. */
static bool is_last(const struct order *o, size_t step)
{
        for (size_t i = 0; i < o->p->steps_count; i++)
                if (is_before(o, step, i))
                        return false;
        return true;
}

static bool is_start(const struct pack_link *l)
{
        return strcmp(l->id, "start") == 0;
}

/* `start` beside a step says two things at once. */
static bool check_start(struct filler *f, const struct pack_step *s)
{
        for (size_t i = 0; i < s->after_count; i++)
                if (is_start(&s->after[i])) {
                        say(f, "pack.step.start", &s->after[i], "id", s->id);
                        return false;
                }
        return true;
}

static void check_others(struct filler *f, const struct order *o, size_t step)
{
        const struct pack_step *s = &o->p->steps[step];

        for (size_t i = 0; i < s->not_same_as_count; i++) {
                size_t other = step_at(o->p, s->not_same_as[i].id);

                if (other == step)
                        say(f, "pack.step.self", &s->not_same_as[i], "id", s->id);
                else if (o->p->steps[other].kind == STEP_MACHINE)
                        say(f, "pack.step.nobody", &s->not_same_as[i], "id", s->not_same_as[i].id);
                else if (is_before(o, step, other))
                        say(f, "pack.step.later", &s->not_same_as[i], "id", s->not_same_as[i].id);
        }
}

static bool decides(enum step_kind k)
{
        return k == STEP_APPROVE || k == STEP_COUNCIL || k == STEP_EXTERNAL || k == STEP_CONFIRM;
}

static void check_step(struct filler *f, const struct order *o, size_t step)
{
        const struct pack_step *s = &o->p->steps[step];

        check_others(f, o, step);
        if (is_before(o, step, step))
                say(f, "pack.step.circle", s, "after", s->id);
        else if (is_last(o, step) && !decides(s->kind))
                say(f, "pack.step.last", s, "kind", s->id);
        if (is_never(&s->when))
                say(f, "pack.step.never", s, "when", s->id);
}

/* ---- the service that a scope speaks of ---- */

static bool is_about_service(const struct pack *p, const struct pack_procedure *procedure)
{
        const struct pack_form *form = names_form(p, procedure);

        for (size_t i = 0; form && i < form->fields_count; i++)
                if (form->fields[i].type == FIELD_SERVICE)
                        return true;
        return false;
}

static void check_scopes(struct filler *f, const struct pack *p, const struct pack_procedure *procedure)
{
        if (is_about_service(p, procedure))
                return;
        if (procedure->apply_scope == SCOPE_SERVICE)
                say(f, "pack.step.service", procedure, "apply_scope", procedure->id);
        for (size_t i = 0; i < procedure->steps_count; i++)
                if (procedure->steps[i].scope == SCOPE_SERVICE)
                        say(f, "pack.step.service", &procedure->steps[i], "scope", procedure->steps[i].id);
        for (size_t i = 0; i < procedure->sheets_count; i++)
                if (procedure->sheets[i].scope == SCOPE_SERVICE)
                        say(f, "pack.step.service", &procedure->sheets[i], "scope", procedure->sheets[i].id);
}

void check_steps(struct filler *f, const struct pack *p)
{
        for (const struct pack_procedure *procedure = p->procedures; procedure < p->procedures + p->procedures_count; procedure++) {
                bool good = true, always = false;
                struct order o;

                for (size_t i = 0; i < procedure->steps_count; i++) {
                        good &= check_start(f, &procedure->steps[i]);
                        always |= !procedure->steps[i].when.source;
                }
                if (!always)
                        say(f, "pack.step.none", procedure, "steps", procedure->id);
                if (good)
                        order_init(&o, procedure);
                for (size_t i = 0; good && i < procedure->steps_count; i++)
                        check_step(f, &o, i);
                check_scopes(f, p, procedure);
        }
}

/* ---- rules and effects ---- */

static bool may_be_passed(const struct pack *p, const char *item)
{
        const struct pack_criterion *criterion = pack_find_criterion(p, item);

        for (size_t i = 0; i < p->procedures_count; i++)
                for (size_t j = 0; j < p->procedures[i].rules_count; j++)
                        if (strcmp(p->procedures[i].rules[j].id, item) == 0)
                                return p->procedures[i].rules[j].exception;
        return criterion && criterion->exception;
}

const struct pack_field *check_field_of(const struct pack *p, const struct pack_procedure *procedure, const char *id)
{
        const struct pack_form *form = names_form(p, procedure);
        const struct pack_field *field = form ? form_find_field(form, id) : NULL;

        for (size_t i = 0; !field && i < procedure->sheets_count; i++)
                field = form_find_field(pack_find_form(p, procedure->sheets[i].id), id);
        return field;
}

static void check_effect(struct filler *f, const struct pack *p, const struct pack_procedure *procedure, const struct pack_effect *e)
{
        const struct pack_field *items = e->items_field ? check_field_of(p, procedure, e->items_field) : NULL;

        if (e->kind == EFFECT_REGISTER_SERVICE && !e->until_field == !e->until.source)
                say(f, "pack.effect.until", e, e->until.source ? "until" : "kind", e->id);
        if (e->kind == EFFECT_DUTY && !e->due_field == !e->due.source)
                say(f, "pack.effect.due", e, e->due.source ? "due" : "kind", e->id);
        for (size_t i = 0; items && i < items->choices_count; i++)
                if (!may_be_passed(p, items->choices[i].id))
                        mistake(f->mistakes, "pack.effect.item", fill_place(f, e, "items_field"), items->id, items->choices[i].id);
        if (e->kind == EFFECT_ROWS)
                check_filled(f, p, procedure, e);
        if (is_never(&e->when))
                say(f, "pack.effect.never", e, "when", e->id);
}

void check_rules(struct filler *f, const struct pack *p)
{
        for (const struct pack_procedure *procedure = p->procedures; procedure < p->procedures + p->procedures_count; procedure++) {
                for (size_t i = 0; i < procedure->rules_count; i++)
                        if (is_never(&procedure->rules[i].demand))
                                say(f, "pack.rule.never", &procedure->rules[i], "demand", procedure->rules[i].id);
                for (size_t i = 0; i < procedure->effects_count; i++)
                        check_effect(f, p, procedure, &procedure->effects[i]);
                check_filled_rows(f, p, procedure);
        }
}
