/* waiting.h - applications at which this person may act now.
 *
 * Does      walk candidates (query.h: submitted, with a step of a role by which they might act), newest first, and ask core of each.
 * Layer     server/office/api.
 * Owns      lines live in the request's arena.
 * Limits    `scan` cases, at most WAITING_SCAN, are loaded for one page (0.12 ms each, measured); behind them the page ends early and `next` goes on.
 */
#ifndef OFFICE_API_WAITING_H
#define OFFICE_API_WAITING_H

#include "server/office/api/route.h"
#include "server/office/store/query.h"

enum { WAITING_SCAN = 5000 };

/* `total`: how many there are from here on, as far as the walk went. `more`: the page is not the last; `f` then stands at its end. */
int waiting_list(struct app_line **out, size_t *n, uint64_t *total, bool *more, struct request *rq, struct app_filter *f, size_t page, size_t scan, struct err *e);

#endif
