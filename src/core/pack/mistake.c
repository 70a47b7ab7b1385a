/* mistake.c - see mistake.h. */
#include "core/pack/mistake.h"

void mistake(struct mistakes *m, const char *key, struct place at, const char *what, const char *more)
{
        char where[ERR_ARG_MAX];
        struct err e;

        if (m->count++ >= PACK_MISTAKES_MAX)
                return;

        (void)snprintf(where, sizeof(where), "%s:%u", at.file, at.line);
        (void)err_key(&e, ERR_INPUT, key, "", where, what, more, (char *)NULL);
        if (m->count == 1)
                m->first = e;
        if (m->report)
                m->report(m->ctx, &e);
}
