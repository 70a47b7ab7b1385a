/* sheet_plan.h - the columns of a sheet, by the tables of schema.h.
 *
 * Does      walk the records that a kind of file may hold; give each level, key and text its column; find a grid's columns again.
 * Layer     core; inside pack/. A key that the schema gains is a column at once; its title is a text `grid.column.<key>`.
 * Owns      plans are built in an arena and are small; texts of titles are static.
 *
 * The first columns say which record a row is: form, field, column, choice. Filled are those that lead to it, so a field's row has form
 * and field. Then come the keys of all levels, then their texts, one column a language. Lists that only name things (clauses) are one
 * cell with the ids apart by spaces.
 */
#ifndef CORE_PACK_SHEET_PLAN_H
#define CORE_PACK_SHEET_PLAN_H

#include "core/grid/grid.h"
#include "core/pack/schema.h"

enum plan_kind { PLAN_LEVEL, PLAN_KEY, PLAN_TEXT, PLAN_WORDS };      /* WORDS: a language's column of the sheet of texts */

struct plan_column {
        enum plan_kind            kind;
        const char               *word;         /* of the level; name of the key or the text */
        enum lang                 lang;
        unsigned                  depth;        /* LEVEL: how far in */
        const struct schema_key  *key;
        struct grid_column        column;
};

struct plan {
        const char               *name;         /* "forms" */
        const struct schema_file *file;         /* NULL: texts/ */
        struct plan_column        columns[GRID_COLUMNS_MAX];
        size_t                    n, levels;    /* levels: how many of the first columns are */
};

enum { PLAN_DEPTH_MAX = 5 };

int  plan_make(struct plan *out, const char *name, struct arena *a, struct err *e);      /* ERR_ABSENT: no such sheet */

bool                     plan_is_level(const struct schema_key *k);     /* a list whose records have rows of their own */
bool                     plan_is_links(const struct schema_key *k);     /* a list that only names things */
bool                     plan_is_value(const struct schema_key *k);     /* one cell; not the id */
bool                     plan_is_quoted(const struct schema_key *k);
const struct plan_column *plan_find(const struct plan *p, enum plan_kind kind, const char *word, enum lang lang);

/* Where each of the plan's columns stands in the grid's sheet. What is missing, unknown or there twice is reported: column of the grid's
 * header (or 0) and an error with key grid.header.*, whose first argument is still empty. False if anything was. */
typedef void plan_report_fn(void *ctx, size_t column, const char *key, const char *what);
bool plan_match(size_t at[GRID_COLUMNS_MAX], const struct plan *p, const struct grid_sheet *s, plan_report_fn *report, void *ctx);

#endif
