/* passes.c - see passes.h.
 *
 * Elements are written and read as plain attributes: at tens of thousands of them every copy counts.
 * An element that is there cannot be given another end, so a change is delete and add in one transaction: no packet ever
 * meets the moment between. (Newer kernels can update in place; Debian 12's cannot.)
 */
#include "gate/nft/passes.h"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "gate/nft/rules.h"
#include "sys/clock.h"

enum { TRIES = 3, PER_MESSAGE = 512, PER_BATCH = 4096, READ_EACH = 64 };

static const uint32_t families[PASS_SETS] = { NFPROTO_INET, NFPROTO_NETDEV };

int pass_cmp(const void *a, const void *b)
{
        return memcmp(((const struct pass *)a)->mac, ((const struct pass *)b)->mac, PASS_MAC);
}

int passes_add(struct passes *l, const struct pass *p, struct err *e)
{
        if (l->n == l->room) {
                size_t room = l->room ? 2 * l->room : 64;
                struct pass *more = reallocarray(l->p, room, sizeof(*more));

                if (!more)
                        return err_set(e, ERR_NOMEM, "list of passes");
                l->p = more;
                l->room = room;
        }
        l->p[l->n++] = *p;
        return ERR_OK;
}

void passes_sort(struct passes *l)
{
        if (l->n)
                qsort(l->p, l->n, sizeof(*l->p), pass_cmp);
}

void passes_done(struct passes *l)
{
        free(l->p);
        *l = (struct passes){ 0 };
}

void kernel_done(struct kernel_sets *k)
{
        for (size_t i = 0; i < PASS_SETS; i++)
                passes_done(&k->held[i]);
}

/* --- messages about elements --- */

static struct nlmsghdr *message(struct nl *nl, struct nl_batch *b, uint16_t type, uint32_t family, uint16_t flags)
{
        struct nlmsghdr *m = nl_message(nl, b, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type), flags);
        struct nfgenmsg *g = mnl_nlmsg_put_extra_header(m, sizeof(*g));

        *g = (struct nfgenmsg){ .nfgen_family = (uint8_t)family, .version = NFNETLINK_V0 };
        mnl_attr_put_strz(m, NFTA_SET_ELEM_LIST_TABLE, RULES_TABLE);
        mnl_attr_put_strz(m, NFTA_SET_ELEM_LIST_SET, RULES_SET);
        return m;
}

static void element_put(struct nlmsghdr *m, const struct pass *p, uint64_t timeout_ms)
{
        struct nlattr *item = mnl_attr_nest_start(m, NFTA_LIST_ELEM), *key = mnl_attr_nest_start(m, NFTA_SET_ELEM_KEY);

        mnl_attr_put(m, NFTA_DATA_VALUE, PASS_MAC, p->mac);
        mnl_attr_nest_end(m, key);
        if (timeout_ms)
                mnl_attr_put_u64(m, NFTA_SET_ELEM_TIMEOUT, htobe64(timeout_ms));
        mnl_attr_nest_end(m, item);
}

/* Never zero: to the kernel that would be "for ever". */
static uint64_t timeout_of(utime_t end, utime_t now)
{
        return end - now < UTIME_MS ? 1 : (uint64_t)((end - now) / UTIME_MS);
}

static void elements_push(struct nl *nl, struct nl_batch *b, uint16_t type, uint32_t family, const struct passes *l)
{
        for (size_t at = 0; at < l->n; at += PER_MESSAGE) {
                struct nlmsghdr *m = message(nl, b, type, family, type == NFT_MSG_NEWSETELEM ? NLM_F_CREATE : 0);
                struct nlattr *list = mnl_attr_nest_start(m, NFTA_SET_ELEM_LIST_ELEMENTS);
                utime_t now = clock_boot();

                for (size_t i = at; i < l->n && i < at + PER_MESSAGE; i++)
                        element_put(m, &l->p[i], type == NFT_MSG_NEWSETELEM ? timeout_of(l->p[i].end, now) : 0);
                mnl_attr_nest_end(m, list);
                nl_push(b, m);
        }
}

/* --- reading --- */

struct reading { struct passes *to; };

static bool element_parse(struct pass *out, const struct nlattr *item, utime_t now)
{
        const struct nlattr *a, *v;
        bool have_key = false;

        *out = (struct pass){ .end = INT64_MAX }; /* no expiration: somebody else put it there, for ever */
        mnl_attr_for_each_nested(a, item) {
                if (mnl_attr_get_type(a) == NFTA_SET_ELEM_EXPIRATION && mnl_attr_get_payload_len(a) == sizeof(uint64_t)) {
                        uint64_t left_ms = be64toh(mnl_attr_get_u64(a));

                        out->end = left_ms > INT64_MAX / UTIME_MS / 2 ? INT64_MAX : now + (utime_t)left_ms * UTIME_MS;
                }
                if (mnl_attr_get_type(a) != NFTA_SET_ELEM_KEY)
                        continue;
                mnl_attr_for_each_nested(v, a)
                        if (mnl_attr_get_type(v) == NFTA_DATA_VALUE && mnl_attr_get_payload_len(v) == PASS_MAC) {
                                memcpy(out->mac, mnl_attr_get_payload(v), PASS_MAC);
                                have_key = true;
                        }
        }
        return have_key;
}

static int elements_row(void *ctx, const struct nlmsghdr *m, struct err *e)
{
        struct reading *r = ctx;
        const struct nlattr *a, *item;
        utime_t now = clock_boot(); /* the kernel writes a long list as it is read: each part has its own moment */
        struct pass p;

        mnl_attr_for_each(a, m, sizeof(struct nfgenmsg)) {
                if (mnl_attr_get_type(a) != NFTA_SET_ELEM_LIST_ELEMENTS)
                        continue;
                mnl_attr_for_each_nested(item, a) {
                        if (!element_parse(&p, item, now))
                                return err_set(e, ERR_CONFLICT, "an element without a MAC");
                        if (passes_add(r->to, &p, e) < 0)
                                return ERR_NOMEM;
                }
        }
        return ERR_OK;
}

static int set_dump(struct passes *out, struct nl *nl, uint32_t family, struct err *e)
{
        for (int i = 0;; i++) {
                scoped(nl_batch_done) struct nl_batch b;
                struct reading r = { out };
                int ret = nl_begin(nl, &b, false, e);

                if (ret < 0)
                        return ret;
                out->n = 0;
                nl_push(&b, message(nl, &b, NFT_MSG_GETSETELEM, family, NLM_F_DUMP));
                ret = nl_send(nl, &b, elements_row, &r, e);
                if (ret == ERR_BUSY && i < TRIES)
                        continue;
                passes_sort(out);
                return ret < 0 ? err_wrap(e, ret, "reading the set") : ERR_OK;
        }
}

int kernel_adopt(struct kernel_sets *k, struct nl *nl, struct err *e)
{
        for (size_t i = 0; i < PASS_SETS; i++) {
                int r = set_dump(&k->held[i], nl, families[i], e);

                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

void kernel_forget(struct kernel_sets *k, utime_t now)
{
        for (size_t i = 0; i < PASS_SETS; i++) {
                size_t n = 0;

                for (size_t at = 0; at < k->held[i].n; at++)
                        if (k->held[i].p[at].end > now)
                                k->held[i].p[n++] = k->held[i].p[at];
                k->held[i].n = n;
        }
}

/* --- changing --- */

struct plan { struct passes remove[PASS_SETS], add[PASS_SETS]; };      /* a moved end stands in both */

static void plan_done(struct plan *p)
{
        for (size_t i = 0; i < PASS_SETS; i++) {
                passes_done(&p->remove[i]);
                passes_done(&p->add[i]);
        }
}

static inline void plan_done_at(struct plan *p)
{
        plan_done(p);
}

static bool same_end(utime_t a, utime_t b)
{
        return a - b < PASS_TOLERANCE && b - a < PASS_TOLERANCE;
}

static int plan_set(struct passes *remove, struct passes *add, const struct passes *held, const struct passes *want,
                    struct passes_change *did, struct err *e)
{
        size_t i = 0, k = 0;

        while (i < held->n || k < want->n) {
                const struct pass *a = i < held->n ? &held->p[i] : NULL, *b = k < want->n ? &want->p[k] : NULL;
                int order = !a ? 1 : !b ? -1 : pass_cmp(a, b);
                bool moved = order == 0 && !same_end(a->end, b->end);

                if ((order < 0 || moved) && passes_add(remove, a, e) < 0)
                        return ERR_NOMEM;
                if ((order > 0 || moved) && passes_add(add, b, e) < 0)
                        return ERR_NOMEM;
                did->removed += order < 0;
                did->added += order > 0;
                did->moved += moved;
                i += order <= 0;
                k += order >= 0;
        }
        return ERR_OK;
}

static int plan_make(struct plan *p, const struct kernel_sets *k, const struct passes *want, struct passes_change *did, struct err *e)
{
        for (size_t i = 0; i < PASS_SETS; i++) {
                struct passes_change here = { 0 };
                int r = plan_set(&p->remove[i], &p->add[i], &k->held[i], want, &here, e);

                if (r < 0)
                        return r;
                if (here.added + here.moved + here.removed > did->added + did->moved + did->removed)
                        *did = here;
        }
        return ERR_OK;
}

/* A part of a sorted list: MACs in [from, to); `to` NULL is open. */
static struct passes part(const struct passes *l, const struct pass *from, const struct pass *to)
{
        size_t a = 0, b = l->n;

        while (from && a < l->n && pass_cmp(&l->p[a], from) < 0)
                a++;
        while (to && b > a && pass_cmp(&l->p[b - 1], to) >= 0)
                b--;
        return (struct passes){ l->p + a, b - a, 0 };
}

static int part_send(struct nl *nl, const struct plan *p, const struct pass *from, const struct pass *to, struct err *e)
{
        scoped(nl_batch_done) struct nl_batch b;
        int r = nl_begin(nl, &b, true, e);

        if (r < 0)
                return r;
        for (size_t i = 0; i < PASS_SETS; i++) {
                struct passes remove = part(&p->remove[i], from, to), add = part(&p->add[i], from, to);

                elements_push(nl, &b, NFT_MSG_DELSETELEM, families[i], &remove);
                elements_push(nl, &b, NFT_MSG_NEWSETELEM, families[i], &add);
        }
        return b.last ? nl_send(nl, &b, NULL, NULL, e) : ERR_OK;
}

/* Transactions of bounded size, cut at the same MACs in all four lists, so that one host's change is never torn. */
static int plan_send(struct nl *nl, const struct plan *p, struct err *e)
{
        const struct passes *guide = &p->add[0];
        const struct pass *from = NULL;
        int r;

        for (size_t i = 0; i < PASS_SETS; i++) {
                guide = p->add[i].n > guide->n ? &p->add[i] : guide;
                guide = p->remove[i].n > guide->n ? &p->remove[i] : guide;
        }
        for (size_t at = PER_BATCH; at < guide->n; at += PER_BATCH) {
                r = part_send(nl, p, from, &guide->p[at], e);
                if (r < 0)
                        return r;
                from = &guide->p[at];
        }
        return part_send(nl, p, from, NULL, e);
}

/* --- the read-back --- */

/* One element asked by its key: ERR_ABSENT when the set does not hold it. */
static int element_read(struct pass *out, struct nl *nl, uint32_t family, const struct pass *which, struct err *e)
{
        scoped(nl_batch_done) struct nl_batch b;
        scoped(passes_done) struct passes got = { 0 };
        struct reading r = { &got };
        struct nlmsghdr *m;
        struct nlattr *list;
        int ret = nl_begin(nl, &b, false, e);

        if (ret < 0)
                return ret;
        m = message(nl, &b, NFT_MSG_GETSETELEM, family, 0);
        list = mnl_attr_nest_start(m, NFTA_SET_ELEM_LIST_ELEMENTS);
        element_put(m, which, 0);
        mnl_attr_nest_end(m, list);
        nl_push(&b, m);
        ret = nl_send(nl, &b, elements_row, &r, e);
        if (ret < 0)
                return ret;
        if (got.n != 1 || pass_cmp(&got.p[0], which) != 0)
                return ERR_ABSENT;
        *out = got.p[0];
        return ERR_OK;
}

/* What the kernel counts in ticks and we in microseconds may differ by this much without being another end. */
#define READ_TOLERANCE (100 * UTIME_MS)

static bool reads_as(const struct pass *got, const struct pass *want)
{
        return got->end - want->end < READ_TOLERANCE && want->end - got->end < READ_TOLERANCE;
}

static int set_read_back(struct nl *nl, uint32_t family, const struct passes *remove, const struct passes *add, const struct passes *want,
                         struct err *e)
{
        struct pass got;

        for (size_t i = 0; i < add->n; i++) {
                int r = element_read(&got, nl, family, &add->p[i], e);
                bool over = add->p[i].end <= clock_boot() + READ_TOLERANCE; /* may end while we look */

                if (r < 0 && r != ERR_ABSENT)
                        return r;
                if (!over && (r == ERR_ABSENT || !reads_as(&got, &add->p[i])))
                        return err_set(e, ERR_CONFLICT, "a new element is not there as it was written");
        }
        for (size_t i = 0; i < remove->n; i++) {
                int r = bsearch(&remove->p[i], want->p, want->n, sizeof(*want->p), pass_cmp) ? ERR_ABSENT
                                                                                          : element_read(&got, nl, family, &remove->p[i], e);

                if (r == ERR_OK)
                        return err_set(e, ERR_CONFLICT, "a removed element is still there");
                if (r != ERR_ABSENT)
                        return r;
        }
        return ERR_OK;
}

/* Few changes are asked one by one; after many the whole set is read. ERR_CONFLICT: not what we wrote. */
static int read_back(struct nl *nl, const struct plan *p, const struct passes *want, struct err *e)
{
        for (size_t i = 0; i < PASS_SETS; i++) {
                scoped(passes_done) struct passes now_held = { 0 }, gone = { 0 }, missing = { 0 };
                struct passes_change differs = { 0 };
                int r;

                if (p->add[i].n + p->remove[i].n <= READ_EACH) {
                        r = set_read_back(nl, families[i], &p->remove[i], &p->add[i], want, e);
                        if (r < 0)
                                return r;
                        continue;
                }
                r = set_dump(&now_held, nl, families[i], e);
                if (r < 0)
                        return r;
                r = plan_set(&gone, &missing, &now_held, want, &differs, e);
                if (r < 0)
                        return r;
                for (size_t n = 0; n < missing.n; n++) {
                        const struct pass *got = bsearch(&missing.p[n], now_held.p, now_held.n, sizeof(*got), pass_cmp);

                        if (missing.p[n].end > clock_boot() + READ_TOLERANCE && (!got || !reads_as(got, &missing.p[n])))
                                return err_set(e, ERR_CONFLICT, "the set differs from what was written");
                }
                if (differs.removed)
                        return err_set(e, ERR_CONFLICT, "the set holds more than what was written");
        }
        return ERR_OK;
}

static int held_copy(struct kernel_sets *k, const struct passes *want, struct err *e)
{
        for (size_t i = 0; i < PASS_SETS; i++) {
                k->held[i].n = 0;
                for (size_t n = 0; n < want->n; n++)
                        if (passes_add(&k->held[i], &want->p[n], e) < 0)
                                return ERR_NOMEM;
        }
        return ERR_OK;
}

int kernel_make(struct kernel_sets *k, struct nl *nl, const struct passes *want, struct passes_change *did, struct err *e)
{
        int r = ERR_OK;

        *did = (struct passes_change){ 0 };
        for (int i = 0; i < TRIES; i++) {
                scoped(plan_done) struct plan p = { 0 };

                r = i ? kernel_adopt(k, nl, e) : ERR_OK; /* what we remembered was wrong: look */
                if (r == ERR_OK)
                        r = plan_make(&p, k, want, did, e);
                if (r == ERR_OK)
                        r = plan_send(nl, &p, e);
                if (r == ERR_OK)
                        r = read_back(nl, &p, want, e);
                if (r == ERR_OK)
                        return held_copy(k, want, e);
        }
        return err_wrap(e, r, "bringing %zu passes into the kernel", want->n);
}
