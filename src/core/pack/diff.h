/* diff.h - what one pack says otherwise than another, record by record.
 *
 * Does      walk both by the tables of schema.h: records added and removed, keys and texts changed, lists in another order.
 * Layer     core; pure.
 * Owns      what `see` is given lives until it returns, or as long as the two packs.
 * Fails     never; a new kind of record or key is compared because it stands in the schema.
 */
#ifndef CORE_PACK_DIFF_H
#define CORE_PACK_DIFF_H

#include "core/pack/pack.h"

struct schema_key;

enum change_kind { CHANGE_ADDED, CHANGE_REMOVED, CHANGE_VALUE, CHANGE_TEXT, CHANGE_ORDER };

enum { CHANGE_STEPS_MAX = 4 };

/* list: the key it stands under, or its folder: "fields", "forms/"; word: "field"; name NULL when it has none */
struct change_step { const char *list, *word, *id; const struct pack_text *name; };

struct change {
        enum change_kind          kind;
        const struct change_step *path;         /* from the outermost record; empty: the pack itself */
        size_t                    depth;
        const char               *key;          /* of the value, the text or the list; "" for a record */
        enum lang                 lang;         /* TEXT: in which language */
        const char               *before, *after;       /* VALUE, TEXT; "" when absent */
        const struct schema_key  *of;           /* VALUE: what kind of value; NULL otherwise */
        const struct pack_text   *before_name, *after_name;     /* VALUE that names a record: what that is called; NULL: nothing */
};

typedef void change_fn(void *ctx, const struct change *c);

void pack_change_text(struct buf *out, const struct change *c, enum lang lang);      /* "変更: …": one change as a sentence */

void pack_diff(const struct pack *before, const struct pack *after, change_fn *see, void *ctx);

#endif
