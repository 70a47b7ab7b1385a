/* mistake.c - see mistake.h. */
#include "core/pack/mistake.h"

#include "core/pack/chars.h"
#include "core/pack/tree.h"

enum { COLUMN_MAX = 10000 };

/* As much of `s` as an argument holds, ending with a whole character. */
static const char *fit(char to[ERR_ARG_MAX], const char *s)
{
        size_t n = strlen(s);

        if (n >= ERR_ARG_MAX)
                for (n = ERR_ARG_MAX - 1; n && ((unsigned char)s[n] & 0xc0) == 0x80;)
                        n--;
        memcpy(to, s, n);
        to[n] = 0;
        return to;
}

void mistake(struct mistakes *m, const char *key, struct place at, const char *what, const char *more)
{
        char where[ERR_ARG_MAX], first[ERR_ARG_MAX], second[ERR_ARG_MAX];
        struct err e;

        m->structure += strncmp(key, "pack.text.", 10) != 0;
        if (m->count++ >= PACK_MISTAKES_MAX)
                return;

        if (at.column)
                (void)snprintf(where, sizeof(where), "%s:%u:%u", at.file, at.line, at.column);
        else
                (void)snprintf(where, sizeof(where), "%s:%u", at.file, at.line);
        (void)err_key(&e, ERR_INPUT, key, "", where, fit(first, what), fit(second, more), (char *)NULL);
        if (m->count == 1)
                m->first = e;
        if (m->report)
                m->report(m->ctx, &e);
}

/* The file spells " and \ with two characters each, a block with one. */
void mistake_in_text(struct mistakes *m, const struct node *n, const struct err *e)
{
        struct place at = { n->file, n->line + n->is_block, n->column };
        struct str left = str_of(n->text);
        uint64_t column = 0;

        (void)str_u64(str_of(e->args[0]), COLUMN_MAX, &column);
        for (uint64_t i = 1; i < column; i++) {
                uint32_t c = left.n ? char_next(&left) : ' ';

                at.column += !n->is_block && (c == '"' || c == '\\' || c == '\n') ? 2 : 1;
        }
        if (text_known(e->key))      /* the keys of expr/ and period/ */
                mistake(m, e->key, at, e->args[1], e->args[2]);
}
