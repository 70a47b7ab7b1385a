/* fill.h - a record of the pack from its node, by the tables of schema.h.
 *
 * Does      check keys and values, store them, join the texts, note the references that load.c resolves at the end.
 * Layer     core; inside pack/.
 * Owns      everything made lives in the pack's arena.
 * Fails     ERR_NOMEM only; what is wrong in the file is a mistake.
 */
#ifndef CORE_PACK_FILL_H
#define CORE_PACK_FILL_H

#include "core/pack/schema.h"
#include "core/pack/texts.h"

/* An id that must name something once everything is read. */
struct reference {
        struct reference        *next;
        struct place             at;
        const char              *id;
        const struct schema_key *key;
        const char              *owner;            /* id of the file's own record */
};

struct filler {
        struct arena      *arena;
        struct mistakes   *mistakes;
        const struct texts *texts;                 /* NULL: a text file is broken, so no text is missed */
        struct reference  *references;             /* newest first */
        const char        *owner;
};

int  fill_record(struct filler *f, const struct schema *s, void *to, const struct node *map, const char *prefix);
void fill_check_unique(struct filler *f, const struct schema *s, const void *list, const struct place *at, size_t n);

#endif
