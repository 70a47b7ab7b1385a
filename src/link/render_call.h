/* render_call.h - have a job done by the render role.
 *
 * Does      one job a connection: says the kind, sends all bytes, ends its side, takes the whole answer.
 * Layer     link.
 * Owns      *out is the caller's.
 * Trusts    not the answer: at most RENDER_OUT_MAX bytes.
 * Fails     what the job says (the error's key and arguments arrive as they are); ERR_ABSENT nobody renders here; ERR_TIMEOUT, ERR_IO.
 *
 * On the socket: the kind and LF, then the input until the end of the stream. The answer: "ok" LF and the result, or "error" LF and
 * {"key": …, "args": [ … ]}, until the end of the stream. An answer that does not begin with either means the job died.
 */
#ifndef LINK_RENDER_CALL_H
#define LINK_RENDER_CALL_H

#include "base/err.h"
#include "base/str.h"
#include "base/utime.h"

enum { RENDER_IN_MAX = 20 * 1024 * 1024, RENDER_OUT_MAX = 48 * 1024 * 1024, RENDER_KIND_MAX = 32 };

int render_call(struct buf *out, const char *socket, const char *kind, struct str in, utime_t deadline, struct err *e);

#endif
