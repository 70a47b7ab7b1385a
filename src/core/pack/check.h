/* check.h - does a pack make sense as a whole?
 *
 * Does      what no single line shows: keys that do not go together, ids that conditions could not tell apart, forms and criteria
 *           that nobody uses; then fields that decide their own visibility, steps that wait for each other, exceptions from what
 *           allows none.
 * Layer     core; inside pack/.
 * Trusts    the filler: every record has its id, every reference is there.
 * Fails     ERR_NOMEM; what is wrong is a mistake.
 */
#ifndef CORE_PACK_CHECK_H
#define CORE_PACK_CHECK_H

#include "core/pack/fill.h"

/* Before names are built (link.c). */
void check_fields(struct filler *f, const struct pack *p);
void check_use(struct filler *f, const struct pack *p);
void check_incidents(struct filler *f, const struct pack *p);

/* After: every condition has its tree. */
void check_steps(struct filler *f, const struct pack *p);
void check_rules(struct filler *f, const struct pack *p);
void check_papers(struct filler *f, const struct pack *p);
void check_duties(struct filler *f, const struct pack *p);
void check_retention(struct filler *f, const struct pack *p);
void check_filled(struct filler *f, const struct pack *p, const struct pack_procedure *procedure, const struct pack_effect *e);
void check_filled_rows(struct filler *f, const struct pack *p, const struct pack_procedure *procedure);
const struct pack_field *check_field_of(const struct pack *p, const struct pack_procedure *procedure, const char *id);    /* of its form or sheets; NULL */
int  check_visible(struct filler *f, const struct pack *p);

#endif
