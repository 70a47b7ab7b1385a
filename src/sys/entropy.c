/* entropy.c - see entropy.h. */
#include "sys/entropy.h"

#include <errno.h>
#include <sys/random.h>

void entropy_fill(void *to, size_t n)
{
        uint8_t *p = to;

        while (n) {
                ssize_t got = getrandom(p, n, 0);

                if (got < 0 && errno != EINTR)
                        abort(); /* continuing without randomness would be worse than ending */
                if (got > 0) {
                        p += got;
                        n -= (size_t)got;
                }
        }
}

struct uuid entropy_uuid(utime_t now)
{
        uint8_t fresh[UUID_RANDOM];

        entropy_fill(fresh, sizeof(fresh));
        return uuid_make(now, fresh);
}
