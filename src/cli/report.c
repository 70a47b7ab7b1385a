/* report.c - see report.h. */
#include "cli/report.h"

#include <stdarg.h>

int verdict_worse(int a, int b)
{
        static const int rank[] = { [VERDICT_VERIFIED] = 0, [VERDICT_INCOMPLETE] = 1, [VERDICT_TAMPERED] = 2, [VERDICT_USAGE] = 3 };

        return rank[b] > rank[a] ? b : a;
}

void report(struct report *r, int verdict, const char *key, ...)
{
        const char *args[ERR_ARGS_MAX + 1] = { NULL };
        size_t n = 0;
        va_list ap;

        va_start(ap, key);
        for (const char *a; n < ERR_ARGS_MAX && (a = va_arg(ap, const char *));)
                args[n++] = a;
        va_end(ap);
        say(verdict == VERDICT_USAGE ? stderr : stdout, r->lang, key, args[0], args[1], args[2], args[3], NULL);
        r->verdict = verdict_worse(r->verdict, verdict);
}
