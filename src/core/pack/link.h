/* link.h - what the files only name is put where it is used.
 *
 * Does      choices of a list into each field that names it, questions of classes.yaml into classified forms, the step before into
 *           `after`; then builds the names of each procedure and reads every condition against them.
 * Layer     core; inside pack/.
 * Trusts    the filler: every record has its id and every reference is there.
 * Owns      in the pack's arena.
 * Fails     ERR_NOMEM; what is wrong in a condition is a mistake.
 */
#ifndef CORE_PACK_LINK_H
#define CORE_PACK_LINK_H

#include "core/pack/fill.h"

int link_pack(struct filler *f, struct pack *p);

#endif
