/* check.h - does a pack make sense as a whole?
 *
 * Does      what no single line shows: ids that must be unique beyond their list, fields that decide their own visibility, steps
 *           that wait for each other, sheets and criteria that nobody uses, exceptions from what allows none.
 * Layer     core; inside pack/.
 * Trusts    the filler and link.c: every record has its id, every reference is there, every condition has its tree.
 * Fails     ERR_NOMEM; what is wrong is a mistake.
 */
#ifndef CORE_PACK_CHECK_H
#define CORE_PACK_CHECK_H

#include "core/pack/fill.h"

/* Before the names are built: keys of one record that do not go together, ids that conditions could not tell apart. */
void check_fields(struct filler *f, const struct pack *p);

#endif
