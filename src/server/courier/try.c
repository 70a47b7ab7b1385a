/* try.c - sekishod courier-test: see courier.h. */
#include <signal.h>

#include "core/notice/mail.h"
#include "server/courier/courier.h"
#include "server/courier/sink.h"
#include "sys/clock.h"

static void say(const char *key, const char *sink, const char *more)
{
        const char *args[] = { sink, more };

        for (int lang = 0; lang < LANG_COUNT; lang++) {
                scoped(buf_done) struct buf words = BUF_INIT;

                text_format(&words, lang, key, args, countof(args));
                (void)printf("%s\n", buf_view(&words).p);
        }
}

static void say_mistake(void *ctx, const struct err *mistake)
{
        for (int lang = 0; lang < LANG_COUNT; lang++) {
                scoped(buf_done) struct buf words = BUF_INIT;

                text_err(&words, lang, mistake);
                (void)fprintf(stderr, "%s\n", buf_view(&words).p);
        }
}

static int send_one(struct sink *s, const char *address, struct err *e)
{
        struct notice_item item = { .id = 1, .tag = "test", .at = clock_now(), .key = "notice.test", .ref = "", .link = "" };
        const struct notice_item *items[] = { &item };
        struct parcel p = { .items = items, .items_count = 1, .who = "-", .mail = address, .lang = LANG_JA };
        int r;

        s->now = item.at;
        (void)snprintf(s->host, sizeof(s->host), "localhost");
        s->with = s->way->open(s, e);
        r = s->with ? s->way->deliver(s, &p, 1, e) : ERR_IO;
        if (r == ERR_OK && p.state != PARCEL_TAKEN)
                r = err_set(e, ERR_IO, "%s", p.why);
        return r;
}

int courier_test_main(const char *data_dir, int argc, char *const *argv, struct err *e)
{
        scoped(settings_done) struct settings settings = { 0 };
        const struct sink_settings *set = NULL;
        struct sink *s = calloc(1, sizeof(*s));
        const atomic_bool stop = false;
        const char *to = argc > 1 ? argv[1] : NULL;
        struct err why = { 0 };
        char dir[1024];
        int r = s && argc >= 1 && argc <= 2 ? ERR_OK : err_key(e, ERR_INPUT, "courier.test.words", "", NULL);

        (void)snprintf(dir, sizeof(dir), "%.900s/courier", data_dir);
        if (r == ERR_OK)
                r = settings_load(&settings, dir, say_mistake, NULL, e);
        for (size_t i = 0; r == ERR_OK && i < settings.sinks_count; i++)
                if (strcmp(settings.sinks[i].id, argv[0]) == 0)
                        set = &settings.sinks[i];
        if (r == ERR_OK && !set)
                r = err_key(e, ERR_INPUT, "courier.test.sink", "", argv[0], NULL);
        if (r == ERR_OK && to && !mail_address_ok(str_of(to)))
                r = err_key(e, ERR_INPUT, "courier.test.address", "", to, NULL);
        if (r < 0) {
                free(s);
                return r;
        }
        (void)signal(SIGPIPE, SIG_IGN);
        *s = (struct sink){ .set = set, .data_dir = data_dir, .way = way_of(set->kind), .stop = &stop };
        r = send_one(s, to ? to : set->from, &why);
        say(r < 0 ? "courier.test.failed" : set->kind == SINK_MAIL ? "courier.test.mailed" : "courier.test.sent", set->id, r < 0 ? why.text : to ? to : set->from);
        if (s->with)
                s->way->close(s->with);
        free(s);
        return r < 0 ? err_set(e, r, "%s", why.text) : ERR_OK;
}
