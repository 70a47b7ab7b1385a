/* The outbox: each notice leaves by each sink, what is said once stays once, nothing undelivered is ever swept. */
#include "server/office/store/outbox.h"

#include "small_store.h"

#include "unit.h"

static void put(struct small_store *s, utime_t at, const char *once, bool urgent, const char *body)
{
        struct err e = { 0 };

        assert_ok(outbox_put(s->db, at, str_of(once), urgent, str_of(body), &e), e);
}

static void settle(struct small_store *s, int64_t id, const char *sink, const char *who)
{
        struct err e = { 0 };

        assert_ok(sent_put(s->db, &(struct sent_row){ id, str_of(sink), str_of(who), STR("done"), STR(""), 50 }, &e), e);
}

/* The bodies that are open for a sink, one behind the other. */
static const char *open_for(struct small_store *s, const char *sink, int64_t after)
{
        static char said[200];
        struct outbox_row rows[10];
        struct err e = { 0 };
        size_t n = 0, at = 0;

        assert_ok(outbox_open(rows, 10, &n, s->db, str_of(sink), after, &s->arena, &e), e);
        said[0] = 0;
        for (size_t i = 0; i < n; i++)
                at += (size_t)snprintf(said + at, sizeof(said) - at, "%.*s", (int)rows[i].body.n, rows[i].body.p);
        return said;
}

static void say(struct small_store *s, size_t n, utime_t now)
{
        const struct sink_row rows[] = { { STR("log"), STR("file"), STR("works"), STR("") }, { STR("mail"), STR("mail"), STR("waits"), STR("refused") } };
        struct err e = { 0 };

        assert_ok(sinks_say(s->db, rows, n, now, &s->arena, &e), e);
}

static void each_sink_has_its_own_way(void **state)
{
        struct small_store *s = store_make();

        put(s, 1, NULL, false, "a");
        put(s, 2, NULL, false, "b");
        put(s, 3, NULL, true, "c");
        assert_text(open_for(s, "log", 0), "abc");
        assert_text(open_for(s, "mail", 0), "abc");
        settle(s, 1, "log", "");
        settle(s, 1, "log", "");
        settle(s, 2, "mail", "somebody");              /* one receiver is not the whole notice */
        assert_text(open_for(s, "log", 0), "bc");
        assert_text(open_for(s, "mail", 0), "abc");
        assert_text(open_for(s, "mail", 1), "bc");
        store_end(s);
}

static void what_is_said_once_is_put_once(void **state)
{
        struct small_store *s = store_make();

        put(s, 1, "duty:1", false, "a");
        put(s, 2, "duty:1", true, "b");
        put(s, 3, "duty:2", false, "c");
        put(s, 4, NULL, false, "d");
        put(s, 5, NULL, false, "e");
        assert_text(open_for(s, "log", 0), "acde");
        store_end(s);
}

static void what_is_old_and_settled_is_swept(void **state)
{
        const utime_t season = (OUTBOX_DAYS + 1) * UTIME_DAY, year = (OUTBOX_ONCE_DAYS + 1) * UTIME_DAY;
        struct small_store *s = store_make();
        struct outbox_row rows[4];
        struct sent_row sent[4];
        struct err e = { 0 };
        size_t n = 0;

        say(s, 1, 0);
        put(s, 1, NULL, false, "a");                    /* settled */
        put(s, 1, "o", false, "b");                     /* settled, said once */
        put(s, 1, NULL, false, "c");                    /* waits */
        settle(s, 1, "log", "");
        settle(s, 2, "log", "");
        assert_ok(outbox_sweep(s->db, season, &e), e);
        assert_ok(outbox_list(rows, 4, &n, s->db, 0, &s->arena, &e), e);
        assert_true(n == 2 && rows[0].id == 2 && rows[1].id == 3);
        assert_ok(sent_list(sent, 4, &n, s->db, 1, &s->arena, &e), e);
        assert_int_equal(n, 0);
        put(s, season, "o", false, "b again");          /* still known */
        assert_ok(outbox_sweep(s->db, year, &e), e);
        assert_ok(outbox_list(rows, 4, &n, s->db, 0, &s->arena, &e), e);
        assert_true(n == 1 && rows[0].id == 3);
        settle(s, 3, "log", "");
        assert_ok(outbox_sweep(s->db, year, &e), e);
        put(s, year, NULL, false, "d");
        assert_ok(outbox_list(rows, 4, &n, s->db, 0, &s->arena, &e), e);
        assert_true(n == 1 && rows[0].id > 3);          /* a number is never given twice */
        store_end(s);
}

static void a_sink_that_comes_later_is_not_told_the_past(void **state)
{
        struct small_store *s = store_make();
        struct sink_row sinks[SINKS_MAX];
        struct sink_count count;
        struct err e = { 0 };
        size_t n = 0;

        put(s, 1, NULL, false, "a");
        say(s, 1, 10);
        put(s, 2, NULL, false, "b");
        say(s, 2, 20);
        put(s, 3, NULL, false, "c");
        say(s, 2, 30);
        assert_text(open_for(s, "log", 0), "abc");      /* the first sink of a house gets all */
        assert_text(open_for(s, "mail", 0), "c");
        assert_ok(sinks_list(sinks, &n, s->db, &s->arena, &e), e);
        assert_int_equal(n, 2);
        assert_true(str_is(sinks[1].id, "mail") && str_is(sinks[1].state, "waits") && str_is(sinks[1].why, "refused") && sinks[1].since_at == 20 && sinks[1].seen_at == 30);
        assert_ok(sink_count(&count, s->db, STR("log"), &e), e);
        assert_true(count.waiting == 3 && count.oldest_at == 1 && count.failed == 0);
        say(s, 1, 40);
        assert_ok(sinks_list(sinks, &n, s->db, &s->arena, &e), e);
        assert_true(n == 2 && str_is(sinks[1].state, "removed") && sinks[1].since_at == 40);
        store_end(s);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_sink_has_its_own_way),
                cmocka_unit_test(what_is_said_once_is_put_once),
                cmocka_unit_test(what_is_old_and_settled_is_swept),
                cmocka_unit_test(a_sink_that_comes_later_is_not_told_the_past),
        };

        return unit_run("store_outbox", tests);
}
