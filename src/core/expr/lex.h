/* lex.h - the words of a condition.
 *
 * Does      cut the text into tokens; refuse what is not ASCII outside of quotes, with the ASCII spelling where there is one.
 * Layer     core; inside expr/.
 * Trusts    nothing.
 */
#ifndef CORE_EXPR_LEX_H
#define CORE_EXPR_LEX_H

#include "core/expr/tree.h"

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_INT, TOKEN_DATE, TOKEN_TEXT, TOKEN_OP, TOKEN_OPEN, TOKEN_CLOSE,
                  TOKEN_LIST_OPEN, TOKEN_LIST_CLOSE, TOKEN_COMMA };

struct token {
        enum token_kind kind;
        struct str      text;              /* as written; TOKEN_TEXT: with its quotes */
        int64_t         number;            /* TOKEN_INT, TOKEN_DATE */
        enum expr_op    op;                /* TOKEN_OP */
};

struct lexer { struct str all, rest; struct err *e; };

int lex_next(struct token *out, struct lexer *l);

/* A mistake at `at` (within l->all), with up to two arguments. */
int lex_refuse(const struct lexer *l, const char *at, const char *key, struct str what, const char *hint);

#endif
