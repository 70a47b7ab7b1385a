/* db.h - one connection to the database and its key store, and what is under a transaction.
 *
 * Does      open, create, begin, commit; hand prepared statements to this folder's files.
 * Clause    DESIGN §5: acknowledge = durable: WAL, synchronous=FULL.
 * Layer     server/office/store.
 * Owns      db_open's result: db_close().
 * Threads   one connection belongs to one thread at a time.
 * Trusts    not the file: application id, version and quick_check are looked at; each local row carries a keyed MAC.
 * Fails     ERR_IO, ERR_FULL, ERR_NOMEM, ERR_BUSY, ERR_VERSION (newer than we are), ERR_TAMPERED.
 */
#ifndef OFFICE_STORE_DB_H
#define OFFICE_STORE_DB_H

#include "base/arena.h"
#include "base/err.h"
#include "base/utime.h"
#include "core/journal/hash.h"

struct db;

enum db_mode { DB_READ, DB_WRITE };

int        db_create(const char *office_dir, struct err *e);            /* ERR_CONFLICT when there is one */
int        db_create_keys(const char *office_dir, struct err *e);       /* a key store alone: the old one is lost (restore) */
int        db_open(struct db **out, const char *office_dir, enum db_mode mode, struct err *e);
struct db *db_close(struct db *db);
SCOPED(db_close, struct db *)

int  db_begin(struct db *db, struct err *e);
int  db_begin_read(struct db *db, struct err *e);                       /* one snapshot for several reads */
int  db_commit(struct db *db, struct err *e);
bool db_in_transaction(struct db *db);                                   /* false after SQLite rolled back by itself */
void db_rollback(struct db *db);                                         /* fine without a transaction */
int  db_mark(struct db *db, struct err *e);                              /* a nested point … */
int  db_mark_keep(struct db *db, struct err *e);
int  db_mark_undo(struct db *db, struct err *e);                         /* … to fall back to */
int  db_check_file(struct db *db, struct err *e);                        /* PRAGMA quick_check */

/* Both write-ahead logs into their files, and cut to nothing: no page of before stays. ERR_BUSY: somebody is still reading or writing. */
int db_truncate_logs(struct db *db, struct err *e);

/* The key of a retention unit, made and made durable when absent and `make`. ERR_ABSENT: it was destroyed or never was; a destroyed one is
 * not made again. */
int db_unit_key(struct db *db, const char *unit, bool make, utime_t now, uint8_t key[32], struct err *e);

int db_unit_is_known(bool *out, struct db *db, const char *unit, struct err *e);      /* has a row: a key, or a tombstone */

/* A row of the key store, under its MAC as local rows are. destroyed_at 0: it is there. */
enum { UNIT_MAX = 63 };
struct unit_row { char unit[UNIT_MAX + 1]; bool has_key; utime_t made_at, destroyed_at; int64_t entry; };
typedef int unit_row_fn(void *ctx, const struct unit_row *row, struct err *e);
int db_units_each(struct db *db, unit_row_fn *fn, void *ctx, struct err *e);     /* ERR_TAMPERED names the first row that was changed */
/* The key goes, the row stays as a tombstone: entry `entry` of the journal says so. A unit that is not there gets one, too (a restore). */
int db_unit_destroy(struct db *db, const char *unit, utime_t now, int64_t entry, struct err *e);

#endif
