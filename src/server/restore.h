/* restore.h - `sekishod restore`: a data directory from a backup of data and one of keys, as a new epoch of the log.
 *
 * Does      compare every file with the list, the journal with its root, the root with each checkpoint that is known; put the keys in; ask
 *           for a list of erased units as new as the newest checkpoint and erase again what the backup brought back; end sessions and
 *           enrolment codes; open a new epoch that says the exact gap.
 * Clause    DESIGN §5 (a restore without a list as new as the last checkpoint stops and asks), §7 (restore opens a new epoch).
 * Source    docs/formats/backup.md, epoch.md.
 * Layer     server.
 * Owns      TO.making while it works; TO appears when it is whole.
 * Trusts    neither backup: hashes, signatures, row MACs. What a person says with --erased is that person's word and stands in the entry.
 * Fails     ERR_CONFLICT TO exists, `restore.tombstones.old` (it asks); ERR_TAMPERED; ERR_FORBIDDEN another recovery code.
 *
 *     sekishod restore FROM [KEYS] TO --by LOGIN [--second LOGIN] --why TEXT [--known CHECKPOINT]… [--tombstones FILE] [--erased none|UNIT,…]
 *              [--without-keys]
 * The recovery code is read from standard input when KEYS is given.
 */
#ifndef SERVER_RESTORE_H
#define SERVER_RESTORE_H

#include "base/err.h"

int restore_main(const char *from, int argc, char *const *argv, struct err *e);

#endif
