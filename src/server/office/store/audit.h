/* audit.h - what an auditor counts and draws from: populations and exceptions of a period and a body.
 *
 * Does      one table of sets; each counts its rows, names all of their ids, and tells of one row or the newest ones.
 * Clause    8.2 趣旨 (運用中の対策); practice.md (監査). docs/formats/audit-sample.md says how a sample is drawn from the ids.
 * Layer     server/office/store.
 * Owns      results live in the arena.
 * Units     a period is half-open, UTC microseconds.
 * Fails     as db.h; ERR_TOO_BIG when a population has more than AUDIT_IDS_MAX rows.
 *
 * A set is pieces of one statement; what differs between counting, naming and telling is which of them stand together.
 */
#ifndef OFFICE_STORE_AUDIT_H
#define OFFICE_STORE_AUDIT_H

#include "server/office/store/db.h"

enum { AUDIT_IDS_MAX = 500000 };

/* On what a row rests. MEASURED: a gate or program saw it; DECLARED: somebody said so; JUDGED: a person with the role decided; RECORDED: it
 * stands in a register. */
#define BASES(X) X(BASIS_MEASURED, "measured") X(BASIS_DECLARED, "declared") X(BASIS_JUDGED, "judged") X(BASIS_RECORDED, "recorded")
enum basis {
#define X(id, name) id,
        BASES(X)
#undef X
        BASES_COUNT
};
extern const char *const basis_names[BASES_COUNT];

/* What `kind` of a row is the id of. */
enum audit_kind { KIND_OF_NOTHING, KIND_OF_FORM, KIND_OF_DUTY, KIND_OF_CRITERION, KIND_OF_RULE, KIND_OF_ROLE, KIND_OF_AXIS, KIND_OF_ENTRY };
/* Which word list `state` is of: "application" ... of state.*; the page that shows a row: by `about`. */
struct audit_set {
        const char     *name;
        bool            exception;
        enum audit_kind kind_of;
        const char     *states, *about;
        int             trigger;                 /* of the pack's duties: whose clauses; -1: none */
        enum basis      basis, basis_then;       /* basis_then where basis_if is true (NULL: never) */
        const char     *from, *joins, *where,    /* joins: of each row at most one, and none is left out for want of it; NULL: none */
                        *id, *k, *key, *at, *basis_if, *section, *title, *kind, *state, *about_id;
};
extern const struct audit_set audit_sets[];
extern const size_t audit_sets_count;
const struct audit_set *audit_set_find(struct str name);           /* NULL when absent */

/* body empty: all; own: the install's, of sections that name none. */
struct audit_scope { utime_t from, until, now; struct str body, own; };

int audit_count(uint64_t counts[BASES_COUNT], struct db *db, const struct audit_set *set, const struct audit_scope *scope, struct err *e);
/* All ids, in no order. */
int audit_ids(struct str **out, size_t *n, uint64_t counts[BASES_COUNT], struct db *db, const struct audit_set *set, const struct audit_scope *scope, struct arena *a, struct err *e);

struct audit_row { struct str id, section, title, kind, state, about_id; utime_t at; enum basis basis; };
/* The one with that id; ERR_ABSENT. */
int audit_row(struct audit_row *out, struct db *db, const struct audit_set *set, const struct audit_scope *scope, struct str id, struct arena *a, struct err *e);
int audit_newest(struct audit_row *out, size_t max, size_t *n, struct db *db, const struct audit_set *set, const struct audit_scope *scope, struct arena *a, struct err *e);

/* Codes of the bodies that sections name. */
int audit_bodies(struct str **out, size_t *n, struct db *db, struct arena *a, struct err *e);

#endif
