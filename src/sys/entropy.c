/* entropy.c - see entropy.h. */
#include "sys/entropy.h"

#include <errno.h>
#include <sys/random.h>

/* Writable and file-wide: the ids of a demonstration are asked for in many places that must not know of it. */
static struct { bool on; uint64_t state; } demo;

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

void entropy_demo_ids(uint64_t seed)
{
        demo.on = true;
        demo.state = seed;
}

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint8_t demo_byte(void)
{
        uint64_t z = demo.state += 0x9e3779b97f4a7c15u;

        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 27) * 0x94d049bb133111ebu;
        return (uint8_t)(z >> 56);
}

struct uuid entropy_uuid(utime_t now)
{
        uint8_t fresh[UUID_RANDOM];

        if (demo.on)
                for (size_t i = 0; i < sizeof(fresh); i++)
                        fresh[i] = demo_byte();
        else
                entropy_fill(fresh, sizeof(fresh));
        return uuid_make(now, fresh);
}
