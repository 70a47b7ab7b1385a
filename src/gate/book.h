/* book.h - the one grant table this gate obeys, in memory and on disk (DIR/table).
 *
 * Does      take snapshots and deltas: verify, compare install, epoch and seq, keep the newest; load and save it.
 * Layer     gate.
 * Owns      struct book owns its table: book_done().
 * Trusts    nothing but the table key and install of the settings; the file on disk is verified like any other.
 * Fails     ERR_CONFLICT not newer, or a delta for another table (`whole` then: ask for a snapshot); ERR_FORBIDDEN another
 *           install's; ERR_TAMPERED, ERR_INPUT, ERR_VERSION, ERR_TOO_BIG as wire/grants.h says. The old table stays.
 */
#ifndef GATE_BOOK_H
#define GATE_BOOK_H

#include "gate/settings.h"
#include "wire/grants.h"

struct book {
        const struct settings *set;
        struct grants         *table;      /* NULL: none yet */
        bool                   saved;
};

int  book_load(struct book *b, struct err *e);                                /* ERR_ABSENT: none on disk */
int  book_save(struct book *b, struct err *e);
/* 1: a newer table is in the book; 0: the very table we have. */
int  book_take(struct book *b, uint32_t frame, struct str body, struct err *e);
void book_done(struct book *b);

#endif
