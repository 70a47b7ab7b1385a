/* server.c - see server.h. */
#include "gate/server.h"

int server_parse(char host[SERVER_HOST], uint16_t *port, const char *text, struct err *e)
{
        const char *colon = strrchr(text, ':');
        size_t n = colon ? (size_t)(colon - text) : 0;
        uint64_t number;

        if (n > 2 && text[0] == '[' && text[n - 1] == ']') {
                text++;
                n -= 2;
        } else if (colon && memchr(text, ':', n)) {
                n = 0; /* an IPv6 address wants its brackets */
        }
        if (!n || n >= SERVER_HOST || !str_u64(str_of(colon + 1), UINT16_MAX, &number) || !number)
                return err_set(e, ERR_INPUT, "--server wants HOST:PORT");
        memcpy(host, text, n);
        host[n] = 0;
        *port = (uint16_t)number;
        return ERR_OK;
}

struct server_error server_error_parse(struct str body)
{
        struct server_error w = { .doc = json_loadb(body.p, body.n, JSON_REJECT_DUPLICATES, NULL) };
        const json_t *error = json_object_get(w.doc, "error");

        w.key = json_string_value(json_object_get(error, "key"));
        w.arg = json_string_value(json_array_get(json_object_get(error, "args"), 0));
        return w;
}

void server_error_done(struct server_error *w)
{
        json_decref(w->doc);
}
