/* scan.h - is this entry canonical, and when, of what type? In one pass, without allocating.
 *
 * Does      accept exactly what canon_parse() accepts and docs/formats/journal.md calls an entry: an object with `v` 1, `at`, `type`.
 *           Whoever reads ten million entries has half a second a million; a tree of jansson values costs ten times that.
 * Layer     core; pure.
 * Owns      views into the bytes.
 * Units     at: UTC microseconds.
 * Trusts    nothing; recursion ends at 16 levels. A test and a fuzz target hold it against canon_parse().
 * Fails     ERR_INPUT with the offset; ERR_TOO_BIG above ENTRY_MAX.
 */
#ifndef CORE_JOURNAL_SCAN_H
#define CORE_JOURNAL_SCAN_H

#include "core/journal/note.h"

struct entry_seen { int64_t at; struct str type; };

int entry_scan(struct entry_seen *out, struct str bytes, struct err *e);

#endif
