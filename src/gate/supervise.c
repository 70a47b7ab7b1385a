/* supervise.c - see supervise.h. */
#include "gate/supervise.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include "gate/pipe.h"
#include "sys/log.h"
#include "sys/spawn.h"

#define LIVED_WELL (5 * UTIME_S)       /* a child that lived this long is started again at once */
#define PAUSE_MS   500                 /* one that did not, after this pause */

enum { ROLES = 2, ROLE_ENFORCER = 0, ARGS_MAX = 12 };

static const char *const role_names[ROLES] = { [ROLE_ENFORCER] = "enforcer", "uplink" };

struct role { pid_t pid; utime_t started, start_at; };

static int role_start(struct role *role, int which, int pipe, const struct gate_options *o, struct err *e)
{
        const char *argv[ARGS_MAX] = { "/proc/self/exe", role_names[which], "--state", o->dir };
        size_t n = 4;

        if (o->netns && which == ROLE_ENFORCER) {
                argv[n++] = "--netns";
                argv[n++] = o->netns;
        }
        if (o->lan) {
                argv[n++] = "--lan";
                argv[n++] = o->lan;
        }
        if (o->server) {
                argv[n++] = "--server";
                argv[n++] = o->server;
        }

        struct spawn s = { .argv = argv, .in = pipe, .out = -1, .errfd = -1, .die_with_parent = true, .own_group = true };
        int r = spawn_start(&role->pid, &s, e);

        role->started = clock_boot();
        return r < 0 ? err_wrap(e, r, "%s", role_names[which]) : ERR_OK;
}

static void role_ended(struct role *role, const char *name, int status)
{
        bool well = clock_boot() - role->started >= LIVED_WELL;

        if (WIFSIGNALED(status))
                log_say(LOG_ERROR, "%s was ended by signal %d; starting it again", name, WTERMSIG(status));
        else
                log_say(LOG_ERROR, "%s ended with %d; starting it again", name, WEXITSTATUS(status));
        role->pid = 0;
        role->start_at = clock_boot() + (well ? 0 : PAUSE_MS * UTIME_MS);
}

static void children_reap(struct role roles[ROLES])
{
        for (int i = 0; i < ROLES; i++) {
                int status;

                if (roles[i].pid > 0 && waitpid(roles[i].pid, &status, WNOHANG) == roles[i].pid)
                        role_ended(&roles[i], role_names[i], status);
        }
}

static int signals_open(int *fd, struct err *e)
{
        sigset_t set;

        (void)sigemptyset(&set);
        (void)sigaddset(&set, SIGCHLD);
        (void)sigaddset(&set, SIGTERM);
        (void)sigaddset(&set, SIGINT);
        if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
                return err_errno(e, "signals");
        *fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
        return *fd < 0 ? err_errno(e, "signals") : ERR_OK;
}

/* True when we are told to end. */
static bool signals_wait(int fd, struct role roles[ROLES])
{
        struct signalfd_siginfo s;
        struct pollfd p = { .fd = fd, .events = POLLIN };
        int wait_ms = -1;

        for (int i = 0; i < ROLES; i++)
                if (roles[i].pid <= 0) {
                        int left = clock_left_ms(roles[i].start_at);

                        wait_ms = wait_ms < 0 || left < wait_ms ? left : wait_ms;
                }
        (void)poll(&p, 1, wait_ms);
        while (read(fd, &s, sizeof(s)) == sizeof(s))
                if (s.ssi_signo != SIGCHLD)
                        return true;
        children_reap(roles);
        return false;
}

int supervise_run(const struct gate_options *o, struct err *e)
{
        struct role roles[ROLES] = { 0 };
        int ends[2], fd = -1, r;

        r = pipe_make(ends, e);
        if (r == ERR_OK)
                r = signals_open(&fd, e);
        if (r < 0)
                return r;
        do {
                for (int i = 0; i < ROLES; i++)
                        if (roles[i].pid <= 0 && !clock_left_ms(roles[i].start_at) &&
                            role_start(&roles[i], i, ends[i], o, e) < 0) {
                                log_err(e, "starting");
                                roles[i].start_at = clock_boot() + PAUSE_MS * UTIME_MS;
                        }
        } while (!signals_wait(fd, roles));

        log_say(LOG_NOTICE, "ending; the rules and passes in the kernel stay, and end by themselves");
        for (int i = 0; i < ROLES; i++)
                if (roles[i].pid > 0)
                        (void)spawn_end(roles[i].pid, 3 * UTIME_S, NULL);
        return ERR_OK;
}
