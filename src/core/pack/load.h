/* load.h - from the files of a pack to a struct pack, or to the exact place that is wrong.
 *
 * Does      raw line scan, strict YAML (libyaml), schema check by const tables, references resolved; texts joined in.
 * Clause    DESIGN §6.
 * Layer     core; works on bytes in memory: whoever calls has read the files.
 * Owns      *out is the caller's: pack_free().
 * Trusts    nothing: at most PACK_FILES_MAX files of PACK_FILE_BYTES_MAX; depth and counts are capped; UTF-8 only.
 * Fails     ERR_INPUT with a catalogue key `pack.*`; args: "file:line", then what; *out untouched. All mistakes found are
 *           given to `report` (may be NULL), at most 50, so that an officer mends them in one go; the first is in `e`.
 */
#ifndef CORE_PACK_LOAD_H
#define CORE_PACK_LOAD_H

#include "core/pack/pack.h"

enum { PACK_FILES_MAX = 256, PACK_FILE_BYTES_MAX = 1024 * 1024, PACK_MISTAKES_MAX = 50 };

struct pack_file { const char *name; struct str bytes; };     /* name relative to the pack: "forms/network-connection.yaml" */

typedef void pack_report_fn(void *ctx, const struct err *mistake);

int pack_load(struct pack **out, const struct pack_file *files, size_t n, pack_report_fn *report, void *ctx, struct err *e);

#endif
