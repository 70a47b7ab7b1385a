/* desk.h - what the courier says to the office and hears from it (docs/formats/courier.md).
 *
 * Does      one call a connection over the office's courier socket; JSON both ways.
 * Layer     server/courier.
 * Fails     ERR_IO, ERR_TIMEOUT, ERR_INPUT (an answer that is none).
 */
#ifndef COURIER_DESK_H
#define COURIER_DESK_H

#include <jansson.h>

#include "base/err.h"

static inline void json_decref_at(json_t **j)
{
        json_decref(*j);
}

int desk_get(json_t **out, const char *socket, const char *uri, struct err *e);
int desk_post(json_t **out, const char *socket, const char *uri, json_t *body, struct err *e);     /* steals body */

#endif
