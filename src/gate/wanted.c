/* wanted.c - see wanted.h. */
#include "gate/wanted.h"

/* 2200-01-01: to the kernel's 64-bit counters that is for ever, and a fixed instant does not move from pass to pass. */
#define END_MAX (7258118400 * UTIME_S)

/* A posture deadline that had not passed when the server was lost stands still until it is back; the permit's end never does. */
static utime_t end_of(const struct grant *g, const struct place *at)
{
        bool still = at->lost_since && g->posture_until > at->lost_since;

        return still || g->until < g->posture_until ? g->until : g->posture_until;
}

static bool obeyed_here(const struct grant *g, const struct place *at)
{
        return g->key.kind == GRANT_MAC && g->verdict == GRANT_ALLOW && (g->zone == 0 || g->zone == at->zone);
}

int wanted_passes(struct passes *out, utime_t *next, const struct grants *t, const struct place *at, utime_t now, struct err *e)
{
        utime_t soonest = INT64_MAX;

        out->n = 0;
        for (uint32_t i = 0; t && i < t->head.count; i++) {
                const struct grant *g = &t->rows[i];
                utime_t end = end_of(g, at), turn = now < g->from ? g->from : end;
                struct pass p;

                if (!obeyed_here(g, at) || end <= now)
                        continue;
                soonest = turn < soonest ? turn : soonest;
                if (now < g->from)
                        continue;
                memcpy(p.mac, g->key.key, sizeof(p.mac));
                p.end = (end < END_MAX ? end : END_MAX) - at->offset;
                if (passes_add(out, &p, e) < 0) /* sorted already: the key is the MAC */
                        return ERR_NOMEM;
        }
        *next = soonest;
        return ERR_OK;
}
