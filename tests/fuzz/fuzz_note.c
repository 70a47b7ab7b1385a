/* Keys, checkpoints, cosignatures, requests to witnesses, proof and consistency files: what is taken has one spelling only. */
#include "core/journal/cosign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static const struct vkey nobody = { .name = "sekisho/01960900-0000-0000-0000-000000000000/1" };
        scoped(buf_done) struct buf again = BUF_INIT, room = BUF_INIT;
        struct str in = { (const char *)data, size };
        struct checkpoint head;
        struct entry_proof p;
        struct consistency c;
        struct witness_ask ask;
        uint8_t sig[ED25519_SIG];
        struct vkey k;
        uint64_t at;

        if (checkpoint_open(&head, in, &nobody, NULL) == ERR_OK)
                __builtin_trap();
        if (cosign_check(&at, sig, in, &nobody, NULL) == ERR_OK)
                __builtin_trap();
        if (witness_ask_parse(&ask, in, NULL) == ERR_OK) {
                witness_ask_format(&again, ask.old, &ask.proof, ask.note);
                if (!str_eq(buf_view(&again), in))
                        __builtin_trap();
                buf_clear(&again);
        }
        if (vkey_parse(&k, in, NULL) == ERR_OK)
                vkey_format(&again, &k);
        else if (proof_parse(&p, in, &room, NULL) == ERR_OK && p.entry.n)
                proof_format(&again, p.entry, p.index, &p.proof, p.checkpoint);
        else if (consistency_parse(&c, in, NULL) == ERR_OK)
                consistency_format(&again, c.from, &c.proof, c.checkpoint);
        if (again.n && !str_eq(buf_view(&again), in))
                __builtin_trap();
        return 0;
}
