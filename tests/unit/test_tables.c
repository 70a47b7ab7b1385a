/* Signed tables and the gates that listen: deltas, snapshots, heartbeats, and one slow reader who harms nobody else. */
#include "server/office/grants/tables.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "sys/clock.h"

#include "unit.h"

#define GATE "01960000-0000-7000-8000-0000000000a1"
#define OTHER "01960000-0000-7000-8000-0000000000a2"

/* Deadlines are made from this clock and waited for by the real one: set back, a peer's ten seconds are soon over; set forward, the
 * next heartbeat is due. */
utime_t __real_clock_boot(void);
utime_t __wrap_clock_boot(void);

static _Atomic utime_t shift;

utime_t __wrap_clock_boot(void)
{
        return __real_clock_boot() + shift;
}

static struct grants *table_of(uint32_t epoch, uint64_t seq, unsigned rows)
{
        struct grant *g = calloc(rows ? rows : 1, sizeof(*g));
        struct grants *t = NULL;
        struct err e = { 0 };

        for (unsigned i = 0; i < rows; i++) {
                g[i] = (struct grant){ .key = { GRANT_MAC, { 2, 0, (uint8_t)(i >> 24), (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i } },
                                       .verdict = GRANT_ALLOW, .zone = 1, .until = 9, .posture_until = GRANT_NO_POSTURE };
        }
        assert_ok(grants_new(&t, g, rows, STR(""), &e), e);
        free(g);
        t->head.epoch = epoch;
        t->head.seq = seq;
        t->head.made_at = (utime_t)seq;
        t->head.valid_until = t->head.made_at + UTIME_DAY;
        assert_ok(grants_seal(t, &e), e);
        return t;
}

static void publish(struct tables *t, uint32_t epoch, uint64_t seq, unsigned rows)
{
        struct err e = { 0 };

        assert_ok(tables_publish(t, table_of(epoch, seq, rows), &e), e);
}

struct ear { int fd; struct frame_reader reader; char said[400]; };

static int hear(void *ctx, const struct frame *f, struct err *e)
{
        struct ear *ear = ctx;
        size_t n = strlen(ear->said);
        uint64_t seq = 0;
        struct grant_delta d;

        if (f->type == FRAME_HEARTBEAT && frame_heartbeat_decode(&seq, f->body, e) == ERR_OK)
                (void)snprintf(ear->said + n, sizeof(ear->said) - n, "beat %llu;", (unsigned long long)seq);
        else if (f->type == FRAME_SNAPSHOT) {
                scoped(grants_free) struct grants *t = NULL;

                assert_int_equal(grants_decode(&t, f->body, e), ERR_OK);
                (void)snprintf(ear->said + n, sizeof(ear->said) - n, "snapshot %u.%llu(%u);", t->head.epoch, (unsigned long long)t->head.seq, t->head.count);
        } else if (f->type == FRAME_DELTA && grant_delta_decode(&d, f->body, e) == ERR_OK)
                (void)snprintf(ear->said + n, sizeof(ear->said) - n, "delta %llu>%llu(+%u-%u);", (unsigned long long)d.base_seq, (unsigned long long)d.head.seq, d.upserts, d.deletes);
        return ERR_OK;
}

/* Listens until it has heard `want` from the beginning, or 20 s are over, or the stream ended ("end"). */
static void listen_for(struct ear *ear, const char *want)
{
        utime_t until = __real_clock_boot() + 20 * UTIME_S;

        while (strcmp(ear->said, want) != 0) {
                struct pollfd p = { .fd = ear->fd, .events = POLLIN };
                char room[65536];
                ssize_t n;

                if (poll(&p, 1, 1000) < 0 || __real_clock_boot() > until)
                        fail_msg("heard '%s', want '%s'", ear->said, want);
                n = p.revents ? read(ear->fd, room, sizeof(room)) : -1;
                if (n == 0) {
                        (void)snprintf(ear->said + strlen(ear->said), sizeof(ear->said) - strlen(ear->said), "end;");
                        if (strcmp(ear->said, want) != 0)
                                fail_msg("heard '%s', want '%s'", ear->said, want);
                        return;
                }
                if (n > 0)
                        assert_int_equal(frame_feed(&ear->reader, (struct str){ room, (size_t)n }, hear, ear, NULL), ERR_OK);
        }
}

static void join(struct ear *ear, struct tables *t, const char *gate, uint32_t epoch, uint64_t seq)
{
        struct err e = { 0 };
        int fds[2];

        *ear = (struct ear){ 0 };
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
        ear->fd = fds[0];
        assert_ok(tables_serve(t, fds[1], gate, epoch, seq, &e), e);
}

static void leave(struct ear *ear)
{
        (void)close(ear->fd);
        frame_reader_done(&ear->reader);
}

static void wait_listeners(struct tables *t, size_t want)
{
        utime_t until = __real_clock_boot() + 20 * UTIME_S;

        while (tables_listeners(t) != want) {
                if (__real_clock_boot() > until)
                        fail_msg("%zu listeners, want %zu", tables_listeners(t), want);
                (void)poll(NULL, 0, 5);
        }
}

static void a_gate_gets_what_it_lacks(void **state)
{
        static const struct { const char *name; uint32_t epoch; uint64_t seq; const char *want; } cases[] = {
                { "a new gate", 0, 0, "snapshot 1.3(3);beat 3;" },
                { "one behind", 1, 2, "delta 2>3(+1-0);beat 3;" },
                { "two behind, in one step", 1, 1, "delta 1>3(+2-0);beat 3;" },
                { "up to date", 1, 3, "beat 3;" },
                { "of another epoch", 2, 3, "snapshot 1.3(3);beat 3;" },
                { "ahead of the office", 1, 9, "snapshot 1.3(3);beat 3;" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct tables *t;
                struct ear ear;
                struct err e = { 0 };

                assert_ok(tables_new(&t, &e), e);
                for (uint64_t seq = 1; seq <= 3; seq++)
                        publish(t, 1, seq, (unsigned)seq);
                join(&ear, t, GATE, cases[i].epoch, cases[i].seq);
                listen_for(&ear, cases[i].want);
                leave(&ear);
                (void)tables_free(t);
        }
}

static void before_the_first_table_there_is_a_heartbeat_of_nought(void **state)
{
        struct tables *t;
        struct ear ear;
        struct err e = { 0 };

        assert_ok(tables_new(&t, &e), e);
        assert_true(tables_seq(t) == 0 && !tables_newest(t));
        join(&ear, t, GATE, 0, 0);
        listen_for(&ear, "beat 0;");
        publish(t, 1, 1, 0);
        listen_for(&ear, "beat 0;snapshot 1.1(0);");
        leave(&ear);
        (void)tables_free(t);
}

static void a_new_table_reaches_every_gate_as_a_delta(void **state)
{
        struct tables *t;
        struct ear a, b;
        struct err e = { 0 };

        assert_ok(tables_new(&t, &e), e);
        publish(t, 1, 1, 4);
        join(&a, t, GATE, 1, 1);
        join(&b, t, OTHER, 0, 0);
        listen_for(&a, "beat 1;");
        listen_for(&b, "snapshot 1.1(4);beat 1;");
        assert_true(tables_listens(t, GATE) && tables_listens(t, OTHER) && !tables_listens(t, "x"));
        publish(t, 1, 2, 2);
        listen_for(&a, "beat 1;delta 1>2(+0-2);");
        listen_for(&b, "snapshot 1.1(4);beat 1;delta 1>2(+0-2);");
        leave(&b);
        wait_listeners(t, 1);
        assert_false(tables_listens(t, OTHER));
        publish(t, 1, 3, 3);
        listen_for(&a, "beat 1;delta 1>2(+0-2);delta 2>3(+1-0);");
        leave(&a);
        (void)tables_free(t);
}

static void a_heartbeat_comes_when_it_is_due(void **state)
{
        struct tables *t;
        struct ear ear;
        struct err e = { 0 };

        assert_ok(tables_new(&t, &e), e);
        publish(t, 1, 1, 1);
        join(&ear, t, GATE, 1, 1);
        listen_for(&ear, "beat 1;");
        shift += HEARTBEAT_MS * UTIME_MS;
        listen_for(&ear, "beat 1;beat 1;");
        leave(&ear);
        (void)tables_free(t);
        shift = 0;
}

/* It fills its socket's buffer and stays; the others get all, in time. */
static void a_gate_that_does_not_read_is_dropped_alone(void **state)
{
        struct tables *t;
        struct ear slow, quick;
        struct err e = { 0 };
        utime_t began;

        assert_ok(tables_new(&t, &e), e);
        publish(t, 1, 1, 0);
        join(&slow, t, GATE, 1, 1);
        join(&quick, t, OTHER, 1, 1);
        listen_for(&slow, "beat 1;");
        listen_for(&quick, "beat 1;");
        shift = -(WRITE_MS - 1500) * UTIME_MS;               /* ten seconds become one and a half */
        began = __real_clock_boot();
        publish(t, 1, 2, 60000);                             /* 7.7 MB */
        listen_for(&quick, "beat 1;delta 1>2(+60000-0);");
        assert_true(tables_listens(t, GATE));
        wait_listeners(t, 1);
        assert_in_range(__real_clock_boot() - began, UTIME_S, 15 * UTIME_S);
        assert_true(!tables_listens(t, GATE) && tables_listens(t, OTHER));
        publish(t, 1, 3, 60001);
        listen_for(&quick, "beat 1;delta 1>2(+60000-0);delta 2>3(+1-0);");
        leave(&slow);
        leave(&quick);
        (void)tables_free(t);
        shift = 0;
}

static void what_is_too_old_is_forgotten(void **state)
{
        struct tables *t;
        struct ear ear;
        struct hash h, want;
        struct err e = { 0 };

        assert_ok(tables_new(&t, &e), e);
        for (uint64_t seq = 1; seq <= TABLES_KEPT + 3; seq++)
                publish(t, 1, seq, 1);
        assert_int_equal(tables_seq(t), TABLES_KEPT + 3);
        assert_false(tables_header_hash(t, 3, &h));
        assert_true(tables_header_hash(t, 4, &h));
        assert_true(tables_header_hash(t, TABLES_KEPT + 3, &h));
        want = grant_header_hash(&tables_newest(t)->head);
        assert_true(hash_eq(&h, &want));
        join(&ear, t, GATE, 1, 3);
        listen_for(&ear, "snapshot 1.67(1);beat 67;");
        leave(&ear);
        join(&ear, t, GATE, 1, 4);
        listen_for(&ear, "delta 4>67(+0-0);beat 67;");
        leave(&ear);
        (void)tables_free(t);
}

static void the_end_closes_every_stream(void **state)
{
        struct tables *t;
        struct ear ears[5];
        struct err e = { 0 };

        assert_ok(tables_new(&t, &e), e);
        for (size_t i = 0; i < countof(ears); i++) {
                join(&ears[i], t, GATE, 0, 0);
                listen_for(&ears[i], "beat 0;");
        }
        (void)tables_free(t);
        for (size_t i = 0; i < countof(ears); i++) {
                listen_for(&ears[i], "beat 0;end;");
                leave(&ears[i]);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_gate_gets_what_it_lacks),
                cmocka_unit_test(before_the_first_table_there_is_a_heartbeat_of_nought),
                cmocka_unit_test(a_new_table_reaches_every_gate_as_a_delta),
                cmocka_unit_test(a_heartbeat_comes_when_it_is_due),
                cmocka_unit_test(a_gate_that_does_not_read_is_dropped_alone),
                cmocka_unit_test(what_is_too_old_is_forgotten),
                cmocka_unit_test(the_end_closes_every_stream),
        };

        return unit_run("tables", tests);
}
