/* local.c - see local.h. Every get checks the row's MAC over the same parts that its put wrote. */
#include "server/office/store/local.h"

#include "server/office/store/stmt.h"

#define PARTS(...) ((const struct str[]){ __VA_ARGS__ }), countof(((const struct str[]){ __VA_ARGS__ }))

static struct str hash_part(const struct hash *h)
{
        return (struct str){ (const char *)h->b, HASH_SIZE };
}

/* Ends a get: 1 row read and its MAC checked → OK; 0 → absent. */
static int found(int r, struct stmt *s, const char *what, struct err *e)
{
        stmt_end(s);
        return r == 0 ? err_set(e, ERR_ABSENT, "no such %s", what) : r < 0 ? r : ERR_OK;
}

static int bind_mac(struct stmt *s, struct db *db, const char *table, const struct str *parts, size_t n, struct err *e)
{
        struct hash mac;
        int r = local_mac(&mac, db, table, parts, n, e);

        if (r == ERR_OK)
                bind_blob(s, mac.b, HASH_SIZE);
        return r;
}

/* ---- credentials ---- */

/* A local of this name: what its MAC stands over. */
#define CRED_PARTS(c) PARTS((c)->login, (c)->person, (c)->phc, int_part(&(c)->fails), int_part(&(c)->next_at), int_part(&(c)->until_at), int_part(&(c)->must_change), \
                            (c)->totp, int_part(&(c)->totp_at), int_part(&(c)->totp_step), (c)->codes)

static int credential_row(struct credential *out, struct stmt *s, struct arena *a, struct err *e)
{
        struct { struct str *to; int col; } texts[] = { { &out->login, 0 }, { &out->person, 1 }, { &out->phc, 2 }, { &out->codes, 10 } };
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < countof(texts); i++)
                r = col_text(texts[i].to, s, texts[i].col, a, e);
        if (r == ERR_OK)
                r = col_blob(&out->totp, s, 7, a, e);
        out->fails = col_int(s, 3);
        out->next_at = col_int(s, 4);
        out->until_at = col_int(s, 5);
        out->must_change = col_int(s, 6);
        out->totp_at = col_int(s, 8);
        out->totp_step = col_int(s, 9);
        return r < 0 ? r : local_check(s->db, "credential", CRED_PARTS(out), s, 11, e);
}

static int credential_by(struct credential *out, struct db *db, enum sql sql, struct str key, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, sql);
        struct credential c = { 0 };
        int r;

        bind_text(&s, key);
        r = stmt_row(&s, e);
        if (r == 1) {
                int x = credential_row(&c, &s, a, e);

                r = x < 0 ? x : 1;
        }
        r = found(r, &s, "credential", e);
        if (r == ERR_OK)
                *out = c;
        return r;
}

int credential_find(struct credential *out, struct db *db, struct str login, struct arena *a, struct err *e)
{
        return credential_by(out, db, SQL_CRED_GET, login, a, e);
}

int credential_of(struct credential *out, struct db *db, struct str person, struct arena *a, struct err *e)
{
        return credential_by(out, db, SQL_CRED_OF, person, a, e);
}

int credential_put(struct db *db, const struct credential *c, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_CRED_PUT);
        int r;

        bind_text(&s, c->login);
        bind_text(&s, c->person);
        bind_text(&s, c->phc);
        bind_int(&s, c->fails);
        bind_int(&s, c->next_at);
        bind_int(&s, c->until_at);
        bind_int(&s, c->must_change);
        bind_blob(&s, c->totp.p, c->totp.n);
        bind_int(&s, c->totp_at);
        bind_int(&s, c->totp_step);
        bind_text(&s, c->codes);
        r = bind_mac(&s, db, "credential", CRED_PARTS(c), e);
        return r < 0 ? r : stmt_run(&s, e);
}

int credential_drop(struct db *db, struct str person, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_CRED_DROP);

        bind_text(&s, person);
        return stmt_run(&s, e);
}

/* ---- sessions ---- */

int session_find(struct session_row *out, struct db *db, const struct hash *token, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_SESSION_GET);
        struct session_row row = { .token = *token };
        int r;

        bind_blob(&s, token->b, HASH_SIZE);
        r = stmt_row(&s, e);
        if (r == 1) {
                int x = col_text(&row.person, &s, 0, a, e);

                row.made_at = col_int(&s, 1);
                row.seen_at = col_int(&s, 2);
                row.stage = col_int(&s, 3);
                if (x == ERR_OK)
                        x = local_check(db, "session", PARTS(hash_part(token), row.person, int_part(&row.made_at), int_part(&row.seen_at), int_part(&row.stage)), &s, 4, e);
                r = x < 0 ? x : 1;
        }
        r = found(r, &s, "session", e);
        if (r == ERR_OK)
                *out = row;
        return r;
}

int session_put(struct db *db, const struct session_row *row, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_SESSION_PUT);
        int r;

        bind_blob(&s, row->token.b, HASH_SIZE);
        bind_text(&s, row->person);
        bind_int(&s, row->made_at);
        bind_int(&s, row->seen_at);
        bind_int(&s, row->stage);
        r = bind_mac(&s, db, "session", PARTS(hash_part(&row->token), row->person, int_part(&row->made_at), int_part(&row->seen_at), int_part(&row->stage)), e);
        return r < 0 ? r : stmt_run(&s, e);
}

int session_end_all(struct db *db, struct str person, const struct hash *but, struct err *e)
{
        static const struct hash none;
        struct stmt s = stmt_of(db, SQL_SESSION_END_ALL);

        bind_text(&s, person);
        bind_blob(&s, but ? but->b : none.b, HASH_SIZE);
        return stmt_run(&s, e);
}

int session_end(struct db *db, const struct hash *token, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_SESSION_END);

        bind_blob(&s, token->b, HASH_SIZE);
        return stmt_run(&s, e);
}

int session_sweep(struct db *db, utime_t made_before, utime_t seen_before, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_SESSION_SWEEP);

        bind_int(&s, made_before);
        bind_int(&s, seen_before);
        return stmt_run(&s, e);
}

/* ---- enrolment codes ---- */

int enrol_code_find(struct enrol_code *out, struct db *db, const struct hash *secret, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_CODE_GET);
        struct enrol_code c = { .secret = *secret };
        int r;

        bind_blob(&s, secret->b, HASH_SIZE);
        r = stmt_row(&s, e);
        if (r == 1) {
                int x = col_text(&c.gate, &s, 0, a, e);

                c.until_at = col_int(&s, 1);
                c.used_at = col_int(&s, 2);
                if (x == ERR_OK)
                        x = local_check(db, "enrol_code", PARTS(hash_part(secret), c.gate, int_part(&c.until_at), int_part(&c.used_at)), &s, 3, e);
                r = x < 0 ? x : 1;
        }
        r = found(r, &s, "enrolment code", e);
        if (r == ERR_OK)
                *out = c;
        return r;
}

int enrol_code_put(struct db *db, const struct enrol_code *c, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_CODE_PUT);
        int r;

        bind_blob(&s, c->secret.b, HASH_SIZE);
        bind_text(&s, c->gate);
        bind_int(&s, c->until_at);
        bind_int(&s, c->used_at);
        r = bind_mac(&s, db, "enrol_code", PARTS(hash_part(&c->secret), c->gate, int_part(&c->until_at), int_part(&c->used_at)), e);
        return r < 0 ? r : stmt_run(&s, e);
}

/* ---- signed grant tables ---- */

int table_put(struct db *db, const struct stored_table *t, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_TABLE_PUT);
        int64_t epoch = t->epoch, seq = (int64_t)t->seq;
        int r;

        bind_int(&s, epoch);
        bind_int(&s, seq);
        bind_blob(&s, t->file.p, t->file.n);
        r = bind_mac(&s, db, "grant_table", PARTS(int_part(&epoch), int_part(&seq), t->file), e);
        return r < 0 ? r : stmt_run(&s, e);
}

int table_list(struct stored_table *out, size_t max, size_t *n, struct db *db, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_TABLE_LAST);
        size_t have = 0;
        int r;

        bind_int(&s, (int64_t)max);
        while ((r = stmt_row(&s, e)) == 1) {
                struct stored_table *t = &out[have++];
                int64_t epoch = col_int(&s, 0), seq = col_int(&s, 1);
                int x = col_blob(&t->file, &s, 2, a, e);

                if (x == ERR_OK)
                        x = local_check(db, "grant_table", PARTS(int_part(&epoch), int_part(&seq), t->file), &s, 3, e);
                if (x < 0) {
                        stmt_end(&s);
                        return x;
                }
                t->epoch = (uint32_t)epoch;
                t->seq = (uint64_t)seq;
        }
        if (r < 0)
                return r;
        *n = have;
        return ERR_OK;
}

int table_sweep(struct db *db, uint32_t epoch, uint64_t up_to_seq, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_TABLE_SWEEP);

        bind_int(&s, epoch);
        bind_int(&s, (int64_t)up_to_seq);
        return stmt_run(&s, e);
}

/* ---- machines' reports: the highest contiguous sequence made durable ---- */

int report_seq_find(uint64_t *seq, struct db *db, const char *gate, struct str boot, struct str stream, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_REPORT_GET);
        int r;

        bind_text(&s, str_of(gate));
        bind_text(&s, boot);
        bind_text(&s, stream);
        r = stmt_row(&s, e);
        *seq = 0;
        if (r == 1) {
                int64_t v = col_int(&s, 0);
                int x = local_check(db, "report_seq", PARTS(str_of(gate), boot, stream, int_part(&v)), &s, 1, e);

                *seq = (uint64_t)v;
                r = x < 0 ? x : 1;
        }
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

int report_seq_put(struct db *db, const char *gate, struct str boot, struct str stream, uint64_t seq, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_REPORT_PUT);
        int64_t v = (int64_t)seq;
        int r;

        bind_text(&s, str_of(gate));
        bind_text(&s, boot);
        bind_text(&s, stream);
        bind_int(&s, v);
        r = bind_mac(&s, db, "report_seq", PARTS(str_of(gate), boot, stream, int_part(&v)), e);
        return r < 0 ? r : stmt_run(&s, e);
}

/* ---- the office's clock ---- */

static const int64_t only_id = 1;               /* one row; under its MAC, too: one that was moved away is noticed */

int clock_find(struct time_kept *out, struct db *db, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_CLOCK_GET);
        struct time_kept k = { .boot_id = "" };
        int64_t hold = 0;
        int r = stmt_row(&s, e);

        if (r == 1) {
                (void)snprintf(k.boot_id, sizeof(k.boot_id), "%s", (const char *)sqlite3_column_text(s.s, 0));
                k.seen_at = col_int(&s, 1);
                k.ahead = col_int(&s, 2);
                hold = col_int(&s, 3);
                k.since = col_int(&s, 4);
                r = local_check(db, "house_clock", PARTS(int_part(&only_id), str_of(k.boot_id), int_part(&k.seen_at), int_part(&k.ahead), int_part(&hold), int_part(&k.since)), &s, 5, e);
                r = r < 0 ? r : 1;
        }
        k.hold = (enum time_hold)hold;
        *out = k;
        return found(r, &s, "clock", e);
}

int clock_put(struct db *db, const struct time_kept *k, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_CLOCK_PUT);
        int64_t hold = k->hold;
        int r;

        bind_text(&s, str_of(k->boot_id));
        bind_int(&s, k->seen_at);
        bind_int(&s, k->ahead);
        bind_int(&s, hold);
        bind_int(&s, k->since);
        r = bind_mac(&s, db, "house_clock", PARTS(int_part(&only_id), str_of(k->boot_id), int_part(&k->seen_at), int_part(&k->ahead), int_part(&hold), int_part(&k->since)), e);
        return r < 0 ? r : stmt_run(&s, e);
}

int session_clear(struct db *db, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_SESSION_CLEAR);

        return stmt_run(&s, e);
}
