/* SCGI out: an answer is taken only when it is one, and no peer can keep the caller. */
#include "link/scgi_call.h"

#include <pthread.h>
#include <sys/socket.h>

#include "unit.h"

struct peer { int listener; const char *answer; size_t repeat; bool hold; pthread_t thread; int held; };

static void *peer_loop(void *arg)
{
        struct peer *p = arg;
        int fd = accept(p->listener, NULL, NULL);
        char room[4096];

        if (fd < 0)
                return NULL;
        (void)!read(fd, room, sizeof(room));
        for (size_t i = 0; i < p->repeat; i++)
                if (send(fd, p->answer, strlen(p->answer), MSG_NOSIGNAL) < 0)
                        break;
        if (p->hold)
                p->held = fd; /* says nothing more and does not close */
        else
                (void)close(fd);
        return NULL;
}

static void what_is_no_answer_is_an_error(void **state)
{
        static const struct { const char *name, *answer; size_t repeat; bool hold; int want; const char *body; } cases[] = {
                { "an answer", "Status: 200\r\nContent-Length: 2\r\n\r\nok", 1, false, 200, "ok" },
                { "with words", "Status: 404 Not Found\r\n\r\n", 1, false, 404, "" },
                { "nothing", "", 0, false, ERR_INPUT, "" },
                { "no head", "hello", 1, false, ERR_INPUT, "" },
                { "HTTP", "HTTP/1.1 200 OK\r\n\r\n", 1, false, ERR_INPUT, "" },
                { "head without end", "Status: 200\r\n", 1, false, ERR_INPUT, "" },
                { "status is not a number", "Status: 2x0\r\n\r\n", 1, false, ERR_INPUT, "" },
                { "status too short", "Status: 20\r\n\r\n", 1, false, ERR_INPUT, "" },
                { "status too high", "Status: 999\r\n\r\n", 1, false, ERR_INPUT, "" },
                { "too much", "Status: 200\r\n\r\n................................................................", 20000, false, ERR_TOO_BIG, "" },
                { "a peer that falls silent", "Status: 200\r\n", 1, true, ERR_TIMEOUT, "" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(buf_done) struct buf room = BUF_INIT;
                struct peer p = { .answer = cases[i].answer, .repeat = cases[i].repeat, .hold = cases[i].hold, .held = -1 };
                struct str body = STR("");
                struct err e = { 0 };
                char dir[] = "/tmp/scgi-call.XXXXXX", path[64];
                int status = 0, r;

                assert_non_null(mkdtemp(dir));
                (void)snprintf(path, sizeof(path), "%s/s", dir);
                assert_ok(sock_listen(&p.listener, path, 0600, &e), e);
                assert_int_equal(pthread_create(&p.thread, NULL, peer_loop, &p), 0);
                r = scgi_call(&status, &body, &room, path, "GET", "/x", STR("abc"), NULL, clock_boot() + (cases[i].hold ? 100 : 10000) * UTIME_MS, &e);
                (void)pthread_join(p.thread, NULL);
                (void)close(p.held);
                (void)close(p.listener);
                (void)unlink(path);
                (void)rmdir(dir);
                if ((r < 0 ? r : status) != cases[i].want || !str_is(body, cases[i].body))
                        fail_msg("%s: got %d (%s) '%.*s'", cases[i].name, r < 0 ? r : status, e.text, (int)body.n, body.p);
        }
}

static void an_office_that_is_not_there_is_absent(void **state)
{
        scoped(buf_done) struct buf room = BUF_INIT;
        struct str body;
        struct err e;
        int status;

        assert_int_equal(scgi_call(&status, &body, &room, "/tmp/no-such-socket", "GET", "/", STR(""), NULL, clock_boot() + UTIME_S, &e), ERR_ABSENT);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(what_is_no_answer_is_an_error), cmocka_unit_test(an_office_that_is_not_there_is_absent) };

        return unit_run("scgi_call", tests);
}
