/* sheet.h - a part of a pack as a sheet that officers edit, and back into the pack's files.
 *
 * Does      show forms, criteria or all words as rows of text; take an edited sheet back as files of which only what was edited differs.
 * Clause    DESIGN §6 (officers edit in the browser and by xlsx); docs/formats/grid.md.
 * Layer     core; pure, on bytes in memory.
 * Owns      a sheet read lives in the grid; *out of sheet_to_pack: pack_edit_free(). The input's bytes must outlive it.
 * Trusts    nothing of the grid. The files must be a pack that pack_load() takes; other files are ERR_INPUT.
 * Fails     ERR_INPUT when anything is wrong: every fault is given to `report` with its cell, at most PACK_MISTAKES_MAX, and no file is
 *           made; ERR_ABSENT for a sheet that is none.
 *
 * Kept byte for byte: whatever the sheet did not change, comments and blank lines too. A comment stands with the line below it: it moves
 * with that record and goes when that record or key is removed (of the files in texts/ it stays). A changed value keeps the comment above
 * it and is written canonically. A row whose id is changed is another record: the old one is removed with its comments.
 */
#ifndef CORE_PACK_SHEET_H
#define CORE_PACK_SHEET_H

#include "core/grid/grid.h"
#include "core/pack/load.h"

/* what.args[0] is where: the cell ("forms!C12"), or file:line for what a removal broke elsewhere in the pack (then row is 0). */
struct sheet_fault { size_t row, column; struct err what; };      /* row as people count: 1 is the header; column from 0 */

typedef void sheet_report_fn(void *ctx, const struct sheet_fault *f);

/* pack: the one of these files; the loosened list is empty until it is asked for. */
struct pack_edit { struct arena arena; struct pack *pack; struct pack_file files[PACK_FILES_MAX]; size_t n; };

int sheet_from_pack(struct grid *out, const char *name, const struct pack_file *files, size_t n, struct err *e);
int sheet_to_pack(struct pack_edit **out, const char *name, const struct grid *g, const struct pack_file *files, size_t n,
                  sheet_report_fn *report, void *ctx, struct err *e);

/* What the edit loosens of `before`, into edit->pack->loosened (pack/loosened.h); its layers are then called "before" and "sheet". */
int pack_edit_loosens(struct pack_edit *edit, struct pack *before, struct err *e);

struct pack_edit *pack_edit_free(struct pack_edit *p);
SCOPED(pack_edit_free, struct pack_edit *)

#endif
