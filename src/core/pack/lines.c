/* lines.c - see lines.h. */
#include "core/pack/lines.h"

#include <stdarg.h>
#include <stdlib.h>

static size_t indent_of(struct str s)
{
        size_t n = 0;

        while (n < s.n && s.p[n] == ' ')
                n++;
        return n;
}

/* Column of the text behind `key: |`, or 0. */
static size_t block_column(struct str s)
{
        size_t key = indent_of(s), n = s.n;

        while (n && s.p[n - 1] == ' ')
                n--;
        return n >= 3 && s.p[n - 1] == '|' && s.p[n - 2] == ' ' && s.p[n - 3] == ':' ? key + 2 : 0;
}

/* Blank lines are of the block only if more of it follows. */
static void block_ends(struct lines *l, size_t until)
{
        for (size_t i = until; i && l->kind[i - 1] == LINE_BLOCK && indent_of(l->line[i - 1]) == l->line[i - 1].n; i--)
                l->kind[i - 1] = LINE_BLANK;
}

static void tell(struct lines *l)
{
        size_t block = 0;

        for (size_t i = 0; i < l->n; i++) {
                size_t indent = indent_of(l->line[i]);
                bool blank = indent == l->line[i].n;

                if (block && (blank || indent >= block)) {
                        l->kind[i] = LINE_BLOCK;
                        continue;
                }
                if (block)
                        block_ends(l, i);
                l->kind[i] = blank ? LINE_BLANK : l->line[i].p[indent] == '#' ? LINE_COMMENT : LINE_CONTENT;
                block = l->kind[i] == LINE_CONTENT ? block_column(l->line[i]) : 0;
        }
        block_ends(l, l->n);
}

int lines_read(struct lines *out, struct str bytes, struct arena *a)
{
        struct lines l = { 0 };
        size_t n = 1, at = 0;

        for (size_t i = 0; i < bytes.n; i++)
                n += bytes.p[i] == '\n';
        l.line = arena_array(a, n, sizeof(*l.line));
        l.kind = arena_array(a, n, sizeof(*l.kind));
        if (!l.line || !l.kind)
                return ERR_NOMEM;

        while (at < bytes.n) {
                const char *end = memchr(bytes.p + at, '\n', bytes.n - at);
                size_t until = end ? (size_t)(end - bytes.p) : bytes.n;

                l.line[l.n++] = (struct str){ bytes.p + at, until - at };
                at = until + 1;
        }
        tell(&l);
        *out = l;
        return 0;
}

struct span lines_above(const struct lines *l, uint32_t line)
{
        struct span s = { line - 1, line - 1 };

        while (s.first && (l->kind[s.first - 1] == LINE_BLANK || l->kind[s.first - 1] == LINE_COMMENT))
                s.first--;
        return s;
}

struct span lines_own(const struct lines *l, uint32_t line)
{
        struct span s = { line - 1, line };

        while (s.until < l->n && l->kind[s.until] == LINE_BLOCK)
                s.until++;
        return s;
}

struct span lines_tail(const struct lines *l)
{
        return lines_above(l, (uint32_t)l->n + 1);
}

bool lines_comment(const struct lines *l, struct span s)
{
        for (size_t i = s.first; i < s.until; i++)
                if (l->kind[i] == LINE_COMMENT)
                        return true;
        return false;
}

/* ---- writing ---- */

static void note(struct written *w, struct origin from)
{
        if (w->lines == w->room) {
                size_t room = w->room ? 2 * w->room : 256;
                struct origin *grown = realloc(w->origins, room * sizeof(*grown));

                if (!grown) {
                        w->bad = true;
                        return;
                }
                w->origins = grown;
                w->room = room;
        }
        w->origins[w->lines++] = from;
}

void write_span(struct written *w, const struct lines *l, struct span s, struct origin from)
{
        for (size_t i = s.first; i < s.until; i++) {
                buf_str(&w->bytes, l->line[i]);
                buf_char(&w->bytes, '\n');
                note(w, from);
        }
}

void write_line(struct written *w, struct origin from, const char *fmt, ...)
{
        char line[4096];
        va_list ap;
        int n;

        va_start(ap, fmt);
        n = vsnprintf(line, sizeof(line), fmt, ap);
        va_end(ap);
        if (n < 0 || (size_t)n >= sizeof(line))
                w->bad = true;
        else
                buf_printf(&w->bytes, "%s\n", line);
        note(w, from);
}

/* A block says the text as it is read; it cannot hold a text that begins with a space or ends with an empty line. */
static bool fits_block(const char *text)
{
        const char *line = text, *end = strchr(text, '\n');

        if (!end || *text == ' ')
                return false;
        for (; line; line = end ? end + 1 : NULL) {
                size_t n;

                end = strchr(line, '\n');
                n = end ? (size_t)(end - line) : strlen(line);
                if ((line == text || !end) && !n)
                        return false;
                if (n && strspn(line, " ") >= n)
                        return false;
        }
        return true;
}

static void write_block(struct written *w, struct origin from, size_t column, const char *text)
{
        for (const char *line = text; line;) {
                const char *end = strchr(line, '\n');
                size_t n = end ? (size_t)(end - line) : strlen(line);

                for (size_t i = 0; n && i < column; i++)
                        buf_char(&w->bytes, ' ');
                buf_add(&w->bytes, line, n);
                buf_char(&w->bytes, '\n');
                note(w, from);
                line = end ? end + 1 : NULL;
        }
}

void write_text(struct written *w, struct origin from, const char *head, const char *key, const char *text)
{
        bool block = fits_block(text);

        buf_printf(&w->bytes, "%s%s: %s", head, key, block ? "|" : "\"");
        for (const char *p = text; !block && *p; p++)
                if (*p == '\n')
                        buf_text(&w->bytes, "\\n");
                else if (*p == '"' || *p == '\\')
                        buf_printf(&w->bytes, "\\%c", *p);
                else
                        buf_char(&w->bytes, *p);
        buf_text(&w->bytes, block ? "\n" : "\"\n");
        note(w, from);
        if (block)
                write_block(w, from, strlen(head) + 2, text);
}

void written_end(struct written *w, struct str old)
{
        if (old.n && old.p[old.n - 1] != '\n' && !buf_bad(&w->bytes) && w->bytes.n)
                w->bytes.p[--w->bytes.n] = 0;
}

void written_done(struct written *w)
{
        buf_done(&w->bytes);
        free(w->origins);
        *w = (struct written){ 0 };
}
