/* hosts.h - what the kernel knows about the LAN interface and the hosts behind it.
 *
 * Does      find the interface; find a host's addresses by its MAC; delete a host's connections from connection tracking.
 * Layer     gate/nft; libmnl, libnetfilter_conntrack.
 * Fails     ERR_ABSENT no such interface; ERR_CONFLICT it is not Ethernet; ERR_IO.
 */
#ifndef GATE_NFT_HOSTS_H
#define GATE_NFT_HOSTS_H

#include "gate/nft/netlink.h"
#include "gate/nft/passes.h"

enum { HOST_ADDRESSES_MAX = 256 };

struct address { uint8_t family; uint8_t b[16]; };          /* AF_INET (4 bytes) or AF_INET6 */
struct addresses { struct address a[HOST_ADDRESSES_MAX]; size_t n; };

int lan_find(unsigned *index, struct nl *route, const char *name, struct err *e);
int hosts_addresses(struct addresses *out, struct nl *route, unsigned lan, const struct passes *hosts, struct err *e);
int connections_end(const struct addresses *of, size_t *ended, struct err *e);

#endif
