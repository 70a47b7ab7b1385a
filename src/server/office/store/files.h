/* files.h (store) - what people attach: content beside the database, under its hash, sealed.
 *
 * Does      put a content durably, once; give it back only when it still is what its name says; look whether it is there; sweep away
 *           what no row names.
 * Clause    8.2(2): evidence is kept with the register; DESIGN §5 (erasure is decided now: without the unit's key nothing opens).
 * Layer     server/office/store.
 * Owns      a stored_file until store_file_close().
 * Units     bytes; FILE_BYTES_MAX a content, FILE_CHUNK a sealed piece.
 * Threads   putting and reading from any; taking away on the writer's thread or before there are others.
 * Trusts    not the disk: every piece is authenticated, the whole has to have its hash before a byte of it leaves.
 * Fails     ERR_TAMPERED `file.tampered`, `file.lost`; ERR_ABSENT `file.erased` the unit's key is destroyed; ERR_FULL `error.full`; as db.h.
 *
 * office/files/ab/ab…64 hexadecimal digits: SHA-256 of the content. Format:
 *   "sekisho-file@1\n"      15 bytes
 *   unit                    1 byte length, then the retention unit's name: at most 39 bytes of ASCII
 *   size                    8 bytes, little endian: bytes of the content
 *   salt                    32 bytes, random
 *   pieces                  each FILE_CHUNK bytes of content (the last: what is left; a content of no bytes has one empty piece), then 16
 *                           bytes of tag. AES-256-GCM; key = HMAC-SHA256(unit's key, "sekisho-file" ‖ salt); nonce = number of the
 *                           piece from 0, 8 bytes little endian, then 1 for the last and 0 for the others, then three zeros; additional
 *                           data = everything up to and with the salt.
 * The same content put again under another unit is sealed anew under that one: it lives as long as the last row that needs it.
 */
#ifndef OFFICE_STORE_FILES_H
#define OFFICE_STORE_FILES_H

#include "server/office/store/db.h"

enum { FILE_BYTES_MAX = 20 * 1024 * 1024, FILE_CHUNK = 64 * 1024 };

/* `unit` must have its key already (db_unit_key). On the disk, and findable there, when this returns. */
int store_file_put(struct db *db, const char *office_dir, const char *unit, const struct hash *name, struct str content, struct err *e);

struct stored_file;
/* Reads all of it once: what opens is whole and has its hash. */
int  store_file_open(struct stored_file **out, struct db *db, const char *office_dir, const struct hash *name, struct err *e);
uint64_t store_file_size(const struct stored_file *f);
int  store_file_read(struct str *out, struct stored_file *f, struct err *e);      /* the next piece, until the next call; empty: the end */
struct stored_file *store_file_close(struct stored_file *f);
SCOPED(store_file_close, struct stored_file *)

bool store_file_is_there(const char *office_dir, const struct hash *name, const char *unit);      /* and sealed under that unit */
void store_file_remove(const char *office_dir, const struct hash *name);

const char *store_file_unit(const struct stored_file *f);        /* until it is closed */
/* Files sealed under the unit: how many, and with `remove` they are gone when this returns. */
int  store_files_of_unit(uint64_t *n, const char *office_dir, const char *unit, bool remove, struct err *e);

int  store_file_named(bool *named, struct db *db, const struct hash *name, struct err *e);        /* by an attachment, kept or removed */

/* Makes the folder; removes what no attachment names (a crash between file and entry) and what was being written. */
int store_files_sweep(struct db *db, const char *office_dir, size_t *removed, struct err *e);

#endif
