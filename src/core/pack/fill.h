/* fill.h - a record of the pack from its node, by the tables of schema.h.
 *
 * Does      check keys and values, store them, join the texts; note what can be looked at only when all is there: references and
 *           conditions, and from which lines each record came.
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
        const struct schema_when *row;             /* SCHEMA_FIELD */
        const void              *record;           /* that holds the reference */
        const void              *root;             /* the file's own record */
};

/* A condition that waits for the names. */
struct unread {
        struct unread           *next;
        const struct node       *node;
        struct pack_condition   *to;
        enum schema_kind         kind;             /* of the file's own record */
        const void              *root;
};

/* Which lines a record came from. */
struct origin { const void *record; const struct schema *schema; const struct node *map; };
struct origins { struct origin *rows; size_t n, room; };

struct filler {
        struct arena      *arena;
        struct mistakes   *mistakes;
        const struct texts *texts;                 /* NULL: a text file is broken, so no text is missed */
        struct reference  *references;             /* these lists: newest first until fill_done() */
        struct unread     *unread;
        const struct pack_proposal **proposals_end;   /* this one: oldest first */
        struct origins     origins;                /* in no order */
        enum schema_kind   kind;                   /* of the file being read */
        const void        *root;                   /* its own record */
        const struct schema_when *row;             /* what `when` says of the key being read */
};

int  fill_record(struct filler *f, const struct schema *s, void *to, const struct node *map, const char *prefix);
void fill_check_unique(struct filler *f, const struct schema *s, const void *list, const struct place *at, size_t n);

/* All files are read: from here on the lists are in the order of the files, and places can be looked up. */
void         fill_done(struct filler *f);
struct place fill_place(const struct filler *f, const void *record, const char *key);      /* of a key, else of the record */

#endif
