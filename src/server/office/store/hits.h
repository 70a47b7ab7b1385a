/* hits.h - the rows of one register that hold what was typed, in the order of its list.
 *
 * Does      walk the hits of the index once, count them and keep the page's; all that the order and the filters need stands in the
 *           search's own lines, so no row is read for it.
 * Layer     server/office/store; the inside of registers.h (store).
 * Owns      what the page keeps lives in the arena. Between hits_begin() and hits_end() no other walk may be under way on the connection.
 * Fails     as db.h.
 */
#ifndef OFFICE_STORE_HITS_H
#define OFFICE_STORE_HITS_H

#include "core/register/registers.h"
#include "core/search/grams.h"
#include "server/office/store/stmt.h"

/* Where a row stands in a list: by its name or its day, then by its id; null before all others. */
struct place { bool is_null, is_text; int64_t i; struct str s, id; };

struct hits_ask {
        const struct register_info *reg;
        const struct search_terms  *terms;
        struct str                  state, section;      /* empty: any */
        bool                        by_day, newest;      /* by_day: only rows that have one */
        const struct place         *after;               /* NULL: from the beginning */
        size_t                      limit;
};
struct hits {
        struct hits_ask ask;
        struct stmt     stmt;
        struct arena   *arena;
        struct place   *page;                            /* in order */
        size_t          n, looked;
        uint64_t        total;                           /* of those looked at; the page's and all others */
};

int  hits_begin(struct hits *h, struct db *db, const struct hits_ask *ask, struct arena *a, struct err *e);
/* Looks at hits until `looked` or `total` is as large. 1: there may be more, 0: that was all. */
int  hits_walk(struct hits *h, size_t looked, uint64_t total, struct err *e);
void hits_end(struct hits *h);

#endif
