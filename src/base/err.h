/* err.h - what went wrong, in numbers for code and in words for people.
 *
 * Does      carry one failure upward: a code, English words for the log (each layer puts where it was in front),
 *           and, when a person must act on it, a catalogue key with arguments (texts/ja.yaml, texts/en.yaml).
 * Layer     base.
 * Owns      struct err is the caller's, usually on the stack; nothing is allocated.
 * Threads   one struct err belongs to one thread.
 * Fails     never; too long words are cut.
 *
 * Every function that can fail returns 0 or a negative ERR_*; a trailing `struct err *e` may be NULL.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/defs.h"

/* code, wire name (API error "kind"), HTTP status it becomes at the edge. Values are never reused. */
#define ERRORS(X)                                                              \
        X(ERR_NOMEM,     -1, "no-memory",   503) /* an allocation failed */    \
        X(ERR_IO,        -2, "io",          503) /* the machine said no */     \
        X(ERR_FULL,      -3, "full",        503) /* no room; nothing dropped */\
        X(ERR_INPUT,     -4, "input",       400) /* malformed from outside */  \
        X(ERR_TOO_BIG,   -5, "too-big",     413) /* over a named maximum */    \
        X(ERR_ABSENT,    -6, "absent",      404) /* no such thing */           \
        X(ERR_FORBIDDEN, -7, "forbidden",   403) /* known, and may not */      \
        X(ERR_UNKNOWN,   -8, "sign-in",     401) /* not known who asks */      \
        X(ERR_CONFLICT,  -9, "conflict",    409) /* state does not allow it */ \
        X(ERR_RULE,     -10, "rule",        422) /* a rule of the pack */      \
        X(ERR_TAMPERED, -11, "tampered",    500) /* evidence does not hold */  \
        X(ERR_VERSION,  -12, "version",     500) /* format newer than we */    \
        X(ERR_TIMEOUT,  -13, "timeout",     504) /* a deadline passed */       \
        X(ERR_BUSY,     -14, "busy",        503) /* try again later */         \
        X(ERR_METHOD,   -15, "method",      405) /* route exists, verb not */  \
        X(ERR_BUG,      -16, "internal",    500) /* ours */

enum {
#define X(id, n, name, status) id = n,
        ERRORS(X)
#undef X
        ERR_OK = 0
};

enum { ERR_TEXT_MAX = 640, ERR_ARGS_MAX = 4, ERR_ARG_MAX = 160, ERR_KEY_MAX = 64 };

struct err {
        int  code;
        char key[ERR_KEY_MAX];                 /* "" when only the log is meant */
        char field[ERR_KEY_MAX];               /* the input's field, "" when none */
        int  nargs;
        char args[ERR_ARGS_MAX][ERR_ARG_MAX];
        char text[ERR_TEXT_MAX];               /* English, for the log */
};

/* Sets words for the log; returns `code` so that `return err_set(e, ERR_IO, ...)` reads well. */
int err_set(struct err *e, int code, const char *fmt, ...) PRINTF(3, 4);

/* Puts "where: " in front of the words that are there; keeps key, field and arguments. Returns `code`. */
int err_wrap(struct err *e, int code, const char *fmt, ...) PRINTF(3, 4);

/* Sets a failure a person is to mend: catalogue key, field ("" if none), then up to 4 strings, then NULL.
 * The log's words become "key: arg, arg". */
int err_key(struct err *e, int code, const char *key, const char *field, ...) __attribute__((sentinel));

/* ERR_IO (or ERR_FULL for ENOSPC/EDQUOT, ERR_NOMEM for ENOMEM, ERR_ABSENT for ENOENT) from errno, with words. */
int err_errno(struct err *e, const char *fmt, ...) PRINTF(2, 3);

void        err_clear(struct err *e);
const char *err_name(int code);   /* wire name; "internal" for an unknown code */
int         err_status(int code); /* HTTP status; 500 for an unknown code, 200 for 0 */

#endif
