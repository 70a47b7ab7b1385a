/* verbs.c - see verbs.h. */
#include "server/signer/verbs.h"

#include <assert.h>

#include "base/codec.h"
#include "server/signer/certs.h"
#include "server/signer/paths.h"
#include "sys/fault.h"
#include "sys/files.h"
#include "wire/grants.h"
#include "wire/keylink.h"

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
        memcpy(m.table_next, s->keys->coming_public[KEY_TABLE], sizeof(m.table_next));
        memcpy(m.order_next, s->keys->coming_public[KEY_ORDER], sizeof(m.order_next));
        memcpy(m.log_next, s->keys->coming_public[KEY_LOG][KEY_NEXT], sizeof(m.log_next));
        m.table_generation = s->keys->generation[KEY_TABLE];
        m.order_generation = s->keys->generation[KEY_ORDER];
        m.ca_generation = s->keys->ca_generation;
        m.ca_next = buf_view(&s->keys->ca_next_der);
        m.root = buf_view(&s->keys->root_der);
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

static void answer_tombs(struct buf *answer, const struct signer_state *s)
{
        put_u64(answer, s->tombstones);
        put_run(answer, s->tombstone_chain.b, HASH_SIZE);
}

static int do_tombstone(struct signer *s, struct str body, struct buf *answer, struct err *e)
{
        struct signer_state next = s->state;
        struct tombstone t = { { 0 }, 0 };
        struct evidence ev;
        struct str fixed;
        int r = evidence_take(&ev, &fixed, s, body, e);

        if (r == ERR_OK)
                r = tombstone_fixed_decode(t.unit, fixed, e);
        if (r < 0)
                return r;
        if (tombs_has(&s->tombs, t.unit)) {
                answer_tombs(answer, &s->state);
                return ERR_OK;
        }
        t.entry = ev.index;
        r = tombs_write(&s->tombs, &t, &next, e);
        if (r < 0) {
                s->broken |= r != ERR_TOO_BIG && r != ERR_NOMEM;
                return r == ERR_TOO_BIG || r == ERR_NOMEM ? r : err_wrap(e, ERR_IO, "not durable, refusing everything but INFO until a restart");
        }
        answer_tombs(answer, &next);
        r = state_advance(s, &next, answer, e);
        if (r == ERR_OK)
                tombs_keep(&s->tombs);
        return r;
}

/* --- ROTATE --- */

/* Like state_advance(): durable first, then true. file_replace() leaves the old or the new file, but after a failure nobody knows which. */
static int keys_advance(struct signer *s, struct keys **next, struct err *e)
{
        int r = keys_replace(*next, s->keys_path.p, e);

        if (r < 0) {
                s->broken = true;
                return err_wrap(e, ERR_IO, "keys not durable, refusing everything but INFO until a restart");
        }
        keys_free(s->keys);
        s->keys = take(*next);
        FAULT_POINT("signer.rotated");
        return ERR_OK;
}

static bool link_is(const struct keylink *l, uint32_t generation, const uint8_t current[ED25519_KEY], const uint8_t next[ED25519_KEY])
{
        return l->generation == generation && !memcmp(l->current, current, ED25519_KEY) && !memcmp(l->next, next, ED25519_KEY);
}

/* The next key of the use becomes the current one and signs the link that says so. Asked again for what was done: the same signature. */
static int rotate_ed25519(struct signer *s, enum key_use use, const struct keylink *l, struct str fixed, uint8_t sig[ED25519_SIG], struct err *e)
{
        scoped(keys_free) struct keys *next = NULL;
        const struct keys *k = s->keys;
        int r;

        if (link_is(l, k->generation[use], k->public[use], k->coming_public[use][KEY_NEXT]))
                return keys_sign(k, use, fixed, sig, e);
        if (!link_is(l, k->generation[use] + 1, k->coming_public[use][KEY_NEXT], k->coming_public[use][KEY_AFTER]))
                return err_set(e, ERR_CONFLICT, "rotation of the %s key to %u: it is at %u, or other keys follow", keylink_use_name(l->use), l->generation,
                               k->generation[use]);
        r = keys_turn(&next, k, use, e);
        if (r == ERR_OK)
                r = keys_sign(next, use, fixed, sig, e);
        return r < 0 ? r : keys_advance(s, &next, e);
}

/* A CA signs no link: the root vouches for it. */
static int rotate_ca(struct signer *s, const struct keylink *l, uint8_t sig[ED25519_SIG], struct err *e)
{
        static const uint8_t none[ED25519_KEY];
        scoped(keys_free) struct keys *next = NULL;
        struct hash now = hash_bytes(buf_view(&s->keys->ca_der)), then = hash_bytes(buf_view(&s->keys->ca_next_der));
        int r;

        memset(sig, 0, ED25519_SIG);
        if (link_is(l, s->keys->ca_generation, now.b, none))
                return ERR_OK;
        if (!s->keys->ca_next || !link_is(l, s->keys->ca_generation + 1, then.b, none))
                return err_set(e, ERR_CONFLICT, "rotation of the CA to %u: it is at %u, or that certificate is not prepared", l->generation, s->keys->ca_generation);
        r = keys_turn_ca(&next, s->keys, e);
        return r < 0 ? r : keys_advance(s, &next, e);
}

static int do_rotate(struct signer *s, struct str body, struct buf *answer, struct err *e)
{
        struct keylink l;
        struct evidence ev;
        struct str fixed;
        uint8_t sig[ED25519_SIG];
        int r = evidence_take(&ev, &fixed, s, body, e);

        if (r == ERR_OK)
                r = keylink_decode(&l, fixed, e);
        if (r < 0)
                return r;
        if (!uuid_eq(l.install, s->keys->install))
                return err_set(e, ERR_CONFLICT, "a key link of another install");
        if (l.use == KEYLINK_CA)
                r = rotate_ca(s, &l, sig, e);
        else if (l.use == KEYLINK_TABLE || l.use == KEYLINK_ORDER)
                r = rotate_ed25519(s, l.use == KEYLINK_TABLE ? KEY_TABLE : KEY_ORDER, &l, fixed, sig, e);
        else
                r = err_set(e, ERR_INPUT, "the %s key is not rotated here: a new epoch is", keylink_use_name(l.use));
        if (r == ERR_OK)
                signer_rotated_encode(answer, sig);
        return r;
}

typedef int verb_fn(struct signer *s, struct str body, struct buf *answer, struct err *e);

static const struct { uint16_t verb; verb_fn *run; } verbs[] = {
        { SIGNER_INFO, do_info },   { SIGNER_APPEND, do_append }, { SIGNER_CERT, do_cert },
        { SIGNER_CRL, do_crl },     { SIGNER_TABLE, do_table },   { SIGNER_ORDER, do_order },
        { SIGNER_TOMBSTONE, do_tombstone },
        { SIGNER_ROTATE, do_rotate },
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
        struct signer opened = { .fd = -1, .tombs = { .fd = -1 } };
        struct path keys, state, tombs;
        int r;

        if ((r = path_in(&keys, data_dir, "signer/keys", e)) < 0 || (r = path_in(&state, data_dir, "signer/state", e)) < 0 ||
            (r = path_in(&tombs, data_dir, "signer/tombstones", e)) < 0)
                return r;
        r = keys_load(&k, keys.p, e);
        if (r == ERR_OK && k->old)      /* before the door is locked, and before anybody was told of the keys to come */
                r = keys_replace(k, keys.p, e);
        if (r < 0)
                return r;
        k->old = false;
        r = state_open(&opened.fd, &opened.state, state.p, k, e);
        if (r < 0)
                return r;
        r = tombs_open(&opened.tombs, tombs.p, &opened.state, e);
        if (r < 0) {
                fd_close(opened.fd);
                return r;
        }
        opened.keys = take(k);
        opened.keys_path = keys;
        *s = opened;
        return ERR_OK;
}

void signer_close(struct signer *s)
{
        s->keys = keys_free(s->keys);
        fd_close(take_fd(s->fd));
        tombs_close(&s->tombs);
}
