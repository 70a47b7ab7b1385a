/* files.h (command) - attachments: who may, and the acts that bring and remove them.
 *
 * Does      rights by the row that a file hangs on; `attachment.added`, `attachment.removed`.
 * Clause    8.2(2): the evidence that a judgement rests on is kept with it.
 * Layer     server/office/command.
 * Fails     ERR_ABSENT `file.row.absent` no such row, or not theirs to see; ERR_FORBIDDEN `file.role`; ERR_CONFLICT, ERR_INPUT `file.*`.
 *
 * Order of an upload: act_file_key (the unit's key is durable) → store_file_put (the file is durable) → act_attach (the entry names it).
 * What comes in between leaves a file that nothing names: act_file_drop takes it away at once, or the sweep at the next start.
 */
#ifndef OFFICE_COMMAND_FILES_H
#define OFFICE_COMMAND_FILES_H

#include "server/office/command/facts.h"
#include "server/office/writer.h"

enum { FILES_OF_ROW_MAX = 50 };

/* about: service, application, duty, incident, provider, or a register whose rows hang on a service. */
struct file_rights { bool sees, writes; };
int file_rights(struct file_rights *out, struct office *o, struct db *db, const struct actor *who, struct str about, struct str subject, utime_t now,
                struct arena *a, struct err *e);

struct act_file_key { char unit[40]; };      /* out: the unit of now */
struct act_attach {
        const char    *person, *unit, *type;
        struct str     about, subject, name, note, dated_on;
        struct hash    hash;
        uint64_t       size;
        struct receipt receipt;
        char           id[UUID_TEXT];
};
struct act_file_remove { const char *person; struct str id, reason; int64_t rev; struct receipt receipt; int64_t rev_after; };
act_fn act_file_key, act_attach, act_file_remove;
act_fn act_file_drop;                        /* const struct hash *: unless a row names it */

#endif
