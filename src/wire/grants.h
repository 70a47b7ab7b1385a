/* grants.h - the grant table: what gates obey (docs/formats/grant-table.md).
 *
 * Does      encode and decode table files and deltas; build a delta from two tables and apply one; frame the stream.
 * Layer     wire; pure. Used by the office (writes), the signer (header only) and enforcers (read).
 * Owns      struct grants owns its rows and side section: grants_free(). A delta's views point into the caller's bytes.
 * Units     times are utime_t; sizes in bytes.
 * Trusts    nothing: lengths, order, padding, counts and the content hash are checked. Decoding alone does not say who
 *           wrote it: grants_verify() does, and grants_apply() verifies before it copies anything.
 * Fails     ERR_INPUT (malformed), ERR_VERSION, ERR_TOO_BIG, ERR_TAMPERED (hash or signature), ERR_CONFLICT (not for this
 *           base: ask for a snapshot), ERR_NOMEM. Words are for the log.
 */
#ifndef WIRE_GRANTS_H
#define WIRE_GRANTS_H

#include "base/err.h"
#include "base/uuid.h"
#include "core/journal/note.h"

enum {
        GRANT_VERSION      = 1,
        GRANT_HEADER_BYTES = 160,
        GRANT_BYTES        = 128,
        GRANT_DELETE_BYTES = 40,
        GRANT_KEY_BYTES    = 32,
        GRANT_MAC_BYTES    = 6,
        GRANT_DELTA_HEAD   = 24,
        GRANT_COUNT_MAX    = 400000,
        GRANT_SIDE_MAX     = 8 * 1024 * 1024,
        GRANT_TABLE_MAX    = GRANT_HEADER_BYTES + ED25519_SIG + GRANT_COUNT_MAX * GRANT_BYTES + GRANT_SIDE_MAX,
        FRAME_HEAD_BYTES   = 16,
        FRAME_BODY_MAX     = 60 * 1024 * 1024,
};

enum grant_kind    { GRANT_MAC = 1, GRANT_CERTIFICATE = 2, GRANT_PROGRAM = 3, GRANT_DOMAIN = 4 };
enum grant_verdict { GRANT_ALLOW = 1, GRANT_QUARANTINE = 2, GRANT_DENY = 3 };

#define GRANT_NO_POSTURE INT64_MAX            /* posture_until when posture does not matter */

struct grant_key { uint8_t kind; uint8_t key[GRANT_KEY_BYTES]; };   /* no padding: compared with memcmp */

struct grant {
        struct grant_key key;
        uint8_t          verdict, class;
        uint16_t         zone, reason;
        struct uuid      subject, permit;
        utime_t          from, until, posture_until;
        uint64_t         generation;
};

struct grant_header {
        uint32_t    epoch;
        struct uuid install;
        uint64_t    seq;
        utime_t     made_at, valid_until;
        uint32_t    count, side_bytes;         /* count and side_bytes are set by grants_seal() */
        struct hash content, previous;         /* content too */
};

struct grants {
        struct grant_header head;
        uint8_t             sig[ED25519_SIG];
        struct grant       *rows;              /* head.count of them, sorted by key, unique */
        char               *side;              /* head.side_bytes */
};

struct grants *grants_free(struct grants *t);
SCOPED(grants_free, struct grants *)

int  grant_key_cmp(const struct grant_key *a, const struct grant_key *b);
bool grant_key_from_mac(struct grant_key *out, struct str mac);       /* "02:00:5e:10:00:01", lower or upper case */

/* --- writing ---
 * grants_new() copies sorted rows and the side section; the caller then fills head.{epoch,install,seq,made_at,valid_until,
 * previous}, calls grants_seal(), has header_encode()'s 160 bytes signed and puts the signature into sig. */
int  grants_new(struct grants **out, const struct grant *rows, size_t n, struct str side, struct err *e);
int  grants_seal(struct grants *t, struct err *e);                    /* ERR_BUG when rows are out of order or malformed */
int  grants_encode(struct buf *out, const struct grants *t, struct err *e);
int  grants_delta(struct buf *out, const struct grants *from, const struct grants *to, struct err *e); /* ERR_TOO_BIG: send a snapshot */

void        grant_header_encode(uint8_t to[GRANT_HEADER_BYTES], const struct grant_header *h);
int         grant_header_decode(struct grant_header *out, struct str bytes, struct err *e);
struct hash grant_header_hash(const struct grant_header *h);

/* --- reading --- */
int  grants_decode(struct grants **out, struct str file, struct err *e);
int  grant_header_verify(const struct grant_header *h, const uint8_t sig[ED25519_SIG], const uint8_t key[ED25519_KEY], struct err *e);
int  grants_verify(const struct grants *t, const uint8_t key[ED25519_KEY], struct err *e);
bool grants_newer(const struct grant_header *a, const struct grant_header *b);      /* (epoch, seq) of a is higher */

/* The row in force for this key at this place and time is the caller's question; this finds the row. NULL: none. */
const struct grant *grants_find(const struct grants *t, const struct grant_key *key);

struct grant_delta {
        uint64_t            base_seq;
        struct grant_header head;
        uint8_t             sig[ED25519_SIG];
        uint32_t            upserts, deletes;
        struct str          upsert_bytes, delete_bytes, side;        /* views */
};

int grant_delta_decode(struct grant_delta *out, struct str bytes, struct err *e);
/* Verifies the result's header first, then merges and compares the hash. *out is new; base stays the caller's. */
int grants_apply(struct grants **out, const struct grants *base, const struct grant_delta *d, const uint8_t key[ED25519_KEY],
                 struct err *e);

/* --- stream --- */
enum frame_type { FRAME_SNAPSHOT = 1, FRAME_DELTA = 2, FRAME_HEARTBEAT = 3 };

struct frame { uint16_t type; utime_t server_time; struct str body; };

void frame_head(struct buf *out, uint16_t type, utime_t server_time, uint32_t body_bytes);
void frame_heartbeat(struct buf *out, utime_t server_time, uint64_t seq);           /* head and body */
int  frame_heartbeat_decode(uint64_t *seq, struct str body, struct err *e);

/* Bytes in any portions; `hit` once per whole frame, in order. After a failure the stream is lost: drop it. */
struct frame_reader { struct buf have; };
typedef int frame_fn(void *ctx, const struct frame *f, struct err *e);

int  frame_feed(struct frame_reader *r, struct str bytes, frame_fn *hit, void *ctx, struct err *e);
void frame_reader_done(struct frame_reader *r);

#endif
