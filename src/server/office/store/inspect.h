/* inspect.h - is each row of the files what Sekisho wrote? What is not is named: table, row, entry.
 *
 * Does      compare the schema with ours; let SQLite walk its files; walk every local row, every row of the key store, the search index;
 *           name the rows by which the registers differ from a replay. Changes nothing that stays.
 * Clause    DESIGN §5 (local rows stand under a keyed MAC), §7.
 * Layer     server/office/store.
 * Threads   the caller's connection; inspect_rows() and inspect_search() want its transaction.
 * Trusts    nothing: whoever changed a file may have changed any byte of it.
 * Fails     only when it could not look; what it finds goes to `found` and is no failure.
 */
#ifndef OFFICE_STORE_INSPECT_H
#define OFFICE_STORE_INSPECT_H

#include "server/office/store/db.h"

/* One thing that is not as it should be: code, key, arguments, and words for the log. */
typedef void inspect_fn(void *ctx, const struct err *bad);
struct inspect { inspect_fn *found; void *ctx; };

int inspect_schema(struct db *db, const struct inspect *to, struct err *e);      /* tables, columns, indexes of both files */
int inspect_pages(struct db *db, const struct inspect *to, struct err *e);       /* PRAGMA integrity_check of both files */
int inspect_search(struct db *db, const struct inspect *to, struct err *e);      /* the index by itself, and against its lines */
int inspect_local(struct db *db, const struct inspect *to, uint64_t *rows, struct err *e);
size_t inspect_local_tables(void);
int inspect_local_table(struct db *db, size_t table, const struct inspect *to, uint64_t *rows, struct err *e);      /* adds to *rows */
/* Rows of the key store; each unit that something is sealed under has one; a tombstone's entry is there. `size`: of the journal. */
int inspect_units(struct db *db, const struct inspect *to, uint64_t size, struct err *e);

/* The projections as (table, id, k) → hash, in order, to be compared with those after a replay. */
struct row_sums;
int              row_sums_take(struct row_sums **out, struct db *db, struct err *e);
struct row_sums *row_sums_free(struct row_sums *s);
SCOPED(row_sums_free, struct row_sums *)
/* `was`: before the replay; the connection: after it. Names the first INSPECT_NAMED rows. */
enum { INSPECT_NAMED = 20 };
int inspect_rows(struct db *db, const struct row_sums *was, const struct inspect *to, struct err *e);

#endif
