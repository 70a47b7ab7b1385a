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
        SCHEMA_INTEGER,         /* low..high, stored in `width` bytes */
        SCHEMA_BOOL,
        SCHEMA_ENUM,            /* one of `names`, stored as its index */
        SCHEMA_REFERENCE,       /* id of a record of kind `refers` */
        SCHEMA_FIELD,           /* id of a required field of type `field` in every form that uses this procedure */
        SCHEMA_RECORD,          /* one nested record without id */
        SCHEMA_RECORDS,         /* list of 1..high records; the count goes to `count_offset` */
};

enum schema_kind { KIND_PACK, KIND_ROLE, KIND_ZONE, KIND_ERA, KIND_SETTINGS, KIND_FORM, KIND_FIELD, KIND_CHOICE,
                   KIND_PROCEDURE, KIND_STEP, KIND_EFFECT, KIND_CLAUSES, KIND_SECTION, KIND_CLAUSE, KIND_ACTOR,
                   KIND_MECHANISMS, KIND_MECHANISM, KIND_SERVED, KIND_PROOF, KIND_COUNT };

/* The key has a meaning only if the record's key `key` has one of `values` (elsewhere: in any case); then it may be demanded. */
struct schema_when { const char *key; const char *const *values; bool required, elsewhere; };

struct schema_key {
        const char       *name;
        enum schema_type  type;
        bool              required, unique;           /* unique among the records of one list */
        size_t            offset, width, count_offset;
        int64_t           low, high;
        const char *const *names;                      /* ends with NULL */
        enum schema_kind  refers;                      /* also the kind of nested records */
        enum field_type   field;
        const struct schema_when *when;
};

struct schema_text { const char *name; size_t offset; bool required; };    /* key: <prefix>.<name> */

struct schema {
        const char               *word;               /* in text keys and in messages: "form" */
        bool                      is_root;            /* its own prefix is `word`, its records' prefix is empty */
        size_t                    size;
        const struct schema_key  *keys;
        size_t                    keys_count;
        const struct schema_text *texts;
        size_t                    texts_count;
        size_t                    list, count;        /* where struct pack keeps its records; list 0: nowhere */
};

const struct schema     *schema_of(enum schema_kind kind);
const struct schema_key *schema_id_of(enum schema_kind kind);      /* the key that names a record; NULL when it has none */

/* Which files a pack has: a name, or a folder of files named <id>.yaml. */
struct schema_file { const char *name; bool is_folder, required; enum schema_kind kind; };

extern const struct schema_file schema_files[];
extern const size_t             schema_files_count;

#endif
