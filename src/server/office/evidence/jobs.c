/* jobs.c - see jobs.h. */
#include "server/office/evidence/jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>

#include "server/office/evidence/desk.h"
#include "server/office/seal.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/files.h"
#include "sys/log.h"

enum { PATH_ROOM = OFFICE_PATH_MAX + 128, LOOK_S = 10 };

const char *const job_state_names[JOB_FAILED + 1] = { [JOB_WAITING] = "waiting", [JOB_MAKING] = "making", [JOB_DONE] = "done", [JOB_FAILED] = "failed" };

/* at most one is JOB_MAKING: `making` */
struct jobs {
        struct office  *office;
        pthread_t       thread;
        pthread_mutex_t lock;
        pthread_cond_t  wake;
        bool            stop;
        struct job_seen list[JOBS_MAX];          /* oldest first */
        size_t          n;
        struct job_seen *making;
};

/* ---- the list, under the lock ---- */

static void path_of(char to[PATH_ROOM], const struct office *o, const char *id)
{
        (void)snprintf(to, PATH_ROOM, "%s/evidence/%s.zip", o->store_dir, id);
}

static void drop(struct jobs *j, size_t i)
{
        char path[PATH_ROOM];

        path_of(path, j->office, j->list[i].id);
        (void)unlink(path);
        memmove(&j->list[i], &j->list[i + 1], (j->n - i - 1) * sizeof(j->list[0]));
        j->n--;
        if (j->making > &j->list[i])
                j->making--;
}

static struct job_seen *find(struct jobs *j, const char *person, struct str id)
{
        for (size_t i = 0; i < j->n; i++)
                if (str_is(id, j->list[i].id) && strcmp(person, j->list[i].person) == 0)
                        return &j->list[i];
        return NULL;
}

static bool is_over(const struct job_seen *x)
{
        return x->state == JOB_DONE || x->state == JOB_FAILED;
}

/* What is a day old; and what was made before something was erased. */
static void sweep(struct jobs *j, utime_t now, uint64_t erased)
{
        for (size_t i = j->n; i-- > 0;)
                if (is_over(&j->list[i]) && (now - j->list[i].made_at > JOB_KEPT_HOURS * UTIME_HOUR || (j->list[i].state == JOB_DONE && erased && j->list[i].made.size <= erased)))
                        drop(j, i);
}

void job_of(struct dossier_job *job, const struct job_ask *ask)
{
        *job = (struct dossier_job){ .scope = { ask->kind, ask->id, ask->body, ask->from, ask->until }, .posts = ask->posts, .withhold = ask->withhold, .lang = ask->lang,
                                     .ties_count = ask->ties_count };
        memcpy(job->ties, ask->ties, sizeof(job->ties));
}

/* ---- asking ---- */

int jobs_add(char id[UUID_TEXT], struct jobs *j, const char *person, const struct job_ask *ask, utime_t now, struct err *e)
{
        struct job_seen x = { .ask = *ask, .state = JOB_WAITING, .asked_at = now };
        size_t waiting = 0;
        int r = ERR_OK;

        uuid_text(x.id, entropy_uuid(now));
        (void)snprintf(x.person, sizeof(x.person), "%s", person);
        (void)pthread_mutex_lock(&j->lock);
        for (size_t i = 0; i < j->n; i++)
                waiting += !is_over(&j->list[i]);
        for (size_t i = 0; j->n == JOBS_MAX && i < j->n; i++)
                if (is_over(&j->list[i]))
                        drop(j, i);
        if (waiting >= JOBS_WAITING_MAX || j->n == JOBS_MAX)
                r = err_key(e, ERR_BUSY, "evidence.queue", "", NULL);
        else
                j->list[j->n++] = x;
        (void)pthread_cond_signal(&j->wake);
        (void)pthread_mutex_unlock(&j->lock);
        if (r == ERR_OK)
                memcpy(id, x.id, sizeof(x.id));
        return r;
}

size_t jobs_list(struct job_seen *out, struct jobs *j, const char *person)
{
        size_t n = 0;

        (void)pthread_mutex_lock(&j->lock);
        for (size_t i = j->n; i-- > 0;)
                if (strcmp(person, j->list[i].person) == 0)
                        out[n++] = j->list[i];
        (void)pthread_mutex_unlock(&j->lock);
        return n;
}

int jobs_get(struct job_seen *out, struct jobs *j, const char *person, struct str id, struct err *e)
{
        const struct job_seen *x;

        (void)pthread_mutex_lock(&j->lock);
        x = find(j, person, id);
        if (x)
                *out = *x;
        (void)pthread_mutex_unlock(&j->lock);
        return x ? ERR_OK : err_key(e, ERR_ABSENT, "evidence.absent", "", NULL);
}

int jobs_open(int *fd, struct jobs *j, const char *person, struct str id, struct err *e)
{
        const struct job_seen *x;
        char path[PATH_ROOM];
        int got = -1;

        (void)pthread_mutex_lock(&j->lock);
        x = find(j, person, id);
        if (x && x->state == JOB_DONE) {
                path_of(path, j->office, x->id);
                got = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        }
        (void)pthread_mutex_unlock(&j->lock);
        if (got < 0)
                return err_key(e, ERR_ABSENT, "evidence.absent", "", NULL);
        *fd = got;
        return ERR_OK;
}

/* ---- making ---- */

static bool show(void *ctx, enum dossier_phase phase, uint64_t done, uint64_t total)
{
        struct jobs *j = ctx;
        bool go;

        (void)pthread_mutex_lock(&j->lock);
        if (j->making) {
                j->making->phase = phase;
                j->making->done = done;
                j->making->total = total;
        }
        go = !j->stop;
        (void)pthread_mutex_unlock(&j->lock);
        return go;
}

static int make(struct dossier_made *made, struct jobs *j, const struct job_seen *x, struct err *e)
{
        struct office view = office_view(j->office);
        scoped(db_close) struct db *db = NULL;
        scoped(buf_done) struct buf note = BUF_INIT;
        struct dossier_job job;
        char folder[PATH_ROOM], path[PATH_ROOM];
        int r = db_open(&db, view.store_dir, DB_READ, e);

        job_of(&job, &x->ask);
        if (r == ERR_OK)
                r = sealer_checkpoint(&job.head, &note, view.sealer, e);
        if (r == ERR_OK)
                r = desk_folder(folder, sizeof(folder), &view, e);
        if (r < 0)
                return r;
        path_of(path, &view, x->id);
        job.office = &view;
        job.db = db;
        job.path = path;
        job.note = buf_view(&note);
        job.verify_page = buf_view(&view.verify_page);
        job.now = clock_now();
        job.render = desk_render;
        job.render_ctx = &view;
        job.progress = show;
        job.progress_ctx = j;
        r = dossier_make(made, &job, e);
        if (r < 0)
                return r;
        r = desk_note(&view, x->id, x->person, &job, made, e);
        if (r < 0)
                (void)unlink(path);      /* what nobody knows of is not handed out */
        return r;
}

static void make_one(struct jobs *j)
{
        struct dossier_made made = { 0 };
        struct err e = { 0 };
        struct job_seen x;
        int r;

        (void)pthread_mutex_lock(&j->lock);
        j->making = NULL;
        for (size_t i = 0; i < j->n && !j->making; i++)
                if (j->list[i].state == JOB_WAITING)
                        j->making = &j->list[i];
        if (j->making) {
                j->making->state = JOB_MAKING;
                x = *j->making;
        }
        (void)pthread_mutex_unlock(&j->lock);
        if (!j->making)
                return;
        r = make(&made, j, &x, &e);
        if (r < 0)
                log_err(&e, "evidence pack %s", x.id);
        (void)pthread_mutex_lock(&j->lock);
        j->making->state = r < 0 ? JOB_FAILED : JOB_DONE;
        j->making->made = made;
        j->making->made_at = clock_now();
        (void)snprintf(j->making->why, sizeof(j->making->why), "%s", r < 0 && *e.key ? e.key : r < 0 ? "error.internal" : "");
        j->making = NULL;
        (void)pthread_mutex_unlock(&j->lock);
}

/* The newest entry that erased a unit; 0: none. */
static uint64_t last_erased(struct db *db)
{
        scoped(index_set_done) struct index_set found = INDEX_SET_INIT;

        if (gather_entries(&found, db, GATHER_TYPE, STR("unit.erased"), STR(""), (struct entry_range){ 0, INT64_MAX }, NULL) < 0)
                return 0;
        index_set_settle(&found);
        return found.n ? found.v[found.n - 1] : 0;
}

static void *jobs_loop(void *arg)
{
        struct jobs *j = arg;
        scoped(db_close) struct db *db = NULL;
        bool stop = false;

        if (db_open(&db, j->office->store_dir, DB_READ, NULL) < 0)
                log_say(LOG_ERROR, "evidence packs: the store does not open; erasures are not seen before the next start");
        while (!stop) {
                uint64_t erased = db ? last_erased(db) : 0;
                struct timespec until;

                make_one(j);
                (void)clock_gettime(CLOCK_REALTIME, &until);
                until.tv_sec += LOOK_S;
                (void)pthread_mutex_lock(&j->lock);
                sweep(j, clock_now(), erased);
                for (bool waiting = false; !waiting && !j->stop;) {
                        for (size_t i = 0; i < j->n; i++)
                                waiting |= j->list[i].state == JOB_WAITING;
                        if (!waiting && pthread_cond_timedwait(&j->wake, &j->lock, &until) != 0)
                                break;
                }
                stop = j->stop;
                (void)pthread_mutex_unlock(&j->lock);
        }
        return NULL;
}

int jobs_start(struct jobs **out, struct office *o, struct err *e)
{
        struct jobs *j = calloc(1, sizeof(*j));

        if (!j)
                return err_set(e, ERR_NOMEM, "evidence packs");
        j->office = o;
        desk_sweep(o);
        (void)pthread_mutex_init(&j->lock, NULL);
        (void)pthread_cond_init(&j->wake, NULL);
        if (pthread_create(&j->thread, NULL, jobs_loop, j) != 0) {
                free(j);
                return err_set(e, ERR_NOMEM, "evidence thread");
        }
        *out = j;
        return ERR_OK;
}

struct jobs *jobs_stop(struct jobs *j)
{
        if (!j)
                return NULL;
        (void)pthread_mutex_lock(&j->lock);
        j->stop = true;
        (void)pthread_cond_signal(&j->wake);
        (void)pthread_mutex_unlock(&j->lock);
        (void)pthread_join(j->thread, NULL);
        desk_sweep(j->office);
        free(j);
        return NULL;
}
