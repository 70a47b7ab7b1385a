/* sheets.h - grids as files, by the render role.
 *
 * Layer     server/office/api.
 * Fails     what the render job says; ERR_BUSY `grid.render.absent`.
 */
#ifndef OFFICE_API_SHEETS_H
#define OFFICE_API_SHEETS_H

#include "core/grid/grid.h"
#include "server/office/api/route.h"

int sheets_render(struct buf *out, struct request *rq, const char *kind, struct str in, struct err *e);
/* A download: `ending` is ".csv" or ".xlsx", titles in the caller's language. ERR_ABSENT: no such ending. */
int sheets_send(struct request *rq, struct reply *out, const struct json_t *grid, const char *name, struct str ending, struct err *e);

/* People's text is NFC from here on. */
int sheets_tidy(struct grid_sheet *s, struct request *rq, struct err *e);

#endif
