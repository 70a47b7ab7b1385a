/* outbox.c - see outbox.h. */
#include "server/office/store/outbox.h"

#include "server/office/store/stmt.h"

#define PARTS(...) ((const struct str[]){ __VA_ARGS__ }), countof(((const struct str[]){ __VA_ARGS__ }))

static int bind_mac(struct stmt *s, struct db *db, const char *table, const struct str *parts, size_t n, struct err *e)
{
        struct hash mac;
        int r = local_mac(&mac, db, table, parts, n, e);

        if (r == ERR_OK)
                bind_blob(s, mac.b, HASH_SIZE);
        return r;
}

/* ---- notices ---- */

/* Under the writer's transaction: the number is under the MAC, so it must be known before. */
static int next_id(int64_t *id, struct db *db, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_OUTBOX_NEXT);
        int r = stmt_row(&s, e);

        if (r == 1)
                *id = col_int(&s, 0);
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

int outbox_put(struct db *db, utime_t now, struct str once, bool urgent, struct str body, struct err *e)
{
        struct stmt s;
        int64_t hurry = urgent, id = 0;
        int r = next_id(&id, db, e);

        if (r < 0)
                return r;
        s = stmt_of(db, SQL_OUTBOX_PUT);
        bind_int(&s, id);
        bind_int(&s, now);
        if (once.n)
                bind_text(&s, once);
        else
                bind_null(&s);
        bind_int(&s, hurry);
        bind_text(&s, body);
        r = bind_mac(&s, db, "outbox", PARTS(int_part(&id), int_part(&now), once, int_part(&hurry), body), e);
        return r < 0 ? r : stmt_run(&s, e);
}

/* Rows that version 5 put leave their number out of the MAC; they are swept in time. */
static int check_row(struct db *db, const struct outbox_row *row, int64_t hurry, struct stmt *s, struct err *e)
{
        const struct str parts[] = { int_part(&row->id), int_part(&row->made_at), row->once, int_part(&hurry), row->body };

        struct err own = { 0 };
        int r = local_check(db, "outbox", parts, countof(parts), s, 5, &own);

        if (r == ERR_TAMPERED)
                return local_check(db, "outbox", parts + 1, countof(parts) - 1, s, 5, e);
        if (r < 0 && e)
                *e = own;
        return r;
}

static int read_row(struct outbox_row *row, struct stmt *s, struct db *db, struct arena *a, struct err *e)
{
        int64_t hurry = col_int(s, 3);
        int r = ERR_OK;

        *row = (struct outbox_row){ .id = col_int(s, 0), .made_at = col_int(s, 1), .urgent = hurry != 0, .once = STR("") };
        if (!col_null(s, 2))
                r = col_text(&row->once, s, 2, a, e);
        if (r == ERR_OK)
                r = col_text(&row->body, s, 4, a, e);
        return r < 0 ? r : check_row(db, row, hurry, s, e);
}

static int read_rows(struct outbox_row *out, size_t *n, struct stmt *s, struct db *db, struct arena *a, struct err *e)
{
        size_t have = 0;
        int r;

        while ((r = stmt_row(s, e)) == 1) {
                int x = read_row(&out[have++], s, db, a, e);

                if (x < 0) {
                        stmt_end(s);
                        return x;
                }
        }
        if (r == 0)
                *n = have;
        return r;
}

int outbox_has(bool *out, struct db *db, struct str once, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_OUTBOX_HAS);
        int r;

        bind_text(&s, once);
        r = stmt_row(&s, e);
        if (r >= 0)
                *out = r == 1;
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

int outbox_get(struct outbox_row *out, struct db *db, int64_t id, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_OUTBOX_GET);
        size_t n = 0;
        int r;

        bind_int(&s, id);
        r = read_rows(out, &n, &s, db, a, e);
        return r == ERR_OK && !n ? err_set(e, ERR_ABSENT, "no such notice") : r;
}

int outbox_list(struct outbox_row *out, size_t max, size_t *n, struct db *db, int64_t after, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_OUTBOX_ALL);

        bind_int(&s, after);
        bind_int(&s, (int64_t)max);
        return read_rows(out, n, &s, db, a, e);
}

int outbox_open(struct outbox_row *out, size_t max, size_t *n, struct db *db, struct str sink, int64_t after, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_OUTBOX_OPEN);

        bind_text(&s, sink);
        bind_int(&s, after);
        bind_int(&s, (int64_t)max);
        return read_rows(out, n, &s, db, a, e);
}

int outbox_sweep(struct db *db, utime_t now, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_OUTBOX_SWEEP), sent = stmt_of(db, SQL_SENT_SWEEP);
        int r;

        bind_int(&s, now - OUTBOX_DAYS * UTIME_DAY);
        bind_int(&s, now - OUTBOX_ONCE_DAYS * UTIME_DAY);
        r = stmt_run(&s, e);
        return r < 0 ? r : stmt_run(&sent, e);
}

/* ---- deliveries ---- */

int sent_put(struct db *db, const struct sent_row *row, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_SENT_PUT);
        int r;

        bind_int(&s, row->id);
        bind_text(&s, row->sink);
        bind_text(&s, row->who);
        bind_text(&s, row->state);
        bind_int(&s, row->at);
        bind_text(&s, row->why);
        r = bind_mac(&s, db, "outbox_sent", PARTS(int_part(&row->id), row->sink, row->who, row->state, int_part(&row->at), row->why), e);
        return r < 0 ? r : stmt_run(&s, e);
}

static int read_sent(struct sent_row *out, size_t max, size_t *n, struct stmt *s, struct db *db, struct arena *a, struct err *e)
{
        size_t have = 0;
        int r;

        while ((r = stmt_row(s, e)) == 1 && have < max) {
                struct sent_row *row = &out[have++];
                struct str *texts[] = { &row->sink, &row->who, &row->state, &row->why };
                static const int at[] = { 1, 2, 3, 5 };
                int x = ERR_OK;

                row->id = col_int(s, 0);
                row->at = col_int(s, 4);
                for (size_t i = 0; x == ERR_OK && i < countof(at); i++)
                        x = col_text(texts[i], s, at[i], a, e);
                if (x == ERR_OK)
                        x = local_check(db, "outbox_sent", PARTS(int_part(&row->id), row->sink, row->who, row->state, int_part(&row->at), row->why), s, 6, e);
                if (x < 0) {
                        stmt_end(s);
                        return x;
                }
        }
        stmt_end(s);
        if (r < 0)
                return r;
        *n = have;
        return ERR_OK;
}

int sent_list(struct sent_row *out, size_t max, size_t *n, struct db *db, int64_t id, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_SENT_ALL);

        bind_int(&s, id);
        return read_sent(out, max, n, &s, db, a, e);
}

int sent_failed(struct sent_row *out, size_t max, size_t *n, struct db *db, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_SENT_FAILED);

        bind_int(&s, (int64_t)max);
        return read_sent(out, max, n, &s, db, a, e);
}

/* ---- sinks ---- */

static int sink_put(struct db *db, const struct sink_row *row, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_SINK_PUT);
        int r;

        bind_text(&s, row->id);
        bind_text(&s, row->kind);
        bind_int(&s, row->from_id);
        bind_text(&s, row->state);
        bind_int(&s, row->since_at);
        bind_int(&s, row->seen_at);
        bind_text(&s, row->why);
        r = bind_mac(&s, db, "sink", PARTS(row->id, row->kind, int_part(&row->from_id), row->state, int_part(&row->since_at), int_part(&row->seen_at), row->why), e);
        return r < 0 ? r : stmt_run(&s, e);
}

int sinks_list(struct sink_row out[SINKS_MAX], size_t *n, struct db *db, struct arena *a, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_SINK_ALL);
        size_t have = 0;
        int r;

        while ((r = stmt_row(&s, e)) == 1 && have < SINKS_MAX) {
                struct sink_row *row = &out[have++];
                struct str *texts[] = { &row->id, &row->kind, &row->state, &row->why };
                static const int at[] = { 0, 1, 3, 6 };
                int x = ERR_OK;

                row->from_id = col_int(&s, 2);
                row->since_at = col_int(&s, 4);
                row->seen_at = col_int(&s, 5);
                for (size_t i = 0; x == ERR_OK && i < countof(at); i++)
                        x = col_text(texts[i], &s, at[i], a, e);
                if (x == ERR_OK)
                        x = local_check(db, "sink", PARTS(row->id, row->kind, int_part(&row->from_id), row->state, int_part(&row->since_at), int_part(&row->seen_at), row->why), &s, 7, e);
                if (x < 0) {
                        stmt_end(&s);
                        return x;
                }
        }
        stmt_end(&s);
        if (r == 1)
                return err_set(e, ERR_TOO_BIG, "more than %d sinks", SINKS_MAX);
        if (r == 0)
                *n = have;
        return r;
}

int outbox_last(int64_t *out, struct db *db, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_OUTBOX_LAST);
        int r = stmt_row(&s, e);

        if (r == 1)
                *out = col_int(&s, 0);
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}

int sinks_say(struct db *db, const struct sink_row *rows, size_t n, utime_t now, struct arena *a, struct err *e)
{
        struct sink_row known[SINKS_MAX];
        bool spoken_of[SINKS_MAX] = { false };
        size_t have = 0;
        int64_t last = 0;
        int r = sinks_list(known, &have, db, a, e);

        if (r == ERR_OK && have)
                r = outbox_last(&last, db, e);
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                struct sink_row row = rows[i];

                row.from_id = last;
                row.since_at = row.seen_at = now;
                for (size_t k = 0; k < have; k++) {
                        if (!str_eq(known[k].id, row.id))
                                continue;
                        row.from_id = known[k].from_id;
                        if (str_is(row.state, "unknown") && !str_is(known[k].state, "removed")) {
                                row.state = known[k].state;
                                row.why = known[k].why;
                        }
                        row.since_at = str_eq(known[k].state, row.state) ? known[k].since_at : now;
                        spoken_of[k] = true;
                }
                if (str_is(row.state, "unknown"))
                        row.state = STR("works");
                r = sink_put(db, &row, e);
        }
        for (size_t k = 0; r == ERR_OK && k < have; k++) {
                if (spoken_of[k] || str_is(known[k].state, "removed"))
                        continue;
                known[k].state = STR("removed");
                known[k].since_at = now;
                r = sink_put(db, &known[k], e);
        }
        return r;
}

int sink_count(struct sink_count *out, struct db *db, struct str id, struct err *e)
{
        struct stmt s = stmt_of(db, SQL_SINK_COUNT);
        int r;

        bind_text(&s, id);
        r = stmt_row(&s, e);
        if (r == 1)
                *out = (struct sink_count){ .waiting = (uint64_t)col_int(&s, 0), .oldest_at = col_int(&s, 1), .failed = (uint64_t)col_int(&s, 2) };
        stmt_end(&s);
        return r < 0 ? r : ERR_OK;
}
