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

/* The key of a retention unit, made and made durable when absent and `make`. ERR_ABSENT: it was destroyed, for good, or never was. */
int db_unit_key(struct db *db, const char *unit, bool make, utime_t now, uint8_t key[32], struct err *e);

#endif
