/* writer.c - see writer.h. Jobs wait in a list on their callers' stacks. */
#include "server/office/writer.h"

#include <pthread.h>

#include "server/office/grants/issue.h"
#include "server/office/office_time.h"
#include "server/office/packs.h"
#include "server/office/seal.h"
#include "sys/fault.h"
#include "sys/log.h"

enum { BATCH_MAX = 64 };

struct job { struct job *next; act_fn *fn; void *arg; struct err *e; int result; bool done; };

struct writer {
        struct office  *office;
        struct db      *db;
        pthread_t       thread;
        pthread_mutex_t lock;
        pthread_cond_t  work, finished;
        struct job     *first, **last;
        bool            stop;
        const utime_t  *now;             /* not NULL: without a thread, in the caller's transaction (writer_start_inside) */
};

int act_append(struct receipt *out, struct act *act, const struct changes *c, struct err *e)
{
        return journal_append(out, act->db, c, act->now, NULL, e);
}

/* One act between a mark and its release; on failure the store is as before it. *lost: SQLite has given up the whole
 * transaction by itself (it may, when memory or disk is short), or the mark cannot be undone: nothing of the batch may stay. */
static int run_job(struct writer *w, struct office *view, struct job *j, bool *permits_changed, bool *lost)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct act act = { .office = view, .db = w->db, .arena = &a, .now = w->now ? *w->now : office_now(view) };
        int r = db_mark(w->db, j->e);

        if (r == ERR_OK) {
                r = j->fn(&act, j->arg, j->e);
                if (a.refused) /* whatever it says, it did not see everything */
                        r = err_set(j->e, ERR_NOMEM, "act");
                if (r >= 0) {
                        r = db_mark_keep(w->db, j->e);
                        *lost |= r < 0; /* the commit would keep an act that was answered "no" */
                } else if (db_mark_undo(w->db, NULL) < 0) {
                        *lost = true;
                }
        } else {
                *lost = true;
        }
        if (!db_in_transaction(w->db))
                *lost = true;
        if (r == ERR_OK)
                *permits_changed |= act.permits_changed;
        if (r == ERR_OK && act.adopted)
                view->pack = act.adopted;
        return r;
}

static void fail_all(struct job *jobs, const struct err *why)
{
        for (struct job *j = jobs; j; j = j->next)
                if (j->result >= 0) {
                        j->result = why->code;
                        if (j->e)
                                *j->e = *why;
                }
}

/* After a failed commit the connection's idea of the file is not to be trusted: read it from the disk again. */
static void reopen(struct writer *w)
{
        struct err e;

        db_rollback(w->db);
        w->db = db_close(w->db);
        if (db_open(&w->db, w->office->store_dir, DB_WRITE, &e) < 0)
                log_err(&e, "store stays closed until it opens again");
}

static void run_batch(struct writer *w, struct job *jobs)
{
        struct office view = office_view(w->office);
        struct pack *before = view.pack;
        struct err e = { 0 };
        bool permits_changed = false, any = false, lost = false;
        int r = w->db ? ERR_OK : db_open(&w->db, w->office->store_dir, DB_WRITE, &e);

        if (r == ERR_OK)
                r = db_begin(w->db, &e);
        for (struct job *j = jobs; r == ERR_OK && j; j = j->next) {
                j->result = run_job(w, &view, j, &permits_changed, &lost);
                any |= j->result >= 0;
                if (lost)
                        r = err_set(&e, j->result < 0 ? j->result : ERR_IO, "transaction lost: %s", j->e ? j->e->text : "");
        }
        if (r == ERR_OK)
                r = db_commit(w->db, &e);
        if (r < 0) {
                log_err(&e, "store refused a batch");
                (void)err_key(&e, r, "store.refused", "", NULL);
                fail_all(jobs, &e);
                if (w->db)
                        reopen(w);
                return;
        }
        if (view.pack != before) {
                FAULT_POINT("office.adopted");
                packs_put_in_force(w->office->packs, view.pack);
        }
        if (any)
                FAULT_POINT("office.committed");
        if (any && w->office->sealer)
                sealer_wake(w->office->sealer);
        if (permits_changed && w->office->issuer)
                issuer_wake(w->office->issuer);
}

static struct job *take_batch(struct writer *w)
{
        struct job *jobs = w->first, *j = jobs;

        for (int n = 1; j && j->next && n < BATCH_MAX; n++)
                j = j->next;
        if (j) {
                w->first = j->next;
                j->next = NULL;
                if (!w->first)
                        w->last = &w->first;
        }
        return jobs;
}

static void *writer_loop(void *arg)
{
        struct writer *w = arg;

        (void)pthread_mutex_lock(&w->lock);
        for (;;) {
                struct job *jobs;

                while (!w->first && !w->stop)
                        (void)pthread_cond_wait(&w->work, &w->lock);
                if (!w->first)
                        break;
                jobs = take_batch(w);
                (void)pthread_mutex_unlock(&w->lock);
                run_batch(w, jobs);
                (void)pthread_mutex_lock(&w->lock);
                for (struct job *j = jobs, *next; j; j = next) {
                        next = j->next; /* the job is gone once its caller sees `done` */
                        j->done = true;
                }
                (void)pthread_cond_broadcast(&w->finished);
        }
        (void)pthread_mutex_unlock(&w->lock);
        return NULL;
}

static int run_inside(struct writer *w, struct job *job)
{
        struct office view = office_view(w->office);
        bool permits_changed = false, lost = false;
        int r = run_job(w, &view, job, &permits_changed, &lost);

        return lost && r >= 0 ? err_set(job->e, ERR_IO, "transaction lost") : r;
}

int writer_run(struct writer *w, act_fn *fn, void *arg, struct err *e)
{
        struct job job = { .fn = fn, .arg = arg, .e = e };

        if (w->now)
                return run_inside(w, &job);

        (void)pthread_mutex_lock(&w->lock);
        if (w->stop) {
                (void)pthread_mutex_unlock(&w->lock);
                return err_key(e, ERR_BUSY, "store.stopping", "", NULL);
        }
        *w->last = &job;
        w->last = &job.next;
        (void)pthread_cond_signal(&w->work);
        while (!job.done)
                (void)pthread_cond_wait(&w->finished, &w->lock);
        (void)pthread_mutex_unlock(&w->lock);
        return job.result;
}

int writer_start(struct writer **out, struct office *o, struct err *e)
{
        struct writer *w = calloc(1, sizeof(*w));
        int r;

        if (!w)
                return err_set(e, ERR_NOMEM, "writer");
        *w = (struct writer){ .office = o, .last = NULL };
        w->last = &w->first;
        (void)pthread_mutex_init(&w->lock, NULL);
        (void)pthread_cond_init(&w->work, NULL);
        (void)pthread_cond_init(&w->finished, NULL);
        r = db_open(&w->db, o->store_dir, DB_WRITE, e);
        if (r == ERR_OK && pthread_create(&w->thread, NULL, writer_loop, w) != 0)
                r = err_set(e, ERR_NOMEM, "writer thread");
        if (r < 0) {
                (void)db_close(w->db);
                free(w);
                return r;
        }
        *out = w;
        return ERR_OK;
}

int writer_start_inside(struct writer **out, struct office *o, struct db *db, const utime_t *now, struct err *e)
{
        struct writer *w = calloc(1, sizeof(*w));

        if (!w)
                return err_set(e, ERR_NOMEM, "writer");
        *w = (struct writer){ .office = o, .db = db, .now = now };
        *out = w;
        return ERR_OK;
}

struct writer *writer_stop(struct writer *w)
{
        if (w && w->now) {
                free(w);
                return NULL;
        }
        if (!w)
                return NULL;
        (void)pthread_mutex_lock(&w->lock);
        w->stop = true;
        (void)pthread_cond_signal(&w->work);
        (void)pthread_mutex_unlock(&w->lock);
        (void)pthread_join(w->thread, NULL);
        (void)db_close(w->db);
        free(w);
        return NULL;
}
