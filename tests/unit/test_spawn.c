/* test_spawn.c - other programs, started without a shell and ended for certain. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "sys/spawn.h"

#include "unit.h"

#define ARGV(...) (const char *const[]){ __VA_ARGS__, NULL }

static int run(const char *const *argv, const char *const *env, char *out, size_t room)
{
        int fds[2], status = -1;
        struct err e = { 0 };
        pid_t pid;
        size_t n = 0;

        assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
        assert_ok(spawn_start(&pid, &(struct spawn){ .argv = argv, .env = env, .in = -1, .out = fds[1], .errfd = -1 }, &e), e);
        close(fds[1]);
        for (ssize_t got; n < room - 1 && (got = read(fds[0], out + n, room - 1 - n)) > 0;)
                n += (size_t)got;
        out[n] = 0;
        close(fds[0]);
        assert_ok(spawn_wait(pid, clock_boot() + 10 * UTIME_S, &status, &e), e);
        return status;
}

static void arguments_arrive_as_they_are(void **state)
{
        char out[256];

        assert_int_equal(run(ARGV("/bin/echo", "$(id)", "; ls", "a  b", "関所"), NULL, out, sizeof(out)), 0);
        assert_text(out, "$(id) ; ls a  b 関所\n");
}

static void the_environment_is_what_was_given(void **state)
{
        char out[256];

        assert_int_equal(run(ARGV("/usr/bin/env"), ARGV("ONLY=this"), out, sizeof(out)), 0);
        assert_text(out, "ONLY=this\n");
}

static void open_descriptors_stay_here(void **state)
{
        int leak = open("/dev/null", O_RDONLY); /* no O_CLOEXEC on purpose */
        char out[512];

        assert_true(leak > 2);
        assert_int_equal(run(ARGV("/bin/sh", "-c", "ls /proc/$$/fd"), NULL, out, sizeof(out)), 0);
        close(leak);
        assert_text(out, "0\n1\n2\n");
}

static void a_missing_program_is_told_at_once(void **state)
{
        struct err e = { 0 };
        pid_t pid = -7;

        assert_int_equal(spawn_start(&pid, &(struct spawn){ .argv = ARGV("/no/such/program"), .in = -1, .out = -1, .errfd = -1 }, &e), ERR_ABSENT);
        assert_int_equal(pid, -7);
        assert_non_null(strstr(e.text, "/no/such/program"));
        assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no child is left */
        assert_int_equal(errno, ECHILD);
}

static void the_exit_status_comes_back(void **state)
{
        char out[8];
        int status = run(ARGV("/bin/sh", "-c", "exit 7"), NULL, out, sizeof(out));

        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 7);
}

static void waiting_has_a_deadline_and_ending_is_for_certain(void **state)
{
        struct err e = { 0 };
        pid_t pid;
        int status;
        utime_t began;

        /* This child ignores SIGTERM. */
        assert_ok(spawn_start(&pid, &(struct spawn){ .argv = ARGV("/bin/sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.05; done"),
                                                     .in = -1, .out = open("/dev/null", O_WRONLY | O_CLOEXEC), .errfd = -1, .own_group = true }, &e), e);
        assert_int_equal(spawn_wait(pid, clock_boot() + 20 * UTIME_MS, &status, &e), ERR_TIMEOUT);
        assert_int_equal(getpgid(pid), pid);
        began = clock_boot();
        assert_ok(spawn_end(pid, 200 * UTIME_MS, &e), e);
        assert_true(clock_boot() - began < 4 * UTIME_S);
        assert_int_equal(kill(pid, 0), -1);
}

static void a_child_dies_with_its_parent(void **state)
{
        int fds[2];
        pid_t parent, child = 0;
        char c;

        assert_int_equal(pipe(fds), 0);
        parent = fork();
        if (parent == 0) {
                struct err e = { 0 };

                if (spawn_start(&child, &(struct spawn){ .argv = ARGV("/bin/sleep", "60"), .in = -1, .out = fds[1], .errfd = -1, .die_with_parent = true }, &e) < 0)
                        _exit(1);
                if (write(fds[1], "u", 1) < 0)
                        _exit(1);
                pause();
                _exit(0);
        }
        close(fds[1]);
        assert_int_equal(read(fds[0], &c, 1), 1); /* the child runs and holds the pipe open */
        assert_int_equal(kill(parent, SIGKILL), 0);
        assert_int_equal(waitpid(parent, NULL, 0), parent);
        assert_int_equal(read(fds[0], &c, 1), 0); /* end of file: it is gone */
        close(fds[0]);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(arguments_arrive_as_they_are),
                cmocka_unit_test(the_environment_is_what_was_given),
                cmocka_unit_test(open_descriptors_stay_here),
                cmocka_unit_test(a_missing_program_is_told_at_once),
                cmocka_unit_test(the_exit_status_comes_back),
                cmocka_unit_test(waiting_has_a_deadline_and_ending_is_for_certain),
                cmocka_unit_test(a_child_dies_with_its_parent),
        };

        return unit_run("spawn", tests);
}
