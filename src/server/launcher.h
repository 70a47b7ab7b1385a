/* launcher.h - keep the programs of one data directory running: for ./run, the lab and containers.
 *
 * Does      writes nginx.conf, starts signer, office, courier, nginx and (with --gate) one gate, each in its own process
 *           group; restarts what dies; ends everything on SIGTERM, on SIGINT and when DIR is deleted; reaps every orphan below it.
 *           On a real server systemd does this, and each role is a unit of its own.
 * Layer     server; uses base, sys, server/office/places.
 * Owns      DIR/run/launcher.lock while it runs: a lock, not a pid file, so nothing can be stale.
 * Trusts    DIR. What an earlier launcher left running there (its standard error is DIR/log/ROLE.log) is killed at start.
 * Fails     ERR_BUSY another launcher has DIR; ERR_INPUT bad words; ERR_IO.
 *
 *     sekishod launch DIR [--programs BIN] [--web DIST] [--template FILE] [--user-port N] [--machine-port N]
 *                         [--everywhere] [--gate] [--netns NAME] [--lan IFACE]
 *
 * Started by root on a DIR that another user owns, all roles but the gate run as that user.
 * --user-port, --machine-port   without them: what init or practice settled in DIR/office/places.json, else 8443 and 8444
 * --everywhere        listen on all addresses, not only on this machine's own
 * --gate              run the gate of DIR/gate; without --netns it governs this machine's own forwarding
 * --netns, --lan      are handed on to the gate
 *
 * DIR/run/launcher.status holds one line a role, rewritten at each change: "role<TAB>pid<TAB>up|down<TAB>starts".
 * DIR/gate/code is the enrolment code; it is used until enrolment succeeds, then removed.
 */
#ifndef SERVER_LAUNCHER_H
#define SERVER_LAUNCHER_H

#include "base/err.h"

/* argv holds the words after DIR. Returns when everything has ended: 0 asked to, otherwise an ERR_*. */
int launcher_main(const char *data_dir, int argc, char *const *argv, struct err *e);

/* `sekishod nginx-conf DIR …`, the same words: only writes DIR/nginx/nginx.conf, for a unit of systemd that starts nginx as a user of its own. */
int launcher_nginx_main(const char *data_dir, int argc, char *const *argv, struct err *e);

#endif
