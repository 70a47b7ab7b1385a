/* A render job can open nothing, and can still do its work. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "server/render/kinds.h"
#include "server/render/render.h"
#include "sys/files.h"
#include "sys/sandbox.h"

#include "unit.h"

/* Every deed answers 0 when it succeeded, else errno. */
static int try_open(const char *path, int how)
{
        scoped(fd_close) int fd = open(path, how | O_CLOEXEC, 0600);

        return fd < 0 ? errno : 0;
}

static int do_read(void)     { return try_open("/etc/passwd", O_RDONLY); }
static int do_list(void)     { return try_open("/", O_RDONLY | O_DIRECTORY); }
static int do_write(void)    { return try_open("/tmp/sekisho-render-was-here", O_WRONLY | O_CREAT); }
static int do_null(void)     { return try_open("/dev/null", O_RDWR); }

static int do_socket(int family)
{
        scoped(fd_close) int fd = socket(family, SOCK_STREAM, 0);

        return fd < 0 ? errno : 0;
}

static int do_unix(void) { return do_socket(AF_UNIX); }
static int do_inet(void) { return do_socket(AF_INET); }

static int do_fork(void)
{
        pid_t c = fork();

        if (c == 0)
                _exit(0);
        return c < 0 ? errno : 0;
}

static int do_exec(void)
{
        char *const argv[] = { (char *)(uintptr_t)"/bin/true", NULL };

        (void)execve(argv[0], argv, environ);
        return errno;
}

static int do_signal(void) { return kill(getppid(), 0) < 0 ? errno : 0; }

static int do_more_time(void)
{
        struct rlimit l = { RLIM_INFINITY, RLIM_INFINITY };

        return setrlimit(RLIMIT_CPU, &l) < 0 ? errno : 0;
}

static const struct { const char *name; int (*deed)(void); bool landlock_6; } deeds[] = {
        { "read a file", do_read, false },         { "list a folder", do_list, false },      { "write a file", do_write, false },
        { "open a device", do_null, false },       { "make a unix socket", do_unix, false }, { "make an internet socket", do_inet, false },
        { "fork", do_fork, false },                { "run a program", do_exec, false },      { "signal its parent", do_signal, true },
        { "lengthen its limits", do_more_time, false },
};

/* Runs in a child behind the job's own door; exit status: what the deed answered. */
static int behind(int (*deed)(void), bool guarded)
{
        struct err e = { 0 };
        int status = 0;
        pid_t c = fork();

        if (c == 0) {
                (void)close_range(3, ~0u, 0);
                if (guarded && (kinds_prepare(&e) < 0 || render_give_up(&e) < 0))
                        _exit(200);
                _exit(deed());
        }
        assert_int_equal(waitpid(c, &status, 0), c);
        assert_true(WIFEXITED(status));
        return WEXITSTATUS(status);
}

static void a_job_can_open_nothing(void **state)
{
        for (size_t i = 0; i < countof(deeds); i++) {
                int free_hand = behind(deeds[i].deed, false), got;

                if (deeds[i].deed != do_more_time && free_hand != 0)      /* without the door each deed succeeds, or it would prove nothing */
                        fail_msg("%s: cannot be done here at all (%d)", deeds[i].name, free_hand);
                if (deeds[i].landlock_6 && sandbox_landlock_abi() < 6)
                        continue;
                got = behind(deeds[i].deed, true);
                if (got == 0 || got == 200)
                        fail_msg("%s: %s", deeds[i].name, got ? "the door does not shut" : "done");
        }
        (void)unlink("/tmp/sekisho-render-was-here");
}

static const char GRID[] = "{\"sekisho-grid\":1,\"sheets\":[{\"name\":\"forms\",\"columns\":[{\"id\":\"a\",\"choices\":[\"x\",\"y\"]}],\"rows\":[[\"0012\"]]}]}";

static const char PAPER[] = "{\"sekisho-paper\":1,\"title\":\"様式\",\"lang\":\"ja\",\"made_at\":\"20260401000000\",\"blocks\":[{\"kind\":\"text\",\"text\":\"本文\"}]}";

static int do_work(void)
{
        static const struct { const char *kind, *in, *begins; } jobs[] = {
                { "grid-to-xlsx", GRID, "PK" }, { "grid-to-csv", GRID, "\xef\xbb\xbf" "a" }, { "paper-to-pdf", PAPER, "%PDF-1." }, { "csv-to-grid", "\x95\x5c\n\x87\x40\n", "{\"sekisho-grid\":1" },
                { "list-to-grid", "\x95\x5c\n\xf0\x40,\x80\n", "{\"sekisho-grid\":1" },
        };

        for (size_t i = 0; i < countof(jobs); i++) {
                scoped(buf_done) struct buf out = BUF_INIT;
                const struct render_kind *k = kinds_find(str_of(jobs[i].kind));

                if (!k || k->run(&out, str_of(jobs[i].in), NULL) < 0 || !str_starts(buf_view(&out), jobs[i].begins))
                        return 1 + (int)i;
        }
        return 0;
}

static void and_does_its_work_all_the_same(void **state)
{
        assert_int_equal(behind(do_work, true), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_job_can_open_nothing),
                cmocka_unit_test(and_does_its_work_all_the_same),
        };

        return unit_run("render", tests);
}
