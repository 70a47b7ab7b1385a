/* log_out.h - the log as a directory of files that needs no office (docs/formats/log.md).
 *
 * Does      take a moment of the log (epochs, keys, newest checkpoint); write its text files through a function of the caller's;
 *           write the whole log into a directory, or add to one what is new since.
 * Clause    DESIGN §7 (tlog-tiles for export).
 * Layer     server/office/evidence.
 * Owns      a moment's texts live in the arena.
 * Threads   the connection's thread; a running office goes on meanwhile (one read snapshot).
 * Trusts    neither database nor directory: each entry's leaf, each tile and the root are computed again before the checkpoint is
 *           written, and a directory that is not the beginning of this log is not touched.
 * Fails     ERR_TAMPERED the database is not what was signed; ERR_CONFLICT the directory holds something else; ERR_FULL, ERR_IO.
 *           What was in the directory before is whole at every moment: `checkpoint` is the last file to change.
 */
#ifndef OFFICE_EVIDENCE_LOG_OUT_H
#define OFFICE_EVIDENCE_LOG_OUT_H

#include "core/journal/cosign.h"
#include "core/journal/logdir.h"
#include "server/office/office.h"
#include "server/office/store/journal.h"

enum { LOG_WITNESSES_MAX = 50 };

struct log_moment {
        struct log_epochs epochs;
        struct str        note[LOG_EPOCHS_MAX];         /* last known checkpoint of epoch i + 1; empty: none is known. The last one is `head` */
        struct checkpoint head;
        struct { char id[WITNESS_ID_TEXT]; struct str note; } witness[LOG_WITNESSES_MAX];       /* what each signed last */
        size_t            witnesses;
};

/* The newest checkpoint as the signer's own file has it: for a tool beside the office, running or not. */
int log_note_stored(struct buf *note, const struct office *o, struct err *e);

/* `note`: the newest checkpoint, from log_note_stored() or sealer_checkpoint(). */
int log_moment_take(struct log_moment **out, const struct office *o, struct db *db, struct str note, struct arena *a, struct err *e);

/* sekisho-log, checkpoint, epochs/<n>/checkpoint, witnesses/<id>/checkpoint. */
typedef int log_put_fn(void *ctx, const char *path, struct str bytes, struct err *e);
int log_frame(const struct log_moment *m, log_put_fn *put, void *ctx, struct err *e);

/* The whole log. `from` (may be NULL) gets how many entries the directory had before. */
int log_write(const struct log_moment *m, struct db *db, const char *dir, uint64_t *from, journal_progress_fn *progress, void *ctx, struct err *e);

#endif
