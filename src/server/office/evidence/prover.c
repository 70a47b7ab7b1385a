/* prover.c - see prover.h. */
#include "server/office/evidence/prover.h"

#include <stdlib.h>

#include "server/office/store/tree.h"

enum { FAN = 256, BITS = 8, LEVELS = 5, NODES = 2 * FAN - 1, HEIGHTS = 41 };

/* node: 256 stored hashes, then 128 joined in pairs, then 64 …, the root last. Of the last tile only what is complete is there. */
struct tile { bool there; uint64_t at; struct hash node[NODES]; };

/* own: the tile that the last proof went through; edge: the last one of its level, which the right end of every proof is made of. */
struct prover { struct db *db; uint64_t size; struct tile own[LEVELS], edge[LEVELS]; bool has_rest[HEIGHTS]; uint64_t rest_at[HEIGHTS]; struct hash rest[HEIGHTS]; };

int prover_new(struct prover **out, struct db *db, uint64_t size, struct err *e)
{
        struct prover *p = calloc(1, sizeof(*p));

        if (!p)
                return err_set(e, ERR_NOMEM, "proofs");
        p->db = db;
        p->size = size;
        *out = p;
        return ERR_OK;
}

struct prover *prover_free(struct prover *p)
{
        free(p);
        return NULL;
}

static int tile_load(struct tile *t, const struct prover *p, unsigned level, uint64_t at, struct err *e)
{
        uint64_t stored = p->size >> level * BITS, first = at * FAN;
        size_t n = stored - first < FAN ? (size_t)(stored - first) : FAN, from = 0;
        int r = tree_read_db(p->db, level, first, n, t->node, e);

        if (r < 0)
                return r;
        for (size_t wide = FAN; wide > 1; wide /= 2) {
                n /= 2;
                for (size_t i = 0; i < n; i++)
                        t->node[from + wide + i] = hash_node(&t->node[from + 2 * i], &t->node[from + 2 * i + 1]);
                from += wide;
        }
        t->there = true;
        t->at = at;
        return ERR_OK;
}

/* Where the nodes of height h (0..7) begin in a tile: 0, 256, 384, 448 … */
static size_t place_of(unsigned h)
{
        return 2 * (size_t)FAN - ((size_t)2 * FAN >> h);
}

/* The root of the complete subtree of 2^height leaves at `pos`. */
static int node(struct hash *out, struct prover *p, unsigned height, uint64_t pos, struct err *e)
{
        unsigned level = height / BITS, h = height % BITS;
        uint64_t tile = pos >> (BITS - h), last = ((p->size >> level * BITS) - 1) / FAN;
        struct tile *t = tile == last ? &p->edge[level] : &p->own[level];
        int r = t->there && t->at == tile ? ERR_OK : tile_load(t, p, level, tile, e);

        if (r == ERR_OK)
                *out = t->node[place_of(h) + (size_t)(pos & ((FAN >> h) - 1))];
        return r;
}

/* The root of what is left of the tree from `start`, a multiple of 2^height that has no complete subtree of that height. */
static int rest_of(struct hash *out, struct prover *p, unsigned height, uint64_t start, struct err *e)
{
        struct hash part[HEIGHTS];
        uint64_t at = start;
        size_t n = 0;
        int r = ERR_OK;

        if (p->has_rest[height] && p->rest_at[height] == start) {
                *out = p->rest[height];
                return ERR_OK;
        }
        for (unsigned h = height; r == ERR_OK && h-- > 0;)
                if ((p->size - at) >> h & 1) {
                        r = node(&part[n++], p, h, at >> h, e);
                        at += (uint64_t)1 << h;
                }
        if (r < 0)
                return r;
        *out = part[n - 1];
        while (--n > 0)
                *out = hash_node(&part[n - 1], out);
        p->has_rest[height] = true;
        p->rest_at[height] = start;
        p->rest[height] = *out;
        return ERR_OK;
}

int prover_prove(struct proof *out, struct prover *p, uint64_t index, struct err *e)
{
        struct proof proof = { 0 };
        int r = ERR_OK;

        if (p->size > TREE_SIZE_MAX || index >= p->size)
                return err_set(e, ERR_INPUT, "no leaf %llu in a tree of %llu", (unsigned long long)index, (unsigned long long)p->size);
        for (unsigned h = 0; r == ERR_OK && (uint64_t)1 << h < p->size; h++) {
                uint64_t sibling = (index >> h) ^ 1, start = sibling << h;

                if (start >= p->size)
                        continue;
                if (p->size - start >= (uint64_t)1 << h)
                        r = node(&proof.hash[proof.n++], p, h, sibling, e);
                else
                        r = rest_of(&proof.hash[proof.n++], p, h, start, e);
        }
        if (r == ERR_OK)
                *out = proof;
        return r;
}
