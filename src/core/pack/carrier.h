/* carrier.h - does what a mechanism names stand in the pack?
 *
 * Does      look up the form, field, procedure, step, rule, effect, criterion or text that a built mechanism says it is carried by.
 * Layer     core; inside pack/.
 * Owns      nothing.
 */
#ifndef CORE_PACK_CARRIER_H
#define CORE_PACK_CARRIER_H

#include "core/pack/pack.h"
#include "core/pack/texts.h"

/* True also for what no pack can hold: commands, gates, agents. Every record of `p` must have its id. */
bool carrier_exists(const struct pack *p, const struct texts *t, const struct pack_mechanism *m);

#endif
