/* adopt.h - `sekishod adopt`: another pack comes into force, by the decision of two persons.
 *
 * Does      read and check the pack, keep it under its hash, write the entry `pack.adopted`. The office must be stopped.
 * Clause    DESIGN §6: adopted by a two-person decision, which is a journal entry; a bad pack is refused whole, the last good one stays.
 * Layer     server.
 * Fails     ERR_INPUT with every mistake on standard error; ERR_CONFLICT while the office runs, or when the pack is in force already;
 *           ERR_RULE when the two are one, or one of them is not active. Nothing changes then.
 *
 *     sekishod adopt DIR --pack FOLDER --by LOGIN --second LOGIN [--reason TEXT]
 *
 * Cases that are open go on under the pack they were filed with. What no longer meets the new pack is not listed yet.
 */
#ifndef SERVER_ADOPT_H
#define SERVER_ADOPT_H

#include "base/err.h"

int adopt_main(const char *data_dir, int argc, char *const *argv, struct err *e);

#endif
