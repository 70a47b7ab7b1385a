/* fault.c - see fault.h. */
#include "sys/fault.h"

#ifdef SEKISHO_FAULT_POINTS
#include <fcntl.h>
#include <signal.h>

#include "sys/entropy.h"

void fault_point(const char *name)
{
        struct str spec = str_of(getenv("SEKISHO_FAULT")), who, rest, percent, path;
        uint64_t chance;
        uint8_t dice;
        int fd;

        if (!str_cut(spec, ':', &who, &rest) || !str_is(who, name) || !str_cut(rest, ':', &percent, &path) ||
            !str_u64(percent, 100, &chance))
                return;
        entropy_fill(&dice, 1);
        if (dice * 100u / 256u >= chance)
                return;
        fd = open(path.p, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (fd >= 0)
                (void)!write(fd, "k", 1); /* the rig counts these bytes */
        (void)kill(getpid(), SIGKILL);
}
#else
extern int fault_points_are_off; /* ISO C wants a declaration in every unit */
#endif
