/* loosened.h - what a layer takes away or weakens of what serves a clause of strength M or N.
 *
 * Does      compare the pack without a layer with the pack with it (diff.h) and keep what loosens: a record removed, a strength
 *           lowered, a demand dropped or put otherwise, an exception permitted, a duty told of later or to nobody (the table in loosened.c).
 * Clause    DESIGN §6: a lower layer may tighten freely, loosening an M or N is listed.
 * Layer     core; inside pack/.
 * Owns      the list lives in the topmost pack's arena.
 * Fails     ERR_NOMEM.
 *
 * What a change says of itself is not asked. Serving is: a rule or criterion with such a clause, a built mechanism with one (not of
 * kind text) and what it names as its carrier, the clause itself; and what the classes of information follow from, which decides
 * where every other demand holds.
 */
#ifndef CORE_PACK_LOOSENED_H
#define CORE_PACK_LOOSENED_H

#include "core/pack/pack.h"

int loosened_find(struct pack *const *made, size_t n);      /* made[i]: the lowest i + 1 layers; fills the last one's list */

#endif
