/* desk.c - see desk.h. */
#include "server/courier/desk.h"

#include "link/scgi_call.h"

enum { CALL_MS = 5000 };

static int call(json_t **out, const char *socket, const char *method, const char *uri, struct str body, struct err *e)
{
        scoped(buf_done) struct buf room = BUF_INIT;
        struct str answer;
        json_t *doc;
        int status = 0;
        int r = scgi_call(&status, &answer, &room, socket, method, uri, body, NULL, clock_boot() + CALL_MS * UTIME_MS, e);

        if (r < 0)
                return err_wrap(e, r, "office");
        doc = status == 200 ? json_loadb(answer.p, answer.n, JSON_REJECT_DUPLICATES, NULL) : NULL;
        if (!doc)
                return err_set(e, ERR_INPUT, "office: %s %s: status %d", method, uri, status);
        *out = doc;
        return ERR_OK;
}

int desk_get(json_t **out, const char *socket, const char *uri, struct err *e)
{
        return call(out, socket, "GET", uri, STR(""), e);
}

int desk_post(json_t **out, const char *socket, const char *uri, json_t *body, struct err *e)
{
        char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
        int r = text ? call(out, socket, "POST", uri, str_of(text), e) : err_set(e, ERR_NOMEM, "office");

        free(text);
        json_decref(body);
        return r;
}
