/* test_sock.c - stream sockets with deadlines that no dripping peer pushes back. */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "sys/sock.h"

#include "unit.h"

static void listen_connect_and_talk(void **state)
{
        char dir[] = "/tmp/sekisho-test-XXXXXX", path[64];
        scoped(fd_close) int listener = -1, there = -1, here = -1;
        struct err e = { 0 };
        struct stat st;
        uid_t uid = 12345;
        char word[6] = "";

        assert_non_null(mkdtemp(dir));
        (void)snprintf(path, sizeof(path), "%s/s", dir);
        assert_ok(sock_listen(&listener, path, 0600, &e), e);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
        assert_ok(sock_connect(&there, path, &e), e);
        here = accept(listener, NULL, NULL);
        assert_true(here >= 0);
        assert_ok(sock_peer_uid(here, &uid, &e), e);
        assert_int_equal(uid, geteuid());
        assert_ok(sock_write(there, STR("hello"), clock_boot() + UTIME_S, &e), e);
        assert_ok(sock_read(here, word, 5, clock_boot() + UTIME_S, &e), e);
        assert_text(word, "hello");
        fd_close(take_fd(listener));
        assert_ok(sock_listen(&listener, path, 0600, &e), e); /* a stale socket file is no obstacle */
        assert_int_equal(unlink(path), 0);
        assert_int_equal(sock_connect(&here, path, &e), ERR_ABSENT);
        assert_int_equal(rmdir(dir), 0);
}

static void too_long_a_path_is_refused(void **state)
{
        char path[300];
        int fd = -1;
        struct err e = { 0 };

        memset(path, 'x', sizeof(path));
        path[sizeof(path) - 1] = 0;
        assert_int_equal(sock_listen(&fd, path, 0600, &e), ERR_TOO_BIG);
        assert_int_equal(sock_connect(&fd, path, &e), ERR_TOO_BIG);
        assert_int_equal(fd, -1);
}

static void silence_ends_at_the_deadline(void **state)
{
        int pair[2];
        struct err e = { 0 };
        char c;
        utime_t began = clock_boot();

        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
        assert_int_equal(sock_read(pair[0], &c, 1, began + 20 * UTIME_MS, &e), ERR_TIMEOUT);
        assert_true(clock_boot() - began >= 20 * UTIME_MS);
        assert_int_equal(sock_read(pair[0], &c, 1, 0, &e), ERR_TIMEOUT);
        close(pair[0]);
        close(pair[1]);
}

static void dripping_does_not_push_the_deadline_back(void **state)
{
        int pair[2];
        struct err e = { 0 };
        char to[1000];
        utime_t began;
        pid_t dripper;

        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
        dripper = fork();
        if (dripper == 0)
                for (;;) {
                        struct timespec nap = { .tv_nsec = 5 * 1000 * 1000 };

                        if (write(pair[1], "x", 1) < 0)
                                _exit(0);
                        (void)nanosleep(&nap, NULL);
                }
        began = clock_boot();
        assert_int_equal(sock_read(pair[0], to, sizeof(to), began + 100 * UTIME_MS, &e), ERR_TIMEOUT);
        assert_true(clock_boot() - began < 2 * UTIME_S);
        (void)kill(dripper, SIGKILL);
        (void)waitpid(dripper, NULL, 0);
        close(pair[0]);
        close(pair[1]);
}

static void a_peer_that_does_not_read_ends_too(void **state)
{
        int pair[2];
        struct err e = { 0 };
        size_t n = 8 << 20;
        char *much = calloc(1, n);

        assert_non_null(much);
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
        assert_int_equal(sock_write(pair[0], (struct str){ much, n }, clock_boot() + 20 * UTIME_MS, &e), ERR_TIMEOUT);
        close(pair[1]);
        assert_int_equal(sock_write(pair[0], STR("x"), clock_boot() + UTIME_S, &e), ERR_IO); /* and no SIGPIPE */
        close(pair[0]);
        free(much);
}

static void the_end_before_and_in_the_middle(void **state)
{
        int pair[2];
        struct err e = { 0 };
        char to[4];
        size_t got = 9;

        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
        assert_int_equal(write(pair[1], "ab", 2), 2);
        close(pair[1]);
        assert_int_equal(sock_read(pair[0], to, 4, clock_boot() + UTIME_S, &e), ERR_IO);
        assert_int_equal(sock_read(pair[0], to, 4, clock_boot() + UTIME_S, &e), ERR_ABSENT);
        assert_ok(sock_read_some(pair[0], to, 4, clock_boot() + UTIME_S, &got, &e), e);
        assert_int_equal(got, 0);
        close(pair[0]);
}

static void systemd_passes_listeners_by_name(void **state)
{
        int fd = -1;
        char pid[16];

        (void)unsetenv("LISTEN_PID");
        assert_int_equal(sock_from_systemd(&fd, "office-user"), ERR_ABSENT);
        (void)setenv("LISTEN_PID", "1", 1); /* another process's environment */
        (void)setenv("LISTEN_FDNAMES", "office-user", 1);
        assert_int_equal(sock_from_systemd(&fd, "office-user"), ERR_ABSENT);
        (void)snprintf(pid, sizeof(pid), "%d", (int)getpid());
        (void)setenv("LISTEN_PID", pid, 1);
        assert_int_equal(sock_from_systemd(&fd, "other"), ERR_ABSENT);
        assert_int_equal(fd, -1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(listen_connect_and_talk),
                cmocka_unit_test(too_long_a_path_is_refused),
                cmocka_unit_test(silence_ends_at_the_deadline),
                cmocka_unit_test(dripping_does_not_push_the_deadline_back),
                cmocka_unit_test(a_peer_that_does_not_read_ends_too),
                cmocka_unit_test(the_end_before_and_in_the_middle),
                cmocka_unit_test(systemd_passes_listeners_by_name),
        };

        return unit_run("sock", tests);
}
