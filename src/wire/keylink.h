/* keylink.h - how one key of the signer hands over to the next, and whom a gate trusts therefore.
 *
 * Does      encode, decode and verify links; put them into a grant table's side section and follow them there.
 * Clause    DESIGN §7 (enforcers trust {current, next}).
 * Source    docs/formats/grant-table.md, Key links; the fixed part of ROTATE (docs/formats/signer.md) is a link.
 * Layer     wire; pure. The signer makes links, the office carries them, gates follow them.
 * Owns      nothing: a side section's views point into the caller's bytes.
 * Trusts    nothing: a link counts only when the key that was trusted as next signed it, for this install and use, and when it is
 *           the one after the newest known; so an old link, or one of a key that was put away, moves nobody.
 * Fails     ERR_INPUT, ERR_VERSION, ERR_TOO_BIG malformed; ERR_TAMPERED a link that our next key did not sign; ERR_CONFLICT links
 *           are missing between what we know and what came (enrol anew); ERR_NOMEM.
 */
#ifndef WIRE_KEYLINK_H
#define WIRE_KEYLINK_H

#include "base/uuid.h"
#include "core/journal/note.h"

enum { KEYLINK_BODY = 96, KEYLINK_BYTES = KEYLINK_BODY + ED25519_SIG, KEYLINKS_MAX = 256 };

/* use, number on the wire, name in entries and API. Numbers are never reused. */
#define KEYLINK_USES(X)                  \
        X(KEYLINK_LOG,   1, "log")   \
        X(KEYLINK_TABLE, 2, "table") \
        X(KEYLINK_ORDER, 3, "order") \
        X(KEYLINK_CA,    4, "ca")

enum keylink_use {
#define X(id, n, name) id = n,
        KEYLINK_USES(X)
#undef X
};

const char *keylink_use_name(unsigned use);                      /* "?" for an unknown one */
bool        keylink_use_find(unsigned *out, struct str name);

/* From `generation` on `current` signs, and `next` will after it. Keys are Ed25519 public keys; of the CA, SHA-256 of its certificate. */
struct keylink {
        uint16_t    use;
        uint32_t    generation;
        struct uuid install;
        uint8_t     current[ED25519_KEY], next[ED25519_KEY];
};

void keylink_encode(struct buf *out, const struct keylink *l);   /* KEYLINK_BODY bytes */
int  keylink_decode(struct keylink *out, struct str body, struct err *e);
int  keylink_verify(const struct keylink *l, const uint8_t sig[ED25519_SIG], struct err *e);       /* by l->current */

/* --- a side section --- */
void keylinks_begin(struct buf *out, uint32_t count);            /* then `count` × body and signature, ascending by use and generation */

/* Whom somebody trusts for one use. A next key of zeros is none: zeros are a point of small order, for which anybody can sign. */
struct key_trust { uint32_t generation; uint8_t key[2][ED25519_KEY]; };      /* current, next */

bool key_trust_has_next(const struct key_trust *t);

/* Follows the links of `use` in a side section as far as they lead. 1: *t moved; 0: nothing newer. On failure *t stands.
 * A side section without links is fine. last (may be NULL): body and signature of the newest link followed, when 1. */
int keylinks_follow(struct key_trust *t, struct uuid install, enum keylink_use use, struct str side, char last[KEYLINK_BYTES], struct err *e);

#endif
