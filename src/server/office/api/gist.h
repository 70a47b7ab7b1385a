/* gist.h (api) - one case as whoever decides reads it first: what an approval does, what differs from last time, what the secretariat
 * thinks, ready phrases.
 *
 * Does      find the last approved application about the same service or device; fill core/procedure/gist.h with names from the
 *           registers. The same words stand on the screen and on the page that a mail leads to.
 * Clause    practice.md of the base pack, approver's page.
 * Layer     server/office/api.
 * Owns      texts live in the request's arena, or in the pack's.
 * Access    an earlier case is compared for those who see it anyway, and for those who may decide here now.
 * Fails     the store's errors, ERR_NOMEM.
 */
#ifndef OFFICE_API_GIST_H
#define OFFICE_API_GIST_H

#include "core/procedure/gist.h"
#include "server/office/api/case_parts.h"

struct gist {
        struct gist_outline        outline;
        bool                       last;             /* this person's approval ends the case */
        struct gist_text           next;             /* the steps that come after it; empty: none, or nothing to decide here */
        struct gist_wills          wills;            /* once all have approved; none when the case is over */
        struct row                 previous;         /* rev 0: there is none */
        const struct pack         *previous_pack;
        const struct case_facts   *previous_facts;   /* NULL with it */
        struct gist_differs        differs;
        struct gist_opinions       opinions;
        const struct pack_phrase **phrases;          /* for the step that waits for this person */
        size_t                     phrases_count;
};

int  gist_make(struct gist *out, const struct case_view *v, struct err *e);
/* "outline", "will", "ends", "next", "previous", "judged_before", "differs", "opinion", "phrases". */
bool gist_put(json_t *o, const struct gist *g);

#endif
