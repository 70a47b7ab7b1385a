/* signer_state.h - the signer's state file, as the signer writes it and as an auditor's `verify --signer-state` reads it.
 *
 * Does      encode one slot; find the newest whole slot of a file.
 * Source    docs/formats/signer.md, State file.
 * Layer     wire; pure.
 * Trusts    nothing: magic, version, padding, checksum, and that the root follows from the edge.
 * Fails     ERR_TAMPERED no slot is whole; ERR_VERSION.
 */
#ifndef WIRE_SIGNER_STATE_H
#define WIRE_SIGNER_STATE_H

#include "base/cursor.h"
#include "base/uuid.h"
#include "core/journal/note.h"

/* A slot fills whole disk blocks, so that writing one never touches the other. */
enum { SIGNER_SLOT_BYTES = 4096 };

struct signer_state {
        uint64_t    counter;            /* grows by one a write; odd ones stand in the first slot, even ones in the second */
        struct uuid install;
        uint32_t    epoch;
        struct edge edge;
        struct hash root;
        uint8_t     sig[ED25519_SIG];   /* of the checkpoint's note text */
        uint64_t    table_seq, crl_number;
        uint64_t    tombstones;         /* how many units were erased, and the chain over them (wire/tombstones.h) */
        struct hash tombstone_chain;
};

void signer_state_encode(struct buf *out, const struct signer_state *s);
/* Each slot that was ever written is whole, and they follow each other. False: the newer one may be lost (a torn write, or a hand). */
bool signer_state_is_whole(struct str file);
int  signer_state_decode(struct signer_state *out, struct str file, struct err *e);

#endif
