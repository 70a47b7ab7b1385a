/* parse.c - from the text of a condition to its tree, every name resolved and every comparison typed.
 *
 *      condition  = junction
 *      junction   = part { "and" part } | part { "or" part }            never both without parentheses
 *      part       = "not" factor | factor | comparison
 *      factor     = "(" junction ")" | "true" | "false" | name | function
 *      comparison = [ "any" | "all" ] subject op value                   any, all: exactly when the subject is a list
 *                 | [ "any" | "all" ] subject [ "not" ] "in" "[" literal { "," literal } "]"
 *                 | ( literal | name ) [ "not" ] "in" name-of-a-list
 *      subject    = name | function
 *      function   = word "(" name ")"
 *
 * Where a reader might take a spelling for something else than we do, it is refused rather than read.
 */
#include "core/expr/hint.h"
#include "core/expr/lex.h"

const char *const expr_op_spelling[OPS_COUNT] = {
#define X(id, spelling) [id] = spelling,
        EXPR_OPS(X)
#undef X
};

static const char *const reserved[] = { "and", "or", "not", "in", "any", "all", "true", "false" };

struct parser {
        struct lexer             lexer;
        struct token             now;
        const struct expr_names *names;
        struct arena            *arena;
        struct err              *e;
        struct expr             *x;
        size_t                   depth;
};

/* What a value must be to stand beside the subject. */
struct want { struct str subject; enum expr_type type; const struct expr_choices *choices; };

static int junction(struct cond **out, struct parser *p);

bool expr_word_reserved(struct str word)
{
        for (size_t i = 0; i < countof(reserved); i++)
                if (str_is(word, reserved[i]))
                        return true;
        return false;
}

static int no_memory(struct parser *p)
{
        return err_set(p->e, ERR_NOMEM, "expr: no memory for a condition");
}

static int advance(struct parser *p)
{
        return lex_next(&p->now, &p->lexer);
}

static int refuse(struct parser *p, const struct token *at, const char *key, const char *hint)
{
        return lex_refuse(&p->lexer, at->text.p, key, at->text, hint);
}

static bool is_word(const struct token *t, const char *word)
{
        return t->kind == TOKEN_WORD && str_is(t->text, word);
}

static bool is_name(const struct token *t)
{
        return t->kind == TOKEN_WORD && !expr_word_reserved(t->text);
}

static bool is_literal(const struct token *t)
{
        return t->kind == TOKEN_INT || t->kind == TOKEN_DATE || t->kind == TOKEN_TEXT || is_word(t, "true") || is_word(t, "false");
}

static bool call_follows(const struct parser *p)
{
        struct str s = str_trim(p->lexer.rest);

        return s.n && s.p[0] == '(';
}

static bool compares(const struct token *t)
{
        return t->kind == TOKEN_OP || is_word(t, "in");
}

static int refuse_limit(struct parser *p, const struct token *at, const char *key, int limit)
{
        char hint[16];

        (void)snprintf(hint, sizeof(hint), "%d", limit);
        return refuse(p, at, key, hint);
}

/* Something else was expected: the end is named as such. */
static int refuse_here(struct parser *p, const char *key)
{
        return p->now.kind == TOKEN_END ? refuse(p, &p->now, "expr.unfinished", "") : refuse(p, &p->now, key, "");
}

static struct cond *node(struct parser *p, enum cond_kind kind)
{
        struct cond *c = arena_new(p->arena, struct cond);

        if (c)
                c->kind = kind;
        return c;
}

static const struct expr_name *find_name(const struct parser *p, struct str id)
{
        for (size_t i = 0; i < p->names->n; i++)
                if (str_is(id, p->names->rows[i].id))
                        return &p->names->rows[i];
        return NULL;
}

static void use(struct parser *p, const struct expr_name *name)
{
        for (size_t i = 0; i < p->x->used_n; i++)
                if (p->x->used[i] == name)
                        return;
        p->x->used[p->x->used_n++] = name;
}

/* AND, Yes: what such a word is called here. Asked only when no name fits: NO may be a country. */
static const char *keyword_meant(struct str word)
{
        static const struct { const char *word, *means; } rows[] = {
                { "yes", "true" }, { "no", "false" }, { "and", "and" }, { "or", "or" }, { "not", "not" },
                { "in", "in" }, { "any", "any" }, { "all", "all" }, { "true", "true" }, { "false", "false" },
                { "is", "==" }, { "eq", "==" }, { "ne", "!=" }, { "some", "any" }, { "every", "all" },
        };
        char small[8] = "";

        if (word.n >= sizeof(small))
                return NULL;
        for (size_t i = 0; i < word.n; i++)
                small[i] = word.p[i] >= 'A' && word.p[i] <= 'Z' ? (char)(word.p[i] + 32) : word.p[i];
        for (size_t i = 0; i < countof(rows); i++)
                if (strcmp(small, rows[i].word) == 0)
                        return rows[i].means;
        return NULL;
}

static int refuse_name(struct parser *p, const struct token *t)
{
        const char *meant = keyword_meant(t->text);
        char hint[HINT_MAX];

        if (meant)
                return refuse(p, t, "expr.instead", meant);
        hint_name(hint, p->names, t->text);
        return refuse(p, t, "expr.name", hint);
}

/* Types: which key says what the subject is compared with. */
static int refuse_type(struct parser *p, const struct token *t, const struct want *w)
{
        static const char *const keys[EXPR_TYPES_COUNT] = {
                [EXPR_BOOL] = "expr.type.bool", [EXPR_INT] = "expr.type.int",       [EXPR_TEXT] = "expr.type.text",
                [EXPR_DATE] = "expr.type.date", [EXPR_CHOICE] = "expr.type.choice",
        };
        char hint[HINT_MAX] = "";

        if (w->type == EXPR_CHOICE)
                hint_choices(hint, w->choices);
        return lex_refuse(&p->lexer, t->text.p, keys[w->type], w->subject, hint);
}

/* word ( name ); p->now is "(". */
static int call(struct operand *out, struct parser *p, const struct token *word)
{
        const struct expr_function *f = expr_function_find(word->text);
        const struct expr_name *name;
        int r;

        if (!f) {
                char hint[HINT_MAX];

                hint_functions(hint);
                return refuse(p, word, "expr.function", hint);
        }
        r = advance(p);
        if (r < 0)
                return r;
        if (!is_name(&p->now))
                return refuse_here(p, "expr.function-name");
        name = find_name(p, p->now.text);
        if (!name)
                return refuse_name(p, &p->now);
        if (!f->takes(name))
                return refuse(p, &p->now, f->refused, f->word);
        use(p, name);
        r = advance(p);
        if (r < 0)
                return r;
        if (p->now.kind != TOKEN_CLOSE)
                return refuse_here(p, "expr.function-name");
        *out = (struct operand){ .name = name, .function = f };
        return advance(p);
}

static enum expr_type operand_type(const struct operand *o)
{
        return o->function ? o->function->gives : o->name->type;
}

static bool operand_is_list(const struct operand *o)
{
        return o->name && !o->function && o->name->is_list;
}

/* A name or a function; the token is p->now. */
static int subject(struct operand *out, struct parser *p)
{
        struct token t = p->now;
        const struct expr_name *name;

        if (is_literal(&t))
                return refuse(p, &t, "expr.subject-first", "");
        if (!is_name(&t))
                return refuse_here(p, "expr.subject");
        if (call_follows(p)) {
                int r = advance(p);

                return r < 0 ? r : call(out, p, &t);
        }
        name = find_name(p, t.text);
        if (!name)
                return refuse_name(p, &t);
        use(p, name);
        *out = (struct operand){ .name = name };
        return advance(p);
}

static struct str unquoted(struct str s)
{
        return (struct str){ s.p + 1, s.n - 2 };
}

/* A literal of the wanted type; names are no literals. */
static int literal(struct operand *out, struct parser *p, const struct want *w)
{
        static const enum token_kind kinds[EXPR_TYPES_COUNT] = { [EXPR_BOOL] = TOKEN_WORD, [EXPR_INT] = TOKEN_INT,
                [EXPR_TEXT] = TOKEN_TEXT, [EXPR_DATE] = TOKEN_DATE, [EXPR_CHOICE] = TOKEN_WORD };
        struct expr_value v = { .state = EXPR_KNOWN, .number = p->now.number };
        struct token t = p->now;
        char hint[HINT_MAX];

        if (w->type == EXPR_CHOICE && t.kind == TOKEN_TEXT && choices_find(w->choices, unquoted(t.text)) >= 0) {
                (void)snprintf(hint, sizeof(hint), "%.*s", (int)t.text.n - 2, t.text.p + 1);
                return refuse(p, &t, "expr.instead", hint);
        }
        if (t.kind != kinds[w->type] || (w->type == EXPR_BOOL && !is_literal(&t)) || (w->type == EXPR_CHOICE && !is_name(&t)))
                return is_name(&t) || is_literal(&t) ? refuse_type(p, &t, w) : refuse_here(p, "expr.value");
        if (w->type == EXPR_CHOICE) {
                v.number = choices_find(w->choices, t.text);
                if (v.number < 0) {
                        hint_choice(hint, w->choices, t.text);
                        return refuse(p, &t, "expr.choice", hint);
                }
                v.text = str_of(w->choices->rows[v.number].id);
        } else if (w->type == EXPR_BOOL) {
                v.number = is_word(&t, "true");
        } else if (w->type == EXPR_TEXT) {
                const char *copy = arena_copy(p->arena, t.text.p + 1, t.text.n - 2);

                if (!copy)
                        return no_memory(p);
                v.text = (struct str){ copy, t.text.n - 2 };
        }
        *out = (struct operand){ .literal = v };
        return advance(p);
}

static bool fits(const struct want *w, const struct operand *o)
{
        return operand_type(o) == w->type && (w->type != EXPR_CHOICE || o->name->choices == w->choices);
}

/* A literal, name or function of the wanted type. A choice's id wins over a name, unless the name would do as well. */
static int value(struct operand *out, struct parser *p, const struct want *w)
{
        struct token t = p->now;
        struct operand o;
        const struct expr_name *name;
        bool is_choice = w->type == EXPR_CHOICE && choices_find(w->choices, t.text) >= 0;
        int r;

        if (!is_name(&t))
                return literal(out, p, w);
        name = find_name(p, t.text);
        if (is_choice && name && !name->is_list && fits(w, &(struct operand){ .name = name }))
                return refuse(p, &t, "expr.ambiguous", "");
        if (is_choice || (w->type == EXPR_CHOICE && !name && !call_follows(p)))
                return literal(out, p, w);
        r = subject(&o, p);
        if (r < 0)
                return r;
        if (operand_is_list(&o))
                return refuse(p, &t, "expr.list", "");
        if (!fits(w, &o))
                return refuse_type(p, &t, w);
        *out = o;
        return 0;
}

static bool same_literal(const struct operand *a, const struct operand *b)
{
        return a->literal.number == b->literal.number && str_eq(a->literal.text, b->literal.text);
}

/* [ literal, ... ]; p->now is "[". */
static int literals(struct cond *c, struct parser *p, const struct want *w)
{
        struct operand items[EXPR_ITEMS_MAX], *copy;
        size_t n = 0;
        int r;

        do {
                struct token t;

                r = advance(p);
                if (r < 0)
                        return r;
                t = p->now;
                if (n == EXPR_ITEMS_MAX)
                        return refuse_limit(p, &t, "expr.list-long", EXPR_ITEMS_MAX);
                if (t.kind == TOKEN_LIST_CLOSE)
                        return refuse(p, &t, n ? "expr.value" : "expr.list-empty", "");
                r = literal(&items[n], p, w);
                if (r < 0)
                        return r;
                for (size_t i = 0; i < n; i++)
                        if (same_literal(&items[i], &items[n]))
                                return refuse(p, &t, "expr.list-twice", "");
                n++;
        } while (p->now.kind == TOKEN_COMMA);
        if (p->now.kind != TOKEN_LIST_CLOSE)
                return refuse_here(p, "expr.list-close");

        copy = arena_copy(p->arena, items, n * sizeof(items[0]));
        if (!copy)
                return no_memory(p);
        c->right = copy;
        c->right_n = n;
        return advance(p);
}

static int one_right(struct cond *c, struct parser *p, struct operand o)
{
        struct operand *copy = arena_copy(p->arena, &o, sizeof(o));

        if (!copy)
                return no_memory(p);
        c->right = copy;
        c->right_n = 1;
        return 0;
}

/* "in" and "not in"; p->now stands on it. */
static int in_word(enum expr_op *out, struct parser *p)
{
        bool negated = is_word(&p->now, "not");
        int r = negated ? advance(p) : 0;

        if (r < 0)
                return r;
        if (!is_word(&p->now, "in"))
                return refuse_here(p, "expr.joint");
        *out = negated ? OP_NOT_IN : OP_IN;
        return advance(p);
}

/* Behind a comparison there may not be another: a < b < c reads as something it is not. */
static int no_chain(struct parser *p)
{
        return compares(&p->now) ? refuse(p, &p->now, "expr.chain", "") : 0;
}

/* Does the text go on with [not] in NAME, the name being a list's? Then what stands before is one of its items. */
static const struct expr_name *list_behind(const struct parser *p)
{
        struct lexer l = p->lexer;
        const struct expr_name *name;
        struct token t;

        l.e = NULL;
        if (lex_next(&t, &l) < 0 || (is_word(&t, "not") && lex_next(&t, &l) < 0) || !is_word(&t, "in") || lex_next(&t, &l) < 0 || !is_name(&t))
                return NULL;
        name = find_name(p, t.text);
        return name && name->is_list ? name : NULL;
}

/* ( literal | name ) [not] in LIST */
static int membership(struct cond **out, struct parser *p, const struct expr_name *list)
{
        struct want w = { str_of(list->id), list->type, list->choices };
        struct cond *c = node(p, COND_COMPARE);
        int r;

        if (!c)
                return no_memory(p);
        r = value(&c->left, p, &w);
        if (r == 0)
                r = in_word(&c->op, p);
        if (r == 0)
                r = one_right(c, p, (struct operand){ .name = list });
        if (r == 0)
                r = advance(p);                                                /* behind the list's name */
        if (r < 0)
                return r;

        use(p, list);
        c->type = list->type;
        c->choices = list->choices;
        *out = c;
        return no_chain(p);
}

static int comparison(struct cond *c, struct parser *p, struct str subject_text)
{
        struct token op = p->now;
        struct operand right;
        struct want w;
        int r;

        c->kind = COND_COMPARE;
        c->type = operand_type(&c->left);
        c->choices = c->left.name->choices;
        w = (struct want){ subject_text, c->type, c->choices };
        if (op.kind == TOKEN_OP) {
                c->op = op.op;
                if (op.op >= OP_LT && !choices_has_order(c->type, c->choices))
                        return lex_refuse(&p->lexer, op.text.p, "expr.order", subject_text, "");
                r = advance(p);
                if (r == 0)
                        r = value(&right, p, &w);
                if (r == 0)
                        r = one_right(c, p, right);
                return r < 0 ? r : no_chain(p);
        }
        r = in_word(&c->op, p);
        if (r < 0)
                return r;
        if (p->now.kind != TOKEN_LIST_OPEN)
                return refuse_here(p, "expr.in");
        r = literals(c, p, &w);
        return r < 0 ? r : no_chain(p);
}

/* From a subject on: a comparison, or the subject alone when it is yes or no. `alone`: behind "not", where only that may stand. */
static int from_subject(struct cond **out, struct parser *p, bool alone)
{
        const struct expr_name *list = alone ? NULL : list_behind(p);
        struct token first = p->now, t;
        struct cond *c;
        int r;

        if (list && (is_name(&first) || is_literal(&first)) && !is_word(&first, "true") && !is_word(&first, "false"))
                return membership(out, p, list);
        c = node(p, COND_TEST);
        if (!c)
                return no_memory(p);
        if (is_word(&first, "any") || is_word(&first, "all")) {
                c->each = is_word(&first, "any") ? EACH_ANY : EACH_ALL;
                r = advance(p);
                if (r < 0)
                        return r;
        }
        t = p->now;
        r = subject(&c->left, p);
        if (r < 0)
                return r;
        if (c->each != EACH_NONE && !operand_is_list(&c->left))
                return refuse(p, &t, "expr.not-list", "");
        if (c->each == EACH_NONE && operand_is_list(&c->left))
                return refuse(p, &t, "expr.list", "");
        *out = c;
        if (alone && (compares(&p->now) || c->each != EACH_NONE))
                return refuse(p, &first, "expr.not-compared", "");
        if (compares(&p->now) || is_word(&p->now, "not"))
                return comparison(c, p, t.text);
        if (operand_type(&c->left) != EXPR_BOOL || c->each != EACH_NONE)
                return refuse(p, &t, "expr.alone", "");
        return 0;
}

static int constant(struct cond **out, struct parser *p)
{
        struct cond *c = node(p, COND_CONST);
        struct token t = p->now;
        int r;

        if (!c)
                return no_memory(p);
        r = advance(p);
        if (r < 0)
                return r;
        if (compares(&p->now))
                return refuse(p, &t, "expr.subject-first", "");
        c->value = is_word(&t, "true");
        *out = c;
        return 0;
}

static int group(struct cond **out, struct parser *p)
{
        struct token open = p->now;
        int r;

        if (++p->depth > EXPR_DEPTH_MAX)
                return refuse_limit(p, &open, "expr.deep", EXPR_DEPTH_MAX);
        r = advance(p);
        if (r == 0)
                r = junction(out, p);
        if (r < 0)
                return r;
        if (p->now.kind == TOKEN_END)
                return refuse(p, &open, "expr.open", "");
        if (p->now.kind != TOKEN_CLOSE)
                return refuse_here(p, "expr.joint");
        p->depth--;
        return advance(p);
}

static int part(struct cond **out, struct parser *p)
{
        bool negated = is_word(&p->now, "not");
        struct cond *inner = NULL, *c;
        int r = negated ? advance(p) : 0;

        if (r < 0)
                return r;
        if (p->now.kind == TOKEN_OPEN)
                r = group(&inner, p);
        else if (is_word(&p->now, "true") || is_word(&p->now, "false"))
                r = constant(&inner, p);
        else if (negated && is_word(&p->now, "not"))
                return refuse(p, &p->now, "expr.not-compared", "");
        else
                r = from_subject(&inner, p, negated);
        if (r < 0)
                return r;
        if (!negated) {
                *out = inner;
                return 0;
        }
        c = node(p, COND_NOT);
        if (!c)
                return no_memory(p);
        c->first = inner;
        *out = c;
        return 0;
}

/* Which of the two words joins; one kind at a time. */
static int junction(struct cond **out, struct parser *p)
{
        struct cond *first = NULL, *last, *c;
        enum cond_kind kind;
        int r = part(&first, p);

        if (r < 0)
                return r;
        if (!is_word(&p->now, "and") && !is_word(&p->now, "or")) {
                *out = first;
                return 0;
        }
        kind = is_word(&p->now, "and") ? COND_AND : COND_OR;
        c = node(p, kind);
        if (!c)
                return no_memory(p);
        c->first = last = first;
        while (is_word(&p->now, "and") || is_word(&p->now, "or")) {
                if (is_word(&p->now, "and") != (kind == COND_AND))
                        return refuse(p, &p->now, "expr.mixed", "");
                r = advance(p);
                if (r == 0)
                        r = part(&last->next, p);
                if (r < 0)
                        return r;
                last = last->next;
        }
        *out = c;
        return 0;
}

int expr_parse(struct expr **out, struct str text, const struct expr_names *names, struct arena *a, struct err *e)
{
        struct parser p = { .lexer = { text, text, e }, .names = names, .arena = a, .e = e };
        struct token start = { .text = { text.p, 0 } };
        struct cond *root = NULL;
        int r;

        if (text.n > EXPR_BYTES_MAX)
                return refuse_limit(&p, &start, "expr.long", EXPR_BYTES_MAX);
        if (!str_trim(text).n)
                return refuse(&p, &start, "expr.empty", "");
        p.x = arena_new(a, struct expr);
        if (p.x)
                p.x->used = arena_array(a, names->n < text.n ? names->n : text.n, sizeof(struct expr_name *));
        if (!p.x || !p.x->used)
                return no_memory(&p);

        r = advance(&p);
        if (r == 0)
                r = junction(&root, &p);
        if (r < 0)
                return r;
        if (p.now.kind == TOKEN_CLOSE)
                return refuse(&p, &p.now, "expr.close", "");
        if (p.now.kind != TOKEN_END)
                return refuse(&p, &p.now, "expr.joint", "");
        p.x->root = root;
        *out = p.x;
        return 0;
}

const struct expr_name *const *expr_names_used(const struct expr *x, size_t *n)
{
        *n = x->used_n;
        return x->used;
}
