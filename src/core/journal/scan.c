/* scan.c - see scan.h. */
#include "core/journal/scan.h"

enum { DEPTH_MAX = 16, INT_DIGITS = 16 };

#define INT_MAX_EXACT (((int64_t)1 << 53) - 1)

struct scan { const char *p, *end, *begin, *why; };

/* What the top object's members are. */
struct value_seen { enum { SEEN_OTHER, SEEN_INT, SEEN_TEXT } kind; int64_t i; struct str text; };

static bool no(struct scan *s, const char *why)
{
        if (!s->why)
                s->why = why;
        return false;
}

static bool is(const struct scan *s, char c)
{
        return s->p < s->end && *s->p == c;
}

/* *text gets what stands between the quotes, escapes and all. */
static bool scan_text(struct scan *s, struct str *text)
{
        const char *p;

        if (!is(s, '"'))
                return no(s, "a string is wanted");
        text->p = p = s->p + 1;
        for (; p < s->end && *p != '"'; p++) {
                if (*p < 0x20 || *p > 0x7e) {
                        s->p = p;
                        return no(s, "a character that is not printable ASCII");
                }
                if (*p != '\\')
                        continue;
                if (++p == s->end || (*p != '"' && *p != '\\')) {
                        s->p = p;
                        return no(s, "only \\\" and \\\\ are escaped");
                }
        }
        s->p = p;
        if (p == s->end)
                return no(s, "a string that does not end");
        text->n = (size_t)(p - text->p);
        s->p++;
        return true;
}

static bool scan_int(struct scan *s, int64_t *out)
{
        bool minus = is(s, '-');
        const char *first = s->p + minus;
        int64_t v = 0;

        for (s->p = first; s->p < s->end && *s->p >= '0' && *s->p <= '9'; s->p++) {
                if (s->p - first == INT_DIGITS)
                        return no(s, "an integer beyond 2^53-1");
                v = v * 10 + (*s->p - '0');
        }
        if (s->p == first)
                return no(s, "only objects, lists, integers and strings have a canonical form");
        if (*first == '0' && (s->p - first > 1 || minus))
                return no(s, "an integer with a second spelling");
        if (v > INT_MAX_EXACT)
                return no(s, "an integer beyond 2^53-1");
        *out = minus ? -v : v;
        return true;
}

/* Order of what the two strings mean: an escaped character counts as itself. */
static int text_order(struct str a, struct str b)
{
        size_t i = 0, j = 0;

        for (; i < a.n && j < b.n; i++, j++) {
                if (a.p[i] == '\\')
                        i++;
                if (b.p[j] == '\\')
                        j++;
                if (a.p[i] != b.p[j])
                        return a.p[i] < b.p[j] ? -1 : 1;
        }
        return i < a.n ? 1 : j < b.n ? -1 : 0;
}

static bool scan_value(struct scan *s, struct value_seen *out, int depth);

/* `"key":`, behind the key before; *last is that key. */
static bool scan_key(struct scan *s, struct str *last, bool first)
{
        struct str key;

        if (!scan_text(s, &key))
                return false;
        if (!first && text_order(*last, key) >= 0)
                return no(s, "keys out of order");
        *last = key;
        if (!is(s, ':'))
                return no(s, "a colon is wanted");
        s->p++;
        return true;
}

static bool scan_list(struct scan *s, int depth)
{
        struct value_seen v;

        s->p++;
        if (is(s, ']')) {
                s->p++;
                return true;
        }
        for (;;) {
                if (!scan_value(s, &v, depth + 1))
                        return false;
                if (!is(s, ',') && !is(s, ']'))
                        return no(s, "a comma or the list's end is wanted");
                if (*s->p++ == ']')
                        return true;
        }
}

typedef bool member_fn(void *ctx, struct str key, const struct value_seen *v);

static bool scan_object(struct scan *s, int depth, member_fn *member, void *ctx)
{
        struct value_seen v;
        struct str key = { 0 };

        s->p++;
        if (is(s, '}')) {
                s->p++;
                return true;
        }
        for (bool first = true;; first = false) {
                if (!scan_key(s, &key, first) || !scan_value(s, &v, depth + 1))
                        return false;
                if (member && !member(ctx, key, &v))
                        return no(s, "not the field that an entry has by that name");
                if (!is(s, ',') && !is(s, '}'))
                        return no(s, "a comma or the object's end is wanted");
                if (*s->p++ == '}')
                        return true;
        }
}

/* Recursion ends at DEPTH_MAX. */
static bool scan_value(struct scan *s, struct value_seen *out, int depth)
{
        out->kind = SEEN_OTHER;
        if (depth > DEPTH_MAX)
                return no(s, "nested deeper than 16");
        if (is(s, '{'))
                return scan_object(s, depth, NULL, NULL);
        if (is(s, '['))
                return scan_list(s, depth);
        if (is(s, '"')) {
                out->kind = SEEN_TEXT;
                return scan_text(s, &out->text);
        }
        out->kind = SEEN_INT;
        return scan_int(s, &out->i);
}

struct top { struct entry_seen seen; bool v, at, type; };

static bool top_member(void *ctx, struct str key, const struct value_seen *v)
{
        struct top *t = ctx;

        if (str_is(key, "v"))
                return t->v = v->kind == SEEN_INT && v->i == 1;
        if (str_is(key, "at")) {
                t->seen.at = v->i;
                return t->at = v->kind == SEEN_INT;
        }
        if (str_is(key, "type")) {
                t->seen.type = v->text;
                return t->type = v->kind == SEEN_TEXT && v->text.n;
        }
        return true;
}

int entry_scan(struct entry_seen *out, struct str bytes, struct err *e)
{
        struct scan s = { .p = bytes.p, .begin = bytes.p, .end = bytes.n ? bytes.p + bytes.n : bytes.p };
        struct top t = { 0 };

        if (bytes.n > ENTRY_MAX)
                return err_set(e, ERR_TOO_BIG, "larger than %d bytes", ENTRY_MAX);
        if (!is(&s, '{'))
                return err_set(e, ERR_INPUT, "not an object");
        if (!scan_object(&s, 1, top_member, &t))
                return err_set(e, ERR_INPUT, "byte %zu: %s", (size_t)(s.p - s.begin), s.why);
        if (s.p != s.end)
                return err_set(e, ERR_INPUT, "byte %zu: something behind the object", (size_t)(s.p - s.begin));
        if (!t.v || !t.at || !t.type)
                return err_set(e, ERR_INPUT, "without `%s`", !t.v ? "v" : !t.at ? "at" : "type");
        *out = t.seen;
        return ERR_OK;
}
