/* book.h - the one grant table this gate obeys, in memory and on disk (DIR/table).
 *
 * Does      take snapshots and deltas: verify, compare install, epoch and seq, keep the newest; load and save it; follow the key links
 *           in it, and keep the newest one in DIR/trust.
 * Layer     gate.
 * Owns      struct book owns its table: book_done().
 * Trusts    nothing but the table keys {current, next} and install of the settings, and whom links lead to from there
 *           (wire/keylink.h); the file on disk is verified like any other. A key that was handed over from is obeyed no more, also
 *           when the disk forgets the table: DIR/trust remembers.
 * Fails     ERR_CONFLICT not newer, or a delta for another table (`whole` then: ask for a snapshot); ERR_FORBIDDEN another
 *           install's; ERR_TAMPERED, ERR_INPUT, ERR_VERSION, ERR_TOO_BIG as wire/grants.h says. The old table stays.
 */
#ifndef GATE_BOOK_H
#define GATE_BOOK_H

#include "gate/settings.h"
#include "wire/grants.h"

struct book {
        const struct settings *set;
        struct key_trust       trust;
        bool                   moved;      /* `link` led here and is not on disk yet */
        char                   link[KEYLINK_BYTES];
        struct grants         *table;      /* NULL: none yet */
        bool                   saved;
};

/* settings' keys, or what DIR/trust says that they led to. A damaged DIR/trust is ERR_TAMPERED: the settings' keys are in force then. */
int  book_open(struct book *b, const struct settings *set, struct err *e);
int  book_load(struct book *b, struct err *e);                                /* ERR_ABSENT: none on disk */
int  book_save(struct book *b, struct err *e);
/* 1: a newer table is in the book; 0: the very table we have. */
int  book_take(struct book *b, uint32_t frame, struct str body, struct err *e);
void book_done(struct book *b);

#endif
