/* stmt.h - the inside of db.h, for this folder only: prepared statements, binding, columns.
 *
 * Does      keep one prepared statement per enum sql; bind in order; step; read columns into arenas.
 * Layer     server/office/store.
 * Owns      statements belong to the connection; a statement is ready again after stmt_end().
 */
#ifndef OFFICE_STORE_STMT_H
#define OFFICE_STORE_STMT_H

#include <sqlite3.h>

#include "core/journal/tree.h"
#include "server/office/store/db.h"
#include "server/office/store/sql.h"
#include "server/office/store/tree.h"

enum { STMT_TEXTS_MAX = 96 };                       /* statements built from pieces, kept per connection */

struct db {
        sqlite3      *sqlite, *keys;
        sqlite3_stmt *stmts[SQL_COUNT];
        sqlite3_stmt *keys_stmts[KEYS_COUNT];
        sqlite3_stmt *texts[STMT_TEXTS_MAX];
        size_t        texts_next;                    /* the slot that is given up next */
        uint8_t       local_key[32];                 /* MAC key of local rows */
        bool          has_local_key;
};

/* For migrate.c alone: takes older files, too, and says which versions they have. */
int db_units_sign(struct db *db, struct err *e);                        /* keys of a version without MACs get theirs */
int db_open_older(struct db **out, int *store, int *keys, const char *office_dir, struct err *e);

struct stmt { struct db *db; sqlite3_stmt *s; int at; int r; };

/* Binding appends parameters in order; the first failure sticks and stmt_row()/stmt_run() report it. */
struct stmt stmt_of(struct db *db, enum sql id);
struct stmt keys_stmt_of(struct db *db, enum keys_sql id);           /* of the key store, which has transactions of its own */
/* One that was put together from const pieces; no other may be stepping meanwhile that was made so. */
struct stmt stmt_text(struct db *db, struct str sql);
void        bind_int(struct stmt *s, int64_t v);
void        bind_text(struct stmt *s, struct str v);
void        bind_blob(struct stmt *s, const void *p, size_t n);
void        bind_null(struct stmt *s);

int         stmt_row(struct stmt *s, struct err *e);     /* 1: a row, 0: no more (statement is ready again), < 0 */
int         stmt_run(struct stmt *s, struct err *e);     /* for statements without rows */
void        stmt_end(struct stmt *s);                    /* give up early */

bool        col_null(struct stmt *s, int c);
int64_t     col_int(struct stmt *s, int c);
int         col_text(struct str *out, struct stmt *s, int c, struct arena *a, struct err *e);
int         col_blob(struct str *out, struct stmt *s, int c, struct arena *a, struct err *e);
bool        col_hash(struct hash *out, struct stmt *s, int c);      /* false: not 32 bytes */

/* All rows of a statement that selects SQL_ROW(t); ERR_TOO_BIG when there are more than `max`. */
int         rows_collect(struct row **out, size_t *n, struct stmt *s, enum table t, size_t max, struct arena *a, struct err *e);

int         sqlite_err(sqlite3 *s, int code, struct err *e, const char *what);

/* AES-256-GCM over n bytes; `out` of seal() has PAYLOAD_TAG more, `in` of unseal() too. false: out of memory, or not what was sealed. */
enum { PAYLOAD_NONCE = 12, PAYLOAD_TAG = 16 };
bool        payload_seal(uint8_t *out, const uint8_t key[32], const uint8_t nonce[PAYLOAD_NONCE], const struct hash *aad, const uint8_t *in, int n);
bool        payload_unseal(uint8_t *out, const uint8_t key[32], const uint8_t nonce[PAYLOAD_NONCE], const struct hash *aad, const uint8_t *in, int n);

/* Keyed MAC over a local row: table, then the parts, each with its length. */
int         local_mac(struct hash *out, struct db *db, const char *table, const struct str *parts, size_t n, struct err *e);
int         local_check(struct db *db, const char *table, const struct str *parts, size_t n, struct stmt *s, int col, struct err *e);
struct str  int_part(const int64_t *v);                              /* eight bytes of *v */

#endif
