/* mistake.c - see mistake.h. */
#include "core/pack/mistake.h"

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

        if (m->count++ >= PACK_MISTAKES_MAX)
                return;

        (void)snprintf(where, sizeof(where), "%s:%u", at.file, at.line);
        (void)err_key(&e, ERR_INPUT, key, "", where, fit(first, what), fit(second, more), (char *)NULL);
        if (m->count == 1)
                m->first = e;
        if (m->report)
                m->report(m->ctx, &e);
}
