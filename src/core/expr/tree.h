/* tree.h - a condition as it lies in memory.
 *
 * Does      name the nodes and the closed tables of operators and functions.
 * Layer     core; inside expr/.
 * Owns      everything lives in the arena of expr_parse().
 */
#ifndef CORE_EXPR_TREE_H
#define CORE_EXPR_TREE_H

#include "core/expr/expr.h"

/* id, spelling; the first two fit every type, the next four only what has an order. */
#define EXPR_OPS(X)              \
        X(OP_EQ,     "==")       \
        X(OP_NE,     "!=")       \
        X(OP_LT,     "<")        \
        X(OP_LE,     "<=")       \
        X(OP_GT,     ">")        \
        X(OP_GE,     ">=")       \
        X(OP_IN,     "in")       \
        X(OP_NOT_IN, "not in")

enum expr_op {
#define X(id, spelling) id,
        EXPR_OPS(X)
#undef X
        OPS_COUNT
};

extern const char *const expr_op_spelling[OPS_COUNT];

/* A function takes one name and is total: it has a value, or is unknown, for everything that the name can be. */
struct expr_function {
        const char        *word;
        bool             (*takes)(const struct expr_name *name);
        const char        *refused;                    /* catalogue key: {1} the name, {2} the function; NULL: takes any */
        enum expr_type     gives;
        struct expr_value (*eval)(const struct expr_value *v, const struct expr_env *env);
        const char        *say, *say_not;              /* catalogue keys; {0} is the name */
};

const struct expr_function *expr_function_find(struct str word);
const char                 *expr_function_word(size_t i);              /* NULL behind the last */

/* A literal, a name, or a function of a name. A choice's literal holds its place in the list as `number`. */
struct operand { const struct expr_name *name; const struct expr_function *function; struct expr_value literal; };

enum cond_kind { COND_CONST, COND_TEST, COND_COMPARE, COND_NOT, COND_AND, COND_OR };
enum cond_each { EACH_NONE, EACH_ANY, EACH_ALL };         /* of a list on the left */

struct cond {
        enum cond_kind             kind;
        struct cond               *first, *next;          /* NOT, AND, OR: children; and the next sibling */
        bool                       value;                 /* CONST */
        enum cond_each             each;                  /* COMPARE from here on; TEST has `left` */
        enum expr_op               op;
        enum expr_type             type;                  /* of what is compared */
        const struct expr_choices *choices;
        struct operand             left;
        const struct operand      *right;                 /* one; OP_IN, OP_NOT_IN: literals, or one name of a list */
        size_t                     right_n;
};

struct expr { struct cond *root; const struct expr_name **used; size_t used_n; };

int64_t choices_find(const struct expr_choices *c, struct str id);     /* its place, -1 when absent */
bool    choices_has_order(enum expr_type type, const struct expr_choices *c);

#endif
