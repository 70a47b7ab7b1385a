/* tombs.h - the signer's file of tombstones.
 *
 * Does      make it, open it against the state, append to it; remember all of it.
 * Source    docs/formats/signer.md, Tombstones.
 * Layer     server/signer.
 * Owns      struct tombs: tombs_close().
 * Trusts    not the disk: count and chain of the state must be the file's. A record that the state does not count was never answered
 *           for: it is cut off.
 * Fails     ERR_TAMPERED records are missing or changed; ERR_IO, ERR_FULL.
 */
#ifndef SERVER_SIGNER_TOMBS_H
#define SERVER_SIGNER_TOMBS_H

#include "wire/signer_state.h"
#include "wire/tombstones.h"

struct tombs {
        int               fd;
        struct arena      arena;
        struct tombstone *list, *grown;     /* grown: with room for one more, ready before anything is written */
        size_t            n;
};

/* Made when the state knows of none and there is none. */
int  tombs_open(struct tombs *t, const char *path, const struct signer_state *s, struct err *e);
void tombs_close(struct tombs *t);
bool tombs_has(const struct tombs *t, const char *unit);

/* Durable in the file; then *next has its count and chain: only when that state is stored, it is one of the list. */
int  tombs_write(struct tombs *t, const struct tombstone *tomb, struct signer_state *next, struct err *e);
void tombs_keep(struct tombs *t);

#endif
