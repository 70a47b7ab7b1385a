/* people.h - can these people decide under this pack?
 *
 * Does      read who works where in which roles (docs/formats/people.md); for each procedure and each kind of person who may file it,
 *           look for people who can do all of its steps, with everybody there and with each of those absent in turn.
 * Clause    practice.md of the base pack: small towns; nobody decides on what they applied for.
 * Layer     core; pure. Who may act at a step is asked of flow_standing(), as the office does.
 * Owns      people and findings live in the arena given and point into the bytes and the pack.
 * Trusts    nothing: PEOPLE_BYTES_MAX, PEOPLE_MAX.
 * Fails     ERR_INPUT with a key `people.*`, {0} is "file:line"; all mistakes go to `report` (may be NULL), at most PEOPLE_MISTAKES_MAX.
 */
#ifndef CORE_PROCEDURE_PEOPLE_H
#define CORE_PROCEDURE_PEOPLE_H

#include "core/pack/load.h"
#include "core/procedure/flow.h"

enum { PEOPLE_BYTES_MAX = 1024 * 1024, PEOPLE_MAX = 5000, PEOPLE_MISTAKES_MAX = 50, PEOPLE_DEPUTIES_MAX = 8 };

struct person {
        const char *id, *name;
        struct str  section;
        const char *roles[PERMIT_ROLES_MAX];         /* of the pack */
        size_t      roles_count;
        const char *deputies[PEOPLE_DEPUTIES_MAX];   /* ids of those who decide for this person when absent */
        size_t      deputies_count;
};

struct people { const struct person *rows; size_t n; };

int people_read(struct people *out, const struct pack *pack, const char *file, struct str bytes, struct arena *a, pack_report_fn *report, void *ctx,
                struct err *e);

/* Why a case stops: of those who hold the role there … */
#define PEOPLE_WHYS(X)                                                                         \
        X(PEOPLE_NOBODY, "nobody")    /* … there is none */                                    \
        X(PEOPLE_AWAY,   "away")      /* … nobody is there */                                  \
        X(PEOPLE_SELF,   "self")      /* … all applied for it or drafted it */                 \
        X(PEOPLE_SECOND, "second")    /* … nobody is left who confirms what another entered */ \
        X(PEOPLE_SAME,   "same")      /* … all have decided at a step that may not be shared */ \
        X(PEOPLE_LONG,   "long")      /* not worked out: too many ways */
enum people_why {
#define X(id, name) id,
        PEOPLE_WHYS(X)
#undef X
        PEOPLE_WHYS_COUNT
};

struct people_finding {
        const struct pack_procedure *procedure;
        const struct pack_step      *step;           /* NULL: nobody may file it at all */
        const struct person         *applicant;      /* one of `alike` who stand in the same section with the same roles */
        const struct person         *drafter;        /* NULL: filed by the applicant */
        const struct person         *absent;         /* NULL: with everybody there */
        enum people_why              why;
        const char                  *role;           /* whose holder is missing */
        const struct pack_sheet     *sheet;          /* that nobody can fill in; NULL: the step itself */
        size_t                       alike;
};

struct people_report { const struct people_finding *rows; size_t n; size_t stuck; };  /* stuck: with everybody there, filed by the applicant */

int people_check(struct people_report *out, const struct pack *pack, const struct people *people, struct arena *a, struct err *e);

const char *people_why_name(enum people_why why);

/* One sentence that says what stops, why, and one that says what would mend it. */
void people_say(struct buf *what, struct buf *mend, enum lang lang, const struct pack *pack, const struct people_finding *f);

#endif
