/* reports.h - what the kernel came to hold, until the office has it durably.
 *
 * Does      queue reports, number them, write the JSON of the oldest, read acknowledgements.
 * Layer     gate; pure. docs/formats/machines.md, POST /m/v1/report.
 * Units     at most REPORTS_MAX wait; beyond that the oldest is dropped: each report says everything that is in force.
 */
#ifndef GATE_REPORTS_H
#define GATE_REPORTS_H

#include "base/uuid.h"
#include "gate/pipe.h"

enum { REPORTS_MAX = 64 };

struct report { uint64_t seq; struct pipe_message applied; };

struct reports { struct uuid boot; uint64_t last_seq; struct report wait[REPORTS_MAX]; size_t n; };

bool                 reports_add(struct reports *r, const struct pipe_message *applied);   /* false: the oldest was dropped for it */
const struct report *reports_first(const struct reports *r);                               /* NULL: all acknowledged */
void                 reports_json(struct buf *out, const struct reports *r, const struct report *which);
void                 reports_acknowledge(struct reports *r, uint64_t seq);                 /* everything up to seq */

#endif
