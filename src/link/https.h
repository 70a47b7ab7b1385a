/* https.h - HTTPS out, for machines that talk to their office.
 *
 * Does      one long stream and short calls side by side on one thread; answers and waits are bounded; the caller's own
 *           descriptor is watched in the same wait.
 * Layer     link; libcurl (its TLS is OpenSSL).
 * Owns      struct https: https_close(). Bodies given to callbacks live for the call.
 * Threads   one; libcurl resolves names in a thread of its own.
 * Trusts    a server by its CA and name (or, for enrolment, by the SHA-256 of its public key alone); TLS 1.2 or newer, no
 *           redirects, no proxy, no other protocol. What it says is bytes for the caller to check.
 * Fails     ERR_IO no connection, ERR_TIMEOUT, ERR_TAMPERED another server's key or certificate, ERR_TOO_BIG, ERR_NOMEM.
 */
#ifndef LINK_HTTPS_H
#define LINK_HTTPS_H

#include "base/err.h"
#include "base/str.h"
#include "base/utime.h"

enum { HTTPS_PIN = 32, HTTPS_ANSWER_MAX = 64 * 1024 };

struct https_setup {
        const char    *host;                 /* the name the certificate must bear */
        uint16_t       port;
        const char    *connect_host;         /* connect there instead; NULL: host */
        uint16_t       connect_port;
        const uint8_t *pin;                  /* 32 bytes, SHA-256 of SubjectPublicKeyInfo: trust this key and no CA; or NULL */
        struct str     ca, certificate, key; /* PEM; empty where not used */
};

struct https;

/* `status` is the HTTP status, 0 when there was none; `why` is NULL when the server answered whole. */
typedef void https_done_fn(void *ctx, int status, struct str body, const struct err *why);
typedef int  https_data_fn(void *ctx, struct str bytes, struct err *e);          /* a negative ERR_* ends the stream */

int           https_open(struct https **out, const struct https_setup *s, struct err *e);
struct https *https_close(struct https *h);

int  https_post(struct https *h, const char *path, struct str json, utime_t patience, https_done_fn *done, void *ctx, struct err *e);
/* With these header lines, ended by NULL, in place of our usual ones. */
int  https_post_with(struct https *h, const char *path, const char *const *headers, struct str body, utime_t patience, https_done_fn *done, void *ctx, struct err *e);
int  https_stream(struct https *h, const char *path, utime_t silence, https_data_fn *data, https_done_fn *done, void *ctx, struct err *e);
void https_stream_end(struct https *h);                                       /* the one stream, if any; `done` is not called */

/* Waits until something happened on the network, `fd` (or -1) is readable or the boot-time deadline passed; runs callbacks. */
int  https_wait(struct https *h, int fd, utime_t deadline, struct err *e);

/* One call, awaited. */
int  https_call(struct https *h, const char *path, struct str json, utime_t patience, int *status, struct buf *answer, struct err *e);

static inline void https_close_at(struct https **h)
{
        (void)https_close(*h);
}

#endif
