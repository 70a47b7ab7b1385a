/* passes.h - who may pass and until when, as the kernel's two sets hold it.
 *
 * Does      adopt what the kernel holds; make it hold what is wanted with the fewest changes, both sets in one transaction;
 *           read every change back.
 * Layer     gate/nft; libmnl.
 * Owns      struct passes owns its list; struct kernel_sets owns what it believes the kernel holds.
 * Units     `end` is on boot time (clock_boot()); the kernel counts a timeout down by itself and needs nobody for it.
 * Trusts    nothing it remembers: a refused transaction or a read-back that differs leads to a fresh dump and another try.
 * Fails     ERR_CONFLICT when the kernel does not come to hold what is wanted after three tries.
 */
#ifndef GATE_NFT_PASSES_H
#define GATE_NFT_PASSES_H

#include "base/utime.h"
#include "gate/nft/netlink.h"

enum { PASS_MAC = 6, PASS_SETS = 2 };

#define PASS_TOLERANCE (50 * UTIME_MS)      /* two ends nearer than this are the same end */

struct pass { uint8_t mac[PASS_MAC]; utime_t end; };

struct passes { struct pass *p; size_t n, room; };         /* sorted by MAC, unique */

int  passes_add(struct passes *l, const struct pass *p, struct err *e);      /* at the end: the caller adds in order */
void passes_sort(struct passes *l);
void passes_done(struct passes *l);
int  pass_cmp(const void *a, const void *b);

static inline void passes_done_at(struct passes *l)
{
        passes_done(l);
}

struct kernel_sets { struct passes held[PASS_SETS]; };

struct passes_change { size_t added, moved, removed; };

int  kernel_adopt(struct kernel_sets *k, struct nl *nl, struct err *e);
int  kernel_make(struct kernel_sets *k, struct nl *nl, const struct passes *want, struct passes_change *did, struct err *e);
void kernel_forget(struct kernel_sets *k, utime_t now);    /* what has ended by itself is no longer held */
void kernel_done(struct kernel_sets *k);

#endif
