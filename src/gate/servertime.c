/* servertime.c - see servertime.h. */
#include "gate/servertime.h"

void servertime_guess(struct servertime *s, utime_t wall, utime_t boot)
{
        if (!s->heard)
                s->offset = wall - boot;
}

static utime_t larger(utime_t a, utime_t b)
{
        return a > b ? a : b;
}

bool servertime_stamp(struct servertime *s, utime_t server, utime_t boot)
{
        utime_t offset = server - boot, best;

        if (s->heard_at && offset > s->offset + SERVERTIME_LEAP_MAX) {
                s->heard_at = boot;
                return false;
        }
        if (!s->heard) { /* our own wall clock counts for nothing against the server's */
                s->best[0] = s->best[1] = offset;
                s->window_start = boot;
                s->heard = true;
        } else if (boot - s->window_start >= SERVERTIME_WINDOW) {
                s->best[1] = s->best[0];
                s->best[0] = offset;
                s->window_start = boot;
        } else {
                s->best[0] = larger(s->best[0], offset);
        }

        best = larger(s->best[0], s->best[1]);
        if (s->heard_at && best < s->offset - SERVERTIME_STEP_MAX) {
                s->best[0] = s->best[1] = s->offset; /* for two more windows; then it is said again */
                s->heard_at = boot;
                return false;
        }
        s->offset = best;
        s->heard_at = boot;
        return true;
}

void servertime_floor(struct servertime *s, utime_t made_at, utime_t boot)
{
        utime_t least = made_at - boot;

        if (s->offset >= least)
                return;
        s->offset = least;
        if (s->heard)
                s->best[0] = least;
}

utime_t servertime_now(const struct servertime *s, utime_t boot)
{
        return boot + s->offset;
}
