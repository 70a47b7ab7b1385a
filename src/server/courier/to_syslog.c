/* to_syslog.c - syslog over TLS (RFC 5425): one connection for what is there, ended so that the receiver has read it (link/tls.h). */
#include "core/notice/syslog.h"
#include "link/tls.h"
#include "server/courier/sink.h"
#include "sys/clock.h"

enum { AT_ONCE = 50 };

static void *syslog_open(struct sink *s, struct err *e)
{
        return s; /* a connection a batch: nothing to keep */
}

static void syslog_close(void *way)
{
}

static int send_frames(struct sink *s, struct str frames, struct err *e)
{
        const struct sink_settings *set = s->set;
        const struct tls_setup setup = { .host = set->server, .port = (uint16_t)set->port, .ca = set->ca, .certificate = set->certificate, .key = set->key, .stop = s->stop };
        scoped(tls_close) struct tls *t = NULL;
        utime_t deadline = clock_boot() + s->set->patience_s * UTIME_S;
        int r = tls_open(&t, &setup, deadline, e);

        if (r == ERR_OK)
                r = tls_write(t, frames, deadline, e);
        return r < 0 ? r : tls_finish(t, deadline, e);
}

static int deliver(struct sink *s, struct parcel *parcels, size_t n, struct err *e)
{
        while (n && !atomic_load(s->stop)) {
                scoped(buf_done) struct buf frames = BUF_INIT;
                size_t now = n < AT_ONCE ? n : AT_ONCE;
                int r;

                for (size_t i = 0; i < now; i++) {
                        scoped(buf_done) struct buf line = BUF_INIT;

                        syslog_format(&line, parcels[i].items[0], s->host, s->practice);
                        syslog_frame(&frames, buf_view(&line));
                        frames.bad |= line.bad;
                }
                r = buf_bad(&frames) ? err_set(e, ERR_NOMEM, "syslog") : send_frames(s, buf_view(&frames), e);
                for (size_t i = 0; r == ERR_OK && i < now; i++) {
                        parcels[i].state = PARCEL_TAKEN;
                        r = sink_taken(s, &parcels[i], e);
                }
                if (r < 0)
                        return r;
                parcels += now;
                n -= now;
        }
        return ERR_OK;
}

const struct way way_syslog = { syslog_open, deliver, syslog_close };
