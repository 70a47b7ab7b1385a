/* erase.h - what stands under one retention unit, and its end: nothing of it is left in the database, its index or its log.
 *
 * Does      find the rows, texts and copies of a unit; say of a row whether it is still in use; clear columns, search lines and payloads;
 *           compare what is gone with what the journal says was erased.
 * Clause    DESIGN §5 (erasure is decided now; replay is total over `erased`).
 * Layer     server/office/store.
 * Owns      results live in the arena.
 * Threads   clearing on the writer's connection; truncating on a connection of its own.
 * Fails     as db.h; ERR_BUSY: a row is still in use, or somebody is still reading; ERR_TAMPERED `erase.key.*`, `erase.text.*`.
 *
 * Order of an erasure: what is in use is written anew (entries unit.renewed) → one transaction: entry unit.erased, columns null, search lines
 * told, payloads' bytes gone → the signer keeps a tombstone → files unlinked → index merged → key destroyed → logs truncated. Whoever falls
 * over in between goes on from there: the entry is the intent, the key is the last to go.
 */
#ifndef OFFICE_STORE_ERASE_H
#define OFFICE_STORE_ERASE_H

#include "core/register/retention.h"
#include "server/office/store/rows.h"

int erase_texts(uint64_t *n, struct db *db, const char *unit, struct err *e);                    /* payloads that still have their bytes */
int erase_is_under(bool *is, struct db *db, const struct hash *commit, const char *unit, struct err *e);
/* Rows of a table with a text under the unit, behind (id, k), by id and k. */
int erase_rows(struct row **out, size_t *n, struct db *db, enum table t, const char *unit, const char *id, const char *k, size_t max, struct arena *a, struct err *e);
int erase_in_use(bool *is, struct db *db, const struct row *row, struct arena *a, struct err *e);

/* In the transaction of the entry. ERR_BUSY when a row is in use, unless `all`: it could not be written anew (after a restore without its
 * key). `copies_before`: drafts and notices of before then go, too. */
int erase_clear(struct db *db, const char *unit, utime_t copies_before, bool all, struct err *e);
int erase_entry(uint64_t *index, struct db *db, const char *unit, struct err *e);               /* newest that erased it; ERR_ABSENT */

/* Every destroyed key, and every text without bytes, was erased by an entry; every erased unit has lost its key, or *pending. */
int erase_check(bool *pending, struct db *db, struct err *e);

#endif
