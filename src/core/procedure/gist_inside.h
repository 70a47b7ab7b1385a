/* gist_inside.h - words in both languages at once; for gist.c and gist_said.c only.
 *
 * Layer     core; pure.
 * Owns      texts live in env->arena.
 */
#ifndef CORE_PROCEDURE_GIST_INSIDE_H
#define CORE_PROCEDURE_GIST_INSIDE_H

#include "core/procedure/gist.h"

enum { GIST_ARGS = 4 };

struct gist_text gist_plain(struct str s, const struct gist_env *env);              /* the same in each language; NULL texts without memory */
struct gist_text gist_of(const struct pack_text *t);
struct gist_text gist_number(int64_t n, const struct gist_env *env);
struct gist_text gist_day(struct date d, const struct gist_env *env);               /* 令和8年4月1日, 2026-04-01 */
struct gist_text gist_named(enum field_type type, struct str id, const struct gist_env *env);
/* A text of the catalogue filled in; missing arguments stand as nothing. */
struct gist_text gist_fill(const char *key, const struct gist_text *args, size_t n, const struct gist_env *env);
struct gist_text gist_buf(const struct buf b[LANG_COUNT], const struct gist_env *env);
bool             gist_ok(const struct gist_text *t);                                 /* false: there was no memory for it */

#endif
