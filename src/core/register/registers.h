/* registers.h - the registers as people see them: which columns, what stands in them, who may look and who may write.
 *
 * Does      one table that lists, details, sheets, imports, searches, papers and screens come from. rows.h says how it is stored.
 * Clause    8.2(2)⑦ (承認済み外部サービスの台帳), 8.2(1) P.1-P.5; practice.md: every list exports and takes the same sheet back.
 * Layer     core; pure.
 * Owns      nothing: all of it is const.
 *
 * Titles are program texts: `register.<id>.caption`, `register.<id>.<column>`, and for words of our own `register.<id>.<column>.<word>`.
 * A register, or a column, is one row here (and in rows.h); nothing else needs to know.
 */
#ifndef CORE_REGISTER_REGISTERS_H
#define CORE_REGISTER_REGISTERS_H

#include "core/register/rows.h"

enum register_type {
        REGISTER_TEXT,          /* one line */
        REGISTER_LINES,
        REGISTER_INTEGER,
        REGISTER_YES_NO,        /* 1 | 0 */
        REGISTER_DAY,           /* a day as its first instant in Japan: *_at */
        REGISTER_LAST_DAY,      /* an inclusive last day, stored as the exclusive end: *_at */
        REGISTER_MOMENT,        /* an instant: *_at */
        REGISTER_DATE,          /* "2026-04-01" as text */
        REGISTER_WORD,          /* one of `words` */
        REGISTER_LIST,          /* a choice of the pack's list `words`; an id it does not know (any more) is shown as it is */
        REGISTER_COUNTRY,       /* code of the pack's countries */
        REGISTER_SECTION,       /* name of a section */
        REGISTER_ROW,           /* id of a row of register `words`, shown and typed by its name column */
};

enum {
        REGISTER_NAME     = 1,      /* what a row is called: exactly one a register */
        REGISTER_KEY      = 2,      /* together they say which row a line of a sheet is (besides the id column) */
        REGISTER_REQUIRED = 4,
        REGISTER_FIXED    = 8,      /* set by decisions and programs: shown, exported, never typed */
        REGISTER_LISTED   = 16,     /* a column of the list, not only of the detail */
        REGISTER_SEARCHED = 32,     /* full text */
        REGISTER_PRIVATE  = 64,     /* people's telephone and the like: only who may write it sees it */
        REGISTER_DECIDED  = 128,    /* what an approval said: typed while the row is transitional, by procedures from then on */
};

struct register_column {
        int                col;             /* of the table */
        const char        *id;
        enum register_type type;
        const char        *words;           /* WORD: words with a blank between; LIST: list of the pack; ROW: register */
        unsigned           flags;
};

/* Who may look, who may write. INSIDE: who is concerned with the service (its manager and deputy, whoever decides in some procedure's
 * body-wide step, the secretariat, system managers, the CISO, auditors). */
enum register_who { REGISTER_ALL, REGISTER_INSIDE, REGISTER_MANAGER /* of the service, and the secretariat */, REGISTER_SECRETARIAT, REGISTER_CSIRT /* and the secretariat */, REGISTER_NOBODY };

struct register_info {
        const char                   *id;
        enum table                    table;
        const char                   *of;          /* register of the row it hangs on: "service"; NULL: stands alone */
        int                           of_col;      /* column with that row's id; -1 */
        int                           state_col;   /* -1: a row has no state */
        const char                   *live;        /* its state while it counts; ended rows stay, with "ended" */
        enum register_who             sees, writes;
        bool                          adds;        /* rows may be added by people; false: only by decisions (services) or not at all */
        const struct register_column *columns;
        size_t                        columns_count;
};

extern const struct register_info registers[];
extern const size_t registers_count;

const struct register_info   *register_find(struct str id);                                       /* NULL when absent */
const struct register_info   *register_of_table(enum table t);                                    /* NULL when people see no such register */
const struct register_column *register_column_find(const struct register_info *r, struct str id);  /* NULL when absent */
const struct register_column *register_name_column(const struct register_info *r);
bool                          register_is_over(struct str state);                                 /* of any register: ended, closed, left ... */
struct str                    register_end_state(const struct register_info *r);                  /* the last of its states; empty when it has none */

#endif
