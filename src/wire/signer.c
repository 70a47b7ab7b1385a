/* signer.c - see signer.h; the layouts are described once, in docs/formats/signer.md. */
#include "wire/signer.h"

#include "base/codec.h"

enum { PAD_EVIDENCE = 7, APPEND_HEAD = 12, CRL_HEAD = 28, CRL_ROW = SERIAL_BYTES + 8 + 1, ORDER_VERSION = 1 };

static const char magic[4] = { 'S', 'K', 'S', 'G' }, order_magic[8] = { 'S', 'E', 'K', 'I', 'O', 'R', 'D', 'R' };

static const struct { unsigned verb; const char *name; } verbs[] = {
#define X(id, n, name) { id, name },
        SIGNER_VERBS(X)
#undef X
};

const char *signer_verb_name(unsigned verb)
{
        for (size_t i = 0; i < countof(verbs); i++)
                if (verbs[i].verb == verb)
                        return verbs[i].name;
        return "?";
}

static struct cursor cursor_str(struct str s)
{
        return cursor_of(s.p, s.n);
}

/* Short, or with bytes left over. */
static int done(const struct cursor *c, const char *what, struct err *e)
{
        return c->bad || c->left ? err_set(e, ERR_INPUT, "%s has the wrong length or padding", what) : ERR_OK;
}

/* --- frame --- */

void signer_frame_encode(struct buf *out, uint16_t verb, int32_t status, struct str body)
{
        put_run(out, magic, sizeof(magic));
        put_u16(out, SIGNER_VERSION);
        put_u16(out, verb);
        put_u32(out, (uint32_t)body.n);
        put_u32(out, (uint32_t)status);
        put_run(out, body.p, body.n);
}

int signer_frame_decode(struct signer_frame *out, struct str head, struct err *e)
{
        struct cursor c = cursor_str(head);
        struct signer_frame f;
        char got[sizeof(magic)];
        uint16_t version;

        get_copy(&c, got, sizeof(got));
        version = get_u16(&c);
        f.verb = get_u16(&c);
        f.body_bytes = get_u32(&c);
        f.status = (int32_t)get_u32(&c);
        if (c.bad || c.left || memcmp(got, magic, sizeof(magic)))
                return err_set(e, ERR_INPUT, "not a frame of the signer");
        if (version != SIGNER_VERSION)
                return err_set(e, ERR_VERSION, "frame version %u; %u is spoken here", version, SIGNER_VERSION);
        if (f.body_bytes > SIGNER_BODY_MAX)
                return err_set(e, ERR_TOO_BIG, "body of %u bytes", f.body_bytes);
        if (f.status > 0 || (f.status < 0 && f.body_bytes))
                return err_set(e, ERR_INPUT, "frame with status %d and %u bytes", f.status, f.body_bytes);
        *out = f;
        return ERR_OK;
}

/* --- evidence --- */

void evidence_encode(struct buf *out, const struct evidence *ev)
{
        put_u64(out, ev->index);
        put_u8(out, (uint8_t)ev->proof.n);
        put_zeros(out, PAD_EVIDENCE);
        put_run(out, ev->proof.hash, ev->proof.n * HASH_SIZE);
        put_u32(out, ev->digest_at);
        put_u32(out, (uint32_t)ev->entry.n);
        put_run(out, ev->entry.p, ev->entry.n);
        if (ev->proof.n > SIGNER_PROOF_MAX || ev->entry.n > ENTRY_MAX)
                out->bad = true;
}

int evidence_decode(struct evidence *out, struct cursor *c, struct err *e)
{
        struct evidence ev = { .index = get_u64(c) };

        ev.proof.n = get_u8(c);
        get_zeros(c, PAD_EVIDENCE);
        if (ev.proof.n > SIGNER_PROOF_MAX)
                return err_set(e, ERR_TOO_BIG, "proof of %zu hashes", ev.proof.n);
        get_copy(c, ev.proof.hash, ev.proof.n * HASH_SIZE);
        ev.digest_at = get_u32(c);
        ev.entry.n = get_u32(c);
        if (ev.entry.n > ENTRY_MAX)
                return err_set(e, ERR_TOO_BIG, "entry of %zu bytes", ev.entry.n);
        ev.entry.p = (const char *)get_run(c, ev.entry.n);
        if (c->bad)
                return err_set(e, ERR_INPUT, "evidence malformed");
        if (ev.entry.n < DIGEST_TEXT || ev.digest_at > ev.entry.n - DIGEST_TEXT)
                return err_set(e, ERR_INPUT, "digest offset %u in an entry of %zu bytes", ev.digest_at, ev.entry.n);
        *out = ev;
        return ERR_OK;
}

int evidence_digest_find(uint32_t *at, struct str entry, struct str fixed, struct err *e)
{
        struct hash h = hash_bytes(fixed);
        char text[DIGEST_TEXT + 1];
        const char *hit;

        hex_text(text, h.b, HASH_SIZE);
        hit = entry.n ? memmem(entry.p, entry.n, text, DIGEST_TEXT) : NULL;
        if (!hit)
                return err_set(e, ERR_ABSENT, "the entry does not name %s", text);
        *at = (uint32_t)(hit - entry.p);
        return ERR_OK;
}

/* --- APPEND, and the head it answers --- */

void signer_append_encode(struct buf *out, uint64_t first, const struct hash *leaves, uint32_t n)
{
        put_u64(out, first);
        put_u32(out, n);
        put_run(out, leaves, (size_t)n * HASH_SIZE);
}

int signer_append_decode(struct signer_append *out, struct str body, struct err *e)
{
        struct cursor c = cursor_str(body);
        struct signer_append m;

        m.first = get_u64(&c);
        m.n = get_u32(&c);
        if (!c.bad && (!m.n || m.n > SIGNER_LEAVES_MAX))
                return err_set(e, ERR_TOO_BIG, "%u leaves at once; 1 to %u are taken", m.n, SIGNER_LEAVES_MAX);
        m.leaves = (const struct hash *)get_run(&c, (size_t)m.n * HASH_SIZE);   /* struct hash is bytes: no alignment */
        if (done(&c, "APPEND", e) < 0)
                return ERR_INPUT;
        *out = m;
        return ERR_OK;
}

void signer_head_encode(struct buf *out, const struct signer_head *m)
{
        put_u64(out, m->size);
        put_run(out, m->root.b, HASH_SIZE);
        put_run(out, m->sig, ED25519_SIG);
}

static struct signer_head head_get(struct cursor *c)
{
        struct signer_head m = { .size = get_u64(c) };

        get_copy(c, m.root.b, HASH_SIZE);
        get_copy(c, m.sig, ED25519_SIG);
        return m;
}

int signer_head_decode(struct signer_head *out, struct str body, struct err *e)
{
        struct cursor c = cursor_str(body);
        struct signer_head m = head_get(&c);

        if (done(&c, "answer to APPEND", e) < 0)
                return ERR_INPUT;
        *out = m;
        return ERR_OK;
}

/* --- INFO --- */

void signer_info_encode(struct buf *out, const struct signer_info *m)
{
        put_run(out, m->install.b, sizeof(m->install.b));
        put_u32(out, m->epoch);
        put_zeros(out, 4);
        signer_head_encode(out, &m->head);
        put_u64(out, m->table_seq);
        put_u64(out, m->crl_number);
        put_run(out, m->log_key, ED25519_KEY);
        put_run(out, m->table_key, ED25519_KEY);
        put_run(out, m->order_key, ED25519_KEY);
        signer_der_encode(out, m->ca);
        put_u32(out, m->table_generation);
        put_u32(out, m->order_generation);
        put_u32(out, m->ca_generation);
        put_run(out, m->table_next, sizeof(m->table_next));
        put_run(out, m->order_next, sizeof(m->order_next));
        put_run(out, m->log_next, sizeof(m->log_next));
        signer_der_encode(out, m->ca_next);
        signer_der_encode(out, m->root);
}

static struct str der_get(struct cursor *c)
{
        struct str der = { .n = get_u32(c) };

        der.p = (const char *)get_run(c, der.n);
        return der;
}

int signer_info_decode(struct signer_info *out, struct str body, struct err *e)
{
        struct cursor c = cursor_str(body);
        struct signer_info m;

        get_copy(&c, m.install.b, sizeof(m.install.b));
        m.epoch = get_u32(&c);
        get_zeros(&c, 4);
        m.head = head_get(&c);
        m.table_seq = get_u64(&c);
        m.crl_number = get_u64(&c);
        get_copy(&c, m.log_key, ED25519_KEY);
        get_copy(&c, m.table_key, ED25519_KEY);
        get_copy(&c, m.order_key, ED25519_KEY);
        m.ca = der_get(&c);
        m.table_generation = get_u32(&c);
        m.order_generation = get_u32(&c);
        m.ca_generation = get_u32(&c);
        get_copy(&c, m.table_next, sizeof(m.table_next));
        get_copy(&c, m.order_next, sizeof(m.order_next));
        get_copy(&c, m.log_next, sizeof(m.log_next));
        m.ca_next = der_get(&c);
        m.root = der_get(&c);
        if (done(&c, "answer to INFO", e) < 0)
                return ERR_INPUT;
        *out = m;
        return ERR_OK;
}

/* --- CERT and CRL --- */

void signer_cert_encode(struct buf *out, const struct signer_cert *m)
{
        put_run(out, m->point, POINT_BYTES);
        put_run(out, m->serial, SERIAL_BYTES);
        put_run(out, m->subject.b, sizeof(m->subject.b));
        put_i64(out, m->from);
        put_i64(out, m->until);
}

int signer_cert_decode(struct signer_cert *out, struct str fixed, struct err *e)
{
        struct cursor c = cursor_str(fixed);
        struct signer_cert m;

        get_copy(&c, m.point, POINT_BYTES);
        get_copy(&c, m.serial, SERIAL_BYTES);
        get_copy(&c, m.subject.b, sizeof(m.subject.b));
        m.from = get_i64(&c);
        m.until = get_i64(&c);
        if (done(&c, "CERT", e) < 0)
                return ERR_INPUT;
        *out = m;
        return ERR_OK;
}

void signer_crl_encode(struct buf *out, uint64_t number, utime_t this_update, utime_t next_update, const struct revoked *rows,
                       uint32_t n)
{
        put_u64(out, number);
        put_i64(out, this_update);
        put_i64(out, next_update);
        put_u32(out, n);
        for (uint32_t i = 0; i < n; i++) {
                put_run(out, rows[i].serial, SERIAL_BYTES);
                put_i64(out, rows[i].at);
                put_u8(out, rows[i].reason);
        }
}

int signer_crl_decode(struct signer_crl *out, struct str fixed, struct err *e)
{
        struct cursor c = cursor_str(fixed);
        struct signer_crl m;

        m.number = get_u64(&c);
        m.this_update = get_i64(&c);
        m.next_update = get_i64(&c);
        m.n = get_u32(&c);
        if (m.n > SIGNER_REVOKED_MAX)
                return err_set(e, ERR_TOO_BIG, "CRL of %u rows", m.n);
        m.rows = (struct str){ (const char *)get_run(&c, (size_t)m.n * CRL_ROW), (size_t)m.n * CRL_ROW };
        if (done(&c, "CRL", e) < 0)
                return ERR_INPUT;
        *out = m;
        return ERR_OK;
}

struct revoked signer_crl_row(const struct signer_crl *m, uint32_t i)
{
        struct cursor c = cursor_of(m->rows.p + (size_t)i * CRL_ROW, CRL_ROW);
        struct revoked r;

        get_copy(&c, r.serial, SERIAL_BYTES);
        r.at = get_i64(&c);
        r.reason = get_u8(&c);
        return r;
}

void signer_der_encode(struct buf *out, struct str der)
{
        put_u32(out, (uint32_t)der.n);
        put_run(out, der.p, der.n);
}

int signer_der_decode(struct str *out, struct str body, struct err *e)
{
        struct cursor c = cursor_str(body);
        struct str der = der_get(&c);

        if (done(&c, "answer with a certificate or CRL", e) < 0)
                return ERR_INPUT;
        *out = der;
        return ERR_OK;
}

/* --- ORDER --- */

void signer_order_encode(struct buf *out, const struct signer_order *m)
{
        put_run(out, m->host.b, sizeof(m->host.b));
        put_u16(out, m->kind);
        put_i64(out, m->until);
}

int signer_order_decode(struct signer_order *out, struct str fixed, struct err *e)
{
        struct cursor c = cursor_str(fixed);
        struct signer_order m;

        get_copy(&c, m.host.b, sizeof(m.host.b));
        m.kind = get_u16(&c);
        m.until = get_i64(&c);
        if (done(&c, "ORDER", e) < 0)
                return ERR_INPUT;
        *out = m;
        return ERR_OK;
}

void order_encode(uint8_t to[ORDER_BYTES], const struct order *o)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        put_run(&b, order_magic, sizeof(order_magic));
        put_u16(&b, ORDER_VERSION);
        put_u16(&b, o->kind);
        put_u32(&b, o->epoch);
        put_run(&b, o->install.b, sizeof(o->install.b));
        put_run(&b, o->host.b, sizeof(o->host.b));
        put_i64(&b, o->until);
        put_u64(&b, o->index);
        memset(to, 0, ORDER_BYTES);
        if (b.n == ORDER_BYTES)         /* else out of memory: zeros are no order */
                memcpy(to, b.p, ORDER_BYTES);
}

int order_decode(struct order *out, struct str bytes, struct err *e)
{
        struct cursor c = cursor_str(bytes);
        char got[sizeof(order_magic)];
        uint16_t version;
        struct order o;

        get_copy(&c, got, sizeof(got));
        version = get_u16(&c);
        o.kind = get_u16(&c);
        o.epoch = get_u32(&c);
        get_copy(&c, o.install.b, sizeof(o.install.b));
        get_copy(&c, o.host.b, sizeof(o.host.b));
        o.until = get_i64(&c);
        o.index = get_u64(&c);
        if (memcmp(got, order_magic, sizeof(got)))
                return err_set(e, ERR_INPUT, "not an order");
        if (done(&c, "order", e) < 0)
                return ERR_INPUT;
        if (version != ORDER_VERSION)
                return err_set(e, ERR_VERSION, "order version %u; %u is known", version, ORDER_VERSION);
        *out = o;
        return ERR_OK;
}

void signer_ordered_encode(struct buf *out, struct str order, const uint8_t sig[ED25519_SIG])
{
        signer_der_encode(out, order);
        put_run(out, sig, ED25519_SIG);
}

int signer_ordered_decode(struct str *order, uint8_t sig[ED25519_SIG], struct str body, struct err *e)
{
        struct cursor c = cursor_str(body);
        struct str o = der_get(&c);
        const uint8_t *s = get_run(&c, ED25519_SIG);

        if (done(&c, "answer to ORDER", e) < 0)
                return ERR_INPUT;
        *order = o;
        memcpy(sig, s, ED25519_SIG);
        return ERR_OK;
}

void signer_rotated_encode(struct buf *out, const uint8_t sig[ED25519_SIG])
{
        put_run(out, sig, ED25519_SIG);
}

int signer_rotated_decode(uint8_t sig[ED25519_SIG], struct str body, struct err *e)
{
        struct cursor c = cursor_str(body);
        const uint8_t *s = get_run(&c, ED25519_SIG);

        if (done(&c, "answer to ROTATE", e) < 0)
                return ERR_INPUT;
        memcpy(sig, s, ED25519_SIG);
        return ERR_OK;
}
