/* loader.h - a pack being loaded, and the reading of its layers.
 *
 * Does      name each file, read it, lay the layers over each other: one list of sources, as if there were one layer.
 * Layer     core; inside pack/, for load.c.
 * Owns      all of it lives in the pack's arena.
 * Fails     ERR_NOMEM; what is wrong in a file is a mistake.
 */
#ifndef CORE_PACK_LOADER_H
#define CORE_PACK_LOADER_H

#include "core/pack/load.h"
#include "core/pack/overlay.h"

struct loader {
        struct pack    *pack;
        struct mistakes mistakes;
        struct sources  layers[PACK_LAYERS_MAX]; /* as they were read */
        struct overlay  overlays[PACK_LAYERS_MAX];
        size_t          layers_count;
        const char     *layer;                   /* the one being read; NULL: there is only one */
        struct sources  sources;                 /* laid over each other */
        uint32_t        budget;
        struct texts    texts;
        struct filler   filler;
        bool            broken;                  /* a file could not be read: what refers to it is not missed */
};

struct place loader_top(const char *file);          /* what is wrong with a file as a whole is said at its first line */

/* Layers after the first mistake are not laid. is_named: each layer's name stands in front of its files. */
int loader_read(struct loader *l, const struct pack_layer_files *layers, bool is_named);

#endif
