/* seal.h - the office's side of the signer: every committed leaf goes into the log, in order, soon.
 *
 * Does      hand leaves to the signer after each commit; keep its newest checkpoint; ask for other signatures with the evidence
 *           that the journal names them.
 * Clause    DESIGN §7, docs/formats/signer.md.
 * Layer     server/office.
 * Threads   any; one lock holds the signer's connection, so the tree stands still while evidence is built.
 * Fails     ERR_TIMEOUT, ERR_IO when the signer is away: acts go on being stored, checkpoints wait, status shows the lag.
 *           ERR_TAMPERED when the signer's tree is not ours: the office does not start (restore = a new epoch).
 */
#ifndef OFFICE_SEAL_H
#define OFFICE_SEAL_H

#include "server/office/office.h"
#include "wire/grants.h"
#include "wire/keylink.h"
#include "wire/signer.h"

int            sealer_start(struct sealer **out, struct office *o, const char *socket, struct err *e);
struct sealer *sealer_stop(struct sealer *s);
void           sealer_wake(struct sealer *s);

/* The newest checkpoint as a signed note; ERR_ABSENT before the first. */
int sealer_checkpoint(struct checkpoint *out, struct buf *note, struct sealer *s, struct err *e);

/* Waits until entry `index` lies under a checkpoint. */
int sealer_wait(struct sealer *s, uint64_t index, utime_t deadline, struct err *e);

/* `index` is the entry that names the digest of what is to be signed. */
int sealer_sign_table(uint8_t sig[ED25519_SIG], struct sealer *s, uint64_t index, const uint8_t header[GRANT_HEADER_BYTES], struct err *e);

/* The entry unit.erased at `index` names the unit; the signer remembers it from now on. */
int sealer_tombstone(struct sealer *s, uint64_t index, const char *unit, struct err *e);

int sealer_sign_cert(struct buf *der, struct sealer *s, uint64_t index, const struct signer_cert *c, struct err *e);
/* What the signer says of its keys now. The views in it live in `room`. */
int sealer_info(struct signer_info *out, struct buf *room, struct sealer *s, struct err *e);

int sealer_rotate(uint8_t sig[ED25519_SIG], struct sealer *s, uint64_t index, const struct keylink *l, struct err *e);

#endif
