/* tls.h - bytes out over TLS, with a check that the other side has read them.
 *
 * Does      connect, shake hands (TLS 1.2 or newer), write, and end so that the end is known: our close, then the peer's.
 * Layer     link; OpenSSL.
 * Owns      struct tls: tls_close().
 * Threads   one; it blocks no longer than the deadlines it is given, and less when `stop` becomes true.
 * Trusts    a server by the given CA and the name it must bear; what it sends is thrown away.
 * Fails     ERR_IO, ERR_TIMEOUT, ERR_TAMPERED (another certificate), ERR_NOMEM.
 *
 * tls_finish(): a receiver that ends before it has read everything resets the connection; one that has read everything ends it in order.
 * So ERR_OK says that the receiver's program has read every byte, which a plain write never says. What it does with them it cannot say.
 */
#ifndef LINK_TLS_H
#define LINK_TLS_H

#include <stdatomic.h>

#include "base/err.h"
#include "base/str.h"
#include "base/utime.h"

struct tls_setup {
        const char        *host;                    /* to connect to, and the name in the certificate */
        uint16_t           port;
        struct str         ca, certificate, key;    /* PEM; the last two empty where not asked for */
        const atomic_bool *stop;                    /* NULL: never */
};

struct tls;

int         tls_open(struct tls **out, const struct tls_setup *s, utime_t deadline, struct err *e);
int         tls_write(struct tls *t, struct str bytes, utime_t deadline, struct err *e);
int         tls_finish(struct tls *t, utime_t deadline, struct err *e);
struct tls *tls_close(struct tls *t);

static inline void tls_close_at(struct tls **t)
{
        (void)tls_close(*t);
}

#endif
