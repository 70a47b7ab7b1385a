/* tombstones.h - which retention units were erased: what the signer is asked to remember, and its file of what it remembers.
 *
 * Does      encode and decode a request's fixed part, a record, a whole file; chain the records, so that none goes unnoticed.
 * Source    docs/formats/signer.md, Tombstones.
 * Layer     wire; pure.
 * Owns      lists live in the arena.
 * Trusts    nothing: magic, version, padding, the form of a unit's name; a torn record at the end is left out and counted.
 * Fails     ERR_INPUT, ERR_VERSION, ERR_TOO_BIG, ERR_NOMEM.
 *
 * The signer's tombstones outlive the database: whoever restores an older one learns from them what must be erased again.
 */
#ifndef WIRE_TOMBSTONES_H
#define WIRE_TOMBSTONES_H

#include "base/arena.h"
#include "base/cursor.h"
#include "base/err.h"
#include "core/journal/hash.h"

enum { TOMBSTONE_UNIT = 40, TOMBSTONE_FIXED = 48, TOMBSTONE_BYTES = 48, TOMBSTONES_HEAD = 16, TOMBSTONES_MAX = 20000 };

struct tombstone { char unit[TOMBSTONE_UNIT]; uint64_t entry; };      /* entry: index of the journal's unit.erased */

/* What follows the evidence of verb TOMBSTONE. */
void tombstone_fixed_encode(struct buf *out, const char *unit);
int  tombstone_fixed_decode(char unit[TOMBSTONE_UNIT], struct str fixed, struct err *e);

void        tombstones_head_encode(struct buf *out);
void        tombstone_encode(struct buf *out, const struct tombstone *t);
struct hash tombstone_chain(const struct hash *before, const struct tombstone *t);     /* before the first: zeros */

/* Whole records of a file; *torn: bytes behind the last. */
int tombstones_decode(struct tombstone **out, size_t *n, size_t *torn, struct str file, struct arena *a, struct err *e);

#endif
