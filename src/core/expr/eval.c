/* eval.c - a condition's value, and the closed table of functions. Kleene's three values throughout. */
#include "core/expr/tree.h"

static enum truth truth_of(bool yes)
{
        return yes ? TRUTH_TRUE : TRUTH_FALSE;
}

static enum truth truth_not(enum truth t)
{
        return t == TRUTH_UNKNOWN ? t : truth_of(t == TRUTH_FALSE);
}

/* `stop` decides at once (FALSE for and, TRUE for or); failing that, one unknown makes all unknown. */
static enum truth join(enum truth so_far, enum truth t, enum truth stop)
{
        if (so_far == stop || t == stop)
                return stop;
        return so_far == TRUTH_UNKNOWN || t == TRUTH_UNKNOWN ? TRUTH_UNKNOWN : truth_not(stop);
}

static struct expr_value known(int64_t number)
{
        return (struct expr_value){ .state = EXPR_KNOWN, .number = number };
}

static struct expr_value answered_eval(const struct expr_value *v, const struct expr_env *env)
{
        return v->state == EXPR_OPEN ? *v : known(v->state == EXPR_KNOWN);
}

static struct expr_value count_eval(const struct expr_value *v, const struct expr_env *env)
{
        if (v->state == EXPR_BLANK)
                return known(0);
        return v->state == EXPR_KNOWN && v->n <= (size_t)EXPR_INT_MAX ? known((int64_t)v->n) : (struct expr_value){ 0 };
}

static struct expr_value days_until_eval(const struct expr_value *v, const struct expr_env *env)
{
        const int64_t last = date_days((struct date){ 9999, 12, 31 });

        if (v->state != EXPR_KNOWN || !env->today || v->number > last || v->number < -last)
                return (struct expr_value){ 0 };
        return known(v->number - date_days(*env->today));
}

static bool takes_any(const struct expr_name *name)
{
        return true;
}

static bool takes_list(const struct expr_name *name)
{
        return name->is_list;
}

static bool takes_date(const struct expr_name *name)
{
        return !name->is_list && name->type == EXPR_DATE;
}

static const struct expr_function functions[] = {
        { "answered",   takes_any,  NULL,                 EXPR_BOOL, answered_eval,   "expr.say.answered", "expr.say.not-answered" },
        { "count",      takes_list, "expr.function-list", EXPR_INT,  count_eval,      "expr.say.count", NULL },
        { "days_until", takes_date, "expr.function-date", EXPR_INT,  days_until_eval, "expr.say.days-until", NULL },
};

const struct expr_function *expr_function_find(struct str word)
{
        for (size_t i = 0; i < countof(functions); i++)
                if (str_is(word, functions[i].word))
                        return &functions[i];
        return NULL;
}

const char *expr_function_word(size_t i)
{
        return i < countof(functions) ? functions[i].word : NULL;
}

int64_t choices_find(const struct expr_choices *c, struct str id)
{
        for (size_t i = 0; i < c->n; i++)
                if (str_is(id, c->rows[i].id))
                        return (int64_t)i;
        return -1;
}

bool choices_has_order(enum expr_type type, const struct expr_choices *c)
{
        return type == EXPR_INT || type == EXPR_DATE || (type == EXPR_CHOICE && c->order != EXPR_UNORDERED);
}

static struct expr_value operand_value(const struct operand *o, const struct expr_env *env)
{
        struct expr_value v = o->name ? env->get(env->ctx, o->name) : o->literal;

        return o->function ? o->function->eval(&v, env) : v;
}

/* -1, 0, 1 with the order of the type; false when either is unknown. */
static bool value_cmp(int *out, const struct cond *c, const struct expr_value *l, const struct expr_value *r)
{
        int64_t a = l->number, b = r->number;

        if (l->state != EXPR_KNOWN || r->state != EXPR_KNOWN)
                return false;
        if (c->type == EXPR_TEXT) {
                *out = str_cmp(l->text, r->text);
                return true;
        }
        if (c->type == EXPR_CHOICE) {
                a = choices_find(c->choices, l->text);
                b = choices_find(c->choices, r->text);
                if (a < 0 || b < 0)                        /* an id of an older pack: nobody knows what it is now */
                        return false;
        }
        *out = (a > b) - (a < b);
        if (c->type == EXPR_CHOICE && c->choices->order == EXPR_HIGHEST_FIRST)
                *out = -*out;
        return true;
}

static enum truth compare(const struct cond *c, const struct expr_value *l, const struct expr_value *r, enum expr_op op)
{
        int d;

        if (!value_cmp(&d, c, l, r))
                return TRUTH_UNKNOWN;
        switch (op) {
        case OP_EQ: return truth_of(d == 0);
        case OP_NE: return truth_of(d != 0);
        case OP_LT: return truth_of(d < 0);
        case OP_LE: return truth_of(d <= 0);
        case OP_GT: return truth_of(d > 0);
        case OP_GE: return truth_of(d >= 0);
        default:    return TRUTH_UNKNOWN;
        }
}

/* Is it one of the literals, or of the items of a list? */
static enum truth is_among(const struct cond *c, const struct expr_value *l, const struct expr_env *env)
{
        enum truth found = TRUTH_FALSE;

        if (c->right[0].name) {
                struct expr_value items = operand_value(&c->right[0], env);

                if (items.state != EXPR_KNOWN)
                        return TRUTH_UNKNOWN;
                for (size_t i = 0; i < items.n; i++)
                        found = join(found, compare(c, l, &items.items[i], OP_EQ), TRUTH_TRUE);
                return found;
        }
        for (size_t i = 0; i < c->right_n; i++)
                found = join(found, compare(c, l, &c->right[i].literal, OP_EQ), TRUTH_TRUE);
        return found;
}

static enum truth compare_one(const struct cond *c, const struct expr_value *l, const struct expr_env *env)
{
        struct expr_value r;

        if (c->op == OP_IN)
                return is_among(c, l, env);
        if (c->op == OP_NOT_IN)
                return truth_not(is_among(c, l, env));
        r = operand_value(&c->right[0], env);
        return compare(c, l, &r, c->op);
}

static enum truth eval_compare(const struct cond *c, const struct expr_env *env)
{
        enum truth stop = c->each == EACH_ANY ? TRUTH_TRUE : TRUTH_FALSE, t = truth_not(stop);
        struct expr_value l = operand_value(&c->left, env);

        if (c->each == EACH_NONE)
                return compare_one(c, &l, env);
        if (l.state != EXPR_KNOWN)
                return TRUTH_UNKNOWN;
        for (size_t i = 0; i < l.n; i++)
                t = join(t, compare_one(c, &l.items[i], env), stop);
        return t;
}

static enum truth eval(const struct cond *c, const struct expr_env *env)
{
        enum truth stop = c->kind == COND_OR ? TRUTH_TRUE : TRUTH_FALSE, t = truth_not(stop);
        struct expr_value v;

        switch (c->kind) {
        case COND_CONST:
                return truth_of(c->value);
        case COND_TEST:
                v = operand_value(&c->left, env);
                return v.state == EXPR_KNOWN ? truth_of(v.number != 0) : TRUTH_UNKNOWN;
        case COND_COMPARE:
                return eval_compare(c, env);
        case COND_NOT:
                return truth_not(eval(c->first, env));
        case COND_AND:
        case COND_OR:
                for (const struct cond *part = c->first; part; part = part->next)
                        t = join(t, eval(part, env), stop);
                return t;
        }
        return TRUTH_UNKNOWN;
}

enum truth expr_eval(const struct expr *x, const struct expr_env *env)
{
        return eval(x->root, env);
}
