/* prover.h - many inclusion proofs of one tree, near to each other.
 *
 * Does      the same proofs as core/journal/tree.h; a tile's inner nodes are computed once, not once for each proof.
 * Layer     server/office/evidence.
 * Owns      prover_done().
 * Fails     ERR_INPUT no such leaf; as db.h.
 *
 * tree_prove_inclusion() joins up to 500 hashes a proof; for 100,000 entries that is a minute. Walked in ascending order this is
 * about twenty copies a proof.
 */
#ifndef OFFICE_EVIDENCE_PROVER_H
#define OFFICE_EVIDENCE_PROVER_H

#include "core/journal/tree.h"
#include "server/office/store/db.h"

struct prover;

int            prover_new(struct prover **out, struct db *db, uint64_t size, struct err *e);
int            prover_prove(struct proof *out, struct prover *p, uint64_t index, struct err *e);
struct prover *prover_free(struct prover *p);
SCOPED(prover_free, struct prover *)

#endif
