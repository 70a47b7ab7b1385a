/* record.h - a cell of a register: text as people type it <-> the value of a column.
 *
 * Does      read what people and sheets write into a column; write what they read. One spelling out, many in: what is shown is always
 *           taken back, also when it could not be typed anew (a choice that the pack dropped, a person who left, an erased text).
 * Clause    practice.md of the base pack: every list exports and takes the same sheet back; 令和8年4月1日, R8.4.1, 20260401 all read.
 * Layer     core; pure.
 * Owns      texts of the row live in env->arena.
 * Units     days are dates in Japan; moments are shown and read to the minute, in Japan.
 * Trusts    nothing but UTF-8 in NFC: hidden characters are refused, sizes are those of the forms.
 * Fails     ERR_INPUT with a key `record.*` or `wareki.*` and the column's id as field; {0} is what was written. The row is as it was.
 */
#ifndef CORE_REGISTER_RECORD_H
#define CORE_REGISTER_RECORD_H

#include "core/pack/pack.h"
#include "core/register/registers.h"

/* A row that a cell names. n: how many rows go by that name, 2 standing for more; the others are meant only when it is 1. */
struct record_found { size_t n; struct str id; bool ended; };

/* By name (ERR_OK with n 0 when there is none); `of`: only on that row, empty: anywhere. */
typedef int record_find_fn(void *ctx, const struct register_info *r, struct str of, struct str name, struct record_found *out, struct err *e);
/* What row `id` is called, and whether it has ended; ERR_ABSENT when there is none. */
typedef int record_name_fn(void *ctx, const struct register_info *r, struct str id, struct str *name, bool *ended, struct err *e);

struct record_env {
        const struct pack *pack;         /* lists, countries, eras; NULL: none */
        enum lang          lang;         /* of the messages' own words */
        struct arena      *arena;
        record_find_fn    *find;         /* NULL: rows are named by id only, and sections are not looked up */
        record_name_fn    *name;         /* NULL: ids are shown as they are */
        void              *ctx;
        bool               any_section;  /* the install keeps no list of sections: any name is one */
};

/* Sets the column from a cell; an empty cell empties it. A text that stays the same keeps its commitment. */
int  record_take(struct row *to, const struct register_info *r, const struct register_column *c, struct str cell, const struct record_env *env, struct err *e);
void record_show(struct buf *out, const struct row *row, const struct register_column *c, const struct record_env *env, enum lang lang);

/* Has a new row all that it must have, and does it end after it begins? */
int  record_complete(const struct row *row, const struct register_info *r, struct err *e);
int  record_period(const struct row *row, const struct register_info *r, struct err *e);         /* the latter alone */

/* ERR_RULE `record.decided`: a column that an approval decided differs (REGISTER_DECIDED). */
int record_decided(const struct row *before, const struct row *after, const struct register_info *r, struct err *e);
/* The same value; texts by what they say. */
bool record_same(const struct value *a, const struct value *b);

#endif
