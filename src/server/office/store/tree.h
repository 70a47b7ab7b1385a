/* tree.h (store) - stored hashes of the log, for core's proofs.
 *
 * Does      a tree_read_fn over the database: level 0 = leaves, level L = roots of 256^L leaves.
 * Layer     server/office/store.
 */
#ifndef OFFICE_STORE_TREE_H
#define OFFICE_STORE_TREE_H

#include "core/journal/tree.h"

int tree_read_db(void *ctx, unsigned level, uint64_t at, size_t n, struct hash *out, struct err *e); /* ctx: struct db */

#endif
