/* spawn.h - start another program from an argument vector; no shell is ever involved.
 *
 * Does      fork, close what is not named, exec; wait with a deadline.
 * Layer     sys.
 * Owns      the child belongs to the caller until spawn_wait() or spawn_end() returned.
 * Fails     ERR_IO with the child's errno when exec failed (told through a close-on-exec pipe), ERR_TIMEOUT.
 */
#ifndef SYS_SPAWN_H
#define SYS_SPAWN_H

#include <sys/types.h>

#include "sys/files.h"
#include "sys/clock.h"

struct spawn {
        const char *const *argv;     /* argv[0] is the path; NULL ends it */
        const char *const *env;      /* NULL: ours */
        int in, out, errfd;          /* -1: /dev/null for in, inherited for out and errfd */
        bool own_group;              /* own process group, so that a terminal's ^C goes to the launcher alone */
        bool die_with_parent;
};

int spawn_start(pid_t *pid, const struct spawn *s, struct err *e);
int spawn_wait(pid_t pid, utime_t deadline, int *status, struct err *e);   /* status as of waitpid(2) */
int spawn_end(pid_t pid, utime_t grace, struct err *e);                    /* SIGTERM, wait, SIGKILL, reap */

#endif
