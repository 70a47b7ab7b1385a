/* spot.h - where a record stands: `procedures.service-use.steps.approve`, read by the schema's tables, and found in the trees of a layer.
 *
 * Does      parse such a place; find its record and the lists on the way; compare two places.
 * Layer     core; inside pack/.
 * Owns      a spot borrows the text it was read from.
 *
 * Ids of clauses and sections hold points: such an id reaches to the next list of its record, or to the end.
 */
#ifndef CORE_PACK_SPOT_H
#define CORE_PACK_SPOT_H

#include "core/pack/source.h"

enum { SPOT_STEPS_MAX = 4 };

struct spot {
        const struct schema_file *row;
        struct str                id;           /* of the file's own record, in a folder */
        bool                      is_listed;    /* false: the pack itself, or its settings */
        const char               *record;       /* "settings" */
        struct { const char *list; struct str id; } steps[SPOT_STEPS_MAX];
        size_t                    depth;
};

struct found {
        struct source *source;                  /* NULL: there is no such file */
        struct node   *holder;                  /* the record, or the file, that holds the last list; NULL: not there */
        struct node   *list, *record;           /* NULL: not there */
        struct node   *lists[SPOT_STEPS_MAX];   /* that were passed */
        size_t         lists_count;
};

bool spot_parse(struct spot *out, const char *where);
bool spot_equal(const struct spot *a, const struct spot *b);
bool spot_within(const struct spot *inner, const struct spot *outer);     /* strictly */

/* `pack_file`: what pack.yaml is called there; NULL: pack.yaml. */
void spot_find(struct found *out, const struct spot *s, const struct sources *in, const char *pack_file);

const char *spot_file(const struct spot *s, const char *pack_file, struct arena *a);     /* where its record is to stand; NULL: no memory */

#endif
