/* keys.h - the signer's keys and the certificate of its CA, in one file that nobody else reads.
 *
 * Does      make them once, store them, load them; sign with them; let the next take the current one's place.
 * Source    docs/formats/signer.md, Key file.
 * Layer     server/signer.
 * Owns      struct keys is on the heap: keys_free(), which wipes the seeds.
 * Trusts    nothing on disk: magic, version, lengths and checksum are checked.
 * Fails     ERR_IO, ERR_ABSENT, ERR_CONFLICT (they exist), ERR_TAMPERED (checksum), ERR_VERSION, ERR_NOMEM, ERR_BUG.
 */
#ifndef SERVER_SIGNER_KEYS_H
#define SERVER_SIGNER_KEYS_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/uuid.h"
#include "core/journal/note.h"

/* One key a verb: a signature by one of them can never be taken for another's. */
enum key_use { KEY_LOG, KEY_TABLE, KEY_ORDER, KEY_USES };

/* What comes after the current key: others are told of it (next) before it signs, and the one behind it (after) is named by the link
 * that makes next the current one. */
enum key_turn { KEY_NEXT, KEY_AFTER, KEY_TURNS };

struct keys {
        struct uuid install;
        uint32_t    epoch;
        EVP_PKEY   *ed25519[KEY_USES];
        uint8_t     public[KEY_USES][ED25519_KEY];
        EVP_PKEY   *coming[KEY_USES][KEY_TURNS];
        uint8_t     coming_public[KEY_USES][KEY_TURNS][ED25519_KEY];
        uint32_t    generation[KEY_USES], ca_generation;        /* from 1; one up at each rotation */
        struct vkey log;                        /* origin and log key: who signs checkpoints */
        EVP_PKEY   *ca_key;                     /* P-256 */
        X509       *ca;
        struct buf  ca_der;
        EVP_PKEY   *ca_next_key;                /* NULL: none is prepared */
        X509       *ca_next;
        struct buf  ca_next_der, root_der;      /* root: who signed `ca`; empty: ca signed itself (installations before the offline root) */
        bool        old;                        /* loaded from a file of version 1: has coming keys now, and is to be stored */
};

struct keys *keys_free(struct keys *k);
SCOPED(keys_free, struct keys *)

int keys_make(struct keys **out, struct uuid install, uint32_t epoch, utime_t now, struct err *e);
/* Keys of a later epoch: the log key is new, the others are those of `old`; of the uses in `renew` (bits of 1 << use, KEYS_RENEW_CA) new ones. */
enum { KEYS_RENEW_CA = 1 << KEY_USES, KEYS_RENEW_ALL = (1 << KEY_USES) - 1 + KEYS_RENEW_CA,
       KEYS_TURN_LOG = KEYS_RENEW_CA << 1 };         /* the log key becomes the one that the old one named as its next: a planned rotation */
int keys_next(struct keys **out, const struct keys *old, uint32_t epoch, unsigned renew, utime_t now, struct err *e);
int keys_store(const struct keys *k, const char *path, struct err *e);          /* never over an old file */
int keys_replace(const struct keys *k, const char *path, struct err *e);
/* A copy in which next is the current one, after the next, and after is new; of the CA: in which the prepared one is current. In memory
 * only: keys_replace() makes it true. ERR_ABSENT: no next CA is prepared. */
int keys_turn(struct keys **out, const struct keys *k, enum key_use use, struct err *e);
int keys_turn_ca(struct keys **out, const struct keys *k, struct err *e);
int keys_load(struct keys **out, const char *path, struct err *e);
int keys_sign(const struct keys *k, enum key_use use, struct str message, uint8_t sig[ED25519_SIG], struct err *e);

#endif
