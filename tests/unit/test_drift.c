/* test_drift.c - permits and the newest table apart: at once nothing, after a while a finding, and not one a minute. */
#include "server/office/command/scrub.h"

#include "server/office/grants/compile.h"
#include "server/office/store/query.h"
#include "small_store.h"
#include "sys/clock.h"
#include "unit.h"

/* An open permit for a MAC address that ends in `last`. */
static void permit(struct small_store *s, const char *key)
{
        struct uuid id = entropy_uuid(STORE_NOW);
        struct row row = row_new(TABLE_PERMIT, id, NULL);
        struct receipt receipt;
        struct changes c;
        struct err e = { 0 };

        row_text(&row, PERMIT_subject, str_of(row.id));
        row_int(&row, PERMIT_kind, GRANT_MAC);
        row_text(&row, PERMIT_key, str_of(key));
        row_int(&row, PERMIT_zone, 1);
        row_int(&row, PERMIT_from_at, STORE_NOW);
        row_int(&row, PERMIT_until_at, STORE_NOW + 30 * UTIME_DAY);
        row_text(&row, PERMIT_state, STR("active"));
        changes_init(&c, &s->arena, "permit.started", row.id);
        assert_ok(changes_add(&c, &row, &e), e);
        assert_ok(store_append(&receipt, s, &c, STORE_NOW, "cases", &e), e);
}

/* What the issuer would keep now. */
static void table(struct small_store *s, uint64_t seq)
{
        scoped(grants_free) struct grants *t = NULL;
        scoped(buf_done) struct buf file = BUF_INIT;
        struct permit_line *permits = NULL;
        size_t n = 0;
        struct err e = { 0 };

        assert_ok(query_permits_open(&permits, &n, s->db, STORE_NOW, &s->arena, &e), e);
        assert_ok(compile_grants(&t, permits, n, 1, STR(""), &e), e);
        t->head.epoch = 1;
        t->head.seq = seq;
        t->head.made_at = STORE_NOW;
        t->head.valid_until = STORE_NOW + UTIME_DAY;
        assert_ok(grants_seal(t, &e), e);
        assert_ok(grants_encode(&file, t, &e), e);
        assert_ok(table_put(s->db, &(struct stored_table){ 1, seq, buf_view(&file) }, &e), e);
}

static size_t findings(struct small_store *s, const char *subject, const char *has)
{
        struct row *rows = NULL;
        size_t n = 0, fit = 0;
        struct err e = { 0 };

        assert_ok(store_rows_all(&rows, &n, s->db, TABLE_FINDING, 100, &s->arena, &e), e);
        for (size_t i = 0; i < n; i++)
                fit += row_is(&rows[i], FINDING_kind, "drift") && row_is(&rows[i], FINDING_subject, subject) && row_is(&rows[i], FINDING_source, "check") &&
                       strstr(arena_printf(&s->arena, "%.*s", (int)row_get_text(&rows[i], FINDING_text).n, row_get_text(&rows[i], FINDING_text).p), has);
        return n == fit ? n : 100;
}

static void walk(struct scrub_watch *w, struct small_store *s)
{
        struct err e = { 0 };

        assert_ok(drift_walk(w, &s->office, s->db, STORE_NOW + UTIME_HOUR, &e), e);
}

static void a_table_that_stays_apart_from_the_permits_is_a_finding(void **state)
{
        struct small_store *s = store_make();
        struct scrub_watch w = { 0 };
        struct err e = { 0 };

        assert_ok(writer_start(&s->office.writer, &s->office, &e), e);
        permit(s, "02:00:00:00:00:01");
        walk(&w, s);                                    /* no table yet: a house without gates */
        table(s, 4);
        walk(&w, s);
        w.table_boot -= UTIME_HOUR;
        walk(&w, s);
        assert_int_equal(findings(s, "grants", "4"), 0);

        permit(s, "02:00:00:00:00:02");
        walk(&w, s);                                    /* apart, but only now */
        assert_true(w.apart_boot > 0);
        assert_int_equal(findings(s, "grants", "4"), 0);
        w.apart_boot -= 4 * UTIME_MIN;
        walk(&w, s);
        assert_int_equal(findings(s, "grants", "4"), 0);
        w.apart_boot -= 2 * UTIME_MIN;
        walk(&w, s);
        assert_int_equal(findings(s, "grants", "4"), 1);
        walk(&w, s);                                    /* not each minute */
        assert_int_equal(findings(s, "grants", "4"), 1);

        w.said_boot = 0;
        table(s, 5);                                    /* the next table says it: nothing is open any more */
        walk(&w, s);
        assert_int_equal(w.apart_boot, 0);
        assert_int_equal(findings(s, "grants", "4"), 1);
        store_end(s);
}

/* A table that follows another begins its own patience, and where nothing is enforced nothing drifts. */
static void patience_is_of_one_table_and_practice_has_none(void **state)
{
        struct small_store *s = store_make();
        struct scrub_watch w = { 0 };
        struct err e = { 0 };

        assert_ok(writer_start(&s->office.writer, &s->office, &e), e);
        table(s, 1);
        permit(s, "02:00:00:00:00:01");
        walk(&w, s);
        w.apart_boot -= UTIME_HOUR;
        table(s, 2);
        permit(s, "02:00:00:00:00:02");
        walk(&w, s);
        assert_int_equal(findings(s, "grants", ""), 0);
        w.apart_boot -= UTIME_HOUR;
        s->office.practice = true;
        walk(&w, s);
        assert_int_equal(findings(s, "grants", ""), 0);
        store_end(s);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(a_table_that_stays_apart_from_the_permits_is_a_finding), cmocka_unit_test(patience_is_of_one_table_and_practice_has_none) };

        return unit_run("drift", tests);
}
