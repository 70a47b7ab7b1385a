/* test_sandbox.c - a hostile child behind sandbox_enter() gets nowhere; the same child without it does. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "sys/files.h"
#include "sys/sandbox.h"

#include "unit.h"

struct place {
        char dir[64], mine[96], other[96], bin[96];
        uint16_t port;
        int listener;
        pid_t victim;
};

/* Every deed answers 0 when it succeeded, else errno. */
static int do_read_mine(const struct place *p)   { scoped(fd_close) int fd = open(p->mine, O_RDONLY); return fd < 0 ? errno : 0; }
static int do_read_other(const struct place *p)  { scoped(fd_close) int fd = open(p->other, O_RDONLY); return fd < 0 ? errno : 0; }
static int do_write_mine(const struct place *p)  { scoped(fd_close) int fd = open(p->mine, O_WRONLY | O_TRUNC); return fd < 0 ? errno : 0; }
static int do_passwd(const struct place *p)      { scoped(fd_close) int fd = open("/etc/passwd", O_RDONLY); return fd < 0 ? errno : 0; }
static int do_list_root(const struct place *p)   { scoped(fd_close) int fd = open("/etc", O_RDONLY | O_DIRECTORY); return fd < 0 ? errno : 0; }
static int do_ptrace(const struct place *p)      { return ptrace(PTRACE_SEIZE, p->victim, NULL, NULL) < 0 ? errno : 0; }
static int do_signal(const struct place *p)      { return kill(p->victim, 0) < 0 ? errno : 0; }
static int do_dumpable(const struct place *p)    { return prctl(PR_SET_DUMPABLE, 1) < 0 ? errno : 0; }
static int do_io_uring(const struct place *p)    { char params[256] = ""; scoped(fd_close) int fd = (int)syscall(SYS_io_uring_setup, 1, params); return fd < 0 ? errno : 0; }
static int do_mount(const struct place *p)
{
        if (mount("none", p->dir, "tmpfs", 0, NULL) < 0)
                return errno;
        return umount(p->dir) < 0 ? 1005 : 0;
}

static int do_bpf(const struct place *p)
{
        struct { uint32_t type, key, value, max, flags, more[24]; } map = { .type = 2, .key = 4, .value = 8, .max = 1 }; /* an array map */
        scoped(fd_close) int fd = (int)syscall(SYS_bpf, 0, &map, sizeof(map));

        return fd < 0 ? errno : 0;
}

static int do_unshare(const struct place *p)     { return unshare(CLONE_NEWNS) < 0 ? errno : 0; }
static int do_keyctl(const struct place *p)      { return syscall(SYS_keyctl, 0, -3, 0) < 0 ? errno : 0; }
static int do_unix(const struct place *p)        { scoped(fd_close) int fd = socket(AF_UNIX, SOCK_STREAM, 0); return fd < 0 ? errno : 0; }
static int do_netlink(const struct place *p)     { scoped(fd_close) int fd = socket(AF_NETLINK, SOCK_RAW, 0); return fd < 0 ? errno : 0; }
static int do_packet(const struct place *p)      { scoped(fd_close) int fd = socket(AF_PACKET, SOCK_RAW, 0); return fd < 0 ? errno : 0; }
static int do_suid(const struct place *p)        { return setresuid(65534, 65534, 65534) < 0 ? errno : 0; }

static int do_exec(const struct place *p)
{
        const char *const argv[] = { p->bin, NULL };

        (void)execve(p->bin, (char *const *)(uintptr_t)argv, environ); /* /bin/true: coming back means no */
        return errno;
}

static int do_fork(const struct place *p)
{
        pid_t c = fork();

        if (c == 0)
                _exit(0);
        if (c < 0)
                return errno;
        (void)waitpid(c, NULL, 0);
        return 0;
}

static int tcp(const struct place *p, bool bind_it)
{
        struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(bind_it ? 0 : p->port) };
        scoped(fd_close) int fd = socket(AF_INET, SOCK_STREAM, 0);
        int r;

        if (fd < 0)
                return errno;
        r = bind_it ? bind(fd, (struct sockaddr *)&a, sizeof(a)) : connect(fd, (struct sockaddr *)&a, sizeof(a));
        return r < 0 ? errno : 0;
}

static int do_tcp_connect(const struct place *p) { return tcp(p, false); }
static int do_tcp_bind(const struct place *p)    { return tcp(p, true); }

static int do_map_wx(const struct place *p)
{
        void *m = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        return m == MAP_FAILED ? errno : 0;
}

static int do_make_runnable(const struct place *p)
{
        void *m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        return m == MAP_FAILED ? 1000 : mprotect(m, 4096, PROT_READ | PROT_EXEC) < 0 ? errno : 0;
}

static void *thread_body(void *arg)
{
        return arg;
}

static int do_thread(const struct place *p)
{
        pthread_t t;
        int no = pthread_create(&t, NULL, thread_body, NULL);

        return no ? no : pthread_join(t, NULL);
}

static int do_malloc(const struct place *p)
{
        for (size_t n = 1; n < 64u << 20; n *= 4) {
                char *m = malloc(n);

                if (!m)
                        return ENOMEM;
                memset(m, 1, n);
                free(m);
        }
        return 0;
}

static int do_caps(const struct place *p)
{
        struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
        struct __user_cap_data_struct caps[2] = { 0 };

        if (syscall(SYS_capget, &head, caps) < 0)
                return 1006;
        return caps[0].permitted | caps[1].permitted ? 0 : EPERM; /* 0: it still holds some */
}

/* Runs one deed in a child, behind `s` (NULL: without). Answers the deed's errno, or 1001 when entering failed. */
static int attempt(int (*deed)(const struct place *), const struct place *p, const struct sandbox *s)
{
        int tell[2], no = 1002;
        pid_t child;

        assert_int_equal(pipe(tell), 0);
        child = fork();
        if (child == 0) {
                struct err e = { 0 };

                if (s && sandbox_enter(s, &e) < 0) {
                        fprintf(stderr, "# %s\n", e.text);
                        no = 1001;
                } else {
                        (void)fcntl(tell[1], F_SETFD, FD_CLOEXEC); /* a successful exec closes it without a word: 0 */
                        no = deed(p);
                }
                (void)!write(tell[1], &no, sizeof(no));
                _exit(0);
        }
        close(tell[1]);
        if (read(tell[0], &no, sizeof(no)) == 0)
                no = 0;
        close(tell[0]);
        assert_int_equal(waitpid(child, NULL, 0), child);
        return no;
}

static void place_make(struct place *p)
{
        struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        socklen_t n = sizeof(a);
        struct err e = { 0 };

        (void)snprintf(p->dir, sizeof(p->dir), "/tmp/sekisho-test-XXXXXX");
        assert_non_null(mkdtemp(p->dir));
        (void)chmod(p->dir, 0755);
        (void)snprintf(p->mine, sizeof(p->mine), "%s/mine", p->dir);
        (void)snprintf(p->other, sizeof(p->other), "%s/other", p->dir);
        (void)snprintf(p->bin, sizeof(p->bin), "/bin/true");
        assert_int_equal(file_create(p->mine, STR("mine"), 0644, &e), ERR_OK);
        assert_int_equal(file_create(p->other, STR("other"), 0644, &e), ERR_OK);
        p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_int_equal(bind(p->listener, (struct sockaddr *)&a, n), 0);
        assert_int_equal(listen(p->listener, 64), 0);
        assert_int_equal(getsockname(p->listener, (struct sockaddr *)&a, &n), 0);
        p->port = ntohs(a.sin_port);
        p->victim = fork();
        if (p->victim == 0)
                for (;;)
                        pause();
}

static void place_end(struct place *p)
{
        (void)kill(p->victim, SIGKILL);
        (void)waitpid(p->victim, NULL, 0);
        close(p->listener);
        (void)unlink(p->mine);
        (void)unlink(p->other);
        (void)rmdir(p->dir);
}

/* What root without the sandbox can do in this environment decides which rows have a control that succeeds. */
static void hostile_child_gets_nowhere(void **state)
{
        static const struct { const char *name; int (*deed)(const struct place *); bool root; } deeds[] = {
                { "read another file", do_read_other, false },
                { "read /etc/passwd", do_passwd, false },
                { "list /etc", do_list_root, false },
                { "write where only reading is allowed", do_write_mine, false },
                { "run a program", do_exec, false },
                { "fork", do_fork, false },
                { "connect over TCP", do_tcp_connect, false },
                { "listen on TCP", do_tcp_bind, false },
                { "make a unix socket", do_unix, false },
                { "make a netlink socket", do_netlink, false },
                { "make a packet socket", do_packet, true },
                { "trace another process", do_ptrace, true },
                { "signal a process outside", do_signal, false },
                { "become dumpable again", do_dumpable, false },
                { "new mount namespace", do_unshare, true },
                { "mount", do_mount, true },
                { "read the keyring", do_keyctl, false },
                { "io_uring", do_io_uring, false },
                { "load a BPF program", do_bpf, true },
                { "writable and runnable memory", do_map_wx, false },
                { "make memory runnable", do_make_runnable, false },
                { "change user", do_suid, true },
                { "hold a capability", do_caps, true },
        };
        struct place p;

        place_make(&p);
        const char *const read_paths[] = { p.mine, NULL };
        const struct sandbox s = { .read = read_paths };
        bool old = sandbox_landlock_abi() < 6;

        for (size_t i = 0; i < countof(deeds); i++) {
                int without, with;

                if (deeds[i].root && geteuid() != 0)
                        continue;
                without = attempt(deeds[i].deed, &p, NULL);
                with = attempt(deeds[i].deed, &p, &s);
                if (without != 0)
                        print_message("# control '%s' fails here anyway: %s\n", deeds[i].name, strerror(without));
                if (deeds[i].deed == do_mount || deeds[i].deed == do_unshare || deeds[i].deed == do_keyctl ||
                    deeds[i].deed == do_io_uring || deeds[i].deed == do_bpf)
                        without = 0; /* a kernel or a container may forbid these to begin with */
                if (deeds[i].deed == do_signal && old)
                        with = EPERM; /* sandbox_enter said SANDBOX_PARTIAL */
                if (without != 0 || (with != EPERM && with != EACCES))
                        fail_msg("%s: without sandbox %d (want 0), with %d (want EPERM or EACCES)", deeds[i].name, without, with);
        }
        place_end(&p);
}

static void honest_work_goes_on(void **state)
{
        struct place p;

        place_make(&p);
        const char *const mine[] = { p.mine, NULL }, *const dir[] = { p.dir, NULL }, *const bin[] = { "/usr", "-/lib", "-/lib64", "-/bin", NULL };
        const char *const gone[] = { "-/no/such/path", p.mine, NULL };
        const struct { const char *name; int (*deed)(const struct place *); struct sandbox s; } deeds[] = {
                { "read what is named", do_read_mine, { .read = mine } },
                { "a path that may be missing", do_read_mine, { .read = gone } },
                { "write what is named", do_write_mine, { .write = mine } },
                { "a named directory holds its files", do_write_mine, { .write = dir } },
                { "memory", do_malloc, { 0 } },
                { "threads", do_thread, { 0 } },
                { "unix socket when asked", do_unix, { .sockets = SANDBOX_UNIX } },
                { "netlink socket when asked", do_netlink, { .sockets = SANDBOX_NETLINK } },
                { "TCP out when asked", do_tcp_connect, { .sockets = SANDBOX_INET, .tcp_connect = true } },
                { "TCP in when asked", do_tcp_bind, { .sockets = SANDBOX_INET, .tcp_bind = true } },
                { "run what is named", do_exec, { .exec = bin } },
        };

        for (size_t i = 0; i < countof(deeds); i++) {
                int got = attempt(deeds[i].deed, &p, &deeds[i].s);

                if (got != 0)
                        fail_msg("%s: %d, want 0", deeds[i].name, got);
        }
        place_end(&p);
}

static void tcp_directions_are_apart(void **state)
{
        struct place p;

        if (sandbox_landlock_abi() < 4)
                skip();
        place_make(&p);
        const struct sandbox out_only = { .sockets = SANDBOX_INET, .tcp_connect = true };
        const struct sandbox in_only = { .sockets = SANDBOX_INET, .tcp_bind = true };

        assert_int_equal(attempt(do_tcp_bind, &p, &out_only), EACCES);
        assert_int_equal(attempt(do_tcp_connect, &p, &in_only), EACCES);
        place_end(&p);
}

static void exec_only_what_is_named(void **state)
{
        struct place p;

        place_make(&p);
        const char *const elsewhere[] = { p.dir, NULL };
        const struct sandbox s = { .exec = elsewhere };

        assert_int_equal(attempt(do_exec, &p, &s), EACCES);
        place_end(&p);
}

static int root_again(const struct place *p)
{
        if (geteuid() == 0 || getegid() == 0)
                return EEXIST;
        return setresuid((uid_t)-1, 0, (uid_t)-1) == 0 ? EEXIST : 0;
}

static int keeps_one_cap(const struct place *p)
{
        struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
        struct __user_cap_data_struct caps[2] = { 0 };

        if (syscall(SYS_capget, &head, caps) < 0)
                return errno;
        return caps[0].effective == 1u << CAP_NET_ADMIN && caps[0].permitted == 1u << CAP_NET_ADMIN && !caps[0].inheritable &&
               !caps[1].permitted && root_again(p) == 0 ? 0 : (int)caps[0].permitted | 1;
}

static void another_user_for_good(void **state)
{
        struct place p = { 0 };
        const struct sandbox plain = { .user = "nobody" }, capable = { .user = "nobody", .keep_caps = 1ull << CAP_NET_ADMIN };

        if (geteuid() != 0)
                skip();
        assert_int_equal(attempt(root_again, &p, NULL), EEXIST);
        assert_int_equal(attempt(root_again, &p, &plain), 0);
        assert_int_equal(attempt(keeps_one_cap, &p, &capable), 0);
}

static void refuses_what_it_cannot_do(void **state)
{
        const char *const missing[] = { "/no/such/path", NULL }, *const relative[] = { "etc", NULL };
        struct place p = { 0 };
        struct sandbox s = { .read = missing };

        assert_int_equal(attempt(do_malloc, &p, &s), 1001);
        s = (struct sandbox){ .read = relative };
        assert_int_equal(attempt(do_malloc, &p, &s), 1001);
        s = (struct sandbox){ .user = "no-such-user-here" };
        if (geteuid() == 0)
                assert_int_equal(attempt(do_malloc, &p, &s), 1001);
}

static void *wait_body(void *arg)
{
        char c;

        return read(*(int *)arg, &c, 1) < 0 ? arg : NULL;
}

static int enter_with_thread(const struct place *p)
{
        const struct sandbox s = { 0 };
        int fds[2];
        pthread_t t;
        struct err e = { 0 };

        if (pipe(fds) < 0 || pthread_create(&t, NULL, wait_body, &fds[0]) != 0)
                return 1003;
        return sandbox_enter(&s, &e) == ERR_BUG ? 0 : 1004;
}

static void refuses_after_the_first_thread(void **state)
{
        struct place p = { 0 };

        assert_int_equal(attempt(enter_with_thread, &p, NULL), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(hostile_child_gets_nowhere),
                cmocka_unit_test(honest_work_goes_on),
                cmocka_unit_test(tcp_directions_are_apart),
                cmocka_unit_test(exec_only_what_is_named),
                cmocka_unit_test(another_user_for_good),
                cmocka_unit_test(refuses_what_it_cannot_do),
                cmocka_unit_test(refuses_after_the_first_thread),
        };

        return unit_run("sandbox", tests);
}
