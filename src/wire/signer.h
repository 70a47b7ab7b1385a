/* signer.h - what the office and the signer say to each other (docs/formats/signer.md, version 1).
 *
 * Does      frames, and encode and decode for every verb's request and answer; the digest that an entry must name.
 * Layer     wire; pure. ROTATE's fixed part is a key link (wire/keylink.h). Spoken over run/signer.sock by link/signer (office) and server/signer.
 * Owns      nothing: decoded views point into the caller's bytes.
 * Units     bytes; times are utime_t.
 * Trusts    nothing: every count and length is checked against a named maximum; bytes left over are refused.
 * Fails     ERR_INPUT, ERR_VERSION, ERR_TOO_BIG.
 *
 * Encoders append to a buf, whose `bad` tells. Decoders change *out only on success.
 */
#ifndef WIRE_SIGNER_H
#define WIRE_SIGNER_H

#include "base/cursor.h"
#include "base/uuid.h"
#include "core/journal/note.h"

enum {
        SIGNER_VERSION     = 1,
        SIGNER_HEAD_BYTES  = 16,
        SIGNER_BODY_MAX    = 131072,
        SIGNER_LEAVES_MAX  = 256,
        SIGNER_PROOF_MAX   = 48,
        SIGNER_REVOKED_MAX = 2000,
        SIGNER_DER_MAX     = SIGNER_BODY_MAX - 4,
        SERIAL_BYTES       = 20,
        POINT_BYTES        = 65,          /* SEC 1, uncompressed, P-256 */
        TABLE_HEADER_BYTES = 160,         /* docs/formats/grant-table.md */
        ORDER_BYTES        = 64,
        DIGEST_TEXT        = 64,
};

/* verb, number, name in the log. Numbers are never reused. */
#define SIGNER_VERBS(X)            \
        X(SIGNER_INFO,   1, "INFO")    \
        X(SIGNER_APPEND, 2, "APPEND")  \
        X(SIGNER_CERT,   3, "CERT")    \
        X(SIGNER_CRL,    4, "CRL")     \
        X(SIGNER_TABLE,  5, "TABLE")   \
        X(SIGNER_ORDER,  6, "ORDER")   \
        X(SIGNER_TOMBSTONE, 7, "TOMBSTONE")   \
        X(SIGNER_ROTATE, 8, "ROTATE")

enum signer_verb {
#define X(id, n, name) id = n,
        SIGNER_VERBS(X)
#undef X
};

const char *signer_verb_name(unsigned verb);     /* "?" for an unknown one */

struct signer_frame { uint16_t verb; int32_t status; uint32_t body_bytes; };

void signer_frame_encode(struct buf *out, uint16_t verb, int32_t status, struct str body);
int  signer_frame_decode(struct signer_frame *out, struct str head, struct err *e);

/* Proof that what is to be signed is in the log: the entry, where it stands, and where in it the digest stands. */
struct evidence { uint64_t index; struct proof proof; uint32_t digest_at; struct str entry; };

void evidence_encode(struct buf *out, const struct evidence *ev);
int  evidence_decode(struct evidence *out, struct cursor *c, struct err *e);
/* Where the digest of `fixed` (all request bytes behind the evidence) stands in `entry`. ERR_ABSENT: it is not named. */
int  evidence_digest_find(uint32_t *at, struct str entry, struct str fixed, struct err *e);

struct signer_head { uint64_t size; struct hash root; uint8_t sig[ED25519_SIG]; };

struct signer_info {
        struct uuid        install;
        uint32_t           epoch;
        struct signer_head head;
        uint64_t           table_seq, crl_number;       /* highest ever signed; 0: none yet */
        uint8_t            log_key[ED25519_KEY], table_key[ED25519_KEY], order_key[ED25519_KEY];
        struct str         ca;                          /* DER; a view */
        uint32_t           table_generation, order_generation, ca_generation;
        uint8_t            table_next[2][ED25519_KEY], order_next[2][ED25519_KEY], log_next[ED25519_KEY];  /* what signs after the current one, and after that */
        struct str         ca_next, root;               /* DER; empty: none is prepared; no offline root */
};

struct signer_append { uint64_t first; uint32_t n; const struct hash *leaves; };

struct signer_cert {
        uint8_t     point[POINT_BYTES], serial[SERIAL_BYTES];
        struct uuid subject;
        utime_t     from, until;
};

struct revoked { uint8_t serial[SERIAL_BYTES]; utime_t at; uint8_t reason; };   /* reason: RFC 5280 §5.3.1 */

struct signer_crl { uint64_t number; utime_t this_update, next_update; uint32_t n; struct str rows; };

struct signer_order { struct uuid host; uint16_t kind; utime_t until; };

/* What the signer makes of an order: this and its signature by the order key go to the host. */
struct order { uint16_t kind; uint32_t epoch; struct uuid install, host; utime_t until; uint64_t index; };

/* Fixed parts: what follows the evidence, and what the entry's digest is of. TABLE's is the 160 header bytes themselves. */
void signer_cert_encode(struct buf *out, const struct signer_cert *m);
void signer_crl_encode(struct buf *out, uint64_t number, utime_t this_update, utime_t next_update, const struct revoked *rows,
                       uint32_t n);
void signer_order_encode(struct buf *out, const struct signer_order *m);
int  signer_cert_decode(struct signer_cert *out, struct str fixed, struct err *e);
int  signer_crl_decode(struct signer_crl *out, struct str fixed, struct err *e);
int  signer_order_decode(struct signer_order *out, struct str fixed, struct err *e);
struct revoked signer_crl_row(const struct signer_crl *m, uint32_t i);          /* i < m->n */

void signer_append_encode(struct buf *out, uint64_t first, const struct hash *leaves, uint32_t n);
int  signer_append_decode(struct signer_append *out, struct str body, struct err *e);

/* Answers. A certificate and a CRL are length and DER; a table's answer is the 64 bytes of the signature. */
void signer_info_encode(struct buf *out, const struct signer_info *m);
int  signer_info_decode(struct signer_info *out, struct str body, struct err *e);
void signer_head_encode(struct buf *out, const struct signer_head *m);
int  signer_head_decode(struct signer_head *out, struct str body, struct err *e);
void signer_der_encode(struct buf *out, struct str der);
int  signer_der_decode(struct str *out, struct str body, struct err *e);
void signer_ordered_encode(struct buf *out, struct str order, const uint8_t sig[ED25519_SIG]);
void signer_rotated_encode(struct buf *out, const uint8_t sig[ED25519_SIG]);        /* ROTATE: the link's signature; of a CA zeros */
int  signer_rotated_decode(uint8_t sig[ED25519_SIG], struct str body, struct err *e);
int  signer_ordered_decode(struct str *order, uint8_t sig[ED25519_SIG], struct str body, struct err *e);

void order_encode(uint8_t to[ORDER_BYTES], const struct order *o);
int  order_decode(struct order *out, struct str bytes, struct err *e);

#endif
