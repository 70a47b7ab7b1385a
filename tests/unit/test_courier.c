/* The courier's own: settings held against their table, and a memory that survives what a dying process leaves. */
#include "server/courier/memory.h"

#include <ftw.h>
#include <sys/stat.h>

#include "server/courier/settings.h"
#include "server/courier/sink.h"
#include "sys/files.h"

#include "unit.h"

static char dir[64];

static int make_dir(void **state)
{
        (void)snprintf(dir, sizeof(dir), "/tmp/sekisho-courier.XXXXXX");
        return mkdtemp(dir) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
        return remove(path);
}

static int remove_dir(void **state)
{
        return nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void put(const char *name, const char *text, mode_t mode)
{
        char path[128];
        struct err e = { 0 };

        (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
        assert_ok(file_replace(path, str_of(text), mode, &e), e);
        assert_int_equal(chmod(path, mode), 0);
}

#define HEAD "digest_at: \"09:05\"\nsinks:\n"
#define MAIL "  - id: m\n    kind: mail\n    server: \"mail.example\"\n    from: \"a@b.example\"\n"

static void settings_are_as_written_or_refused_with_their_line(void **state)
{
        static const struct { const char *name, *text, *key, *place; } cases[] = {
                { "a log",                 HEAD "  - id: log\n    kind: file\n", "", "" },
                { "mail in the clear",     HEAD MAIL "    security: none\n", "", "" },
                { "mail",                  HEAD MAIL "    security: starttls\n    ca_file: ca.pem\n    user: x\n    password_file: secret\n", "", "" },
                { "webhook",               HEAD "  - id: w\n    kind: webhook\n    server: h\n    path: \"/x\"\n    ca_file: ca.pem\n    secret_file: secret\n", "", "" },
                { "no sink",               "digest_at: \"09:05\"\n", "courier.settings.none", ":1" },
                { "nothing",               "", "pack.tree.yaml", ":1" },
                { "not YAML",              "sinks: [", "pack.tree.yaml", ":1" },
                { "a key that is none",    HEAD MAIL "    securety: none\n", "courier.settings.unknown", ":7" },
                { "of another kind",       HEAD "  - id: log\n    kind: file\n    port: 1\n", "courier.settings.unknown", ":5" },
                { "no such kind",          HEAD "  - id: log\n    kind: fax\n", "courier.settings.kind", ":4" },
                { "a bad id",              HEAD "  - id: \"../x\"\n    kind: file\n", "courier.settings.id", ":3" },
                { "two of one id",         HEAD "  - id: log\n    kind: file\n  - id: log\n    kind: file\n", "courier.settings.twice", ":5" },
                { "a missing key",         HEAD MAIL, "courier.settings.missing", ":3" },
                { "a bad port",            HEAD MAIL "    security: none\n    port: 70000\n", "courier.settings.value", ":8" },
                { "a bad address",         HEAD "  - id: m\n    kind: mail\n    server: h\n    from: \"a b\"\n    security: none\n", "courier.settings.value", ":6" },
                { "a name with a blank",   HEAD "  - id: m\n    kind: mail\n    server: \"a b\"\n    from: \"a@b.c\"\n    security: none\n", "courier.settings.value", ":5" },
                { "TLS without a CA",      HEAD MAIL "    security: tls\n", "courier.settings.missing", ":3" },
                { "a password in the clear", HEAD MAIL "    security: none\n    user: x\n    password_file: secret\n", "courier.settings.password-open", ":3" },
                { "a secret others read",  HEAD MAIL "    security: tls\n    ca_file: ca.pem\n    user: x\n    password_file: open\n", "courier.settings.file-open", ":10" },
                { "a file elsewhere",      HEAD MAIL "    security: tls\n    ca_file: \"../ca.pem\"\n", "courier.settings.file-name", ":8" },
                { "a file that is not",    HEAD MAIL "    security: tls\n    ca_file: none.pem\n", "courier.settings.file-missing", ":8" },
                { "two lines of secret",   HEAD MAIL "    security: tls\n    ca_file: ca.pem\n    user: x\n    password_file: two\n", "courier.settings.file-empty", ":10" },
                { "no hour",               "digest_at: \"24:00\"\nsinks:\n  - id: log\n    kind: file\n", "courier.settings.value", ":1" },
        };

        put("ca.pem", "-----BEGIN CERTIFICATE-----\n", 0644);
        put("secret", "word\n", 0600);
        put("open", "word\n", 0644);
        put("two", "a\nb\n", 0600);
        for (size_t i = 0; i < countof(cases); i++) {
                struct settings s;
                struct err e = { 0 };
                int r;

                put("settings.yaml", cases[i].text, 0600);
                r = settings_load(&s, dir, NULL, NULL, &e);
                if ((r == ERR_OK) != !*cases[i].key || strcmp(e.key, cases[i].key) != 0 || (*cases[i].key && !strstr(e.args[0], cases[i].place)))
                        fail_msg("%s: want '%s' at '%s', got '%s' at '%s' (%s)", cases[i].name, cases[i].key, cases[i].place, e.key, e.args[0], e.text);
                if (r == ERR_OK)
                        assert_true(s.sinks_count == 1 && s.digest_minute == 9 * 60 + 5);
                if (r == ERR_OK && s.sinks[0].secret.n)
                        assert_true(str_is(s.sinks[0].secret, "word"));
                settings_done(&s);
        }
}

static void without_a_file_there_is_the_log(void **state)
{
        struct settings s;
        struct err e = { 0 };

        assert_ok(settings_load(&s, dir, NULL, NULL, &e), e);
        assert_true(s.sinks_count == 1 && s.sinks[0].kind == SINK_FILE);
        assert_text(s.sinks[0].id, "log");
        settings_done(&s);
}

static const char tag[] = "0123456789abcdef", other[] = "fedcba9876543210";

static void what_was_delivered_is_known_after_a_death(void **state)
{
        char path[128];
        struct memory *m = NULL;
        struct err e = { 0 };
        struct stat st;

        (void)snprintf(path, sizeof(path), "%s/m.sent", dir);
        assert_ok(memory_open(&m, path, &e), e);
        assert_ok(memory_add(m, 7, tag, "p", &e), e);
        assert_ok(memory_add(m, 8, tag, "-", &e), e);
        assert_ok(memory_sync(m, &e), e);
        m = memory_close(m);
        assert_ok(memory_open(&m, path, &e), e);
        assert_true(memory_has(m, 7, tag, "p") && memory_has(m, 8, tag, "-"));
        assert_false(memory_has(m, 7, tag, "q") || memory_has(m, 7, other, "p") || memory_has(m, 9, tag, "p"));
        memory_forget(m, 7);
        assert_false(memory_has(m, 7, tag, "p"));
        assert_true(memory_has(m, 8, tag, "-"));
        memory_forget(m, 8);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_size, 0);
        m = memory_close(m);
}

static void a_torn_line_is_as_if_it_were_not_there(void **state)
{
        static const char whole[] = "s 7 0123456789abcdef p\n", rest[] = "s 8 0123456789abcdef longer-name\n";
        char path[128], text[200];

        (void)snprintf(path, sizeof(path), "%s/t.sent", dir);
        for (size_t cut = 0; cut <= strlen(rest); cut++) {
                struct memory *m = NULL;
                struct err e = { 0 };

                (void)snprintf(text, sizeof(text), "%s%.*s", whole, (int)cut, rest);
                assert_ok(file_replace(path, str_of(text), 0600, &e), e);
                assert_ok(memory_open(&m, path, &e), e);
                assert_true(memory_has(m, 7, tag, "p"));
                assert_int_equal(memory_has(m, 8, tag, "longer-name"), cut == strlen(rest));
                assert_ok(memory_add(m, 9, tag, "p", &e), e);
                m = memory_close(m);
                assert_ok(memory_open(&m, path, &e), e);
                assert_true(memory_has(m, 7, tag, "p") && memory_has(m, 9, tag, "p"));
                m = memory_close(m);
        }
}

static void the_days_mail_leaves_at_its_hour(void **state)
{
        const utime_t noon = 20544 * UTIME_DAY + 3 * UTIME_HOUR, day = 20544 * UTIME_DAY - 9 * UTIME_HOUR;
        const int minute = 8 * 60 + 30;

        assert_int_equal(sink_digest_cut(noon, minute), day + minute * UTIME_MIN);
        assert_int_equal(sink_digest_cut(day + minute * UTIME_MIN, minute), day + minute * UTIME_MIN);
        assert_int_equal(sink_digest_cut(day + minute * UTIME_MIN - 1, minute), day + minute * UTIME_MIN - UTIME_DAY);
        assert_int_equal(sink_digest_cut(day, 0), day);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(settings_are_as_written_or_refused_with_their_line, make_dir, remove_dir),
                cmocka_unit_test_setup_teardown(without_a_file_there_is_the_log, make_dir, remove_dir),
                cmocka_unit_test_setup_teardown(what_was_delivered_is_known_after_a_death, make_dir, remove_dir),
                cmocka_unit_test_setup_teardown(a_torn_line_is_as_if_it_were_not_there, make_dir, remove_dir),
                cmocka_unit_test(the_days_mail_leaves_at_its_hour),
        };

        return unit_run("courier", tests);
}
