/* render.c - see render.h. */
#include "server/render/render.h"

#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "link/render_call.h"
#include "server/render/kinds.h"
#include "sys/files.h"
#include "sys/sandbox.h"

enum { OPEN_MAX_FDS = 8 };

SCOPED(json_decref, json_t *)

static int limit(int what, rlim_t most, struct err *e)
{
        struct rlimit l = { most, most };

        return setrlimit((__rlimit_resource_t)what, &l) < 0 ? err_errno(e, "limit %d", what) : 0;
}

/* Nothing but 0, 1, 2 and the file in memory stays open; 2 takes a last word for the log. */
int render_give_up(struct err *e)
{
        struct sandbox nothing = { .best_effort = false };
        int r = limit(RLIMIT_CPU, RENDER_SECONDS, e);

        if (r == 0)
                r = limit(RLIMIT_FSIZE, RENDER_OUT_MAX, e);
        if (r == 0)
                r = limit(RLIMIT_NOFILE, OPEN_MAX_FDS, e);
        if (r == 0)
                r = limit(RLIMIT_CORE, 0, e);
#ifndef __SANITIZE_ADDRESS__                      /* its shadow alone is larger */
        if (r == 0)
                r = limit(RLIMIT_AS, RENDER_MEMORY, e);
#endif
        (void)alarm(RENDER_SECONDS);              /* SIGALRM ends the process */
        return r < 0 ? r : sandbox_enter(&nothing, e);
}

static int read_input(struct buf *in, struct err *e)
{
        char room[64 * 1024];
        ssize_t n;

        while ((n = read(0, room, sizeof(room))) > 0) {
                if (in->n + (size_t)n > RENDER_IN_MAX + RENDER_KIND_MAX)
                        return err_key(e, ERR_TOO_BIG, "grid.big", "", "render", "20000", "100", (char *)NULL);
                buf_add(in, room, (size_t)n);
        }
        return n < 0 ? err_errno(e, "input") : buf_bad(in) ? err_set(e, ERR_NOMEM, "no memory for the input") : 0;
}

static int job(struct buf *out, const char *kind, struct err *e)
{
        scoped(buf_done) struct buf in = BUF_INIT;
        bool framed = strcmp(kind, "socket") == 0;
        struct str name = str_of(kind), rest;
        const struct render_kind *k;
        int r = read_input(&in, e);

        if (r < 0)
                return r;
        rest = buf_view(&in);
        if (framed && !str_cut(rest, '\n', &name, &rest))
                return err_set(e, ERR_INPUT, "no kind in the first line");
        k = kinds_find(name);
        return k ? k->run(out, rest, e) : err_set(e, ERR_INPUT, "no kind '%.*s'", (int)(name.n < 64 ? name.n : 64), name.p);
}

static void write_refusal(struct buf *out, const struct err *e)
{
        scoped(json_decref) json_t *args = json_array();
        scoped(json_decref) json_t *j = NULL;
        char *text;

        for (int i = 0; i < e->nargs; i++)
                (void)json_array_append_new(args, json_string(e->args[i]));
        j = json_pack("{s:s, s:O}", "key", *e->key ? e->key : "grid.render.died", "args", args);
        text = j ? json_dumps(j, JSON_COMPACT) : NULL;
        buf_text(out, text ? text : "{}");
        free(text);
}

int render_main(const char *kind, struct err *e)
{
        scoped(buf_done) struct buf out = BUF_INIT, answer = BUF_INIT;
        bool framed = strcmp(kind, "socket") == 0;
        int r, w;

        (void)close_range(3, ~0u, 0);
        r = kinds_prepare(e);
        if (r == 0)
                r = render_give_up(e);
        if (r < 0)
                return r;                         /* before any input was read: nothing to answer */
        r = job(&out, kind, e);
        if (framed)
                buf_text(&answer, r < 0 ? "error\n" : "ok\n");
        if (r < 0)
                write_refusal(&answer, e);
        w = buf_bad(&answer) ? ERR_NOMEM : fd_write_all(1, buf_view(&answer), e);
        if (w == 0 && r == 0)
                w = fd_write_all(1, buf_view(&out), e);
        return r < 0 ? r : w;
}
