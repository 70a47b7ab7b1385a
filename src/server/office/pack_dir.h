/* pack_dir.h - a pack as a directory of files.
 *
 * Does      read every .yaml below a directory (one level of folders) and load it; copy it.
 * Layer     server/office.
 * Owns      *out is the caller's: pack_free().
 * Trusts    nothing: symbolic links, odd names and too many or too large files are refused.
 */
#ifndef OFFICE_PACK_DIR_H
#define OFFICE_PACK_DIR_H

#include "core/pack/load.h"

int pack_dir_load(struct pack **out, const char *dir, pack_report_fn *report, void *ctx, struct err *e);
int pack_dir_copy(const char *from, const char *to, struct err *e);

#endif
