/* witness_judge.c - see witness_judge.h. */
#include "cli/witness_judge.h"

void judged_done(struct judged *j)
{
        buf_done(&j->line);
}

static enum judgement follows(const struct judged *j, const struct witness_ask *ask)
{
        const struct known *k = &j->known;

        if (ask->old > j->head.size)
                return JUDGE_MALFORMED;
        if (ask->old != k->size)
                return JUDGE_CONFLICT;
        if (!k->size)
                return ask->proof.n ? JUDGE_FORK : JUDGE_SIGNED;       /* nothing was seen: nothing to go on from */
        if (k->size == j->head.size) {
                if (!hash_eq(&k->root, &j->head.root))
                        return JUDGE_CONFLICT;
                return ask->proof.n ? JUDGE_FORK : JUDGE_SIGNED;
        }
        return tree_verify_consistency(k->size, &k->root, j->head.size, &j->head.root, ask->proof.hash, ask->proof.n, NULL) == ERR_OK ? JUDGE_SIGNED : JUDGE_FORK;
}

/* Durable first, then signed: who was told of a size is never told less. */
static int sign(struct judged *j, const struct witness *w, utime_t now, struct err *e)
{
        scoped(buf_done) struct buf said = BUF_INIT;
        struct known next = { j->known.log, j->head.size, j->head.root, (uint64_t)(now / UTIME_S) };
        uint8_t sig[ED25519_SIG];
        int r;

        if (next.at < j->known.at)
                next.at = j->known.at;          /* the clock went back: a later tree was not seen earlier */
        r = known_store(w, &next, e);
        if (r < 0)
                return r;
        j->at = next.at;
        cosign_text(&said, next.at, &j->head);
        r = buf_bad(&said) ? err_set(e, ERR_NOMEM, "cosignature") : witness_sign(sig, w, buf_view(&said), e);
        if (r == ERR_OK)
                cosign_line(&j->line, &w->me, next.at, sig);
        return r == ERR_OK && buf_bad(&j->line) ? err_set(e, ERR_NOMEM, "cosignature") : r;
}

int witness_judge(struct judged *out, const struct witness *w, const struct witness_ask *ask, utime_t now, struct err *e)
{
        struct judged j = { .what = JUDGE_MALFORMED };
        struct str origin;
        int r;

        if (!note_origin_of(&origin, ask->note)) {
                *out = j;
                return ERR_OK;
        }
        r = known_load(&j.known, w, origin, e);
        if (r == ERR_OK) {
                r = checkpoint_open(&j.head, ask->note, &j.known.log, e);
                j.what = r == ERR_OK ? follows(&j, ask) : r == ERR_TAMPERED ? JUDGE_FORBIDDEN : JUDGE_MALFORMED;
                r = r == ERR_NOMEM ? r : ERR_OK;
        } else if (r == ERR_ABSENT) {
                j.what = JUDGE_UNKNOWN;
                r = ERR_OK;
        }
        if (r == ERR_OK && j.what == JUDGE_SIGNED)
                r = sign(&j, w, now, e);
        if (r < 0)
                judged_done(&j);
        else
                *out = j;
        return r;
}
