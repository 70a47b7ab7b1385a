/* hosts.c - see hosts.h.
 *
 * Permits are checked before connection tracking, so nothing passes after a revocation anyway; deleting the entries keeps NAT
 * mappings, helpers and other people's "established" rules from outliving the permit.
 */
#include "gate/nft/hosts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <libnetfilter_conntrack/libnetfilter_conntrack.h>

struct lan { unsigned index; unsigned short type; };

static int lan_row(void *ctx, const struct nlmsghdr *m, struct err *e)
{
        const struct ifinfomsg *i = mnl_nlmsg_get_payload(m);
        struct lan *lan = ctx;

        *lan = (struct lan){ (unsigned)i->ifi_index, i->ifi_type };
        return ERR_OK;
}

int lan_find(unsigned *index, struct nl *route, const char *name, struct err *e)
{
        scoped(nl_batch_done) struct nl_batch b;
        struct lan lan = { 0 };
        struct nlmsghdr *m;
        struct ifinfomsg *i;
        int r = nl_begin(route, &b, false, e);

        if (r < 0)
                return r;
        m = nl_message(route, &b, RTM_GETLINK, 0);
        i = mnl_nlmsg_put_extra_header(m, sizeof(*i));
        i->ifi_family = AF_UNSPEC;
        mnl_attr_put_strz(m, IFLA_IFNAME, name);
        nl_push(&b, m);
        r = nl_send(route, &b, lan_row, &lan, e);
        if (r < 0)
                return err_wrap(e, r, "interface %s", name);
        if (lan.type != ARPHRD_ETHER)
                return err_set(e, ERR_CONFLICT, "interface %s is not Ethernet", name);
        *index = lan.index;
        return ERR_OK;
}

struct neighbours { struct addresses *out; const struct passes *hosts; unsigned lan; };

static int neighbour_row(void *ctx, const struct nlmsghdr *m, struct err *e)
{
        const struct ndmsg *nd = mnl_nlmsg_get_payload(m);
        struct neighbours *n = ctx;
        struct address a = { .family = nd->ndm_family };
        size_t size = nd->ndm_family == AF_INET ? 4 : 16;
        const struct nlattr *at;
        struct pass who = { 0 };
        bool have_mac = false, have_address = false;

        if ((unsigned)nd->ndm_ifindex != n->lan || (nd->ndm_family != AF_INET && nd->ndm_family != AF_INET6))
                return ERR_OK;
        mnl_attr_for_each(at, m, sizeof(*nd)) {
                if (mnl_attr_get_type(at) == NDA_DST && mnl_attr_get_payload_len(at) == size) {
                        memcpy(a.b, mnl_attr_get_payload(at), size);
                        have_address = true;
                }
                if (mnl_attr_get_type(at) == NDA_LLADDR && mnl_attr_get_payload_len(at) == PASS_MAC) {
                        memcpy(who.mac, mnl_attr_get_payload(at), PASS_MAC);
                        have_mac = true;
                }
        }
        if (have_mac && have_address && n->out->n < HOST_ADDRESSES_MAX &&
            bsearch(&who, n->hosts->p, n->hosts->n, sizeof(who), pass_cmp))
                n->out->a[n->out->n++] = a;
        return ERR_OK;
}

int hosts_addresses(struct addresses *out, struct nl *route, unsigned lan, const struct passes *hosts, struct err *e)
{
        scoped(nl_batch_done) struct nl_batch b;
        struct neighbours n = { out, hosts, lan };
        struct nlmsghdr *m;
        struct ndmsg *nd;
        int r = nl_begin(route, &b, false, e);

        out->n = 0;
        if (r < 0)
                return r;
        m = nl_message(route, &b, RTM_GETNEIGH, NLM_F_DUMP);
        nd = mnl_nlmsg_put_extra_header(m, sizeof(*nd));
        nd->ndm_family = AF_UNSPEC;
        nl_push(&b, m);
        r = nl_send(route, &b, neighbour_row, &n, e);
        return r < 0 && r != ERR_BUSY ? err_wrap(e, r, "neighbours") : ERR_OK; /* a torn list still names most of them */
}

/* --- connection tracking --- */

struct ending { const struct addresses *of; struct nf_conntrack *found[1024]; size_t n; };

static bool is_of(const struct addresses *of, uint8_t family, const void *address)
{
        size_t size = family == AF_INET ? 4 : 16;

        for (size_t i = 0; address && i < of->n; i++)
                if (of->a[i].family == family && memcmp(of->a[i].b, address, size) == 0)
                        return true;
        return false;
}

static int connection_row(enum nf_conntrack_msg_type type, struct nf_conntrack *ct, void *ctx)
{
        static const enum nf_conntrack_attr v4[] = { ATTR_ORIG_IPV4_SRC, ATTR_ORIG_IPV4_DST, ATTR_REPL_IPV4_SRC, ATTR_REPL_IPV4_DST };
        static const enum nf_conntrack_attr v6[] = { ATTR_ORIG_IPV6_SRC, ATTR_ORIG_IPV6_DST, ATTR_REPL_IPV6_SRC, ATTR_REPL_IPV6_DST };
        struct ending *x = ctx;
        uint8_t family = nfct_get_attr_u8(ct, ATTR_ORIG_L3PROTO);
        bool hit = false;

        for (size_t i = 0; !hit && i < countof(v4); i++)
                hit = is_of(x->of, family, nfct_get_attr(ct, family == AF_INET ? v4[i] : v6[i]));
        if (!hit)
                return NFCT_CB_CONTINUE;
        if (x->n == countof(x->found))
                return NFCT_CB_STOP; /* connections_end() comes back for the rest */
        x->found[x->n] = nfct_clone(ct);
        x->n += x->found[x->n] != NULL;
        return NFCT_CB_CONTINUE;
}

static int some_end(struct nfct_handle *ask, struct nfct_handle *act, struct ending *x, struct err *e)
{
        uint32_t family = AF_UNSPEC;

        x->n = 0;
        if (nfct_callback_register(ask, NFCT_T_ALL, connection_row, x) < 0)
                return err_errno(e, "connection tracking");
        if (nfct_query(ask, NFCT_Q_DUMP, &family) < 0)
                return err_errno(e, "reading connections");
        for (size_t i = 0; i < x->n; i++) {
                (void)nfct_query(act, NFCT_Q_DESTROY, x->found[i]); /* gone by itself meanwhile: as well */
                nfct_destroy(x->found[i]);
        }
        return ERR_OK;
}

int connections_end(const struct addresses *of, size_t *ended, struct err *e)
{
        struct nfct_handle *ask = nfct_open(CONNTRACK, 0), *act = nfct_open(CONNTRACK, 0);
        struct ending x = { .of = of };
        int r = ask && act ? ERR_OK : err_errno(e, "connection tracking");

        *ended = 0;
        for (int i = 0; r == ERR_OK && of->n && i < 64; i++) {
                r = some_end(ask, act, &x, e);
                *ended += r == ERR_OK ? x.n : 0;
                if (x.n < countof(x.found))
                        break;
        }
        if (ask)
                (void)nfct_close(ask);
        if (act)
                (void)nfct_close(act);
        return r;
}
