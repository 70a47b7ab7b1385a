/* desk.h - what a job needs of the machine: render, the checking page, and the note that a pack was made.
 *
 * Does      have render work through its socket or start it; leave a
 *           note that the office journals (`evidence.made`), now or when it next runs.
 * Clause    docs/formats/evidence.md.
 * Layer     server/office/evidence.
 * Owns      buffers are the caller's.
 * Threads   any.
 * Trusts    notes are ours, in the office's own folder; still read with a limit and refused when they are not what they must be.
 * Fails     as files.h; ERR_BUSY `grid.render.absent` nobody renders.
 */
#ifndef OFFICE_EVIDENCE_DESK_H
#define OFFICE_EVIDENCE_DESK_H

#include "server/office/evidence/dossier.h"

/* dossier_render_fn; ctx: struct office. Of a running installation: its socket. */
int desk_render(struct buf *out, void *ctx, const char *kind, struct str in, struct err *e);
/* Likewise; starts sekisho-render itself when nobody listens. Not behind a sandbox. */
int desk_render_here(struct buf *out, void *ctx, const char *kind, struct str in, struct err *e);

/* web/dist/verify.html of the installation; empty when there is none. */
int desk_verify_page(struct buf *out, struct err *e);

int desk_folder(char *to, size_t room, const struct office *o, struct err *e);      /* office/evidence, made */
/* Removes packs that were kept for people and what was being written; notes stay. */
void desk_sweep(const struct office *o);

/* By whom: NULL: the command line. Durable. */
int desk_note(const struct office *o, const char *pack, const char *by, const struct dossier_job *job, const struct dossier_made *made, struct err *e);
/* Journals what lies there: a tick. */
int desk_notes_due(bool *due, const struct office *o, struct db *db, struct err *e);      /* removes those that stand in the journal */
struct act;
int act_evidence_made(struct act *act, void *arg, struct err *e);      /* arg: NULL */

#endif
