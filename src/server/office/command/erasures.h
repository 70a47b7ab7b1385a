/* erasures.h - acts that end retention units, and what time does with those that were confirmed.
 *
 * Does      list what is due; propose, confirm, refuse; write anew what is in use, erase, have the signer remember it, destroy the key, cut the
 *           logs; after a restore the same again for what was erased before.
 * Clause    DESIGN §5; docs/formats/journal.md, Erasure; store/erase.h says in which order.
 * Layer     server/office/command.
 * Threads   acts: the writer's; erasures_run(): the duty loop's, with a connection of its own for the key.
 * Fails     as core/register/erasure.h; ERR_BUSY: later.
 */
#ifndef OFFICE_COMMAND_ERASURES_H
#define OFFICE_COMMAND_ERASURES_H

#include "core/register/erasure.h"
#include "server/office/writer.h"
#include "wire/tombstones.h"

/* Each unit that has a key, by name. `due`: only those, with their files counted. */
int erasures_units(struct erasable **out, size_t *n, struct office *o, struct db *db, bool due, utime_t now, struct arena *a, struct err *e);

struct act_erasure_ask { const char *person; const struct str *units; size_t units_count; struct str reason; char id[UUID_TEXT]; struct receipt receipt; };
struct act_erasure { const char *person; struct str id, reason; struct receipt receipt; };
act_fn act_ask_erasure, act_confirm_erasure, act_refuse_erasure;

/* What the loop remembers: whether it looked for unfinished ones since the start, whether something is to be finished; when to try again. */
struct erasure_watch { bool looked, more; utime_t retry_boot; };
int erasures_run(struct erasure_watch *w, struct office *o, struct db *reader, utime_t now, struct err *e);

/* For a restore, the office standing still, outside a transaction: every unit of the list whose key is there again is erased again, with
 * entries that say so. by: person id, or NULL. */
int erasures_again(size_t *again, struct db *db, const char *store_dir, const struct tombstone *list, size_t n, const char *by, utime_t now, struct err *e);

#endif
