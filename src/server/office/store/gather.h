/* gather.h - which entries, cases and duties belong to a clause, a procedure, a body or a row in a period.
 *
 * Does      one function a question, each one statement of sql.h: numbers of entries, ids of rows.
 * Clause    8.2 趣旨; docs/formats/evidence.md, "What belongs to a scope".
 * Layer     server/office/store.
 * Owns      ids live in the arena; an index_set is the caller's: index_set_done().
 * Units     a range of entries is half-open.
 * Fails     as db.h; ERR_TOO_BIG when a set has more than INDEX_SET_MAX members.
 */
#ifndef OFFICE_STORE_GATHER_H
#define OFFICE_STORE_GATHER_H

#include "server/office/store/db.h"

enum { INDEX_SET_MAX = 4 * 1000 * 1000, GATHER_IDS_MAX = 500 * 1000 };

/* Numbers of entries: in no order and double until index_set_settle(). */
struct index_set { uint64_t *v; size_t n, room; };
#define INDEX_SET_INIT ((struct index_set){ 0 })

int  index_set_add(struct index_set *s, uint64_t index, struct err *e);
void index_set_settle(struct index_set *s);                                    /* ascending, each once */
void index_set_done(struct index_set *s);
static inline void index_set_done_at(struct index_set *s)
{
        index_set_done(s);
}

/* Ids in the arena, added to. */
struct id_list { struct str *v; size_t n, room; };

struct entry_range { uint64_t from, before; };
/* The first entry not before `at`; `size` when all are. Times never go back, so it is searched by halves. */
int gather_first(uint64_t *index, struct db *db, utime_t at, uint64_t size, struct err *e);

enum gather_ids {
        GATHER_CASES,             /* of procedure `of` (empty: all) with an entry in the range, of the body */
        GATHER_CASES_OF,          /* about service `of` */
        GATHER_DUTIES_BY,         /* of the pack's rule `of` with an entry in the range, of the body */
        GATHER_DUTIES_OF,         /* about service or row `of` */
        GATHER_DUTIES_APP,        /* that case `of` set */
        GATHER_OPENED,       /* permit and service of case `of` */
};
/* body empty: any; own: the install's. */
int gather_ids(struct id_list *to, struct db *db, enum gather_ids what, struct str of, struct entry_range in, struct str body, struct str own, struct arena *a, struct err *e);

enum gather_entries {
        GATHER_REF,               /* about the row with the id `of` */
        GATHER_TYPE,
        GATHER_REGISTER,          /* that changed a row of register `of` */
        GATHER_ROW,               /* that changed row `id` of register `of` */
};
int gather_entries(struct index_set *to, struct db *db, enum gather_entries what, struct str of, struct str id, struct entry_range in, struct err *e);

struct gathered_entry { uint64_t index; utime_t at; struct str type, ref, actor, bytes; struct hash leaf; };
int gather_entry(struct gathered_entry *out, struct db *db, uint64_t index, struct arena *a, struct err *e);      /* ERR_TAMPERED when absent */

/* What an attachment's newest row with that hash says. ERR_ABSENT: there is none. */
int gather_attached(bool *kept, bool *erased, struct db *db, struct str hash, struct err *e);

#endif
