/* import.h - a block of cells that people keep, as changes to a register: the plan, and every slip by its cell. Nothing is stored here.
 *
 * Does      find the header below titles, by our words, ids and what people write instead (import_names.c); say of each line what it would
 *           do: new, changed, same; or what is wrong where. Services come in as transitional (導入前から利用), with the day by which they
 *           must be applied for and their provider found or made by name; people come in as a personnel list (import_people.c).
 * Clause    practice.md of the base pack: Starting from Excel; People.
 * Layer     core; pure.
 * Owns      everything lives in in->env->arena; rows given are borrowed.
 * Units     lines are named as people count them: the first line of the block is 1. Columns count from 0.
 * Trusts    nothing: the block is somebody's spreadsheet.
 * Fails     ERR_TOO_BIG when there are more than IMPORT_LINES_MAX lines; ERR_NOMEM; errors of env. What is wrong with the block is no
 *           error: it stands in `mistakes`.
 *
 * Which row a line is: the id column, else the register's key columns, spelled in whatever width. A line that is known by its id says
 * everything about the row, also that a column is empty; of a line known by its key only what it says counts.
 */
#ifndef CORE_REGISTER_IMPORT_H
#define CORE_REGISTER_IMPORT_H

#include "core/grid/grid.h"
#include "core/register/record.h"

enum {
        IMPORT_LINES_MAX = 5000, IMPORT_MISTAKES_MAX = 200, IMPORT_HEADER_WITHIN = 20, IMPORT_LISTED_MAX = 200,
        IMPORT_WHOLE_LINE = GRID_COLUMNS_MAX,      /* column of a mistake that is no single cell's */
        IMPORT_HEADER_FIND = GRID_ROWS_MAX + 2,    /* in->header: look for it; 0: there is none */
};

enum import_as { IMPORT_AS_NOTHING, IMPORT_AS_COLUMN, IMPORT_AS_ID, IMPORT_AS_POSTING /* 本務・兼務, of a personnel list */ };
struct import_column { enum import_as as; const struct register_column *column; };
struct import_layout { size_t header, n; struct import_column columns[GRID_COLUMNS_MAX]; };

/* Rows that the plan looks things up in; ended ones too. */
struct import_rows { const struct row *rows; size_t n; };

struct import_in {
        const struct register_info *reg;
        const struct grid_sheet    *sheet;
        const char *const          *mapping;       /* a column's id, "id", "posting" or NULL for each column of the sheet; NULL: by the header */
        size_t                      header;
        const char                 *of;            /* id of the row that new rows hang on; NULL: none said */
        utime_t                     now;
        utime_t                     apply_by;      /* services: exclusive; 0: not said */
        utime_t                     effective;     /* people: from when the list holds; 0: from now */
        bool                        whole;         /* people: whoever has a number and is not in the list leaves */
        uint32_t                    percent;       /* people: more changes than these stop, unless `accepted`; 0: never */
        bool                        accepted;
        const struct uuid          *ids;           /* fresh ones: three a line, and one for each of `people` */
        size_t                      ids_count;
        const struct record_env    *env;           /* looks up what is not among the rows below */
        struct import_rows          rows;          /* the register's own */
        struct import_rows          people, sections, providers, postings, holders;
};

/* One journal entry: rows [first, first + n) of the plan. */
struct import_entry { const struct register_info *reg; const char *verb; /* recorded | changed | ended */ size_t line, first, n; };

struct import_mistake { size_t line, column; const char *target; /* column's id; "" none */ struct str value; struct err what; };

enum import_why { IMPORT_SKIPPED_TOTAL, IMPORT_SKIPPED_HEADER };
struct import_skipped { size_t line; enum import_why why; };

/* What whoever imports should know, and need not mend. */
enum import_note_kind { IMPORT_UNREADABLE, IMPORT_MADE_SECTION, IMPORT_MADE_PROVIDER, IMPORT_LEAVING, IMPORT_MOVED, IMPORT_HOLDS_ROLES, IMPORT_SAME_NAME, IMPORT_NOTE_KINDS };
struct import_note { enum import_note_kind kind; size_t line; /* 0: no line says so */ const char *id; struct str name, more; };

struct import_counts { size_t lines, fresh, changed, same, leaving, moved, unreadable, sections, providers, without_password; };

struct import_plan {
        struct import_layout   layout;
        struct import_counts   counts;
        struct import_entry   *entries;
        struct row            *rows;
        struct import_mistake *mistakes;
        struct import_skipped *skipped;
        struct import_note    *notes;
        size_t                 entries_n, rows_n, mistakes_n, mistakes_total, skipped_n, notes_n, notes_total;
        uint32_t               percent_changed;    /* people */
        bool                   stopped;            /* above the percentage, and not accepted */
};

int import_plan(struct import_plan *out, const struct import_in *in, struct err *e);

/* The header alone: whose column is what. false: no line looks like a header. */
bool import_layout(struct import_layout *out, const struct register_info *reg, const struct grid_sheet *s, const char *const *mapping, size_t header);
/* The cell as it was pasted; line 1 is the sheet's first. */
const char *import_cell(const struct grid_sheet *s, size_t line, size_t column);

/* What was shown: the plan as a hash that does not depend on fresh ids. Equal hashes save the same. */
int import_digest(struct hash *out, const struct import_plan *p, const struct import_in *in, struct err *e);

#endif
