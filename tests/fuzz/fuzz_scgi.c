/* fuzz_scgi.c - header blocks, and the same bytes as form fields and as a cookie header: what is taken keeps its promises. */
#include "link/scgi.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        static const char *const names[] = { "view", "after", NULL };
        struct str bytes = { (const char *)data, n }, value, cookie;
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct scgi_request q = { 0 };

        if (scgi_parse(&q, bytes, &a, NULL) == ERR_OK &&
            (!q.path.n || q.path.p[0] != '/' || q.path.n > SCGI_PATH_MAX || q.query.n > SCGI_QUERY_MAX || memmem(q.path.p, q.path.n, "/.", 2) ||
             memmem(q.path.p, q.path.n, "//", 2) || memchr(q.path.p, 0, q.path.n)))
                __builtin_trap();
        if (scgi_field(&value, bytes, "view", &a, NULL) == ERR_OK && value.n > n)
                __builtin_trap();
        (void)scgi_fields_known(bytes, names, NULL);
        cookie = scgi_cookie(bytes, "s");
        if (cookie.n && (cookie.p < bytes.p || cookie.p + cookie.n > bytes.p + n || memchr(cookie.p, ';', cookie.n)))
                __builtin_trap();
        return 0;
}
