/* signer.c - see signer.h: the role's loop. */
#include "server/signer/signer.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include "server/signer/paths.h"
#include "server/signer/verbs.h"
#include "sys/log.h"
#include "sys/sandbox.h"
#include "sys/sock.h"

enum { PEERS_MAX = 16, REQUEST_S = 10, ANSWER_S = 2, POLL_MS = 1000 };

/* A connection with what has arrived of its next request. */
struct peer {
        int        fd;
        struct buf in;
        utime_t    deadline;            /* of the request that has begun; 0: none has */
};

struct loop {
        struct signer signer;
        int           listener;
        struct peer   peer[PEERS_MAX];
        size_t        n;
};

static volatile sig_atomic_t stop;

static void on_stop(int sig)
{
        stop = 1;
}

static void signals_set(void)
{
        struct sigaction end = { .sa_handler = on_stop }, none = { .sa_handler = SIG_IGN };

        stop = 0;
        (void)sigaction(SIGTERM, &end, NULL);           /* cannot fail for these signals */
        (void)sigaction(SIGINT, &end, NULL);
        (void)sigaction(SIGPIPE, &none, NULL);
}

static void peer_drop(struct loop *l, size_t i)
{
        fd_close(l->peer[i].fd);
        buf_done(&l->peer[i].in);
        l->peer[i] = l->peer[--l->n];
}

static void peer_accept(struct loop *l)
{
        int fd = accept4(l->listener, NULL, NULL, SOCK_CLOEXEC);

        if (fd < 0)
                return;         /* gone again, or no descriptors: the backlog keeps the next */
        l->peer[l->n++] = (struct peer){ .fd = fd };
}

/* One whole request is in: answer it. The office hears a number; the words are for our log. */
static int peer_answer(struct loop *l, struct peer *p, const struct signer_frame *f, struct err *e)
{
        scoped(buf_done) struct buf body = BUF_INIT, frame = BUF_INIT;
        struct err why = { 0 };
        int r = signer_answer(&l->signer, f->verb, (struct str){ p->in.p + SIGNER_HEAD_BYTES, f->body_bytes }, &body, &why);

        if (r < 0)
                log_err(&why, "%s refused", signer_verb_name(f->verb));
        signer_frame_encode(&frame, f->verb, r, r < 0 ? STR("") : buf_view(&body));
        if (buf_bad(&frame))
                return err_set(e, ERR_NOMEM, "answering");
        return sock_write(p->fd, buf_view(&frame), clock_boot() + ANSWER_S * UTIME_S, e);
}

/* How many bytes the request that has begun still wants; 0: it is whole (*f tells). */
static int peer_wants(const struct peer *p, struct signer_frame *f, size_t *wants, struct err *e)
{
        size_t have = p->in.n;
        int r;

        if (have < SIGNER_HEAD_BYTES) {
                *wants = SIGNER_HEAD_BYTES - have;
                return ERR_OK;
        }
        r = signer_frame_decode(f, (struct str){ p->in.p, SIGNER_HEAD_BYTES }, e);
        if (r < 0)
                return r;
        *wants = SIGNER_HEAD_BYTES + f->body_bytes - have;
        return ERR_OK;
}

/* ERR_ABSENT: the peer left between two requests. */
static int peer_read(struct loop *l, struct peer *p, struct err *e)
{
        struct signer_frame f;
        char chunk[16384];
        size_t wants, got;
        int r = peer_wants(p, &f, &wants, e);

        if (r < 0)
                return r;
        r = sock_read_some(p->fd, chunk, wants < sizeof(chunk) ? wants : sizeof(chunk), clock_boot() + ANSWER_S * UTIME_S, &got, e);
        if (r < 0)
                return r;
        if (!got)
                return p->in.n ? err_set(e, ERR_IO, "peer left in the middle of a request") : ERR_ABSENT;
        if (!p->in.n)
                p->deadline = clock_boot() + REQUEST_S * UTIME_S;
        buf_add(&p->in, chunk, got);
        if (buf_bad(&p->in))
                return err_set(e, ERR_NOMEM, "reading a request");
        r = peer_wants(p, &f, &wants, e);
        if (r < 0)
                return r;
        if (wants)
                return ERR_OK;
        r = peer_answer(l, p, &f, e);
        buf_clear(&p->in);
        p->deadline = 0;
        return r;
}

static void peers_serve(struct loop *l, const struct pollfd *polled)
{
        for (size_t i = l->n; i-- > 0;) {       /* from the end: dropping moves the last one here */
                struct err e = { 0 };
                int r = ERR_OK;

                if (polled[i].revents)
                        r = peer_read(l, &l->peer[i], &e);
                else if (l->peer[i].deadline && clock_boot() > l->peer[i].deadline)
                        r = err_set(&e, ERR_TIMEOUT, "a request took longer than %d s", REQUEST_S);
                if (r < 0 && r != ERR_ABSENT)
                        log_err(&e, "connection dropped");
                if (r < 0)
                        peer_drop(l, i);
        }
}

static int loop_turn(struct loop *l, struct err *e)
{
        struct pollfd polled[PEERS_MAX + 1];
        size_t n = l->n;

        for (size_t i = 0; i < n; i++)
                polled[i] = (struct pollfd){ .fd = l->peer[i].fd, .events = POLLIN };
        polled[n] = (struct pollfd){ .fd = n < PEERS_MAX ? l->listener : -1, .events = POLLIN };
        if (poll(polled, n + 1, POLL_MS) < 0)
                return errno == EINTR ? ERR_OK : err_errno(e, "poll");
        peers_serve(l, polled);
        if (polled[n].revents)
                peer_accept(l);
        return ERR_OK;
}

static int listener_open(int *fd, const char *data_dir, struct err *e)
{
        struct path run, sock;
        int r;

        if (sock_from_systemd(fd, "signer") == ERR_OK)
                return ERR_OK;
        if ((r = path_in(&run, data_dir, "run", e)) < 0 || (r = path_in(&sock, data_dir, "run/signer.sock", e)) < 0)
                return r;
        r = dir_make(run.p, 0755, e);
        return r < 0 ? r : sock_listen(fd, sock.p, 0600, e);
}

/* Keys are loaded, state file and listener are open: from here on no new socket and no program is needed, and of files only our own
 * folder, where a rotation replaces the keys. */
static int lock_up(const char *data_dir, struct err *e)
{
        struct err why = { 0 };
        struct path own;
        int r = path_in(&own, data_dir, "signer", e);

        if (r < 0)
                return r;
        r = sandbox_enter(&(struct sandbox){ .write = (const char *const[]){ own.p, NULL }, .best_effort = true }, &why);

        if (r < 0) {
                if (e)
                        *e = why;
                return err_wrap(e, r, "sandbox");
        }
        if (r == SANDBOX_PARTIAL)
                log_say(LOG_WARN, "sandbox: %s", why.text);
        return ERR_OK;
}

int signer_main(const char *data_dir, struct err *e)
{
        scoped(fd_close) int listener = -1;
        struct loop l = { .signer = { .fd = -1, .tombs.fd = -1 } };
        int r;

        log_open("signer");
        signals_set();
        r = signer_open(&l.signer, data_dir, e);
        if (r < 0)
                return r;
        r = listener_open(&listener, data_dir, e);
        l.listener = listener;
        if (r == ERR_OK)
                r = lock_up(data_dir, e);
        if (r == ERR_OK)
                log_say(LOG_NOTICE, "ready: %s, %llu entries", l.signer.keys->log.name, (unsigned long long)l.signer.state.edge.size);
        while (r == ERR_OK && !stop)
                r = loop_turn(&l, e);
        while (l.n)
                peer_drop(&l, l.n - 1);
        signer_close(&l.signer);
        return r;
}
