/* drafts.h - forms that people have begun and not sent: what they typed, kept for them alone.
 *
 * Does      put, get, list, drop, sweep. The words are sealed under a key of their own in keys.db, each row stands under a keyed MAC.
 * Clause    DESIGN §5 (local tables: backed up, never rebuilt; no entry of the journal speaks of them).
 * Layer     server/office/store.
 * Owns      texts live in the arena.
 * Fails     as db.h; ERR_ABSENT when there is no such row; ERR_TAMPERED when its MAC does not hold; ERR_TOO_BIG `draft.big`.
 *
 * A draft is what was typed, right or wrong: nobody has checked it. It goes when its form is sent, when its owner drops it, and after the
 * pack's days.
 */
#ifndef OFFICE_STORE_DRAFTS_H
#define OFFICE_STORE_DRAFTS_H

#include "server/office/store/db.h"

enum { DRAFTS_MAX = 20, DRAFT_BYTES_MAX = 96 * 1024 };       /* of one person; of one */

/* about: the application whose mending, correction or sheet it is; empty: of a new one. body: as the API has made it. */
struct draft { struct str id, person, form, about, body; int64_t rev; utime_t saved_at; };

int draft_put(struct db *db, const struct draft *d, struct err *e);
int draft_get(struct draft *out, struct db *db, struct str id, struct arena *a, struct err *e);
int draft_list(struct draft out[DRAFTS_MAX], size_t *n, struct db *db, struct str person, struct arena *a, struct err *e);      /* newest first */
int draft_drop(struct db *db, struct str id, struct str person, struct err *e);      /* another's, or none: nothing happens */
int drafts_old(bool *out, struct db *db, utime_t saved_before, struct err *e);
int drafts_sweep(struct db *db, utime_t saved_before, struct err *e);

#endif
