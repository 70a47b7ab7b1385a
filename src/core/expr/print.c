/* print.c - a condition written out: as source, and in words.
 *
 * The source is canonical: one space between words, no parentheses that are not needed. The words come from the catalogue
 * (`expr.say.*`), put together from the inside: the subject, then what is said of it, then how the parts join.
 */
#include "core/expr/tree.h"

static void format_operand(struct buf *out, const struct cond *c, const struct operand *o)
{
        struct date d;

        if (o->function) {
                buf_printf(out, "%s(%s)", o->function->word, o->name->id);
                return;
        }
        if (o->name) {
                buf_text(out, o->name->id);
                return;
        }
        switch (c->type) {
        case EXPR_BOOL:
                buf_text(out, o->literal.number ? "true" : "false");
                break;
        case EXPR_INT:
                buf_printf(out, "%lld", (long long)o->literal.number);
                break;
        case EXPR_DATE:
                d = date_from_days(o->literal.number);
                buf_printf(out, "%04d-%02d-%02d", d.year, d.month, d.day);
                break;
        case EXPR_TEXT:
                buf_char(out, '"');
                buf_str(out, o->literal.text);
                buf_char(out, '"');
                break;
        default:
                buf_str(out, o->literal.text);
        }
}

static void format_compare(struct buf *out, const struct cond *c)
{
        bool set = (c->op == OP_IN || c->op == OP_NOT_IN) && !c->right[0].name;

        buf_text(out, c->each == EACH_ANY ? "any " : c->each == EACH_ALL ? "all " : "");
        format_operand(out, c, &c->left);
        buf_printf(out, " %s %s", expr_op_spelling[c->op], set ? "[" : "");
        for (size_t i = 0; i < c->right_n; i++) {
                buf_text(out, i ? ", " : "");
                format_operand(out, c, &c->right[i]);
        }
        buf_text(out, set ? "]" : "");
}

static bool joins(const struct cond *c)
{
        return c->kind == COND_AND || c->kind == COND_OR;
}

static void format(struct buf *out, const struct cond *c, bool within)
{
        bool paren = within && (joins(c) || c->kind == COND_NOT);

        buf_text(out, paren ? "(" : "");
        switch (c->kind) {
        case COND_CONST:
                buf_text(out, c->value ? "true" : "false");
                break;
        case COND_TEST:
                format_operand(out, c, &c->left);
                break;
        case COND_COMPARE:
                format_compare(out, c);
                break;
        case COND_NOT:
                buf_text(out, "not ");
                if (c->first->kind == COND_COMPARE) {
                        buf_char(out, '(');
                        format_compare(out, c->first);
                        buf_char(out, ')');
                } else {
                        format(out, c->first, true);
                }
                break;
        case COND_AND:
        case COND_OR:
                for (const struct cond *part = c->first; part; part = part->next) {
                        buf_text(out, part == c->first ? "" : c->kind == COND_AND ? " and " : " or ");
                        format(out, part, joins(part));
                }
                break;
        }
        buf_text(out, paren ? ")" : "");
}

void expr_format(struct buf *out, const struct expr *x)
{
        format(out, x->root, false);
}

static bool operands_equal(const struct operand *a, const struct operand *b)
{
        return a->name == b->name && a->function == b->function && a->literal.number == b->literal.number &&
               str_eq(a->literal.text, b->literal.text);
}

static bool conds_equal(const struct cond *a, const struct cond *b)
{
        if (a->kind != b->kind || a->value != b->value || a->each != b->each || a->op != b->op || a->type != b->type ||
            a->choices != b->choices || a->right_n != b->right_n || !operands_equal(&a->left, &b->left))
                return false;
        for (size_t i = 0; i < a->right_n; i++)
                if (!operands_equal(&a->right[i], &b->right[i]))
                        return false;
        for (a = a->first, b = b->first; a && b; a = a->next, b = b->next)
                if (!conds_equal(a, b))
                        return false;
        return a == b;                                     /* both at their end */
}

bool expr_equal(const struct expr *a, const struct expr *b)
{
        return conds_equal(a->root, b->root);
}

/* Words: {0} and {1} filled into a text of the catalogue. */
static void say(struct buf *out, enum lang lang, const char *key, const struct buf *first, const struct buf *second)
{
        const char *args[2] = { first && first->p ? first->p : "", second && second->p ? second->p : "" };

        if ((first && first->bad) || (second && second->bad))
                out->bad = true;
        text_format(out, lang, key, args, second ? 2 : first ? 1 : 0);
}

static void say_name(struct buf *out, const struct expr_name *name, enum lang lang)
{
        buf_text(out, name->label[lang] ? name->label[lang] : name->id);
}

static void say_date(struct buf *out, int64_t days, enum lang lang)
{
        struct date d = date_from_days(days);
        char year[16], month[16], day[16];

        (void)snprintf(year, sizeof(year), "%d", d.year);
        (void)snprintf(month, sizeof(month), "%d", d.month);
        (void)snprintf(day, sizeof(day), "%d", d.day);
        text_format(out, lang, "expr.say.date", (const char *const[]){ year, month, day }, 3);
}

static void say_operand(struct buf *out, const struct cond *c, const struct operand *o, enum lang lang)
{
        scoped(buf_done) struct buf inner = BUF_INIT;
        const struct expr_choice *choice;

        if (o->name) {
                say_name(&inner, o->name, lang);
                if (o->function)
                        say(out, lang, o->function->say, &inner, NULL);
                else
                        buf_str(out, buf_view(&inner));
                out->bad = out->bad || inner.bad;
                return;
        }
        switch (c->type) {
        case EXPR_BOOL:
                buf_text(out, text_get(lang, o->literal.number ? "expr.say.true" : "expr.say.false"));
                break;
        case EXPR_INT:
                buf_printf(out, "%lld", (long long)o->literal.number);
                break;
        case EXPR_DATE:
                say_date(out, o->literal.number, lang);
                break;
        case EXPR_TEXT:
                buf_str(&inner, o->literal.text);
                say(out, lang, "expr.say.text", &inner, NULL);
                break;
        default:
                choice = &c->choices->rows[o->literal.number];
                buf_text(out, choice->label[lang] ? choice->label[lang] : choice->id);
        }
}

static const char *op_key(const struct cond *c)
{
        static const char *const keys[OPS_COUNT] = {
                [OP_EQ] = "expr.say.eq", [OP_NE] = "expr.say.ne", [OP_LT] = "expr.say.lt", [OP_LE] = "expr.say.le",
                [OP_GT] = "expr.say.gt", [OP_GE] = "expr.say.ge", [OP_IN] = "expr.say.in", [OP_NOT_IN] = "expr.say.not-in",
        };
        static const char *const dates[OPS_COUNT] = {
                [OP_LT] = "expr.say.before", [OP_LE] = "expr.say.until", [OP_GT] = "expr.say.after", [OP_GE] = "expr.say.from",
        };
        bool one_of_one = c->right_n == 1 && (c->op == OP_IN || c->op == OP_NOT_IN);

        if (one_of_one && c->right[0].name)
                return c->op == OP_IN ? "expr.say.contains" : "expr.say.contains-not";
        if (one_of_one)
                return c->op == OP_IN ? keys[OP_EQ] : keys[OP_NE];
        return c->type == EXPR_DATE && dates[c->op] ? dates[c->op] : keys[c->op];
}

static void say_compare(struct buf *out, const struct cond *c, enum lang lang)
{
        scoped(buf_done) struct buf name = BUF_INIT, left = BUF_INIT, right = BUF_INIT;

        say_operand(&name, c, &c->left, lang);
        if (c->each != EACH_NONE)
                say(&left, lang, c->each == EACH_ANY ? "expr.say.any" : "expr.say.all", &name, NULL);
        else
                buf_str(&left, buf_view(&name));
        for (size_t i = 0; i < c->right_n; i++) {
                buf_text(&right, i ? text_get(lang, "expr.say.comma") : "");
                say_operand(&right, c, &c->right[i], lang);
        }
        out->bad = out->bad || name.bad;
        say(out, lang, op_key(c), &left, &right);
}

static void say_test(struct buf *out, const struct cond *c, bool yes, enum lang lang)
{
        scoped(buf_done) struct buf name = BUF_INIT;
        const struct expr_function *f = c->left.function;

        say_name(&name, c->left.name, lang);
        if (f)
                say(out, lang, yes ? f->say : f->say_not, &name, NULL);
        else
                say(out, lang, yes ? "expr.say.yes" : "expr.say.no", &name, NULL);
}

static void say_cond(struct buf *out, const struct cond *c, enum lang lang)
{
        scoped(buf_done) struct buf inner = BUF_INIT;

        switch (c->kind) {
        case COND_CONST:
                buf_text(out, text_get(lang, c->value ? "expr.say.always" : "expr.say.never"));
                return;
        case COND_TEST:
                say_test(out, c, true, lang);
                return;
        case COND_COMPARE:
                say_compare(out, c, lang);
                return;
        case COND_NOT:
                if (c->first->kind == COND_TEST) {
                        say_test(out, c->first, false, lang);
                        return;
                }
                say_cond(&inner, c->first, lang);
                say(out, lang, "expr.say.not", &inner, NULL);
                return;
        case COND_AND:
        case COND_OR:
                for (const struct cond *part = c->first; part; part = part->next) {
                        scoped(buf_done) struct buf one = BUF_INIT;

                        if (part != c->first)
                                buf_text(out, text_get(lang, c->kind == COND_AND ? "expr.say.and" : "expr.say.or"));
                        say_cond(&one, part, lang);
                        if (joins(part))
                                say(out, lang, "expr.say.group", &one, NULL);
                        else
                                buf_str(out, buf_view(&one));
                        out->bad = out->bad || one.bad;
                }
                return;
        }
}

void expr_print(struct buf *out, const struct expr *x, enum lang lang)
{
        say_cond(out, x->root, lang);
}
