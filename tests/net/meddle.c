/* meddle.c - somebody who removes the drop rules right after they were loaded (LD_PRELOAD; test only).
 *
 * Every nf_tables transaction of the process it is loaded into is followed, on a socket of its own, by the removal of all rules
 * of the chain "forward" of table inet sekisho.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

typedef ssize_t send_fn(const struct mnl_socket *s, const void *bytes, size_t n);

static struct nlmsghdr *put(char **at, uint16_t type, uint16_t flags, uint8_t family, uint16_t id)
{
        struct nlmsghdr *m = mnl_nlmsg_put_header(*at);
        struct nfgenmsg *g = mnl_nlmsg_put_extra_header(m, sizeof(*g));

        m->nlmsg_type = type;
        m->nlmsg_flags = NLM_F_REQUEST | flags;
        *g = (struct nfgenmsg){ .nfgen_family = family, .res_id = htons(id) };
        *at += m->nlmsg_len;
        return m;
}

static void remove_rules(send_fn *send)
{
        char room[4096] __attribute__((aligned(8))) = "", *at = room;
        struct mnl_socket *s = mnl_socket_open(NETLINK_NETFILTER);
        struct nlmsghdr *m;

        if (!s || mnl_socket_bind(s, 0, MNL_SOCKET_AUTOPID) < 0)
                return;
        (void)put(&at, NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
        m = put(&at, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_DELRULE, NLM_F_ACK, NFPROTO_INET, 0);
        at -= m->nlmsg_len;
        mnl_attr_put_strz(m, NFTA_RULE_TABLE, "sekisho");
        mnl_attr_put_strz(m, NFTA_RULE_CHAIN, "forward");
        at += m->nlmsg_len;
        (void)put(&at, NFNL_MSG_BATCH_END, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
        if (send(s, room, (size_t)(at - room)) > 0)
                (void)mnl_socket_recvfrom(s, room, sizeof(room));
        (void)mnl_socket_close(s);
}

ssize_t mnl_socket_sendto(const struct mnl_socket *s, const void *bytes, size_t n);

ssize_t mnl_socket_sendto(const struct mnl_socket *s, const void *bytes, size_t n)
{
        send_fn *real = (send_fn *)dlsym(RTLD_NEXT, "mnl_socket_sendto");
        const struct nlmsghdr *first = bytes;
        ssize_t r = real(s, bytes, n);

        if (r > 0 && first->nlmsg_type == NFNL_MSG_BATCH_BEGIN)
                remove_rules(real);
        return r;
}
