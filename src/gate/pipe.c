/* pipe.c - see pipe.h. */
#include "gate/pipe.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "sys/clock.h"

enum { SAY_MS = 2000, ROOM = 512 * 1024 };

int pipe_make(int ends[2], struct err *e)
{
        int room = ROOM;

        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0)
                return err_errno(e, "socket pair");
        for (int i = 0; i < 2; i++)
                (void)setsockopt(ends[i], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room)); /* smaller only waits more often */
        return ERR_OK;
}

int pipe_say(int fd, const struct pipe_message *m, struct str piece, struct err *e)
{
        struct pipe_message head = *m;
        struct iovec parts[2] = { { &head, sizeof(head) }, { 0 } };
        struct msghdr packet = { .msg_iov = parts, .msg_iovlen = piece.n ? 2 : 1 };
        utime_t deadline = clock_boot() + SAY_MS * UTIME_MS;
        struct pollfd p = { .fd = fd, .events = POLLOUT };

        parts[1].iov_base = (void *)(uintptr_t)piece.p;
        parts[1].iov_len = piece.n;
        while (sendmsg(fd, &packet, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
                if (errno != EAGAIN && errno != EINTR)
                        return err_errno(e, "pipe");
                if (!clock_left_ms(deadline))
                        return err_set(e, ERR_TIMEOUT, "the other process does not read");
                (void)poll(&p, 1, clock_left_ms(deadline));
        }
        return ERR_OK;
}

static bool shape_ok(const struct pipe_message *m, size_t piece)
{
        if (m->type == PIPE_PIECE)
                return piece && m->at <= m->total && piece <= m->total - m->at;
        return m->type >= PIPE_HELLO && m->type <= PIPE_TAKEN && !piece;
}

int pipe_hear(struct pipe *p, struct str *piece, struct err *e)
{
        ssize_t n = recv(p->fd, &p->in, sizeof(p->in), MSG_DONTWAIT | MSG_TRUNC);

        if (n < 0)
                return errno == EAGAIN || errno == EINTR ? 0 : err_errno(e, "pipe");
        if (n == 0)
                return err_set(e, ERR_ABSENT, "the pipe is closed");
        if ((size_t)n < sizeof(p->in.head) || (size_t)n > sizeof(p->in))
                return err_set(e, ERR_INPUT, "pipe message of %zd bytes", n);
        *piece = (struct str){ p->in.piece, (size_t)n - sizeof(p->in.head) };
        return shape_ok(&p->in.head, piece->n) ? 1 : err_set(e, ERR_INPUT, "pipe message of type %u malformed", p->in.head.type);
}
