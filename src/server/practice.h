/* practice.h - `sekishod practice`: a copy to practise on (練習モード), where nothing takes effect.
 *
 * Does      make a new install in COPY with the people, roles, passwords and the pack of DIR; its own install id, keys and origin.
 *           No application, register or journal entry of DIR goes along. DIR may be running; it is only read.
 * Clause    DESIGN §11 (10): every screen works in practice mode on a copy.
 * Layer     server.
 * Fails     as init: ERR_CONFLICT when COPY holds anything; nothing half-made is left.
 *
 *     sekishod practice DIR COPY [--host HOST] [--user-port N] [--machine-port N]
 *
 * The row of the install says practice = 1; from then on: no gate can be added, no grant table is made or signed, notices stay in the
 * log and say 練習, numbers begin with P-.
 */
#ifndef SERVER_PRACTICE_H
#define SERVER_PRACTICE_H

#include "base/err.h"

int practice_main(const char *data_dir, int argc, char *const *argv, struct err *e);

#endif
