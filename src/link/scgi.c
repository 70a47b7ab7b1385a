/* scgi.c - see scgi.h. */
#include "link/scgi.h"

#include "link/spool.h"

static const struct { const char *name; size_t offset; } params[] = {
#define X(field, name) { name, offsetof(struct scgi_request, field) },
        SCGI_PARAMS(X)
#undef X
};

static const struct { const char *name; enum method method; } methods[] = {
        { "GET", METHOD_GET }, { "POST", METHOD_POST }, { "HEAD", METHOD_HEAD },
};

/* The next NUL-ended text. */
static bool next_text(struct str *rest, struct str *out)
{
        const char *end = rest->n ? memchr(rest->p, 0, rest->n) : NULL;

        if (!end)
                return false;
        *out = (struct str){ rest->p, (size_t)(end - rest->p) };
        rest->n -= out->n + 1;
        rest->p = end + 1;
        return true;
}

static int set_param(struct scgi_request *r, struct str name, struct str value, struct err *e)
{
        for (size_t i = 0; i < countof(params); i++) {
                struct str *at = (struct str *)(void *)((char *)r + params[i].offset);

                if (!str_is(name, params[i].name))
                        continue;
                if (at->p)
                        return err_set(e, ERR_INPUT, "parameter %s given twice", params[i].name);
                *at = value;
                return ERR_OK;
        }
        return ERR_OK; /* not one of ours */
}

/* Paths are ours: letters, digits, - _ . : and /, no "//", no "/." segment. Anything else is no route, so refuse it early. */
static bool path_ok(struct str p)
{
        if (!p.n || p.n > SCGI_PATH_MAX || p.p[0] != '/')
                return false;
        for (size_t i = 0; i < p.n; i++) {
                char c = p.p[i];
                bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == ':' || c == '/';

                if (!word || (c == '/' && i + 1 < p.n && (p.p[i + 1] == '/' || p.p[i + 1] == '.')))
                        return false;
        }
        return true;
}

static int set_target(struct scgi_request *r, struct err *e)
{
        size_t i;

        for (i = 0; i < countof(methods); i++)
                if (str_is(r->request_method, methods[i].name))
                        break;
        if (i == countof(methods))
                return err_key(e, ERR_METHOD, "common.method.unknown", "", NULL);
        r->method = methods[i].method;

        if (!str_cut(r->request_uri, '?', &r->path, &r->query)) {
                r->path = r->request_uri;
                r->query = STR("");
        }
        if (!path_ok(r->path) || r->query.n > SCGI_QUERY_MAX)
                return err_key(e, ERR_ABSENT, "common.route.absent", "", NULL);
        return ERR_OK;
}

int scgi_parse(struct scgi_request *out, struct str headers, struct arena *a, struct err *e)
{
        struct scgi_request r = { 0 };
        struct str rest = headers, name, value;
        bool first = true;
        uint64_t length;

        (void)a;
        while (rest.n) {
                int x;

                if (!next_text(&rest, &name) || !next_text(&rest, &value))
                        return err_set(e, ERR_INPUT, "header block is cut");
                if (first && !str_is(name, "CONTENT_LENGTH"))
                        return err_set(e, ERR_INPUT, "CONTENT_LENGTH is not first");
                first = false;
                x = set_param(&r, name, value, e);
                if (x < 0)
                        return x;
        }
        if (!str_is(r.scgi, "1") || !str_u64(r.content_length, SIZE_MAX / 2, &length))
                return err_set(e, ERR_INPUT, "not an SCGI request");
        r.body.n = (size_t)length; /* announced; scgi_read() fetches it */
        for (size_t i = 0; i < countof(params); i++) {
                struct str *at = (struct str *)(void *)((char *)&r + params[i].offset);

                if (!at->p)
                        *at = STR("");
        }
        int x = set_target(&r, e);

        if (x < 0)
                return x;
        *out = r;
        return ERR_OK;
}

/* "<digits>:" in front of the header block. */
static int read_length(size_t *out, int fd, utime_t deadline, struct err *e)
{
        char digits[8];
        uint64_t v;

        for (size_t n = 0; n < sizeof(digits); n++) {
                int r = sock_read(fd, digits + n, 1, deadline, e);

                if (r < 0)
                        return r;
                if (digits[n] == ':') {
                        if (!str_u64((struct str){ digits, n }, SCGI_HEADERS_MAX, &v) || !v)
                                break;
                        *out = (size_t)v;
                        return ERR_OK;
                }
        }
        return err_set(e, ERR_INPUT, "bad netstring length");
}

static int read_body(struct scgi_request *q, int fd, utime_t deadline, struct arena *a, const char *spool, struct err *e)
{
        char *p;

        if (q->body.n > SCGI_MEMORY_MAX) {
                int r = spool_take(&q->body, q->body.n, fd, deadline, spool, e);

                q->spooled = r == ERR_OK;
                return r;
        }
        p = arena_alloc(a, q->body.n);
        if (!p)
                return err_set(e, ERR_NOMEM, "request body");
        q->body.p = p;
        return sock_read(fd, p, q->body.n, deadline, e);
}

int scgi_read(struct scgi_request *out, int fd, struct arena *a, const struct scgi_door *door, struct err *e)
{
        utime_t start = clock_boot();
        size_t n = 0;
        char *p;
        int r = read_length(&n, fd, start + SCGI_HEADER_MS * UTIME_MS, e);

        if (r < 0)
                return r;
        p = arena_alloc(a, n + 1);
        if (!p)
                return err_set(e, ERR_NOMEM, "request headers");
        r = sock_read(fd, p, n + 1, start + SCGI_HEADER_MS * UTIME_MS, e);
        if (r < 0)
                return r;
        if (p[n] != ',')
                return err_set(e, ERR_INPUT, "netstring does not end in a comma");
        r = scgi_parse(out, (struct str){ p, n }, a, e);
        if (r < 0)
                return r;
        if (!out->body.n) {
                out->body = STR("");
                return ERR_OK;
        }
        r = door->admit(door->ctx, out, e);
        if (r == ERR_OK && out->body.n > SCGI_BODY_MAX)
                r = err_key(e, ERR_TOO_BIG, "common.body.big", "", NULL);
        if (r == ERR_OK)
                r = read_body(out, fd, start + SCGI_BODY_MS * UTIME_MS, a, door->spool, e);
        if (r < 0)
                out->body = STR("");
        return r;
}

void scgi_done(struct scgi_request *r)
{
        if (r->spooled)
                spool_done(r->body);
        r->body = STR("");
        r->spooled = false;
}

/* ---- fields ---- */

static int hex_digit(char c)
{
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int decode_percent(struct str *out, struct str s, struct arena *a, struct err *e)
{
        char *to = arena_alloc(a, s.n + 1);
        size_t n = 0;

        if (!to)
                return err_set(e, ERR_NOMEM, "field");
        for (size_t i = 0; i < s.n; i++) {
                if (s.p[i] == '%') {
                        bool whole = i + 2 < s.n;
                        int hi = whole ? hex_digit(s.p[i + 1]) : -1, lo = whole ? hex_digit(s.p[i + 2]) : -1;

                        if (hi < 0 || lo < 0)
                                return err_key(e, ERR_INPUT, "common.form.encoding", "", NULL);
                        to[n++] = (char)(hi << 4 | lo);
                        i += 2;
                } else {
                        to[n++] = s.p[i] == '+' ? ' ' : s.p[i];
                }
        }
        *out = (struct str){ to, n };
        return ERR_OK;
}

int scgi_field(struct str *out, struct str encoded, const char *name, struct arena *a, struct err *e)
{
        struct str rest = encoded, part, found = { 0 };
        bool more = rest.n > 0;

        while (more) {
                struct str key, value;

                more = str_cut(rest, '&', &part, &rest);
                if (!more)
                        part = rest;
                if (!str_cut(part, '=', &key, &value) || !str_is(key, name))
                        continue;
                if (found.p)
                        return err_key(e, ERR_INPUT, "common.field.twice", name, NULL);
                found = value;
        }
        return found.p ? decode_percent(out, found, a, e) : err_set(e, ERR_ABSENT, "no field %s", name);
}

int scgi_fields_known(struct str encoded, const char *const *names, struct err *e)
{
        struct str rest = encoded, part, key, value;
        bool more = rest.n > 0;

        while (more) {
                bool known = false;

                more = str_cut(rest, '&', &part, &rest);
                if (!more)
                        part = rest;
                if (!str_cut(part, '=', &key, &value))
                        key = part;
                for (size_t i = 0; names[i]; i++)
                        known |= str_is(key, names[i]);
                if (!known)
                        return err_key(e, ERR_INPUT, "common.parameter.unknown", "", NULL);
        }
        return ERR_OK;
}

struct str scgi_cookie(struct str header, const char *name)
{
        struct str rest = header, part, key, value, found = { 0 };
        bool more = rest.n > 0;

        while (more) {
                more = str_cut(rest, ';', &part, &rest);
                if (!more)
                        part = rest;
                if (!str_cut(str_trim(part), '=', &key, &value) || !str_is(key, name))
                        continue;
                if (found.p)
                        return STR("");
                found = value;
        }
        return found.p ? found : STR("");
}

/* ---- out ---- */

void scgi_head_format(struct buf *out, const struct scgi_answer *a, uint64_t body_bytes)
{
        buf_printf(out, "Status: %d\r\n", a->status);
        if (a->type)
                buf_printf(out, "Content-Type: %s\r\n", a->type);
        buf_printf(out, "Content-Length: %llu\r\n", (unsigned long long)body_bytes);
        buf_str(out, a->headers);
        buf_text(out, "\r\n");
}

void scgi_format(struct buf *out, const struct scgi_answer *a)
{
        scgi_head_format(out, a, a->body.n);
        buf_str(out, a->body);
}

void scgi_request_format(struct buf *out, struct str body, const char *const *pairs)
{
        scoped(buf_done) struct buf h = BUF_INIT;

        buf_printf(&h, "CONTENT_LENGTH%c%zu%cSCGI%c1%c", 0, body.n, 0, 0, 0);
        for (size_t i = 0; pairs[i]; i++)
                buf_add(&h, pairs[i], strlen(pairs[i]) + 1);
        if (buf_bad(&h))
                out->bad = true;
        buf_printf(out, "%zu:", h.n);
        buf_str(out, buf_view(&h));
        buf_char(out, ',');
        buf_str(out, body);
}
