/* verbs.h - one request in, one answer out: what the signer agrees to sign.
 *
 * Does      INFO, APPEND, CERT, CRL, TABLE, ORDER, TOMBSTONE, ROTATE, by a table; each checks its evidence, makes the new state durable, answers.
 * Source    docs/formats/signer.md.
 * Layer     server/signer.
 * Owns      struct signer: signer_close().
 * Trusts    nothing: the office may be in an attacker's hands. What is signed is named by an entry of the log.
 * Fails     the answer's status: ERR_INPUT (malformed, beyond a limit), ERR_TAMPERED (evidence does not hold), ERR_CONFLICT
 *           (not the next index, sequence or number), ERR_IO (state not durable; from then on everything but INFO until a restart).
 */
#ifndef SERVER_SIGNER_VERBS_H
#define SERVER_SIGNER_VERBS_H

#include "server/signer/paths.h"
#include "server/signer/state.h"
#include "server/signer/tombs.h"
#include "wire/signer.h"

struct signer {
        struct keys        *keys;
        struct signer_state state;
        int                 fd;         /* of the state file */
        struct path         keys_path;
        struct tombs        tombs;
        bool                broken;     /* a write failed: what the disk holds is not known */
};

int  signer_open(struct signer *s, const char *data_dir, struct err *e);
void signer_close(struct signer *s);

/* Appends the answer's body. On failure the body is to be ignored. */
int  signer_answer(struct signer *s, uint16_t verb, struct str body, struct buf *answer, struct err *e);

#endif
