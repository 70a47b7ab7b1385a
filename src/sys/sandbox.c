/* sandbox.c - see sandbox.h.
 *
 * Order: look everything up while we still may (user, paths, filter), then give up: capabilities of the bounding set, user,
 * capabilities, dumps, Landlock, and seccomp last, since it forbids the calls that the others need.
 */
#include "sys/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/sockios.h>
#include <pwd.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "sys/files.h"

#ifdef __SANITIZE_ADDRESS__
enum { UNDER_ASAN = 1 };
#else
enum { UNDER_ASAN = 0 };
#endif
#ifdef __SANITIZE_THREAD__
enum { UNDER_TSAN = 1 }; /* TSan brings a thread of its own */
#else
enum { UNDER_TSAN = 0 };
#endif

/* Landlock's layout and bits, from the kernel's include/uapi/linux/landlock.h (ABI 7): Debian 12's headers stop at ABI 2. */
struct landlock_ruleset { uint64_t fs, net, scope; };
struct landlock_path { uint64_t allow; int32_t fd; } __attribute__((packed));

enum { LANDLOCK_ASK_VERSION = 1, LANDLOCK_PATH_RULE = 1 };

enum {
        FS_EXECUTE = 1 << 0, FS_WRITE_FILE = 1 << 1, FS_READ_FILE = 1 << 2, FS_READ_DIR = 1 << 3, FS_REMOVE_DIR = 1 << 4,
        FS_REMOVE_FILE = 1 << 5, FS_MAKE_DIR = 1 << 7, FS_MAKE_REG = 1 << 8, FS_MAKE_SOCK = 1 << 9, FS_MAKE_FIFO = 1 << 10,
        FS_REFER = 1 << 13, FS_TRUNCATE = 1 << 14, FS_IOCTL_DEV = 1 << 15,
        FS_ALL = (1 << 16) - 1,
        FS_ON_FILES = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV, /* the rest is for directories */
        FS_READ = FS_READ_FILE | FS_READ_DIR,
        FS_EXEC = FS_READ | FS_EXECUTE,
        FS_WRITE = FS_READ | FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR | FS_MAKE_REG | FS_MAKE_SOCK |
                   FS_MAKE_FIFO | FS_REFER | FS_TRUNCATE,
        NET_BIND_TCP = 1 << 0, NET_CONNECT_TCP = 1 << 1,
        SCOPE_ABSTRACT_UNIX = 1 << 0, SCOPE_SIGNAL = 1 << 1,
};

/* From which ABI on the kernel knows which bits, and what is open to us before. */
static const struct { int abi; uint64_t fs, net, scope; const char *lacks; } abis[] = {
        { 1, 0x1fff, 0, 0, "Landlock" },
        { 2, FS_REFER, 0, 0, "Landlock: moving files between directories" },
        { 3, FS_TRUNCATE, 0, 0, "Landlock: truncation" },
        { 4, 0, NET_BIND_TCP | NET_CONNECT_TCP, 0, "Landlock: TCP" },
        { 5, FS_IOCTL_DEV, 0, 0, "Landlock: device control" },
        { 6, 0, 0, SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL, "Landlock: signals and abstract sockets" },
};

/* What any of our processes needs after start: memory, threads, open descriptors, files (Landlock says which), time. */
static const int calls_always[] = {
        SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev), SCMP_SYS(pread64), SCMP_SYS(pwrite64),
        SCMP_SYS(preadv), SCMP_SYS(pwritev), SCMP_SYS(preadv2), SCMP_SYS(pwritev2), SCMP_SYS(lseek), SCMP_SYS(close),
        SCMP_SYS(close_range), SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(dup3), SCMP_SYS(fcntl), SCMP_SYS(flock),
        SCMP_SYS(pipe), SCMP_SYS(pipe2), SCMP_SYS(eventfd2), SCMP_SYS(sendfile), SCMP_SYS(copy_file_range), SCMP_SYS(splice),
        SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(epoll_create), SCMP_SYS(epoll_create1),
        SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_pwait2), SCMP_SYS(timerfd_create),
        SCMP_SYS(timerfd_settime), SCMP_SYS(timerfd_gettime), SCMP_SYS(signalfd4),
        SCMP_SYS(inotify_init1), SCMP_SYS(inotify_add_watch), SCMP_SYS(inotify_rm_watch),

        SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(openat2), SCMP_SYS(creat), SCMP_SYS(stat), SCMP_SYS(fstat), SCMP_SYS(lstat),
        SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(statfs), SCMP_SYS(fstatfs), SCMP_SYS(access), SCMP_SYS(faccessat),
        SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getdents64), SCMP_SYS(getcwd), SCMP_SYS(chdir),
        SCMP_SYS(fchdir), SCMP_SYS(mkdir), SCMP_SYS(mkdirat), SCMP_SYS(rmdir), SCMP_SYS(unlink), SCMP_SYS(unlinkat),
        SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(link), SCMP_SYS(linkat), SCMP_SYS(chmod),
        SCMP_SYS(fchmod), SCMP_SYS(fchmodat), SCMP_SYS(umask), SCMP_SYS(truncate), SCMP_SYS(ftruncate), SCMP_SYS(fallocate),
        SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(sync_file_range), SCMP_SYS(fadvise64), SCMP_SYS(utimensat),

        SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(msync), SCMP_SYS(mincore),
        SCMP_SYS(mlock), SCMP_SYS(mlock2), SCMP_SYS(munlock), SCMP_SYS(membarrier),

        SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(get_robust_list), SCMP_SYS(rseq), SCMP_SYS(set_tid_address),
        SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(getcpu), SCMP_SYS(arch_prctl), SCMP_SYS(exit),
        SCMP_SYS(exit_group), SCMP_SYS(restart_syscall), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigsuspend), SCMP_SYS(rt_sigtimedwait), SCMP_SYS(rt_sigpending),
        SCMP_SYS(sigaltstack), SCMP_SYS(kill), SCMP_SYS(tkill), SCMP_SYS(tgkill), SCMP_SYS(pause), SCMP_SYS(alarm),
        SCMP_SYS(setitimer), SCMP_SYS(getitimer),

        SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(clock_nanosleep), SCMP_SYS(gettimeofday), SCMP_SYS(time),
        SCMP_SYS(nanosleep), SCMP_SYS(getrandom), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getppid), SCMP_SYS(getpgrp),
        SCMP_SYS(getpgid), SCMP_SYS(getsid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
        SCMP_SYS(getresuid), SCMP_SYS(getresgid), SCMP_SYS(getgroups), SCMP_SYS(capget), SCMP_SYS(uname), SCMP_SYS(sysinfo),
        SCMP_SYS(getrlimit), SCMP_SYS(getrusage), SCMP_SYS(times),

        SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(recvmmsg), SCMP_SYS(sendto),
        SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg), SCMP_SYS(shutdown), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt),
        SCMP_SYS(getsockname), SCMP_SYS(getpeername), SCMP_SYS(socketpair), /* recvmsg may hand us a listener: no bind here */
};
static const int calls_sockets[] = { SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen) };
static const int calls_exec[] = {
        SCMP_SYS(clone), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(wait4),
        SCMP_SYS(waitid), SCMP_SYS(setpgid), SCMP_SYS(setsid), SCMP_SYS(prlimit64),
};

static const struct { unsigned flag; int family; } families[] = {
        { SANDBOX_UNIX, AF_UNIX },
        { SANDBOX_INET, AF_INET },
        { SANDBOX_INET, AF_INET6 },
        { SANDBOX_NETLINK, AF_NETLINK },
        { SANDBOX_PACKET, AF_PACKET },
};

static const unsigned long requests[] = {  /* for ioctl(2): terminals only to be recognised, never to be typed into */
        FIONREAD, FIONBIO, FIOCLEX, TCGETS, TIOCGWINSZ, SIOCGIFINDEX, SIOCGIFNAME, SIOCGIFHWADDR, SIOCGIFFLAGS, SIOCGIFMTU,
        SIOCGIFADDR,
};

static const int process_words[] = { PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE, PR_GET_PDEATHSIG };

#ifdef __SANITIZE_ADDRESS__
static bool leak_check_is_off; /* set once behind the sandbox; ASan asks at exit */

int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
        return leak_check_is_off;
}
#endif

SCOPED(seccomp_release, scmp_filter_ctx)

int sandbox_landlock_abi(void)
{
        long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_ASK_VERSION);

        return abi < 0 ? 0 : (int)abi;
}

static int allow_paths(int ruleset, uint64_t known, const char *const *paths, uint64_t rights, struct err *e)
{
        for (; paths && *paths; paths++) {
                bool optional = **paths == '-';
                const char *path = *paths + optional;
                struct stat st;
                struct landlock_path rule = { .allow = rights & known };

                if (*path != '/')
                        return err_set(e, ERR_INPUT, "'%s' is not an absolute path", path);

                scoped(fd_close) int fd = open(path, O_PATH | O_CLOEXEC);

                if (fd < 0 && optional && errno == ENOENT)
                        continue;
                if (fd < 0 || fstat(fd, &st) < 0)
                        return err_errno(e, "open '%s'", path);
                if (!S_ISDIR(st.st_mode))
                        rule.allow &= FS_ON_FILES;
                rule.fd = fd;
                if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_PATH_RULE, &rule, 0) < 0)
                        return err_errno(e, "Landlock rule for '%s'", path);
        }
        return ERR_OK;
}

/* Makes the ruleset; *ruleset stays -1 when the kernel has no Landlock and best_effort bears it. `lacks` says what is missing. */
static int landlock_prepare(int *ruleset, const struct sandbox *s, struct err *lacks, struct err *e)
{
        static const char *const for_asan[] = { "-/proc/self", "-/proc/self/exe", "-/usr/lib", NULL };
        struct landlock_ruleset rules = { 0 };
        int abi = sandbox_landlock_abi(), r;

        for (size_t i = 0; i < countof(abis); i++) {
                if (abi >= abis[i].abi) {
                        rules.fs |= abis[i].fs;
                        rules.net |= abis[i].net;
                        rules.scope |= abis[i].scope;
                        continue;
                }
                /* Before ABI 4 the seccomp filter still stops all TCP, unless internet sockets are asked for. */
                if (abis[i].net && (!(s->sockets & SANDBOX_INET) || (s->tcp_bind && s->tcp_connect)))
                        continue;
                if (!lacks->code)
                        (void)err_set(lacks, ERR_VERSION, "the kernel lacks (ABI %d): %s", abi, abis[i].lacks);
                else
                        (void)snprintf(lacks->text + strlen(lacks->text), sizeof(lacks->text) - strlen(lacks->text), ", %s",
                                       abis[i].lacks);
                if (!abi)
                        break;
        }
        if (!abi && !s->best_effort)
                return err_set(e, ERR_VERSION, "%s", lacks->text);
        if (!abi)
                return ERR_OK;

        rules.net &= ~(uint64_t)((s->tcp_bind ? NET_BIND_TCP : 0) | (s->tcp_connect ? NET_CONNECT_TCP : 0));
        /* An older kernel refuses a longer struct only if what it does not know is set. */
        scoped(fd_close) int fd = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0);

        if (fd < 0)
                return err_errno(e, "Landlock ruleset");
        if ((r = allow_paths(fd, rules.fs, s->read, FS_READ, e)) < 0 || (r = allow_paths(fd, rules.fs, s->write, FS_WRITE, e)) < 0 ||
            (r = allow_paths(fd, rules.fs, s->exec, FS_EXEC, e)) < 0 ||
            (UNDER_ASAN && (r = allow_paths(fd, rules.fs, for_asan, FS_READ, e)) < 0))
                return r;
        *ruleset = take_fd(fd);
        return ERR_OK;
}

static int allow_calls(scmp_filter_ctx f, const int *calls, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                int r = seccomp_rule_add(f, SCMP_ACT_ALLOW, calls[i], 0);

                if (r < 0)
                        return r;
        }
        return 0;
}

static int filter_fill(scmp_filter_ctx f, const struct sandbox *s)
{
        int r = allow_calls(f, calls_always, countof(calls_always));

        if (r == 0 && s->sockets)
                r = allow_calls(f, calls_sockets, countof(calls_sockets));
        for (size_t i = 0; r == 0 && i < countof(families); i++)
                if (s->sockets & families[i].flag)
                        r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i].family));
        for (size_t i = 0; r == 0 && i < countof(requests); i++)
                r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, requests[i]));
        for (size_t i = 0; r == 0 && i < countof(process_words); i++)
                r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)process_words[i]));

        /* Memory is never writable and runnable, and nothing becomes runnable later. Mapping a library stays possible. */
        if (r == 0)
                r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
        if (r == 0)
                r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_WRITE | PROT_EXEC, PROT_EXEC));
        if (r == 0)
                r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));

        /* glibc asks for a thread by clone3, whose flags a filter cannot see, and falls back to clone on ENOSYS. */
        if (r == 0)
                r = seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
        if (r == 0 && s->exec)
                r = allow_calls(f, calls_exec, countof(calls_exec));
        else if (r == 0)
                r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
        /* Limits may be read, not set: args are pid, resource, new, old. */
        if (r == 0 && !s->exec)
                r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A2(SCMP_CMP_EQ, 0));
        return r;
}

static int user_find(struct passwd *pw, char *room, size_t n, const char *user, struct err *e)
{
        struct passwd *hit = NULL;
        int no = getpwnam_r(user, pw, room, n, &hit);

        return hit ? ERR_OK : err_set(e, ERR_ABSENT, "user '%s': %s", user, no ? strerrordesc_np(no) : "no such user");
}

static int user_become(const struct passwd *pw, bool keep, struct err *e)
{
        int die_signal = 0;

        (void)prctl(PR_GET_PDEATHSIG, &die_signal); /* a change of user forgets it */
        if (keep && prctl(PR_SET_KEEPCAPS, 1) < 0)
                return err_errno(e, "keep capabilities");
        if (initgroups(pw->pw_name, pw->pw_gid) < 0 || setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid) < 0 ||
            setresuid(pw->pw_uid, pw->pw_uid, pw->pw_uid) < 0)
                return err_errno(e, "become user '%s'", pw->pw_name);
        if (pw->pw_uid != 0 && setresuid((uid_t)-1, 0, (uid_t)-1) == 0)
                return err_set(e, ERR_IO, "user '%s' could become root again", pw->pw_name);
        if (die_signal && prctl(PR_SET_PDEATHSIG, die_signal) < 0)
                return err_errno(e, "end with parent");
        return ERR_OK;
}

static int bounds_drop(uint64_t keep, struct err *e)
{
        for (unsigned cap = 0; cap < 64; cap++) {
                int has = prctl(PR_CAPBSET_READ, cap);

                if (has < 0)
                        break; /* past the kernel's last one */
                if (has && !(keep >> cap & 1) && prctl(PR_CAPBSET_DROP, cap) < 0 && errno != EPERM)
                        return err_errno(e, "drop capability %u", cap);
                /* EPERM: not privileged, so there is nothing that no_new_privs does not stop already */
        }
        return ERR_OK;
}

static int caps_keep(uint64_t keep, struct err *e)
{
        struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
        struct __user_cap_data_struct caps[2];
        uint64_t now, left;

        (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); /* falls with `permitted` below in any case */
        if (syscall(SYS_capget, &head, caps) < 0)
                return err_errno(e, "read capabilities");
        now = caps[0].permitted | (uint64_t)caps[1].permitted << 32;
        left = now & keep;
        if (left != keep)
                return err_set(e, ERR_IO, "capabilities 0x%llx are asked for and not held", (unsigned long long)(keep & ~now));
        for (int i = 0; i < 2; i++) {
                caps[i].permitted = caps[i].effective = (uint32_t)(left >> (32 * i));
                caps[i].inheritable = 0;
        }
        if (syscall(SYS_capset, &head, caps) < 0)
                return err_errno(e, "drop capabilities");
        return ERR_OK;
}

int sandbox_enter(const struct sandbox *s, struct err *e)
{
        scoped(fd_close) int ruleset = -1;
        scoped(seccomp_release) scmp_filter_ctx filter = NULL;
        struct err lacks = { 0 };
        struct passwd pw;
        struct stat tasks;
        char room[4096];
        bool change = s->user && geteuid() == 0;
        int r;

        if (stat("/proc/self/task", &tasks) < 0)
                return err_errno(e, "count threads in /proc");
        if (tasks.st_nlink != 3 && !UNDER_TSAN)
                return err_set(e, ERR_BUG, "sandbox_enter() comes before the first thread");
        if (change && (r = user_find(&pw, room, sizeof(room), s->user, e)) < 0)
                return r;
        r = landlock_prepare(&ruleset, s, &lacks, e);
        if (r < 0)
                return err_wrap(e, r, "sandbox");

        filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
        if (!filter)
                return err_set(e, ERR_NOMEM, "seccomp filter");
        r = filter_fill(filter, s);
        if (r < 0)
                return err_set(e, ERR_IO, "seccomp filter: %s", strerrordesc_np(-r));

        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                return err_errno(e, "no new privileges");
        r = bounds_drop(s->keep_caps, e);
        if (r == ERR_OK && change)
                r = user_become(&pw, s->keep_caps != 0, e);
        if (r == ERR_OK)
                r = caps_keep(s->keep_caps, e);
        if (r < 0)
                return err_wrap(e, r, "sandbox");
        if (prctl(PR_SET_DUMPABLE, 0) < 0)
                return err_errno(e, "no dumps");
        if (ruleset >= 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
                return err_errno(e, "Landlock");
        r = seccomp_load(filter);
        if (r < 0)
                return err_set(e, ERR_IO, "load seccomp filter: %s", strerrordesc_np(-r));
#ifdef __SANITIZE_ADDRESS__
        leak_check_is_off = true;
#endif
        if (!lacks.code)
                return ERR_OK;
        if (e)
                *e = lacks;
        return SANDBOX_PARTIAL;
}
