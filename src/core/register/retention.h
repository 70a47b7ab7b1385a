/* retention.h - how long people's words are kept: which words live and die together, until when, and what is still in use then.
 *
 * Does      name the retention unit of a text (what it belongs to and the fiscal year it was written in); say when a unit is due, and of a
 *           row whether it is still in use.
 * Clause    文書管理規程: kept from April 1 of the next fiscal year; DESIGN §5 (erasure is decided now).
 * Layer     core; pure.
 * Units     a fiscal year is named by the year of its April 1 (JST).
 * Fails     never: what is not understood is in use, and kept the longest.
 *
 * A unit is one key: "cases-2026". What is still in use when its unit is due is written anew under this year's unit before the old key dies;
 * so a text lives as long as what it belongs to, and then its years. The years are the pack's: `retention` of pack.yaml, else
 * settings.retention_years. Units of before there were classes ("people", "install", "SHI-2026") hold anything: the longest years count.
 */
#ifndef CORE_REGISTER_RETENTION_H
#define CORE_REGISTER_RETENTION_H

#include "core/pack/pack.h"
#include "core/register/rows.h"

/* What is kept equally long. The words stand in packs and in the names of keys: never changed, never reused. */
#define RETENTIONS(X)                                                                        \
        X(RETENTION_CASES,     "cases")      /* applications and what was decided on them */ \
        X(RETENTION_PEOPLE,    "people")     /* who they are, where they work, what they hold */ \
        X(RETENTION_REGISTERS, "registers")  /* services, providers and what hangs on them */ \
        X(RETENTION_INCIDENTS, "incidents")                                                  \
        X(RETENTION_FILES,     "files")      /* attachments: their names and their content */ \
        X(RETENTION_RULES,     "rules")      /* edits of the pack and why they were adopted */ \
        X(RETENTION_HOUSE,     "house")      /* the installation itself */

enum retention {
        RETENTION_NONE,                      /* no rule */
#define X(id, word) id,
        RETENTIONS(X)
#undef X
        RETENTION_COUNT
};

enum { UNIT_NAME = 40 };                     /* room for a unit's name */

const char    *retention_word(enum retention r);
enum retention retention_find(struct str word);

/* Of a text of that table, in an entry of that type. */
enum retention retention_of(enum table t, const char *entry_type);
void           retention_unit(char to[UNIT_NAME], enum retention r, utime_t at);

struct unit { enum retention retention; int year; };            /* RETENTION_NONE: of before there were classes */

/* False: no unit but a key of the house itself ("local-mac"). made_at: when its key was made. */
bool     unit_parse(struct unit *out, struct str name, utime_t made_at);
uint32_t unit_years(const struct pack *p, const struct unit *u);
utime_t  unit_due(const struct pack *p, const struct unit *u);   /* the April 1 from which it may be erased */

enum in_use { USE_OVER, USE_NOW, USE_AS_OWNER, USE_CASE };

/* USE_AS_OWNER: as long as the row *owner, of *table; TABLE_COUNT: whichever table has it.
 * USE_CASE: a case that has ended; in use as long as what it brought about. */
enum in_use retention_use(const char **owner, enum table *table, const struct row *row);

#endif
