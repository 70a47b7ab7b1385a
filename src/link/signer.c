/* signer.c - see signer.h. */
#include "link/signer.h"

#include "wire/tombstones.h"

int signer_client_init(struct signer_client *c, const char *socket_path, struct err *e)
{
        *c = (struct signer_client){ .fd = -1 };
        if ((size_t)snprintf(c->path, sizeof(c->path), "%s", socket_path) >= sizeof(c->path))
                return err_set(e, ERR_TOO_BIG, "socket path '%s' is longer than %zu bytes", socket_path, sizeof(c->path) - 1);
        return ERR_OK;
}

static void disconnect(struct signer_client *c)
{
        fd_close(take_fd(c->fd));
}

void signer_client_done(struct signer_client *c)
{
        disconnect(c);
        buf_done(&c->request);
        buf_done(&c->answer);
}

/* A connection on which the signer has gone away since the last call fails at the first byte sent; nothing was asked then, so it
 * is asked once more on a new one. */
static int send_request(struct signer_client *c, struct str frame, utime_t deadline, struct err *e)
{
        bool fresh = c->fd < 0;
        int r = fresh ? sock_connect(&c->fd, c->path, e) : ERR_OK;

        if (r < 0)
                return r;
        r = sock_write(c->fd, frame, deadline, e);
        if (r == ERR_OK || fresh || r == ERR_TIMEOUT)
                return r;
        disconnect(c);
        r = sock_connect(&c->fd, c->path, e);
        return r < 0 ? r : sock_write(c->fd, frame, deadline, e);
}

static int read_answer(struct signer_client *c, uint16_t verb, int *status, utime_t deadline, struct err *e)
{
        uint8_t head[SIGNER_HEAD_BYTES];
        struct signer_frame f;
        int r = sock_read(c->fd, head, sizeof(head), deadline, e);

        if (r < 0)
                return r == ERR_ABSENT ? err_set(e, ERR_IO, "the signer closed the connection without an answer") : r;
        r = signer_frame_decode(&f, (struct str){ (const char *)head, sizeof(head) }, e);
        if (r < 0)
                return r;
        if (f.verb != verb)
                return err_set(e, ERR_INPUT, "answer to verb %u instead of %u", f.verb, verb);
        buf_clear(&c->answer);
        put_zeros(&c->answer, f.body_bytes);
        if (buf_bad(&c->answer))
                return err_set(e, ERR_NOMEM, "reading an answer");
        r = f.body_bytes ? sock_read(c->fd, c->answer.p, f.body_bytes, deadline, e) : ERR_OK;
        if (r < 0)
                return r == ERR_ABSENT ? ERR_IO : r;
        *status = f.status;
        return ERR_OK;
}

/* The body stands in c->request. After anything but a whole answer the connection is of no use: what comes next on it might be the
 * answer to an older question. */
static int call(struct signer_client *c, uint16_t verb, utime_t deadline, struct err *e)
{
        scoped(buf_done) struct buf frame = BUF_INIT;
        int r, status = ERR_OK;

        if (buf_bad(&c->request) || c->request.n > SIGNER_BODY_MAX)
                return err_set(e, ERR_TOO_BIG, "signer %s: request of %zu bytes", signer_verb_name(verb), c->request.n);
        signer_frame_encode(&frame, verb, ERR_OK, buf_view(&c->request));
        if (buf_bad(&frame))
                return err_set(e, ERR_NOMEM, "asking the signer");
        r = send_request(c, buf_view(&frame), deadline, e);
        if (r == ERR_OK)
                r = read_answer(c, verb, &status, deadline, e);
        if (r < 0) {
                disconnect(c);
                return err_wrap(e, r, "signer %s", signer_verb_name(verb));
        }
        return status < 0 ? err_set(e, status, "the signer refused %s: %s", signer_verb_name(verb), err_name(status)) : ERR_OK;
}

int signer_info(struct signer_client *c, struct signer_info *out, utime_t deadline, struct err *e)
{
        int r;

        buf_clear(&c->request);
        r = call(c, SIGNER_INFO, deadline, e);
        return r < 0 ? r : signer_info_decode(out, buf_view(&c->answer), e);
}

int signer_append(struct signer_client *c, uint64_t first, const struct hash *leaves, uint32_t n, struct signer_head *out,
                  utime_t deadline, struct err *e)
{
        int r;

        buf_clear(&c->request);
        signer_append_encode(&c->request, first, leaves, n);
        r = call(c, SIGNER_APPEND, deadline, e);
        return r < 0 ? r : signer_head_decode(out, buf_view(&c->answer), e);
}

int signer_cert(struct signer_client *c, const struct evidence *ev, const struct signer_cert *m, struct str *der, utime_t deadline,
                struct err *e)
{
        int r;

        buf_clear(&c->request);
        evidence_encode(&c->request, ev);
        signer_cert_encode(&c->request, m);
        r = call(c, SIGNER_CERT, deadline, e);
        return r < 0 ? r : signer_der_decode(der, buf_view(&c->answer), e);
}

int signer_crl(struct signer_client *c, const struct evidence *ev, struct str fixed, struct str *der, utime_t deadline, struct err *e)
{
        int r;

        buf_clear(&c->request);
        evidence_encode(&c->request, ev);
        buf_str(&c->request, fixed);
        r = call(c, SIGNER_CRL, deadline, e);
        return r < 0 ? r : signer_der_decode(der, buf_view(&c->answer), e);
}

int signer_table(struct signer_client *c, const struct evidence *ev, const uint8_t header[TABLE_HEADER_BYTES],
                 uint8_t sig[ED25519_SIG], utime_t deadline, struct err *e)
{
        int r;

        buf_clear(&c->request);
        evidence_encode(&c->request, ev);
        put_run(&c->request, header, TABLE_HEADER_BYTES);
        r = call(c, SIGNER_TABLE, deadline, e);
        if (r < 0)
                return r;
        if (c->answer.n != ED25519_SIG)
                return err_set(e, ERR_INPUT, "signer TABLE: an answer of %zu bytes", c->answer.n);
        memcpy(sig, c->answer.p, ED25519_SIG);
        return ERR_OK;
}

int signer_order(struct signer_client *c, const struct evidence *ev, const struct signer_order *m, struct str *order,
                 uint8_t sig[ED25519_SIG], utime_t deadline, struct err *e)
{
        int r;

        buf_clear(&c->request);
        evidence_encode(&c->request, ev);
        signer_order_encode(&c->request, m);
        r = call(c, SIGNER_ORDER, deadline, e);
        return r < 0 ? r : signer_ordered_decode(order, sig, buf_view(&c->answer), e);
}

int signer_rotate(struct signer_client *c, const struct evidence *ev, const struct keylink *l, uint8_t sig[ED25519_SIG], utime_t deadline,
                  struct err *e)
{
        int r;

        buf_clear(&c->request);
        evidence_encode(&c->request, ev);
        keylink_encode(&c->request, l);
        r = call(c, SIGNER_ROTATE, deadline, e);
        return r < 0 ? r : signer_rotated_decode(sig, buf_view(&c->answer), e);
}

int signer_tombstone(struct signer_client *c, const struct evidence *ev, const char *unit, utime_t deadline, struct err *e)
{
        int r;

        buf_clear(&c->request);
        evidence_encode(&c->request, ev);
        tombstone_fixed_encode(&c->request, unit);
        r = call(c, SIGNER_TOMBSTONE, deadline, e);
        if (r < 0)
                return r;
        return c->answer.n == 8 + HASH_SIZE ? ERR_OK : err_set(e, ERR_INPUT, "signer TOMBSTONE: an answer of %zu bytes", c->answer.n);
}
