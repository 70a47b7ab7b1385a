/* registers.h (store) - rows of the registers as people look for them: pages in an order, by name, by who looks after them.
 *
 * Does      build each statement from const pieces (core/register/registers.h names tables and columns), all values bound; keep it prepared.
 * Layer     server/office/store.
 * Owns      results live in the arena.
 * Fails     as db.h.
 *
 * A page is found by its last row, never by counting lines; total is counted over an index, as far as people want to know (10,000), and of
 * a search with many hits as far as they were looked at. Page and total are of one moment. 100,000 rows: docs/ledger.
 */
#ifndef OFFICE_STORE_REGISTERS_H
#define OFFICE_STORE_REGISTERS_H

#include "core/register/record.h"
#include "server/office/store/rows.h"

struct register_filter {
        struct str  q, state, section, of;       /* empty: any; q: what a person typed (core/search/grams.h) */
        int         conf2plus;                   /* 1: only what may hold 機密性２以上; -1: only what may not; 0: any. Registers without that column have no such rows */
        const char *person;                      /* only rows that hang on services this person looks after; NULL: all */
        const char *sort;                        /* a column register_sorts() knows; NULL: by name */
        struct str  after;                       /* id of the last row seen */
        size_t      limit;
};
int query_register(struct row **out, size_t *n, struct db *db, const struct register_info *r, const struct register_filter *f, struct arena *a, struct err *e);
/* And how many there are in all; at_least: there may be more than *total. */
int query_register_counted(struct row **out, size_t *n, uint64_t *total, bool *at_least, struct db *db, const struct register_info *r, const struct register_filter *f,
                           struct arena *a, struct err *e);
bool register_sorts(const struct register_info *r, struct str column);       /* its name, or the day people look at */
int  register_day_col(const struct register_info *r);                        /* that day's column; -1 */
int  register_section_col(const struct register_info *r);                    /* -1 */

/* For struct record_env. A person is found by staff number too. */
int query_named(struct record_found *out, struct db *db, const struct register_info *r, struct str of, struct str name, struct arena *a, struct err *e);
int query_name(struct str *name, bool *over, struct db *db, const struct register_info *r, struct str id, struct arena *a, struct err *e);   /* ERR_ABSENT */

/* Does the row hang on a service that this person looks after? */
int query_looks_after(bool *out, struct db *db, const struct register_info *r, const char *id, const char *person, struct err *e);

#endif
