/* rules.c - see rules.h. */
#include "gate/nft/rules.h"

#include <libnftnl/chain.h>
#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <linux/if.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

enum { MAC_BYTES = 6, TYPE_ETHERADDR = 9, ETH_DADDR_AT = 0, ETH_SADDR_AT = 6, RULE_TEXT = 512 };

/* The library's destructors do not take NULL. */
#define DESTRUCTOR(thing)                                        \
        static inline void thing##_free_at(struct thing **p)     \
        {                                                        \
                if (*p)                                          \
                        thing##_free(*p);                        \
        }

DESTRUCTOR(nftnl_rule)
DESTRUCTOR(nftnl_chain)
DESTRUCTOR(nftnl_set)
DESTRUCTOR(nftnl_table)

/* --- words of a rule ---
 * A failed allocation leaves an expression out; the read-back then finds the difference and nobody arms. */

static struct nftnl_expr *word(struct nftnl_rule *r, const char *name)
{
        struct nftnl_expr *x = nftnl_expr_alloc(name);

        if (x)
                nftnl_rule_add_expr(r, x);
        return x;
}

static void meta_load(struct nftnl_rule *r, uint32_t key)
{
        struct nftnl_expr *x = word(r, "meta");

        if (!x)
                return;
        nftnl_expr_set_u32(x, NFTNL_EXPR_META_KEY, key);
        nftnl_expr_set_u32(x, NFTNL_EXPR_META_DREG, NFT_REG_1);
}

static void meta_store(struct nftnl_rule *r, uint32_t key)
{
        struct nftnl_expr *x = word(r, "meta");

        if (!x)
                return;
        nftnl_expr_set_u32(x, NFTNL_EXPR_META_KEY, key);
        nftnl_expr_set_u32(x, NFTNL_EXPR_META_SREG, NFT_REG_1);
}

static void compare(struct nftnl_rule *r, uint32_t op, const void *data, uint32_t n)
{
        struct nftnl_expr *x = word(r, "cmp");

        if (!x)
                return;
        nftnl_expr_set_u32(x, NFTNL_EXPR_CMP_SREG, NFT_REG_1);
        nftnl_expr_set_u32(x, NFTNL_EXPR_CMP_OP, op);
        nftnl_expr_set(x, NFTNL_EXPR_CMP_DATA, data, n);
}

static void interface_is(struct nftnl_rule *r, uint32_t key, const char *lan)
{
        char name[IFNAMSIZ] = "";

        (void)snprintf(name, sizeof(name), "%s", lan);
        meta_load(r, key);
        compare(r, NFT_CMP_EQ, name, sizeof(name));
}

/* register = (register & mask) ^ flip */
static void bits(struct nftnl_rule *r, uint32_t mask, uint32_t flip)
{
        struct nftnl_expr *x = word(r, "bitwise");

        if (!x)
                return;
        nftnl_expr_set_u32(x, NFTNL_EXPR_BITWISE_SREG, NFT_REG_1);
        nftnl_expr_set_u32(x, NFTNL_EXPR_BITWISE_DREG, NFT_REG_1);
        nftnl_expr_set_u32(x, NFTNL_EXPR_BITWISE_OP, NFT_BITWISE_BOOL);
        nftnl_expr_set_u32(x, NFTNL_EXPR_BITWISE_LEN, sizeof(mask));
        nftnl_expr_set(x, NFTNL_EXPR_BITWISE_MASK, &mask, sizeof(mask));
        nftnl_expr_set(x, NFTNL_EXPR_BITWISE_XOR, &flip, sizeof(flip));
}

static void mark_bit(struct nftnl_rule *r, bool on)
{
        meta_load(r, NFT_META_MARK);
        bits(r, ~RULES_MARK, on ? RULES_MARK : 0);
        meta_store(r, NFT_META_MARK);
}

static void mac_permitted(struct nftnl_rule *r, uint32_t at)
{
        struct nftnl_expr *load = word(r, "payload"), *lookup = word(r, "lookup");

        if (!load || !lookup)
                return;
        nftnl_expr_set_u32(load, NFTNL_EXPR_PAYLOAD_DREG, NFT_REG_1);
        nftnl_expr_set_u32(load, NFTNL_EXPR_PAYLOAD_BASE, NFT_PAYLOAD_LL_HEADER);
        nftnl_expr_set_u32(load, NFTNL_EXPR_PAYLOAD_OFFSET, at);
        nftnl_expr_set_u32(load, NFTNL_EXPR_PAYLOAD_LEN, MAC_BYTES);
        nftnl_expr_set_u32(lookup, NFTNL_EXPR_LOOKUP_SREG, NFT_REG_1);
        nftnl_expr_set_str(lookup, NFTNL_EXPR_LOOKUP_SET, RULES_SET);
        nftnl_expr_set_u32(lookup, NFTNL_EXPR_LOOKUP_FLAGS, 0);
}

static void verdict(struct nftnl_rule *r, uint32_t code)
{
        struct nftnl_expr *x = word(r, "immediate");

        if (!x)
                return;
        nftnl_expr_set_u32(x, NFTNL_EXPR_IMM_DREG, NFT_REG_VERDICT);
        nftnl_expr_set_u32(x, NFTNL_EXPR_IMM_VERDICT, code);
}

/* --- the rules, in their order --- */

static void closed_drop(struct nftnl_rule *r, const char *lan)
{
        interface_is(r, NFT_META_OIFNAME, lan);
        verdict(r, NF_DROP);
}

static void forward_mark(struct nftnl_rule *r, const char *lan)
{
        interface_is(r, NFT_META_OIFNAME, lan);
        mark_bit(r, true);
}

static void forward_permit(struct nftnl_rule *r, const char *lan)
{
        interface_is(r, NFT_META_IIFNAME, lan);
        mac_permitted(r, ETH_SADDR_AT);
        verdict(r, NF_ACCEPT);
}

static void forward_drop(struct nftnl_rule *r, const char *lan)
{
        interface_is(r, NFT_META_IIFNAME, lan);
        verdict(r, NF_DROP);
}

static void last_mark(struct nftnl_rule *r, const char *lan)
{
        const uint32_t none = 0;

        interface_is(r, NFT_META_OIFNAME, lan);
        meta_load(r, NFT_META_IIF);
        compare(r, NFT_CMP_NEQ, &none, sizeof(none));
        mark_bit(r, true);
}

static void out_own(struct nftnl_rule *r, const char *lan)
{
        const uint32_t none = 0;

        meta_load(r, NFT_META_MARK);
        bits(r, RULES_MARK, 0);
        compare(r, NFT_CMP_EQ, &none, sizeof(none));
        verdict(r, NF_ACCEPT);
}

static void out_permit(struct nftnl_rule *r, const char *lan)
{
        mac_permitted(r, ETH_DADDR_AT);
        mark_bit(r, false);
        verdict(r, NF_ACCEPT);
}

static void out_drop(struct nftnl_rule *r, const char *lan)
{
        verdict(r, NF_DROP);
}

typedef void rule_fn(struct nftnl_rule *r, const char *lan);

enum { CHAIN_RULES = 4 };

static const struct chain {
        const char *name;
        uint32_t    family, hook;
        int32_t     priority;
        rule_fn    *rules[CHAIN_RULES];         /* ended by NULL or full */
} chains[] = {
        { "forward",     NFPROTO_INET,   NF_INET_FORWARD,      -300,      { forward_mark, forward_permit, forward_drop } },
        { "postrouting", NFPROTO_INET,   NF_INET_POST_ROUTING, INT32_MAX, { last_mark } },
        { "lan_out",     NFPROTO_NETDEV, NF_NETDEV_EGRESS,     INT32_MIN, { out_own, out_permit, out_drop } },
};

static const uint32_t families[] = { NFPROTO_INET, NFPROTO_NETDEV };

/* While closed the netdev table cannot exist, since its chain belongs to the interface. */
static size_t families_of(const struct rules *r)
{
        return r->closed ? 1 : countof(families);
}

static bool chain_wanted(const struct rules *r, const struct chain *c)
{
        return !(r->closed && c->family == NFPROTO_NETDEV);
}

/* The n-th rule of a chain as it must stand in the kernel; NULL behind the last. */
static struct nftnl_rule *rule_make(const struct rules *r, const struct chain *c, size_t n)
{
        bool closed_first = r->closed && c->hook == NF_INET_FORWARD && c->family == NFPROTO_INET;
        size_t at = n - closed_first;
        rule_fn *fill = closed_first && !n ? closed_drop : at < CHAIN_RULES ? c->rules[at] : NULL;
        struct nftnl_rule *rule = fill ? nftnl_rule_alloc() : NULL;

        if (!rule)
                return NULL;
        nftnl_rule_set_u32(rule, NFTNL_RULE_FAMILY, c->family);
        nftnl_rule_set_str(rule, NFTNL_RULE_TABLE, RULES_TABLE);
        nftnl_rule_set_str(rule, NFTNL_RULE_CHAIN, c->name);
        fill(rule, r->lan);
        return rule;
}

/* --- loading --- */

static struct nlmsghdr *message(struct nl *nl, struct nl_batch *b, uint16_t type, uint32_t family, uint16_t flags)
{
        struct nlmsghdr *m = nl_message(nl, b, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type), flags);
        struct nfgenmsg *g = mnl_nlmsg_put_extra_header(m, sizeof(*g));

        *g = (struct nfgenmsg){ .nfgen_family = (uint8_t)family, .version = NFNETLINK_V0 };
        return m;
}

static void table_push(struct nl *nl, struct nl_batch *b, uint16_t type, uint32_t family)
{
        struct nlmsghdr *m = message(nl, b, type, family, type == NFT_MSG_NEWTABLE ? NLM_F_CREATE : 0);

        mnl_attr_put_strz(m, NFTA_TABLE_NAME, RULES_TABLE);
        if (type == NFT_MSG_NEWTABLE)
                mnl_attr_put_u32(m, NFTA_TABLE_FLAGS, 0); /* wakes a table that somebody put to sleep */
        nl_push(b, m);
}

static void set_push(struct nl *nl, struct nl_batch *b, uint32_t family)
{
        scoped(nftnl_set_free) struct nftnl_set *s = nftnl_set_alloc();
        struct nlmsghdr *m = message(nl, b, NFT_MSG_NEWSET, family, NLM_F_CREATE);

        if (!s)
                return;
        nftnl_set_set_u32(s, NFTNL_SET_FAMILY, family);
        nftnl_set_set_str(s, NFTNL_SET_TABLE, RULES_TABLE);
        nftnl_set_set_str(s, NFTNL_SET_NAME, RULES_SET);
        nftnl_set_set_u32(s, NFTNL_SET_ID, family);
        nftnl_set_set_u32(s, NFTNL_SET_KEY_TYPE, TYPE_ETHERADDR);
        nftnl_set_set_u32(s, NFTNL_SET_KEY_LEN, MAC_BYTES);
        nftnl_set_set_u32(s, NFTNL_SET_FLAGS, NFT_SET_TIMEOUT);
        nftnl_set_nlmsg_build_payload(m, s);
        nl_push(b, m);
}

static void chain_push(struct nl *nl, struct nl_batch *b, const struct rules *r, const struct chain *c)
{
        scoped(nftnl_chain_free) struct nftnl_chain *ch = nftnl_chain_alloc();
        struct nlmsghdr *m = message(nl, b, NFT_MSG_NEWCHAIN, c->family, NLM_F_CREATE);

        if (!ch)
                return;
        nftnl_chain_set_u32(ch, NFTNL_CHAIN_FAMILY, c->family);
        nftnl_chain_set_str(ch, NFTNL_CHAIN_TABLE, RULES_TABLE);
        nftnl_chain_set_str(ch, NFTNL_CHAIN_NAME, c->name);
        nftnl_chain_set_str(ch, NFTNL_CHAIN_TYPE, "filter");
        nftnl_chain_set_u32(ch, NFTNL_CHAIN_HOOKNUM, c->hook);
        nftnl_chain_set_s32(ch, NFTNL_CHAIN_PRIO, c->priority);
        nftnl_chain_set_u32(ch, NFTNL_CHAIN_POLICY, NF_ACCEPT);
        if (c->family == NFPROTO_NETDEV)
                nftnl_chain_set_str(ch, NFTNL_CHAIN_DEV, r->lan);
        nftnl_chain_nlmsg_build_payload(m, ch);
        nl_push(b, m);

        m = message(nl, b, NFT_MSG_DELRULE, c->family, 0); /* no handle: all of the chain's rules */
        mnl_attr_put_strz(m, NFTA_RULE_TABLE, RULES_TABLE);
        mnl_attr_put_strz(m, NFTA_RULE_CHAIN, c->name);
        nl_push(b, m);
}

static void rules_push(struct nl *nl, struct nl_batch *b, const struct rules *r, const struct chain *c)
{
        for (size_t n = 0;; n++) {
                scoped(nftnl_rule_free) struct nftnl_rule *rule = rule_make(r, c, n);
                struct nlmsghdr *m;

                if (!rule)
                        return;
                m = message(nl, b, NFT_MSG_NEWRULE, c->family, NLM_F_CREATE | NLM_F_APPEND);
                nftnl_rule_nlmsg_build_payload(m, rule);
                nl_push(b, m);
        }
}

static int load(struct nl *nl, const struct rules *r, bool anew, struct err *e)
{
        scoped(nl_batch_done) struct nl_batch b;
        int ret = nl_begin(nl, &b, true, e);

        if (ret < 0)
                return ret;
        for (size_t i = 0; i < families_of(r); i++) {
                table_push(nl, &b, NFT_MSG_NEWTABLE, families[i]);
                if (anew) {
                        table_push(nl, &b, NFT_MSG_DELTABLE, families[i]);
                        table_push(nl, &b, NFT_MSG_NEWTABLE, families[i]);
                }
                set_push(nl, &b, families[i]);
        }
        for (size_t i = 0; i < countof(chains); i++)
                if (chain_wanted(r, &chains[i])) {
                        chain_push(nl, &b, r, &chains[i]);
                        rules_push(nl, &b, r, &chains[i]);
                }
        return nl_send(nl, &b, NULL, NULL, e);
}

int rules_load(struct nl *nl, const struct rules *r, struct err *e)
{
        int ret = load(nl, r, false, e);

        /* A chain or set of our name but of another kind cannot be mended in place: replace the tables, elements and all. */
        if (ret == ERR_CONFLICT || ret == ERR_ABSENT)
                ret = load(nl, r, true, e);
        return ret < 0 ? err_wrap(e, ret, "loading the drop rules") : ERR_OK;
}

/* --- reading back --- */

static int table_row(void *ctx, const struct nlmsghdr *m, struct err *e)
{
        scoped(nftnl_table_free) struct nftnl_table *t = nftnl_table_alloc();

        if (!t || nftnl_table_nlmsg_parse(m, t) < 0)
                return err_set(e, ERR_NOMEM, "reading a table");
        if (nftnl_table_get_u32(t, NFTNL_TABLE_FLAGS))
                return err_set(e, ERR_CONFLICT, "table " RULES_TABLE " sleeps (flags %u)", nftnl_table_get_u32(t, NFTNL_TABLE_FLAGS));
        return ERR_OK;
}

static int table_verify(struct nl *nl, uint32_t family, struct err *e)
{
        scoped(nl_batch_done) struct nl_batch b;
        struct nlmsghdr *m;
        int r = nl_begin(nl, &b, false, e);

        if (r < 0)
                return r;
        m = message(nl, &b, NFT_MSG_GETTABLE, family, 0);
        mnl_attr_put_strz(m, NFTA_TABLE_NAME, RULES_TABLE);
        nl_push(&b, m);
        r = nl_send(nl, &b, table_row, NULL, e);
        return r < 0 ? err_wrap(e, r, "table") : ERR_OK;
}

static int set_row(void *ctx, const struct nlmsghdr *m, struct err *e)
{
        scoped(nftnl_set_free) struct nftnl_set *s = nftnl_set_alloc();

        if (!s || nftnl_set_nlmsg_parse(m, s) < 0)
                return err_set(e, ERR_NOMEM, "reading a set");
        if (nftnl_set_get_u32(s, NFTNL_SET_KEY_LEN) != MAC_BYTES || nftnl_set_get_u32(s, NFTNL_SET_FLAGS) != NFT_SET_TIMEOUT)
                return err_set(e, ERR_CONFLICT, "set " RULES_SET " is of another kind");
        return ERR_OK;
}

static int set_verify(struct nl *nl, uint32_t family, struct err *e)
{
        scoped(nl_batch_done) struct nl_batch b;
        struct nlmsghdr *m;
        int r = nl_begin(nl, &b, false, e);

        if (r < 0)
                return r;
        m = message(nl, &b, NFT_MSG_GETSET, family, 0);
        mnl_attr_put_strz(m, NFTA_SET_TABLE, RULES_TABLE);
        mnl_attr_put_strz(m, NFTA_SET_NAME, RULES_SET);
        nl_push(&b, m);
        r = nl_send(nl, &b, set_row, NULL, e);
        return r < 0 ? err_wrap(e, r, "set") : ERR_OK;
}

struct chain_check { const struct rules *rules; const struct chain *chain; size_t seen; };

static bool device_is(const struct nftnl_chain *ch, const char *lan)
{
        const char *const *devices = nftnl_chain_is_set(ch, NFTNL_CHAIN_DEVICES) ? nftnl_chain_get_array(ch, NFTNL_CHAIN_DEVICES) : NULL;
        const char *one = nftnl_chain_is_set(ch, NFTNL_CHAIN_DEV) ? nftnl_chain_get_str(ch, NFTNL_CHAIN_DEV) : NULL;

        if (one)
                return strcmp(one, lan) == 0;
        return devices && devices[0] && !devices[1] && strcmp(devices[0], lan) == 0;
}

static int chain_row(void *ctx, const struct nlmsghdr *m, struct err *e)
{
        scoped(nftnl_chain_free) struct nftnl_chain *ch = nftnl_chain_alloc();
        struct chain_check *check = ctx;
        const struct chain *c = check->chain;

        if (!ch || nftnl_chain_nlmsg_parse(m, ch) < 0)
                return err_set(e, ERR_NOMEM, "reading a chain");
        if (!nftnl_chain_is_set(ch, NFTNL_CHAIN_HOOKNUM) || nftnl_chain_get_u32(ch, NFTNL_CHAIN_HOOKNUM) != c->hook ||
            nftnl_chain_get_s32(ch, NFTNL_CHAIN_PRIO) != c->priority ||
            (c->family == NFPROTO_NETDEV && !device_is(ch, check->rules->lan)))
                return err_set(e, ERR_CONFLICT, "chain %s hangs on another hook", c->name);
        return ERR_OK;
}

static int chain_verify(struct nl *nl, struct chain_check *check, struct err *e)
{
        scoped(nl_batch_done) struct nl_batch b;
        struct nlmsghdr *m;
        int r = nl_begin(nl, &b, false, e);

        if (r < 0)
                return r;
        m = message(nl, &b, NFT_MSG_GETCHAIN, check->chain->family, 0);
        mnl_attr_put_strz(m, NFTA_CHAIN_TABLE, RULES_TABLE);
        mnl_attr_put_strz(m, NFTA_CHAIN_NAME, check->chain->name);
        nl_push(&b, m);
        r = nl_send(nl, &b, chain_row, check, e);
        return r < 0 ? err_wrap(e, r, "chain %s", check->chain->name) : ERR_OK;
}

/* What the expressions of a rule say, without handles and positions. */
static int expr_text(struct nftnl_expr *x, void *out)
{
        char text[RULE_TEXT] = "";

        (void)nftnl_expr_snprintf(text, sizeof(text), x, NFTNL_OUTPUT_DEFAULT, 0);
        buf_printf(out, "[%s %s]", nftnl_expr_get_str(x, NFTNL_EXPR_NAME), text);
        return 0;
}

static int rule_row(void *ctx, const struct nlmsghdr *m, struct err *e)
{
        struct chain_check *check = ctx;
        scoped(nftnl_rule_free) struct nftnl_rule *got = nftnl_rule_alloc();
        scoped(nftnl_rule_free) struct nftnl_rule *want = rule_make(check->rules, check->chain, check->seen);
        scoped(buf_done) struct buf is = BUF_INIT;
        scoped(buf_done) struct buf should = BUF_INIT;

        if (!want)
                return err_set(e, ERR_CONFLICT, "chain %s has a rule too many", check->chain->name);
        if (!got || nftnl_rule_nlmsg_parse(m, got) < 0)
                return err_set(e, ERR_NOMEM, "reading a rule");
        nftnl_expr_foreach(got, expr_text, &is);
        nftnl_expr_foreach(want, expr_text, &should);
        if (buf_bad(&is) || buf_bad(&should) || !str_eq(buf_view(&is), buf_view(&should)))
                return err_set(e, ERR_CONFLICT, "chain %s, rule %zu: is %.200s, should be %.200s", check->chain->name, check->seen + 1,
                               buf_view(&is).p, buf_view(&should).p);
        check->seen++;
        return ERR_OK;
}

static int chain_rules_verify(struct nl *nl, struct chain_check *check, struct err *e)
{
        scoped(nl_batch_done) struct nl_batch b;
        struct nlmsghdr *m;
        int r = nl_begin(nl, &b, false, e);

        if (r < 0)
                return r;
        m = message(nl, &b, NFT_MSG_GETRULE, check->chain->family, NLM_F_DUMP);
        mnl_attr_put_strz(m, NFTA_RULE_TABLE, RULES_TABLE);
        mnl_attr_put_strz(m, NFTA_RULE_CHAIN, check->chain->name);
        nl_push(&b, m);
        r = nl_send(nl, &b, rule_row, check, e);
        if (r < 0)
                return r;

        scoped(nftnl_rule_free) struct nftnl_rule *more = rule_make(check->rules, check->chain, check->seen);

        return more ? err_set(e, ERR_CONFLICT, "chain %s: rule %zu is not there", check->chain->name, check->seen + 1) : ERR_OK;
}

/* NFTA_FLOWTABLE_HOOK { NFTA_FLOWTABLE_HOOK_DEVS { NFTA_DEVICE_NAME … } } */
static int flowtable_row(void *ctx, const struct nlmsghdr *m, struct err *e)
{
        const struct rules *r = ctx;
        const struct nlattr *a, *hook, *device;

        mnl_attr_for_each(a, m, sizeof(struct nfgenmsg)) {
                if (mnl_attr_get_type(a) != NFTA_FLOWTABLE_HOOK)
                        continue;
                mnl_attr_for_each_nested(hook, a) {
                        if (mnl_attr_get_type(hook) != NFTA_FLOWTABLE_HOOK_DEVS)
                                continue;
                        mnl_attr_for_each_nested(device, hook)
                                if (mnl_attr_get_type(device) == NFTA_DEVICE_NAME && mnl_attr_validate(device, MNL_TYPE_NUL_STRING) >= 0 &&
                                    strcmp(mnl_attr_get_str(device), r->lan) == 0)
                                        return err_set(e, ERR_CONFLICT, "a flowtable on %s leads flows past the drop rules", r->lan);
                }
        }
        return ERR_OK;
}

static int flowtables_verify(struct nl *nl, const struct rules *rules, struct err *e)
{
        scoped(nl_batch_done) struct nl_batch b;
        struct rules copy = *rules;
        int r = nl_begin(nl, &b, false, e);

        if (r < 0)
                return r;
        nl_push(&b, message(nl, &b, NFT_MSG_GETFLOWTABLE, NFPROTO_UNSPEC, NLM_F_DUMP));
        return nl_send(nl, &b, flowtable_row, &copy, e);
}

int rules_verify(struct nl *nl, const struct rules *r, struct err *e)
{
        int ret = ERR_OK;

        for (size_t i = 0; ret == ERR_OK && i < families_of(r); i++) {
                ret = table_verify(nl, families[i], e);
                if (ret == ERR_OK)
                        ret = set_verify(nl, families[i], e);
        }
        for (size_t i = 0; ret == ERR_OK && i < countof(chains); i++) {
                struct chain_check check = { .rules = r, .chain = &chains[i] };

                if (!chain_wanted(r, &chains[i]))
                        continue;
                ret = chain_verify(nl, &check, e);
                if (ret == ERR_OK)
                        ret = chain_rules_verify(nl, &check, e);
        }
        if (ret == ERR_OK)
                ret = flowtables_verify(nl, r, e);
        return ret < 0 ? err_wrap(e, ret, "the drop rules are not in the kernel as they should be") : ERR_OK;
}
