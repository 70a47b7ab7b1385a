/* tree.c - see tree.h.
 *
 * A tree of n leaves is a left subtree of the largest power of two below n and the rest (RFC 6962 §2.1). Every range met on
 * the way down therefore begins at a multiple of its own rounded-up size, which is what lets it be read from the stored levels.
 */
#include "core/journal/tree.h"

enum { LEVEL_BITS = 8, LEVEL_FAN = 1 << LEVEL_BITS };

/* A run of leaves [at, at + n). */
struct range { uint64_t at, n; };

struct source { tree_read_fn *read; void *ctx; };

static bool is_power_of_two(uint64_t n)
{
        return n && !(n & (n - 1));
}

/* Largest power of two below n; n > 1. */
static uint64_t split_of(uint64_t n)
{
        return (uint64_t)1 << (63 - __builtin_clzll(n - 1));
}

unsigned edge_count(uint64_t size)
{
        return (unsigned)__builtin_popcountll(size);
}

int edge_append(struct edge *edge, const struct hash *leaf, struct err *e)
{
        unsigned n = edge_count(edge->size);
        struct hash h = *leaf;

        if (edge->size >= TREE_SIZE_MAX)
                return err_set(e, ERR_FULL, "the log has reached its largest size");

        /* Each trailing one bit of the size is a complete subtree that the new leaf closes. */
        for (uint64_t bits = edge->size; bits & 1; bits >>= 1)
                h = hash_node(&edge->node[--n], &h);
        edge->node[n] = h;
        edge->size++;
        return ERR_OK;
}

/* Right to left: the smallest subtrees are joined first. n > 0. */
static struct hash fold_edge(const struct hash *node, unsigned n)
{
        struct hash h = node[n - 1];

        for (unsigned i = n - 1; i-- > 0;)
                h = hash_node(&node[i], &h);
        return h;
}

struct hash edge_root(const struct edge *edge)
{
        return edge->size ? fold_edge(edge->node, edge_count(edge->size)) : hash_bytes(STR(""));
}

/* Root of a complete subtree of 2^k leaves: up to 128 stored hashes of the level below, joined in pairs. */
static int complete_root(struct hash *out, const struct source *s, struct range r, struct err *e)
{
        unsigned k = (unsigned)__builtin_ctzll(r.n), level = k / LEVEL_BITS;
        size_t n = (size_t)1 << k % LEVEL_BITS;
        struct hash h[LEVEL_FAN / 2];
        int err = s->read(s->ctx, level, r.at >> level * LEVEL_BITS, n, h, e);

        if (err < 0)
                return err_wrap(e, err, "%zu hashes of level %u", n, level);
        for (; n > 1; n /= 2)
                for (size_t i = 0; i < n / 2; i++)
                        h[i] = hash_node(&h[2 * i], &h[2 * i + 1]);
        *out = h[0];
        return ERR_OK;
}

/* Root of any range met on the way down. r.n > 0. */
static int range_root(struct hash *out, const struct source *s, struct range r, struct err *e)
{
        struct hash part[TREE_EDGE_MAX];
        unsigned n = 0;

        while (r.n) {
                uint64_t size = is_power_of_two(r.n) ? r.n : split_of(r.n);
                int err = complete_root(&part[n++], s, (struct range){ r.at, size }, e);

                if (err < 0)
                        return err;
                r.at += size;
                r.n -= size;
        }
        *out = fold_edge(part, n);
        return ERR_OK;
}

int tree_root(struct hash *out, uint64_t size, tree_read_fn *read, void *ctx, struct err *e)
{
        const struct source s = { read, ctx };

        if (size > TREE_SIZE_MAX)
                return err_set(e, ERR_INPUT, "tree size %llu is above the maximum", (unsigned long long)size);
        if (!size) {
                *out = hash_bytes(STR(""));
                return ERR_OK;
        }
        return range_root(out, &s, (struct range){ 0, size }, e);
}

/* The ranges were met from the top down; a proof lists them from the bottom up. */
static int proof_read(struct proof *out, const struct source *s, const struct range *met, size_t n, struct err *e)
{
        struct proof p = { .n = n };

        for (size_t i = 0; i < n; i++) {
                int r = range_root(&p.hash[i], s, met[n - 1 - i], e);

                if (r < 0)
                        return r;
        }
        *out = p;
        return ERR_OK;
}

/* RFC 6962 §2.1.1, PATH(m, D[n]). */
int tree_prove_inclusion(struct proof *out, uint64_t index, uint64_t size, tree_read_fn *read, void *ctx, struct err *e)
{
        const struct source s = { read, ctx };
        struct range met[TREE_PROOF_MAX], r = { 0, size };
        size_t n = 0;

        if (size > TREE_SIZE_MAX || index >= size)
                return err_set(e, ERR_INPUT, "no leaf %llu in a tree of %llu", (unsigned long long)index, (unsigned long long)size);

        while (r.n > 1) {
                uint64_t k = split_of(r.n);

                if (index - r.at < k) {
                        met[n++] = (struct range){ r.at + k, r.n - k };
                        r.n = k;
                } else {
                        met[n++] = (struct range){ r.at, k };
                        r = (struct range){ r.at + k, r.n - k };
                }
        }
        return proof_read(out, &s, met, n, e);
}

/* Every tree continues the empty one, so that such a proof would say nothing: it is refused rather than believed. */
static bool sizes_ok(uint64_t from, uint64_t size)
{
        return size <= TREE_SIZE_MAX && from && from <= size;
}

/* RFC 6962 §2.1.2, SUBPROOF(m, D[n], b). */
int tree_prove_consistency(struct proof *out, uint64_t from, uint64_t size, tree_read_fn *read, void *ctx, struct err *e)
{
        const struct source s = { read, ctx };
        struct range met[TREE_PROOF_MAX], r = { 0, size };
        bool old_root_known = true;
        size_t n = 0;

        if (!sizes_ok(from, size))
                return err_set(e, ERR_INPUT, "no tree of %llu within one of %llu", (unsigned long long)from, (unsigned long long)size);

        while (from != r.n) {
                uint64_t k = split_of(r.n);

                if (from <= k) {
                        met[n++] = (struct range){ r.at + k, r.n - k };
                        r.n = k;
                } else {
                        met[n++] = (struct range){ r.at, k };
                        r = (struct range){ r.at + k, r.n - k };
                        from -= k;
                        old_root_known = false;
                }
        }
        if (!old_root_known)
                met[n++] = r;
        return proof_read(out, &s, met, n, e);
}

static int not_proven(struct err *e, const char *why)
{
        return err_set(e, ERR_TAMPERED, "the proof does not hold: %s", why);
}

/* RFC 9162 §2.1.3.2; its names fn, sn and r are kept. */
int tree_verify_inclusion(const struct hash *leaf, uint64_t index, uint64_t size, const struct hash *proof, size_t n,
                          const struct hash *root, struct err *e)
{
        uint64_t fn = index, sn = size - 1;
        struct hash r = *leaf;

        if (size > TREE_SIZE_MAX || index >= size)
                return err_set(e, ERR_INPUT, "no leaf %llu in a tree of %llu", (unsigned long long)index, (unsigned long long)size);

        for (size_t i = 0; i < n; i++) {
                if (!sn)
                        return not_proven(e, "too many hashes");
                if (fn & 1 || fn == sn) {
                        r = hash_node(&proof[i], &r);
                        while (!(fn & 1) && fn) {
                                fn >>= 1;
                                sn >>= 1;
                        }
                } else {
                        r = hash_node(&r, &proof[i]);
                }
                fn >>= 1;
                sn >>= 1;
        }
        if (sn)
                return not_proven(e, "too few hashes");
        return hash_eq(&r, root) ? ERR_OK : not_proven(e, "it leads to another root");
}

/* RFC 9162 §2.1.4.2; its names fn, sn, fr and sr are kept. */
int tree_verify_consistency(uint64_t from, const struct hash *from_root, uint64_t size, const struct hash *root,
                            const struct hash *proof, size_t n, struct err *e)
{
        uint64_t fn = from - 1, sn = size - 1;
        struct hash fr, sr;
        size_t i = 0;

        if (!sizes_ok(from, size))
                return err_set(e, ERR_INPUT, "no tree of %llu within one of %llu", (unsigned long long)from, (unsigned long long)size);
        if (from == size && n)
                return not_proven(e, "too many hashes");
        if (from == size)
                return hash_eq(from_root, root) ? ERR_OK : not_proven(e, "two roots of one size");
        if (!n)
                return not_proven(e, "too few hashes");

        fr = sr = is_power_of_two(from) ? *from_root : proof[i++];
        while (fn & 1) {
                fn >>= 1;
                sn >>= 1;
        }
        for (; i < n; i++) {
                if (!sn)
                        return not_proven(e, "too many hashes");
                if (fn & 1 || fn == sn) {
                        fr = hash_node(&proof[i], &fr);
                        sr = hash_node(&proof[i], &sr);
                        while (!(fn & 1) && fn) {
                                fn >>= 1;
                                sn >>= 1;
                        }
                } else {
                        sr = hash_node(&sr, &proof[i]);
                }
                fn >>= 1;
                sn >>= 1;
        }
        if (sn)
                return not_proven(e, "too few hashes");
        if (!hash_eq(&fr, from_root))
                return not_proven(e, "the earlier tree is not a part of the later");
        return hash_eq(&sr, root) ? ERR_OK : not_proven(e, "it leads to another root");
}
