/* overlay.h - one layer of a pack laid over the ones below it, as trees, before anything is checked against the schema.
 *
 * Does      read overlay.yaml (id, version, base, changes); add, replace and remove the records that its changes name; join the texts.
 * Clause    DESIGN §6: overlays by id, each with a reason.
 * Layer     core; inside pack/.
 * Owns      nodes live in the pack's arena; what is laid over is changed in place, and each node keeps its own file and line.
 * Fails     ERR_NOMEM; what is wrong in the layer is a mistake (pack.overlay.*), and what was laid by then is of no use.
 *
 * A place is spelt as docs/formats/pack.md says: the list of a file and an id, then by turns a list of that record and an id.
 * In an overlay, what stands in pack.yaml below stands in overlay.yaml.
 */
#ifndef CORE_PACK_OVERLAY_H
#define CORE_PACK_OVERLAY_H

#include "core/pack/fill.h"
#include "core/pack/source.h"

#define OVERLAY_FILE "overlay.yaml"

/* What overlay.yaml says of itself. */
struct overlay {
        const char               *id;
        uint32_t                  version;
        const char               *base;
        const struct pack_change *changes;
        size_t                    changes_count;
};

/* `below` has room for its own files and those of `top`. The overlay is filled in when it can be read, whatever else is wrong. */
int overlay_lay(struct overlay *out, struct sources *below, const struct sources *top, struct filler *f);

#endif
