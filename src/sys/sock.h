/* sock.h - stream sockets with deadlines.
 *
 * Does      listen and connect on unix sockets (or take the listener systemd passed), read and write whole runs
 *           against a deadline that no dripping peer can push back.
 * Layer     sys.
 * Owns      fds are the caller's.
 * Units     deadlines are clock_boot() values.
 * Fails     ERR_TIMEOUT, ERR_IO; ERR_ABSENT when the peer closed before the first byte.
 */
#ifndef SYS_SOCK_H
#define SYS_SOCK_H

#include <sys/types.h>

#include "sys/clock.h"
#include "sys/files.h"

int sock_listen(int *fd, const char *path, mode_t mode, struct err *e);      /* replaces a stale socket file */
int sock_from_systemd(int *fd, const char *name);                            /* LISTEN_FDNAMES; ERR_ABSENT when not passed */
int sock_connect(int *fd, const char *path, struct err *e);
int sock_read(int fd, void *to, size_t n, utime_t deadline, struct err *e);  /* exactly n bytes */
int sock_read_some(int fd, void *to, size_t room, utime_t deadline, size_t *got, struct err *e); /* *got 0: end of stream */
int sock_write(int fd, struct str data, utime_t deadline, struct err *e);    /* all; never raises SIGPIPE */
int sock_peer_uid(int fd, uid_t *uid, struct err *e);

#endif
