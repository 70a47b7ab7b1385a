/* serve.c - what sekishod knows of render: where its program is; one job for each connection, of which not one byte is read. See serve.h. */
#include "server/render/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "sys/log.h"
#include "sys/sock.h"
#include "sys/spawn.h"

enum { PATH_ROOM = 1024 };

static const char program[] = "sekisho-render";

/* It lies beside ours. */
static int program_path(char to[PATH_ROOM], struct err *e)
{
        ssize_t n = readlink("/proc/self/exe", to, PATH_ROOM - 1);
        char *name;

        if (n < 0)
                return err_errno(e, "our own path");
        to[n] = 0;
        name = strrchr(to, '/');
        if (!name || (size_t)(name + 1 - to) + sizeof(program) > PATH_ROOM)
                return err_set(e, ERR_TOO_BIG, "our own path is too long");
        memcpy(name + 1, program, sizeof(program));
        return ERR_OK;
}

int render_run_main(const char *kind, struct err *e)
{
        char path[PATH_ROOM];
        int r = program_path(path, e);

        if (r < 0)
                return r;
        (void)execl(path, program, kind, (char *)NULL);
        return err_errno(e, "run '%s'", path);
}

static void start_job(const char *path, int listener, unsigned *running)
{
        const char *const argv[] = { path, "socket", NULL };
        scoped(fd_close) int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        struct spawn s = { .argv = argv, .in = fd, .out = fd, .errfd = -1, .die_with_parent = true };
        struct err e = { 0 };
        pid_t pid;

        if (fd < 0)
                return;
        if (spawn_start(&pid, &s, &e) < 0)
                log_err(&e, "no job starts");     /* the asker sees the connection end */
        else
                ++*running;
}

static void reap(unsigned *running)
{
        int status;

        while (waitpid(-1, &status, WNOHANG) > 0) {
                --*running;
                if (WIFSIGNALED(status))
                        log_say(LOG_WARN, "a job was ended by signal %d", WTERMSIG(status));
        }
}

/* True: it is time to end. */
static bool signal_read(int fd, unsigned *running)
{
        struct signalfd_siginfo s;

        if (read(fd, &s, sizeof(s)) != sizeof(s))
                return false;
        reap(running);
        return s.ssi_signo != SIGCHLD;
}

int render_serve_main(const char *data_dir, struct err *e)
{
        scoped(fd_close) int listener = -1, signals = -1;
        unsigned running = 0;
        char path[PATH_ROOM], job[PATH_ROOM];
        sigset_t set;
        int r = program_path(job, e);

        if (r < 0)
                return r;
        if ((size_t)snprintf(path, sizeof(path), "%s/run/render.sock", data_dir) >= sizeof(path))
                return err_set(e, ERR_TOO_BIG, "data directory path too long");
        sigemptyset(&set);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGINT);
        sigaddset(&set, SIGCHLD);
        (void)sigprocmask(SIG_BLOCK, &set, NULL);
        signals = signalfd(-1, &set, SFD_CLOEXEC);
        r = signals < 0 ? err_errno(e, "signal descriptor") : sock_from_systemd(&listener, "render.sock");
        if (r == ERR_ABSENT)
                r = sock_listen(&listener, path, 0600, e);
        if (r < 0)
                return r;
        log_say(LOG_NOTICE, "render listens on %s", path);
        for (;;) {
                struct pollfd wake[] = { { .fd = signals, .events = POLLIN }, { .fd = running < RENDER_JOBS_MAX ? listener : -1, .events = POLLIN } };

                if (poll(wake, countof(wake), -1) < 0 && errno != EINTR)
                        return err_errno(e, "poll");
                if ((wake[0].revents & POLLIN) && signal_read(signals, &running))
                        return ERR_OK;
                if (wake[1].revents & POLLIN)
                        start_job(job, listener, &running);
        }
}
