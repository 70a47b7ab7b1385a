/* witness_state.h - what a witness keeps: its key, the logs that it trusts, and how large each was when it last signed.
 *
 * Does      make the folder; load the key; read and durably replace what is known of one log.
 * Source    docs/formats/witness.md, "Files".
 * Layer     cli.
 * Owns      witness_open()'s result: witness_close().
 * Trusts    not the files: each record is signed by the witness's own key and refused when that does not hold.
 * Fails     ERR_ABSENT no such log; ERR_TAMPERED a record that does not hold; ERR_CONFLICT another process has the folder;
 *           the machine's errors.
 */
#ifndef CLI_WITNESS_STATE_H
#define CLI_WITNESS_STATE_H

#include <openssl/evp.h>

#include "core/journal/cosign.h"

enum { WITNESS_PATH = 1024, WITNESS_LOGS_MAX = 1000 };

struct witness {
        char        dir[WITNESS_PATH];
        struct vkey me;
        EVP_PKEY   *key;
        int         lock;
};

/* What is known of one log. size 0: trusted, nothing seen yet. at: when it was last signed, POSIX seconds. */
struct known { struct vkey log; uint64_t size; struct hash root; uint64_t at; };

int  witness_make(const char *dir, const char *name, struct err *e);           /* ERR_CONFLICT when there is one */
int  witness_open(struct witness *w, const char *dir, struct err *e);
void witness_close(struct witness *w);
int  witness_sign(uint8_t sig[ED25519_SIG], const struct witness *w, struct str message, struct err *e);

int  known_load(struct known *out, const struct witness *w, struct str origin, struct err *e);
int  known_store(const struct witness *w, const struct known *k, struct err *e);

/* Each log that is trusted; stops at the first failure. */
typedef int known_fn(void *ctx, const struct known *k, struct err *e);
int  known_each(const struct witness *w, known_fn *fn, void *ctx, struct err *e);

#endif
