/* sock.c - see sock.h. */
#include "sys/sock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

enum { BACKLOG = 512, SYSTEMD_FIRST_FD = 3 };

static int address_of(struct sockaddr_un *a, const char *path, struct err *e)
{
        *a = (struct sockaddr_un){ .sun_family = AF_UNIX };
        if ((size_t)snprintf(a->sun_path, sizeof(a->sun_path), "%s", path) >= sizeof(a->sun_path))
                return err_set(e, ERR_TOO_BIG, "socket path '%s' is longer than %zu bytes", path, sizeof(a->sun_path) - 1);
        return ERR_OK;
}

int sock_listen(int *fd, const char *path, mode_t mode, struct err *e)
{
        scoped(fd_close) int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        struct sockaddr_un a;
        int r = address_of(&a, path, e);

        if (r < 0)
                return r;
        if (s < 0)
                return err_errno(e, "socket");
        if (unlink(path) < 0 && errno != ENOENT)
                return err_errno(e, "remove old socket '%s'", path);
        if (bind(s, (struct sockaddr *)&a, sizeof(a)) < 0 || chmod(path, mode) < 0 || listen(s, BACKLOG) < 0)
                return err_errno(e, "listen on '%s'", path);
        *fd = take_fd(s);
        return ERR_OK;
}

int sock_from_systemd(int *fd, const char *name)
{
        const char *pid = getenv("LISTEN_PID"), *names = getenv("LISTEN_FDNAMES");
        struct str left, right = str_of(names);
        uint64_t want;

        if (!pid || !names || !str_u64(str_of(pid), INT32_MAX, &want) || (pid_t)want != getpid())
                return ERR_ABSENT;
        for (int n = SYSTEMD_FIRST_FD;; n++) {
                bool more = str_cut(right, ':', &left, &right);

                if (str_is(more ? left : right, name)) {
                        *fd = n;
                        return fcntl(n, F_SETFD, FD_CLOEXEC) < 0 ? ERR_IO : ERR_OK;
                }
                if (!more)
                        return ERR_ABSENT;
        }
}

int sock_connect(int *fd, const char *path, struct err *e)
{
        scoped(fd_close) int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        struct sockaddr_un a;
        int r = address_of(&a, path, e);

        if (r < 0)
                return r;
        if (s < 0 || connect(s, (struct sockaddr *)&a, sizeof(a)) < 0)
                return err_errno(e, "connect to '%s'", path);
        *fd = take_fd(s);
        return ERR_OK;
}

static int wait_for(int fd, short events, utime_t deadline, struct err *e)
{
        struct pollfd p = { .fd = fd, .events = events };

        for (;;) {
                int left = clock_left_ms(deadline), n;

                if (!left)
                        return err_set(e, ERR_TIMEOUT, "peer too slow");
                n = poll(&p, 1, left);
                if (n > 0)
                        return ERR_OK;
                if (n < 0 && errno != EINTR)
                        return err_errno(e, "poll");
        }
}

int sock_read_some(int fd, void *to, size_t room, utime_t deadline, size_t *got, struct err *e)
{
        for (;;) {
                int r = wait_for(fd, POLLIN, deadline, e);
                ssize_t n;

                if (r < 0)
                        return r;
                n = recv(fd, to, room, MSG_DONTWAIT);
                if (n >= 0) {
                        *got = (size_t)n;
                        return ERR_OK;
                }
                if (errno != EINTR && errno != EAGAIN)
                        return err_errno(e, "receive");
        }
}

int sock_read(int fd, void *to, size_t n, utime_t deadline, struct err *e)
{
        size_t have = 0;

        while (have < n) {
                size_t got = 0;
                int r = sock_read_some(fd, (char *)to + have, n - have, deadline, &got, e);

                if (r < 0)
                        return r;
                if (!got)
                        return have ? err_set(e, ERR_IO, "peer closed in the middle") : err_set(e, ERR_ABSENT, "peer closed");
                have += got;
        }
        return ERR_OK;
}

int sock_write(int fd, struct str data, utime_t deadline, struct err *e)
{
        while (data.n) {
                ssize_t n = send(fd, data.p, data.n, MSG_NOSIGNAL | MSG_DONTWAIT);

                if (n >= 0) {
                        data.p += n;
                        data.n -= (size_t)n;
                        continue;
                }
                if (errno == EAGAIN) {
                        int r = wait_for(fd, POLLOUT, deadline, e);

                        if (r < 0)
                                return r;
                } else if (errno != EINTR) {
                        return err_errno(e, "send");
                }
        }
        return ERR_OK;
}

int sock_peer_uid(int fd, uid_t *uid, struct err *e)
{
        struct ucred c;
        socklen_t n = sizeof(c);

        if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &c, &n) < 0)
                return err_errno(e, "peer credentials");
        *uid = c.uid;
        return ERR_OK;
}
