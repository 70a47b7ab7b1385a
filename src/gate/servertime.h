/* servertime.h - what time it is at the office, told on boot time.
 *
 * Does      keep the best estimate of (server's UTC - boot time) from time stamps that arrive late by an unknown little.
 * Layer     gate; pure.
 * Units     utime_t; the offset added to clock_boot() gives the server's UTC.
 * Trusts    little: stamps come through the uplink, which parses foreign bytes. A stamp can be late but never early, so the
 *           largest offset is the best; a small decrease is followed after 5 to 10 minutes (clocks drift), a decrease of more
 *           than STEP_MAX never, since it would let permits live longer; a signed table's made-at is a lower bound. A leap
 *           forward of more than LEAP_MAX would end everybody's permits: only a signed table's made-at brings that about.
 */
#ifndef GATE_SERVERTIME_H
#define GATE_SERVERTIME_H

#include "base/defs.h"
#include "base/utime.h"

#define SERVERTIME_WINDOW   (5 * UTIME_MIN)
#define SERVERTIME_STEP_MAX (10 * UTIME_S)
#define SERVERTIME_LEAP_MAX (10 * UTIME_MIN)

struct servertime {
        bool    heard;                  /* false: guessed from our own wall clock */
        utime_t offset;
        utime_t best[2], window_start;  /* this window's and the last one's largest offset */
        utime_t heard_at;               /* boot time of the last stamp */
};

void    servertime_guess(struct servertime *s, utime_t wall, utime_t boot);                     /* until a stamp arrives */
bool    servertime_stamp(struct servertime *s, utime_t server, utime_t boot);                   /* false: a step that is not followed */
void    servertime_floor(struct servertime *s, utime_t made_at, utime_t boot);
utime_t servertime_now(const struct servertime *s, utime_t boot);

#endif
