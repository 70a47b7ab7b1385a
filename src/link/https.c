/* https.c - see https.h. */
#include "link/https.h"

#include <curl/curl.h>

#include "base/codec.h"
#include "sys/clock.h"

enum { URL_ROOM = 1024, TARGET_ROOM = 600, CONNECT_MS = 5000, RECEIVE_BYTES = 64 * 1024, JOBS_MAX = 4 };

/* A call, or the stream. */
struct job {
        struct https      *of;
        CURL              *easy;
        bool               streaming;
        https_data_fn     *data;
        https_done_fn     *done;
        void              *ctx;
        struct buf         answer;
        char              *body;
        struct curl_slist *headers;              /* its own; NULL: those of all */
        utime_t            silence, heard_at;
        struct err         why;
        char               words[CURL_ERROR_SIZE];
};

struct https {
        CURLM             *multi;
        struct curl_slist *headers, *json_headers, *target;
        char               base[URL_ROOM], pin[80];
        struct buf         ca, certificate, key;
        struct job        *jobs[JOBS_MAX];
};

static struct job *job_free(struct job *j)
{
        if (j) {
                if (j->easy) {
                        (void)curl_multi_remove_handle(j->of->multi, j->easy);
                        curl_easy_cleanup(j->easy);
                }
                buf_done(&j->answer);
                free(j->body);
                curl_slist_free_all(j->headers);
                free(j);
        }
        return NULL;
}
SCOPED(job_free, struct job *)

struct https *https_close(struct https *h)
{
        if (h) {
                for (size_t i = 0; i < JOBS_MAX; i++)
                        h->jobs[i] = job_free(h->jobs[i]);
                if (h->multi)
                        (void)curl_multi_cleanup(h->multi);
                curl_slist_free_all(h->headers);
                curl_slist_free_all(h->json_headers);
                curl_slist_free_all(h->target);
                buf_done(&h->ca);
                buf_done(&h->certificate);
                if (h->key.p)
                        explicit_bzero(h->key.p, h->key.n);
                buf_done(&h->key);
                free(h);
        }
        return NULL;
}

/* An IPv6 address stands in brackets. */
static const char *bracket(const char *host, bool open)
{
        return strchr(host, ':') ? open ? "[" : "]" : "";
}

/* "Expect:" without a value takes curl's own "Expect: 100-continue" away, which would cost a round trip. */
static bool headers_make(struct https *h)
{
        static const char *const lines[] = { "Sekisho-Version: 1", "Expect:" };

        for (size_t i = 0; i <= countof(lines); i++) {
                const char *line = i < countof(lines) ? lines[i] : "Content-Type: application/json";
                struct curl_slist *json = curl_slist_append(h->json_headers, line);
                struct curl_slist *plain = i < countof(lines) ? curl_slist_append(h->headers, line) : h->headers;

                if (!json || !plain)
                        return false;
                h->json_headers = json;
                h->headers = plain;
        }
        return true;
}

static int pin_set(struct https *h, const uint8_t *pin)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        base64_encode(&b, pin, HTTPS_PIN);
        (void)snprintf(h->pin, sizeof(h->pin), "sha256//%s", buf_view(&b).p);
        return buf_bad(&b) ? ERR_NOMEM : ERR_OK;
}

int https_open(struct https **out, const struct https_setup *s, struct err *e)
{
        scoped(https_close) struct https *h = calloc(1, sizeof(*h));
        char target[TARGET_ROOM];
        int n;

        if (!h || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
                return err_set(e, ERR_NOMEM, "HTTPS");
        h->multi = curl_multi_init();
        n = snprintf(h->base, sizeof(h->base), "https://%s%s%s:%u", bracket(s->host, true), s->host, bracket(s->host, false), s->port);
        if (n < 0 || (size_t)n >= sizeof(h->base) / 2)
                return err_set(e, ERR_TOO_BIG, "the server's name is too long");
        if (s->connect_host) {
                n = snprintf(target, sizeof(target), "::%s%s%s:%u", bracket(s->connect_host, true), s->connect_host,
                             bracket(s->connect_host, false), s->connect_port);
                if (n < 0 || (size_t)n >= sizeof(target))
                        return err_set(e, ERR_TOO_BIG, "the server's address is too long");
                h->target = curl_slist_append(NULL, target);
        }
        buf_str(&h->ca, s->ca);
        buf_str(&h->certificate, s->certificate);
        buf_str(&h->key, s->key);
        if (!h->multi || (s->connect_host && !h->target) || !headers_make(h) || (s->pin && pin_set(h, s->pin) < 0) || buf_bad(&h->ca) || buf_bad(&h->certificate) || buf_bad(&h->key))
                return err_set(e, ERR_NOMEM, "HTTPS");
        *out = take(h);
        return ERR_OK;
}

static size_t bytes_arrive(char *p, size_t one, size_t n, void *ctx)
{
        struct job *j = ctx;
        long status = 0;

        j->heard_at = clock_boot();
        if (curl_easy_getinfo(j->easy, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK)
                return 0;
        if (j->streaming && status == 200)
                return j->data(j->ctx, (struct str){ p, n }, &j->why) < 0 ? 0 : n;
        if (j->answer.n + n > HTTPS_ANSWER_MAX) {
                (void)err_set(&j->why, ERR_TOO_BIG, "the answer is larger than %d bytes", HTTPS_ANSWER_MAX);
                return 0;
        }
        buf_add(&j->answer, p, n);
        return n;
}

static struct curl_blob blob_of(const struct buf *b)
{
        return (struct curl_blob){ .data = b->p, .len = b->n, .flags = CURL_BLOB_NOCOPY };
}

/* What every request has in common; any refusal by the library is a refusal of the whole. */
static bool job_options(struct https *h, struct job *j, const char *url)
{
        struct curl_blob ca = blob_of(&h->ca), certificate = blob_of(&h->certificate), key = blob_of(&h->key);
        CURL *c = j->easy;
        bool ok = true;

#define SET(option, value) (ok = ok && curl_easy_setopt(c, option, value) == CURLE_OK)
        SET(CURLOPT_URL, url);
        SET(CURLOPT_PROTOCOLS_STR, "https");
        SET(CURLOPT_PROXY, "");
        SET(CURLOPT_NOSIGNAL, 1L);
        SET(CURLOPT_FOLLOWLOCATION, 0L);
        SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
        SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
        SET(CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
        SET(CURLOPT_TCP_NODELAY, 1L);
        SET(CURLOPT_TCP_KEEPALIVE, 1L);
        SET(CURLOPT_BUFFERSIZE, (long)RECEIVE_BYTES);
        SET(CURLOPT_HTTPHEADER, h->headers);
        SET(CURLOPT_ERRORBUFFER, j->words);
        SET(CURLOPT_WRITEFUNCTION, bytes_arrive);
        SET(CURLOPT_WRITEDATA, j);
        SET(CURLOPT_PRIVATE, j);
        if (h->target)
                SET(CURLOPT_CONNECT_TO, h->target);
        if (h->pin[0]) { /* the code carries the server's key: nothing a CA says is better than that */
                SET(CURLOPT_PINNEDPUBLICKEY, h->pin);
                SET(CURLOPT_SSL_VERIFYPEER, 0L);
                SET(CURLOPT_SSL_VERIFYHOST, 0L);
        } else {
                SET(CURLOPT_CAINFO_BLOB, &ca);
                SET(CURLOPT_CAPATH, NULL);
                SET(CURLOPT_SSL_VERIFYPEER, 1L);
                SET(CURLOPT_SSL_VERIFYHOST, 2L);
        }
        if (h->certificate.n) {
                SET(CURLOPT_SSLCERTTYPE, "PEM");
                SET(CURLOPT_SSLCERT_BLOB, &certificate);
                SET(CURLOPT_SSLKEYTYPE, "PEM");
                SET(CURLOPT_SSLKEY_BLOB, &key);
        }
#undef SET
        return ok;
}

/* Puts a ready job to work; it is the client's from here on. */
static int job_start(struct https *h, struct job **job, struct err *e)
{
        for (size_t i = 0; i < JOBS_MAX; i++) {
                if (h->jobs[i])
                        continue;
                if (curl_multi_add_handle(h->multi, (*job)->easy) != CURLM_OK)
                        return err_set(e, ERR_NOMEM, "HTTPS");
                h->jobs[i] = take(*job);
                return ERR_OK;
        }
        return err_set(e, ERR_BUSY, "too many requests at once");
}

static int job_new(struct job **out, struct https *h, const char *path, https_done_fn *done, void *ctx, struct err *e)
{
        scoped(job_free) struct job *j = calloc(1, sizeof(*j));
        char url[URL_ROOM];
        int n = snprintf(url, sizeof(url), "%s%s", h->base, path);

        if (n < 0 || (size_t)n >= sizeof(url))
                return err_set(e, ERR_TOO_BIG, "path too long");
        if (j) {
                j->of = h;
                j->easy = curl_easy_init();
                j->done = done;
                j->ctx = ctx;
                j->heard_at = clock_boot();
        }
        if (!j || !j->easy || !job_options(h, j, url))
                return err_set(e, ERR_NOMEM, "HTTPS request");
        *out = take(j);
        return ERR_OK;
}

static bool own_headers(struct job *j, const char *const *headers)
{
        for (; headers && *headers; headers++) {
                struct curl_slist *more = curl_slist_append(j->headers, *headers);

                if (!more)
                        return false;
                j->headers = more;
        }
        return true;
}

int https_post_with(struct https *h, const char *path, const char *const *headers, struct str body, utime_t patience, https_done_fn *done, void *ctx, struct err *e)
{
        scoped(job_free) struct job *j = NULL;
        int r = job_new(&j, h, path, done, ctx, e);

        if (r < 0)
                return r;
        j->body = malloc(body.n + 1);
        if (!j->body || !own_headers(j, headers))
                return err_set(e, ERR_NOMEM, "HTTPS request");
        memcpy(j->body, body.p, body.n);
        if (curl_easy_setopt(j->easy, CURLOPT_HTTPHEADER, j->headers ? j->headers : h->json_headers) != CURLE_OK || curl_easy_setopt(j->easy, CURLOPT_POST, 1L) != CURLE_OK ||
            curl_easy_setopt(j->easy, CURLOPT_POSTFIELDS, j->body) != CURLE_OK ||
            curl_easy_setopt(j->easy, CURLOPT_POSTFIELDSIZE, (long)body.n) != CURLE_OK ||
            curl_easy_setopt(j->easy, CURLOPT_TIMEOUT_MS, (long)(patience / UTIME_MS)) != CURLE_OK)
                return err_set(e, ERR_NOMEM, "HTTPS request");
        return job_start(h, &j, e);
}

int https_post(struct https *h, const char *path, struct str json, utime_t patience, https_done_fn *done, void *ctx, struct err *e)
{
        return https_post_with(h, path, NULL, json, patience, done, ctx, e);
}

int https_stream(struct https *h, const char *path, utime_t silence, https_data_fn *data, https_done_fn *done, void *ctx, struct err *e)
{
        scoped(job_free) struct job *j = NULL;
        int r = job_new(&j, h, path, done, ctx, e);

        if (r < 0)
                return r;
        j->streaming = true;
        j->silence = silence;
        j->data = data;
        return job_start(h, &j, e);
}

void https_stream_end(struct https *h)
{
        for (size_t i = 0; i < JOBS_MAX; i++)
                if (h->jobs[i] && h->jobs[i]->streaming)
                        h->jobs[i] = job_free(h->jobs[i]);
}

/* --- how it ended --- */

static int code_of(CURLcode code)
{
        switch (code) {
        case CURLE_OK:
                return ERR_OK;
        case CURLE_OPERATION_TIMEDOUT:
                return ERR_TIMEOUT;
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
                return ERR_TAMPERED;
        case CURLE_OUT_OF_MEMORY:
                return ERR_NOMEM;
        default:
                return ERR_IO;
        }
}

/* Takes the job out first: its callback may start the next one. */
static void job_finish(struct https *h, struct job *j, CURLcode code)
{
        scoped(job_free) struct job *mine = j;
        long status = 0;

        for (size_t i = 0; i < JOBS_MAX; i++)
                if (h->jobs[i] == j)
                        h->jobs[i] = NULL;
        (void)curl_easy_getinfo(j->easy, CURLINFO_RESPONSE_CODE, &status);
        if (code != CURLE_OK && !j->why.code)
                (void)err_set(&j->why, code_of(code), "%s", j->words[0] ? j->words : curl_easy_strerror(code));
        j->done(j->ctx, (int)status, buf_view(&j->answer), j->why.code ? &j->why : NULL);
        (void)mine;
}

static void finished_jobs(struct https *h)
{
        CURLMsg *m;
        int left;

        while ((m = curl_multi_info_read(h->multi, &left))) {
                struct job *j = NULL;
                CURLcode code = m->data.result;

                if (m->msg == CURLMSG_DONE && curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&j) == CURLE_OK && j)
                        job_finish(h, j, code);
        }
        for (size_t i = 0; i < JOBS_MAX; i++) {
                struct job *j = h->jobs[i];

                if (j && j->streaming && clock_boot() - j->heard_at > j->silence) {
                        (void)err_set(&j->why, ERR_TIMEOUT, "nothing heard for %lld s", (long long)(j->silence / UTIME_S));
                        job_finish(h, j, CURLE_OPERATION_TIMEDOUT);
                }
        }
}

static utime_t silence_deadline(const struct https *h, utime_t deadline)
{
        for (size_t i = 0; i < JOBS_MAX; i++)
                if (h->jobs[i] && h->jobs[i]->streaming && h->jobs[i]->heard_at + h->jobs[i]->silence < deadline)
                        deadline = h->jobs[i]->heard_at + h->jobs[i]->silence;
        return deadline;
}

int https_wait(struct https *h, int fd, utime_t deadline, struct err *e)
{
        struct curl_waitfd extra = { .fd = fd, .events = CURL_WAIT_POLLIN };
        int running;

        if (curl_multi_perform(h->multi, &running) != CURLM_OK)
                return err_set(e, ERR_NOMEM, "HTTPS");
        finished_jobs(h);
        if (curl_multi_poll(h->multi, fd >= 0 ? &extra : NULL, fd >= 0, clock_left_ms(silence_deadline(h, deadline)), NULL) != CURLM_OK)
                return err_set(e, ERR_IO, "HTTPS");
        if (curl_multi_perform(h->multi, &running) != CURLM_OK)
                return err_set(e, ERR_NOMEM, "HTTPS");
        finished_jobs(h);
        return ERR_OK;
}

struct waiting { bool over; int status; struct buf *answer; struct err *e; int code; };

static void call_done(void *ctx, int status, struct str body, const struct err *why)
{
        struct waiting *w = ctx;

        w->over = true;
        w->status = status;
        buf_str(w->answer, body);
        w->code = why ? why->code : ERR_OK;
        if (why && w->e)
                *w->e = *why;
}

int https_call(struct https *h, const char *path, struct str json, utime_t patience, int *status, struct buf *answer, struct err *e)
{
        struct waiting w = { .answer = answer, .e = e };
        int r = https_post(h, path, json, patience, call_done, &w, e);

        while (r == ERR_OK && !w.over)
                r = https_wait(h, -1, clock_boot() + patience, e);
        if (r == ERR_OK)
                r = w.code;
        if (r == ERR_OK)
                *status = w.status;
        return r;
}
