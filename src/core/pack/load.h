/* load.h - from the files of a pack to a struct pack, or to the exact place that is wrong.
 *
 * Does      raw line scan, strict YAML (libyaml), layers laid over each other, schema check by const tables, references resolved;
 *           texts joined in; what an upper layer loosened is found by comparing.
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

enum { PACK_FILES_MAX = 256, PACK_FILE_BYTES_MAX = 1024 * 1024, PACK_MISTAKES_MAX = 50, PACK_LAYERS_MAX = 8 };

struct pack_file { const char *name; struct str bytes; };     /* name relative to the pack: "forms/network-connection.yaml" */

typedef void pack_report_fn(void *ctx, const struct err *mistake);

/* One layer's files; the name stands in messages as soon as there is more than one layer. */
struct pack_layer_files { const char *name; const struct pack_file *files; size_t n; };

int pack_load(struct pack **out, const struct pack_file *files, size_t n, pack_report_fn *report, void *ctx, struct err *e);

/* Lowest first; each but the first holds overlay.yaml. What is wrong in a layer is reported before the ones above it are looked at. */
int pack_load_layers(struct pack **out, const struct pack_layer_files *layers, size_t n, pack_report_fn *report, void *ctx, struct err *e);

/* The id and the base that overlay.yaml names, before anything is loaded; false: it is no overlay, or not readable so far. */
struct pack_overlay_names { char id[PACK_ID_MAX], base[PACK_ID_MAX]; };

bool pack_overlay_peek(struct pack_overlay_names *out, const struct pack_file *files, size_t n);

#endif
