/* witness_serve.c - see witness_serve.h. */
#include "cli/witness_serve.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include "cli/witness_judge.h"
#include "link/scgi.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/sandbox.h"

enum { BODY_MAX = 16 * 1024, ANSWER_MS = 5000 };

static const char path_suffix[] = "/add-checkpoint";

/* Any submission prefix: nginx says which paths come here. */
static bool is_add(struct str path)
{
        size_t n = sizeof(path_suffix) - 1;

        return path.n >= n && memcmp(path.p + path.n - n, path_suffix, n) == 0;
}

static int admit(void *ctx, const struct scgi_request *r, struct err *e)
{
        (void)ctx;
        return r->body.n > BODY_MAX ? err_set(e, ERR_TOO_BIG, "a request is at most %d bytes", BODY_MAX) : ERR_OK;
}

static void answer_text(struct buf *out, int status, const char *type, struct str body)
{
        scgi_format(out, &(struct scgi_answer){ .status = status, .type = type, .body = body });
}

/* What the specification says of each judgement; words for people only where it asks for none. */
static void answer_judged(struct buf *out, const struct judged *j)
{
        static const struct { enum judgement what; const char *words; } refusals[] = {
                { JUDGE_MALFORMED, "malformed, or old size above that of the checkpoint\n" },
                { JUDGE_FORBIDDEN, "not signed by the trusted key of this origin\n" },
                { JUDGE_UNKNOWN,   "this origin is not trusted here\n" },
                { JUDGE_FORK,      "the consistency proof does not hold\n" },
        };
        char size[24];

        if (j->what == JUDGE_SIGNED)
                answer_text(out, 200, "text/plain; charset=utf-8", buf_view(&j->line));
        if (j->what == JUDGE_CONFLICT) {
                (void)snprintf(size, sizeof(size), "%llu\n", (unsigned long long)j->known.size);
                answer_text(out, 409, "text/x.tlog.size", str_of(size));
        }
        for (size_t i = 0; i < countof(refusals); i++)
                if (refusals[i].what == j->what)
                        answer_text(out, (int)j->what, "text/plain; charset=utf-8", str_of(refusals[i].words));
}

static void log_judged(const struct judged *j)
{
        if (j->what == JUDGE_SIGNED)
                log_say(LOG_NOTICE, "%s: %llu entries signed, before %llu", j->head.origin, (unsigned long long)j->head.size, (unsigned long long)j->known.size);
        else
                log_say(LOG_WARN, "refused with %d: '%s' shows %llu entries, known are %llu", (int)j->what, j->known.log.name, (unsigned long long)j->head.size,
                        (unsigned long long)j->known.size);
}

static void answer_add(struct buf *out, const struct witness *w, struct str body)
{
        struct judged j = { .what = JUDGE_MALFORMED };
        struct witness_ask ask;
        struct err e = { 0 };

        if (witness_ask_parse(&ask, body, &e) < 0) {
                log_err(&e, "malformed");
                answer_text(out, 400, "text/plain; charset=utf-8", STR("malformed\n"));
                return;
        }
        if (witness_judge(&j, w, &ask, clock_now(), &e) < 0) {
                log_err(&e, "a checkpoint was not judged");
                answer_text(out, 500, "text/plain; charset=utf-8", STR("the witness cannot write; nothing was signed\n"));
                return;
        }
        log_judged(&j);
        answer_judged(out, &j);
        judged_done(&j);
}

static void serve_one(const struct witness *w, int listener)
{
        scoped(fd_close) int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(buf_done) struct buf out = BUF_INIT;
        struct scgi_door door = { .admit = admit };
        struct scgi_request q = { 0 };
        struct err e = { 0 };
        int r;

        if (fd < 0)
                return;
        r = scgi_read(&q, fd, &a, &door, &e);
        if (r < 0)
                log_err(&e, "request");
        if (r < 0)
                answer_text(&out, r == ERR_TOO_BIG ? 413 : 400, "text/plain; charset=utf-8", STR("malformed\n"));
        else if (!is_add(q.path))
                answer_text(&out, 404, "text/plain; charset=utf-8", STR("POST add-checkpoint\n"));
        else if (q.method != METHOD_POST)
                answer_text(&out, 405, "text/plain; charset=utf-8", STR("POST add-checkpoint\n"));
        else
                answer_add(&out, w, q.body);
        if (!buf_bad(&out))
                (void)sock_write(fd, buf_view(&out), clock_boot() + ANSWER_MS * UTIME_MS, NULL);
        scgi_done(&q);
}

static int enter_sandbox(const struct witness *w, struct err *e)
{
        char *dir = realpath(w->dir, NULL);
        const char *write[] = { dir, NULL };
        struct sandbox s = { .write = write, .best_effort = true };
        int r;

        if (!dir)
                return err_errno(e, "'%s'", w->dir);
        r = sandbox_enter(&s, e);
        free(dir);
        if (r == SANDBOX_PARTIAL)
                log_say(LOG_WARN, "sandbox: %s", e->text);
        return r < 0 ? err_wrap(e, r, "sandbox") : ERR_OK;
}

int witness_serve(const struct witness *w, const char *socket, struct err *e)
{
        scoped(fd_close) int listener = -1, signals = -1;
        sigset_t set;
        int r;

        log_open("witness");
        sigemptyset(&set);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGINT);
        (void)sigprocmask(SIG_BLOCK, &set, NULL);
        (void)signal(SIGPIPE, SIG_IGN);
        signals = signalfd(-1, &set, SFD_CLOEXEC);
        r = signals < 0 ? err_errno(e, "signal descriptor") : sock_listen(&listener, socket, 0660, e);
        if (r == ERR_OK)
                r = enter_sandbox(w, e);
        if (r < 0)
                return r;
        log_say(LOG_NOTICE, "witness %s listens on %s", w->me.name, socket);
        for (;;) {
                struct pollfd wake[] = { { .fd = signals, .events = POLLIN }, { .fd = listener, .events = POLLIN } };

                if (poll(wake, countof(wake), -1) < 0 && errno != EINTR)
                        return err_errno(e, "poll");
                if (wake[0].revents & POLLIN)
                        return ERR_OK;
                if (wake[1].revents & POLLIN)
                        serve_one(w, listener);
        }
}
