/* compile.h - permits into grant records.
 *
 * Does      one record an open permit, sorted and unique by key.
 * Layer     server/office/grants.
 * Owns      the table is the caller's: grants_free().
 */
#ifndef OFFICE_GRANTS_COMPILE_H
#define OFFICE_GRANTS_COMPILE_H

#include "server/office/store/query.h"
#include "wire/grants.h"

/* Two permits for one key in one table: the one that ends later counts. Two zones for one key: zone 0 is never made up;
 * the later end wins, and the screens show both permits. */
int compile_grants(struct grants **out, const struct permit_line *permits, size_t n, uint64_t generation, struct str side, struct err *e);

#endif
