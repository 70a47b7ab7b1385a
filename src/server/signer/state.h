/* state.h - what the signer must never forget: how far the log is, and which numbers were given out.
 *
 * Does      keep it in a file of two slots, written in turn, so that a write that fails leaves the other one whole.
 * Source    docs/formats/signer.md, State file.
 * Layer     server/signer; the format itself is wire/signer_state.h.
 * Owns      state_open's descriptor is the caller's.
 * Trusts    nothing on disk: magic, version, checksum, and that the root follows from the edge and bears the log key's signature.
 * Fails     ERR_IO, ERR_FULL from the machine; ERR_TAMPERED when neither slot is whole; ERR_CONFLICT when it belongs to other
 *           keys.
 */
#ifndef SERVER_SIGNER_STATE_H
#define SERVER_SIGNER_STATE_H

#include "server/signer/keys.h"
#include "wire/signer_state.h"

int state_create(const char *path, const struct signer_state *first, struct err *e);      /* first->counter is 1 */
int state_open(int *fd, struct signer_state *out, const char *path, const struct keys *k, struct err *e);
int state_store(int fd, const struct signer_state *s, struct err *e);                      /* into the slot of s->counter */

/* Signs the checkpoint of s->edge into s->root and s->sig. */
int state_sign(struct signer_state *s, const struct keys *k, struct err *e);

#endif
