/* kinds.h - what a render job can make of what.
 *
 * Does      bytes in, bytes out; a table by name.
 * Layer     server/render.
 * Trusts    nothing. kinds_prepare() runs before the sandbox and opens what libc and libxlsxwriter would open later.
 */
#ifndef SERVER_RENDER_KINDS_H
#define SERVER_RENDER_KINDS_H

#include "base/err.h"
#include "base/str.h"

typedef int render_fn(struct buf *out, struct str in, struct err *e);

struct render_kind { const char *name; render_fn *run; };

int                       kinds_prepare(struct err *e);
const struct render_kind *kinds_find(struct str name);      /* NULL when absent */

int encoding_prepare(struct err *e);                                     /* loads libc's tables for CP932 */
int encoding_to_utf8(struct buf *out, struct str in, struct err *e);     /* UTF-8, UTF-16 with BOM, else CP932 */
int encoding_of_list(struct buf *out, struct str in, struct err *e);     /* the same, and never refused: 〓 where nothing can be read */

int file_type(struct buf *out, struct str in, struct err *e);      /* {"type":"pdf"}; refuses with file.type.* (filetype.c) */

int xlsx_prepare(struct err *e);
struct grid;
int xlsx_write(struct buf *out, const struct grid *g, int lang, struct err *e);

void paper_prepare(void);                                                /* maps the fonts; without them only papers are refused */
int  paper_to_pdf(struct buf *out, struct str in, struct err *e);

#endif
