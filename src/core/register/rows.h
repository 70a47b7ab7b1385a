/* rows.h - the registers as rows: every table that the journal's after-images may name, and its columns.
 *
 * Does      one list of tables and columns from which come the SQL (store/), the entry's "c" object and the accessors here;
 *           a row is a plain value that pure code reads and changes.
 * Layer     core; pure.
 * Owns      texts in a row are borrowed from the arena they were read into.
 * Units     *_at columns are utime_t (UTC microseconds).
 *
 * A column is added at the end of its table and never removed or reused: ten-year-old entries replay by name.
 */
#ifndef CORE_REGISTER_ROWS_H
#define CORE_REGISTER_ROWS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/utime.h"
#include "base/uuid.h"
#include "core/journal/hash.h"

/* C(TABLE, column, TYPE, comment): the comment stands in the SQL schema. */
#define COLS_INSTALL(C)                                                                       \
        C(INSTALL, name,       TEXT, "the municipality's name")                               \
        C(INSTALL, body,       TEXT, "code of the executive body in numbers: SHI")            \
        C(INSTALL, epoch,      INT,  "epoch of the log")                                      \
        C(INSTALL, log_key,    TEXT, "C2SP verifier key of this epoch")                       \
        C(INSTALL, pack,       TEXT, "SHA-256 of the pack in force")                          \
        C(INSTALL, pack_id,    TEXT, "its id")                                                \
        C(INSTALL, table_seq,  INT,  "newest grant table")                                    \
        C(INSTALL, table_hash, TEXT, "SHA-256 of its header")
#define COLS_PERSON(C)                                                                        \
        C(PERSON, login,       TEXT, "sign-in name")                                          \
        C(PERSON, name,        TEXT, "name, personal")                                        \
        C(PERSON, section,     TEXT, "section")                                               \
        C(PERSON, state,       TEXT, "active | left")
#define COLS_HOLDER(C)                                                                        \
        C(HOLDER, since_at,    INT,  "person (id) holds role (k) since")                      \
        C(HOLDER, state,       TEXT, "active | ended")
#define COLS_APPLICATION(C)                                                                   \
        C(APPLICATION, number,       TEXT, "number people see")                               \
        C(APPLICATION, form,         TEXT, "form id")                                         \
        C(APPLICATION, form_hash,    TEXT, "SHA-256 of the form answered")                    \
        C(APPLICATION, procedure,    TEXT, "procedure id")                                    \
        C(APPLICATION, state,        TEXT, "submitted | returned | approved | rejected | withdrawn") \
        C(APPLICATION, applicant,    TEXT, "person id")                                       \
        C(APPLICATION, section,      TEXT, "applicant's section at submission")               \
        C(APPLICATION, submitted_at, INT,  "")                                                \
        C(APPLICATION, ended_at,     INT,  "decided or withdrawn")                            \
        C(APPLICATION, permit,       TEXT, "permit it opened")                                \
        C(APPLICATION, reason,       TEXT, "why it was withdrawn, free text")
#define COLS_ANSWER(C)                                                                        \
        C(ANSWER, value,       TEXT, "answer to field k of application id")
#define COLS_STEP(C)                                                                          \
        C(STEP, kind,          TEXT, "step kind of the pack")                                 \
        C(STEP, role,          TEXT, "role that decides")                                     \
        C(STEP, state,         TEXT, "waiting | approved | rejected | returned")              \
        C(STEP, decider,       TEXT, "person id")                                             \
        C(STEP, decided_at,    INT,  "")                                                      \
        C(STEP, reason,        TEXT, "reason, free text")
#define COLS_PERMIT(C)                                                                        \
        C(PERMIT, application, TEXT, "application that opened it")                            \
        C(PERMIT, subject,     TEXT, "device id")                                             \
        C(PERMIT, kind,        INT,  "grant kind: 1 MAC")                                     \
        C(PERMIT, key,         TEXT, "MAC address")                                           \
        C(PERMIT, zone,        INT,  "zone number")                                           \
        C(PERMIT, zone_id,     TEXT, "zone id")                                               \
        C(PERMIT, from_at,     INT,  "inclusive")                                             \
        C(PERMIT, until_at,    INT,  "exclusive")                                             \
        C(PERMIT, state,       TEXT, "waiting | active | suspended | expired | revoked | closed") \
        C(PERMIT, reason,      TEXT, "why it was last changed, free text")                    \
        C(PERMIT, table_seq,   INT,  "first grant table that carries this revision")
#define COLS_GATE(C)                                                                          \
        C(GATE, name,          TEXT, "")                                                      \
        C(GATE, zone,          INT,  "zone number")                                           \
        C(GATE, zone_id,       TEXT, "")                                                      \
        C(GATE, lan,           TEXT, "interface towards the hosts")                           \
        C(GATE, state,         TEXT, "waiting | enrolled | revoked")                          \
        C(GATE, cert,          TEXT, "SHA-256 of its certificate")                            \
        C(GATE, serial,        TEXT, "certificate serial, hexadecimal")                       \
        C(GATE, enrolled_at,   INT,  "")                                                      \
        C(GATE, applied_epoch, INT,  "")                                                      \
        C(GATE, applied_seq,   INT,  "newest table its kernel holds")                         \
        C(GATE, applied_at,    INT,  "since")
#define COLS_ENFORCEMENT(C)                                                                   \
        C(ENFORCEMENT, seq,    INT,  "table in which gate k first held permit id")            \
        C(ENFORCEMENT, at,     INT,  "when its kernel held the rule")
#define COLS_COUNTER(C)                                                                       \
        C(COUNTER, value,      INT,  "last number given for k = body-code-year")

/* T(TABLE, "name"): order is the order of `dump` and of creation. */
#define TABLES(T)                                                                             \
        T(INSTALL, "install") T(PERSON, "person") T(HOLDER, "holder")                         \
        T(APPLICATION, "application") T(ANSWER, "answer") T(STEP, "step") T(PERMIT, "permit") \
        T(GATE, "gate") T(ENFORCEMENT, "enforcement") T(COUNTER, "counter")

enum table {
#define X(id, name) TABLE_##id,
        TABLES(X)
#undef X
        TABLE_COUNT
};

#define X(table, col, type, comment) table##_##col,
enum { COLS_INSTALL(X) INSTALL_COLS };
enum { COLS_PERSON(X) PERSON_COLS };
enum { COLS_HOLDER(X) HOLDER_COLS };
enum { COLS_APPLICATION(X) APPLICATION_COLS };
enum { COLS_ANSWER(X) ANSWER_COLS };
enum { COLS_STEP(X) STEP_COLS };
enum { COLS_PERMIT(X) PERMIT_COLS };
enum { COLS_GATE(X) GATE_COLS };
enum { COLS_ENFORCEMENT(X) ENFORCEMENT_COLS };
enum { COLS_COUNTER(X) COUNTER_COLS };
#undef X
enum { ROW_COLS_MAX = 16, ROW_KEY_MAX = 64 };

enum column_type { COLUMN_INT, COLUMN_TEXT };
struct column { const char *name; enum column_type type; };
struct table_info { const char *name; const struct column *cols; size_t cols_count; };

extern const struct table_info table_infos[TABLE_COUNT];
int table_find(struct str name);                              /* enum table, or -1 */

enum value_kind { VALUE_NULL, VALUE_INT, VALUE_TEXT, VALUE_ERASED };

/* personal: the entry holds a commitment and the text is a payload. committed: `commit` is that of an entry already written, so
 * an unchanged text is not stored twice. VALUE_ERASED has its commit only. */
struct value { enum value_kind kind; int64_t i; struct str s; bool personal, committed; struct hash commit; };

struct row {
        enum table   table;
        char         id[UUID_TEXT];
        char         k[ROW_KEY_MAX];
        int64_t      rev;                                     /* 0: not stored yet */
        struct value v[ROW_COLS_MAX];
};

struct row  row_new(enum table t, struct uuid id, const char *k);
void        row_int(struct row *r, int col, int64_t i);
void        row_text(struct row *r, int col, struct str s);       /* open text: ids, states, codes; printable ASCII */
void        row_personal(struct row *r, int col, struct str s);   /* text of people; empty becomes null */
int64_t     row_get_int(const struct row *r, int col);            /* 0 when null */
struct str  row_get_text(const struct row *r, int col);           /* empty when null or erased */
bool        row_is(const struct row *r, int col, const char *text);

/* What one act changes: becomes one journal entry. */
enum { CHANGES_MAX = 1024, NOTES_MAX = 12 };
struct note_item { const char *key; struct str text; int64_t i; bool is_int; };
struct changes {
        const char      *type;                                /* entry type */
        const char      *actor, *post;                        /* NULL: a program acted */
        char             ref[UUID_TEXT];
        struct str       pack, form;                          /* hexadecimal hashes, empty when not meant */
        struct row      *rows;
        size_t           rows_count, rows_room;
        struct note_item notes[NOTES_MAX];
        size_t           notes_count;
        struct arena    *arena;
};

void changes_init(struct changes *c, struct arena *a, const char *type, const char *ref);
int  changes_add(struct changes *c, const struct row *after, struct err *e);      /* takes rev + 1 */
/* Bookkeeping of a program: keeps the revision, so that nobody who is looking at the row is told that it has moved. */
int  changes_mark(struct changes *c, const struct row *after, struct err *e);
void changes_note(struct changes *c, const char *key, struct str text);
void changes_note_int(struct changes *c, const char *key, int64_t i);

#endif
