/* logdir.h - the text files of a log directory: which epochs there are, and which entries a partial log shows.
 *
 * Does      format and parse `sekisho-log` and `subset`, each in its one spelling.
 * Source    docs/formats/log.md.
 * Layer     core; pure.
 * Trusts    nothing: a gap in the epochs, a key of another name, indexes out of order, a line without its end are refused.
 * Fails     ERR_INPUT, with the line's number in words.
 */
#ifndef CORE_JOURNAL_LOGDIR_H
#define CORE_JOURNAL_LOGDIR_H

#include "core/journal/note.h"

enum { LOG_EPOCHS_MAX = 256, LOG_INDEX_BYTES = 65536 };
#define SUBSET_LINES_MAX ((uint64_t)1 << 22)

/* number[i] and key[i] of the i-th epoch that left entries in this tree; the numbers ascend. */
struct log_epochs { struct uuid install; uint32_t n; uint32_t number[LOG_EPOCHS_MAX]; struct vkey key[LOG_EPOCHS_MAX]; };

void log_epochs_format(struct buf *out, const struct log_epochs *l);
int  log_epochs_parse(struct log_epochs *out, struct str file, struct err *e);

/* Which of the epochs a checkpoint is of, by its origin alone; -1: none of these. */
int  log_epoch_of(const struct log_epochs *l, struct str note);

/* The indexes of a subset, one after the other. */
struct subset { uint64_t size, seen, last; struct str rest; };

void subset_format(struct buf *out, uint64_t size);                     /* the head; then subset_add() in ascending order */
void subset_add(struct buf *out, uint64_t index);
int  subset_open(struct subset *out, struct str file, struct err *e);
int  subset_next(uint64_t *index, struct subset *s, struct err *e);     /* ERR_ABSENT at the end */

#endif
