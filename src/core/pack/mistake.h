/* mistake.h - collect what is wrong in a pack, with the place of each.
 *
 * Does      count mistakes, hand each to the caller's report function (up to PACK_MISTAKES_MAX), keep the first.
 * Layer     core; inside pack/.
 * Owns      nothing; struct mistakes is the loader's.
 *
 * A mistake is not an error of the running program: functions that find one go on and return 0; the loader looks at the count.
 */
#ifndef CORE_PACK_MISTAKE_H
#define CORE_PACK_MISTAKE_H

#include "core/pack/load.h"

struct place { const char *file; uint32_t line, column; };      /* column: 0 when the whole line is meant */

struct node;

struct mistakes {
        pack_report_fn *report;
        void           *ctx;
        unsigned        count;
        unsigned        structure;      /* of them: those that are not about texts only */
        struct err      first;
};

/* Key `pack.*`; {0} is "file:line" or "file:line:column", {1} and {2} what the text of the key says ("" when unused). */
void mistake(struct mistakes *m, const char *key, struct place at, const char *what, const char *more);

/* What expr_parse() or period_parse() said of the text of `n`: {0} becomes "file:line:column". */
void mistake_in_text(struct mistakes *m, const struct node *n, const struct err *e);

#endif
