/* log_walk.c - see log_view.h: a full log, every byte of it.
 *
 * Threads take one bundle after the other: each entry is read, dated and hashed, the level-0 tile compared, the bundle's root kept. What
 * is left, the levels above (a 256th), is done when all have ended. The tree is thus recomputed from the entries alone; tiles are only
 * compared with it. 40 bytes are kept for each 256 entries.
 *
 * A fault ends the search behind it, not before it: of several the first is named.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/log_view.h"
#include "core/journal/scan.h"
#include "core/journal/tile.h"

enum { THREADS_MAX = 8, ABSENT_MAX = 64 };      /* so many missing bundles, and nobody looks for more */

struct times { int64_t first, last; };

/* Something that is wrong in bundle n, in words. */
struct fault { bool set; uint64_t n; int code; const char *key; char arg[4][ERR_TEXT_MAX]; };

enum fault_kind { FAULT_TAMPERED, FAULT_ABSENT, FAULT_USAGE, FAULT_KINDS };

struct log_walk {
        struct log_view *view;
        uint64_t         size, bundles;
        struct times    *times;                 /* one a bundle */
        struct hash     *level[TILE_LEVELS];    /* level[0] is not kept */
        atomic_uint_fast64_t next, done;
        atomic_uint_fast64_t stop;              /* no bundle from here on needs looking at */
        atomic_bool      holes;                 /* a bundle is missing: there is no root */
        pthread_mutex_t  lock;                  /* fault, the view's specials */
        struct fault     fault[FAULT_KINDS];
        unsigned         absent;
        struct buf       again;                 /* bundle that log_walk_agrees() read again */
        struct hash      leaf[TILE_WIDTH];
        uint64_t         again_n;
        bool             again_set;
};

/* What each thread has for itself. */
struct worker { struct log_walk *walk; struct buf bundle, tile; struct hash leaf[TILE_WIDTH]; };

struct log_walk *log_walk_free(struct log_walk *w)
{
        if (!w)
                return NULL;
        for (size_t i = 0; i < TILE_LEVELS; i++)
                free(w->level[i]);
        free(w->times);
        buf_done(&w->again);
        free(w);
        return NULL;
}

/* ---- faults: the first of each kind ---- */

static void found(struct log_walk *w, enum fault_kind kind, uint64_t n, const char *key, const char *a, const char *b, const char *c)
{
        struct fault *f = &w->fault[kind];
        const char *args[] = { a, b, c };

        (void)pthread_mutex_lock(&w->lock);
        if (!f->set || n < f->n) {
                *f = (struct fault){ .set = true, .n = n, .key = key };
                for (size_t i = 0; i < countof(args); i++)
                        (void)snprintf(f->arg[i], sizeof(f->arg[i]), "%s", args[i] ? args[i] : "");
        }
        if ((kind != FAULT_ABSENT || ++w->absent > ABSENT_MAX) && n + 1 < atomic_load(&w->stop))
                atomic_store(&w->stop, n + 1);
        (void)pthread_mutex_unlock(&w->lock);
}

static void read_failed(struct log_walk *w, uint64_t n, const char *path, int code, const struct err *e)
{
        if (code == ERR_ABSENT)
                found(w, FAULT_ABSENT, n, "verify-log.absent", path, NULL, NULL);
        else if (code == ERR_TOO_BIG)
                found(w, FAULT_TAMPERED, n, "verify.file.bad", path, e->text, NULL);
        else
                found(w, FAULT_USAGE, n, "verify.unreadable", path, e->text, NULL);
}

static bool say_faults(struct log_walk *w)
{
        static const int verdicts[] = { [FAULT_TAMPERED] = VERDICT_TAMPERED, [FAULT_ABSENT] = VERDICT_INCOMPLETE, [FAULT_USAGE] = VERDICT_USAGE };
        bool any = false;

        for (size_t i = 0; i < FAULT_KINDS; i++) {
                const struct fault *f = &w->fault[i];

                if (f->set)
                        report(w->view->report, verdicts[i], f->key, f->arg[0], f->arg[1], f->arg[2], NULL);
                any = any || (f->set && i != FAULT_ABSENT);
        }
        return any;
}

/* ---- one bundle ---- */

static int load_tile(struct log_walk *w, struct buf *out, char path[TILE_PATH], struct tile t, struct err *e)
{
        size_t max = t.level == TILE_ENTRIES ? BUNDLE_BYTES : TILE_BYTES;

        tile_path(path, t);
        buf_clear(out);
        return w->view->files->read(w->view->files->ctx, out, path, max, e);
}

/* What else happens to an entry than being hashed. false: it was found to be wrong. */
static bool entry_check(struct log_walk *w, uint64_t n, uint64_t index, const char *path, struct times *t, bool first, struct str entry)
{
        struct entry_seen seen;
        struct err e = { 0 };
        int r = entry_scan(&seen, entry, &e);

        if (r < 0) {
                found(w, FAULT_TAMPERED, n, "verify-log.entry.bad", decimal(index), path, e.text);
                return false;
        }
        if (!first && seen.at < t->last) {
                found(w, FAULT_TAMPERED, n, "verify-log.entry.early", decimal(index), path, NULL);
                return false;
        }
        if (first)
                t->first = seen.at;
        t->last = seen.at;
        if (log_is_special(seen.type)) {
                (void)pthread_mutex_lock(&w->lock);
                r = log_special_add(w->view, index, seen.type, entry);
                (void)pthread_mutex_unlock(&w->lock);
                if (r < 0)
                        found(w, FAULT_TAMPERED, n, "verify-log.entry.bad", decimal(index), path, "more such entries than there may be");
        }
        return r == ERR_OK;
}

/* Leaf hashes of the bundle in k->bundle. */
static bool bundle_read(struct worker *k, struct tile t, const char *path)
{
        struct log_walk *w = k->walk;
        struct bundle b = { .rest = buf_view(&k->bundle) };
        struct str entry;
        struct err e = { 0 };
        int r;

        while ((r = bundle_next(&entry, &b, &e)) == ERR_OK && b.seen <= t.width) {
                unsigned i = b.seen - 1;

                if (!entry_check(w, t.n, t.n * TILE_WIDTH + i, path, &w->times[t.n], i == 0, entry))
                        return false;
                k->leaf[i] = hash_leaf(entry);
        }
        if (r == ERR_ABSENT && b.seen == t.width)
                return true;
        if (r == ERR_INPUT)
                found(w, FAULT_TAMPERED, t.n, "verify.file.bad", path, e.text, NULL);
        else
                found(w, FAULT_TAMPERED, t.n, "verify-log.bundle.count", path, decimal(t.width), NULL);
        return false;
}

/* The tile must be these hashes and nothing else. */
static void tile_compare(struct log_walk *w, struct buf *room, struct tile t, uint64_t fault_at, const struct hash *want)
{
        char path[TILE_PATH], bundle[TILE_PATH];
        struct err e = { 0 };
        int r = load_tile(w, room, path, t, &e);
        unsigned i = 0;

        if (r < 0) {
                read_failed(w, fault_at, path, r, &e);
                return;
        }
        while (i < t.width && room->n >= (i + 1) * HASH_SIZE && memcmp(room->p + i * HASH_SIZE, want[i].b, HASH_SIZE) == 0)
                i++;
        if (i == t.width && room->n == t.width * HASH_SIZE)
                return;
        if (t.level || i == t.width) {
                found(w, FAULT_TAMPERED, fault_at, "verify-log.tile.differs", path, decimal(i), NULL);
                return;
        }
        t.level = TILE_ENTRIES;
        tile_path(bundle, t);
        found(w, FAULT_TAMPERED, fault_at, "verify-log.leaf.differs", decimal(t.n * TILE_WIDTH + i), bundle, path);
}

static struct hash fold(const struct hash tile[TILE_WIDTH])
{
        struct hash h[TILE_WIDTH / 2];

        for (size_t i = 0; i < TILE_WIDTH / 2; i++)
                h[i] = hash_node(&tile[2 * i], &tile[2 * i + 1]);
        for (size_t n = TILE_WIDTH / 2; n > 1; n /= 2)
                for (size_t i = 0; i < n / 2; i++)
                        h[i] = hash_node(&h[2 * i], &h[2 * i + 1]);
        return h[0];
}

static void bundle_check(struct worker *k, uint64_t n)
{
        struct log_walk *w = k->walk;
        struct tile t = tile_at(w->size, TILE_ENTRIES, n);
        char path[TILE_PATH];
        struct err e = { 0 };
        int r = load_tile(w, &k->bundle, path, t, &e);

        if (r < 0) {
                atomic_store(&w->holes, true);
                read_failed(w, n, path, r, &e);
                return;
        }
        if (!bundle_read(k, t, path)) {
                atomic_store(&w->holes, true);
                return;
        }
        t.level = 0;
        tile_compare(w, &k->tile, t, n, k->leaf);
        if (t.width == TILE_WIDTH)
                w->level[1][n] = fold(k->leaf);
}

static void *work(void *arg)
{
        struct worker *k = arg;
        struct log_walk *w = k->walk;

        for (uint64_t n; (n = atomic_fetch_add(&w->next, 1)) < atomic_load(&w->stop);)
                bundle_check(k, n);
        return NULL;
}

/* The calling thread works, too: a thread that cannot be started is one less. */
static bool work_all(struct log_walk *w)
{
        long processors = sysconf(_SC_NPROCESSORS_ONLN);
        size_t n = processors < 1 ? 1 : processors > THREADS_MAX ? THREADS_MAX : (size_t)processors;
        struct worker *k = calloc(n, sizeof(*k));
        pthread_t thread[THREADS_MAX];
        size_t started = 1;

        if (!k)
                return false;
        for (size_t i = 0; i < n; i++)
                k[i].walk = w;
        while (started < n && pthread_create(&thread[started], NULL, work, &k[started]) == 0)
                started++;
        (void)work(&k[0]);
        for (size_t i = 1; i < started; i++)
                (void)pthread_join(thread[i], NULL);
        for (size_t i = 0; i < n; i++) {
                buf_done(&k[i].bundle);
                buf_done(&k[i].tile);
        }
        free(k);
        return true;
}

/* ---- what is above the bundles ---- */

static void order_check(struct log_walk *w)
{
        for (uint64_t n = 1; n < w->bundles; n++) {
                char path[TILE_PATH];

                if (w->times[n].first >= w->times[n - 1].last)
                        continue;
                tile_path(path, tile_at(w->size, TILE_ENTRIES, n));
                found(w, FAULT_TAMPERED, n, "verify-log.entry.early", decimal(n * TILE_WIDTH), path, NULL);
                return;
        }
}

static void levels_check(struct log_walk *w)
{
        scoped(buf_done) struct buf room = BUF_INIT;

        for (unsigned level = 1; level < TILE_LEVELS; level++) {
                uint64_t n = tile_hashes(w->size, level);

                for (uint64_t i = 0; level > 1 && i < n; i++)
                        w->level[level][i] = fold(w->level[level - 1] + i * TILE_WIDTH);
                for (uint64_t i = 0; i < tile_count(w->size, (int)level); i++)
                        tile_compare(w, &room, tile_at(w->size, (int)level, i), i << TILE_BITS * level, w->level[level] + i * TILE_WIDTH);
        }
}

/* The view's tree: bundles for the leaves, what was kept for the rest. */
static int read_hashes(void *ctx, unsigned level, uint64_t at, size_t n, struct hash *out, struct err *e)
{
        struct log_walk *w = ctx;
        uint64_t from = at / TILE_WIDTH;
        struct bundle b;
        struct str entry;
        char path[TILE_PATH];
        int r;

        if (level) {
                memcpy(out, w->level[level] + at, n * sizeof(*out));
                return ERR_OK;
        }
        if (!w->again_set || w->again_n != from) {
                r = load_tile(w, &w->again, path, tile_at(w->size, TILE_ENTRIES, from), e);
                if (r < 0)
                        return r;
                b = (struct bundle){ .rest = buf_view(&w->again) };
                while ((r = bundle_next(&entry, &b, e)) == ERR_OK)
                        w->leaf[b.seen - 1] = hash_leaf(entry);
                if (r != ERR_ABSENT)
                        return r;
                w->again_n = from;
                w->again_set = true;
        }
        memcpy(out, w->leaf + at % TILE_WIDTH, n * sizeof(*out));
        return ERR_OK;
}

int log_walk_agrees(struct log_view *v, const struct point *p, struct err *e)
{
        struct hash root;
        int r = tree_root(&root, p->size, read_hashes, v->walk, e);

        if (r < 0)
                return r;
        return hash_eq(&root, &p->root) ? ERR_OK : err_set(e, ERR_TAMPERED, "the first %llu entries have another root", (unsigned long long)p->size);
}

static struct log_walk *walk_new(struct log_view *v)
{
        struct log_walk *w = calloc(1, sizeof(*w));
        bool ok = w != NULL;

        if (!w)
                return NULL;
        w->view = v;
        w->size = v->head.size;
        w->bundles = tile_count(w->size, TILE_ENTRIES);
        atomic_store(&w->stop, w->bundles);
        (void)pthread_mutex_init(&w->lock, NULL);
        w->times = calloc(w->bundles + 1, sizeof(*w->times));
        ok = w->times != NULL;
        for (unsigned level = 1; ok && level < TILE_LEVELS; level++) {
                w->level[level] = calloc(tile_hashes(w->size, level) + 1, sizeof(struct hash));
                ok = w->level[level] != NULL;
        }
        return ok ? w : log_walk_free(w);
}

static int by_index(const void *a, const void *b)
{
        const struct log_special *x = a, *y = b;

        return x->index < y->index ? -1 : x->index > y->index;
}

static uint64_t tiles_of(uint64_t size)
{
        uint64_t n = 0;

        for (int level = 0; level < TILE_LEVELS; level++)
                n += tile_count(size, level);
        return n;
}

/* Before room is made for what the checkpoint says there is: whoever signs may say any size. */
static bool has_last(struct log_view *v)
{
        scoped(buf_done) struct buf room = BUF_INIT;
        uint64_t n = tile_count(v->head.size, TILE_ENTRIES);
        char path[TILE_PATH];
        struct err e = { 0 };
        int r;

        if (!n)
                return true;
        tile_path(path, tile_at(v->head.size, TILE_ENTRIES, n - 1));
        r = v->files->read(v->files->ctx, &room, path, BUNDLE_BYTES, &e);
        if (r < 0)
                log_file_failed(v->report, path, r, &e);
        return r == ERR_OK;
}

bool log_walk_read(struct log_view *v)
{
        struct log_walk *w;
        struct err e = { 0 };

        if (!has_last(v))
                return false;
        w = v->walk = walk_new(v);
        if (!w || !work_all(w)) {
                report(v->report, VERDICT_USAGE, "verify.unreadable", "tile", "no memory", NULL);
                return false;
        }
        qsort(v->special, v->n_special, sizeof(v->special[0]), by_index);
        if (!atomic_load(&w->holes) && !w->fault[FAULT_TAMPERED].set) {
                order_check(w);
                levels_check(w);
        }
        if (say_faults(w) || atomic_load(&w->holes))
                return false;
        if (log_walk_agrees(v, &v->head, &e) < 0) {
                report(v->report, VERDICT_TAMPERED, "verify-log.root", NULL);
                return false;
        }
        report(v->report, VERDICT_VERIFIED, "verify-log.read", decimal(w->size), decimal(w->bundles), decimal(tiles_of(w->size)), NULL);
        return true;
}
