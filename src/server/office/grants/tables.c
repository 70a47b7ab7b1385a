/* tables.c - see tables.h. Old tables are freed when they leave the ring and no listener is writing (a reader count). */
#include "server/office/grants/tables.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>

#include "server/office/office_time.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/sock.h"

enum { STACK_BYTES = 512 * 1024, LOOK_MS = 500 };

/* A table under a reference count: the ring holds one, each listener that is encoding holds one. */
struct kept { struct grants *table; unsigned refs; };

struct listener { struct listener *next; struct tables *of; int fd; char gate[UUID_TEXT]; uint32_t epoch; uint64_t seq; };

struct tables {
        pthread_mutex_t  lock;
        pthread_cond_t   changed;
        struct kept     *ring[TABLES_KEPT];      /* newest at [count - 1] */
        size_t           count;
        struct listener *listeners;
        size_t           listening;
        bool             stop;
        const struct office *office;             /* NULL: the machine's clock */
};

static utime_t now_of(const struct tables *t)
{
        return t->office ? office_now(t->office) : clock_now();
}

void tables_live_by(struct tables *t, const struct office *o)
{
        t->office = o;
}

int tables_new(struct tables **out, struct err *e)
{
        struct tables *t = calloc(1, sizeof(*t));

        if (!t)
                return err_set(e, ERR_NOMEM, "tables");
        (void)pthread_mutex_init(&t->lock, NULL);
        (void)pthread_cond_init(&t->changed, NULL);
        *out = t;
        return ERR_OK;
}

static void kept_put(struct kept *k)
{
        if (k && --k->refs == 0) {
                (void)grants_free(k->table);
                free(k);
        }
}

int tables_publish(struct tables *t, struct grants *table, struct err *e)
{
        struct kept *k = calloc(1, sizeof(*k));

        if (!k)
                return err_set(e, ERR_NOMEM, "tables");
        *k = (struct kept){ .table = table, .refs = 1 };
        (void)pthread_mutex_lock(&t->lock);
        if (t->count == TABLES_KEPT) {
                kept_put(t->ring[0]);
                memmove(t->ring, t->ring + 1, (TABLES_KEPT - 1) * sizeof(t->ring[0]));
                t->count--;
        }
        t->ring[t->count++] = k;
        (void)pthread_cond_broadcast(&t->changed);
        (void)pthread_mutex_unlock(&t->lock);
        return ERR_OK;
}

const struct grants *tables_newest(struct tables *t)
{
        const struct grants *g;

        (void)pthread_mutex_lock(&t->lock);
        g = t->count ? t->ring[t->count - 1]->table : NULL;
        (void)pthread_mutex_unlock(&t->lock);
        return g;
}

uint64_t tables_seq(struct tables *t)
{
        uint64_t seq;

        (void)pthread_mutex_lock(&t->lock);
        seq = t->count ? t->ring[t->count - 1]->table->head.seq : 0;
        (void)pthread_mutex_unlock(&t->lock);
        return seq;
}

bool tables_header_hash(struct tables *t, uint64_t seq, struct hash *out)
{
        bool hit = false;

        (void)pthread_mutex_lock(&t->lock);
        for (size_t i = 0; i < t->count; i++)
                if (t->ring[i]->table->head.seq == seq) {
                        *out = grant_header_hash(&t->ring[i]->table->head);
                        hit = true;
                }
        (void)pthread_mutex_unlock(&t->lock);
        return hit;
}

size_t tables_listeners(struct tables *t)
{
        size_t n;

        (void)pthread_mutex_lock(&t->lock);
        n = t->listening;
        (void)pthread_mutex_unlock(&t->lock);
        return n;
}

bool tables_listens(struct tables *t, const char *gate_id)
{
        bool hit = false;

        (void)pthread_mutex_lock(&t->lock);
        for (const struct listener *l = t->listeners; l; l = l->next)
                hit |= strcmp(l->gate, gate_id) == 0;
        (void)pthread_mutex_unlock(&t->lock);
        return hit;
}

/* ---- one listener ---- */

/* The peer of a stream says nothing; readable means it went away. */
static bool peer_gone(int fd)
{
        struct pollfd p = { .fd = fd, .events = POLLIN | POLLRDHUP };

        return poll(&p, 1, 0) > 0;
}

static struct kept *hold(struct tables *t, uint32_t epoch, uint64_t seq)
{
        for (size_t i = 0; i < t->count; i++)
                if (t->ring[i]->table->head.epoch == epoch && t->ring[i]->table->head.seq == seq) {
                        t->ring[i]->refs++;
                        return t->ring[i];
                }
        return NULL;
}

static int send_frame(struct listener *l, uint16_t type, struct str body, struct err *e)
{
        scoped(buf_done) struct buf head = BUF_INIT;
        utime_t deadline = clock_boot() + WRITE_MS * UTIME_MS;
        int r;

        frame_head(&head, type, now_of(l->of), (uint32_t)body.n);
        if (buf_bad(&head))
                return err_set(e, ERR_NOMEM, "frame");
        r = sock_write(l->fd, buf_view(&head), deadline, e);
        return r < 0 ? r : sock_write(l->fd, body, deadline, e);
}

/* `from` NULL or too far: a snapshot. */
static int send_table(struct listener *l, const struct grants *from, const struct grants *to, struct err *e)
{
        scoped(buf_done) struct buf body = BUF_INIT;
        uint16_t type = FRAME_DELTA;
        int r = from ? grants_delta(&body, from, to, e) : ERR_TOO_BIG;

        if (r == ERR_TOO_BIG) {
                buf_clear(&body);
                type = FRAME_SNAPSHOT;
                r = grants_encode(&body, to, e);
        }
        return r < 0 ? r : send_frame(l, type, buf_view(&body), e);
}

static int send_heartbeat(struct listener *l, uint64_t seq, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        frame_heartbeat(&b, now_of(l->of), seq);
        return buf_bad(&b) ? err_set(e, ERR_NOMEM, "heartbeat") : sock_write(l->fd, buf_view(&b), clock_boot() + WRITE_MS * UTIME_MS, e);
}

/* Under the lock: brings the listener to the newest table. */
static int catch_up(struct tables *t, struct listener *l, struct err *e)
{
        struct kept *to = t->ring[t->count - 1], *from = hold(t, l->epoch, l->seq);
        int r;

        to->refs++;
        (void)pthread_mutex_unlock(&t->lock);
        r = send_table(l, from ? from->table : NULL, to->table, e);
        (void)pthread_mutex_lock(&t->lock);
        if (r == ERR_OK) {
                l->epoch = to->table->head.epoch;
                l->seq = to->table->head.seq;
        }
        kept_put(from);
        kept_put(to);
        return r;
}

static bool is_behind(const struct tables *t, const struct listener *l)
{
        const struct grants *newest = t->count ? t->ring[t->count - 1]->table : NULL;

        return newest && (newest->head.epoch != l->epoch || newest->head.seq != l->seq);
}

static int serve(struct tables *t, struct listener *l, struct err *e)
{
        utime_t next_beat = 0;
        int r = ERR_OK;

        (void)pthread_mutex_lock(&t->lock);
        while (r == ERR_OK && !t->stop && !peer_gone(l->fd)) {
                struct timespec until;

                if (is_behind(t, l)) {
                        r = catch_up(t, l, e);
                        continue;
                }
                if (clock_boot() >= next_beat) {
                        (void)pthread_mutex_unlock(&t->lock);
                        r = send_heartbeat(l, l->seq, e);
                        (void)pthread_mutex_lock(&t->lock);
                        next_beat = clock_boot() + HEARTBEAT_MS * UTIME_MS;
                        continue;
                }
                (void)clock_gettime(CLOCK_REALTIME, &until);
                until.tv_nsec += LOOK_MS * 1000 * 1000L;
                until.tv_sec += until.tv_nsec / 1000000000L;
                until.tv_nsec %= 1000000000L;
                (void)pthread_cond_timedwait(&t->changed, &t->lock, &until);
        }
        (void)pthread_mutex_unlock(&t->lock);
        return r;
}

static void unlist(struct tables *t, struct listener *l)
{
        (void)pthread_mutex_lock(&t->lock);
        for (struct listener **at = &t->listeners; *at; at = &(*at)->next)
                if (*at == l) {
                        *at = l->next;
                        t->listening--;
                        break;
                }
        (void)pthread_cond_broadcast(&t->changed);
        (void)pthread_mutex_unlock(&t->lock);
}

static void *listener_loop(void *arg)
{
        struct listener *l = arg;
        struct err e = { 0 };

        log_say(LOG_INFO, "gate %s connected with table %llu", l->gate, (unsigned long long)l->seq);
        if (serve(l->of, l, &e) < 0)
                log_err(&e, "stream of gate %s", l->gate);
        log_say(LOG_INFO, "gate %s disconnected", l->gate);
        (void)close(l->fd);
        unlist(l->of, l);
        free(l);
        return NULL;
}

int tables_serve(struct tables *t, int fd, const char *gate_id, uint32_t epoch, uint64_t seq, struct err *e)
{
        struct listener *l = calloc(1, sizeof(*l));
        pthread_attr_t attr;
        pthread_t thread;
        bool ok;

        if (!l)
                return err_set(e, ERR_NOMEM, "listener");
        *l = (struct listener){ .of = t, .fd = fd, .epoch = epoch, .seq = seq };
        (void)snprintf(l->gate, sizeof(l->gate), "%s", gate_id);

        (void)pthread_mutex_lock(&t->lock);
        ok = t->listening < LISTENERS_MAX && !t->stop;
        if (ok) {
                l->next = t->listeners;
                t->listeners = l;
                t->listening++;
        }
        (void)pthread_mutex_unlock(&t->lock);
        if (!ok) {
                free(l);
                return err_key(e, ERR_BUSY, "gate.streams.full", "", NULL);
        }
        (void)pthread_attr_init(&attr);
        (void)pthread_attr_setstacksize(&attr, STACK_BYTES);
        (void)pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
        ok = pthread_create(&thread, &attr, listener_loop, l) == 0;
        (void)pthread_attr_destroy(&attr);
        if (!ok) {
                unlist(t, l);
                free(l);
                return err_set(e, ERR_NOMEM, "listener thread");
        }
        return ERR_OK;
}

struct tables *tables_free(struct tables *t)
{
        if (!t)
                return NULL;
        (void)pthread_mutex_lock(&t->lock);
        t->stop = true;
        (void)pthread_cond_broadcast(&t->changed);
        while (t->listeners)
                (void)pthread_cond_wait(&t->changed, &t->lock);
        for (size_t i = 0; i < t->count; i++)
                kept_put(t->ring[i]);
        (void)pthread_mutex_unlock(&t->lock);
        free(t);
        return NULL;
}
