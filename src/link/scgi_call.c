/* scgi_call.c - see scgi_call.h. */
#include "link/scgi_call.h"

enum { PAIRS_MAX = 32 };

static int read_all(struct buf *room, int fd, utime_t deadline, struct err *e)
{
        char chunk[8192];

        for (;;) {
                size_t got = 0;
                int r = sock_read_some(fd, chunk, sizeof(chunk), deadline, &got, e);

                if (r < 0 || !got)
                        return r;
                if (room->n + got > SCGI_ANSWER_MAX)
                        return err_set(e, ERR_TOO_BIG, "answer");
                buf_add(room, chunk, got);
        }
}

static int split(int *status, struct str *body, struct str all, struct err *e)
{
        const char *end = all.n ? memmem(all.p, all.n, "\r\n\r\n", 4) : NULL;
        uint64_t code;

        if (!end || !str_starts(all, "Status: ") || all.n < 11 || !str_u64((struct str){ all.p + 8, 3 }, 599, &code))
                return err_set(e, ERR_INPUT, "not an answer");
        *status = (int)code;
        *body = (struct str){ end + 4, all.n - (size_t)(end + 4 - all.p) };
        return ERR_OK;
}

int scgi_call(int *status, struct str *body, struct buf *room, const char *socket, const char *method, const char *uri, struct str request,
              const char *const *pairs, utime_t deadline, struct err *e)
{
        scoped(fd_close) int fd = -1;
        scoped(buf_done) struct buf out = BUF_INIT;
        const char *all[PAIRS_MAX + 5] = { "REQUEST_METHOD", method, "REQUEST_URI", uri };
        size_t n = 4;
        int r;

        for (size_t i = 0; pairs && pairs[i] && n < PAIRS_MAX + 4; i++)
                all[n++] = pairs[i];
        scgi_request_format(&out, request, all);
        if (buf_bad(&out))
                return err_set(e, ERR_NOMEM, "request");
        r = sock_connect(&fd, socket, e);
        if (r == ERR_OK)
                r = sock_write(fd, buf_view(&out), deadline, e);
        if (r == ERR_OK)
                r = read_all(room, fd, deadline, e);
        if (r == ERR_OK && buf_bad(room))
                r = err_set(e, ERR_NOMEM, "answer");
        return r < 0 ? r : split(status, body, buf_view(room), e);
}
