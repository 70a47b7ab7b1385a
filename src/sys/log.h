/* log.h - one line on stderr for the operator; journald or the launcher keeps it.
 *
 * Does      "2026-11-22T12:34:56.123456Z office[123] notice words"; control characters in the words become '?'.
 * Layer     sys. Libraries never log: whoever decides what happens next does, once.
 * Threads   any; one line is one write.
 */
#ifndef SYS_LOG_H
#define SYS_LOG_H

#include "base/err.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_NOTICE, LOG_INFO };

void log_open(const char *program);                                    /* `program` must live as long as the process */
void log_say(enum log_level level, const char *fmt, ...) PRINTF(2, 3);
void log_err(const struct err *e, const char *fmt, ...) PRINTF(2, 3);  /* level error: "words: e's words" */

#endif
