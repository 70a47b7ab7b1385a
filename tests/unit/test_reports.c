/* test_reports.c - a report is kept until it is acknowledged; the pipe takes nothing that is not a message. */
#include <sys/socket.h>

#include "gate/reports.h"

#include "unit.h"

static void reports_wait_for_their_acknowledgement(void **state)
{
        struct reports r = { 0 };
        struct pipe_message m = { .type = PIPE_APPLIED, .epoch = 1, .seq = 7, .server = 1800000000000000, .count = 3 };
        struct buf json = BUF_INIT;

        assert_null(reports_first(&r));
        assert_true(reports_add(&r, &m));
        m.seq = 8;
        assert_true(reports_add(&r, &m));
        reports_json(&json, &r, reports_first(&r));
        assert_text(json.p, "{\"v\":1,\"boot\":\"00000000-0000-0000-0000-000000000000\",\"stream\":\"applied\",\"seq\":1,\"applied\":{\"epoch\":1,"
                            "\"table\":7,\"hash\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"at\":1800000000000000,"
                            "\"count\":3}}");
        buf_done(&json);
        reports_acknowledge(&r, 0);
        assert_int_equal(reports_first(&r)->seq, 1);
        reports_acknowledge(&r, 1);
        assert_int_equal(reports_first(&r)->seq, 2);
        reports_acknowledge(&r, 99);
        assert_null(reports_first(&r));
}

static void beyond_the_maximum_the_oldest_goes(void **state)
{
        struct reports r = { 0 };
        struct pipe_message m = { .type = PIPE_APPLIED };

        for (int i = 0; i < REPORTS_MAX; i++)
                assert_true(reports_add(&r, &m));
        assert_false(reports_add(&r, &m));
        assert_int_equal(reports_first(&r)->seq, 2);
        assert_int_equal(r.last_seq, REPORTS_MAX + 1);
}

static int hear(const void *bytes, size_t n)
{
        static struct pipe p;
        struct str piece;
        int ends[2], r;
        struct err e = { 0 };

        assert_ok(pipe_make(ends, &e), e);
        assert_int_equal(send(ends[0], bytes, n, 0), n);
        p.fd = ends[1];
        r = pipe_hear(&p, &piece, &e);
        (void)close(ends[0]);
        (void)close(ends[1]);
        return r;
}

static void only_whole_known_messages_are_heard(void **state)
{
        struct { struct pipe_message m; char more[8]; } x = { .m = { .type = PIPE_PIECE, .total = 8 } };

        assert_int_equal(hear(&x, sizeof(x)), 1);                      /* a piece of 8 bytes of 8 */
        assert_int_equal(hear(&x, sizeof(x.m)), ERR_INPUT);            /* an empty piece */
        assert_int_equal(hear(&x, sizeof(x.m) - 1), ERR_INPUT);        /* half a message */
        x.m.at = 1;
        assert_int_equal(hear(&x, sizeof(x)), ERR_INPUT);              /* beyond its total */
        x.m = (struct pipe_message){ .type = PIPE_TIME };
        assert_int_equal(hear(&x, sizeof(x)), ERR_INPUT);              /* a time with a tail */
        assert_int_equal(hear(&x, sizeof(x.m)), 1);
        x.m.type = 0;
        assert_int_equal(hear(&x, sizeof(x.m)), ERR_INPUT);
        x.m.type = PIPE_TAKEN + 1;
        assert_int_equal(hear(&x, sizeof(x.m)), ERR_INPUT);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(reports_wait_for_their_acknowledgement),
                cmocka_unit_test(beyond_the_maximum_the_oldest_goes),
                cmocka_unit_test(only_whole_known_messages_are_heard),
        };

        return unit_run("reports", tests);
}
