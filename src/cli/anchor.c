/* anchor.c - see anchor.h. */
#include "cli/anchor.h"

#include "base/codec.h"
#include "wire/signer_state.h"

int point_from_root(struct point *out, struct str text, struct err *e)
{
        struct str size, root;
        struct point p;
        size_t n;

        if (!str_cut(text, ':', &size, &root) || !str_u64(size, TREE_SIZE_MAX, &p.size) ||
            !base64_decode(root, p.root.b, HASH_SIZE, &n) || n != HASH_SIZE)
                return err_set(e, ERR_INPUT, "SIZE:BASE64 is wanted");
        *out = p;
        return ERR_OK;
}

int point_from_checkpoint(struct point *out, struct str note, const struct vkey *k, struct err *e)
{
        struct checkpoint c;
        int r = checkpoint_open(&c, note, k, e);

        if (r < 0)
                return r;
        *out = (struct point){ c.size, c.root };
        return ERR_OK;
}

int point_from_signer_state(struct point *out, struct str file, const struct vkey *k, struct err *e)
{
        scoped(buf_done) struct buf text = BUF_INIT;
        struct signer_state s;
        struct checkpoint c = { 0 };
        int r = signer_state_decode(&s, file, e);

        if (r < 0)
                return r;
        note_origin(c.origin, s.install, s.epoch);
        if (strcmp(c.origin, k->name))
                return err_set(e, ERR_TAMPERED, "it belongs to %s", c.origin);
        c.size = s.edge.size;
        c.root = s.root;
        checkpoint_text(&text, &c);
        r = buf_bad(&text) ? err_set(e, ERR_NOMEM, "writing a checkpoint") : ed25519_verify(k->key, buf_view(&text), s.sig, e);
        if (r < 0)
                return r;
        *out = (struct point){ c.size, c.root };
        return ERR_OK;
}

int step_parse(struct step *out, struct str file, const struct vkey *k, struct err *e)
{
        struct consistency c;
        struct step s;
        int r = consistency_parse(&c, file, e);

        if (r < 0)
                return r;
        r = point_from_checkpoint(&s.to, c.checkpoint, k, e);
        if (r < 0)
                return r;
        s.from = c.from;
        s.proof = c.proof;
        *out = s;
        return ERR_OK;
}

static int step_holds(const struct point *from, const struct step *s, struct err *e)
{
        return tree_verify_consistency(from->size, &from->root, s->to.size, &s->to.root, s->proof.hash, s->proof.n, e);
}

static bool same_point(const struct point *a, const struct point *b)
{
        return a->size == b->size && hash_eq(&a->root, &b->root);
}

static int two_histories(const struct point *p, struct err *e)
{
        return err_set(e, ERR_TAMPERED, "two different trees of %llu entries", (unsigned long long)p->size);
}

/* low -> high by one step. ERR_ABSENT: this is not that step. */
static int joined_by_one(const struct point *low, const struct point *high, const struct step *s, struct err *e)
{
        if (s->from != low->size || s->to.size != high->size)
                return ERR_ABSENT;
        return same_point(&s->to, high) ? step_holds(low, s, e) : two_histories(high, e);
}

/* Two trees that are both the beginning of a third are each other's beginning. */
static int joined_by_two(const struct point *low, const struct point *high, const struct step *s, const struct step *t, struct err *e)
{
        int r;

        if (s->from != low->size || t->from != high->size || s->to.size != t->to.size)
                return ERR_ABSENT;
        if (!same_point(&s->to, &t->to))
                return two_histories(&s->to, e);
        r = step_holds(low, s, e);
        return r < 0 ? r : step_holds(high, t, e);
}

int points_joined(const struct point *a, const struct point *b, const struct step *steps, size_t n, struct err *e)
{
        const struct point *low = a->size < b->size ? a : b, *high = low == a ? b : a;
        int r = ERR_ABSENT;

        if (a->size == b->size)
                return same_point(a, b) ? ERR_OK : two_histories(a, e);
        if (!low->size)
                return err_set(e, ERR_ABSENT, "an empty log says nothing about what follows");
        for (size_t i = 0; i < n && r == ERR_ABSENT; i++)
                r = joined_by_one(low, high, &steps[i], e);
        for (size_t i = 0; i < n && r == ERR_ABSENT; i++)
                for (size_t j = 0; j < n && r == ERR_ABSENT; j++)
                        r = joined_by_two(low, high, &steps[i], &steps[j], e);
        return r == ERR_ABSENT ? err_set(e, r, "no step from %llu to %llu entries", (unsigned long long)low->size,
                                         (unsigned long long)high->size) : r;
}
