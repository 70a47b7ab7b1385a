/* rules.h - the drop rules, and the proof that the kernel holds them.
 *
 * Does      load our two tables in one transaction; read them back and compare them expression by expression.
 * Layer     gate/nft; libmnl, libnftnl.
 * Fails     rules_verify: ERR_ABSENT or ERR_CONFLICT with words that say what differs: then nobody may arm.
 *
 *     table inet sekisho {
 *             set permits { type ether_addr; flags timeout; }
 *             chain forward {                                     # before everything, also before conntrack's verdicts
 *                     type filter hook forward priority -300; policy accept;
 *                     oifname LAN drop                            # only while there is no LAN interface ("closed")
 *                     oifname LAN meta mark set mark | BIT
 *                     iifname LAN ether saddr @permits accept
 *                     iifname LAN drop
 *             }
 *             chain postrouting {                                 # last: nobody after us changes the mark
 *                     type filter hook postrouting priority INT_MAX; policy accept;
 *                     oifname LAN iif != 0 meta mark set mark | BIT
 *             }
 *     }
 *     table netdev sekisho {
 *             set permits { type ether_addr; flags timeout; }
 *             chain lan_out {                                     # first: here the destination's MAC is known
 *                     type filter hook egress device LAN priority INT_MIN; policy accept;
 *                     meta mark & BIT == 0 accept                 # the gate's own packets: DHCP, ARP, portal
 *                     ether daddr @permits meta mark set mark & ~BIT accept
 *                     drop
 *             }
 *     }
 *
 * A packet that a rule cannot look at (no Ethernet header) falls through to the drop, never past it. Both directions end with
 * the set element's own timeout, without any process. Sets are never flushed: a restart adopts what they hold.
 * A flowtable on the LAN interface would carry established flows past the forward hook; rules_verify() refuses it.
 */
#ifndef GATE_NFT_RULES_H
#define GATE_NFT_RULES_H

#include "gate/nft/netlink.h"

#define RULES_TABLE "sekisho"
#define RULES_SET   "permits"
#define RULES_MARK  0x20000000u

struct rules { char lan[16]; bool closed; };    /* closed: no LAN interface yet, so no netdev table either */

int rules_load(struct nl *nl, const struct rules *r, struct err *e);     /* keeps set elements when it can */
int rules_verify(struct nl *nl, const struct rules *r, struct err *e);

#endif
