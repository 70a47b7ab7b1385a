/* tree.h - the RFC 6962 Merkle tree: right edge, root, proofs, and their verification.
 *
 * Does      grow a compact range leaf by leaf; compute roots; build inclusion and consistency proofs from stored hashes that a
 *           callback reads; verify proofs (RFC 9162 §2.1.3.2, §2.1.4.2).
 * Layer     core; pure.
 * Units     sizes and indexes are leaf counts (u64, at most TREE_SIZE_MAX).
 * Trusts    nothing: proofs of wrong length, sizes out of order and trailing hashes are refused.
 * Fails     verification answers ERR_TAMPERED (does not hold) or ERR_INPUT (malformed); building answers the reader's error.
 */
#ifndef CORE_JOURNAL_TREE_H
#define CORE_JOURNAL_TREE_H

#include "base/err.h"
#include "core/journal/hash.h"

#define TREE_SIZE_MAX ((uint64_t)1 << 40)
enum { TREE_EDGE_MAX = 41, TREE_PROOF_MAX = 82 };

/* Right edge: one hash for each set bit of `size`, largest subtree first. */
struct edge { uint64_t size; struct hash node[TREE_EDGE_MAX]; };

int         edge_append(struct edge *edge, const struct hash *leaf, struct err *e);
struct hash edge_root(const struct edge *edge);             /* SHA-256("") for the empty tree */
unsigned    edge_count(uint64_t size);                      /* hashes in an edge of that size */

/* Stored hashes: level 0 = leaves, level L = roots of complete subtrees of 256^L leaves. The reader gives n hashes of
 * `level` from position `at`; it is only asked for complete ones. */
typedef int tree_read_fn(void *ctx, unsigned level, uint64_t at, size_t n, struct hash *out, struct err *e);

struct proof { size_t n; struct hash hash[TREE_PROOF_MAX]; };

int tree_root(struct hash *out, uint64_t size, tree_read_fn *read, void *ctx, struct err *e);
int tree_prove_inclusion(struct proof *out, uint64_t index, uint64_t size, tree_read_fn *read, void *ctx, struct err *e);
int tree_prove_consistency(struct proof *out, uint64_t from, uint64_t size, tree_read_fn *read, void *ctx, struct err *e);

int tree_verify_inclusion(const struct hash *leaf, uint64_t index, uint64_t size, const struct hash *proof, size_t n,
                          const struct hash *root, struct err *e);
int tree_verify_consistency(uint64_t from, const struct hash *from_root, uint64_t size, const struct hash *root,
                            const struct hash *proof, size_t n, struct err *e);

#endif
