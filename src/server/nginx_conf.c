/* nginx_conf.c - see nginx_conf.h. */
#include "server/nginx_conf.h"

#include "sys/files.h"

enum { TEMPLATE_MAX = 64 * 1024, NAME_MAX_BYTES = 32, PATH_ROOM = 1024 };

static void listen_lines(struct buf *out, const struct nginx_conf *c, uint16_t port)
{
        buf_printf(out, "        listen %s%u ssl http2;", c->everywhere ? "" : "127.0.0.1:", port);
        if (c->ipv6)
                buf_printf(out, "\n        listen %s:%u ssl http2%s;", c->everywhere ? "[::]" : "[::1]", port,
                           c->everywhere ? " ipv6only=on" : "");
}

static void put_user(struct buf *out, const struct nginx_conf *c)
{
        buf_text(out, c->as_root ? "user root root;" : "");
}

static void put_data(struct buf *out, const struct nginx_conf *c)           { buf_text(out, c->data); }
static void put_web(struct buf *out, const struct nginx_conf *c)            { buf_text(out, c->web); }
static void put_pages(struct buf *out, const struct nginx_conf *c)          { buf_text(out, c->pages); }
static void put_user_listen(struct buf *out, const struct nginx_conf *c)    { listen_lines(out, c, c->user_port); }
static void put_machine_listen(struct buf *out, const struct nginx_conf *c) { listen_lines(out, c, c->machine_port); }

static const struct { const char *name; void (*put)(struct buf *, const struct nginx_conf *); } names[] = {
        { "USER", put_user },
        { "DATA", put_data },
        { "WEB", put_web },
        { "PAGES", put_pages },
        { "USER_LISTEN", put_user_listen },
        { "MACHINE_LISTEN", put_machine_listen },
};

/* The template quotes its paths; what could end a quotation, name a variable or split a socket's address stays out. */
static bool path_is_safe(const char *path)
{
        for (const char *p = path; *p; p++)
                if ((unsigned char)*p < ' ' || *p == 0x7f || strchr("\"\\$:;{}@", *p))
                        return false;
        return *path == '/' && strlen(path) < PATH_ROOM / 2;
}

static bool put_named(struct buf *out, struct str name, const struct nginx_conf *c)
{
        for (size_t i = 0; i < countof(names); i++)
                if (str_is(name, names[i].name)) {
                        names[i].put(out, c);
                        return true;
                }
        return false;
}

/* Comments are left as they are: the template's own explanation speaks of @NAMES@. */
int nginx_conf_fill(struct buf *out, struct str template, const struct nginx_conf *c, struct err *e)
{
        const char *const paths[] = { c->data, c->web, c->pages };

        for (size_t i = 0; i < countof(paths); i++)
                if (!path_is_safe(paths[i]))
                        return err_set(e, ERR_INPUT, "path '%s' cannot stand in nginx.conf (no quotes, $ : ; { } @ or control characters)", paths[i]);

        for (struct str line, rest = template; rest.n;) {
                struct str left, name, right;

                if (!str_cut(rest, '\n', &line, &rest)) {
                        line = rest;
                        rest = STR("");
                }
                while (!str_starts(str_trim(line), "#") && str_cut(line, '@', &left, &right)) {
                        if (!str_cut(right, '@', &name, &right) || name.n > NAME_MAX_BYTES)
                                return err_set(e, ERR_INPUT, "a single @ in the template");
                        buf_str(out, left);
                        if (!put_named(out, name, c))
                                return err_set(e, ERR_INPUT, "unknown name @%.*s@ in the template", (int)name.n, name.p);
                        line = right;
                }
                buf_str(out, line);
                buf_char(out, '\n');
        }
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "nginx.conf") : ERR_OK;
}

int nginx_conf_write(const struct nginx_conf *c, struct err *e)
{
        static const char *const dirs[] = { "", "/body", "/scgi", "/proxy", "/fastcgi", "/uwsgi" };
        scoped(buf_done) struct buf template = BUF_INIT;
        scoped(buf_done) struct buf out = BUF_INIT;
        char path[PATH_ROOM];
        int r = file_read(&template, c->template, TEMPLATE_MAX, e);

        if (r < 0)
                return err_wrap(e, r, "nginx template");
        r = nginx_conf_fill(&out, buf_view(&template), c, e);
        if (r < 0)
                return err_wrap(e, r, "nginx template '%s'", c->template);

        for (size_t i = 0; i < countof(dirs); i++) {
                (void)snprintf(path, sizeof(path), "%s/nginx%s", c->data, dirs[i]); /* fits: path_is_safe */
                if ((r = dir_make(path, 0700, e)) < 0)
                        return r;
        }
        (void)snprintf(path, sizeof(path), "%s/nginx/nginx.conf", c->data);
        return file_replace(path, buf_view(&out), 0600, e);
}
