/* clock.c - see clock.h. */
#include "sys/clock.h"

#include <limits.h>
#include <stdatomic.h>

static utime_t clock_read(clockid_t id)
{
        struct timespec ts;

        (void)clock_gettime(id, &ts); /* cannot fail for these ids */
        return ts.tv_sec * UTIME_S + ts.tv_nsec / 1000;
}

#ifdef SEKISHO_TEST_CLOCK_BUILD
static bool test_now(const char *spec, utime_t *out)
{
        static _Atomic utime_t started_boot; /* first call: the test clock starts there */
        char file[64] = "";
        utime_t t, none = 0;

        (void)atomic_compare_exchange_strong(&started_boot, &none, clock_read(CLOCK_BOOTTIME));
        if (*spec == '/') {
                FILE *f = fopen(spec, "re");

                if (!f)
                        return false;
                if (!fgets(file, sizeof(file), f))
                        file[0] = 0;
                (void)fclose(f);
                spec = file;
        }
        if ((*spec != '@' && *spec != '=') || !utime_parse(str_trim(str_of(spec + 1)), &t))
                return false;
        *out = *spec == '=' ? t : t + clock_read(CLOCK_BOOTTIME) - started_boot;
        return true;
}
#endif

utime_t clock_now(void)
{
#ifdef SEKISHO_TEST_CLOCK_BUILD
        const char *spec = getenv("SEKISHO_TEST_CLOCK");
        utime_t t;

        if (spec && test_now(spec, &t))
                return t;
#endif
        return clock_read(CLOCK_REALTIME);
}

utime_t clock_boot(void)
{
        return clock_read(CLOCK_BOOTTIME);
}

bool clock_is_told(void)
{
#ifdef SEKISHO_TEST_CLOCK_BUILD
        return getenv("SEKISHO_TEST_CLOCK") && !getenv("SEKISHO_TEST_JUMPS");
#else
        return false;
#endif
}

void clock_boot_id(char *to, size_t room)
{
        FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");

        if (!f || !fgets(to, (int)room, f))
                *to = 0;
        if (f)
                (void)fclose(f);
        to[strcspn(to, "\n")] = 0;
#ifdef SEKISHO_TEST_CLOCK_BUILD
        if (getenv("SEKISHO_TEST_JUMPS"))
                (void)snprintf(to, room, "%s", getenv("SEKISHO_TEST_JUMPS"));
#endif
}

int clock_left_ms(utime_t deadline_boot)
{
        utime_t left = deadline_boot - clock_boot();

        if (left <= 0)
                return 0;
        return left / UTIME_MS >= INT_MAX ? INT_MAX : (int)(left / UTIME_MS) + 1;
}
