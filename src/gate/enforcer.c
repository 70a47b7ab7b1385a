/* enforcer.c - see enforcer.h. */
#include "gate/enforcer.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#include "gate/book.h"
#include "gate/nft/hosts.h"
#include "gate/nft/rules.h"
#include "gate/pipe.h"
#include "gate/servertime.h"
#include "gate/wanted.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/sandbox.h"

#define TICK         (1 * UTIME_S)
#define SETTLE       (1 * UTIME_S)      /* how long a new process waits for the server's time before it trusts its own clock */
#define LOST_AFTER   (30 * UTIME_S)     /* three heartbeats */
#define RECHECK      (60 * UTIME_S)     /* ticks and clocks drift apart; also heals what we were not told of */
#define WATCH_PAUSE  (50 * UTIME_MS)    /* at most this often we answer other people's changes */
#define SLEPT_LEAST  (50 * UTIME_MS)
#define SAY_STEP     (5 * UTIME_MIN)
#define SAY_STALE    (1 * UTIME_HOUR)

struct body { bool open; uint32_t frame, total; utime_t server; struct buf have; };

struct enforcer {
        const struct settings *set;
        struct rules           rules;
        struct nl              nft, route, watch, links;
        struct pipe            pipe;
        int                    timer;
        struct servertime      time;
        struct book            book;
        struct kernel_sets     kernel;
        struct body            body;
        struct pipe_message    report;            /* type 0: nothing to report yet */
        unsigned               lan_index;
        bool                   armed, foreign, kernel_has_table;
        utime_t                settle_until, next_pass, next_check, next_recheck, lost_since, slept, stale_said, step_said;
        char                   last_refusal[ERR_TEXT_MAX];
};

static utime_t server_now(const struct enforcer *f)
{
        return servertime_now(&f->time, clock_boot());
}

static utime_t slept_so_far(void)
{
        struct timespec boot, awake;

        if (clock_gettime(CLOCK_BOOTTIME, &boot) < 0 || clock_gettime(CLOCK_MONOTONIC, &awake) < 0)
                return 0;
        return (boot.tv_sec - awake.tv_sec) * UTIME_S + (boot.tv_nsec - awake.tv_nsec) / 1000;
}

/* --- words to the uplink; it may be dead, and says hello when it is back --- */

static void say(struct enforcer *f, const struct pipe_message *m)
{
        struct err e = { 0 };

        if (pipe_say(f->pipe.fd, m, STR(""), &e) < 0)
                log_say(LOG_WARN, "uplink does not listen: %s", e.text);
}

enum say { SAY_FOR_HELLO, SAY_ANEW, SAY_WHOLE };

static void say_state(struct enforcer *f, enum say how)
{
        struct pipe_message m = { .type = PIPE_STATE, .frame = how != SAY_FOR_HELLO };

        if (f->book.table && how != SAY_WHOLE) {
                m.epoch = f->book.table->head.epoch;
                m.seq = f->book.table->head.seq;
        }
        say(f, &m);
}

static void say_taken(struct enforcer *f)
{
        say(f, &(struct pipe_message){ .type = PIPE_TAKEN, .epoch = f->book.table->head.epoch, .seq = f->book.table->head.seq });
}

static void report_when_true(struct enforcer *f)
{
        if (!f->kernel_has_table || !f->book.saved || !f->armed)
                return;
        if (f->report.type && f->report.seq == f->book.table->head.seq && f->report.epoch == f->book.table->head.epoch)
                return;
        f->report = (struct pipe_message){
                .type = PIPE_APPLIED, .epoch = f->book.table->head.epoch, .seq = f->book.table->head.seq, .server = f->report.server,
                .count = (uint32_t)f->kernel.held[0].n, .hash = grant_header_hash(&f->book.table->head),
        };
        say(f, &f->report);
}

/* --- the kernel --- */

/* 1: armed; 0: the rules hold, but there is no LAN interface; negative: the rules do not hold. */
static int arm_try(struct enforcer *f, struct err *e)
{
        struct err words = { 0 };
        int r;

        f->rules.closed = lan_find(&f->lan_index, &f->route, f->rules.lan, e) < 0;
        if (rules_verify(&f->nft, &f->rules, &words) < 0) {
                if (f->armed)
                        log_say(LOG_ERROR, "%s; loading them anew", words.text);
                err_clear(&words);
                r = rules_load(&f->nft, &f->rules, &words);
                if (r == ERR_OK)
                        r = rules_verify(&f->nft, &f->rules, &words);
                if (r < 0) {
                        *e = words;
                        return r;
                }
        }
        if (f->rules.closed)
                return 0;
        r = kernel_adopt(&f->kernel, &f->nft, e);
        return r < 0 ? r : 1;
}

/* Arms only over drop rules that were read back; says each reason once. */
static void arm(struct enforcer *f)
{
        struct err e = { 0 };
        bool was = f->armed;
        int r = arm_try(f, &e);

        f->armed = r == 1;
        if (f->armed && !was)
                log_say(LOG_NOTICE, "armed on %s: drop rules read back, %zu passes found in the kernel", f->rules.lan, f->kernel.held[0].n);
        if (!f->armed && strcmp(e.text, f->last_refusal) != 0)
                log_say(r ? LOG_ERROR : LOG_WARN, "%s: %s", r ? "refusing to arm" : "waiting for the interface", e.text);
        (void)snprintf(f->last_refusal, sizeof(f->last_refusal), "%s", f->armed ? "" : e.text);
}

static int lost_passes(struct passes *out, const struct passes *before, const struct passes *want, struct err *e)
{
        for (size_t i = 0; i < before->n; i++)
                if ((!want->n || !bsearch(&before->p[i], want->p, want->n, sizeof(*want->p), pass_cmp)) && passes_add(out, &before->p[i], e) < 0)
                        return ERR_NOMEM;
        return ERR_OK;
}

static void connections_cut(struct enforcer *f, const struct passes *lost)
{
        struct addresses of;
        struct err e = { 0 };
        size_t n = 0;

        if (!lost->n)
                return;
        if (hosts_addresses(&of, &f->route, f->lan_index, lost, &e) < 0 || connections_end(&of, &n, &e) < 0)
                log_say(LOG_WARN, "connections of %zu hosts were not all cut (no packet passes anyway): %s", lost->n, e.text);
        else
                log_say(LOG_INFO, "%zu hosts lost their pass; %zu addresses, %zu connections cut", lost->n, of.n, n);
}

static int kernel_pass(struct enforcer *f, struct err *e)
{
        scoped(passes_done) struct passes want = { 0 }, lost = { 0 };
        struct place at = { f->set->zone, f->time.offset, f->lost_since };
        utime_t boot = clock_boot(), next;
        struct passes_change did;
        int r = wanted_passes(&want, &next, f->book.table, &at, servertime_now(&f->time, boot), e);

        if (r == ERR_OK)
                r = lost_passes(&lost, &f->kernel.held[0], &want, e);
        if (r < 0)
                return r;
        kernel_forget(&f->kernel, boot);
        r = kernel_make(&f->kernel, &f->nft, &want, &did, e);
        if (r < 0)
                return r;

        if (did.added || did.moved || did.removed)
                log_say(LOG_INFO, "kernel holds %zu passes: %zu added, %zu moved, %zu removed", want.n, did.added, did.moved, did.removed);
        f->next_pass = next == INT64_MAX ? INT64_MAX : next - f->time.offset + UTIME_MS;
        connections_cut(f, &lost);
        return ERR_OK;
}

/* Without any word from the server a new process waits a moment: the uplink knows the time, our wall clock may be wrong. */
static bool time_is_known(const struct enforcer *f)
{
        return f->time.heard || clock_boot() >= f->settle_until;
}

static void pass(struct enforcer *f)
{
        struct err e = { 0 };

        f->next_pass = f->settle_until;
        if (!f->armed || !time_is_known(f))
                return;
        if (kernel_pass(f, &e) < 0) {
                log_err(&e, "the kernel does not hold what the table says");
                f->armed = false; /* the next tick verifies everything and tries again */
                return;
        }
        if (f->book.table && !f->kernel_has_table) {
                f->kernel_has_table = true;
                f->report.type = 0;
                f->report.server = server_now(f);
        }
        report_when_true(f);
}

/* --- tables --- */

static void table_save(struct enforcer *f)
{
        struct err e = { 0 };

        if (book_save(&f->book, &e) < 0)
                log_err(&e, "table %llu is in force, but not on disk", (unsigned long long)f->book.table->head.seq);
        report_when_true(f);
}

static void table_load(struct enforcer *f)
{
        struct err e = { 0 };
        int r = book_load(&f->book, &e);

        if (r < 0 && r != ERR_ABSENT)
                log_err(&e, "the table on disk is not used");
        if (r == ERR_OK)
                log_say(LOG_NOTICE, "table %u/%llu from disk: %u records", f->book.table->head.epoch,
                        (unsigned long long)f->book.table->head.seq, f->book.table->head.count);
}

static void body_take(struct enforcer *f)
{
        struct err e = { 0 };
        int r = book_take(&f->book, f->body.frame, buf_view(&f->body.have), &e);

        f->body.open = false;
        buf_done(&f->body.have);
        f->body.have = BUF_INIT;
        if (r < 0) {
                log_err(&e, "refused");
                say_state(f, f->body.frame == FRAME_DELTA ? SAY_WHOLE : SAY_ANEW); /* a delta that does not fit: once more, whole */
        }
        if (r != 1)
                return;
        f->kernel_has_table = false;
        f->stale_said = 0;
        servertime_floor(&f->time, f->book.table->head.made_at, clock_boot());
        pass(f);
        say_taken(f);
        table_save(f);
}

static void piece_take(struct enforcer *f, const struct pipe_message *m, struct str piece)
{
        struct body *b = &f->body;

        if (m->at == 0) {
                buf_clear(&b->have);
                *b = (struct body){ .open = true, .frame = m->frame, .total = m->total, .server = m->server, .have = b->have };
        }
        if (!b->open || m->total != b->total || m->at != b->have.n || m->total > FRAME_BODY_MAX) {
                b->open = false; /* the rest of a body whose beginning another process had */
                return;
        }
        buf_str(&b->have, piece);
        if (buf_bad(&b->have))
                b->open = false;
        else if (b->have.n == b->total)
                body_take(f);
}

/* --- events --- */

static void time_take(struct enforcer *f, const struct pipe_message *m)
{
        utime_t now = clock_boot(), at = m->boot <= now && m->boot > now - UTIME_MIN ? m->boot : now, before = f->time.offset;
        bool first = !f->time.heard, was_lost = f->lost_since != 0;

        if (m->server < 0 || m->server > INT64_MAX / 4)
                return;
        if (!servertime_stamp(&f->time, m->server, at) && (!f->step_said || now - f->step_said > SAY_STEP)) {
                f->step_said = now;
                log_say(LOG_WARN, "the server's clock is off by %lld ms: not followed (back: until we start anew; forward: until a table says so)",
                        (long long)((m->server - at - before) / UTIME_MS));
        }
        f->lost_since = 0;
        if (first && f->book.table)
                servertime_floor(&f->time, f->book.table->head.made_at, now);
        if (first || was_lost || before - f->time.offset > PASS_TOLERANCE || f->time.offset - before > PASS_TOLERANCE)
                pass(f);
}

static void message_take(struct enforcer *f, const struct pipe_message *m, struct str piece)
{
        switch (m->type) {
        case PIPE_HELLO:
                f->body.open = false;
                say_state(f, SAY_FOR_HELLO);
                if (f->report.type)
                        say(f, &f->report);
                break;
        case PIPE_TIME:
                time_take(f, m);
                break;
        case PIPE_PIECE:
                piece_take(f, m, piece);
                break;
        default:
                log_say(LOG_WARN, "message of type %u from the uplink", m->type);
        }
}

static int pipe_read(struct enforcer *f, struct err *e)
{
        for (int i = 0; i < 64; i++) {
                struct str piece;
                int r = pipe_hear(&f->pipe, &piece, e);

                if (r == ERR_INPUT) {
                        log_err(e, "uplink");
                        continue;
                }
                if (r <= 0)
                        return r;
                message_take(f, &f->pipe.in.head, piece);
        }
        return ERR_OK;
}

/* Anyone's change to nf_tables but our own, or to an interface: look whether our rules and sets still are what they were. */
static void watch_read(struct enforcer *f, const struct nl *watch)
{
        char room[16384] __attribute__((aligned(8)));
        int fd = mnl_socket_get_fd(watch->socket);

        for (;;) {
                ssize_t n = recv(fd, room, sizeof(room), MSG_DONTWAIT);
                int left = (int)n;

                if (n < 0 && errno == ENOBUFS)
                        f->foreign = true;
                if (n < 0 && errno != ENOBUFS && errno != EINTR)
                        return;
                for (const struct nlmsghdr *m = (const struct nlmsghdr *)room; n > 0 && mnl_nlmsg_ok(m, left); m = mnl_nlmsg_next(m, &left))
                        if (m->nlmsg_pid != f->nft.port)
                                f->foreign = true;
        }
}

static void say_when_stale(struct enforcer *f, utime_t now)
{
        utime_t server = servertime_now(&f->time, now);

        if (!f->book.table || server <= f->book.table->head.valid_until || (f->stale_said && now - f->stale_said < SAY_STALE))
                return;
        f->stale_said = now;
        log_say(LOG_WARN, "table %llu is older than its valid-until: hosts it permits keep their passes to their ends, nobody new is permitted",
                (unsigned long long)f->book.table->head.seq);
}

static void tick(struct enforcer *f)
{
        utime_t now = clock_boot(), slept = slept_so_far();
        bool woke = slept - f->slept > SLEPT_LEAST;

        if (f->time.heard && !f->lost_since && now - f->time.heard_at > LOST_AFTER) {
                f->lost_since = servertime_now(&f->time, f->time.heard_at);
                log_say(LOG_WARN, "nothing heard from the server for 30 s: posture deadlines stand still, permit ends do not");
                f->next_pass = now;
        }
        if (woke)
                log_say(LOG_NOTICE, "the machine slept for %lld ms: bringing the kernel's timeouts up to date", (long long)((slept - f->slept) / UTIME_MS));
        f->slept = slept;

        if (woke || now >= f->next_recheck || ((f->foreign || !f->armed) && now >= f->next_check)) {
                f->foreign = false;
                arm(f);
                f->next_recheck = clock_boot() + RECHECK;
                f->next_check = clock_boot() + (f->armed ? WATCH_PAUSE : TICK);
                pass(f);
                if (f->book.table && !f->book.saved)
                        table_save(f);
        } else if (now >= f->next_pass) {
                pass(f);
        }
        say_when_stale(f, now);
}

/* Boot time, so that it fires right after a sleep that ran over it. */
static void timer_set(const struct enforcer *f)
{
        utime_t now = clock_boot(), at = now + TICK;

        at = f->armed && f->next_pass < at ? f->next_pass : at;
        at = f->foreign && f->next_check < at ? f->next_check : at;
        at = at <= now ? now + 1 : at;

        struct itimerspec t = { .it_value = { at / UTIME_S, at % UTIME_S * 1000 } };

        (void)timerfd_settime(f->timer, TFD_TIMER_ABSTIME, &t, NULL); /* only a bad argument can fail */
}

static int loop(struct enforcer *f, struct err *e)
{
        struct pollfd on[] = {
                { .fd = f->pipe.fd, .events = POLLIN },
                { .fd = mnl_socket_get_fd(f->watch.socket), .events = POLLIN },
                { .fd = mnl_socket_get_fd(f->links.socket), .events = POLLIN },
                { .fd = f->timer, .events = POLLIN },
        };

        for (;;) {
                uint64_t times;

                timer_set(f);
                if (poll(on, countof(on), -1) < 0 && errno != EINTR)
                        return err_errno(e, "poll");
                if (on[0].revents) {
                        int r = pipe_read(f, e);

                        if (r < 0)
                                return r;
                }
                if (on[1].revents)
                        watch_read(f, &f->watch);
                if (on[2].revents)
                        watch_read(f, &f->links);
                if (on[3].revents)
                        (void)!read(f->timer, &times, sizeof(times));
                tick(f);
        }
}

static int give_up_powers(const struct settings *s, struct err *e)
{
        const char *const own[] = { s->dir, NULL };
        const struct sandbox box = {
                .read = (const char *const[]){ "-/etc/ssl/openssl.cnf", NULL }, .write = own, .sockets = SANDBOX_NETLINK,
                .keep_caps = 1ull << CAP_NET_ADMIN, .best_effort = true,
        };
        int r = sandbox_enter(&box, e);

        if (r == SANDBOX_PARTIAL)
                log_say(LOG_WARN, "sandbox: %s", e->text);
        return r < 0 ? err_wrap(e, r, "sandbox") : ERR_OK;
}

static int enforcer_open(struct enforcer *f, struct err *e)
{
        int r = nl_open(&f->nft, NETLINK_NETFILTER, 0, e);

        if (r == ERR_OK)
                r = nl_open(&f->route, NETLINK_ROUTE, 0, e);
        if (r == ERR_OK)
                r = nl_open(&f->watch, NETLINK_NETFILTER, 1u << (NFNLGRP_NFTABLES - 1), e);
        if (r == ERR_OK)
                r = nl_open(&f->links, NETLINK_ROUTE, RTMGRP_LINK, e);
        if (r < 0)
                return r;
        f->timer = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
        return f->timer < 0 ? err_errno(e, "timer") : give_up_powers(f->set, e);
}

int netns_enter(const char *name, struct err *e)
{
        char path[256];
        int n = snprintf(path, sizeof(path), "/run/netns/%s", name);

        if (n < 0 || (size_t)n >= sizeof(path) || strchr(name, '/'))
                return err_set(e, ERR_INPUT, "'%s' is not the name of a network namespace", name);

        scoped(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);

        if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
                return err_errno(e, "network namespace '%s'", name);
        return ERR_OK;
}

/* Only the enforcer enters the namespace: the server is reached from where we were started. */
int enforcer_run(const struct settings *s, const char *lan, int pipe, struct err *e)
{
        struct enforcer *f = calloc(1, sizeof(*f)); /* lives as long as the process */
        int r;

        if (!f)
                return err_set(e, ERR_NOMEM, "enforcer");
        *f = (struct enforcer){ .set = s, .pipe = { .fd = pipe }, .timer = -1, .slept = slept_so_far() };
        (void)snprintf(f->rules.lan, sizeof(f->rules.lan), "%s", lan);
        r = enforcer_open(f, e);
        if (r < 0) {
                free(f);
                return r;
        }

        f->settle_until = clock_boot() + SETTLE;
        f->next_recheck = clock_boot() + RECHECK;
        servertime_guess(&f->time, clock_now(), clock_boot());
        if (book_open(&f->book, s, e) < 0)
                log_err(e, "trusting the keys of the enrolment");
        err_clear(e);
        table_load(f);
        if (f->book.table)
                servertime_floor(&f->time, f->book.table->head.made_at, clock_boot());
        arm(f);
        pass(f);
        say_state(f, SAY_ANEW);
        r = loop(f, e);
        free(f);
        return r;
}
