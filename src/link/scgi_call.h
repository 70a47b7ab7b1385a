/* scgi_call.h - ask an office socket, as nginx would: for the courier and for tests.
 *
 * Does      one request a connection; the answer's status and body.
 * Layer     link.
 * Owns      the answer's bytes live in `room`, the caller's.
 * Trusts    not the answer: at most SCGI_ANSWER_MAX bytes.
 * Fails     ERR_IO, ERR_TIMEOUT, ERR_TOO_BIG, ERR_INPUT (not an answer).
 */
#ifndef LINK_SCGI_CALL_H
#define LINK_SCGI_CALL_H

#include "link/scgi.h"

enum { SCGI_ANSWER_MAX = 1024 * 1024 };

/* pairs: further parameters as name, value, …, NULL; may be NULL. */
int scgi_call(int *status, struct str *body, struct buf *room, const char *socket, const char *method, const char *uri, struct str request,
              const char *const *pairs, utime_t deadline, struct err *e);

#endif
