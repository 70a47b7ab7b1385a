/* sheet_want.h - what an edited sheet asks the pack to hold, and the files that say so.
 *
 * Does      sheet_in.c reads rows into records wanted; sheet_write.c and sheet_words.c write the files; faults go to their cells.
 * Layer     core; inside pack/.
 * Owns      everything lives in the taker's arena, but the written files: written_done().
 */
#ifndef CORE_PACK_SHEET_WANT_H
#define CORE_PACK_SHEET_WANT_H

#include "core/pack/sheet.h"
#include "core/pack/sheet_source.h"

/* A record as its row says. */
struct want {
        const struct schema     *schema;
        const struct schema_key *in;            /* the list of the outer record; NULL for a file's own */
        const char              *id, *prefix;
        struct origin            from;          /* the cell of its id */
        const char *const       *cells;         /* by the plan's columns */
        struct want             *first, *last, *next;
        size_t                   count;
};

/* A text as a cell says. */
struct word { const char *key, *text; struct origin from; };
struct words { struct word *w; size_t n, room; };

struct taker {
        struct arena        *arena;
        const struct plan   *plan;
        struct sheet_source *source;
        const struct grid_sheet *sheet;
        size_t               at[GRID_COLUMNS_MAX];      /* the plan's column in the grid */
        const char         **cells;                     /* rows by the plan's columns, line ends as LF */
        struct want          top;                       /* its children are the files' records */
        struct words         words[LANG_COUNT];         /* wanted, sorted by key */
        struct words         scope;                     /* keys that the sheet shows: not wanted means removed */
        struct written       written[PACK_FILES_MAX];
        size_t               n;
        sheet_report_fn     *report;
        void                *ctx;
        unsigned             faults;
        struct err           first;
};

void taker_fault(struct taker *t, struct origin at, const char *key, const char *what, const char *more);

size_t taker_column(const struct taker *t, enum plan_kind kind, const char *word, enum lang lang);      /* of the plan */

int write_records(struct taker *t);             /* the files of the sheet's folder, into t->written */
int write_words(struct taker *t, enum lang lang);
int words_add(struct words *to, struct arena *a, struct word w);
int words_of_wants(struct taker *t);            /* from the rows of records: wanted and in scope */
int words_of_rows(struct taker *t);             /* from the rows of the sheet of words */

#endif
