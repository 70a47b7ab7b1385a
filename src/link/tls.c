/* tls.c - see tls.h. */
#include "link/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include "sys/clock.h"
#include "sys/files.h"

enum { LOOK_MS = 200, CERTS_MAX = 400 };

struct tls { SSL_CTX *ctx; SSL *ssl; int fd; const atomic_bool *stop; };

SCOPED(X509_free, X509 *)
SCOPED(EVP_PKEY_free, EVP_PKEY *)
SCOPED(BIO_free, BIO *)
SCOPED(freeaddrinfo, struct addrinfo *)

struct tls *tls_close(struct tls *t)
{
        if (t) {
                SSL_free(t->ssl);
                SSL_CTX_free(t->ctx);
                fd_close(t->fd);
                free(t);
        }
        return NULL;
}

static int library_said(struct err *e, int code, const char *what)
{
        char words[200] = "no reason given";
        unsigned long why = ERR_get_error();

        if (why)
                ERR_error_string_n(why, words, sizeof(words));
        ERR_clear_error();
        return err_set(e, code, "%s: %s", what, words);
}

/* ---- setup ---- */

static int trust(SSL_CTX *ctx, struct str ca, struct err *e)
{
        scoped(BIO_free) BIO *in = BIO_new_mem_buf(ca.p, (int)ca.n);
        int n = 0;

        for (; in && n < CERTS_MAX; n++) {
                scoped(X509_free) X509 *x = PEM_read_bio_X509(in, NULL, NULL, NULL);

                if (!x)
                        break;
                if (X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), x) != 1)
                        return library_said(e, ERR_INPUT, "CA");
        }
        ERR_clear_error();
        return n ? ERR_OK : err_set(e, ERR_INPUT, "the CA file holds no certificate");
}

static int identify(SSL_CTX *ctx, const struct tls_setup *s, struct err *e)
{
        scoped(BIO_free) BIO *c = BIO_new_mem_buf(s->certificate.p, (int)s->certificate.n);
        scoped(BIO_free) BIO *k = BIO_new_mem_buf(s->key.p, (int)s->key.n);
        scoped(X509_free) X509 *x = c ? PEM_read_bio_X509(c, NULL, NULL, NULL) : NULL;
        scoped(EVP_PKEY_free) EVP_PKEY *key = k ? PEM_read_bio_PrivateKey(k, NULL, NULL, NULL) : NULL;

        if (!x || !key || SSL_CTX_use_certificate(ctx, x) != 1 || SSL_CTX_use_PrivateKey(ctx, key) != 1)
                return library_said(e, ERR_INPUT, "our certificate or key");
        return ERR_OK;
}

static int context(struct tls *t, const struct tls_setup *s, struct err *e)
{
        int r;

        t->ctx = SSL_CTX_new(TLS_client_method());
        if (!t->ctx || SSL_CTX_set_min_proto_version(t->ctx, TLS1_2_VERSION) != 1)
                return library_said(e, ERR_NOMEM, "TLS");
        SSL_CTX_set_verify(t->ctx, SSL_VERIFY_PEER, NULL);
        r = trust(t->ctx, s->ca, e);
        return r == ERR_OK && s->certificate.n ? identify(t->ctx, s, e) : r;
}

/* ---- waiting ---- */

static int wait_for(const struct tls *t, short events, utime_t deadline, struct err *e)
{
        for (;;) {
                struct pollfd p = { .fd = t->fd, .events = events };
                int left = clock_left_ms(deadline), n;

                if (t->stop && atomic_load(t->stop))
                        return err_set(e, ERR_BUSY, "we are to end");
                if (!left)
                        return err_set(e, ERR_TIMEOUT, "no answer in time");
                n = poll(&p, 1, left < LOOK_MS ? left : LOOK_MS);
                if (n > 0)
                        return ERR_OK;
                if (n < 0 && errno != EINTR)
                        return err_errno(e, "poll");
        }
}

/* After a call of the library that returned `r`: OK to call it again, or what went wrong. */
static int again(struct tls *t, int r, utime_t deadline, struct err *e)
{
        switch (SSL_get_error(t->ssl, r)) {
        case SSL_ERROR_WANT_READ:
                return wait_for(t, POLLIN, deadline, e);
        case SSL_ERROR_WANT_WRITE:
                return wait_for(t, POLLOUT, deadline, e);
        case SSL_ERROR_SYSCALL:
                if (errno)
                        return err_errno(e, "connection");
                __attribute__((fallthrough));
        case SSL_ERROR_ZERO_RETURN:
                return err_set(e, ERR_IO, "the other side ended the connection");
        default:
                if (SSL_get_verify_result(t->ssl) != X509_V_OK)
                        return err_set(e, ERR_TAMPERED, "certificate: %s", X509_verify_cert_error_string(SSL_get_verify_result(t->ssl)));
                return library_said(e, ERR_IO, "TLS");
        }
}

/* ---- the way there ---- */

static int connect_one(struct tls *t, const struct addrinfo *a, utime_t deadline, struct err *e)
{
        scoped(fd_close) int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        socklen_t n = sizeof(int);
        int why = 0, r;

        if (fd < 0)
                return err_errno(e, "socket");
        if (connect(fd, a->ai_addr, a->ai_addrlen) < 0 && errno != EINPROGRESS)
                return err_errno(e, "connect");
        t->fd = fd;
        r = wait_for(t, POLLOUT, deadline, e);
        if (r == ERR_OK && getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &n) < 0)
                why = errno;
        t->fd = -1;
        if (r < 0)
                return r;
        if (why) {
                errno = why;
                return err_errno(e, "connect");
        }
        t->fd = take_fd(fd);
        return ERR_OK;
}

static int connect_any(struct tls *t, const char *host, uint16_t port, utime_t deadline, struct err *e)
{
        const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV };
        scoped(freeaddrinfo) struct addrinfo *list = NULL;
        char service[8];
        int r;

        (void)snprintf(service, sizeof(service), "%u", port);
        r = getaddrinfo(host, service, &hints, &list);
        if (r != 0)
                return err_set(e, ERR_IO, "'%s': %s", host, gai_strerror(r));
        r = ERR_IO;
        for (const struct addrinfo *a = list; a && r < 0; a = a->ai_next)
                r = connect_one(t, a, deadline, e);
        return r;
}

static int shake(struct tls *t, const char *host, utime_t deadline, struct err *e)
{
        unsigned char address[16];
        bool is_address = inet_pton(strchr(host, ':') ? AF_INET6 : AF_INET, host, address) == 1;
        int r;

        t->ssl = SSL_new(t->ctx);
        if (!t->ssl || SSL_set_fd(t->ssl, t->fd) != 1)
                return library_said(e, ERR_NOMEM, "TLS");
        if (is_address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(t->ssl), host) != 1 : SSL_set1_host(t->ssl, host) != 1 || SSL_set_tlsext_host_name(t->ssl, host) != 1)
                return library_said(e, ERR_INPUT, "name");
        for (;;) {
                errno = 0;
                ERR_clear_error();
                r = SSL_connect(t->ssl);
                if (r == 1)
                        return ERR_OK;
                r = again(t, r, deadline, e);
                if (r < 0)
                        return r;
        }
}

int tls_open(struct tls **out, const struct tls_setup *s, utime_t deadline, struct err *e)
{
        scoped(tls_close) struct tls *t = calloc(1, sizeof(*t));
        int r;

        if (!t)
                return err_set(e, ERR_NOMEM, "TLS");
        t->fd = -1;
        t->stop = s->stop;
        r = context(t, s, e);
        if (r == ERR_OK)
                r = connect_any(t, s->host, s->port, deadline, e);
        if (r == ERR_OK)
                r = shake(t, s->host, deadline, e);
        if (r == ERR_OK)
                *out = take(t);
        return r;
}

/* ---- bytes ---- */

int tls_write(struct tls *t, struct str bytes, utime_t deadline, struct err *e)
{
        while (bytes.n) {
                size_t done = 0;
                int r;

                errno = 0;
                ERR_clear_error();
                r = SSL_write_ex(t->ssl, bytes.p, bytes.n, &done);
                if (r == 1) {
                        bytes = (struct str){ bytes.p + done, bytes.n - done };
                        continue;
                }
                r = again(t, r, deadline, e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

/* Our close, then whatever the peer still says until it ends. A reset, or nothing at all, is no end. */
int tls_finish(struct tls *t, utime_t deadline, struct err *e)
{
        char junk[1024];

        ERR_clear_error();
        (void)SSL_shutdown(t->ssl); /* close_notify; what it cannot send the peer does not miss: the FIN follows */
        if (shutdown(t->fd, SHUT_WR) < 0)
                return err_errno(e, "connection");
        for (;;) {
                ssize_t n = recv(t->fd, junk, sizeof(junk), 0);
                int r;

                if (n == 0)
                        return ERR_OK;
                if (n < 0 && errno != EAGAIN && errno != EINTR)
                        return err_errno(e, "connection");
                r = n < 0 ? wait_for(t, POLLIN, deadline, e) : ERR_OK;
                if (r < 0)
                        return r;
        }
}
