/* scrub.h - what the office finds out about itself: rows that were changed, and gates that do not hold what was permitted.
 *
 * Does      spend a little of each second on looking through the files (store/scrub.h), once a day all of them; compare permits, the newest
 *           grant table and what gates said they hold. What is wrong becomes a finding, which names the row or the gate.
 * Clause    DESIGN §7; 6.1(19) 注16.
 * Layer     server/office/command; rows of the table in ticks.c.
 * Threads   the duty loop's.
 * Fails     the store's errors; what was not looked at is looked at again.
 */
#ifndef OFFICE_COMMAND_SCRUB_H
#define OFFICE_COMMAND_SCRUB_H

#include "server/office/store/scrub.h"
#include "server/office/writer.h"

struct scrub_watch {
        struct scrub at;
        bool         loaded;
        utime_t      kept_at;                  /* when the place was last written down */
        uint64_t     table_seq;                /* the newest table, … */
        utime_t      said_boot;                /* when drift was last made a finding */
        utime_t      table_boot, apart_boot;   /* … since when; since when permits and it differ, 0: they do not. Boot clock: no jump ends a patience */
};

int scrub_walk(struct scrub_watch *w, struct office *o, struct db *db, utime_t now, struct err *e);
int drift_walk(struct scrub_watch *w, struct office *o, struct db *db, utime_t now, struct err *e);

#endif
