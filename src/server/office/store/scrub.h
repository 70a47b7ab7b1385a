/* scrub.h - the files are looked through while the office works, a little at a time, from where the last look ended.
 *
 * Does      check some journal lines, rows of registers against the entry that made them, local rows, the key store, attachments; say
 *           which row is not what it was. Keep the place under a MAC, so that a pass goes on after a restart.
 * Clause    DESIGN §5, §7.
 * Layer     server/office/store.
 * Threads   the caller's reader; one snapshot for each scrub_some().
 * Trusts    nothing. It does not replay: a row set back together with its `entry` to what an older entry says is found by `sekishod check`.
 * Fails     only when it could not look; what it finds goes to `to`.
 */
#ifndef OFFICE_STORE_SCRUB_H
#define OFFICE_STORE_SCRUB_H

#include "server/office/store/inspect.h"

enum scrub_stage { SCRUB_JOURNAL, SCRUB_REGISTERS, SCRUB_LOCAL, SCRUB_KEYS, SCRUB_FILES, SCRUB_END };

/* place: the last thing that was looked at: an index; "id k"; a file's name. part: table. */
enum { SCRUB_PLACE = 160 };
struct scrub {
        int64_t stage, part;
        char    place[SCRUB_PLACE];
        int64_t seen, wrong;              /* things looked at in this pass; findings */
        utime_t began_at, ended_at;       /* ended_at: of the last whole pass, 0: none yet */
};

int scrub_load(struct scrub *out, struct db *db, struct err *e);              /* a new one when none is kept */
int scrub_keep(struct db *db, const struct scrub *s, struct err *e);          /* under the writer's transaction */
void scrub_begin(struct scrub *s, utime_t now);                                /* a new pass */

/* A few dozen rows, or one file. At the end stage is SCRUB_END. */
int scrub_some(struct scrub *s, struct db *db, const char *office_dir, const struct inspect *to, struct err *e);

#endif
