/* schema.h - which keys a record of the pack has, as const tables.
 *
 * Does      say for each kind of record: its keys with type, range and place in the struct, its texts, what must be unique.
 * Layer     core; inside pack/. fill.c walks these tables; a new key or kind of record is a row, not code.
 * Owns      static.
 *
 * Every struct of pack.h begins with its id, but pack_settings, which has none.
 */
#ifndef CORE_PACK_SCHEMA_H
#define CORE_PACK_SCHEMA_H

#include "core/pack/pack.h"

enum schema_type {
        SCHEMA_FORMAT,          /* the first line, checked by the scan */
        SCHEMA_ID,
        SCHEMA_CODE,
        SCHEMA_SECTION,         /* S8.2 */
        SCHEMA_CLAUSE,          /* S8.2-R2.2.ki; what stands before the hyphen is a record of kind `refers` */
        SCHEMA_TEST,            /* a suite, or unit.function */
        SCHEMA_WHERE,           /* any plain word */
        SCHEMA_SLIDE,           /* "1-5/11" */
        SCHEMA_YEAR,            /* 2026 */
        SCHEMA_DAY,             /* 2026-01-01 */
        SCHEMA_MONTH_DAY,       /* 12-29 */
        SCHEMA_REASON,          /* words in quotes: why */
        SCHEMA_INTEGER,         /* low..high, stored in `width` bytes */
        SCHEMA_BOOL,
        SCHEMA_ENUM,            /* one of `names`, stored as its index */
        SCHEMA_REFERENCE,       /* id of a record of kind `refers` */
        SCHEMA_FIELD,           /* id of a field of the procedure's form or sheets; of which types, the row of `when` says */
        SCHEMA_STEP,            /* id of a step of the same procedure, or one of `names` */
        SCHEMA_TOPIC,           /* id of a topic of the same form */
        SCHEMA_LEVEL,           /* id of a level of the axis that this record names */
        SCHEMA_CONDITION,       /* read once all names are known (link.c) */
        SCHEMA_PERIOD,          /* of the kinds in `low`; `names`: whose day it may count from */
        SCHEMA_RECORD,          /* one nested record without id */
        SCHEMA_RECORDS,         /* list of 1..high records; the count goes to `count_offset` */
};

enum schema_kind { KIND_PACK, KIND_ROLE, KIND_ZONE, KIND_ERA, KIND_SETTINGS, KIND_RETENTION, KIND_LIST, KIND_COUNTRY,
                   KIND_CLASSES, KIND_QUESTION, KIND_AXIS, KIND_LEVEL, KIND_DERIVATION, KIND_CRITERIA, KIND_CRITERION,
                   KIND_FORM, KIND_TOPIC, KIND_FIELD, KIND_COLUMN, KIND_CHOICE,
                   KIND_PROCEDURE, KIND_STEP, KIND_AFTER, KIND_OTHER, KIND_SHEET, KIND_RULE, KIND_EFFECT, KIND_FILLED,
                   KIND_DUTIES, KIND_DUTY, KIND_REMIND, KIND_HOLIDAYS, KIND_HOLIDAY, KIND_YEAR, KIND_DAY_OFF, KIND_CLOSING_DAY,
                   KIND_PAPER, KIND_PAPER_FORM, KIND_SEAL, KIND_PART, KIND_PART_FIELD, KIND_PHRASES, KIND_PHRASE,
                   KIND_CLAUSES, KIND_SECTION, KIND_CLAUSE, KIND_ACTOR,
                   KIND_MECHANISMS, KIND_MECHANISM, KIND_SERVED, KIND_PROOF, KIND_INCIDENTS, KIND_ALARM, KIND_OVERLAY, KIND_CHANGE, KIND_COUNT };

/* The key has a meaning only if the record's key `key` has one of `values`; then it may be demanded. Rows end with key NULL; the
 * first that fits counts. */
struct schema_when {
        const char        *key;
        const char *const *values;
        bool               required, elsewhere;       /* elsewhere: the key has a meaning in any case */
        const char        *absent;                    /* what it means that `key` is not given; NULL: nothing */
        unsigned           fields;                    /* SCHEMA_FIELD: 1 << type of each that fits */
        bool               answered;                  /* SCHEMA_FIELD: it must be filled in whenever the form is */
};

/* Words that an id may not be, since a condition or a procedure takes them for something else. */
enum schema_reserved { RESERVED_NOTHING, RESERVED_WORD, RESERVED_NAME, RESERVED_STEP };

struct schema_key {
        const char       *name;
        enum schema_type  type;
        bool              required, unique;           /* unique among the records of one list */
        size_t            offset, width, count_offset;
        int64_t           low, high;
        const char *const *names;                      /* ends with NULL; ENUM: the first stands for `low` */
        enum schema_kind  refers;                      /* also the kind of nested records */
        const struct schema_when *when;
        enum schema_reserved reserved;
        bool              proposal;                    /* a number that the source does not give: pack check lists it */
        unsigned          otherwise;                   /* ENUM: what is stored when the key is not given */
};

struct schema_text { const char *name; size_t offset; bool required; const struct schema_when *when; };    /* key: <prefix>.<name> */

struct schema {
        const char               *word;               /* in text keys and in messages: "form" */
        bool                      is_root;            /* its own prefix is `word`, its records' prefix is empty */
        bool                      is_flat;            /* its own prefix does not begin with the one of what holds it */
        size_t                    size;
        const struct schema_key  *keys;
        size_t                    keys_count;
        const struct schema_text *texts;
        size_t                    texts_count;
        size_t                    list, count;        /* where struct pack keeps its records; list 0: nowhere */
};

const struct schema     *schema_of(enum schema_kind kind);
const struct schema_key *schema_key_of(enum schema_kind kind, const char *name);      /* NULL: it has no such key */
const struct schema_key *schema_id_of(enum schema_kind kind);      /* the key that names a record; NULL when it has none */

/* Which files a pack has: a name, or a folder of files named <id>.yaml. */
struct schema_file { const char *name; bool is_folder, required; enum schema_kind kind; };

extern const struct schema_file schema_files[];
extern const size_t             schema_files_count;

#endif
