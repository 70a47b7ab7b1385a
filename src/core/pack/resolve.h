/* resolve.h - does everything that a pack names exist?
 *
 * Does      look each reference up once all files are read: records, steps of the same procedure, levels of an axis, fields that an
 *           effect takes its values from, and what a built mechanism is carried by. What is near is offered.
 * Layer     core; inside pack/.
 * Trusts    nothing: a record may have lost its id to a mistake that is told already.
 * Fails     never; what is absent is a mistake.
 */
#ifndef CORE_PACK_RESOLVE_H
#define CORE_PACK_RESOLVE_H

#include "core/pack/fill.h"

void resolve_references(struct filler *f, const struct pack *p);
void resolve_fields(struct filler *f, const struct pack *p);         /* after all references are found to be good */
void resolve_carriers(struct filler *f, const struct pack *p);       /* likewise */

#endif
