/* rules.h - a draft of rules, loaded for one request.
 *
 * Does      find the row; load the layers below, the draft over them and the pack in force when it was made; say the draft as JSON.
 * Layer     server/office/api.
 * Owns      desk_close().
 * Fails     ERR_ABSENT rules.absent.
 */
#ifndef OFFICE_API_RULES_H
#define OFFICE_API_RULES_H

#include <jansson.h>

#include "core/pack/draft.h"
#include "link/pack_dir.h"
#include "server/office/api/route.h"

struct desk {
        struct row          row;
        struct draft_files  files;
        json_t             *edits;              /* array */
        const struct pack  *base;               /* in force when it was made; NULL: gone */
        struct pack_layers *lower;              /* what it lies over */
        struct pack        *below, *draft;      /* draft NULL: it has mistakes */
        json_t             *mistakes;           /* array */
        char                id[PACK_ID_MAX];    /* of the layer */
        uint32_t            version;
};

int  desk_open(struct desk **out, struct request *rq, struct err *e);       /* of rq->param */
int  desk_start(struct desk **out, struct request *rq, struct err *e);      /* of a draft that begins now */
struct desk *desk_close(struct desk *d);
SCOPED(desk_close, struct desk *)

int     desk_load(struct pack **out, const struct desk *d, const struct draft_files *top, json_t *mistakes, struct err *e);
int     desk_layers(struct pack_layers **out, const struct desk *d, struct err *e);      /* all of them, the draft on top; the caller's */
int     desk_loosened(struct pack *draft, const struct pack *base, struct err *e);       /* into draft->loosened, against base */
size_t  desk_changes(const struct desk *d);                              /* of a draft without mistakes */
json_t *desk_files_json(const struct draft_files *f);
json_t *desk_json(struct request *rq, struct desk *d, struct err *e);

json_t *rules_both(void (*say)(struct buf *, const void *, enum lang), const void *what);

int rules_reason(struct str *out, struct str in, struct request *rq, struct err *e);     /* there must be one */
const char *rules_person(struct request *rq, struct str id);     /* name, or "" */

/* What `after` says becomes the draft, in d->files; ERR_INPUT when it has mistakes. */
int rules_settle(struct desk *d, const struct pack *after, struct str reason, struct request *rq, struct err *e);

struct act_rules;
int rules_make(struct request *rq, struct act_rules *act, const struct desk *d, struct err *e);     /* title, edits, todo are the caller's */
int rules_done(struct request *rq, struct reply *out, const struct act_rules *act, struct err *e);

#endif
