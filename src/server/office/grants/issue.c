/* issue.c - see issue.h. The issuer wakes on changed permits, when a table is half its life old, and to try again. */
#include "server/office/grants/issue.h"

#include <pthread.h>

#include "base/codec.h"
#include "server/office/command/rotations.h"
#include "server/office/grants/compile.h"
#include "server/office/grants/tables.h"
#include "server/office/office_time.h"
#include "server/office/seal.h"
#include "server/office/store/local.h"
#include "server/office/writer.h"
#include "sys/clock.h"
#include "sys/log.h"

/* TABLED_AT_ONCE: an entry has at most 65,535 bytes; a permit's after-image about 500. */
enum { RETRY_MS = 1000, SIGN_WAIT_MS = 5000, KEEP_STORED = 40, TABLED_AT_ONCE = 100 };

struct issuer {
        struct office  *office;
        struct tables  *tables;        /* what is signed and who listens */
        pthread_t       thread;
        pthread_mutex_t lock;
        pthread_cond_t  wake;
        bool            dirty, stop;
        struct grants  *pending;       /* journalled, not signed yet; the issuer thread's own */
        struct receipt  receipt;       /* of its entry */
};

/* ---- the act: compile and journal, on the writer's snapshot ---- */

struct issue {
        struct grants      *table;      /* out, unsigned; NULL when nothing is to be issued */
        struct receipt      receipt;
        const struct grants *last;      /* newest signed one, may be NULL */
        bool                refresh;    /* issue even if nothing changed */
};

static bool same_rows(const struct grants *a, const struct grants *b)
{
        if (!a || a->head.count != b->head.count || a->head.side_bytes != b->head.side_bytes || memcmp(a->side, b->side, a->head.side_bytes) != 0)
                return false;
        for (uint32_t i = 0; i < a->head.count; i++) {
                struct grant x = a->rows[i], y = b->rows[i];

                if (grant_key_cmp(&x.key, &y.key) != 0 || x.verdict != y.verdict || x.zone != y.zone || x.from != y.from || x.until != y.until ||
                    !uuid_eq(x.permit, y.permit) || !uuid_eq(x.subject, y.subject))
                        return false;
        }
        return true;
}

/* Each open permit that no table carried yet is now carried by `seq`; when an entry cannot hold them all, the rest is marked by the
 * next table, which follows at once. */
static int mark_tabled(struct changes *c, struct act *act, const struct permit_line *permits, size_t n, uint64_t seq, struct err *e)
{
        size_t marked = 0;

        for (size_t i = 0; i < n; i++) {
                struct row row;
                int r;

                if (permits[i].tabled)
                        continue;
                if (marked++ == TABLED_AT_ONCE) {
                        act->permits_changed = true;
                        break;
                }
                r = store_row(&row, act->db, TABLE_PERMIT, permits[i].id.p, NULL, act->arena, e);
                if (r < 0)
                        return r;
                row_int(&row, PERMIT_table_seq, (int64_t)seq);
                r = changes_mark(c, &row, e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

static int seal_header(struct grants *t, struct act *act, const struct row *install, const struct grants *last, struct err *e)
{
        struct str previous = row_get_text(install, INSTALL_table_hash);

        t->head.epoch = act->office->epoch;
        t->head.install = act->office->install;
        t->head.seq = (uint64_t)row_get_int(install, INSTALL_table_seq) + 1;
        t->head.made_at = act->now;
        if (last && last->head.made_at >= t->head.made_at) /* the clock went back: time in tables does not */
                t->head.made_at = last->head.made_at + 1;
        t->head.valid_until = t->head.made_at + (utime_t)act->office->pack->settings.grant_valid_hours * UTIME_HOUR;
        if (previous.n && !hex_decode(previous, t->head.previous.b, HASH_SIZE))
                return err_set(e, ERR_TAMPERED, "hash of the previous table is malformed");
        return grants_seal(t, e);
}

static int issue_act(struct act *act, void *arg, struct err *e)
{
        scoped(grants_free) struct grants *t = NULL;
        scoped(buf_done) struct buf side = BUF_INIT;
        struct issue *in = arg;
        struct permit_line *permits = NULL;
        size_t n = 0;
        struct changes c;
        struct row install;
        struct hash digest;
        char hex[2 * HASH_SIZE + 1];
        bool untabled = false;
        int r = query_permits_open(&permits, &n, act->db, act->now, act->arena, e);

        if (r == ERR_OK)
                r = store_row(&install, act->db, TABLE_INSTALL, act->office->install_text, NULL, act->arena, e);
        if (r == ERR_OK)
                r = rotations_links(&side, act->db, act->arena, e);
        if (r == ERR_OK)
                r = compile_grants(&t, permits, n, (uint64_t)install.rev, buf_view(&side), e);
        for (size_t i = 0; r == ERR_OK && i < n; i++)
                untabled |= !permits[i].tabled;
        if (r < 0 || (same_rows(in->last, t) && !untabled && !in->refresh))
                return r;
        r = seal_header(t, act, &install, in->last, e);
        if (r < 0)
                return r;

        digest = grant_header_hash(&t->head);
        hex_text(hex, digest.b, HASH_SIZE);
        changes_init(&c, act->arena, "grants.issued", act->office->install_text);
        row_int(&install, INSTALL_table_seq, (int64_t)t->head.seq);
        row_text(&install, INSTALL_table_hash, str_of(hex));
        changes_note(&c, "digest", str_of(hex));
        changes_note_int(&c, "seq", (int64_t)t->head.seq);
        changes_note_int(&c, "count", t->head.count);
        changes_note_int(&c, "valid-until", t->head.valid_until);
        r = changes_add(&c, &install, e);
        if (r == ERR_OK)
                r = mark_tabled(&c, act, permits, n, t->head.seq, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r == ERR_OK)
                in->table = take(t);
        return r;
}

/* ---- keep ---- */

static int keep_act(struct act *act, void *arg, struct err *e)
{
        const struct grants *t = arg;
        scoped(buf_done) struct buf file = BUF_INIT;
        struct stored_table stored = { .epoch = t->head.epoch, .seq = t->head.seq };
        int r = grants_encode(&file, t, e);

        if (r < 0)
                return r;
        stored.file = buf_view(&file);
        r = table_put(act->db, &stored, e);
        if (r == ERR_OK && t->head.seq > KEEP_STORED)
                r = table_sweep(act->db, t->head.epoch, t->head.seq - KEEP_STORED, e);
        return r;
}

/* The signer is away or slow: the same table is tried again. Anything else will not get better by trying. */
static bool worth_trying_again(int r)
{
        return r == ERR_TIMEOUT || r == ERR_IO || r == ERR_BUSY || r == ERR_ABSENT || r == ERR_NOMEM || r == ERR_FULL;
}

static int sign_and_publish(struct issuer *i, struct err *e)
{
        struct grants *t = i->pending;
        uint8_t header[GRANT_HEADER_BYTES];
        int r = sealer_wait(i->office->sealer, i->receipt.index, clock_boot() + SIGN_WAIT_MS * UTIME_MS, e);

        grant_header_encode(header, &t->head);
        if (r == ERR_OK)
                r = sealer_sign_table(t->sig, i->office->sealer, i->receipt.index, header, e);
        if (r == ERR_OK)
                r = tables_publish(i->tables, t, e);
        if (r < 0) {
                (void)err_wrap(e, r, "grant table %llu", (unsigned long long)t->head.seq);
                if (!worth_trying_again(r))
                        i->pending = grants_free(t);
                return r;
        }
        i->pending = NULL; /* the tables own it */
        return writer_run(i->office->writer, keep_act, t, e);
}

/* Compile → journal → under a checkpoint → signed → out to the gates → kept. A crash in between leaves a number unused: the next
 * start sees that the newest kept table is not the newest journalled one and issues anew. */
static int issue_once(struct issuer *i, bool refresh, struct err *e)
{
        struct issue in = { .last = tables_newest(i->tables), .refresh = refresh };
        int r;

        if (i->pending)
                return sign_and_publish(i, e);
        r = writer_run(i->office->writer, issue_act, &in, e);
        if (r < 0 || !in.table)
                return r;
        i->pending = in.table;
        i->receipt = in.receipt;
        return sign_and_publish(i, e);
}

static void *issuer_loop(void *arg)
{
        struct issuer *i = arg;

        (void)pthread_mutex_lock(&i->lock);
        while (!i->stop) {
                const struct grants *last = tables_newest(i->tables);
                utime_t now = office_now(i->office);
                bool refresh = !last || now > last->head.made_at + (last->head.valid_until - last->head.made_at) / 2;
                struct timespec until;
                struct err e = { 0 };
                bool failed;

                if (i->office->practice || (!i->dirty && !refresh && !i->pending)) {      /* 練習: no table is ever made */
                        (void)clock_gettime(CLOCK_REALTIME, &until);
                        until.tv_sec += 1;
                        (void)pthread_cond_timedwait(&i->wake, &i->lock, &until);
                        continue;
                }
                if (!i->pending)
                        i->dirty = false; /* what changes while an older table waits is compiled after it */
                (void)pthread_mutex_unlock(&i->lock);
                failed = issue_once(i, refresh, &e) < 0;
                if (failed) {
                        struct timespec nap = { .tv_nsec = (RETRY_MS - 1) * 1000 * 1000L };

                        log_err(&e, "grants not issued, trying again");
                        (void)nanosleep(&nap, NULL);
                }
                (void)pthread_mutex_lock(&i->lock);
                i->dirty |= failed && !i->pending; /* whatever was given up: the gates still wait for what it would have said */
        }
        (void)pthread_mutex_unlock(&i->lock);
        return NULL;
}

/* ---- start ---- */

static int load_kept(struct issuer *i, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(db_close) struct db *db = NULL;
        scoped(buf_done) struct buf room = BUF_INIT;
        struct stored_table stored[KEEP_STORED];
        struct signer_info info;
        struct row install;
        size_t n = 0;
        int r = db_open(&db, i->office->store_dir, DB_READ, e);

        if (r == ERR_OK)
                r = table_list(stored, countof(stored), &n, db, &a, e);
        if (r == ERR_OK)
                r = store_row(&install, db, TABLE_INSTALL, i->office->install_text, NULL, &a, e);
        if (r < 0)
                return r;
        if (!n || stored[0].epoch != i->office->epoch || stored[0].seq != (uint64_t)row_get_int(&install, INSTALL_table_seq)) {
                i->dirty = true; /* journalled but not kept: number the next one higher */
                return ERR_OK;
        }
        r = sealer_info(&info, &room, i->office->sealer, e);
        if (r < 0)
                return r;
        while (n-- > 0) {
                struct grants *t = NULL;

                if (stored[n].epoch != i->office->epoch)       /* of a key that may be lost since: a gate that is there still takes a snapshot */
                        continue;
                r = grants_decode(&t, stored[n].file, e);
                if (r == ERR_OK)
                        r = rotations_verify_table(&t->head, t->sig, info.table_key, db, &a, e);
                if (r == ERR_OK)
                        r = tables_publish(i->tables, t, e);
                if (r < 0) {
                        (void)grants_free(t);
                        return err_wrap(e, r, "kept grant table %llu", (unsigned long long)stored[n].seq);
                }
        }
        return ERR_OK;
}

int issuer_start(struct issuer **out, struct office *o, struct err *e)
{
        struct issuer *i = calloc(1, sizeof(*i));
        int r = i ? tables_new(&i->tables, e) : err_set(e, ERR_NOMEM, "issuer");

        if (r < 0) {
                free(i);
                return r;
        }
        i->office = o;
        tables_live_by(i->tables, o);
        i->dirty = true;
        (void)pthread_mutex_init(&i->lock, NULL);
        (void)pthread_cond_init(&i->wake, NULL);
        r = load_kept(i, e);
        if (r == ERR_OK && pthread_create(&i->thread, NULL, issuer_loop, i) != 0)
                r = err_set(e, ERR_NOMEM, "issuer thread");
        if (r < 0) {
                (void)tables_free(i->tables);
                free(i);
                return r;
        }
        *out = i;
        return ERR_OK;
}

void issuer_wake(struct issuer *i)
{
        (void)pthread_mutex_lock(&i->lock);
        i->dirty = true;
        (void)pthread_cond_signal(&i->wake);
        (void)pthread_mutex_unlock(&i->lock);
}

struct issuer *issuer_stop(struct issuer *i)
{
        if (!i)
                return NULL;
        (void)pthread_mutex_lock(&i->lock);
        i->stop = true;
        (void)pthread_cond_signal(&i->wake);
        (void)pthread_mutex_unlock(&i->lock);
        (void)pthread_join(i->thread, NULL);
        (void)tables_free(i->tables);
        (void)grants_free(i->pending);
        free(i);
        return NULL;
}

int issuer_serve(struct issuer *i, int fd, const char *gate_id, uint32_t epoch, uint64_t seq, struct err *e)
{
        return tables_serve(i->tables, fd, gate_id, epoch, seq, e);
}

uint64_t issuer_seq(struct issuer *i)
{
        return tables_seq(i->tables);
}

size_t issuer_connected(struct issuer *i)
{
        return tables_listeners(i->tables);
}

bool issuer_is_connected(struct issuer *i, const char *gate_id)
{
        return tables_listens(i->tables, gate_id);
}

bool issuer_header_hash(struct issuer *i, uint64_t seq, struct hash *out)
{
        return tables_header_hash(i->tables, seq, out);
}
