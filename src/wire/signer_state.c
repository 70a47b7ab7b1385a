/* signer_state.c - see signer_state.h. */
#include "wire/signer_state.h"

enum { STATE_VERSION = 1, USED = 8 + 2 + 2 + 4 + 8 + 16 + 8 + HASH_SIZE + ED25519_SIG + 8 + 8 + TREE_EDGE_MAX * HASH_SIZE + 8 + HASH_SIZE };

static const char magic[8] = { 'S', 'E', 'K', 'I', 'S', 'T', 'A', 'T' };

void signer_state_encode(struct buf *out, const struct signer_state *s)
{
        size_t from = out->n;
        unsigned n = edge_count(s->edge.size);
        struct hash h;

        put_run(out, magic, sizeof(magic));
        put_u16(out, STATE_VERSION);
        put_zeros(out, 2);
        put_u32(out, s->epoch);
        put_u64(out, s->counter);
        put_run(out, s->install.b, sizeof(s->install.b));
        put_u64(out, s->edge.size);
        put_run(out, s->root.b, HASH_SIZE);
        put_run(out, s->sig, ED25519_SIG);
        put_u64(out, s->table_seq);
        put_u64(out, s->crl_number);
        put_run(out, s->edge.node, n * HASH_SIZE);
        put_zeros(out, (TREE_EDGE_MAX - n) * HASH_SIZE);
        put_u64(out, s->tombstones);
        put_run(out, s->tombstone_chain.b, HASH_SIZE);
        put_zeros(out, SIGNER_SLOT_BYTES - HASH_SIZE - USED);
        if (buf_bad(out))
                return;
        h = hash_bytes((struct str){ out->p + from, out->n - from });
        put_run(out, h.b, HASH_SIZE);
}

static bool slot_decode(struct signer_state *out, struct str slot)
{
        struct hash sum = hash_bytes((struct str){ slot.p, slot.n - HASH_SIZE }), root;
        struct cursor c = cursor_of(slot.p, slot.n - HASH_SIZE);
        struct signer_state s = { 0 };
        char got[sizeof(magic)];
        uint16_t version;
        unsigned n;

        get_copy(&c, got, sizeof(got));
        version = get_u16(&c);
        get_zeros(&c, 2);
        s.epoch = get_u32(&c);
        s.counter = get_u64(&c);
        get_copy(&c, s.install.b, sizeof(s.install.b));
        s.edge.size = get_u64(&c);
        get_copy(&c, s.root.b, HASH_SIZE);
        get_copy(&c, s.sig, ED25519_SIG);
        s.table_seq = get_u64(&c);
        s.crl_number = get_u64(&c);
        if (memcmp(sum.b, slot.p + slot.n - HASH_SIZE, HASH_SIZE) || memcmp(got, magic, sizeof(magic)) ||
            version != STATE_VERSION || s.edge.size > TREE_SIZE_MAX)
                return false;
        n = edge_count(s.edge.size);
        get_copy(&c, s.edge.node, n * HASH_SIZE);
        get_zeros(&c, (TREE_EDGE_MAX - n) * HASH_SIZE);
        s.tombstones = get_u64(&c);
        get_copy(&c, s.tombstone_chain.b, HASH_SIZE);
        get_zeros(&c, c.left);
        root = edge_root(&s.edge);
        if (c.bad || !hash_eq(&root, &s.root))
                return false;
        *out = s;
        return true;
}

static bool is_blank(struct str slot)
{
        for (size_t i = 0; i < slot.n; i++)
                if (slot.p[i])
                        return false;
        return true;
}

bool signer_state_is_whole(struct str file)
{
        struct signer_state s[2] = { { 0 } };

        if (file.n != 2 * (size_t)SIGNER_SLOT_BYTES)
                return false;
        for (size_t i = 0; i < 2; i++) {
                struct str slot = { file.p + i * SIGNER_SLOT_BYTES, SIGNER_SLOT_BYTES };

                if (!slot_decode(&s[i], slot) && !is_blank(slot))
                        return false;
                if (s[i].counter && s[i].counter % 2 == i)      /* odd ones stand in the first */
                        return false;
        }
        /* the first write of all leaves the other slot blank */
        return s[0].counter == s[1].counter + 1 || s[1].counter == s[0].counter + 1;
}

int signer_state_decode(struct signer_state *out, struct str file, struct err *e)
{
        struct signer_state s, best = { 0 };

        if (file.n != 2 * (size_t)SIGNER_SLOT_BYTES)
                return err_set(e, ERR_TAMPERED, "the signer's state has %zu bytes instead of %d", file.n, 2 * SIGNER_SLOT_BYTES);
        for (size_t i = 0; i < 2; i++)
                if (slot_decode(&s, (struct str){ file.p + i * SIGNER_SLOT_BYTES, SIGNER_SLOT_BYTES }) && s.counter > best.counter)
                        best = s;
        if (!best.counter)
                return err_set(e, ERR_TAMPERED, "neither slot of the signer's state is whole: what was signed last is not known any more, "
                               "so this log cannot be continued; open a new epoch (restore)");
        *out = best;
        return ERR_OK;
}
