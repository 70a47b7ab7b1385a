/* courier.c - see courier.h. */
#include "server/courier/courier.h"

#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <poll.h>

#include "core/text/text.h"
#include "link/scgi_call.h"
#include "sys/log.h"
#include "sys/sandbox.h"

enum { PATH_ROOM = 1024, POLL_MS = 1000, CALL_MS = 5000, FACILITY_LOCAL0_NOTICE = 16 * 8 + 5 };

struct courier { char socket[PATH_ROOM], notices[PATH_ROOM]; int sink; };

SCOPED(json_decref, json_t *)

static int call(json_t **out, const struct courier *c, const char *method, const char *uri, struct str request, struct err *e)
{
        scoped(buf_done) struct buf room = BUF_INIT;
        struct str body;
        int status = 0;
        int r = scgi_call(&status, &body, &room, c->socket, method, uri, request, NULL, clock_boot() + CALL_MS * UTIME_MS, e);

        if (r < 0)
                return r;
        *out = status == 200 ? json_loadb(body.p, body.n, JSON_REJECT_DUPLICATES, NULL) : NULL;
        return *out ? ERR_OK : err_set(e, ERR_IO, "%s %s: status %d", method, uri, status);
}

/* RFC 5424: "<PRI>1 TIME HOST APP PROCID MSGID SD MSG". Ids only: people's names stay in the office. */
static int write_notice(const struct courier *c, const json_t *item, bool practice, struct err *e)
{
        scoped(buf_done) struct buf line = BUF_INIT, words = BUF_INIT;
        const json_t *body = json_object_get(item, "body"), *args = json_object_get(body, "args"), *ref = json_object_get(body, "ref");
        const char *key = json_string_value(json_object_get(body, "key")), *at = json_string_value(json_object_get(item, "at"));
        const char *texts[ERR_ARGS_MAX] = { 0 };
        char subject[ERR_KEY_MAX];
        size_t n = 0, i;
        json_t *v;
        int r;

        if (!key || !at)
                return err_set(e, ERR_INPUT, "notice without key or time");
        json_array_foreach(args, i, v)
                if (n < countof(texts))
                        texts[n++] = json_string_value(json_is_object(v) ? json_object_get(v, "en") : v);
        if (practice)
                buf_text(&words, "[練習 practice] ");
        (void)snprintf(subject, sizeof(subject), "%s.subject", key);
        for (i = 0; i < n; i++)
                if (texts[i] && *texts[i] == '@')
                        texts[i] = text_get(LANG_EN, texts[i] + 1);
        text_format(&words, LANG_EN, subject, texts, n);
        buf_printf(&line, "<%d>1 %s - sekisho-courier - %s [notice@32473 ref=\"%s\" id=\"%lld\"] %s\n", FACILITY_LOCAL0_NOTICE, at, key,
                   json_is_string(ref) ? json_string_value(ref) : "", (long long)json_integer_value(json_object_get(item, "id")), buf_view(&words).p);
        if (buf_bad(&line))
                return err_set(e, ERR_NOMEM, "notice");
        r = fd_write_all(c->sink, buf_view(&line), e);
        return r == ERR_OK && fdatasync(c->sink) < 0 ? err_errno(e, "notices") : r;
}

static int deliver_all(const struct courier *c, struct err *e)
{
        scoped(json_decref) json_t *doc = NULL;
        json_t *item;
        size_t i;
        int r = call(&doc, c, "GET", "/c/v1/outbox?sink=log", STR(""), e);

        if (r < 0)
                return r;
        json_array_foreach(json_object_get(doc, "items"), i, item) {
                scoped(json_decref) json_t *done = NULL;
                char said[160];

                (void)snprintf(said, sizeof(said), "{\"sink\":\"log\",\"items\":[{\"id\":%lld,\"who\":\"\",\"state\":\"done\",\"why\":\"\"}]}",
                               (long long)json_integer_value(json_object_get(item, "id")));
                r = write_notice(c, item, json_is_true(json_object_get(doc, "practice")), e);
                if (r == ERR_OK)
                        r = call(&done, c, "POST", "/c/v1/outbox/settle", str_of(said), e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

/* A courier that died while it wrote left half a line: end it, or the next notice would hang on to it. */
static int end_torn_line(const struct courier *c, struct err *e)
{
        off_t size = lseek(c->sink, 0, SEEK_END);
        char last = '\n';

        if (size < 0 || (size > 0 && pread(c->sink, &last, 1, size - 1) != 1))
                return err_errno(e, "'%s'", c->notices);
        return last == '\n' ? ERR_OK : fd_write_all(c->sink, STR("\n"), e);
}

static int enter_sandbox(const struct courier *c, struct err *e)
{
        const char *write[] = { c->notices, NULL };
        struct sandbox s = { .write = write, .sockets = SANDBOX_UNIX };
        int r = sandbox_enter(&s, e);

        if (r == SANDBOX_PARTIAL)
                log_say(LOG_WARN, "sandbox: %s", e->text);
        return r < 0 ? r : ERR_OK;
}

int courier_main(const char *data_dir, struct err *e)
{
        struct courier c = { .sink = -1 };
        bool told = false;
        sigset_t set;
        struct pollfd wake = { .events = POLLIN };
        int r;

        if ((size_t)snprintf(c.socket, sizeof(c.socket), "%s/run/office-courier.sock", data_dir) >= sizeof(c.socket))
                return err_set(e, ERR_TOO_BIG, "data directory path too long");
        (void)snprintf(c.notices, sizeof(c.notices), "%s/log/notices.log", data_dir);
        c.sink = open(c.notices, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (c.sink < 0)
                return err_errno(e, "open '%s'", c.notices);
        r = end_torn_line(&c, e);
        if (r < 0)
                return r;
        sigemptyset(&set);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGINT);
        (void)sigprocmask(SIG_BLOCK, &set, NULL);
        wake.fd = signalfd(-1, &set, SFD_CLOEXEC);
        r = wake.fd < 0 ? err_errno(e, "signal descriptor") : enter_sandbox(&c, e);
        if (r < 0)
                return r;
        log_say(LOG_NOTICE, "courier delivers to %s", c.notices);
        for (;;) {
                struct err why = { 0 };

                if (deliver_all(&c, &why) < 0 && !told)
                        log_err(&why, "notices wait in the outbox"); /* once; they are tried for ever */
                told = *why.text != 0;
                if (poll(&wake, 1, POLL_MS) > 0)
                        return ERR_OK;
        }
}
