/* refuse.c - see refuse.h. */
#include "refuse.h"

#include <errno.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/syscall.h>

const char *const refuse_names[REFUSE_KINDS] = { "memory", "disk" };

static atomic_bool  armed, from_then_on, fired;
static atomic_int   kind_now;
static atomic_ulong seen[REFUSE_KINDS], fail_at;

static bool refused(enum refuse kind)
{
        unsigned long n;

        if (!armed)
                return false;
        n = ++seen[kind];
        if ((int)kind != kind_now || (from_then_on ? n < fail_at : n != fail_at))
                return false;
        fired = true;
        return true;
}

void refuse_arm(enum refuse kind, unsigned long nth, bool then_on)
{
        kind_now = (int)kind;
        fail_at = nth;
        from_then_on = then_on;
        fired = false;
        seen[REFUSE_MEMORY] = seen[REFUSE_DISK] = 0;
        armed = true;
}

bool refuse_disarm(void)
{
        armed = false;
        return fired;
}

unsigned long refuse_seen(enum refuse kind)
{
        return seen[kind];
}

/* ---- memory ---- */

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

void *__wrap_malloc(size_t n)
{
        return refused(REFUSE_MEMORY) ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
        return refused(REFUSE_MEMORY) ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
        return refused(REFUSE_MEMORY) ? NULL : __real_realloc(p, n);
}

static void *crypto_malloc(size_t n, const char *file, int line)
{
        return __wrap_malloc(n);
}

static void *crypto_realloc(void *p, size_t n, const char *file, int line)
{
        return __wrap_realloc(p, n);
}

static void crypto_free(void *p, const char *file, int line)
{
        free(p);
}

/* jansson 2.14 asserts when the buffer of its lexer cannot grow (load.c, lex_unget_unsave): it ends the process where it should answer
 * "no". We cannot mend that from outside, so requests of the sizes that buffer grows to are granted. A real process that meets it is
 * started again by its supervisor; kill9.py shows what that costs: nothing acknowledged. */
static void *jansson_malloc(size_t n)
{
        return n >= 32 && !(n & (n - 1)) ? __real_malloc(n) : __wrap_malloc(n);
}

/* SQLite wants to know sizes: they stand in front. */
enum { FRONT = 16 };

static void *lite_malloc(int n)
{
        char *p = __wrap_malloc((size_t)n + FRONT);

        if (!p)
                return NULL;
        memcpy(p, &n, sizeof(n));
        return p + FRONT;
}

static void lite_free(void *p)
{
        if (p)
                free((char *)p - FRONT);
}

static void *lite_realloc(void *p, int n)
{
        char *to = __wrap_realloc((char *)p - FRONT, (size_t)n + FRONT);

        if (!to)
                return NULL;
        memcpy(to, &n, sizeof(n));
        return to + FRONT;
}

static int lite_size(void *p)
{
        int n = 0;

        if (p)
                memcpy(&n, (char *)p - FRONT, sizeof(n));
        return n;
}

static int lite_round(int n)
{
        return (n + 7) & ~7;
}

static int lite_start(void *ctx)
{
        return SQLITE_OK;
}

static void lite_stop(void *ctx)
{
}

void refuse_init(void)
{
        static const struct sqlite3_mem_methods lite = { lite_malloc, lite_free, lite_realloc, lite_size, lite_round, lite_start, lite_stop, NULL };

        if (sqlite3_config(SQLITE_CONFIG_MALLOC, &lite) != SQLITE_OK || CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free) != 1) {
                printf("Bail out! a library has allocated before it could be told how\n");
                exit(1);
        }
        json_set_alloc_funcs(jansson_malloc, free);
}

/* ---- files: these stand in for libc's under its own names, in shared libraries, too. The headers know pwrite() as pwrite64(): asm
 * labels say which symbol is meant. */

ssize_t refuse_write(int fd, const void *p, size_t n) __asm__("write");
ssize_t refuse_pwrite(int fd, const void *p, size_t n, off_t at) __asm__("pwrite");
ssize_t refuse_pwrite64(int fd, const void *p, size_t n, off_t at) __asm__("pwrite64");
int     refuse_ftruncate(int fd, off_t size) __asm__("ftruncate");
int     refuse_ftruncate64(int fd, off_t size) __asm__("ftruncate64");
int     refuse_fsync(int fd) __asm__("fsync");
int     refuse_fdatasync(int fd) __asm__("fdatasync");
int     refuse_rename(const char *from, const char *to) __asm__("rename");

static bool no_room(void)
{
        if (!refused(REFUSE_DISK))
                return false;
        errno = ENOSPC;
        return true;
}

static bool no_luck(void)
{
        if (!refused(REFUSE_DISK))
                return false;
        errno = EIO;
        return true;
}

/* Standard output and error are not the disk. */
ssize_t refuse_write(int fd, const void *p, size_t n)
{
        return fd > STDERR_FILENO && no_room() ? -1 : syscall(SYS_write, fd, p, n);
}

ssize_t refuse_pwrite64(int fd, const void *p, size_t n, off_t at)
{
        return no_room() ? -1 : syscall(SYS_pwrite64, fd, p, n, at);
}

ssize_t refuse_pwrite(int fd, const void *p, size_t n, off_t at)
{
        return refuse_pwrite64(fd, p, n, at);
}

int refuse_ftruncate64(int fd, off_t size)
{
        return no_luck() ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

int refuse_ftruncate(int fd, off_t size)
{
        return refuse_ftruncate64(fd, size);
}

int refuse_fsync(int fd)
{
        return no_luck() ? -1 : (int)syscall(SYS_fsync, fd);
}

int refuse_fdatasync(int fd)
{
        return no_luck() ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int refuse_rename(const char *from, const char *to)
{
        return no_luck() ? -1 : (int)syscall(SYS_rename, from, to);
}
