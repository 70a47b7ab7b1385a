/* coverage.h - which clause is served by what, and what of it is proven.
 *
 * Does      say for one clause whether a mechanism binds it, and whether a test proves that.
 * Clause    all: each row of the guideline is one clause.
 * Layer     core; pure.
 *
 * A planned mechanism binds nothing. Words alone bind only what asks for no more (strength I, or none).
 */
#ifndef CORE_PACK_COVERAGE_H
#define CORE_PACK_COVERAGE_H

#include "core/pack/pack.h"

/* From worst to best; the wire names stand in `coverage --json`. */
#define COVERS(X)                                                                       \
        X(COVER_NOTHING, "nothing")   /* no mechanism names it */                       \
        X(COVER_PLANNED, "planned")   /* only mechanisms that do not exist yet */       \
        X(COVER_TEXT,    "text-only") /* only words, and it asks for more */            \
        X(COVER_BOUND,   "bound")     /* something that exists serves it */             \
        X(COVER_PROVEN,  "proven")    /* ... and a test turns red without it */

enum cover {
#define X(id, name) id,
        COVERS(X)
#undef X
        COVERS_COUNT
};

bool        mechanism_serves(const struct pack_mechanism *m, const char *clause);
enum cover  coverage_of(const struct pack *p, const struct pack_clause *c);
const char *cover_name(enum cover c);
const char *strength_name(enum strength s);
const char *mechanism_kind_name(enum mechanism_kind k);
const char *mechanism_state_name(enum mechanism_state s);
const char *carrier_name(enum carrier c);

#endif
