/* verbs.c - see verbs.h. */
#include "server/signer/verbs.h"

#include <assert.h>

#include "base/codec.h"
#include "server/signer/certs.h"
#include "server/signer/paths.h"
#include "sys/fault.h"
#include "sys/files.h"
#include "wire/grants.h"

#define TABLE_LIFE_MAX (31 * UTIME_DAY)

static_assert((int)TABLE_HEADER_BYTES == (int)GRANT_HEADER_BYTES, "one header, two names");

/* --- what every verb but INFO and APPEND begins with --- */

/* The entry is a leaf of our tree, and the digest of `fixed` stands in it. Nothing of the entry is parsed. */
static int evidence_check(const struct evidence *ev, const struct signer_state *s, struct str fixed, struct err *e)
{
        struct hash leaf = hash_leaf(ev->entry), digest = hash_bytes(fixed);
        char text[DIGEST_TEXT + 1];
        int r;

        r = tree_verify_inclusion(&leaf, ev->index, s->edge.size, ev->proof.hash, ev->proof.n, &s->root, e);
        if (r < 0)
                return err_wrap(e, ERR_TAMPERED, "evidence");
        hex_text(text, digest.b, HASH_SIZE);
        if (memcmp(ev->entry.p + ev->digest_at, text, DIGEST_TEXT))
                return err_set(e, ERR_TAMPERED, "evidence: the entry does not name the request there");
        return ERR_OK;
}

/* Decodes and checks the evidence; *fixed is what follows it. */
static int evidence_take(struct evidence *ev, struct str *fixed, const struct signer *s, struct str body, struct err *e)
{
        struct cursor c = cursor_of(body.p, body.n);
        int r = evidence_decode(ev, &c, e);

        if (r < 0)
                return r;
        *fixed = (struct str){ (const char *)c.p, c.left };
        return evidence_check(ev, &s->state, *fixed, e);
}

/* Durable first, then true; the answer is ready before, so that "no memory" means: not done. After a failed write nobody knows what
 * the disk holds: only a restart may look. */
static int state_advance(struct signer *s, struct signer_state *next, const struct buf *answer, struct err *e)
{
        int r;

        if (buf_bad(answer))
                return err_set(e, ERR_NOMEM, "answering");
        next->counter = s->state.counter + 1;
        r = state_store(s->fd, next, e);
        if (r < 0) {
                s->broken = true;
                return err_wrap(e, ERR_IO, "not durable, refusing everything but INFO until a restart");
        }
        s->state = *next;
        FAULT_POINT("signer.stored");
        return ERR_OK;
}

/* --- verbs --- */

static int do_info(struct signer *s, struct str body, struct buf *answer, struct err *e)
{
        struct signer_info m = {
                .install = s->keys->install, .epoch = s->keys->epoch, .table_seq = s->state.table_seq,
                .crl_number = s->state.crl_number, .ca = buf_view(&s->keys->ca_der),
                .head = { .size = s->state.edge.size, .root = s->state.root },
        };

        if (body.n)
                return err_set(e, ERR_INPUT, "INFO has no body");
        memcpy(m.head.sig, s->state.sig, ED25519_SIG);
        memcpy(m.log_key, s->keys->public[KEY_LOG], ED25519_KEY);
        memcpy(m.table_key, s->keys->public[KEY_TABLE], ED25519_KEY);
        memcpy(m.order_key, s->keys->public[KEY_ORDER], ED25519_KEY);
        signer_info_encode(answer, &m);
        return ERR_OK;
}

static int do_append(struct signer *s, struct str body, struct buf *answer, struct err *e)
{
        struct signer_state next = s->state;
        struct signer_append m;
        struct signer_head head;
        int r = signer_append_decode(&m, body, e);

        if (r < 0)
                return r;
        if (m.first != s->state.edge.size)
                return err_set(e, ERR_CONFLICT, "leaf %llu offered, %llu is next", (unsigned long long)m.first,
                               (unsigned long long)s->state.edge.size);
        for (uint32_t i = 0; i < m.n; i++) {
                r = edge_append(&next.edge, &m.leaves[i], e);
                if (r < 0)
                        return r;
        }
        r = state_sign(&next, s->keys, e);
        if (r < 0)
                return r;
        head = (struct signer_head){ .size = next.edge.size, .root = next.root };
        memcpy(head.sig, next.sig, ED25519_SIG);
        signer_head_encode(answer, &head);
        return state_advance(s, &next, answer, e);
}

static int do_cert(struct signer *s, struct str body, struct buf *answer, struct err *e)
{
        const struct issuer ca = { s->keys->ca, s->keys->ca_key };
        scoped(buf_done) struct buf der = BUF_INIT;
        struct signer_cert m;
        struct evidence ev;
        struct str fixed;
        int r = evidence_take(&ev, &fixed, s, body, e);

        if (r < 0)
                return r;
        r = signer_cert_decode(&m, fixed, e);
        if (r < 0)
                return r;
        r = certs_issue(&der, &ca, &m, e);
        if (r < 0)
                return r;
        signer_der_encode(answer, buf_view(&der));
        return ERR_OK;
}

static int do_crl(struct signer *s, struct str body, struct buf *answer, struct err *e)
{
        const struct issuer ca = { s->keys->ca, s->keys->ca_key };
        scoped(buf_done) struct buf der = BUF_INIT;
        struct signer_state next = s->state;
        struct signer_crl m;
        struct evidence ev;
        struct str fixed;
        int r = evidence_take(&ev, &fixed, s, body, e);

        if (r < 0)
                return r;
        r = signer_crl_decode(&m, fixed, e);
        if (r < 0)
                return r;
        if (m.number <= s->state.crl_number)
                return err_set(e, ERR_CONFLICT, "CRL number %llu is not above %llu", (unsigned long long)m.number,
                               (unsigned long long)s->state.crl_number);
        r = certs_crl(&der, &ca, &m, e);
        if (r < 0)
                return r;
        next.crl_number = m.number;
        signer_der_encode(answer, buf_view(&der));
        return state_advance(s, &next, answer, e);
}

static int table_check(const struct signer *s, const struct grant_header *h, struct err *e)
{
        if (!uuid_eq(h->install, s->keys->install) || h->epoch != s->keys->epoch)
                return err_set(e, ERR_CONFLICT, "a grant table of another install or epoch");
        if (h->seq <= s->state.table_seq)
                return err_set(e, ERR_CONFLICT, "grant table %llu is not above %llu", (unsigned long long)h->seq,
                               (unsigned long long)s->state.table_seq);
        if (h->made_at < 0 || h->made_at >= h->valid_until || h->valid_until - h->made_at > TABLE_LIFE_MAX)
                return err_set(e, ERR_INPUT, "the grant table's period is empty or longer than 31 days");
        return ERR_OK;
}

static int do_table(struct signer *s, struct str body, struct buf *answer, struct err *e)
{
        struct signer_state next = s->state;
        struct grant_header h;
        struct evidence ev;
        struct str fixed;
        uint8_t sig[ED25519_SIG];
        int r = evidence_take(&ev, &fixed, s, body, e);

        if (r < 0)
                return r;
        r = grant_header_decode(&h, fixed, e);
        if (r < 0)
                return r;
        r = table_check(s, &h, e);
        if (r < 0)
                return r;
        r = keys_sign(s->keys, KEY_TABLE, fixed, sig, e);
        if (r < 0)
                return r;
        next.table_seq = h.seq;
        put_run(answer, sig, sizeof(sig));
        return state_advance(s, &next, answer, e);
}

static int do_order(struct signer *s, struct str body, struct buf *answer, struct err *e)
{
        struct signer_order m;
        struct order o;
        struct evidence ev;
        struct str fixed;
        uint8_t bytes[ORDER_BYTES], sig[ED25519_SIG];
        int r = evidence_take(&ev, &fixed, s, body, e);

        if (r < 0)
                return r;
        r = signer_order_decode(&m, fixed, e);
        if (r < 0)
                return r;
        if (!m.kind || uuid_is_zero(m.host) || m.until <= 0)
                return err_set(e, ERR_INPUT, "an order without kind, host or end");
        o = (struct order){ m.kind, s->keys->epoch, s->keys->install, m.host, m.until, ev.index };
        order_encode(bytes, &o);
        r = keys_sign(s->keys, KEY_ORDER, (struct str){ (const char *)bytes, sizeof(bytes) }, sig, e);
        if (r < 0)
                return r;
        signer_ordered_encode(answer, (struct str){ (const char *)bytes, sizeof(bytes) }, sig);
        return ERR_OK;
}

typedef int verb_fn(struct signer *s, struct str body, struct buf *answer, struct err *e);

static const struct { uint16_t verb; verb_fn *run; } verbs[] = {
        { SIGNER_INFO, do_info },   { SIGNER_APPEND, do_append }, { SIGNER_CERT, do_cert },
        { SIGNER_CRL, do_crl },     { SIGNER_TABLE, do_table },   { SIGNER_ORDER, do_order },
};

int signer_answer(struct signer *s, uint16_t verb, struct str body, struct buf *answer, struct err *e)
{
        for (size_t i = 0; i < countof(verbs); i++) {
                int r;

                if (verbs[i].verb != verb)
                        continue;
                if (s->broken && verb != SIGNER_INFO)
                        return err_set(e, ERR_IO, "an earlier write failed; restart the signer when the disk is well");
                r = verbs[i].run(s, body, answer, e);
                return r == ERR_OK && buf_bad(answer) ? err_set(e, ERR_NOMEM, "answering") : r;
        }
        return err_set(e, ERR_INPUT, "unknown verb %u", verb);
}

int signer_open(struct signer *s, const char *data_dir, struct err *e)
{
        scoped(keys_free) struct keys *k = NULL;
        struct signer opened = { .fd = -1 };
        struct path keys, state;
        int r;

        if ((r = path_in(&keys, data_dir, "signer/keys", e)) < 0 || (r = path_in(&state, data_dir, "signer/state", e)) < 0)
                return r;
        r = keys_load(&k, keys.p, e);
        if (r < 0)
                return r;
        r = state_open(&opened.fd, &opened.state, state.p, k, e);
        if (r < 0)
                return r;
        opened.keys = take(k);
        *s = opened;
        return ERR_OK;
}

void signer_close(struct signer *s)
{
        s->keys = keys_free(s->keys);
        fd_close(take_fd(s->fd));
}
