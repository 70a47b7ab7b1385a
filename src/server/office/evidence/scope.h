/* scope.h - what an evidence pack is about, and where in the office it left traces.
 *
 * Does      name a clause, procedure, body or row and a period; check that there is such a one; say which cases, duties, registers and
 *           entry types stand for it; gather their entries.
 * Clause    8.2 趣旨; docs/formats/evidence.md, "What belongs to a scope".
 * Layer     server/office/evidence.
 * Owns      texts and ids live in the arena; gathered.entries is the caller's: gathered_done().
 * Units     the period is half-open, UTC microseconds.
 * Fails     ERR_ABSENT, ERR_INPUT with keys `evidence.*`; ERR_TOO_BIG `evidence.big`; as db.h.
 */
#ifndef OFFICE_EVIDENCE_SCOPE_H
#define OFFICE_EVIDENCE_SCOPE_H

#include "core/pack/pack.h"
#include "server/office/store/gather.h"

enum { DOSSIER_ENTRIES_MAX = 200 * 1000, SOURCES_MAX = 256, SCOPE_ID_MAX = 100 };

#define DOSSIER_KINDS(X)                    \
        X(DOSSIER_CLAUSE,    "clause")      \
        X(DOSSIER_PROCEDURE, "procedure")   \
        X(DOSSIER_BODY,      "body")        \
        X(DOSSIER_ROW,       "row")         /* id: "service:<uuid>" */

enum scope_kind {
#define X(id, name) id,
        DOSSIER_KINDS(X)
#undef X
        DOSSIER_KINDS_COUNT
};
extern const char *const scope_kind_names[DOSSIER_KINDS_COUNT];

struct dossier_scope { enum scope_kind kind; const char *id, *body; utime_t from, until; };      /* texts: "" when not meant */

/* ERR_ABSENT `evidence.scope.absent`, ERR_INPUT `evidence.period`. */
int scope_check(const struct dossier_scope *s, const struct pack *pack, struct err *e);

/* Where traces of it are. */
enum source_kind { SOURCE_PROCEDURE /* "": of all */, SOURCE_REGISTER, SOURCE_DUTY, SOURCE_TYPE, SOURCE_ROW /* of: register, id: row */ };
struct source { enum source_kind kind; const char *of, *id; };
struct sources_of { struct source list[SOURCES_MAX]; size_t n; };
/* Of one clause: also what a clause's own page counts. */
void scope_sources_of_clause(struct sources_of *out, const struct pack *pack, const char *clause, struct arena *a);

/* cases, duties: ids in the order of their day. unsealed: how many entries are younger than the checkpoint. */
struct gathered { struct index_set entries; struct id_list cases, duties; uint64_t unsealed, first, before; };
static inline void gathered_done(struct gathered *g)
{
        index_set_done(&g->entries);
}
static inline void gathered_done_at(struct gathered *g)
{
        gathered_done(g);
}

/* `size`: of the checkpoint; own: the install's body. Inside one snapshot. */
int scope_gather(struct gathered *out, struct db *db, const struct dossier_scope *s, const struct pack *pack, const char *own, uint64_t size, struct arena *a, struct err *e);

#endif
