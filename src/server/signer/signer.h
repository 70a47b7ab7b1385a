/* signer.h - the role that holds the keys, and what `sekishod init` asks of it.
 *
 * Does      signer_main: listens on DIR/run/signer.sock and answers until SIGTERM; signer_init: makes keys and an empty log;
 *           signer_issue_server: nginx's key and certificate.
 * Source    docs/formats/signer.md; DESIGN §7.
 * Layer     server/signer.
 * Owns      everything inside; DIR/signer must belong to nobody else.
 * Threads   one; connections take turns, one request at a time each.
 * Trusts    nothing that comes over the socket.
 * Fails     ERR_CONFLICT (init over an existing signer), ERR_TAMPERED (keys or state damaged), ERR_IO.
 *
 * Files: DIR/signer/keys and DIR/signer/state, both 0600; DIR/signer, DIR/run and DIR/tls are made when absent.
 */
#ifndef SERVER_SIGNER_SIGNER_H
#define SERVER_SIGNER_SIGNER_H

#include "base/err.h"
#include "base/uuid.h"
#include "core/journal/note.h"
#include "wire/tombstones.h"

int signer_main(const char *data_dir, struct err *e);

/* A later epoch continues the tree: it starts from the right edge of the first entries, and the first that it signs opens it. `keys`: the
 * file of an older epoch, whose keys but the log's are kept (`renew`: those made anew all the same, bits of signer/keys.h); NULL: all are
 * new. Writes DATA_DIR/signer, which must hold neither keys nor state. `log` gets the new log key. */
struct signer_start {
        struct uuid        install;
        uint32_t           epoch;
        const struct edge *edge;
        uint64_t           table_seq, crl_number;       /* the highest that may have been given out */
        const char        *keys;
        unsigned           renew;
        const struct tombstone *tombs;                  /* units known to be erased: remembered from the beginning */
        size_t             tombs_count;
};
int signer_start_epoch(struct vkey *log, const char *data_dir, const struct signer_start *s, utime_t now, struct err *e);

/* Epoch 1. */
int signer_init(const char *data_dir, struct uuid install, utime_t now, struct err *e);

/* Writes DIR/tls/server.key (0600), server.pem (certificate, then the issuing CA's) and ca.pem (the root's; without one the
 * CA's); replaces what is there.
 * `names`: DNS names and addresses, ended by NULL; `crl_url`: where the CRL can be fetched by plain http, or NULL. */
int signer_issue_server(const char *data_dir, const char *const *names, const char *crl_url, utime_t now, struct err *e);

#endif
