/* backup.h - the database as a file for elsewhere, while everything runs; files copied and hashed; what a restore does not bring back.
 *
 * Does      copy the database as one snapshot of it; give the key store as bytes; copy a file and tell its size and hash; end what must
 *           not live twice.
 * Clause    DESIGN §7 (backup of data and of keys apart, while running).
 * Layer     server/office/store.
 * Threads   the connection's thread; the office's writer goes on meanwhile.
 * Fails     as db.h; ERR_FULL; ERR_CONFLICT the target exists.
 */
#ifndef OFFICE_STORE_BACKUP_H
#define OFFICE_STORE_BACKUP_H

#include "server/office/store/journal.h"

uint32_t store_version(void);                          /* of the database that this program writes */

/* The caller has begun a read (db_begin_read) and read something: what is copied is what that snapshot shows. */
int store_copy(struct db *db, const char *to, journal_progress_fn *progress, void *ctx, struct err *e);
int store_keys_image(struct buf *out, struct db *db, struct err *e);

/* `to` NULL: only looks. A copy is durable, except for the folder's own entry: dir_sync_of(). */
int store_file_copy(uint64_t *size, struct hash *sha, const char *from, const char *to, struct err *e);

/* In a transaction. Sessions and enrolment codes go: both may have been ended or used since. `all`: every local row, when the key that they
 * stand under is gone. */
int store_local_end(struct db *db, bool all, struct err *e);

#endif
