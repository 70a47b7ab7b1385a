/* rows.h (store) - registers as rows in the database; people's text as sealed payloads.
 *
 * Does      get and put rows of core/register/rows.h; seal, commit to and open payloads; dump projections.
 * Clause    DESIGN §5 (erasure is decided now).
 * Layer     server/office/store.
 * Owns      texts read live in the arena.
 * Fails     as db.h; ERR_TAMPERED when a payload does not match its commitment.
 */
#ifndef OFFICE_STORE_ROWS_H
#define OFFICE_STORE_ROWS_H

#include "core/register/rows.h"
#include "server/office/store/db.h"

/* out->rev is 0 when there is no such row; k may be NULL. */
int store_row(struct row *out, struct db *db, enum table t, const char *id, const char *k, struct arena *a, struct err *e);
/* The whole table, by id and k; ERR_TOO_BIG when there are more than `max`. */
int store_rows_all(struct row **out, size_t *n, struct db *db, enum table t, size_t max, struct arena *a, struct err *e);
/* All rows of one id, by k; *n rows in an array of the arena, at most `max`. */
int store_rows_of(struct row **out, size_t *n, struct db *db, enum table t, const char *id, size_t max, struct arena *a, struct err *e);
/* Each row of a table, in order; `fn` may write to other tables. */
typedef int store_row_fn(void *ctx, const struct row *row, struct err *e);
int store_each(struct db *db, enum table t, store_row_fn *fn, void *ctx, struct err *e);
int store_put(struct db *db, const struct row *row, uint64_t entry, struct err *e);

/* Commitment and sealed payload for a personal text under `unit`'s key. */
int store_seal(struct hash *commit, struct db *db, const char *unit, struct str table, struct str column, struct str text, utime_t now, struct err *e);
/* The text behind a commitment; *erased when its key is gone. */
int store_unseal(struct str *out, bool *erased, struct db *db, const struct hash *commit, struct str table, struct str column, struct arena *a, struct err *e);

/* With the salt, so that somebody else can compute the commitment. */
int store_open(struct str *out, uint8_t salt[32], bool *erased, struct db *db, const struct hash *commit, struct str table, struct str column, struct arena *a, struct err *e);

/* The projections in order, as text lines (one a row); `hash` of it; `out` may be NULL. Byte-equal dumps = equal projections. */
int store_dump(struct hash *hash, struct db *db, struct buf *out, struct err *e);
/* The same a row at a time; name: table, id, second key, a line break after each; entry -1: the table has none. */
typedef int store_sum_fn(void *ctx, const char *name, int64_t entry, const struct hash *hash, struct err *e);
int store_sums(struct db *db, store_sum_fn *fn, void *ctx, struct err *e);
int store_clear_projections(struct db *db, struct err *e);

#endif
