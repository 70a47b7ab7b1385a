/* seal.c - see seal.h. One thread appends; signing borrows its connection under the lock. */
#include "server/office/seal.h"

#include <pthread.h>

#include "core/journal/tree.h"
#include "link/signer.h"
#include "server/office/store/journal.h"
#include "server/office/store/rows.h"
#include "server/office/store/tree.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "wire/tombstones.h"

enum { CALL_MS = 5000, RETRY_S = 1 };

struct sealer {
        struct office       *office;
        pthread_t            thread;
        pthread_mutex_t      call;           /* the signer's connection and `db`: held while talking */
        struct signer_client client;
        struct db           *db;
        pthread_mutex_t      lock;           /* head, wake, stop: held for moments */
        pthread_cond_t       wake, sealed;
        struct signer_head   head;
        bool                 dirty, stop;
};

static utime_t call_deadline(void)
{
        return clock_boot() + CALL_MS * UTIME_MS;
}

static void set_head(struct sealer *s, const struct signer_head *head)
{
        (void)pthread_mutex_lock(&s->lock);
        s->head = *head;
        (void)pthread_cond_broadcast(&s->sealed);
        (void)pthread_mutex_unlock(&s->lock);
}

/* Under `call`. What the signer has must be the beginning of what we have. */
static int compare(struct sealer *s, struct err *e)
{
        struct signer_info info;
        struct hash root;
        uint64_t size = 0;
        char want[UUID_TEXT];
        int r = signer_info(&s->client, &info, call_deadline(), e);

        if (r == ERR_OK)
                r = journal_size(&size, NULL, s->db, e);
        if (r < 0)
                return r;
        uuid_text(want, info.install);
        if (strcmp(want, s->office->install_text) != 0 || info.epoch != s->office->epoch)
                return err_key(e, ERR_TAMPERED, "seal.signer.foreign", "", want, NULL);
        if (memcmp(info.log_key, s->office->log_key.key, ED25519_KEY) != 0)
                return err_key(e, ERR_TAMPERED, "seal.signer.foreign", "", want, NULL);
        if (info.head.size > size)
                return err_key(e, ERR_TAMPERED, "seal.store.behind", "", NULL);
        if (info.head.size) {
                r = tree_root(&root, info.head.size, tree_read_db, s->db, e);
                if (r == ERR_OK && !hash_eq(&root, &info.head.root))
                        r = err_key(e, ERR_TAMPERED, "seal.store.differs", "", NULL);
        }
        if (r == ERR_OK)
                set_head(s, &info.head);
        return r;
}

/* Under `call`. One batch; *more when there is another. */
static int append_some(struct sealer *s, bool *more, struct err *e)
{
        struct hash leaves[SIGNER_LEAVES_MAX];
        struct signer_head head = s->head;
        uint64_t size = 0, n;
        int r = journal_size(&size, NULL, s->db, e);

        if (r < 0)
                return r;
        n = size - head.size < SIGNER_LEAVES_MAX ? size - head.size : SIGNER_LEAVES_MAX;
        *more = head.size + n < size;
        if (!n)
                return ERR_OK;
        r = tree_read_db(s->db, 0, head.size, n, leaves, e);
        if (r == ERR_OK)
                r = signer_append(&s->client, head.size, leaves, (uint32_t)n, &head, call_deadline(), e);
        if (r == ERR_OK)
                set_head(s, &head);
        else if (r == ERR_CONFLICT || r == ERR_IO || r == ERR_TIMEOUT)
                (void)compare(s, NULL); /* perhaps it was done: look, then go on from there */
        return r;
}

static void *sealer_loop(void *arg)
{
        struct sealer *s = arg;

        for (;;) {
                struct err e = { 0 };
                bool more = true, stop;
                int r = ERR_OK;

                (void)pthread_mutex_lock(&s->lock);
                while (!s->dirty && !s->stop)
                        (void)pthread_cond_wait(&s->wake, &s->lock);
                stop = s->stop && !s->dirty;
                s->dirty = false;
                (void)pthread_mutex_unlock(&s->lock);
                if (stop)
                        return NULL;
                while (more && r == ERR_OK) {
                        (void)pthread_mutex_lock(&s->call);
                        r = append_some(s, &more, &e);
                        (void)pthread_mutex_unlock(&s->call);
                }
                if (r < 0) {
                        struct timespec nap = { .tv_sec = RETRY_S };

                        log_err(&e, "entries wait for the signer");
                        (void)pthread_mutex_lock(&s->lock);
                        s->dirty = !s->stop;
                        (void)pthread_mutex_unlock(&s->lock);
                        (void)nanosleep(&nap, NULL);
                }
        }
}

int sealer_start(struct sealer **out, struct office *o, const char *socket, struct err *e)
{
        struct sealer *s = calloc(1, sizeof(*s));
        int r;

        if (!s)
                return err_set(e, ERR_NOMEM, "sealer");
        s->office = o;
        s->dirty = true;
        (void)pthread_mutex_init(&s->call, NULL);
        (void)pthread_mutex_init(&s->lock, NULL);
        (void)pthread_cond_init(&s->wake, NULL);
        (void)pthread_cond_init(&s->sealed, NULL);
        r = signer_client_init(&s->client, socket, e);
        if (r == ERR_OK)
                r = db_open(&s->db, o->store_dir, DB_READ, e);
        if (r == ERR_OK)
                r = compare(s, e);
        if (r == ERR_OK && pthread_create(&s->thread, NULL, sealer_loop, s) != 0)
                r = err_set(e, ERR_NOMEM, "sealer thread");
        if (r < 0) {
                signer_client_done(&s->client);
                (void)db_close(s->db);
                free(s);
                return r;
        }
        *out = s;
        return ERR_OK;
}

void sealer_wake(struct sealer *s)
{
        (void)pthread_mutex_lock(&s->lock);
        s->dirty = true;
        (void)pthread_cond_signal(&s->wake);
        (void)pthread_mutex_unlock(&s->lock);
}

struct sealer *sealer_stop(struct sealer *s)
{
        if (!s)
                return NULL;
        (void)pthread_mutex_lock(&s->lock);
        s->stop = true;
        (void)pthread_cond_signal(&s->wake);
        (void)pthread_mutex_unlock(&s->lock);
        (void)pthread_join(s->thread, NULL);
        signer_client_done(&s->client);
        (void)db_close(s->db);
        free(s);
        return NULL;
}

int sealer_checkpoint(struct checkpoint *out, struct buf *note, struct sealer *s, struct err *e)
{
        struct signer_head head;
        struct checkpoint c = { 0 };

        (void)pthread_mutex_lock(&s->lock);
        head = s->head;
        (void)pthread_mutex_unlock(&s->lock);
        if (!head.size)
                return err_key(e, ERR_BUSY, "seal.waiting", "", NULL);
        note_origin(c.origin, s->office->install, s->office->epoch);
        c.size = head.size;
        c.root = head.root;
        checkpoint_note(note, &c, &s->office->log_key, head.sig);
        *out = c;
        return buf_bad(note) ? err_set(e, ERR_NOMEM, "checkpoint") : ERR_OK;
}

int sealer_wait(struct sealer *s, uint64_t index, utime_t deadline, struct err *e)
{
        bool done;

        (void)pthread_mutex_lock(&s->lock);
        while (s->head.size <= index && clock_boot() < deadline) {
                struct timespec until;

                (void)clock_gettime(CLOCK_REALTIME, &until);
                until.tv_nsec += 50 * 1000 * 1000L;
                until.tv_sec += until.tv_nsec / 1000000000L;
                until.tv_nsec %= 1000000000L;
                (void)pthread_cond_timedwait(&s->sealed, &s->lock, &until);
        }
        done = s->head.size > index;
        (void)pthread_mutex_unlock(&s->lock);
        return done ? ERR_OK : err_key(e, ERR_TIMEOUT, "seal.waiting", "", NULL);
}

/* Under `call`: the tree stands still, so the proof fits the signer's present root. */
static int gather(struct evidence *ev, struct sealer *s, uint64_t index, struct str fixed, struct arena *a, struct err *e)
{
        int r;

        *ev = (struct evidence){ .index = index };
        r = journal_entry(&ev->entry, s->db, index, a, e);
        if (r == ERR_OK)
                r = tree_prove_inclusion(&ev->proof, index, s->head.size, tree_read_db, s->db, e);
        return r < 0 ? r : evidence_digest_find(&ev->digest_at, ev->entry, fixed, e);
}

int sealer_sign_table(uint8_t sig[ED25519_SIG], struct sealer *s, uint64_t index, const uint8_t header[GRANT_HEADER_BYTES], struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct evidence *ev = arena_new(&a, struct evidence);
        int r = ev ? ERR_OK : err_set(e, ERR_NOMEM, "evidence");

        (void)pthread_mutex_lock(&s->call);
        if (r == ERR_OK)
                r = gather(ev, s, index, (struct str){ (const char *)header, GRANT_HEADER_BYTES }, &a, e);
        if (r == ERR_OK)
                r = signer_table(&s->client, ev, header, sig, call_deadline(), e);
        (void)pthread_mutex_unlock(&s->call);
        return r;
}

int sealer_sign_cert(struct buf *der, struct sealer *s, uint64_t index, const struct signer_cert *c, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(buf_done) struct buf fixed = BUF_INIT;
        struct evidence *ev = arena_new(&a, struct evidence);
        struct str view;
        int r = ev ? ERR_OK : err_set(e, ERR_NOMEM, "evidence");

        signer_cert_encode(&fixed, c);
        (void)pthread_mutex_lock(&s->call);
        if (r == ERR_OK)
                r = gather(ev, s, index, buf_view(&fixed), &a, e);
        if (r == ERR_OK)
                r = signer_cert(&s->client, ev, c, &view, call_deadline(), e);
        if (r == ERR_OK) {
                buf_str(der, view);
                r = buf_bad(der) ? err_set(e, ERR_NOMEM, "certificate") : ERR_OK;
        }
        (void)pthread_mutex_unlock(&s->call);
        return r;
}

int sealer_tombstone(struct sealer *s, uint64_t index, const char *unit, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(buf_done) struct buf fixed = BUF_INIT;
        struct evidence *ev = arena_new(&a, struct evidence);
        int r = ev ? ERR_OK : err_set(e, ERR_NOMEM, "evidence");

        tombstone_fixed_encode(&fixed, unit);
        (void)pthread_mutex_lock(&s->call);
        if (r == ERR_OK)
                r = gather(ev, s, index, buf_view(&fixed), &a, e);
        if (r == ERR_OK)
                r = signer_tombstone(&s->client, ev, unit, call_deadline(), e);
        (void)pthread_mutex_unlock(&s->call);
        return r;
}

int sealer_info(struct signer_info *out, struct buf *room, struct sealer *s, struct err *e)
{
        struct str *views[] = { &out->ca, &out->ca_next, &out->root };
        size_t from = room->n;
        int r;

        (void)pthread_mutex_lock(&s->call);
        r = signer_info(&s->client, out, call_deadline(), e);
        for (size_t i = 0; r == ERR_OK && i < countof(views); i++)
                buf_str(room, *views[i]);
        (void)pthread_mutex_unlock(&s->call);
        if (r == ERR_OK && buf_bad(room))
                r = err_set(e, ERR_NOMEM, "the signer's certificates");
        for (size_t i = 0; r == ERR_OK && i < countof(views); i++) {
                views[i]->p = room->p + from;
                from += views[i]->n;
        }
        return r;
}

int sealer_rotate(uint8_t sig[ED25519_SIG], struct sealer *s, uint64_t index, const struct keylink *l, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(buf_done) struct buf fixed = BUF_INIT;
        struct evidence *ev = arena_new(&a, struct evidence);
        int r = ev ? ERR_OK : err_set(e, ERR_NOMEM, "evidence");

        keylink_encode(&fixed, l);
        (void)pthread_mutex_lock(&s->call);
        if (r == ERR_OK)
                r = gather(ev, s, index, buf_view(&fixed), &a, e);
        if (r == ERR_OK)
                r = signer_rotate(&s->client, ev, l, sig, call_deadline(), e);
        (void)pthread_mutex_unlock(&s->call);
        return r;
}
