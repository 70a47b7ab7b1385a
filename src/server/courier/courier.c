/* courier.c - see courier.h. */
#include "server/courier/courier.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>

#include "server/courier/desk.h"
#include "server/courier/sink.h"
#include "sys/clock.h"
#include "sys/files.h"
#include "sys/log.h"
#include "sys/sandbox.h"

enum { PATH_ROOM = 1024, LOOK_MS = 250, SAY_S = 20, END_S = 5 };

struct courier {
        char            data[PATH_ROOM], dir[PATH_ROOM], office[PATH_ROOM];     /* DIR, DIR/courier, the office's socket */
        struct settings settings;
        struct sink    *sinks[SETTINGS_SINKS_MAX];
        pthread_t       threads[SETTINGS_SINKS_MAX];
        size_t          sinks_count, threads_count;
        atomic_bool     stop;
        bool            practice;
};

static void *run(void *arg)
{
        sink_run(arg);
        return NULL;
}

static void print_mistake(void *ctx, const struct err *mistake)
{
        scoped(buf_done) struct buf words = BUF_INIT;

        text_err(&words, LANG_JA, mistake);
        buf_text(&words, "\n  ");
        text_err(&words, LANG_EN, mistake);
        (void)fprintf(stderr, "%s\n", buf_view(&words).p);
}

static int paths(struct courier *c, const char *data_dir, struct err *e)
{
        if ((size_t)snprintf(c->data, sizeof(c->data), "%s", data_dir) >= sizeof(c->data) - 64)
                return err_set(e, ERR_TOO_BIG, "data directory path too long");
        (void)snprintf(c->dir, sizeof(c->dir), "%.900s/courier", data_dir);
        (void)snprintf(c->office, sizeof(c->office), "%.900s/run/office-courier.sock", data_dir);
        return dir_make(c->dir, 0700, e);
}

/* The log is made before the sandbox names it. */
static int enter_sandbox(const struct courier *c, struct err *e)
{
        char log[PATH_ROOM];
        const char *write[] = { c->dir, log, NULL };
        const char *read[] = { "-/etc/hosts", "-/etc/resolv.conf", "-/etc/nsswitch.conf", "-/etc/host.conf", "-/etc/gai.conf", "-/run/systemd/resolve",
                               "-/etc/ssl/openssl.cnf", "-/usr/lib", "-/lib", "-/etc/ld.so.cache", "-/dev/urandom", NULL };
        bool goes_out = false;
        struct sandbox box = { .read = read, .write = write, .sockets = SANDBOX_UNIX };
        scoped(fd_close) int fd = -1;
        int r;

        (void)snprintf(log, sizeof(log), "%.900s/log/notices.log", c->data);
        fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
                return err_errno(e, "open '%s'", log);
        for (size_t i = 0; i < c->settings.sinks_count; i++)
                goes_out |= c->settings.sinks[i].kind != SINK_FILE;
        if (goes_out) {
                box.sockets |= SANDBOX_INET | SANDBOX_NETLINK;
                box.tcp_connect = true;
        }
        r = sandbox_enter(&box, e);
        if (r == SANDBOX_PARTIAL)
                log_say(LOG_WARN, "sandbox: %s", e->text);
        return r < 0 ? err_wrap(e, r, "sandbox") : ERR_OK;
}

/* ---- what the office is told of the sinks ---- */

static json_t *sinks_json(struct courier *c)
{
        json_t *list = json_array();

        for (size_t i = 0; i < c->settings.sinks_count; i++) {
                const struct sink_settings *set = &c->settings.sinks[i];
                struct sink *s = i < c->sinks_count ? c->sinks[i] : NULL;
                const char *state = "unknown";
                char why[WHY_ROOM] = "";

                if (s) {
                        (void)pthread_mutex_lock(&s->board.lock);
                        state = !s->board.tried ? state : s->board.waits ? "waits" : "works";
                        s->board.changed = false;
                        (void)snprintf(why, sizeof(why), "%s", s->board.why);
                        (void)pthread_mutex_unlock(&s->board.lock);
                }
                (void)json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "id", set->id, "kind", sink_kinds[set->kind], "state", state, "why", why));
        }
        return json_pack("{s:o}", "sinks", list);
}

static bool has_news(struct courier *c)
{
        bool news = false;

        for (size_t i = 0; i < c->sinks_count; i++) {
                (void)pthread_mutex_lock(&c->sinks[i]->board.lock);
                news |= c->sinks[i]->board.changed;
                (void)pthread_mutex_unlock(&c->sinks[i]->board.lock);
        }
        return news;
}

static int say_sinks(struct courier *c, struct err *e)
{
        scoped(json_decref) json_t *said = NULL;
        int r = desk_post(&said, c->office, "/c/v1/sinks", sinks_json(c), e);

        c->practice = r == ERR_OK && json_is_true(json_object_get(said, "practice"));
        return r;
}

/* ---- threads ---- */

/* The office knows the sinks before the first of them asks for its notices. */
static int start_sinks(struct courier *c, struct err *e)
{
        int r = say_sinks(c, e);

        for (size_t i = 0; r == ERR_OK && i < c->sinks_count; i++) {
                if (c->practice && c->settings.sinks[i].kind != SINK_FILE) {
                        log_say(LOG_NOTICE, "practice: nothing goes to sink '%s'", c->settings.sinks[i].id);
                        continue;
                }
                if (pthread_create(&c->threads[c->threads_count], NULL, run, c->sinks[i]) != 0)
                        return err_set(e, ERR_NOMEM, "thread of sink '%s'", c->settings.sinks[i].id);
                c->threads_count++;
        }
        if (r == ERR_OK)
                log_say(LOG_NOTICE, "courier delivers to %zu sinks", c->threads_count);
        return r;
}

/* A name that is being looked up cannot be hurried: after a while the process ends with it. What was taken is durable already. */
static bool end_sinks(struct courier *c)
{
        struct timespec until;
        bool all = true;

        atomic_store(&c->stop, true);
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += END_S;
        for (size_t i = 0; i < c->threads_count; i++)
                all &= pthread_timedjoin_np(c->threads[i], NULL, &until) == 0;
        return all;
}

static int serve(struct courier *c, int signals, struct err *e)
{
        struct pollfd wake = { .fd = signals, .events = POLLIN };
        utime_t said_at = 0;
        bool told = false;

        for (;;) {
                struct err why = { 0 };
                int r = ERR_OK;

                if (!c->threads_count)
                        r = start_sinks(c, &why);
                else if (has_news(c) || clock_boot() - said_at > SAY_S * UTIME_S)
                        r = say_sinks(c, &why);
                else
                        r = 1;
                if (r == ERR_OK)
                        said_at = clock_boot();
                if (r == ERR_NOMEM) {
                        if (e)
                                *e = why;
                        return r;
                }
                if (r < 0 && !told)
                        log_err(&why, "the office does not answer"); /* once; it is asked for ever */
                told = r < 0 || (told && r == 1);
                if (poll(&wake, 1, LOOK_MS) > 0)
                        return ERR_OK;
        }
}

static int open_all(struct courier *c, struct err *e)
{
        int r = settings_load(&c->settings, c->dir, print_mistake, NULL, e);

        if (r == ERR_OK)
                r = enter_sandbox(c, e);
        for (size_t i = 0; r == ERR_OK && i < c->settings.sinks_count; i++) {
                r = sink_new(&c->sinks[i], &c->settings.sinks[i], c->data, c->office, c->settings.digest_minute, &c->stop, e);
                if (r == ERR_OK)
                        c->sinks_count++;
        }
        return r;
}

int courier_main(const char *data_dir, struct err *e)
{
        struct courier *c = calloc(1, sizeof(*c));
        scoped(fd_close) int signals = -1;
        sigset_t set;
        bool ended;
        int r = c ? paths(c, data_dir, e) : err_set(e, ERR_NOMEM, "courier");

        if (r < 0) {
                free(c);
                return r;
        }
        sigemptyset(&set);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGINT);
        (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
        (void)signal(SIGPIPE, SIG_IGN);
        signals = signalfd(-1, &set, SFD_CLOEXEC);
        r = signals < 0 ? err_errno(e, "signal descriptor") : open_all(c, e);
        if (r == ERR_OK)
                r = serve(c, signals, e);
        ended = end_sinks(c);
        if (!ended)
                return r; /* a thread still uses it; the process ends now */
        for (size_t i = 0; i < c->sinks_count; i++)
                c->sinks[i] = sink_free(c->sinks[i]);
        settings_done(&c->settings);
        free(c);
        return r;
}
