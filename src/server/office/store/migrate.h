/* migrate.h - data of an older release becomes data of this one: a copy first, then numbered steps, in one transaction.
 *
 * Does      tells which version a data directory has; copies both files aside (office/before/); takes truth and local tables through the
 *           numbered steps of migrate.c; makes the projections anew from the journal; puts the new number there last of all.
 * Clause    DESIGN §5 (three kinds of tables), §11.9.
 * Layer     server/office/store.
 * Threads   the caller holds the office's lock: nobody else has the files open for writing.
 * Trusts    not the files: the copy is gone through by SQLite before anything is changed, and the result is compared with the schema.
 * Fails     ERR_VERSION (newer than we are, or too old for any step), ERR_FULL, ERR_IO, ERR_BUSY, ERR_TAMPERED. After a failure, and
 *           after an end in the middle, the files are as they were: the next start begins again.
 */
#ifndef OFFICE_STORE_MIGRATE_H
#define OFFICE_STORE_MIGRATE_H

#include "base/err.h"
#include "base/utime.h"
#include "server/office/store/journal.h"

struct migrated { int from, to; };                     /* of the database; equal: there was nothing to do */

int store_migrate(struct migrated *out, const char *office_dir, journal_progress_fn *progress, void *ctx, struct err *e);

/* The copy holds what was there, the keys as well: whoever erases calls this, or the erased text could be opened out of the copy. */
int store_migrate_forget(const char *office_dir, struct err *e);
/* Forgets it when the upgrade was long ago: by then nobody goes back. */
int store_migrate_sweep(bool *gone, const char *office_dir, utime_t now, struct err *e);

#endif
