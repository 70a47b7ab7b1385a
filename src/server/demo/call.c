/* call.c - see demo.h. The route's own shape, checks and act run; what a browser adds (session, CSRF word) is not asked for. */
#include "server/demo/demo.h"

#include "server/office/api/route.h"

json_t *demo_text(struct str s)
{
        return json_stringn(s.p ? s.p : "", s.n);
}

static int run_route(struct reply *reply, struct demo *d, const char *person, const struct scgi_request *r, struct arena *a, struct err *e)
{
        struct request rq = { .office = d->office, .db = d->db, .arena = a, .scgi = (struct scgi_request *)(uintptr_t)r, .now = d->now, .lang = LANG_JA, .fd = -1 };
        const struct route *route;
        int x = route_find(&route, &rq.param, r, PORT_USER, e);

        if (x == ERR_OK)
                x = query_actor(&rq.session.who, d->db, person, d->now, a, e);
        return x < 0 ? x : route->run(&rq, reply, e);
}

int demo_call(json_t **out, struct demo *d, const char *person, const char *path, json_t *body, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(json_decref) json_t *given = body;
        char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
        struct scgi_request r = { .method = body ? METHOD_POST : METHOD_GET, .path = str_of(path), .body = str_of(text) };
        struct reply reply = { .status = 200 };
        int x = body && !text ? err_set(e, ERR_NOMEM, "request") : run_route(&reply, d, person, &r, &a, e);

        if (x < 0)
                x = err_wrap(e, x, "%s", path);
        if (x == ERR_OK && out)
                *out = json_incref(reply.json);
        json_decref(reply.json);
        buf_done(&reply.text);
        buf_done(&reply.headers);
        free(text);
        return x;
}
