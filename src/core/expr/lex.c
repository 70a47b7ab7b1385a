/* lex.c - see lex.h. */
#include "core/expr/lex.h"

#include "core/pack/chars.h"

/* Signs of ASCII, longest first; `instead` names what another language's habit should be here. */
static const struct { const char *sign; enum token_kind kind; enum expr_op op; const char *instead; } signs[] = {
        { "===", TOKEN_OP, OP_EQ, "==" },      { "!==", TOKEN_OP, OP_NE, "!=" },
        { "==", TOKEN_OP, OP_EQ, NULL },       { "!=", TOKEN_OP, OP_NE, NULL },
        { "<=", TOKEN_OP, OP_LE, NULL },       { ">=", TOKEN_OP, OP_GE, NULL },
        { "<>", TOKEN_OP, OP_NE, "!=" },       { "=<", TOKEN_OP, OP_LE, "<=" },       { "=>", TOKEN_OP, OP_GE, ">=" },
        { "&&", TOKEN_WORD, OP_EQ, "and" },    { "||", TOKEN_WORD, OP_EQ, "or" },
        { "<", TOKEN_OP, OP_LT, NULL },        { ">", TOKEN_OP, OP_GT, NULL },
        { "=", TOKEN_OP, OP_EQ, "==" },        { "!", TOKEN_WORD, OP_EQ, "not" },
        { "&", TOKEN_WORD, OP_EQ, "and" },     { "|", TOKEN_WORD, OP_EQ, "or" },
        { "(", TOKEN_OPEN, OP_EQ, NULL },      { ")", TOKEN_CLOSE, OP_EQ, NULL },
        { "[", TOKEN_LIST_OPEN, OP_EQ, NULL }, { "]", TOKEN_LIST_CLOSE, OP_EQ, NULL },
        { ",", TOKEN_COMMA, OP_EQ, NULL },     { ";", TOKEN_COMMA, OP_EQ, "," },
        { "'", TOKEN_TEXT, OP_EQ, "\"" },      { "`", TOKEN_TEXT, OP_EQ, "\"" },
        { "{", TOKEN_LIST_OPEN, OP_EQ, "[" },  { "}", TOKEN_LIST_CLOSE, OP_EQ, "]" },
};

/* What an officer writes in Japanese, and how it is written here; longest first. Single full-width twins need no row. */
static const struct { const char *sign, *instead; } foreign[] = {
        { "＝＝", "==" },     { "！＝", "!=" },     { "＜＝", "<=" },  { "＞＝", ">=" },   { "＜＞", "!=" },
        { "≦", "<=" },        { "≧", ">=" },        { "≤", "<=" },     { "≥", ">=" },      { "≠", "!=" },
        { "＝", "==" },       { "！", "not" },      { "、", "," },     { "，", "," },      { "＆", "and" },  { "｜", "or" },
        { "「", "\"" },       { "」", "\"" },       { "『", "\"" },    { "』", "\"" },     { "’", "\"" },    { "‘", "\"" },
        { "【", "[" },        { "】", "]" },        { "〔", "[" },     { "〕", "]" },
        { "より大きい", ">" }, { "より小さい", "<" }, { "を超える", ">" }, { "または", "or" }, { "もしくは", "or" },
        { "ではない", "not" }, { "でない", "not" },  { "かつ", "and" },  { "又は", "or" },   { "若しくは", "or" },
        { "及び", "and" },    { "以上", ">=" },     { "以下", "<=" },  { "未満", "<" },    { "以外", "!=" },
        { "はい", "true" },   { "いいえ", "false" },
};

int lex_refuse(const struct lexer *l, const char *at, const char *key, struct str what, const char *hint)
{
        size_t n = what.n < ERR_ARG_MAX ? what.n : ERR_ARG_MAX - 1;
        char column[24], word[ERR_ARG_MAX];

        while (n < what.n && n && ((unsigned char)what.p[n] & 0xc0) == 0x80)
                n--;                                                            /* end with a whole character */
        (void)snprintf(word, sizeof(word), "%.*s", (int)n, n ? what.p : "");
        (void)snprintf(column, sizeof(column), "%zu", chars_count((struct str){ l->all.p, (size_t)(at - l->all.p) }) + 1);
        return err_key(l->e, ERR_INPUT, key, "", column, word, hint, (char *)NULL);
}

static struct str head(struct str s, size_t n)
{
        return (struct str){ s.p, n };
}

static bool is_digit(char c)
{
        return c >= '0' && c <= '9';
}

static bool is_word_char(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '-' || c == '.';
}

static bool is_letter(char c)
{
        return is_word_char(c) && !is_digit(c) && c != '_' && c != '-' && c != '.';
}

/* Full-width letters, digits and signs in a row, beside what they are in ASCII. */
static int refuse_wide(struct lexer *l, struct str s)
{
        struct str rest = s;
        char ascii[24];
        size_t n = 0;

        while (rest.n && n < sizeof(ascii) - 1) {
                struct str before = rest;
                uint32_t c = char_next(&rest);

                if (!char_is_wide_ascii(c)) {
                        rest = before;
                        break;
                }
                ascii[n++] = char_is_wide_quote(c) ? '"' : (char)(c - 0xfee0);
        }
        ascii[n] = 0;
        return lex_refuse(l, s.p, "expr.instead", head(s, s.n - rest.n), ascii);
}

static int refuse_foreign(struct lexer *l)
{
        struct str rest = l->rest, first;
        uint32_t c = char_next(&rest);
        char code[16];

        first = head(l->rest, l->rest.n - rest.n);
        if (c == '\n' || c == '\r')
                return lex_refuse(l, l->rest.p, "expr.one-line", STR(""), "");
        if (char_is_hidden(c)) {
                (void)snprintf(code, sizeof(code), "U+%04X", c == CHAR_BROKEN ? 0xfffd : c);
                return lex_refuse(l, l->rest.p, "expr.hidden", str_of(code), "");
        }
        for (size_t i = 0; i < countof(foreign); i++)
                if (str_starts(l->rest, foreign[i].sign))
                        return lex_refuse(l, l->rest.p, "expr.instead", str_of(foreign[i].sign), foreign[i].instead);
        if (char_is_wide_space(c))
                return lex_refuse(l, l->rest.p, "expr.wide-space", first, "");
        if (char_is_wide_quote(c))
                return lex_refuse(l, l->rest.p, "expr.instead", first, "\"");
        if (char_is_wide_ascii(c))
                return refuse_wide(l, l->rest);
        return lex_refuse(l, l->rest.p, c < 0x80 ? "expr.sign" : "expr.not-ascii", first, "");
}

static int lex_text(struct token *out, struct lexer *l)
{
        struct str s = { l->rest.p + 1, l->rest.n - 1 };
        char code[16];

        while (s.n && s.p[0] != '"') {
                const char *at = s.p;
                uint32_t c = char_next(&s);

                if (c == '\\')
                        return lex_refuse(l, at, "expr.sign", STR("\\"), "");
                if (char_is_hidden(c)) {
                        (void)snprintf(code, sizeof(code), "U+%04X", c == CHAR_BROKEN ? 0xfffd : c);
                        return lex_refuse(l, at, "expr.hidden", str_of(code), "");
                }
        }
        if (!s.n)
                return lex_refuse(l, l->rest.p, "expr.text-open", STR(""), "");
        *out = (struct token){ .kind = TOKEN_TEXT, .text = head(l->rest, l->rest.n - s.n + 1) };
        return 0;
}

/* What begins with a digit or a minus: an integer or a date, and nothing glued to it. */
static int lex_number(struct token *out, struct lexer *l)
{
        size_t n = 1, minus = l->rest.p[0] == '-';
        bool dated = false;
        uint64_t v;
        struct date d;
        struct str s;

        while (n < l->rest.n && (is_word_char(l->rest.p[n]) || l->rest.p[n] == '/')) {
                dated = dated || l->rest.p[n] == '-' || l->rest.p[n] == '/' || l->rest.p[n] == '.';
                n++;
        }
        s = head(l->rest, n);
        if (date_parse(s, &d)) {
                *out = (struct token){ .kind = TOKEN_DATE, .text = s, .number = date_days(d) };
                return 0;
        }
        if (dated)
                return lex_refuse(l, s.p, "expr.date", s, "");
        if (!str_u64((struct str){ s.p + minus, n - minus }, EXPR_INT_MAX, &v) || (minus && !v))
                return lex_refuse(l, s.p, "expr.number", s, "");
        *out = (struct token){ .kind = TOKEN_INT, .text = s, .number = minus ? -(int64_t)v : (int64_t)v };
        return 0;
}

static int lex_sign(struct token *out, struct lexer *l)
{
        for (size_t i = 0; i < countof(signs); i++) {
                if (!str_starts(l->rest, signs[i].sign))
                        continue;
                if (signs[i].instead)
                        return lex_refuse(l, l->rest.p, "expr.instead", str_of(signs[i].sign), signs[i].instead);
                *out = (struct token){ .kind = signs[i].kind, .text = head(l->rest, strlen(signs[i].sign)), .op = signs[i].op };
                return 0;
        }
        return refuse_foreign(l);
}

static int lex_word(struct token *out, struct lexer *l)
{
        size_t n = 0;

        while (n < l->rest.n && is_word_char(l->rest.p[n]))
                n++;
        *out = (struct token){ .kind = TOKEN_WORD, .text = head(l->rest, n) };
        return 0;
}

int lex_next(struct token *out, struct lexer *l)
{
        struct token t = { .kind = TOKEN_END };
        char c;
        int r = 0;

        while (l->rest.n && l->rest.p[0] == ' ')
                l->rest = (struct str){ l->rest.p + 1, l->rest.n - 1 };
        t.text = head(l->rest, 0);
        c = l->rest.n ? l->rest.p[0] : 0;
        if (l->rest.n) {
                if (c == '"')
                        r = lex_text(&t, l);
                else if (is_digit(c) || (c == '-' && l->rest.n > 1 && is_digit(l->rest.p[1])))
                        r = lex_number(&t, l);
                else if (is_letter(c))
                        r = lex_word(&t, l);
                else
                        r = lex_sign(&t, l);
        }
        if (r < 0)
                return r;

        l->rest = (struct str){ l->rest.p + t.text.n, l->rest.n - t.text.n };
        *out = t;
        return 0;
}
