/* test_nginx_conf.c - a path never becomes configuration. (What nginx makes of it: tests/net/nginx_conf.py.) */
#include "server/nginx_conf.h"

#include "unit.h"

static const struct nginx_conf base = {
        .data = "/srv/d", .web = "/srv/w", .pages = "/srv/p", .user_port = 8443, .machine_port = 8444, .ipv6 = true,
};

static void names_are_filled_in(void **state)
{
        scoped(buf_done) struct buf out = BUF_INIT;
        struct err e = { 0 };
        struct nginx_conf c = base;

        assert_ok(nginx_conf_fill(&out, STR("# says @DATA@ and @X\n@USER@a @DATA@/x@WEB@;\n@USER_LISTEN@\n@MACHINE_LISTEN@"), &c, &e), e);
        assert_text(out.p, "# says @DATA@ and @X\na /srv/d/x/srv/w;\n        listen 127.0.0.1:8443 ssl http2;\n        listen [::1]:8443 ssl http2;\n"
                           "        listen 127.0.0.1:8444 ssl http2;\n        listen [::1]:8444 ssl http2;\n");
        buf_clear(&out);
        c.everywhere = c.as_root = true;
        c.ipv6 = false;
        assert_ok(nginx_conf_fill(&out, STR("@USER@\n@USER_LISTEN@\n"), &c, &e), e);
        assert_text(out.p, "user root root;\n        listen 8443 ssl http2;\n");
}

static void a_template_with_a_mistake_is_refused(void **state)
{
        static const char *const bad[] = { "@NOPE@", "a@b", "@", "@data@", "@@", "@DATA @" };

        for (size_t i = 0; i < countof(bad); i++) {
                scoped(buf_done) struct buf out = BUF_INIT;
                struct err e = { 0 };

                if (nginx_conf_fill(&out, str_of(bad[i]), &base, &e) != ERR_INPUT)
                        fail_msg("'%s' was accepted", bad[i]);
        }
}

static void a_path_that_could_be_configuration_is_refused(void **state)
{
        static const char *const bad[] = { "relative", "", "/a\"b", "/a;b", "/a$b", "/a\nb", "/a{b", "/a}b", "/a\\b", "/a:b", "/a@b", "/a\x7f" };
        static const char *const good[] = { "/a b", "/ホーム/山田", "/a-b_c+d.e", "/a'b" };
        scoped(buf_done) struct buf out = BUF_INIT;
        struct err e = { 0 };

        for (size_t i = 0; i < countof(bad); i++) {
                struct nginx_conf c = base;

                c.data = bad[i];
                if (nginx_conf_fill(&out, STR("x"), &c, &e) != ERR_INPUT)
                        fail_msg("'%s' was accepted", bad[i]);
        }
        for (size_t i = 0; i < countof(good); i++) {
                struct nginx_conf c = base;

                c.web = good[i];
                assert_ok(nginx_conf_fill(&out, STR("x"), &c, &e), e);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(names_are_filled_in),
                cmocka_unit_test(a_template_with_a_mistake_is_refused),
                cmocka_unit_test(a_path_that_could_be_configuration_is_refused),
        };

        return unit_run("nginx_conf", tests);
}
