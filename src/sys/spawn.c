/* spawn.c - see spawn.h. */
#include "sys/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* In the child: only async-signal-safe calls from here to exec. */
static void child_run(const struct spawn *s, int tell, pid_t parent)
{
        sigset_t none;
        int in = s->in >= 0 ? s->in : open("/dev/null", O_RDONLY | O_CLOEXEC);

        sigemptyset(&none);
        (void)sigprocmask(SIG_SETMASK, &none, NULL);
        (void)signal(SIGPIPE, SIG_DFL);
        if (s->own_group)
                (void)setpgid(0, 0);
        if (s->die_with_parent && (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent))
                _exit(127);
        if (in >= 0 && dup2(in, 0) >= 0 && (s->out < 0 || dup2(s->out, 1) >= 0) && (s->errfd < 0 || dup2(s->errfd, 2) >= 0)) {
                if (tell > 2)
                        (void)close_range(3, (unsigned)tell - 1, 0);
                (void)close_range((unsigned)tell + 1, ~0u, 0);
                (void)execve(s->argv[0], (char *const *)(uintptr_t)s->argv, s->env ? (char *const *)(uintptr_t)s->env : environ);
        }
        in = errno;
        (void)!write(tell, &in, sizeof(in)); /* the parent reads why; nobody else to tell */
        _exit(127);
}

int spawn_start(pid_t *pid, const struct spawn *s, struct err *e)
{
        int pipe_fds[2], why = 0;
        pid_t child, parent = getpid();
        ssize_t got;

        if (pipe2(pipe_fds, O_CLOEXEC) < 0)
                return err_errno(e, "pipe");
        child = fork();
        if (child == 0)
                child_run(s, pipe_fds[1], parent);
        (void)close(pipe_fds[1]);
        if (child < 0) {
                (void)close(pipe_fds[0]);
                return err_errno(e, "fork");
        }
        do
                got = read(pipe_fds[0], &why, sizeof(why));
        while (got < 0 && errno == EINTR);
        (void)close(pipe_fds[0]);
        if (got == sizeof(why)) {
                (void)waitpid(child, NULL, 0);
                errno = why;
                return err_errno(e, "start '%s'", s->argv[0]);
        }
        *pid = child;
        return ERR_OK;
}

int spawn_wait(pid_t pid, utime_t deadline, int *status, struct err *e)
{
        struct timespec nap = { .tv_nsec = 5 * 1000 * 1000 };

        for (;;) {
                pid_t r = waitpid(pid, status, WNOHANG);

                if (r == pid)
                        return ERR_OK;
                if (r < 0 && errno != EINTR)
                        return err_errno(e, "wait for %d", (int)pid);
                if (clock_boot() >= deadline)
                        return err_set(e, ERR_TIMEOUT, "process %d still runs", (int)pid);
                (void)nanosleep(&nap, NULL);
        }
}

int spawn_end(pid_t pid, utime_t grace, struct err *e)
{
        int status;

        (void)kill(pid, SIGTERM); /* gone already: the wait below reaps it */
        if (spawn_wait(pid, clock_boot() + grace, &status, e) == ERR_OK)
                return ERR_OK;
        (void)kill(pid, SIGKILL);
        return spawn_wait(pid, clock_boot() + 5 * UTIME_S, &status, e);
}
