/* jobs.h - evidence packs that people asked for: made one after the other, beside everything else.
 *
 * Does      take an order, make the pack on a thread of its own, say how far it is, keep the zip for a day, hand it out.
 * Clause    docs/formats/evidence.md.
 * Layer     server/office/evidence.
 * Owns      the queue and its zips; what was not fetched is removed after a day, at every start, and when a retention unit was erased
 *           since: a text that is to be gone is not kept in a pack either.
 * Threads   any; one lock, held for moments.
 * Fails     ERR_BUSY `evidence.queue` too many wait; ERR_ABSENT `evidence.absent`; what the making says stands in the job.
 */
#ifndef OFFICE_EVIDENCE_JOBS_H
#define OFFICE_EVIDENCE_JOBS_H

#include "server/office/evidence/dossier.h"

enum { JOBS_MAX = 16, JOBS_WAITING_MAX = 4, JOB_KEPT_HOURS = 24 };

enum job_state { JOB_WAITING, JOB_MAKING, JOB_DONE, JOB_FAILED };
extern const char *const job_state_names[JOB_FAILED + 1];

struct job_ask {
        enum scope_kind kind;
        char            id[SCOPE_ID_MAX], body[SCOPE_ID_MAX];
        utime_t         from, until;
        bool            posts, withhold;
        enum lang       lang;
        uint64_t        ties[DOSSIER_TIES_MAX];
        size_t          ties_count;
};

struct job_seen {
        char                id[UUID_TEXT], person[UUID_TEXT];
        struct job_ask      ask;
        enum job_state      state;
        enum dossier_phase  phase;
        uint64_t            done, total;
        utime_t             asked_at, made_at;
        struct dossier_made made;
        char                why[96];             /* JOB_FAILED: the key of its words */
};

struct jobs;
int          jobs_start(struct jobs **out, struct office *o, struct err *e);
struct jobs *jobs_stop(struct jobs *j);

/* `job` of the order alone: no office, db, path, head. */
void job_of(struct dossier_job *job, const struct job_ask *ask);

int    jobs_add(char id[UUID_TEXT], struct jobs *j, const char *person, const struct job_ask *ask, utime_t now, struct err *e);
size_t jobs_list(struct job_seen *out, struct jobs *j, const char *person);            /* newest first; at most JOBS_MAX */
int    jobs_get(struct job_seen *out, struct jobs *j, const char *person, struct str id, struct err *e);
/* The zip of a job that is done: an open file. */
int    jobs_open(int *fd, struct jobs *j, const char *person, struct str id, struct err *e);

#endif
