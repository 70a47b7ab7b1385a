/* server.h - small things both enrolment and uplink know about the office.
 *
 * Does      split HOST:PORT; read the error object of an answer.
 * Layer     gate; jansson.
 */
#ifndef GATE_SERVER_H
#define GATE_SERVER_H

#include <jansson.h>

#include "base/err.h"
#include "base/str.h"

enum { SERVER_HOST = 256 };

int server_parse(char host[SERVER_HOST], uint16_t *port, const char *text, struct err *e);   /* also "[fd00::1]:8444" */

/* {"error":{"key":…,"args":[…]}}; key NULL when the answer is something else. */
struct server_error { json_t *doc; const char *key, *arg; };

struct server_error server_error_parse(struct str body);
void                server_error_done(struct server_error *w);

static inline void server_error_done_at(struct server_error *w)
{
        server_error_done(w);
}

#endif
