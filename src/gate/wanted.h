/* wanted.h - which hosts may pass now, by the table.
 *
 * Does      select the grants of this place that are in force; say when the answer changes next.
 * Clause    the period is part of the permission: what has ended is not in the answer, whoever forgot to remove it.
 * Layer     gate; pure.
 * Units     server time in, boot time out.
 */
#ifndef GATE_WANTED_H
#define GATE_WANTED_H

#include "gate/nft/passes.h"
#include "wire/grants.h"

struct place {
        uint16_t zone;
        utime_t  offset;             /* server time - boot time */
        utime_t  lost_since;         /* server time of the last sign of life; 0 while connected: then posture deadlines count */
};

/* `next` (server time): when a grant begins, or ends other than by itself; INT64_MAX when nothing is ahead. */
int wanted_passes(struct passes *out, utime_t *next, const struct grants *t, const struct place *at, utime_t now, struct err *e);

#endif
