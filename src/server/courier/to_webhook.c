/* to_webhook.c - HTTPS POST of one JSON object a notice, signed (docs/formats/courier.md).
 *
 *      Sekisho-Signature: t=1764000000,v1=HEX        HMAC-SHA256 of "1764000000." and the body, key: the secret
 *      Sekisho-Delivery: 17.9f86d081884c7d65          the same for the same notice: a second copy may be dropped
 *
 * 2xx is taken; 400, 413, 415, 422 refuse this notice; anything else is tried again.
 */
#include <jansson.h>

#include "base/codec.h"
#include "core/journal/hash.h"
#include "link/https.h"
#include "server/courier/desk.h"
#include "server/courier/sink.h"
#include "sys/clock.h"

enum { LINE_ROOM = 200, LOOK_MS = 200 };

struct answer { bool over; int status; struct err why; };

static void *webhook_open(struct sink *s, struct err *e)
{
        const struct https_setup setup = { .host = s->set->server, .port = (uint16_t)s->set->port, .ca = s->set->ca };
        struct https *h = NULL;

        return https_open(&h, &setup, e) < 0 ? NULL : h;
}

static void webhook_close(void *way)
{
        (void)https_close(way);
}

static json_t *both(void (*write)(struct buf *, const struct notice_item *, enum lang), const struct notice_item *n)
{
        scoped(buf_done) struct buf ja = BUF_INIT, en = BUF_INIT;

        write(&ja, n, LANG_JA);
        write(&en, n, LANG_EN);
        return json_pack("{s:s, s:s}", "ja", buf_view(&ja).p, "en", buf_view(&en).p);
}

static char *write_json(const struct sink *s, const struct notice_item *n)
{
        char at[UTIME_TEXT];
        json_t *o;
        char *text;

        utime_text(at, n->at);
        o = json_pack("{s:i, s:I, s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:o, s:o}", "v", 1, "id", (json_int_t)n->id, "tag", n->tag, "town", s->town, "at", at, "key", n->key,
                      "urgent", n->urgent, "ref", n->ref, "link", n->link, "subject", both(notice_subject, n), "body", both(notice_body, n));
        text = o ? json_dumps(o, JSON_COMPACT) : NULL;
        json_decref(o);
        return text;
}

static void sign(char line[LINE_ROOM], const struct sink *s, const char *body)
{
        char seconds[32], hex[2 * HASH_SIZE + 1];
        const struct str runs[] = { { seconds, (size_t)snprintf(seconds, sizeof(seconds), "%lld.", (long long)(s->now / UTIME_S)) }, str_of(body) };
        struct hash mac = hash_hmac_runs(s->set->secret, runs, countof(runs));

        hex_text(hex, mac.b, HASH_SIZE);
        (void)snprintf(line, LINE_ROOM, "Sekisho-Signature: t=%lld,v1=%s", (long long)(s->now / UTIME_S), hex);
}

static void answered(void *ctx, int status, struct str body, const struct err *why)
{
        struct answer *a = ctx;

        a->over = true;
        a->status = status;
        if (why)
                a->why = *why;
}

static int post(struct sink *s, const struct notice_item *n, struct answer *a, struct err *e)
{
        char signature[LINE_ROOM], delivery[LINE_ROOM];
        const char *headers[] = { "Expect:", "Content-Type: application/json", signature, delivery, NULL };
        char *body = write_json(s, n);
        int r;

        if (!body)
                return err_set(e, ERR_NOMEM, "webhook");
        sign(signature, s, body);
        (void)snprintf(delivery, sizeof(delivery), "Sekisho-Delivery: %lld.%s", (long long)n->id, n->tag);
        r = https_post_with(s->with, s->set->path, headers, str_of(body), s->set->patience_s * UTIME_S, answered, a, e);
        free(body);
        while (r == ERR_OK && !a->over)
                r = atomic_load(s->stop) ? err_set(e, ERR_BUSY, "we are to end") : https_wait(s->with, -1, clock_boot() + LOOK_MS * UTIME_MS, e);
        return r;
}

static int deliver(struct sink *s, struct parcel *parcels, size_t n, struct err *e)
{
        for (size_t i = 0; i < n && !atomic_load(s->stop); i++) {
                struct parcel *p = &parcels[i];
                struct answer a = { 0 };
                int r = post(s, p->items[0], &a, e);

                if (r < 0)
                        return r;
                if (a.why.code)
                        return err_set(e, a.why.code, "%s", a.why.text);
                if (a.status == 400 || a.status == 413 || a.status == 415 || a.status == 422) {
                        p->state = PARCEL_REFUSED;
                        (void)snprintf(p->why, sizeof(p->why), "status %d", a.status);
                        continue;
                }
                if (a.status < 200 || a.status > 299)
                        return err_set(e, ERR_IO, "status %d", a.status);
                p->state = PARCEL_TAKEN;
                r = sink_taken(s, p, e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

const struct way way_webhook = { webhook_open, deliver, webhook_close };
