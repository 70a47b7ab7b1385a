/* serve.c - see serve.h. The order of checks: shape of the request, route, body, who asks, role, CSRF, then the handler. */
#include "server/office/api/serve.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/shape.h"
#include "server/office/office.h"
#include "sys/clock.h"
#include "sys/log.h"

enum { ANSWER_MS = 30 * 1000, QUERY_NAMES_MAX = 8, DRAIN_MS = 2000, DRAIN_MAX = SCGI_BODY_MAX + 2 * 1024 * 1024 };

struct pool { struct office *office; const int *listeners; int wake_fd; };
struct worker { const struct pool *pool; enum port from, to; };     /* the sockets it takes from */

/* On every answer of ours; nginx adds HSTS and the rest for all. */
static const char common_headers[] =
        "Cache-Control: no-store\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "Referrer-Policy: same-origin\r\n"
        "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'\r\n";

static void reply_done(struct reply *a)
{
        if (a->pour.close)
                a->pour.close(a->pour.ctx);
        json_decref(a->json);
        buf_done(&a->text);
        buf_done(&a->headers);
}

static void send_reply(int fd, struct reply *a, bool head_only)
{
        scoped(buf_done) struct buf out = BUF_INIT;
        char *json = a->json ? json_dumps(a->json, JSON_COMPACT) : NULL;
        struct scgi_answer s = { .status = a->status ? a->status : 200,
                                 .type = a->type ? a->type : "application/json",
                                 .headers = buf_view(&a->headers),
                                 .body = json ? str_of(json) : buf_view(&a->text) };
        struct err e = { 0 };

        if (buf_bad(&a->text) || (a->json && !json)) {
                s.status = 503;
                s.type = "application/json";
                s.body = STR("{\"error\":{\"kind\":\"no-memory\",\"key\":\"error.busy\",\"args\":[]}}");
        }
        if (head_only)
                s.body = STR("");
        scgi_format(&out, &s);
        free(json);
        if (buf_bad(&out) || sock_write(fd, buf_view(&out), clock_boot() + ANSWER_MS * UTIME_MS, &e) < 0)
                log_say(LOG_WARN, "answer not delivered: %s", e.text);
}

/* Head, then piece by piece. A file that fails after its head was sent leaves a body that is too short, and nginx says so. */
static void pour_reply(int fd, struct reply *a, bool head_only)
{
        scoped(buf_done) struct buf out = BUF_INIT;
        utime_t deadline = clock_boot() + ANSWER_MS * UTIME_MS;
        struct str piece = STR("");
        struct err e = { 0 };
        int r;

        scgi_head_format(&out, &(struct scgi_answer){ .status = a->status ? a->status : 200, .type = a->type, .headers = buf_view(&a->headers) }, a->pour.bytes);
        r = buf_bad(&out) ? err_set(&e, ERR_NOMEM, "head") : sock_write(fd, buf_view(&out), deadline, &e);
        while (r == ERR_OK && !head_only && (r = a->pour.next(a->pour.ctx, &piece, &e)) == ERR_OK && piece.n)
                r = sock_write(fd, piece, deadline, &e);
        if (r < 0)
                log_say(LOG_WARN, "answer not delivered: %s", e.text);
}

static void set_error(struct reply *out, const struct err *e, int code)
{
        reply_done(out);
        *out = (struct reply){ .status = err_status(code), .json = json_err(e, code) };
        buf_text(&out->headers, common_headers);
        if (code == ERR_BUSY)
                buf_text(&out->headers, "Retry-After: 2\r\n");
}

static int check_query(const struct route *route, struct str query, struct err *e)
{
        const char *names[QUERY_NAMES_MAX + 1] = { 0 };
        char list[64], *at = list;
        size_t n = 0;

        (void)snprintf(list, sizeof(list), "%s", route->query);
        while (*at && n < QUERY_NAMES_MAX) {
                char *space = strchr(at, ' ');

                names[n++] = at;
                if (!space)
                        break;
                *space = 0;
                at = space + 1;
        }
        return scgi_fields_known(query, names, e);
}

/* What the API takes is JSON, or bytes, and says so (docs/openapi.yaml): a plain form of a foreign page cannot. */
static int check_type(const struct route *route, const struct scgi_request *r, struct err *e)
{
        struct str type, rest;

        if (r->method != METHOD_POST || !r->body.n || !(str_starts(r->path, "/api/") || str_starts(r->path, "/m/")))
                return ERR_OK;
        if (!str_cut(r->content_type, ';', &type, &rest))
                type = r->content_type;
        return str_is(str_trim(type), route->raw ? "application/octet-stream" : "application/json") ? ERR_OK : err_key(e, ERR_INPUT, "error.input", "", NULL);
}

static int check_request(struct request *rq, const struct route *route, struct err *e)
{
        int r = check_query(route, rq->scgi->query, e);

        if (r == ERR_OK)
                r = caller_check(rq, route, e);
        return r == ERR_OK ? check_type(route, rq->scgi, e) : r;
}

struct entrance { const struct request *rq; enum port port; };

/* A body is read for a route that is there and takes as much. A large one lands on the disk: so who asks is looked at first. */
static int admit(void *ctx, const struct scgi_request *r, struct err *e)
{
        const struct entrance *at = ctx;
        struct scgi_request head = *r;
        struct request rq = *at->rq;
        const struct route *route = NULL;
        int x = route_find(&route, &rq.param, r, at->port, e);

        if (x == ERR_OK && r->body.n > route->body_max)
                x = err_key(e, ERR_TOO_BIG, "common.body.big", "", NULL);
        if (x < 0 || r->body.n <= SCGI_MEMORY_MAX)
                return x;
        head.body = STR("");
        rq.scgi = &head;
        return check_request(&rq, route, e);
}

static int run_request(struct request *rq, enum port port, struct reply *out, struct err *e)
{
        const struct route *route = NULL;
        int r = route_find(&route, &rq->param, rq->scgi, port, e);

        if (r == ERR_OK)
                r = check_request(rq, route, e);
        if (r == ERR_OK)
                r = route->run(rq, out, e);
        return r;
}

/* A browser is shown a page, also when a form of ours is refused; programs get JSON. */
static bool wants_page(const struct scgi_request *r)
{
        return r->path.n && !str_starts(r->path, "/api/") && !str_starts(r->path, "/m/") && !str_starts(r->path, "/c/");
}

/* The rest of a body that is refused: closing with bytes unread would take our answer from nginx. */
static void drain(int fd)
{
        utime_t deadline = clock_boot() + DRAIN_MS * UTIME_MS;
        char chunk[16384];
        size_t total = 0, got = 1;

        while (got && total < DRAIN_MAX && sock_read_some(fd, chunk, sizeof(chunk), deadline, &got, NULL) == ERR_OK)
                total += got;
}

static void serve_one(const struct pool *p, struct db *db, int fd, enum port port)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct scgi_request scgi = { 0 };
        struct reply out = { 0 };
        struct err e = { 0 };
        struct office office = office_view(p->office);
        struct request rq = { .office = &office, .db = db, .arena = &a, .scgi = &scgi, .now = office_now(&office), .fd = fd };
        struct entrance at = { &rq, port };
        int r = scgi_read(&scgi, fd, &a, &(struct scgi_door){ admit, &at, p->office->spool_dir }, &e);
        bool unread = r < 0 && r != ERR_TIMEOUT;

        if (r == ERR_ABSENT && !scgi.path.n && !*e.key) {
                (void)close(fd); /* opened and closed without a word */
                return;
        }
        rq.lang = caller_lang(&scgi);
        buf_text(&out.headers, common_headers);
        if (r == ERR_OK)
                r = run_request(&rq, port, &out, &e);
        if (a.refused && !out.streamed) /* an answer with holes, or "absent" for want of memory */
                r = err_set(&e, ERR_NOMEM, "request");
        if (r < 0) {
                if (err_status(r) >= 500 && r != ERR_BUSY)
                        log_err(&e, "%.*s %.*s", (int)scgi.request_method.n, scgi.request_method.p, (int)scgi.path.n, scgi.path.p);
                if (wants_page(&scgi) && r == ERR_UNKNOWN)
                        caller_to_sign_in(&rq, &out);
                else if (wants_page(&scgi))
                        caller_error_page(&rq, &out, &e, r);
                else
                        set_error(&out, &e, r);
        }
        if (!out.streamed) {
                (out.pour.next ? pour_reply : send_reply)(fd, &out, scgi.method == METHOD_HEAD);
                if (unread) {
                        (void)shutdown(fd, SHUT_WR);
                        drain(fd);
                }
                (void)close(fd);
        }
        reply_done(&out);
        scgi_done(&scgi);
}

/* A worker takes whatever socket is ready; accept() on a non-blocking listener may find that another was faster. */
static void *worker_loop(void *arg)
{
        const struct worker *w = arg;
        const struct pool *p = w->pool;
        nfds_t n = w->to - w->from + 1;
        scoped(db_close) struct db *db = NULL;
        struct err e = { 0 };

        if (db_open(&db, p->office->store_dir, DB_READ, &e) < 0) {
                log_err(&e, "worker cannot open the store");
                return NULL;
        }
        for (;;) {
                struct pollfd fds[PORT_COUNT + 1];

                for (nfds_t i = 0; i < n; i++)
                        fds[i] = (struct pollfd){ .fd = p->listeners[w->from + i], .events = POLLIN };
                fds[n] = (struct pollfd){ .fd = p->wake_fd, .events = POLLIN };
                if (poll(fds, n + 1, -1) < 0 && errno != EINTR)
                        return NULL;
                if (fds[n].revents)
                        return NULL;
                for (nfds_t i = 0; i < n; i++) {
                        int fd = fds[i].revents ? accept4(p->listeners[w->from + i], NULL, NULL, SOCK_CLOEXEC) : -1;

                        if (fd >= 0)
                                serve_one(p, db, fd, (enum port)(w->from + i));
                }
        }
}

int serve(struct office *o, const int listeners[3], int wake_fd, struct err *e)
{
        const struct pool pool = { .office = o, .listeners = listeners, .wake_fd = wake_fd };
        struct worker people = { &pool, PORT_USER, PORT_MACHINE }, courier = { &pool, PORT_COURIER, PORT_COURIER };
        pthread_t threads[WORKERS + 1];
        int started = 0;

        while (started < WORKERS && pthread_create(&threads[started], NULL, worker_loop, &people) == 0)
                started++;
        if (started && pthread_create(&threads[started], NULL, worker_loop, &courier) == 0)
                started++;
        else if (started)
                log_say(LOG_ERROR, "no thread for the courier: notices wait");
        for (int i = 0; i < started; i++)
                (void)pthread_join(threads[i], NULL);
        return started ? ERR_OK : err_set(e, ERR_NOMEM, "worker threads");
}
