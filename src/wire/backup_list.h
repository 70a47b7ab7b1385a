/* backup_list.h - the list of a backup of data: what it is, every file with its size and hash, and a hash of the list itself.
 *
 * Does      write it line by line; read it back strictly, every path looked at: files are written by it afterwards.
 * Source    docs/formats/backup.md, Data.
 * Layer     wire; pure.
 * Owns      the files of a list read back live in the arena, their paths in the caller's bytes.
 * Trusts    nothing: one spelling for each value, paths ascend, only plain names below office/.
 * Fails     ERR_INPUT `backup.list.format`, ERR_TAMPERED `backup.list.changed`, ERR_VERSION `backup.list.version`, ERR_NOMEM.
 */
#ifndef WIRE_BACKUP_LIST_H
#define WIRE_BACKUP_LIST_H

#include "base/arena.h"
#include "base/err.h"
#include "base/utime.h"
#include "base/uuid.h"
#include "core/journal/hash.h"

enum { BACKUP_LIST_MAX = 48 * 1024 * 1024, BACKUP_PATH_MAX = 400 };

struct backup_file { struct str path; uint64_t size; struct hash sha; };

/* version: of the database; size, root: the journal's. */
struct backup_list { struct uuid install; uint32_t epoch, version; utime_t made_at; uint64_t size; struct hash root; struct backup_file *file; size_t n; };

bool backup_path_ok(struct str path);
void backup_list_begin(struct buf *out, const struct backup_list *l);
void backup_list_file(struct buf *out, const struct backup_file *f);           /* in ascending order of paths */
void backup_list_end(struct buf *out);
int  backup_list_read(struct backup_list *out, struct str text, struct arena *a, struct err *e);

#endif
