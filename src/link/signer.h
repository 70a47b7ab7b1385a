/* signer.h - the office's side of the signer.
 *
 * Does      one typed call a verb; connects when needed, and again after a failure.
 * Source    docs/formats/signer.md.
 * Layer     link.
 * Owns      struct signer_client is the caller's: signer_client_done(). Views in answers (certificates, lists, orders) live until the
 *           client's next call.
 * Units     deadlines are clock_boot() values.
 * Threads   one client belongs to one thread.
 * Fails     what the signer answers (server/signer/verbs.h); ERR_TIMEOUT, ERR_IO, ERR_ABSENT (nobody listens).
 *
 * After ERR_IO or ERR_TIMEOUT of APPEND, TABLE or CRL nobody knows whether it was done: ask signer_info() before going on. The same
 * leaves offered again at the same index are refused (ERR_CONFLICT), never doubled.
 */
#ifndef LINK_SIGNER_H
#define LINK_SIGNER_H

#include "sys/sock.h"
#include "wire/keylink.h"
#include "wire/signer.h"

enum { SIGNER_PATH_MAX = 108 };

struct signer_client {
        char       path[SIGNER_PATH_MAX];
        int        fd;                  /* -1: not connected */
        struct buf request, answer;
};

int  signer_client_init(struct signer_client *c, const char *socket_path, struct err *e);       /* does not connect yet */
void signer_client_done(struct signer_client *c);

int signer_info(struct signer_client *c, struct signer_info *out, utime_t deadline, struct err *e);
int signer_append(struct signer_client *c, uint64_t first, const struct hash *leaves, uint32_t n, struct signer_head *out,
                  utime_t deadline, struct err *e);
int signer_cert(struct signer_client *c, const struct evidence *ev, const struct signer_cert *m, struct str *der, utime_t deadline,
                struct err *e);
/* `fixed` is what signer_crl_encode() made: the bytes whose digest the entry names. */
int signer_crl(struct signer_client *c, const struct evidence *ev, struct str fixed, struct str *der, utime_t deadline, struct err *e);
int signer_table(struct signer_client *c, const struct evidence *ev, const uint8_t header[TABLE_HEADER_BYTES],
                 uint8_t sig[ED25519_SIG], utime_t deadline, struct err *e);
int signer_order(struct signer_client *c, const struct evidence *ev, const struct signer_order *m, struct str *order,
                 uint8_t sig[ED25519_SIG], utime_t deadline, struct err *e);
/* The link whose digest the entry names; the same again answers the same signature, so that a lost answer can be asked for. */
int signer_rotate(struct signer_client *c, const struct evidence *ev, const struct keylink *l, uint8_t sig[ED25519_SIG], utime_t deadline,
                  struct err *e);
/* Asked again for the same unit it answers the same: it is remembered. */
int signer_tombstone(struct signer_client *c, const struct evidence *ev, const char *unit, utime_t deadline, struct err *e);

#endif
