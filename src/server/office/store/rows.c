/* rows.c - see rows.h. A personal text's columns: `x` holds the text (NULL once erased), `x_c` its commitment. */
#include "server/office/store/rows.h"

#include <assert.h>
#include <openssl/evp.h>

#include "base/cursor.h"
#include "core/journal/canon.h"
#include "server/office/store/stmt.h"
#include "sys/entropy.h"

enum { FIXED_COLS = 4, SALT = 32, NONCE = PAYLOAD_NONCE, TAG = PAYLOAD_TAG, SEALED_MAX = 65536, ROWS_FIRST = 8 };

static_assert(SQL_PUT_INSTALL - SQL_GET_INSTALL == TABLE_COUNT && SQL_CLEAR_INSTALL - SQL_GET_INSTALL == 4 * TABLE_COUNT &&
              SQL_UNDER_INSTALL - SQL_GET_INSTALL == 5 * TABLE_COUNT && SQL_ERASE_INSTALL - SQL_GET_INSTALL == 6 * TABLE_COUNT,
              "generated statements stand in the order of enum table");

static enum sql sql_of(enum sql first, enum table t)
{
        return (enum sql)((int)first + (int)t);
}

static int read_value(struct value *v, struct stmt *s, const struct column *c, int *at, struct arena *a, struct err *e)
{
        int col = (*at)++;

        if (c->type == COLUMN_INT) {
                *v = col_null(s, col) ? (struct value){ 0 } : (struct value){ .kind = VALUE_INT, .i = col_int(s, col) };
                return ERR_OK;
        }
        v->committed = v->personal = col_hash(&v->commit, s, (*at)++);
        if (col_null(s, col)) {
                v->kind = v->committed ? VALUE_ERASED : VALUE_NULL;
                return ERR_OK;
        }
        v->kind = VALUE_TEXT;
        return col_text(&v->s, s, col, a, e);
}

static int read_row(struct row *out, struct stmt *s, enum table t, struct arena *a, struct err *e)
{
        const struct table_info *info = &table_infos[t];
        struct str text;
        int at = FIXED_COLS, r;

        *out = (struct row){ .table = t };
        r = col_text(&text, s, 0, a, e);
        if (r == ERR_OK) {
                (void)snprintf(out->id, sizeof(out->id), "%s", text.p);
                r = col_text(&text, s, 1, a, e);
        }
        if (r == ERR_OK)
                (void)snprintf(out->k, sizeof(out->k), "%s", text.p);
        out->rev = col_int(s, 2);
        for (size_t i = 0; r == ERR_OK && i < info->cols_count; i++)
                r = read_value(&out->v[i], s, &info->cols[i], &at, a, e);
        return r;
}

int store_row(struct row *out, struct db *db, enum table t, const char *id, const char *k, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, sql_of(SQL_GET_INSTALL, t));
        struct row row = { .table = t };
        int r;

        if (!id)
                return err_set(e, ERR_NOMEM, "row id");
        bind_text(&s, str_of(id));
        bind_text(&s, str_of(k));
        r = stmt_row(&s, e);
        if (r == 1)
                r = read_row(&row, &s, t, a, e);
        else if (r == 0) {
                (void)snprintf(row.id, sizeof(row.id), "%s", id);
                (void)snprintf(row.k, sizeof(row.k), "%s", k ? k : "");
        }
        stmt_end(&s);
        if (r < 0)
                return r;
        *out = row;
        return ERR_OK;
}

int rows_collect(struct row **out, size_t *n, struct stmt *s, enum table t, size_t max, struct arena *a, struct err *e)
{
        struct row *rows = NULL;
        size_t have = 0, room = 0;
        int r;

        while ((r = stmt_row(s, e)) == 1) {
                if (have == max) {
                        r = err_set(e, ERR_TOO_BIG, "more than %zu rows", max);
                        break;
                }
                if (have == room) {
                        struct row *more = arena_array(a, room ? room * 2 : ROWS_FIRST, sizeof(*rows));

                        if (!more) {
                                r = err_set(e, ERR_NOMEM, "rows");
                                break;
                        }
                        if (have)
                                memcpy(more, rows, have * sizeof(*rows));
                        rows = more;
                        room = room ? room * 2 : ROWS_FIRST;
                }
                r = read_row(&rows[have++], s, t, a, e);
                if (r < 0)
                        break;
        }
        stmt_end(s);
        if (r < 0)
                return r;
        *out = rows;
        *n = have;
        return ERR_OK;
}

int store_rows_all(struct row **out, size_t *n, struct db *db, enum table t, size_t max, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, sql_of(SQL_ALL_INSTALL, t));

        return rows_collect(out, n, &s, t, max, a, e);
}

int store_rows_of(struct row **out, size_t *n, struct db *db, enum table t, const char *id, size_t max, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, sql_of(SQL_OF_INSTALL, t));

        bind_text(&s, str_of(id));
        return rows_collect(out, n, &s, t, max, a, e);
}

int store_each(struct db *db, enum table t, store_row_fn *fn, void *ctx, struct err *e)
{
        struct stmt s = stmt_of(db, sql_of(SQL_ALL_INSTALL, t));
        int r;

        while ((r = stmt_row(&s, e)) == 1) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct row row;

                r = read_row(&row, &s, t, &a, e);
                if (r == ERR_OK)
                        r = fn(ctx, &row, e);
                if (r < 0)
                        break;
        }
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

int store_put(struct db *db, const struct row *row, uint64_t entry, struct err *e)
{
        const struct table_info *info = &table_infos[row->table];
        struct stmt s = stmt_of(db, sql_of(SQL_PUT_INSTALL, row->table));

        bind_text(&s, str_of(row->id));
        bind_text(&s, str_of(row->k));
        bind_int(&s, row->rev);
        bind_int(&s, (int64_t)entry);
        for (size_t i = 0; i < info->cols_count; i++) {
                const struct value *v = &row->v[i];

                if (info->cols[i].type == COLUMN_INT) {
                        if (v->kind == VALUE_INT)
                                bind_int(&s, v->i);
                        else
                                bind_null(&s);
                        continue;
                }
                if (v->kind == VALUE_TEXT)
                        bind_text(&s, v->s);
                else
                        bind_null(&s);
                if (v->committed && (v->kind == VALUE_TEXT || v->kind == VALUE_ERASED))
                        bind_blob(&s, v->commit.b, HASH_SIZE);
                else
                        bind_null(&s);
        }
        return stmt_run(&s, e);
}

/* ---- payloads: AES-256-GCM, additional data = the commitment; plain text = salt ‖ text ---- */

bool payload_seal(uint8_t *out, const uint8_t key[32], const uint8_t nonce[NONCE], const struct hash *aad, const uint8_t *in, int n)
{
        EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
        int len = 0;
        bool ok = c && EVP_EncryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, nonce) == 1 &&
                  EVP_EncryptUpdate(c, NULL, &len, aad->b, HASH_SIZE) == 1 && EVP_EncryptUpdate(c, out, &len, in, n) == 1 &&
                  EVP_EncryptFinal_ex(c, out + len, &len) == 1 && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG, out + n) == 1;

        EVP_CIPHER_CTX_free(c);
        return ok;
}

bool payload_unseal(uint8_t *out, const uint8_t key[32], const uint8_t nonce[NONCE], const struct hash *aad, const uint8_t *in, int n)
{
        EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
        uint8_t tag[TAG];
        int len = 0;
        bool ok;

        memcpy(tag, in + n, TAG);
        ok = c && EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, nonce) == 1 &&
             EVP_DecryptUpdate(c, NULL, &len, aad->b, HASH_SIZE) == 1 && EVP_DecryptUpdate(c, out, &len, in, n) == 1 &&
             EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, TAG, tag) == 1 && EVP_DecryptFinal_ex(c, out + len, &len) == 1;
        EVP_CIPHER_CTX_free(c);
        return ok;
}

int store_seal(struct hash *commit, struct db *db, const char *unit, struct str table, struct str column, struct str text, utime_t now, struct err *e)
{
        uint8_t key[32], nonce[NONCE], salt[SALT];
        scoped(buf_done) struct buf plain = BUF_INIT, sealed = BUF_INIT;
        struct stmt s;
        int r;

        if (text.n > SEALED_MAX)
                return err_key(e, ERR_TOO_BIG, "form.text.long", "", NULL);
        r = db_unit_key(db, unit, true, now, key, e);
        if (r < 0)
                return r;
        entropy_fill(salt, sizeof(salt));
        entropy_fill(nonce, sizeof(nonce));
        *commit = canon_commit(salt, table, column, text);
        buf_add(&plain, salt, SALT);
        buf_str(&plain, text);
        put_zeros(&sealed, plain.n + TAG);
        if (buf_bad(&plain) || buf_bad(&sealed) ||
            !payload_seal((uint8_t *)sealed.p, key, nonce, commit, (const uint8_t *)plain.p, (int)plain.n))
                return err_set(e, ERR_NOMEM, "payload");

        s = stmt_of(db, SQL_PAYLOAD_ADD);
        bind_blob(&s, commit->b, HASH_SIZE);
        bind_text(&s, str_of(unit));
        bind_blob(&s, nonce, NONCE);
        bind_blob(&s, sealed.p, sealed.n);
        return stmt_run(&s, e);
}

int store_open(struct str *out, uint8_t salt[SALT], bool *erased, struct db *db, const struct hash *commit, struct str table, struct str column, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_PAYLOAD_GET);
        struct str unit = { 0 }, nonce = { 0 }, sealed = { 0 };
        struct hash again;
        uint8_t key[32], *plain;
        int r;

        bind_blob(&s, commit->b, HASH_SIZE);
        r = stmt_row(&s, e);
        if (r == 1) {
                r = col_text(&unit, &s, 0, a, e);
                if (r == ERR_OK)
                        r = col_blob(&nonce, &s, 1, a, e);
                if (r == ERR_OK)
                        r = col_blob(&sealed, &s, 2, a, e);
        } else if (r == 0) {
                r = err_set(e, ERR_TAMPERED, "a payload that the journal names is missing");
        }
        stmt_end(&s);
        if (r < 0)
                return r;

        *erased = !sealed.n;    /* its bytes went with the entry that erased the unit (erase.h); the key follows */
        if (*erased)
                return ERR_OK;
        r = db_unit_key(db, unit.p, false, 0, key, e);
        *erased = r == ERR_ABSENT;
        if (r < 0)
                return *erased ? ERR_OK : r;
        if (nonce.n != NONCE || sealed.n < SALT + TAG || sealed.n > SEALED_MAX + SALT + TAG)
                return err_set(e, ERR_TAMPERED, "payload is malformed");
        plain = arena_alloc(a, sealed.n);
        if (!plain)
                return err_set(e, ERR_NOMEM, "payload");
        if (!payload_unseal(plain, key, (const uint8_t *)nonce.p, commit, (const uint8_t *)sealed.p, (int)(sealed.n - TAG)))
                return err_set(e, ERR_TAMPERED, "payload does not open under its key");
        *out = (struct str){ (const char *)plain + SALT, sealed.n - TAG - SALT };
        memcpy(salt, plain, SALT);
        again = canon_commit(plain, table, column, *out);
        return hash_eq(&again, commit) ? ERR_OK : err_set(e, ERR_TAMPERED, "payload does not match its commitment");
}

int store_unseal(struct str *out, bool *erased, struct db *db, const struct hash *commit, struct str table, struct str column, struct arena *a, struct err *e)
{
        uint8_t salt[SALT];

        return store_open(out, salt, erased, db, commit, table, column, a, e);
}

/* ---- dump ---- */

static void dump_value(struct buf *b, struct stmt *s, int c)
{
        switch (sqlite3_column_type(s->s, c)) {
        case SQLITE_NULL:
                buf_text(b, "-");
                break;
        case SQLITE_INTEGER:
                buf_printf(b, "%lld", (long long)col_int(s, c));
                break;
        default:
                buf_printf(b, "%d:", sqlite3_column_bytes(s->s, c));
                buf_add(b, sqlite3_column_blob(s->s, c), (size_t)sqlite3_column_bytes(s->s, c));
        }
}

static int dump_table(struct hash *chain, struct db *db, enum sql all, const char *name, struct buf *out, struct err *e)
{
        struct stmt s = stmt_of(db, all);
        scoped(buf_done) struct buf line = BUF_INIT;
        int r;

        while ((r = stmt_row(&s, e)) == 1) {
                struct str runs[2] = { { (const char *)chain->b, HASH_SIZE }, { 0 } };

                buf_clear(&line);
                buf_text(&line, name);
                for (int c = 0; c < sqlite3_column_count(s.s); c++) {
                        buf_char(&line, '|');
                        dump_value(&line, &s, c);
                }
                buf_char(&line, '\n');
                if (out)
                        buf_str(out, buf_view(&line));
                if (buf_bad(&line) || (out && buf_bad(out))) {
                        stmt_end(&s);
                        return err_set(e, ERR_NOMEM, "dump");
                }
                runs[1] = buf_view(&line);
                *chain = hash_runs(runs, 2);
        }
        return r;
}

int store_dump(struct hash *hash, struct db *db, struct buf *out, struct err *e)
{
        struct hash chain = { { 0 } };
        int r = ERR_OK;

        for (int t = 0; r == ERR_OK && t < TABLE_COUNT; t++)
                r = dump_table(&chain, db, sql_of(SQL_ALL_INSTALL, (enum table)t), table_infos[t].name, out, e);
        if (r == ERR_OK)
                r = dump_table(&chain, db, SQL_HISTORY_ALL, "history", out, e);
        if (r == ERR_OK)
                r = dump_table(&chain, db, SQL_TREE_ALL, "tree", out, e);
        if (r == ERR_OK)
                r = dump_table(&chain, db, SQL_DOC_ALL, "search", out, e);
        if (r == ERR_OK)
                *hash = chain;
        return r;
}

static int sum_table(struct db *db, enum sql all, const char *name, bool is_register, store_sum_fn *fn, void *ctx, struct err *e)
{
        struct stmt s = stmt_of(db, all);
        scoped(buf_done) struct buf line = BUF_INIT, called = BUF_INIT;
        int r;

        while ((r = stmt_row(&s, e)) == 1) {
                struct hash h;

                buf_clear(&line);
                buf_clear(&called);
                for (int c = 0; c < sqlite3_column_count(s.s); c++) {
                        buf_char(&line, '|');
                        dump_value(&line, &s, c);
                }
                buf_printf(&called, "%s\n%s\n%s\n", name, (const char *)sqlite3_column_text(s.s, 0), (const char *)sqlite3_column_text(s.s, 1));
                h = hash_bytes(buf_view(&line));
                r = buf_bad(&line) || buf_bad(&called) ? err_set(e, ERR_NOMEM, "rows") : fn(ctx, called.p, is_register ? col_int(&s, 3) : -1, &h, e);
                if (r < 0)
                        break;
        }
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

int store_sums(struct db *db, store_sum_fn *fn, void *ctx, struct err *e)
{
        static const struct { enum sql all; const char *name; } others[] = { { SQL_HISTORY_SUMS, "history" }, { SQL_TREE_ALL, "tree" }, { SQL_DOC_ALL, "search" } };
        int r = ERR_OK;

        for (int t = 0; r == ERR_OK && t < TABLE_COUNT; t++)
                r = sum_table(db, sql_of(SQL_ALL_INSTALL, (enum table)t), table_infos[t].name, true, fn, ctx, e);
        for (size_t i = 0; r == ERR_OK && i < countof(others); i++)
                r = sum_table(db, others[i].all, others[i].name, false, fn, ctx, e);
        return r;
}

int store_clear_projections(struct db *db, struct err *e)
{
        static const enum sql others[] = { SQL_HISTORY_CLEAR, SQL_TREE_CLEAR };
        int r = ERR_OK;

        for (int t = 0; r == ERR_OK && t < TABLE_COUNT; t++) {
                struct stmt s = stmt_of(db, sql_of(SQL_CLEAR_INSTALL, (enum table)t));

                r = stmt_run(&s, e);
        }
        for (size_t i = 0; r == ERR_OK && i < countof(others); i++) {
                struct stmt s = stmt_of(db, others[i]);

                r = stmt_run(&s, e);
        }
        return r;
}
