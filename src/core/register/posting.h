/* posting.h - where people work from when: postings that begin and end on their day.
 *
 * Does      what a person's postings (本務, 兼務) come to at an instant; what the first instant of a day changes.
 * Clause    practice.md of the base pack: a personnel list is loaded before April 1 and takes effect on its date.
 * Layer     core; pure.
 * Fails     ERR_NOMEM, ERR_TOO_BIG as changes_add().
 */
#ifndef CORE_REGISTER_POSTING_H
#define CORE_REGISTER_POSTING_H

#include "core/register/rows.h"

/* Not ended, begun by `at` and not over then; a coming one counts from its day. */
bool posting_counts(const struct row *posting, utime_t at);
/* The main posting at `at`: of several the one that began last. NULL: none is kept, PERSON.section stands alone. */
const struct row *posting_main(const struct row *postings, size_t n, const char *person, utime_t at);

/* Brings a person and their postings to `now`: coming ones begin, others end, who is to leave has left. No row changes: nothing was due. */
int posting_tick(struct changes *c, const struct row *person, const struct row *postings, size_t n, utime_t now, struct err *e);

#endif
