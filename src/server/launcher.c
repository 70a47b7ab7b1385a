/* launcher.c - see launcher.h.
 *
 * One thread, one loop: wait for a signal or the next start that is due, reap, start, write the status.
 */
#include "server/launcher.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "server/nginx_conf.h"
#include "server/office/places.h"
#include "sys/log.h"
#include "sys/spawn.h"

enum { PATH_ROOM = 1024, ARGV_MAX = 24, SOCKET_PATH_MAX = 107 };

/* A dead role starts again after 0.2 s, then 0.4 s … 5 s; one that lived 30 s counts as sound again. */
#define RESTART_FIRST (200 * UTIME_MS)
#define RESTART_LAST  (5 * UTIME_S)
#define SOUND_AFTER   (30 * UTIME_S)
#define WAIT_FOR      (3 * UTIME_S)     /* how long a first start waits for the socket it needs; then it starts anyhow */
#define END_GRACE     (5 * UTIME_S)
#define LOOK_AGAIN    (1 * UTIME_S)     /* whether DIR is still there, when nothing else happens */

struct state {
        pid_t   pid;           /* 0: down */
        utime_t due, began, pause;
        unsigned starts;
        bool    enrolling;     /* gate only: this run is the enrolment */
};

enum { ROLE_GATE = 5, ROLE_COUNT = 6 };

struct launcher {
        char data[PATH_ROOM], programs[PATH_ROOM], web[PATH_ROOM], template[PATH_ROOM], pages[PATH_ROOM];
        char sekishod[PATH_ROOM + 16], gate[PATH_ROOM + 16], conf[PATH_ROOM + 32], gate_dir[PATH_ROOM + 16], code[256];
        uint16_t user_port, machine_port;
        bool everywhere, with_gate;
        bool become;           /* we are root and DIR is not root's: all but the gate run as DIR's owner */
        uid_t uid;
        gid_t gid;
        char uid_text[16], gid_text[16];
        const char *netns, *lan;
        struct state roles[ROLE_COUNT];
        bool changed;
};

static void path_in(char *to, size_t room, const struct launcher *l, const char *rest)
{
        (void)snprintf(to, room, "%s/%s", l->data, rest); /* data is far shorter than room: see options_read */
}

static void argv_signer(struct launcher *l, const char **argv)
{
        argv[0] = l->sekishod, argv[1] = "signer", argv[2] = l->data;
}

static void argv_office(struct launcher *l, const char **argv)
{
        argv[0] = l->sekishod, argv[1] = "office", argv[2] = l->data;
}

static void argv_courier(struct launcher *l, const char **argv)
{
        argv[0] = l->sekishod, argv[1] = "courier", argv[2] = l->data;
}

static void argv_render(struct launcher *l, const char **argv)
{
        argv[0] = l->sekishod, argv[1] = "render-serve", argv[2] = l->data;
}

static void argv_nginx(struct launcher *l, const char **argv)
{
        argv[0] = "/usr/sbin/nginx", argv[1] = "-e", argv[2] = "stderr", argv[3] = "-c", argv[4] = l->conf;
        argv[5] = "-g", argv[6] = "daemon off;";
}

static void argv_gate(struct launcher *l, const char **argv)
{
        scoped(buf_done) struct buf code = BUF_INIT;
        char path[PATH_ROOM + 32];
        size_t n = 0;

        argv[n++] = l->gate;
        path_in(path, sizeof(path), l, "gate/code");
        l->roles[ROLE_GATE].enrolling = file_read(&code, path, sizeof(l->code) - 1, NULL) == ERR_OK;
        if (l->roles[ROLE_GATE].enrolling) {
                struct str text = str_trim(buf_view(&code));

                (void)snprintf(l->code, sizeof(l->code), "%.*s", (int)text.n, text.p);
                argv[n++] = "enrol", argv[n++] = l->code;
        } else {
                argv[n++] = "run";
        }
        argv[n++] = "--state", argv[n++] = l->gate_dir;
        if (l->roles[ROLE_GATE].enrolling)
                return;
        if (l->netns)
                argv[n++] = "--netns", argv[n++] = l->netns;
        if (l->lan)
                argv[n++] = "--lan", argv[n++] = l->lan;
}

/* In starting order; ending goes backwards, so that the signer outlives those who ask it. */
static const struct role {
        const char *name;
        void (*argv)(struct launcher *l, const char **argv);   /* fills up to ARGV_MAX, NULL-ended */
        const char *needs;                                     /* file in DIR/run that should be there first */
} roles[ROLE_COUNT] = {
        { "signer", argv_signer, NULL },
        { "office", argv_office, "signer.sock" },
        { "courier", argv_courier, "office-courier.sock" },
        { "render", argv_render, NULL },
        { "nginx", argv_nginx, "office-user.sock" },
        [ROLE_GATE] = { "gate", argv_gate, "nginx.pid" },
};

/* ---- words ---- */

static int copy_absolute(char to[PATH_ROOM], const char *path, struct err *e)
{
        char real[PATH_MAX];

        if (!realpath(path, real))
                return err_errno(e, "'%s'", path);
        if ((size_t)snprintf(to, PATH_ROOM, "%s", real) >= PATH_ROOM)
                return err_set(e, ERR_TOO_BIG, "path '%s' is too long", path);
        return ERR_OK;
}

static int programs_default(struct launcher *l, struct err *e)
{
        ssize_t n = readlink("/proc/self/exe", l->programs, sizeof(l->programs) - 1);
        char *slash;

        if (n <= 0)
                return err_errno(e, "where this program lies");
        l->programs[n] = 0;
        slash = strrchr(l->programs, '/');
        if (slash)
                *slash = 0;
        return ERR_OK;
}

static int port_read(uint16_t *port, const char *word, struct err *e)
{
        uint64_t v;

        if (!str_u64(str_of(word), UINT16_MAX, &v) || !v)
                return err_set(e, ERR_INPUT, "'%s' is not a port", word);
        *port = (uint16_t)v;
        return ERR_OK;
}

/* Ports of the command line, else those that init or practice settled, else those of the manual. */
static int ports_read(struct launcher *l, const char *user_port, const char *machine_port, struct err *e)
{
        struct places settled = { .user_port = PLACES_USER_PORT, .machine_port = PLACES_MACHINE_PORT };
        char office[PATH_ROOM + 32];
        int r;

        path_in(office, sizeof(office), l, "office");
        r = places_read(&settled, office, e);
        if (r < 0 && r != ERR_ABSENT)
                return r;
        err_clear(e);
        l->user_port = settled.user_port;
        l->machine_port = settled.machine_port;
        r = user_port ? port_read(&l->user_port, user_port, e) : ERR_OK;
        return r == ERR_OK && machine_port ? port_read(&l->machine_port, machine_port, e) : r;
}

static int options_read(struct launcher *l, const char *data_dir, int argc, char *const *argv, struct err *e)
{
        const char *programs = NULL, *web = "/usr/share/sekisho/web", *template = "/usr/share/sekisho/nginx/sekisho.conf.in";
        const char *user_port = NULL, *machine_port = NULL;
        const struct { const char *name; const char **to; } options[] = {
                { "--programs", &programs }, { "--web", &web }, { "--template", &template }, { "--user-port", &user_port },
                { "--machine-port", &machine_port }, { "--netns", &l->netns }, { "--lan", &l->lan },
        };
        struct stat st;
        char *slash;
        int r;

        for (int i = 0; i < argc; i++) {
                bool *flag = strcmp(argv[i], "--everywhere") == 0 ? &l->everywhere : strcmp(argv[i], "--gate") == 0 ? &l->with_gate : NULL;
                size_t k = 0;

                if (flag) {
                        *flag = true;
                        continue;
                }
                while (k < countof(options) && strcmp(options[k].name, argv[i]) != 0)
                        k++;
                if (k == countof(options) || i + 1 == argc)
                        return err_set(e, ERR_INPUT, "launch: '%s' is unknown or lacks its value", argv[i]);
                *options[k].to = argv[++i];
        }
        if ((r = copy_absolute(l->data, data_dir, e)) < 0 || (r = ports_read(l, user_port, machine_port, e)) < 0 || (r = copy_absolute(l->web, web, e)) < 0 ||
            (r = copy_absolute(l->template, template, e)) < 0 ||
            (r = programs ? copy_absolute(l->programs, programs, e) : programs_default(l, e)) < 0)
                return r;
        if (strlen(l->data) + strlen("/run/office-machine.sock") > SOCKET_PATH_MAX)
                return err_set(e, ERR_TOO_BIG, "'%s' is too long: socket paths below it must fit into %d bytes", l->data, SOCKET_PATH_MAX);
        (void)snprintf(l->sekishod, sizeof(l->sekishod), "%s/sekishod", l->programs);
        (void)snprintf(l->gate, sizeof(l->gate), "%s/sekisho-gate", l->programs);
        path_in(l->conf, sizeof(l->conf), l, "nginx/nginx.conf");
        path_in(l->gate_dir, sizeof(l->gate_dir), l, "gate");
        memcpy(l->pages, l->template, sizeof(l->pages));
        slash = strrchr(l->pages, '/');
        (void)snprintf(slash, sizeof(l->pages) - (size_t)(slash - l->pages), "/errors");
        if (stat(l->data, &st) < 0)
                return err_errno(e, "'%s'", l->data);
        l->uid = st.st_uid;
        l->gid = st.st_gid;
        l->become = geteuid() == 0 && st.st_uid != 0;
        (void)snprintf(l->uid_text, sizeof(l->uid_text), "%u", (unsigned)st.st_uid);
        (void)snprintf(l->gid_text, sizeof(l->gid_text), "%u", (unsigned)st.st_gid);
        return ERR_OK;
}

/* ---- what an earlier launcher left ---- */

/* True when the process's standard error is one of our logs. */
static bool is_ours(const struct launcher *l, const char *pid)
{
        char link[64], target[PATH_ROOM + 64], log[PATH_ROOM + 64];
        ssize_t n;

        (void)snprintf(link, sizeof(link), "/proc/%.20s/fd/2", pid);
        n = readlink(link, target, sizeof(target) - 1);
        if (n <= 0)
                return false;
        target[n] = 0;
        for (size_t i = 0; i < ROLE_COUNT; i++) {
                (void)snprintf(log, sizeof(log), "%s/log/%s.log", l->data, roles[i].name);
                if (strcmp(target, log) == 0)
                        return true;
        }
        return false;
}

static void leftovers_end(const struct launcher *l)
{
        DIR *proc = opendir("/proc");
        uint64_t pid;

        if (!proc)
                return;
        for (const struct dirent *d; (d = readdir(proc));)
                if (str_u64(str_of(d->d_name), INT32_MAX, &pid) && (pid_t)pid != getpid() && is_ours(l, d->d_name)) {
                        log_say(LOG_WARN, "process %s was left by an earlier launcher: ended", d->d_name);
                        (void)kill((pid_t)pid, SIGKILL);
                }
        (void)closedir(proc);
}

static int lock_take(int *lock, const struct launcher *l, struct err *e)
{
        char path[PATH_ROOM + 32], pid[16];

        path_in(path, sizeof(path), l, "run/launcher.lock");

        scoped(fd_close) int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644); /* ./run looks, as another user */

        if (fd < 0)
                return err_errno(e, "open '%s'", path);
        if (flock(fd, LOCK_EX | LOCK_NB) < 0)
                return errno == EWOULDBLOCK ? err_set(e, ERR_BUSY, "another launcher runs '%s'", l->data) : err_errno(e, "lock '%s'", path);
        (void)snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
        if (ftruncate(fd, 0) < 0 || write(fd, pid, strlen(pid)) < 0) /* for people and ./run stop; only the lock counts */
                return err_errno(e, "write '%s'", path);
        *lock = take_fd(fd);
        return ERR_OK;
}

/* ---- roles ---- */

static bool role_wanted(const struct launcher *l, size_t i)
{
        return i != ROLE_GATE || l->with_gate;
}

static void status_write(struct launcher *l)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        char path[PATH_ROOM + 32];
        struct err e = { 0 };

        l->changed = false;
        for (size_t i = 0; i < ROLE_COUNT; i++)
                if (role_wanted(l, i))
                        buf_printf(&b, "%s\t%d\t%s\t%u\n", roles[i].name, (int)l->roles[i].pid,
                                   l->roles[i].pid && !l->roles[i].enrolling ? "up" : "down", l->roles[i].starts);
        path_in(path, sizeof(path), l, "run/launcher.status");
        if (file_replace(path, buf_view(&b), 0644, &e) < 0)
                log_err(&e, "status");
}

static int role_start(struct launcher *l, size_t i, struct err *e)
{
        const char *argv[ARGV_MAX] = { NULL }, **own = argv;
        char log[PATH_ROOM + 64];
        int r;

        if (l->become && i != ROLE_GATE) { /* the owner before the program's first instruction; dies with us all the same */
                const char *const become[] = { "/usr/bin/setpriv", "--reuid", l->uid_text, "--regid", l->gid_text, "--clear-groups",
                                               "--pdeathsig", "SIGKILL", "--" };

                for (size_t k = 0; k < countof(become); k++)
                        *own++ = become[k];
        }
        roles[i].argv(l, own);
        (void)snprintf(log, sizeof(log), "%s/log/%s.log", l->data, roles[i].name);

        scoped(fd_close) int out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640);

        if (out < 0)
                return err_errno(e, "open '%s'", log);
        r = spawn_start(&l->roles[i].pid,
                        &(struct spawn){ .argv = argv, .in = -1, .out = out, .errfd = out, .own_group = true, .die_with_parent = true }, e);
        if (r < 0)
                l->roles[i].pid = 0;
        return r;
}

/* Starts what is due. Returns when to look again. */
static utime_t roles_start(struct launcher *l, utime_t now, utime_t launched)
{
        utime_t next = now + LOOK_AGAIN;

        for (size_t i = 0; i < ROLE_COUNT; i++) {
                struct state *s = &l->roles[i];
                char needs[PATH_ROOM + 64];
                struct err e = { 0 };

                if (s->pid || !role_wanted(l, i))
                        continue;
                (void)snprintf(needs, sizeof(needs), "%s/run/%s", l->data, roles[i].needs ? roles[i].needs : "");
                if (s->due <= now && roles[i].needs && !file_exists(needs) && now < launched + WAIT_FOR)
                        s->due = now + 20 * UTIME_MS;
                if (s->due > now) {
                        next = s->due < next ? s->due : next;
                        continue;
                }
                s->starts++;
                s->began = now;
                s->pause = s->pause ? (s->pause * 2 < RESTART_LAST ? s->pause * 2 : RESTART_LAST) : RESTART_FIRST;
                if (role_start(l, i, &e) < 0) {
                        log_err(&e, "%s does not start", roles[i].name);
                        s->due = now + s->pause;
                        next = s->due < next ? s->due : next;
                }
                l->changed = true;
        }
        return next;
}

static void enrolment_ended(struct launcher *l, int status)
{
        char path[PATH_ROOM + 32];

        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
                return;
        path_in(path, sizeof(path), l, "gate/code");
        (void)unlink(path); /* one use; if it stays, enrolling again fails and says so */
        l->roles[ROLE_GATE].due = 0;
        l->roles[ROLE_GATE].pause = 0;
        log_say(LOG_NOTICE, "gate is enrolled");
}

static void role_ended(struct launcher *l, size_t i, int status, utime_t now, bool ending)
{
        struct state *s = &l->roles[i];
        bool enrolled = s->enrolling;

        (void)kill(-s->pid, SIGKILL); /* what it left in its group (nginx's workers) must not hold the ports */
        s->pid = 0;
        l->changed = true;
        if (ending)
                return;
        if (now - s->began >= SOUND_AFTER)
                s->pause = 0;
        s->due = now + (s->pause ? s->pause : RESTART_FIRST);
        if (WIFSIGNALED(status))
                log_say(LOG_WARN, "%s ended by signal %d, again in %d ms", roles[i].name, WTERMSIG(status), (int)((s->due - now) / UTIME_MS));
        else if (!enrolled || WEXITSTATUS(status) != 0)
                log_say(LOG_WARN, "%s ended with status %d, again in %d ms", roles[i].name, WEXITSTATUS(status), (int)((s->due - now) / UTIME_MS));
        if (enrolled) {
                s->enrolling = false;
                enrolment_ended(l, status);
        }
}

/* Reaps everything, ours and the orphans that fell to us. Returns how many roles still run. */
static size_t reap(struct launcher *l, bool ending)
{
        utime_t now = clock_boot();
        size_t left = 0;
        int status;

        for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
                for (size_t i = 0; i < ROLE_COUNT; i++)
                        if (l->roles[i].pid == pid)
                                role_ended(l, i, status, now, ending);
        for (size_t i = 0; i < ROLE_COUNT; i++)
                left += l->roles[i].pid != 0;
        return left;
}

/* Waits for one of `set` until `until`; 0 when the time has come. */
static int wait_signal(const sigset_t *set, utime_t until)
{
        int left = clock_left_ms(until), no;
        struct timespec ts = { .tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000L };

        no = sigtimedwait(set, NULL, &ts);
        return no > 0 ? no : 0;
}

/* Last started, first ended. Each has a share of the grace; then it is killed. */
static void roles_end(struct launcher *l, const sigset_t *set)
{
        utime_t last = clock_boot() + END_GRACE;

        for (size_t i = ROLE_COUNT; i-- > 0;) {
                utime_t until = clock_boot() + END_GRACE / 2;

                if (!l->roles[i].pid)
                        continue;
                (void)kill(-l->roles[i].pid, SIGTERM);
                while (reap(l, true), l->roles[i].pid && clock_boot() < (until < last ? until : last))
                        (void)wait_signal(set, clock_boot() + 50 * UTIME_MS);
                if (!l->roles[i].pid)
                        continue;
                log_say(LOG_WARN, "%s does not end: killed", roles[i].name);
                (void)kill(-l->roles[i].pid, SIGKILL);
                while (reap(l, true), l->roles[i].pid)
                        (void)wait_signal(set, clock_boot() + 50 * UTIME_MS);
        }
}

static int conf_write(const struct launcher *l, bool as_root, struct err *e)
{
        const struct nginx_conf conf = {
                .template = l->template, .data = l->data, .web = l->web, .pages = l->pages, .user_port = l->user_port,
                .machine_port = l->machine_port, .everywhere = l->everywhere, .ipv6 = file_exists("/proc/net/if_inet6"),
                .as_root = as_root,
        };

        return nginx_conf_write(&conf, e);
}

static int prepare(struct launcher *l, int *lock, struct err *e)
{
        static const char *const dirs[] = { "run", "log" };
        static const char *const stale[] = { "signer.sock", "office-user.sock", "office-machine.sock", "office-courier.sock", "render.sock", "nginx.pid",
                                             "launcher.status" };
        static const char *const given[] = { "run", "run/launcher.lock", "log", "nginx", "nginx/nginx.conf", "nginx/body", "nginx/scgi", "nginx/proxy", "nginx/fastcgi", "nginx/uwsgi" };
        char path[PATH_ROOM + 64];
        int r;

        for (size_t i = 0; i < countof(dirs); i++) {
                path_in(path, sizeof(path), l, dirs[i]);
                if ((r = dir_make(path, 0700, e)) < 0)
                        return r;
        }
        r = lock_take(lock, l, e);
        if (r < 0)
                return r;
        leftovers_end(l);
        for (size_t i = 0; i < countof(stale); i++) {
                (void)snprintf(path, sizeof(path), "%s/run/%s", l->data, stale[i]);
                (void)unlink(path); /* nobody of ours runs: what is there is stale */
        }
        r = conf_write(l, geteuid() == 0 && !l->become, e);
        for (size_t i = 0; r == ERR_OK && l->become && i < countof(given); i++) {
                path_in(path, sizeof(path), l, given[i]);
                if (lchown(path, l->uid, l->gid) < 0 && errno != ENOENT)
                        r = err_errno(e, "give '%s' to its owner", path);
        }
        return r;
}

/* Somebody deleted DIR below us: nobody could end us any more, and what we hold (ports, files without a name) is in the way. */
static bool data_is_gone(int lock)
{
        struct stat st;

        return fstat(lock, &st) == 0 && st.st_nlink == 0;
}

int launcher_main(const char *data_dir, int argc, char *const *argv, struct err *e)
{
        static const int heard[] = { SIGCHLD, SIGTERM, SIGINT, SIGHUP };
        scoped(fd_close) int lock = -1;
        struct launcher l = { 0 };
        sigset_t set;
        utime_t launched;
        int r = options_read(&l, data_dir, argc, argv, e);

        if (r < 0)
                return r;
        sigemptyset(&set);
        for (size_t i = 0; i < countof(heard); i++)
                sigaddset(&set, heard[i]);
        if (sigprocmask(SIG_BLOCK, &set, NULL) < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
                return err_errno(e, "launcher");
        r = prepare(&l, &lock, e);
        if (r < 0)
                return r;

        (void)setenv("SEKISHO_WEB", l.web, 1);      /* where the office finds verify.html; no thread reads it yet */
        log_say(LOG_NOTICE, "starting '%s'", l.data);
        launched = clock_boot();
        for (bool ending = false; !ending;) {
                utime_t next = roles_start(&l, clock_boot(), launched);
                int no;

                if (l.changed)
                        status_write(&l);
                no = wait_signal(&set, next);
                ending = no == SIGTERM || no == SIGINT || no == SIGHUP || data_is_gone(lock);
                if (!ending)
                        (void)reap(&l, false);
        }
        log_say(LOG_NOTICE, "ending");
        roles_end(&l, &set);
        if (!data_is_gone(lock))
                status_write(&l);
        return ERR_OK;
}

int launcher_nginx_main(const char *data_dir, int argc, char *const *argv, struct err *e)
{
        struct launcher l = { 0 };
        int r = options_read(&l, data_dir, argc, argv, e);

        return r < 0 ? r : conf_write(&l, false, e);
}
