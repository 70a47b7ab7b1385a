/* maintain.h - `sekishod check`, `rebuild` and `upgrade`: the database against the journal, the journal against the signer.
 *
 * Does      check: schema, pages, every entry, leaf, tree, every local row under its MAC, the key store, search, packs, attachments, every
 *           projected row, the signer's state; all steps are taken, each finding names its row and what to do; changes nothing.
 *           rebuild: drop the projections, replay, tell whether the result is byte-equal to what was there.
 *           upgrade: data of an older release becomes data of this one, after a copy (store/migrate.h); the office does it at its start.
 * Clause    DESIGN §5, §7 (0 verified, 1 tampered, 2 incomplete or without anything to compare with).
 * Layer     server/office.
 * Threads   the office may run during check (one read snapshot, rolled back); rebuild wants it stopped and says so.
 */
#ifndef OFFICE_MAINTAIN_H
#define OFFICE_MAINTAIN_H

#include "base/err.h"

enum { CHECK_OK = 0, CHECK_TAMPERED = 1, CHECK_INCOMPLETE = 2 };

/* Return an exit status; words go to standard output, progress to standard error. */
int check_main(const char *data_dir);
int rebuild_main(const char *data_dir);
int upgrade_main(const char *data_dir, struct err *e);
int upgrade_locked(const char *data_dir, struct err *e);         /* the caller has office_lock() */

#endif
