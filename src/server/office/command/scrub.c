/* scrub.c - see scrub.h. */
#include "server/office/command/scrub.h"

#include "server/office/command/incidents.h"
#include "server/office/grants/compile.h"
#include "server/office/grants/issue.h"
#include "server/office/store/local.h"
#include "server/office/store/query.h"
#include "sys/clock.h"

enum { BAD_MAX = 20, SUBJECT_MAX = 200 };

/* Of each second; of each day one pass; the place is kept as often as that. Time that a gate has to take a table: its uplink may be away for
 * a moment, and heartbeats come every few seconds. */
static const utime_t slice = 20 * UTIME_MS, pass_every = UTIME_DAY, keep_every = UTIME_MIN, patience = 5 * UTIME_MIN,
                     say_every = UTIME_HOUR;

/* ---- a finding ---- */

static int record(struct office *o, const char *kind, struct str subject, struct str text, struct err *e)
{
        struct act_finding act = { .in = { .kind = str_of(kind), .source = STR("check"), .severity = STR("high"), .subject = subject, .text = text } };

        return writer_run(o->writer, act_finding, &act, e);
}

/* The subject is the row: "table:id". Words as people of the house read them; the log has the rest. */
static int record_bad(struct office *o, const struct err *bad, struct err *e)
{
        scoped(buf_done) struct buf words = BUF_INIT;
        char subject[SUBJECT_MAX];

        (void)snprintf(subject, sizeof(subject), "%s%s%s", bad->nargs ? bad->args[0] : "store", bad->nargs > 1 && *bad->args[1] ? ":" : "", bad->nargs > 1 ? bad->args[1] : "");
        for (char *p = subject; *p; p++)
                *p = *p < 0x20 || *p > 0x7e ? '?' : *p;         /* of an entry; a changed id may be anything */
        text_err(&words, LANG_JA, bad);
        return buf_bad(&words) ? err_set(e, ERR_NOMEM, "finding") : record(o, "store", str_of(subject), buf_view(&words), e);
}

/* ---- looking through the files ---- */

struct bad_list { struct err bad[BAD_MAX]; size_t n, all; };

static void collect(void *ctx, const struct err *bad)
{
        struct bad_list *l = ctx;

        l->all++;
        if (l->n < BAD_MAX)
                l->bad[l->n++] = *bad;
}

static int act_keep_place(struct act *act, void *arg, struct err *e)
{
        return scrub_keep(act->db, arg, e);
}

/* A place that somebody changed is no reason to stop looking: from the beginning, and it is said. */
static int load_place(struct scrub_watch *w, struct db *db, struct bad_list *l, utime_t now, struct err *e)
{
        int r = scrub_load(&w->at, db, e);

        if (r == ERR_TAMPERED) {
                collect(l, e);
                r = ERR_OK;
        }
        if (r == ERR_OK && !w->at.began_at)
                scrub_begin(&w->at, now);
        w->loaded = r == ERR_OK;
        w->kept_at = now;
        return r;
}

static int look(struct scrub_watch *w, struct office *o, struct db *db, struct bad_list *l, struct err *e)
{
        const struct inspect to = { collect, l };
        utime_t until = clock_boot() + slice;
        int r = db_begin_read(db, e);

        while (r == ERR_OK && w->at.stage != SCRUB_END && !l->n && clock_boot() < until)
                r = scrub_some(&w->at, db, o->store_dir, &to, e);
        db_rollback(db);
        return r;
}

int scrub_walk(struct scrub_watch *w, struct office *o, struct db *db, utime_t now, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct bad_list *l = arena_new(&a, struct bad_list);
        bool was_over;
        int r = l ? ERR_OK : err_set(e, ERR_NOMEM, "scrub");

        if (r == ERR_OK && !w->loaded)
                r = load_place(w, db, l, now, e);
        if (r < 0)
                return r;
        if (w->at.stage == SCRUB_END && (now - w->at.began_at >= pass_every || now < w->at.began_at))
                scrub_begin(&w->at, now);
        was_over = w->at.stage == SCRUB_END;
        r = look(w, o, db, l, e);
        w->at.wrong += (int64_t)l->all;
        for (size_t i = 0; r == ERR_OK && i < l->n; i++)
                r = record_bad(o, &l->bad[i], e);
        if (r == ERR_OK && !was_over && w->at.stage == SCRUB_END)
                w->at.ended_at = now;
        if (r == ERR_OK && !was_over && (w->at.stage == SCRUB_END || now - w->kept_at >= keep_every)) {
                r = writer_run(o->writer, act_keep_place, &w->at, e);
                w->kept_at = now;
        }
        return r;
}

/* ---- permits, the table, the gates ---- */

static bool same_grants(const struct grants *a, const struct grants *b)
{
        bool same = a->head.count == b->head.count;

        for (uint32_t i = 0; same && i < a->head.count; i++)
                same = grant_key_cmp(&a->rows[i].key, &b->rows[i].key) == 0 && a->rows[i].until == b->rows[i].until;
        return same;
}

/* What the newest table that was signed says, against what the permits say now. */
static int table_fits(bool *fits, struct stored_table *t, struct db *db, utime_t now, struct arena *a, struct err *e)
{
        scoped(grants_free) struct grants *table = NULL, *want = NULL;
        struct permit_line *permits = NULL;
        size_t n = 0, have = 0;
        int r = table_list(t, 1, &have, db, a, e);

        *fits = true;
        if (r < 0 || !have)
                return r;
        r = grants_decode(&table, t->file, e);
        if (r == ERR_OK)
                r = query_permits_open(&permits, &n, db, now, a, e);
        if (r == ERR_OK)
                r = compile_grants(&want, permits, n, 0, STR(""), e);
        if (r == ERR_OK)
                *fits = same_grants(table, want);
        return r;
}

static int record_drift(struct scrub_watch *w, struct office *o, const char *subject, const char *key, const char *x, const char *y, struct err *e)
{
        scoped(buf_done) struct buf words = BUF_INIT;
        struct err said = { 0 };

        (void)err_key(&said, ERR_CONFLICT, key, "", x, y, NULL);
        text_err(&words, LANG_JA, &said);
        w->said_boot = clock_boot();
        return buf_bad(&words) ? err_set(e, ERR_NOMEM, "finding") : record(o, "drift", str_of(subject), buf_view(&words), e);
}

/* A gate that is connected and still holds an older table; one that is away is a matter of its own (home_wrong.c). */
static int gates_hold(struct scrub_watch *w, struct office *o, struct db *db, const struct stored_table *t, struct arena *a, struct err *e)
{
        struct row *gates = NULL;
        size_t n = 0;
        int r = query_gates(&gates, &n, db, a, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                const struct row *g = &gates[i];
                bool holds = row_get_int(g, GATE_applied_epoch) == (int64_t)t->epoch && row_get_int(g, GATE_applied_seq) >= (int64_t)t->seq;
                struct str name = row_get_text(g, GATE_name);

                if (!row_is(g, GATE_state, "enrolled") || holds || !o->issuer || !issuer_is_connected(o->issuer, g->id))
                        continue;
                r = record_drift(w, o, arena_printf(a, "gate:%s", g->id), "drift.gate", arena_printf(a, "%.*s", (int)name.n, name.p),
                                 arena_printf(a, "%llu", (unsigned long long)t->seq), e);
        }
        return r;
}

int drift_walk(struct scrub_watch *w, struct office *o, struct db *db, utime_t now, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct stored_table t = { 0 };
        utime_t boot = clock_boot();
        bool fits = true;
        int r = o->practice ? ERR_OK : table_fits(&fits, &t, db, now, &a, e);

        if (r < 0 || o->practice || !t.seq || (w->said_boot && boot - w->said_boot < say_every))
                return r;
        if (t.seq != w->table_seq) {
                w->table_seq = t.seq;
                w->table_boot = boot;
                w->apart_boot = 0;
        }
        if (fits) {
                w->apart_boot = 0;
                return boot - w->table_boot < patience ? ERR_OK : gates_hold(w, o, db, &t, &a, e);
        }
        if (!w->apart_boot)
                w->apart_boot = boot;
        if (boot - w->apart_boot < patience)
                return ERR_OK;
        return record_drift(w, o, "grants", "drift.table", arena_printf(&a, "%llu", (unsigned long long)t.seq), "", e);
}
