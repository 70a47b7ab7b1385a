/* search.h - what people look for, as a projection: rows of registers by their searched columns, cases by number and what was written.
 *
 * Does      bring the index into line with rows that changed; fill it from nothing; find; compare it with what it should hold.
 * Clause    DESIGN §5: erasing clears the search rows too; 3.40 leaves deleted terms in its segments, so search_forget() merges them.
 * Layer     server/office/store.
 * Owns      results live in the arena.
 * Fails     as db.h; ERR_TAMPERED when the index does not hold what it should.
 */
#ifndef OFFICE_STORE_SEARCH_H
#define OFFICE_STORE_SEARCH_H

#include "core/register/registers.h"
#include "core/search/grams.h"
#include "server/office/store/rows.h"

/* Inside the transaction that put the rows. */
int search_follow(struct db *db, const struct row *rows, size_t n, struct err *e);
int search_fill(struct db *db, struct err *e);                 /* anew, from the rows as they are */
int search_clear(struct db *db, struct err *e);
/* Each gram of each line stands in the index, and nothing else. */
int search_check(struct db *db, struct err *e);
/* After texts were erased and search_follow() told so: no piece of them stays in the index' own tables. Outside a transaction
 * it is one; pages are overwritten by secure_delete, the log by the next truncating checkpoint. */
int search_forget(struct db *db, struct err *e);

/* register_id empty: everywhere ("application": cases). person empty: every case; else those that this person, section or one of `roles`
 * (a JSON list) may have to do with, and core says of each. `after`: the hit before. */
struct search_hit { struct str register_id, id; };
struct search_filter { const struct search_terms *terms; struct str register_id, person, section, roles; struct search_hit after; size_t limit; };
int search_hits(struct search_hit **out, size_t *n, struct db *db, const struct search_filter *f, struct arena *a, struct err *e);

/* For a list's own filter: the newest `limit` rows of a register that hold what was typed. */
int query_search_ids(struct str **ids, size_t *n, struct db *db, const char *register_id, const struct search_terms *t, size_t limit, struct arena *a, struct err *e);

#endif
