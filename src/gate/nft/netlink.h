/* netlink.h - one question to the kernel at a time, over a netlink socket.
 *
 * Does      collect messages, send them in one write, read until the last one is answered; nf_tables batches are one transaction.
 * Layer     gate/nft; libmnl.
 * Owns      struct nl owns its socket: nl_close(). struct nl_batch owns its bytes: nl_batch_done().
 * Threads   one.
 * Trusts    the kernel; answers to older questions are skipped by their number.
 * Fails     ERR_ABSENT (ENOENT, ENODEV), ERR_CONFLICT (EEXIST, EBUSY, EOPNOTSUPP, EINVAL: what is there differs in kind),
 *           ERR_BUSY (a dump was torn by a change: ask again), ERR_TIMEOUT, ERR_IO.
 */
#ifndef GATE_NFT_NETLINK_H
#define GATE_NFT_NETLINK_H

#include <libmnl/libmnl.h>

#include "base/err.h"
#include "base/str.h"

enum { NL_MESSAGE_MAX = 48 * 1024 };

struct nl { struct mnl_socket *socket; uint32_t port, seq; };

int  nl_open(struct nl *nl, int bus, unsigned groups, struct err *e);    /* NETLINK_NETFILTER, NETLINK_ROUTE; multicast group bits */
void nl_close(struct nl *nl);

struct nl_batch { struct buf bytes; uint32_t first, last; bool transaction; char *room; };

/* begin, then for each message: fill the header that nl_message() gives, nl_push() it; then nl_send(). */
int              nl_begin(struct nl *nl, struct nl_batch *b, bool transaction, struct err *e);
struct nlmsghdr *nl_message(struct nl *nl, struct nl_batch *b, uint16_t type, uint16_t flags);
void             nl_push(struct nl_batch *b, struct nlmsghdr *m);
void             nl_batch_done(struct nl_batch *b);

/* `row` (may be NULL) sees each answer that is not an acknowledgement; a negative ERR_* from it ends the reading. */
typedef int nl_row_fn(void *ctx, const struct nlmsghdr *m, struct err *e);

int nl_send(struct nl *nl, struct nl_batch *b, nl_row_fn *row, void *ctx, struct err *e);

static inline void nl_batch_done_at(struct nl_batch *b)
{
        nl_batch_done(b);
}

#endif
