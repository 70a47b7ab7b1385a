/* sheet_source.h - the files of a pack that a sheet shows, as trees and as lines.
 *
 * Does      read the files of the sheet's folder and both files of words; say by which key the words of a record stand.
 * Layer     core; inside pack/.
 * Owns      everything lives in the arena given; the files' bytes must live as long.
 * Fails     ERR_INPUT for files that are no pack; ERR_NOMEM.
 */
#ifndef CORE_PACK_SHEET_SOURCE_H
#define CORE_PACK_SHEET_SOURCE_H

#include "core/pack/lines.h"
#include "core/pack/sheet_plan.h"
#include "core/pack/texts.h"

struct source_file { const struct pack_file *file; const char *id; struct node *tree; struct lines lines; };      /* id: of a file in a folder */

struct sheet_source {
        struct source_file *files;               /* of the sheet's folder, by name */
        size_t              n;
        struct source_file  texts[LANG_COUNT];
};

int sheet_source_read(struct sheet_source *out, const struct plan *p, const struct pack_file *files, size_t n, struct arena *a, struct err *e);

/* What stands in front of a text's name: "form.service-use.field.name". NULL: no memory. */
const char *sheet_prefix(struct arena *a, const char *outer, const struct schema *s, const char *id);

const struct schema_key *sheet_key(const struct schema *s, const char *name);      /* NULL when absent */

#endif
