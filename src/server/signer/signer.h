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

#include "base/uuid.h"
#include "base/err.h"

int signer_main(const char *data_dir, struct err *e);

/* Epoch 1. A restore opens a later one with signer_init_epoch(). */
int signer_init(const char *data_dir, struct uuid install, utime_t now, struct err *e);
int signer_init_epoch(const char *data_dir, struct uuid install, uint32_t epoch, utime_t now, struct err *e);

/* Writes DIR/tls/server.key (0600), server.pem (certificate, then the CA's) and ca.pem; replaces what is there.
 * `names`: DNS names and addresses, ended by NULL; `crl_url`: where the CRL can be fetched by plain http, or NULL. */
int signer_issue_server(const char *data_dir, const char *const *names, const char *crl_url, utime_t now, struct err *e);

#endif
