/* SCGI in: what nginx says is taken, anything else is refused with the reason that a person or the log can use. */
#include "link/scgi.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "link/spool.h"
#include "unit.h"

#define HEAD "CONTENT_LENGTH|0|SCGI|1|"
#define LINE(method, uri) HEAD "REQUEST_METHOD|" method "|REQUEST_URI|" uri "|"

static struct str bars(char *room, size_t size, const char *text)
{
        size_t n = strlen(text);

        assert_true(n < size);
        for (size_t i = 0; i < n; i++)
                room[i] = text[i];
        for (size_t i = 0; i < n; i++)
                if (room[i] == '|')
                        room[i] = 0;
        return (struct str){ room, n };
}

static void a_header_block_is_whole_and_names_our_things_once(void **state)
{
        static const struct { const char *name, *block, *want; } cases[] = {
                { "smallest", LINE("GET", "/"), "GET / ?" },
                { "query", LINE("GET", "/a/b?x=1&y=%20"), "GET /a/b ?x=1&y=%20" },
                { "empty query", LINE("GET", "/a?"), "GET /a ?" },
                { "post", "CONTENT_LENGTH|12|SCGI|1|REQUEST_METHOD|POST|REQUEST_URI|/x|", "POST /x ?" },
                { "head", LINE("HEAD", "/"), "HEAD / ?" },
                { "a stranger's name is skipped", LINE("GET", "/") "HTTP_X|y|HTTP_X|z|", "GET / ?" },
                { "an empty value is a value", LINE("GET", "/") "HTTP_COOKIE||", "GET / ?" },
                { "nothing at all", "", "input" },
                { "cut in a name", HEAD "REQUEST_MET", "input" },
                { "cut before a value", HEAD "REQUEST_METHOD|", "input" },
                { "cut in a value", LINE("GET", "/") "HTTP_COOKIE|abc", "input" },
                { "length is not first", "SCGI|1|CONTENT_LENGTH|0|REQUEST_METHOD|GET|REQUEST_URI|/|", "input" },
                { "no length", "SCGI|1|REQUEST_METHOD|GET|REQUEST_URI|/|", "input" },
                { "not SCGI", "CONTENT_LENGTH|0|REQUEST_METHOD|GET|REQUEST_URI|/|", "input" },
                { "SCGI of another kind", "CONTENT_LENGTH|0|SCGI|2|REQUEST_METHOD|GET|REQUEST_URI|/|", "input" },
                { "empty length", "CONTENT_LENGTH||SCGI|1|REQUEST_METHOD|GET|REQUEST_URI|/|", "input" },
                { "negative length", "CONTENT_LENGTH|-1|SCGI|1|REQUEST_METHOD|GET|REQUEST_URI|/|", "input" },
                { "length with a sign", "CONTENT_LENGTH|+1|SCGI|1|REQUEST_METHOD|GET|REQUEST_URI|/|", "input" },
                { "length with a leading zero", "CONTENT_LENGTH|01|SCGI|1|REQUEST_METHOD|GET|REQUEST_URI|/|", "input" },
                { "length beyond all", "CONTENT_LENGTH|99999999999999999999|SCGI|1|REQUEST_METHOD|GET|REQUEST_URI|/|", "input" },
                { "length twice", HEAD "CONTENT_LENGTH|0|REQUEST_METHOD|GET|REQUEST_URI|/|", "input" },
                { "path twice", LINE("GET", "/") "REQUEST_URI|/b|", "input" },
                { "cookie twice", LINE("GET", "/") "HTTP_COOKIE|a|HTTP_COOKIE|b|", "input" },
                { "no method", HEAD "REQUEST_URI|/|", "method" },
                { "unknown method", LINE("PUT", "/"), "method" },
                { "lower case method", LINE("get", "/"), "method" },
                { "no path", HEAD "REQUEST_METHOD|GET|", "absent" },
                { "path without slash", LINE("GET", "a"), "absent" },
                { "whole URL", LINE("GET", "http://h/a"), "absent" },
                { "star", LINE("GET", "*"), "absent" },
                { "double slash", LINE("GET", "//a"), "absent" },
                { "double slash inside", LINE("GET", "/a//b"), "absent" },
                { "dot segment", LINE("GET", "/a/../b"), "absent" },
                { "hidden file", LINE("GET", "/.git"), "absent" },
                { "escaped slash", LINE("GET", "/a%2fb"), "absent" },
                { "escaped letter", LINE("GET", "/%61"), "absent" },
                { "backslash", LINE("GET", "/a\\b"), "absent" },
                { "blank", LINE("GET", "/a b"), "absent" },
                { "semicolon", LINE("GET", "/a;b"), "absent" },
                { "not ASCII", LINE("GET", "/\xe7\x94\xb3"), "absent" },
                { "dots within a name", LINE("GET", "/a.b-c_d"), "GET /a.b-c_d ?" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                static const char *const methods[] = { "GET", "POST", "HEAD" };
                struct scgi_request q = { 0 };
                struct err e = { 0 };
                char room[512], got[200];
                int r = scgi_parse(&q, bars(room, sizeof(room), cases[i].block), &a, &e);

                if (r < 0)
                        (void)snprintf(got, sizeof(got), "%s", err_name(r));
                else
                        (void)snprintf(got, sizeof(got), "%s %.*s ?%.*s", methods[q.method], (int)q.path.n, q.path.p, (int)q.query.n, q.query.p);
                if (strcmp(got, cases[i].want) != 0)
                        fail_msg("%s: got '%s', want '%s'", cases[i].name, got, cases[i].want);
                if (r < 0 && q.path.n)
                        fail_msg("%s: refused, and yet the output changed", cases[i].name);
        }
}

static void the_longest_path_and_query_are_taken_and_no_longer_ones(void **state)
{
        static const struct { size_t path, query; int want; } cases[] = {
                { SCGI_PATH_MAX, 0, ERR_OK }, { SCGI_PATH_MAX + 1, 0, ERR_ABSENT }, { 2, SCGI_QUERY_MAX, ERR_OK }, { 2, SCGI_QUERY_MAX + 1, ERR_ABSENT },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                scoped(buf_done) struct buf b = BUF_INIT;
                struct scgi_request q;
                char room[64];

                buf_str(&b, bars(room, sizeof(room), HEAD "REQUEST_METHOD|GET|REQUEST_URI|/"));
                for (size_t k = 1; k < cases[i].path; k++)
                        buf_char(&b, 'a');
                if (cases[i].query)
                        buf_char(&b, '?');
                for (size_t k = 0; k < cases[i].query; k++)
                        buf_char(&b, 'q');
                buf_char(&b, 0);
                assert_int_equal(scgi_parse(&q, buf_view(&b), &a, NULL), cases[i].want);
        }
}

/* ---- from a socket ---- */

static int at_most_8(void *ctx, const struct scgi_request *r, struct err *e)
{
        return r->body.n > 8 ? err_set(e, ERR_TOO_BIG, "more than 8") : ERR_OK;
}
static const struct scgi_door small = { at_most_8, NULL, "/nonexistent" };

static int all(void *ctx, const struct scgi_request *r, struct err *e)
{
        return ERR_OK;
}

static void a_request_is_read_whole_or_refused(void **state)
{
        static const struct { const char *name, *bytes, *want; } cases[] = {
                { "no body", "57:" LINE("GET", "/") ",", "" },
                { "body", "57:CONTENT_LENGTH|5|SCGI|1|REQUEST_METHOD|GET|REQUEST_URI|/|,abcde", "abcde" },
                { "body and more", "57:CONTENT_LENGTH|5|SCGI|1|REQUEST_METHOD|GET|REQUEST_URI|/|,abcdefg", "abcde" },
                { "closed without a word", "", "absent" },
                { "cut in the length", "5", "io absent" },
                { "cut in the block", "57:CONTENT", "io" },
                { "cut in the body", "57:CONTENT_LENGTH|5|SCGI|1|REQUEST_METHOD|GET|REQUEST_URI|/|,abc", "io" },
                { "no comma", "57:" LINE("GET", "/") ";", "input" },
                { "length is not a number", "x7:", "input" },
                { "length with a leading zero", "057:" LINE("GET", "/") ",", "input" },
                { "length nought", "0:,", "input" },
                { "no length", ":" LINE("GET", "/") ",", "input" },
                { "length beyond the maximum", "49153:", "input" },
                { "length of many digits", "000000000000000057:", "input" },
                { "body beyond the route's limit", "57:CONTENT_LENGTH|9|SCGI|1|REQUEST_METHOD|GET|REQUEST_URI|/|,abcdefghi", "too-big" },
                { "body beyond memory", "66:CONTENT_LENGTH|9999999999|SCGI|1|REQUEST_METHOD|GET|REQUEST_URI|/|,", "too-big" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct scgi_request q = { 0 };
                struct err e = { 0 };
                char room[256], got[64];
                struct str bytes = bars(room, sizeof(room), cases[i].bytes);
                int fds[2], r;

                assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
                assert_int_equal(write(fds[0], bytes.p, bytes.n), (ssize_t)bytes.n);
                assert_int_equal(shutdown(fds[0], SHUT_WR), 0);
                r = scgi_read(&q, fds[1], &a, &small, &e);
                (void)snprintf(got, sizeof(got), "%.*s", r < 0 ? 40 : (int)q.body.n, r < 0 ? err_name(r) : q.body.p);
                if (r < 0 ? !strstr(cases[i].want, got) || !*cases[i].want : strcmp(got, cases[i].want) != 0)
                        fail_msg("%s: got '%s' (%s), want '%s'", cases[i].name, got, e.text, cases[i].want);
                (void)close(fds[0]);
                (void)close(fds[1]);
        }
}

/* ---- fields and cookies ---- */

static void a_field_is_decoded_strictly_and_given_once(void **state)
{
        static const struct { const char *encoded, *name, *want; } cases[] = {
                { "a=1", "a", "1" },
                { "a=1&b=2", "b", "2" },
                { "a=%E7%94%B3", "a", "\xe7\x94\xb3" },
                { "a=%41%2b%2B", "a", "A++" },
                { "a=x+y", "a", "x y" },
                { "a=", "a", "" },
                { "a=b=c", "a", "b=c" },
                { "aa=1", "a", "absent" },
                { "a", "a", "absent" },
                { "", "a", "absent" },
                { "&&a=1&", "a", "1" },
                { "a=1&a=2", "a", "input" },
                { "a=&a=", "a", "input" },
                { "a=%", "a", "input" },
                { "a=%4", "a", "input" },
                { "a=%4g", "a", "input" },
                { "a=%+1", "a", "input" },
                { "a=1&b=%", "a", "1" },          /* b's own reader finds it */
                { "%61=1", "a", "absent" },       /* names are ours and plain */
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct str v = STR("untouched");
                int r = scgi_field(&v, str_of(cases[i].encoded), cases[i].name, &a, NULL);

                if (r < 0 && !str_is(v, "untouched"))
                        fail_msg("%s: refused, and yet the output changed", cases[i].encoded);
                if (r < 0)
                        v = str_of(err_name(r));
                if (!str_is(v, cases[i].want))
                        fail_msg("%s: got '%.*s', want '%s'", cases[i].encoded, (int)v.n, v.p, cases[i].want);
        }
}

static void a_name_that_is_not_ours_is_refused(void **state)
{
        static const char *const names[] = { "view", "after", NULL };
        static const struct { const char *encoded; int want; } cases[] = {
                { "", ERR_OK }, { "view=mine", ERR_OK }, { "view", ERR_OK }, { "after=1&view=2", ERR_OK }, { "x=1", ERR_INPUT }, { "view=1&x", ERR_INPUT },
                { "View=1", ERR_INPUT }, { "view=1&", ERR_INPUT }, { "=1", ERR_INPUT }, { "vi%65w=1", ERR_INPUT },
        };

        for (size_t i = 0; i < countof(cases); i++)
                if (scgi_fields_known(str_of(cases[i].encoded), names, NULL) != cases[i].want)
                        fail_msg("'%s' should be %d", cases[i].encoded, cases[i].want);
}

static void a_cookie_given_twice_counts_as_absent(void **state)
{
        static const struct { const char *header, *want; } cases[] = {
                { "s=1", "1" }, { "x=2; s=1", "1" }, { "s=1;x=2", "1" }, { "  s=1  ", "1" }, { "s=a=b", "a=b" }, { "", "" }, { "s", "" }, { "xs=1", "" }, { "S=1", "" },
                { "s=1; s=1", "" }, { "s=1; s=2", "" }, { ";;;", "" }, { "s=", "" }, { "x=s=1", "" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct str v = scgi_cookie(str_of(cases[i].header), "s");

                if (!str_is(v, cases[i].want))
                        fail_msg("'%s': got '%.*s', want '%s'", cases[i].header, (int)v.n, v.p, cases[i].want);
        }
}

/* ---- through a file ---- */

enum { LARGE = SCGI_MEMORY_MAX + 4321 };

/* What a child sends: a head that announces LARGE bytes and `count` of them. */
static void large_sent(int fds[2], size_t count)
{
        scoped(buf_done) struct buf b = BUF_INIT, body = BUF_INIT;
        const char *pairs[] = { "REQUEST_METHOD", "POST", "REQUEST_URI", "/x", NULL };

        for (size_t i = 0; i < LARGE; i++)
                buf_char(&body, (char)('a' + i % 23));
        scgi_request_format(&b, buf_view(&body), pairs);
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
        if (fork() == 0) {
                size_t n = b.n - (LARGE - count), at = 0;

                (void)close(fds[1]);
                while (at < n) {
                        ssize_t put = send(fds[0], b.p + at, n - at, MSG_NOSIGNAL);

                        if (put <= 0)
                                break;
                        at += (size_t)put;
                }
                _exit(0);
        }
        (void)close(fds[0]);
}

static size_t entries_in(const char *dir)
{
        DIR *d = opendir(dir);
        size_t n = 0;

        assert_non_null(d);
        for (struct dirent *at; (at = readdir(d));)
                n += at->d_name[0] != '.';
        (void)closedir(d);
        return n;
}

static void a_large_body_goes_through_a_file_that_has_no_name(void **state)
{
        static const struct { size_t sent; const char *spool; int want; } cases[] = {
                { LARGE, "", ERR_OK }, { LARGE - 1, "", ERR_IO }, { 100, "", ERR_IO }, { LARGE, "/nowhere", ERR_ABSENT },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct scgi_request q = { 0 };
                struct err e = { 0 };
                char dir[] = "spool-XXXXXX", spool[64];
                int fds[2], r, status;

                assert_non_null(mkdtemp(dir));
                (void)snprintf(spool, sizeof(spool), "%s%s", dir, cases[i].spool);
                large_sent(fds, cases[i].sent);
                r = scgi_read(&q, fds[1], &a, &(struct scgi_door){ all, NULL, spool }, &e);
                assert_int_equal(r, cases[i].want);
                assert_int_equal(entries_in(dir), 0);
                if (r == ERR_OK) {
                        assert_true(q.spooled && q.body.n == LARGE && a.total_bytes < SCGI_MEMORY_MAX);
                        for (size_t k = 0; k < LARGE; k++)
                                if (q.body.p[k] != (char)('a' + k % 23))
                                        fail_msg("byte %zu is another", k);
                }
                scgi_done(&q);
                (void)close(fds[1]);
                (void)wait(&status);
                assert_int_equal(rmdir(dir), 0);
        }
}

static void what_an_end_left_in_the_spool_is_swept(void **state)
{
        char dir[] = "spool-XXXXXX", path[64];
        struct err e = { 0 };

        assert_non_null(mkdtemp(dir));
        (void)snprintf(path, sizeof(path), "%s/body.abc123", dir);
        assert_ok(file_create(path, STR("x"), 0600, &e), e);
        assert_ok(spool_sweep(dir, &e), e);
        assert_int_equal(entries_in(dir), 0);
        assert_int_equal(rmdir(dir), 0);
        assert_ok(spool_sweep(dir, &e), e);      /* made anew */
        assert_int_equal(rmdir(dir), 0);
}

/* ---- out ---- */

static void an_answer_says_its_length(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        scgi_format(&b, &(struct scgi_answer){ 404, "text/plain", STR("X: y\r\n"), STR("gone") });
        assert_text(b.p, "Status: 404\r\nContent-Type: text/plain\r\nContent-Length: 4\r\nX: y\r\n\r\ngone");
}

static void what_a_client_formats_is_what_the_server_reads(void **state)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(buf_done) struct buf b = BUF_INIT;
        const char *pairs[] = { "REQUEST_METHOD", "POST", "REQUEST_URI", "/x?y=1", "HTTP_COOKIE", "s=1", NULL };
        struct scgi_request q;
        struct err e = { 0 };
        int fds[2];

        scgi_request_format(&b, STR("body"), pairs);
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
        assert_int_equal(write(fds[0], b.p, b.n), (ssize_t)b.n);
        assert_ok(scgi_read(&q, fds[1], &a, &small, &e), e);
        assert_true(str_is(q.body, "body") && str_is(q.path, "/x") && str_is(q.query, "y=1") && str_is(q.cookie, "s=1") && !q.origin.n);
        (void)close(fds[0]);
        (void)close(fds[1]);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_header_block_is_whole_and_names_our_things_once),
                cmocka_unit_test(the_longest_path_and_query_are_taken_and_no_longer_ones),
                cmocka_unit_test(a_request_is_read_whole_or_refused),
                cmocka_unit_test(a_large_body_goes_through_a_file_that_has_no_name),
                cmocka_unit_test(what_an_end_left_in_the_spool_is_swept),
                cmocka_unit_test(a_field_is_decoded_strictly_and_given_once),
                cmocka_unit_test(a_name_that_is_not_ours_is_refused),
                cmocka_unit_test(a_cookie_given_twice_counts_as_absent),
                cmocka_unit_test(an_answer_says_its_length),
                cmocka_unit_test(what_a_client_formats_is_what_the_server_reads),
        };

        return unit_run("scgi", tests);
}
