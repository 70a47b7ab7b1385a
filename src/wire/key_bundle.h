/* key_bundle.h - what a backup of keys holds, inside its seal: a few small files and how far the log was.
 *
 * Does      encode; decode, with every path looked at: it is written below a data directory afterwards.
 * Source    docs/formats/backup.md, Keys.
 * Layer     wire; pure.
 * Owns      decoded views point into the caller's bytes.
 * Trusts    nothing: only the folders of the table, only plain names, no file twice.
 * Fails     ERR_INPUT, ERR_VERSION `backup.keys.*`, ERR_TOO_BIG.
 */
#ifndef WIRE_KEY_BUNDLE_H
#define WIRE_KEY_BUNDLE_H

#include "base/err.h"
#include "base/utime.h"
#include "base/uuid.h"

enum { KEY_BUNDLE_VERSION = 1, KEY_BUNDLE_FILES = 256, KEY_BUNDLE_PATH = 128, KEY_BUNDLE_NOTE = 8192 };

struct key_file { struct str path, bytes; };

/* note: the newest checkpoint that the signer had; size: entries under it, and how new the list of tombstones is. */
struct key_bundle { struct uuid install; uint32_t epoch; uint64_t size; utime_t made_at; struct str note; struct key_file file[KEY_BUNDLE_FILES]; size_t n; };

int  key_bundle_add(struct key_bundle *b, struct str path, struct str bytes, struct err *e);
void key_bundle_encode(struct buf *out, const struct key_bundle *b);
int  key_bundle_decode(struct key_bundle *out, struct str bytes, struct err *e);
const struct key_file *key_bundle_find(const struct key_bundle *b, const char *path);      /* NULL: not there */

#endif
