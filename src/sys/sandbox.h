/* sandbox.h - give up, for good, what the rest of the process's life does not need.
 *
 * Does      no new privileges, other user, fewer capabilities, no dumps, Landlock (files, TCP, signals), seccomp.
 *           Everything is named by what stays allowed; what is not named is refused with EPERM.
 * Layer     sys.
 * Owns      nothing; all pointers are borrowed for the call.
 * Threads   call before the first thread starts (refused otherwise): threads that run already would stay outside.
 * Fails     ERR_ABSENT a named path or user is missing; ERR_INPUT; ERR_IO the kernel refused a step; ERR_VERSION the kernel
 *           has no Landlock (unless `best_effort`). After a failure the process holds some mixture: end it.
 *
 * Returns ERR_OK when everything was applied, SANDBOX_PARTIAL (positive) when this kernel is too old for a part of it, with
 * words in `e` that say which: the caller logs them. Debian 12's own kernel 6.1 has Landlock ABI 2: it knows nothing of TCP
 * (there seccomp stops all of it unless SANDBOX_INET is asked for; the unit and the firewall say the rest).
 *
 * Descriptors that are open stay usable: open listeners, databases and enter network namespaces first.
 * In ASan builds the leak check at exit is off behind the sandbox (it works by ptrace), and the program's own file, /usr/lib
 * and /proc/self are readable, so that a report has names in it. Nothing else differs.
 */
#ifndef SYS_SANDBOX_H
#define SYS_SANDBOX_H

#include "base/err.h"

enum { SANDBOX_PARTIAL = 1 };

/* Kinds of socket that may still be made. */
enum sandbox_socket {
        SANDBOX_UNIX    = 1 << 0,
        SANDBOX_INET    = 1 << 1,    /* IPv4, IPv6; TCP needs tcp_connect or tcp_bind, too */
        SANDBOX_NETLINK = 1 << 2,
        SANDBOX_PACKET  = 1 << 3,
};

struct sandbox {
        /* Absolute paths (file or whole tree), ended by NULL. "-/path" may be missing, like in systemd's units. */
        const char *const *read;
        const char *const *write;       /* read, write, make, rename, remove */
        const char *const *exec;        /* read and run; NULL: no fork, no exec at all */
        unsigned           sockets;     /* SANDBOX_UNIX | ... ; 0: only descriptors that are open now */
        bool               tcp_connect; /* to any address; firewalls and units say where */
        bool               tcp_bind;
        uint64_t           keep_caps;   /* 1ull << CAP_NET_ADMIN ... */
        const char        *user;        /* become this user when we are root; NULL: stay */
        bool               best_effort; /* a kernel without any Landlock is SANDBOX_PARTIAL, too */
};

int sandbox_enter(const struct sandbox *s, struct err *e) MUST_CHECK;
int sandbox_landlock_abi(void);         /* 0: this kernel has none */

#endif
