/* netlink.c - see netlink.h. */
#include "gate/nft/netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <sys/socket.h>

enum { ANSWER_ROOM = 64 * 1024, ANSWER_S = 5, SEND_ROOM = 8 * 1024 * 1024 };

int nl_open(struct nl *nl, int bus, unsigned groups, struct err *e)
{
        struct timeval patience = { .tv_sec = ANSWER_S };
        int room = SEND_ROOM;

        *nl = (struct nl){ .socket = mnl_socket_open2(bus, SOCK_CLOEXEC), .seq = 1 };
        if (!nl->socket || mnl_socket_bind(nl->socket, groups, MNL_SOCKET_AUTOPID) < 0) {
                int r = err_errno(e, "netlink socket %d", bus);

                nl_close(nl);
                return r;
        }
        nl->port = mnl_socket_get_portid(nl->socket);
        /* A batch is one write; the forced size needs CAP_NET_ADMIN, without it small batches still pass. */
        (void)setsockopt(mnl_socket_get_fd(nl->socket), SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room));
        (void)setsockopt(mnl_socket_get_fd(nl->socket), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
        if (setsockopt(mnl_socket_get_fd(nl->socket), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0)
                return err_errno(e, "netlink timeout");
        return ERR_OK;
}

void nl_close(struct nl *nl)
{
        if (nl->socket)
                (void)mnl_socket_close(nl->socket);
        nl->socket = NULL;
}

/* Begin and end of a transaction: an nfgenmsg for the nf_tables subsystem (res_id). */
static void edge_push(struct nl *nl, struct nl_batch *b, uint16_t type)
{
        struct nlmsghdr *m = nl_message(nl, b, type, 0);
        struct nfgenmsg *g = mnl_nlmsg_put_extra_header(m, sizeof(*g));

        *g = (struct nfgenmsg){ .nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0, .res_id = htons(NFNL_SUBSYS_NFTABLES) };
        buf_add(&b->bytes, m, m->nlmsg_len);
}

int nl_begin(struct nl *nl, struct nl_batch *b, bool transaction, struct err *e)
{
        *b = (struct nl_batch){ .first = nl->seq + 1, .transaction = transaction, .room = malloc(NL_MESSAGE_MAX + 1024) };
        if (!b->room)
                return err_set(e, ERR_NOMEM, "netlink message");
        if (transaction)
                edge_push(nl, b, NFNL_MSG_BATCH_BEGIN);
        return ERR_OK;
}

struct nlmsghdr *nl_message(struct nl *nl, struct nl_batch *b, uint16_t type, uint16_t flags)
{
        struct nlmsghdr *m = mnl_nlmsg_put_header(b->room);

        m->nlmsg_type = type;
        m->nlmsg_flags = NLM_F_REQUEST | flags;
        m->nlmsg_seq = ++nl->seq;
        return m;
}

void nl_push(struct nl_batch *b, struct nlmsghdr *m)
{
        m->nlmsg_flags |= m->nlmsg_flags & NLM_F_DUMP ? 0 : NLM_F_ACK;
        buf_add(&b->bytes, m, m->nlmsg_len);
        b->last = m->nlmsg_seq;
}

void nl_batch_done(struct nl_batch *b)
{
        buf_done(&b->bytes);
        free(b->room);
        b->room = NULL;
}

static int error_of(int number, struct err *e)
{
        static const struct { int number, code; } codes[] = {
                { ENOENT, ERR_ABSENT }, { ENODEV, ERR_ABSENT }, { EEXIST, ERR_CONFLICT }, { EBUSY, ERR_CONFLICT },
                { EOPNOTSUPP, ERR_CONFLICT }, { EINVAL, ERR_CONFLICT }, { ENOMEM, ERR_NOMEM },
        };

        for (size_t i = 0; i < countof(codes); i++)
                if (codes[i].number == number)
                        return err_set(e, codes[i].code, "kernel: %s", strerror(number));
        return err_set(e, ERR_IO, "kernel: %s", strerror(number));
}

struct answer { const struct nl_batch *batch; bool over; int code; nl_row_fn *row; void *ctx; };

/* Every message of a batch is acknowledged in order; a failure of the whole batch carries the number of its first message. */
static void one_answer(struct answer *a, const struct nlmsghdr *m, struct err *e)
{
        uint32_t back = m->nlmsg_seq - a->batch->first;

        if (back > a->batch->last - a->batch->first)
                return; /* an answer to something older */
        if (m->nlmsg_flags & NLM_F_DUMP_INTR && a->code == ERR_OK)
                a->code = err_set(e, ERR_BUSY, "kernel: the list changed while it was read");
        if (m->nlmsg_type == NLMSG_DONE) {
                a->over = a->over || m->nlmsg_seq == a->batch->last;
        } else if (m->nlmsg_type == NLMSG_ERROR) {
                const struct nlmsgerr *why = mnl_nlmsg_get_payload(m);

                if (why->error && a->code == ERR_OK)
                        a->code = error_of(-why->error, e);
                a->over = m->nlmsg_seq == a->batch->last || (why->error && m->nlmsg_seq == a->batch->first && a->batch->transaction);
        } else if (m->nlmsg_type >= NLMSG_MIN_TYPE && a->row && a->code == ERR_OK) {
                a->code = a->row(a->ctx, m, e);
        }
}

static int answers_read(struct nl *nl, struct answer *a, struct err *e)
{
        char room[ANSWER_ROOM] __attribute__((aligned(8)));

        while (!a->over) {
                ssize_t n = mnl_socket_recvfrom(nl->socket, room, sizeof(room));
                int left = (int)n;

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return errno == EAGAIN ? err_set(e, ERR_TIMEOUT, "the kernel does not answer") : err_errno(e, "netlink answer");
                for (const struct nlmsghdr *m = (const struct nlmsghdr *)room; mnl_nlmsg_ok(m, left); m = mnl_nlmsg_next(m, &left))
                        one_answer(a, m, e);
        }
        return a->code;
}

int nl_send(struct nl *nl, struct nl_batch *b, nl_row_fn *row, void *ctx, struct err *e)
{
        struct answer a = { .batch = b, .row = row, .ctx = ctx };

        if (b->transaction)
                edge_push(nl, b, NFNL_MSG_BATCH_END);
        if (buf_bad(&b->bytes))
                return err_set(e, ERR_NOMEM, "netlink batch");
        if (mnl_socket_sendto(nl->socket, b->bytes.p, b->bytes.n) < 0)
                return err_errno(e, "netlink write of %zu bytes", b->bytes.n);
        return answers_read(nl, &a, e);
}
