/* desk.h - the page being written, and the marks that go on it. Between lay.c and desk.c.
 *
 * Layer     core; pure.
 * Units     hundredths of a point, from the top edge.
 * Fails     ERR_TOO_BIG `paper.pages`; ERR_NOMEM.
 */
#ifndef CORE_PAPER_DESK_H
#define CORE_PAPER_DESK_H

#include "core/paper/lay.h"

struct desk {
        struct paper_pages         *out;
        const struct paper_metrics *metrics;
        struct str                  mark;                    /* across each page */
        struct arena                scratch;                 /* the row being laid */
        int                         left, right, top, bottom, y;
        size_t                      page;
        struct err                 *e;
};

int desk_page(struct desk *d);                               /* a new one, from its top */
int desk_room(struct desk *d, int height);                   /* a new one unless that much is left; at the top whatever is there */
int desk_say(struct desk *d, enum paper_font font, int size, int x, int y, struct str text);
int desk_line(struct desk *d, int x, int y, int x2, int y2, int width);
int desk_box(struct desk *d, int x, int y, int x2, int y2);
int desk_fill(struct desk *d, int x, int y, int x2, int y2, int gray);

#endif
