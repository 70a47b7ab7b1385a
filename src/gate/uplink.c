/* uplink.c - see uplink.h. */
#include "gate/uplink.h"

#include <jansson.h>

#include "gate/pipe.h"
#include "gate/reports.h"
#include "gate/server.h"
#include "gate/servertime.h"
#include "link/https.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/log.h"
#include "sys/sandbox.h"
#include "wire/grants.h"

#define SILENCE       (25 * UTIME_S)    /* the office says something every 10 s */
#define BEHIND_MAX    (5 * UTIME_S)     /* a newer table was named, and nothing comes */
#define PAUSE_LEAST   (100 * UTIME_MS)
#define PAUSE_MOST    (10 * UTIME_S)
#define REPORT_WAIT   (10 * UTIME_S)
#define LIVED_WELL    (20 * UTIME_S)    /* a stream that lasted this long may be opened again at once */
#define WAIT_MOST     (1 * UTIME_S)
#define RETRY_MAX     (60 * UTIME_S)    /* what the office may ask us to wait */

struct pause { utime_t next, length; };

struct uplink {
        const struct settings *set;
        struct https          *https;
        struct pipe            pipe;
        struct frame_reader    reader;
        struct servertime      time;
        struct reports         reports;
        struct pause           stream_pause, report_pause;
        bool                   state_known, streaming, posting, connected;
        uint32_t               epoch;
        uint64_t               seq, named_seq, posted_seq;
        utime_t                behind_since, connected_at;
        char                   last_words[ERR_TEXT_MAX];
};

/* Doubling, with up to a quarter of chance in it, so that a hundred gates do not come back in step. */
static void pause_longer(struct pause *p)
{
        uint8_t chance;

        entropy_fill(&chance, 1);
        p->length = p->length ? 2 * p->length : PAUSE_LEAST;
        p->length = p->length > PAUSE_MOST ? PAUSE_MOST : p->length;
        p->next = clock_boot() + p->length + p->length * chance / 1024;
}

static void pause_none(struct pause *p)
{
        *p = (struct pause){ 0 };
}

/* --- towards the enforcer --- */

static int time_hand_on(struct uplink *u, utime_t server, utime_t boot, struct err *e)
{
        struct pipe_message m = { .type = PIPE_TIME, .server = server, .boot = boot };

        (void)servertime_stamp(&u->time, server, boot); /* the enforcer judges steps; this is for its next start */
        return pipe_say(u->pipe.fd, &m, STR(""), e);
}

static int body_hand_on(struct uplink *u, const struct frame *f, struct err *e)
{
        for (size_t at = 0; at < f->body.n; at += PIPE_PIECE_MAX) {
                size_t n = f->body.n - at < PIPE_PIECE_MAX ? f->body.n - at : PIPE_PIECE_MAX;
                struct pipe_message m = { .type = PIPE_PIECE, .frame = f->type, .server = f->server_time, .boot = clock_boot(),
                                          .total = (uint32_t)f->body.n, .at = (uint32_t)at };
                int r = pipe_say(u->pipe.fd, &m, (struct str){ f->body.p + at, n }, e);

                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

/* --- the stream --- */

static int frame_take(void *ctx, const struct frame *f, struct err *e)
{
        struct uplink *u = ctx;
        int r = time_hand_on(u, f->server_time, clock_boot(), e);

        if (r < 0)
                return r;
        if (!u->connected) {
                u->connected = true;
                u->connected_at = clock_boot();
                u->last_words[0] = 0;
                log_say(LOG_NOTICE, "connected to %s:%u", u->set->host, u->set->port);
        }
        if (f->type != FRAME_HEARTBEAT)
                return f->body.n ? body_hand_on(u, f, e) : err_set(e, ERR_INPUT, "an empty table");
        if (clock_boot() - u->connected_at > LIVED_WELL)
                pause_none(&u->stream_pause);
        return frame_heartbeat_decode(&u->named_seq, f->body, e);
}

static int stream_bytes(void *ctx, struct str bytes, struct err *e)
{
        struct uplink *u = ctx;

        return frame_feed(&u->reader, bytes, frame_take, u, e);
}

static void stream_over(struct uplink *u, const char *words)
{
        if (strcmp(words, u->last_words) != 0) /* once a reason, not once a try */
                log_say(LOG_WARN, "stream of %s:%u: %s", u->set->host, u->set->port, words);
        (void)snprintf(u->last_words, sizeof(u->last_words), "%s", words);
        u->streaming = u->connected = false;
        u->behind_since = 0;
        pause_longer(&u->stream_pause);
}

static void stream_done(void *ctx, int status, struct str body, const struct err *why)
{
        struct uplink *u = ctx;
        scoped(server_error_done) struct server_error said = server_error_parse(body);
        char words[ERR_TEXT_MAX];

        if (why)
                (void)snprintf(words, sizeof(words), "%s", why->text);
        else if (status != 200)
                (void)snprintf(words, sizeof(words), "refused with %d %s", status, said.key ? said.key : "");
        else
                (void)snprintf(words, sizeof(words), "the server closed it");
        stream_over(u, words);
}

static void stream_start(struct uplink *u)
{
        char path[128];
        struct err e = { 0 };

        frame_reader_done(&u->reader);
        u->reader = (struct frame_reader){ 0 };
        u->named_seq = 0;
        (void)snprintf(path, sizeof(path), "/m/v1/grants?epoch=%u&seq=%llu", u->epoch, (unsigned long long)u->seq);
        if (https_stream(u->https, path, SILENCE, stream_bytes, stream_done, u, &e) < 0)
                stream_over(u, e.text);
        else
                u->streaming = true;
}

static void stream_tend(struct uplink *u)
{
        utime_t now = clock_boot();

        if (u->streaming && u->named_seq > u->seq) {
                u->behind_since = u->behind_since ? u->behind_since : now;
                if (now - u->behind_since > BEHIND_MAX) {
                        https_stream_end(u->https);
                        stream_over(u, "the server names a newer table and does not send it");
                }
        } else {
                u->behind_since = 0;
        }
        if (!u->streaming && u->state_known && now >= u->stream_pause.next)
                stream_start(u);
}

/* --- reports --- */

static void report_answer(struct uplink *u, int status, struct str body)
{
        json_t *o = json_loadb(body.p, body.n, JSON_REJECT_DUPLICATES, NULL);
        const json_t *ack = json_object_get(o, "ack"), *wait = json_object_get(o, "retry_after_ms");
        utime_t asked = json_is_integer(wait) ? json_integer_value(wait) * UTIME_MS : 0;

        if (status == 200 && json_is_integer(ack) && json_integer_value(ack) >= 0) {
                reports_acknowledge(&u->reports, (uint64_t)json_integer_value(ack));
                pause_none(&u->report_pause);
        } else {
                pause_longer(&u->report_pause);
        }
        if (asked > 0)
                u->report_pause.next = clock_boot() + (asked < RETRY_MAX ? asked : RETRY_MAX);
        json_decref(o);
}

static void report_done(void *ctx, int status, struct str body, const struct err *why)
{
        struct uplink *u = ctx;
        scoped(server_error_done) struct server_error said = server_error_parse(body);
        bool final = !why && (status == 400 || status == 409 || status == 422); /* the same again would be answered the same */

        u->posting = false;
        if (final) {
                log_say(LOG_ERROR, "report %llu is refused with %d %s", (unsigned long long)u->posted_seq, status, said.key ? said.key : "");
                reports_acknowledge(&u->reports, u->posted_seq);
        } else if (why) {
                pause_longer(&u->report_pause);
        } else {
                report_answer(u, status, body);
        }
}

static void reports_tend(struct uplink *u)
{
        const struct report *first = reports_first(&u->reports);
        scoped(buf_done) struct buf json = BUF_INIT;
        struct err e = { 0 };

        if (!first || u->posting || clock_boot() < u->report_pause.next)
                return;
        reports_json(&json, &u->reports, first);
        u->posted_seq = first->seq;
        u->posting = !buf_bad(&json) && https_post(u->https, "/m/v1/report", buf_view(&json), REPORT_WAIT, report_done, u, &e) == ERR_OK;
        if (!u->posting)
                pause_longer(&u->report_pause);
}

/* --- from the enforcer --- */

/* It has just started, or it wants something else than what it got: begin the stream where it says. */
static int state_take(struct uplink *u, const struct pipe_message *m, struct err *e)
{
        bool first = !u->state_known;

        if (u->streaming && !m->frame)
                return ERR_OK; /* the answer to our hello, and we know already */
        u->epoch = m->epoch;
        u->seq = m->seq;
        u->state_known = true;
        if (u->streaming) {
                https_stream_end(u->https);
                u->streaming = u->connected = false;
                pause_longer(&u->stream_pause); /* a table that is refused again and again must not become a loop */
        }
        if (first || !u->time.heard)
                return ERR_OK;
        return time_hand_on(u, servertime_now(&u->time, clock_boot()), clock_boot(), e);
}

static int message_take(struct uplink *u, const struct pipe_message *m, struct err *e)
{
        if (m->type == PIPE_STATE)
                return state_take(u, m, e);
        if (m->type == PIPE_TAKEN) {
                pause_none(&u->stream_pause);
                u->epoch = m->epoch;
                u->seq = m->seq;
                return ERR_OK;
        }
        if (m->type != PIPE_APPLIED) {
                log_say(LOG_WARN, "message of type %u from the enforcer", m->type);
                return ERR_OK;
        }
        if (!reports_add(&u->reports, m))
                log_say(LOG_WARN, "the office does not take reports; the oldest of %d is dropped", REPORTS_MAX);
        return ERR_OK;
}

static int pipe_read(struct uplink *u, struct err *e)
{
        for (int i = 0; i < 64; i++) {
                struct str piece;
                int r = pipe_hear(&u->pipe, &piece, e);

                if (r == ERR_INPUT) {
                        log_err(e, "enforcer");
                        continue;
                }
                if (r <= 0)
                        return r;
                r = message_take(u, &u->pipe.in.head, e);
                if (r < 0 && r != ERR_TIMEOUT)
                        return r;
        }
        return ERR_OK;
}

static utime_t next_deadline(const struct uplink *u)
{
        utime_t at = clock_boot() + WAIT_MOST;

        if (!u->streaming && u->state_known && u->stream_pause.next < at)
                at = u->stream_pause.next;
        if (!u->posting && u->reports.n && u->report_pause.next < at)
                at = u->report_pause.next;
        return at;
}

static int loop(struct uplink *u, struct err *e)
{
        struct pipe_message hello = { .type = PIPE_HELLO };
        int r = pipe_say(u->pipe.fd, &hello, STR(""), e);

        if (r == ERR_TIMEOUT)
                r = ERR_OK; /* it will say its state when it starts */
        while (r >= 0) {
                r = https_wait(u->https, u->pipe.fd, next_deadline(u), e);
                if (r == ERR_OK)
                        r = pipe_read(u, e);
                stream_tend(u);
                reports_tend(u);
        }
        return r;
}

static int give_up_powers(struct err *e)
{
        /* What name resolution reads; everything else was read before. */
        static const char *const names[] = { "-/etc/hosts", "-/etc/resolv.conf", "-/etc/nsswitch.conf", "-/etc/host.conf", "-/etc/gai.conf", "-/run/systemd/resolve",
                                             "-/etc/ssl/openssl.cnf", "-/usr/lib", "-/lib", "-/etc/ld.so.cache", "-/dev/urandom", NULL };
        const struct sandbox box = { .read = names, .sockets = SANDBOX_INET | SANDBOX_UNIX | SANDBOX_NETLINK, .tcp_connect = true, .best_effort = true };
        int r = sandbox_enter(&box, e);

        if (r == SANDBOX_PARTIAL)
                log_say(LOG_WARN, "sandbox: %s", e->text);
        return r < 0 ? err_wrap(e, r, "sandbox") : ERR_OK;
}

int uplink_run(const struct settings *s, const char *server, int pipe, struct err *e)
{
        struct https_setup setup = { .host = s->host, .port = s->port, .ca = buf_view(&s->ca), .certificate = buf_view(&s->certificate), .key = buf_view(&s->key) };
        struct uplink *u = calloc(1, sizeof(*u)); /* lives as long as the process */
        char connect_host[SERVER_HOST];
        int r = u ? ERR_OK : err_set(e, ERR_NOMEM, "uplink");

        if (r == ERR_OK && server)
                r = server_parse(connect_host, &setup.connect_port, server, e);
        setup.connect_host = server ? connect_host : NULL;
        if (r == ERR_OK)
                r = give_up_powers(e);
        if (r == ERR_OK)
                r = https_open(&u->https, &setup, e);
        if (r == ERR_OK) {
                u->set = s;
                u->pipe.fd = pipe;
                u->reports.boot = entropy_uuid(clock_now());
                r = loop(u, e);
                https_close(u->https);
                frame_reader_done(&u->reader);
        }
        free(u);
        return r;
}
