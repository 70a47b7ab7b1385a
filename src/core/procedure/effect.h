/* effect.h - one effect of an approval being done; for src/core/procedure only.
 *
 * Does      give effects what they share: answers, days, ids. effects.c runs them in the pack's order.
 * Layer     core; pure.
 */
#ifndef CORE_PROCEDURE_EFFECT_H
#define CORE_PROCEDURE_EFFECT_H

#include "core/procedure/inside.h"

struct doing {
        struct changes             *out;
        const struct flow          *w;
        const struct pack_effect   *fx;
        struct row                 *app;
        struct fresh               *ids;
};

struct str effect_answer(const struct doing *d, const char *field);      /* empty when there is none */
int        effect_gone(struct err *e);                                   /* an answer that it needs is not there any more */
struct str effect_id(const struct doing *d, const char *id);             /* lives as long as the changes */

utime_t effect_day_end(struct date d);                                   /* exclusive */
/* By the pack's days off; where they are not known any more, it is the best guess (docs/formats/pack.md, holidays). */
int     effect_due(utime_t *out, const struct period *p, utime_t from, const struct pack *pack, struct err *e);
/* The end that the answer or the pack gives; none leaves the column empty: until it is ended. */
int     effect_until(struct row *row, int col, const struct doing *d, struct err *e);

/* The register of services (effect_service.c). */
int effect_register_service(struct doing *d, struct err *e);
int effect_register_use(struct doing *d, struct err *e);
int effect_register_subcontractor(struct doing *d, struct err *e);
int effect_service_reviewed(struct doing *d, struct err *e);
int effect_end_service(struct doing *d, struct err *e);
/* Rows of another register about that service (effect_rows.c). */
int effect_register_rows(struct doing *d, struct err *e);
/* The after-image that this approval has made of a row, to be changed in place; NULL: none yet. */
struct row *effect_made(const struct doing *d, enum table t, const char *id);
/* A row changed: in place when there is an after-image already, so that one entry holds one image of a row. */
int effect_put(struct doing *d, const struct row *row, struct err *e);

#endif
