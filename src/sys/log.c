/* log.c - see log.h. */
#include "sys/log.h"

#include <stdarg.h>

#include "sys/clock.h"

enum { LINE_MAX_BYTES = 2048 };

static const char *const level_names[] = { "error", "warn", "notice", "info" };
static const char *log_program = "sekisho"; /* the log sink: one of the two allowed writable globals */

void log_open(const char *program)
{
        log_program = program;
}

static void log_line(enum log_level level, const char *words)
{
        char line[LINE_MAX_BYTES], when[UTIME_TEXT];
        int n;

        utime_text(when, clock_now());
        n = snprintf(line, sizeof(line), "%s %s[%d] %s %s", when, log_program, (int)getpid(), level_names[level], words);
        if (n < 0)
                return;
        if ((size_t)n > sizeof(line) - 2)
                n = sizeof(line) - 2;
        for (int i = 0; i < n; i++)
                if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
                        line[i] = '?';
        line[n] = '\n';
        if (write(STDERR_FILENO, line, (size_t)n + 1) < 0)
                return; /* nobody left to tell */
}

void log_say(enum log_level level, const char *fmt, ...)
{
        char words[LINE_MAX_BYTES];
        va_list ap;

        va_start(ap, fmt);
        (void)vsnprintf(words, sizeof(words), fmt, ap);
        va_end(ap);
        log_line(level, words);
}

void log_err(const struct err *e, const char *fmt, ...)
{
        char words[LINE_MAX_BYTES / 2], both[LINE_MAX_BYTES];
        va_list ap;

        va_start(ap, fmt);
        (void)vsnprintf(words, sizeof(words), fmt, ap);
        va_end(ap);
        (void)snprintf(both, sizeof(both), "%s: %s", words, e->text);
        log_line(LOG_ERROR, both);
}
