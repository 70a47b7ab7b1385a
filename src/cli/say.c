/* say.c - see say.h. */
#include "cli/say.h"

#include <stdarg.h>

void say(FILE *to, enum lang lang, const char *key, ...)
{
        scoped(buf_done) struct buf line = BUF_INIT;
        const char *args[ERR_ARGS_MAX];
        size_t n = 0;
        va_list ap;

        va_start(ap, key);
        for (const char *a; n < ERR_ARGS_MAX && (a = va_arg(ap, const char *));)
                args[n++] = a;
        va_end(ap);
        text_format(&line, lang, key, args, n);
        buf_char(&line, '\n');
        if (!buf_bad(&line))
                (void)fputs(line.p, to);
}

const char *decimal_text(char to[24], uint64_t v)
{
        (void)snprintf(to, 24, "%llu", (unsigned long long)v);
        return to;
}
