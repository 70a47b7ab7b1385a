/* writer.h - one thread writes; what it acknowledges is durable.
 *
 * Does      run acts one after the other, each all or nothing, many under one commit (group commit).
 * Clause    DESIGN §5 (acknowledge = durable), §11.2 (refuse, don't forget, don't freeze).
 * Layer     server/office.
 * Threads   writer_run() from any thread; it returns after the commit that carries the act.
 * Fails     the act's own error (nothing of it is stored); ERR_FULL, ERR_IO when the store refuses: then all acts of the batch
 *           fail, reads go on, and the next batch opens the database anew.
 */
#ifndef OFFICE_WRITER_H
#define OFFICE_WRITER_H

#include "server/office/office.h"
#include "server/office/store/journal.h"

struct act {
        struct office *office;
        struct db     *db;
        struct arena  *arena;        /* dies after the act */
        utime_t        now;
        bool           permits_changed;   /* out: wake the issuer of grant tables */
        struct pack   *adopted;           /* out: one of office->packs, in force from the next act on; for everybody after the commit */
};

typedef int act_fn(struct act *act, void *arg, struct err *e);

int            writer_start(struct writer **out, struct office *o, struct err *e);
/* No thread: each act runs on its caller, inside the caller's transaction on `db`, at the time that *now says. For a demonstration, which
 * lives a year in seconds; nothing is durable before the caller commits. */
int            writer_start_inside(struct writer **out, struct office *o, struct db *db, const utime_t *now, struct err *e);
int            writer_run(struct writer *w, act_fn *fn, void *arg, struct err *e);
struct writer *writer_stop(struct writer *w);

/* Appends; people's texts go under the retention units of `now`'s fiscal year. */
int act_append(struct receipt *out, struct act *act, const struct changes *c, struct err *e);

#endif
