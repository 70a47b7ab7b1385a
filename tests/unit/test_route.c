/* Routes: nothing is reachable without a row, and every row says things that exist. */
#include "server/office/api/route.h"

#include "core/text/text.h"

#include "unit.h"

static struct scgi_request asked(enum method m, const char *path)
{
        return (struct scgi_request){ .method = m, .path = str_of(path) };
}

static void only_the_paths_of_the_table_are_found(void **state)
{
        static const struct { enum method method; const char *path; enum port port; int want; const char *param; } cases[] = {
                { METHOD_GET,  "/api/v1/applications",          PORT_USER,    ERR_OK,     "" },
                { METHOD_GET,  "/api/v1/applications/abc",      PORT_USER,    ERR_OK,     "abc" },
                { METHOD_POST, "/api/v1/applications/a/decide", PORT_USER,    ERR_OK,     "a" },
                { METHOD_HEAD, "/api/v1/status",                PORT_USER,    ERR_OK,     "" },
                { METHOD_HEAD, "/sign-out",                     PORT_USER,    ERR_METHOD, "" },
                { METHOD_GET,  "/sign-out",                     PORT_USER,    ERR_METHOD, "" },
                { METHOD_POST, "/api/v1/status",                PORT_USER,    ERR_METHOD, "" },
                { METHOD_GET,  "/api/v1/applications/",         PORT_USER,    ERR_ABSENT, "" },
                { METHOD_GET,  "/api/v1/applications/a/",       PORT_USER,    ERR_ABSENT, "" },
                { METHOD_GET,  "/api/v1/applications/a/b",      PORT_USER,    ERR_ABSENT, "" },
                { METHOD_POST, "/api/v1/applications//decide",  PORT_USER,    ERR_ABSENT, "" },
                { METHOD_POST, "/api/v1/applications/decide",   PORT_USER,    ERR_METHOD, "" },    /* that is the application "decide" */
                { METHOD_POST, "/api/v1/applications/a/decidex", PORT_USER,   ERR_ABSENT, "" },
                { METHOD_GET,  "/api/v1/statu",                 PORT_USER,    ERR_ABSENT, "" },
                { METHOD_GET,  "/api/v1/status/",               PORT_USER,    ERR_ABSENT, "" },
                { METHOD_GET,  "/API/v1/status",                PORT_USER,    ERR_ABSENT, "" },
                { METHOD_GET,  "/",                             PORT_USER,    ERR_ABSENT, "" },
                { METHOD_GET,  "/m/v1/grants",                  PORT_USER,    ERR_ABSENT, "" },
                { METHOD_GET,  "/m/v1/grants",                  PORT_MACHINE, ERR_OK,     "" },
                { METHOD_GET,  "/api/v1/status",                PORT_MACHINE, ERR_ABSENT, "" },
                { METHOD_GET,  "/c/v1/outbox",                  PORT_MACHINE, ERR_ABSENT, "" },
                { METHOD_POST, "/c/v1/outbox/settle",           PORT_COURIER, ERR_OK,     "" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                const struct route *route = NULL;
                struct scgi_request q = asked(cases[i].method, cases[i].path);
                struct str param;
                int r = route_find(&route, &param, &q, cases[i].port, NULL);

                if (r != cases[i].want || !str_is(param, cases[i].param) || (r == ERR_OK) != (route != NULL))
                        fail_msg("%s %s: got %d '%.*s'", method_name(cases[i].method), cases[i].path, r, (int)param.n, param.p);
        }
}

static void a_stream_has_no_head(void **state)
{
        struct scgi_request q = asked(METHOD_HEAD, "/m/v1/grants");
        const struct route *route;
        struct str param;

        assert_int_equal(route_find(&route, &param, &q, PORT_MACHINE, NULL), ERR_METHOD);
}

static void every_row_says_what_there_is(void **state)
{
        for (size_t i = 0; i < routes_count; i++) {
                const struct route *r = &routes[i];
                char path[200], key[80];
                const char *hole = strstr(r->path, "{}");
                struct scgi_request q;
                const struct route *found;
                struct str param;
                size_t names = *r->query ? 1 : 0;

                (void)snprintf(path, sizeof(path), "%.*s%s%s", hole ? (int)(hole - r->path) : (int)strlen(r->path), r->path, hole ? "x" : "", hole ? hole + 2 : "");
                q = asked(r->method, path);
                assert_int_equal(route_find(&found, &param, &q, r->port, NULL), ERR_OK);
                if (found != r)
                        fail_msg("%s %s is hidden by another row", method_name(r->method), r->path);
                if (!r->run || !r->owner || (r->method == METHOD_POST) != (r->body_max > 0) || r->body_max > SCGI_BODY_MAX)
                        fail_msg("%s %s: handler, owner or body limit", method_name(r->method), r->path);
                (void)snprintf(key, sizeof(key), "entry.%s", r->journal);
                if (strcmp(r->journal, "READ") != 0 && strcmp(r->journal, "LOCAL") != 0 && !text_known(key))
                        fail_msg("%s %s: no words for %s", method_name(r->method), r->path, key);
                if (r->method == METHOD_GET && strcmp(r->journal, "READ") != 0)
                        fail_msg("GET %s changes something", r->path);
                for (const char *c = r->query; *c; c++)
                        names += *c == ' ';
                if (names > 8 || strlen(r->query) > 63)
                        fail_msg("%s: more query parameters than serve.c has room for", r->path);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(only_the_paths_of_the_table_are_found),
                cmocka_unit_test(a_stream_has_no_head),
                cmocka_unit_test(every_row_says_what_there_is),
        };

        return unit_run("route", tests);
}
