/* canon.h - canonical JSON: one spelling for each value (docs/formats/journal.md).
 *
 * Does      encode a jansson value canonically; parse bytes and refuse any spelling but that one.
 * Layer     core; jansson, pure.
 * Owns      canon_parse gives a new reference; json_decref it.
 * Trusts    nothing: non-ASCII, floats, duplicate keys, big integers, more than ENTRY_MAX bytes, depth over 16 are refused.
 */
#ifndef CORE_JOURNAL_CANON_H
#define CORE_JOURNAL_CANON_H

#include <jansson.h>

#include "base/err.h"
#include "core/journal/hash.h"

int canon_encode(struct buf *out, const json_t *value, struct err *e);
int canon_parse(json_t **out, struct str bytes, struct err *e);

/* Commitment to a person's text (docs/formats/journal.md, Payloads). */
struct hash canon_commit(const uint8_t salt[32], struct str table, struct str column, struct str text);

#endif
