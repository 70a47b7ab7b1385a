/* render_call.c - see render_call.h. */
#include "link/render_call.h"

#include <jansson.h>
#include <sys/socket.h>

#include "core/text/text.h"
#include "sys/sock.h"

SCOPED(json_decref, json_t *)

static int read_all(struct buf *to, int fd, utime_t deadline, struct err *e)
{
        char room[64 * 1024];
        size_t got = 1;

        while (got) {
                int r = sock_read_some(fd, room, sizeof(room), deadline, &got, e);

                if (r < 0)
                        return r;
                if (to->n + got > RENDER_OUT_MAX)
                        return err_set(e, ERR_TOO_BIG, "render answers more than %d bytes", RENDER_OUT_MAX);
                buf_add(to, room, got);
        }
        return buf_bad(to) ? err_set(e, ERR_NOMEM, "no memory for what render answers") : 0;
}

/* The job's own refusal; its words are looked up where they are shown. */
static int refusal(struct str body, struct err *e)
{
        scoped(json_decref) json_t *j = json_loadb(body.p, body.n, JSON_REJECT_DUPLICATES, NULL);
        const char *key = json_string_value(json_object_get(j, "key")), *args[ERR_ARGS_MAX] = { 0 };
        const json_t *list = json_object_get(j, "args");

        for (size_t i = 0; i < ERR_ARGS_MAX; i++)
                args[i] = json_string_value(json_array_get(list, i));
        if (!key || !text_known(key))
                return err_set(e, ERR_IO, "render failed");
        return err_key(e, ERR_INPUT, key, "", args[0], args[1], args[2], args[3], (char *)NULL);
}

int render_call(struct buf *out, const char *socket, const char *kind, struct str in, utime_t deadline, struct err *e)
{
        scoped(fd_close) int fd = -1;
        scoped(buf_done) struct buf answer = BUF_INIT;
        char head[RENDER_KIND_MAX + 2];
        struct err broken = { 0 };
        int r;

        if (in.n > RENDER_IN_MAX)
                return err_key(e, ERR_TOO_BIG, "grid.big", "", kind, "20000", "100", (char *)NULL);
        (void)snprintf(head, sizeof(head), "%s\n", kind);
        r = sock_connect(&fd, socket, e);
        if (r == 0)
                r = sock_write(fd, str_of(head), deadline, e);
        if (r < 0)
                return r;
        (void)sock_write(fd, in, deadline, &broken);      /* a job that refused early has stopped reading: its answer says why */
        (void)shutdown(fd, SHUT_WR);
        r = read_all(&answer, fd, deadline, e);
        if (r < 0)
                return r;
        if (str_starts(buf_view(&answer), "ok\n")) {
                buf_add(out, answer.p + 3, answer.n - 3);
                return buf_bad(out) ? err_set(e, ERR_NOMEM, "no memory for what render answers") : 0;
        }
        if (str_starts(buf_view(&answer), "error\n"))
                return refusal((struct str){ answer.p + 6, answer.n - 6 }, e);
        return err_key(e, ERR_INPUT, "grid.render.died", "", (char *)NULL);
}
