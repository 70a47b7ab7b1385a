/* err.c - see err.h. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>

static const struct { int code; const char *name; int status; } errors[] = {
#define X(id, n, name, status) { id, name, status },
        ERRORS(X)
#undef X
};

void err_clear(struct err *e)
{
        if (e)
                memset(e, 0, sizeof(*e));
}

const char *err_name(int code)
{
        for (size_t i = 0; i < countof(errors); i++)
                if (errors[i].code == code)
                        return errors[i].name;
        return code == ERR_OK ? "ok" : "internal";
}

int err_status(int code)
{
        for (size_t i = 0; i < countof(errors); i++)
                if (errors[i].code == code)
                        return errors[i].status;
        return code == ERR_OK ? 200 : 500;
}

int err_set(struct err *e, int code, const char *fmt, ...)
{
        va_list ap;

        if (!e)
                return code;

        err_clear(e);
        e->code = code;
        va_start(ap, fmt);
        (void)vsnprintf(e->text, sizeof(e->text), fmt, ap); /* cut when too long */
        va_end(ap);
        return code;
}

int err_wrap(struct err *e, int code, const char *fmt, ...)
{
        char where[ERR_TEXT_MAX], both[ERR_TEXT_MAX * 2 + 2];
        va_list ap;

        if (!e)
                return code;

        va_start(ap, fmt);
        (void)vsnprintf(where, sizeof(where), fmt, ap);
        va_end(ap);
        (void)snprintf(both, sizeof(both), "%s: %s", where, e->text);
        both[sizeof(e->text) - 1] = 0;
        memcpy(e->text, both, sizeof(e->text));
        e->code = code;
        return code;
}

int err_key(struct err *e, int code, const char *key, const char *field, ...)
{
        va_list ap;
        size_t used;

        if (!e)
                return code;

        err_clear(e);
        e->code = code;
        (void)snprintf(e->key, sizeof(e->key), "%s", key);
        (void)snprintf(e->field, sizeof(e->field), "%s", field ? field : "");
        used = (size_t)snprintf(e->text, sizeof(e->text), "%s%s%s", key, *e->field ? " field " : "", e->field);
        va_start(ap, field);
        for (const char *a; (a = va_arg(ap, const char *)) && e->nargs < ERR_ARGS_MAX; e->nargs++) {
                (void)snprintf(e->args[e->nargs], ERR_ARG_MAX, "%s", a);
                if (used < sizeof(e->text))
                        used += (size_t)snprintf(e->text + used, sizeof(e->text) - used, "%s%s", e->nargs ? ", " : ": ", a);
        }
        va_end(ap);
        return code;
}

int err_errno(struct err *e, const char *fmt, ...)
{
        int no = errno;
        int code = no == ENOSPC || no == EDQUOT ? ERR_FULL
                 : no == ENOMEM                 ? ERR_NOMEM
                 : no == ENOENT                 ? ERR_ABSENT
                                                : ERR_IO;
        char words[ERR_TEXT_MAX];
        va_list ap;

        if (!e)
                return code;

        va_start(ap, fmt);
        (void)vsnprintf(words, sizeof(words), fmt, ap);
        va_end(ap);
        return err_set(e, code, "%.500s: %s", words, strerrordesc_np(no) ? strerrordesc_np(no) : "unknown error");
}
