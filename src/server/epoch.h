/* epoch.h - a new epoch of the log: a new log key that continues the one tree, and an entry that says why and what is missing.
 *
 * Does      open it in a data directory that stands still: new keys and state of the signer aside, the entry `epoch.opened` with its row,
 *           then the signer's folder in its place. `sekishod epoch`: for clones, for keys that are lost or stolen, and for the
 *           planned rotation of the log key, in which the old key names the next first.
 * Clause    DESIGN §7 (restore, clone or loss of the log key opens a new epoch).
 * Source    docs/formats/epoch.md.
 * Layer     server.
 * Owns      DIR/epoch.making while it works. A death before the entry's commit leaves the old epoch, one after it is finished by the
 *           next call.
 * Trusts    checkpoints only after their signature; the database only as far as the known checkpoints bear it out.
 * Fails     ERR_CONFLICT somebody runs; ERR_TAMPERED `epoch.known.differs` a known checkpoint is of another history; ERR_FORBIDDEN,
 *           ERR_RULE who may not; ERR_INPUT.
 *
 *     sekishod epoch DIR --reason rotation            after two people rotated the log key in the browser
 *     sekishod epoch DIR --reason clone|key-lost|rotation --by LOGIN --second LOGIN --why TEXT [--renew all|table,order,ca] [--known FILE]…
 */
#ifndef SERVER_EPOCH_H
#define SERVER_EPOCH_H

#include "server/signer/signer.h"

enum { EPOCH_KNOWN_MAX = 32, EPOCH_NOTE_MAX = NOTE_MAX };

struct epoch_plan {
        const char       *dir;                         /* the caller holds its lock */
        const char       *reason, *why;                /* one of restore, clone, key-lost, rotation; free text, may be NULL */
        const char       *by, *second;                 /* logins, or ids of people; second may be NULL unless `two` */
        bool              two;
        const char       *keys;                        /* an older key file; NULL: all keys are new */
        unsigned          renew;                       /* signer/keys.h */
        uint64_t          table_seq, crl_number;       /* known to have been given out; the database's own count is looked up */
        const struct tombstone *tombs;                 /* units known to be erased; NULL: those of DIR/signer */
        size_t            tombs_count;
        struct checkpoint known[EPOCH_KNOWN_MAX];      /* whose signatures were checked */
        uint8_t           known_sig[EPOCH_KNOWN_MAX][ED25519_SIG];
        size_t            known_count;
};

struct epoch_opened { uint32_t epoch, before; uint64_t size, known_size, gap; struct vkey log; char person[UUID_TEXT]; };     /* person: who opened it */

int epoch_open(struct epoch_opened *out, const struct epoch_plan *p, utime_t now, struct err *e);
void epoch_print(const struct epoch_opened *o);        /* "epoch\tN\tbefore\tN\n…", with key and fingerprint */

/* A checkpoint in a file, signed by one of the keys, joins p->known. ERR_FORBIDDEN `epoch.known.key` none of them. */
int epoch_know(struct epoch_plan *p, const char *path, const struct vkey *keys, size_t n, struct err *e);
/* The signer's own state, when it is there, whole and of this install; *there tells. */
int epoch_know_state(struct epoch_plan *p, const char *path, const struct vkey *log, bool *there, struct err *e);

int epoch_main(const char *data_dir, int argc, char *const *argv, struct err *e);

/* nginx's key and certificate made anew under the present CA: they were lost, stolen or near their end. `sekishod tls DIR`. */
int tls_renew(const char *data_dir, utime_t now, struct err *e);
int tls_main(const char *data_dir, struct err *e);

#endif
