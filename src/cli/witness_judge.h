/* witness_judge.h - the one decision of a witness: may this checkpoint be signed?
 *
 * Does      compare a checkpoint and its proof with what is known of that log; make the new size durable, then sign.
 * Source    c2sp.org/tlog-witness, add-checkpoint: the answers are its HTTP status codes.
 * Layer     cli.
 * Trusts    nothing that was asked.
 * Fails     the machine's errors only: every refusal is a status.
 */
#ifndef CLI_WITNESS_JUDGE_H
#define CLI_WITNESS_JUDGE_H

#include "base/utime.h"
#include "cli/witness_state.h"

enum judgement {
        JUDGE_SIGNED    = 200,
        JUDGE_MALFORMED = 400,
        JUDGE_FORBIDDEN = 403,  /* not signed by the key that is trusted */
        JUDGE_UNKNOWN   = 404,  /* no such log is trusted */
        JUDGE_CONFLICT  = 409,  /* not from the size that is known, or the same size with another root */
        JUDGE_FORK      = 422,  /* it does not go on from what is known */
};

struct judged {
        enum judgement    what;
        struct checkpoint head;          /* signed, conflict, fork: what was shown */
        struct known      known;         /* from 403 on, and signed: what was known before */
        uint64_t          at;            /* signed: when */
        struct buf        line;          /* signed: the signature line */
};
void judged_done(struct judged *j);

int witness_judge(struct judged *out, const struct witness *w, const struct witness_ask *ask, utime_t now, struct err *e);

#endif
