/* install.h - the first entry of a journal: what this install is called, its log key and its pack.
 *
 * Does      append `install.created`; init and practice begin with it.
 * Layer     server.
 * Trusts    DIR/signer/keys, made a moment ago.
 */
#ifndef SERVER_INSTALL_H
#define SERVER_INSTALL_H

#include "core/pack/pack.h"
#include "core/register/rows.h"
#include "server/office/store/db.h"

struct install { struct uuid id; const char *dir, *name, *body; const struct pack *pack; bool practice; };

int install_append(struct db *db, const struct install *in, utime_t now, struct arena *a, struct err *e);

#endif
