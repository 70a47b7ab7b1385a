/* imports.h - a sheet of a register is brought in: all of its rows or none.
 *
 * Does      gather what the plan (core/register/import.h) looks things up in; on the writer plan anew, compare with what was shown, and
 *           append one entry a row and one about the whole, inside one act: a commit that fails leaves nothing of it.
 * Clause    practice.md of the base pack: nothing saved until clean; counts before saving.
 * Layer     server/office/command.
 * Fails     ERR_FORBIDDEN `record.change.role`; ERR_RULE `import.mistakes`, `import.stopped`; ERR_CONFLICT `import.moved`; ERR_INPUT
 *           `import.*`; the store's errors.
 */
#ifndef OFFICE_COMMAND_IMPORTS_H
#define OFFICE_COMMAND_IMPORTS_H

#include "core/register/access.h"
#include "core/register/import.h"
#include "server/office/command/records.h"
#include "server/office/writer.h"

/* What whoever asks gives; the rest of struct import_in comes from the store. */
struct import_ask {
        const char                 *person;
        const struct register_info *reg;
        const struct grid_sheet    *sheet;
        const char *const          *mapping;
        size_t                      header;
        struct str                  of;            /* empty: none */
        utime_t                     apply_by, effective;
        bool                        whole;
        struct str                  reason;        /* why, when much or a service changes; empty: none */
        enum lang                   lang;
};

/* Plan and its hash; both live in `a`. Also for a dry run, on a reader's connection. */
int import_prepare(struct import_plan *out, struct hash *digest, const struct import_ask *ask, const struct actor *who, struct office *o, struct db *db, utime_t now,
                   struct arena *a, struct err *e);

struct act_import { struct import_ask ask; struct hash shown; struct receipt receipt; uint64_t entries; struct import_counts counts; size_t skipped; };
act_fn act_import;

/* People whose postings begin or end: a tick. */
act_fn act_postings;
int    postings_are_due(bool *due, struct db *db, utime_t now, struct arena *a, struct err *e);

#endif
