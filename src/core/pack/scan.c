/* scan.c - see scan.h.
 *
 * A line of a pack is one of
 *      (blank)                          # a comment, alone on its line
 *      key: word                        word = [A-Za-z0-9_.-]+
 *      key: "text"                      closed on the same line; escapes \" \\ \n
 *      key: |                           the text follows, two spaces further in
 *      key:                             records or keys follow, two spaces further in
 *      - id: word                       begins a record of a list
 * with two spaces a level. Nothing else. What YAML would allow besides is refused here, by name and with the way to mend it.
 */
#include "core/pack/scan.h"

#include "core/pack/chars.h"

enum { LEVELS_MAX = 16 };

static const char FORMAT_KEY[] = "sekisho-pack: ", FIRST_LINE[] = "sekisho-pack: 1";

struct level { size_t column; bool is_list; };

struct scan {
        struct mistakes *mistakes;
        const char      *file;
        uint32_t         line;
        struct level     levels[LEVELS_MAX];
        size_t           depth;
        bool             opened;           /* the last line was `key:`; something must follow further in */
        uint32_t         opened_line;
        bool             in_block;         /* behind `key: |` */
        bool             block_has_text;
        uint32_t         block_line;
        size_t           block_column;
        bool             said_cr;
        bool             lost;             /* a line was refused: its neighbours' structure means nothing any more */
        bool             quiet;            /* the line before was refused: what cannot be read now is its consequence */
};

static void refuse_at(struct scan *s, uint32_t line, const char *key, const char *what)
{
        mistake(s->mistakes, key, (struct place){ s->file, line }, what, "");
        s->lost = true;
}

static bool refuse(struct scan *s, const char *key, const char *what)
{
        refuse_at(s, s->line, key, what);
        return false;
}

static bool is_key_char(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

static size_t spaces(struct str s)
{
        size_t n = 0;

        while (n < s.n && s.p[n] == ' ')
                n++;
        return n;
}

static struct str skip(struct str s, size_t n)
{
        return (struct str){ s.p + n, s.n - n };
}

/* The character at the front of `s`, as text for a message. */
static const char *first_char(char to[8], struct str s)
{
        struct str rest = s;

        to[0] = 0;
        if (s.n) {
                (void)char_next(&rest);
                memcpy(to, s.p, s.n - rest.n);
                to[s.n - rest.n] = 0;
        }
        return to;
}

/* Which full-width character spoils what should be ASCII: first match wins, the rarer the name the earlier. */
static const struct { bool (*hit)(uint32_t c); const char *key; } wide[] = {
        { char_is_wide_space,  "pack.scan.wide-space" },
        { char_is_wide_quote,  "pack.scan.wide-quote" },
        { char_is_wide_digit,  "pack.scan.wide-digit" },
        { char_is_wide_hyphen, "pack.scan.wide-hyphen" },
        { char_is_wide_ascii,  "pack.scan.wide-letter" },
};

static const char *wide_key(uint32_t c)
{
        for (size_t i = 0; i < countof(wide); i++)
                if (wide[i].hit(c))
                        return wide[i].key;
        return NULL;
}

/* A word that is not plain. If only full-width twins spoil it, that is the slip; otherwise it is text without quotes. */
static bool refuse_word(struct scan *s, struct str word)
{
        const char *slip = NULL;
        char what[8] = "";

        for (struct str rest = word; rest.n;) {
                struct str here = rest;
                uint32_t c = char_next(&rest);
                const char *key = wide_key(c);

                if (c >= 0x80 && !key)
                        return refuse(s, "pack.scan.unquoted", "");
                if (key && !slip) {
                        slip = key;
                        (void)first_char(what, here);
                }
        }
        return refuse(s, slip ? slip : "pack.scan.unquoted", what);
}

static bool scan_behind(struct scan *s, struct str rest)
{
        size_t n = spaces(rest);

        if (n == rest.n)
                return true;
        return refuse(s, rest.p[n] == '#' ? "pack.scan.comment" : "pack.scan.after-quote", "");
}

static bool scan_quoted(struct scan *s, struct str v)
{
        for (size_t i = 1; i < v.n; i++) {
                if (v.p[i] == '"')
                        return scan_behind(s, skip(v, i + 1));
                if (v.p[i] != '\\')
                        continue;
                i++;
                if (i == v.n || (v.p[i] != '"' && v.p[i] != '\\' && v.p[i] != 'n'))
                        return refuse(s, "pack.scan.escape", "");
        }
        return refuse(s, "pack.scan.quote-open", "");
}

static bool scan_plain(struct scan *s, struct str v)
{
        size_t n = 0, gap;

        while (n < v.n && is_key_char(v.p[n]))
                n++;
        if (n == v.n)
                return !str_is(v, "-") || refuse(s, "pack.scan.yaml", "-");      /* YAML begins a list here */
        gap = spaces(skip(v, n));
        if (n + gap < v.n && v.p[n + gap] == '#')
                return refuse(s, "pack.scan.comment", "");
        return refuse_word(s, v);
}

static bool scan_value(struct scan *s, struct str v, size_t column)
{
        char what[8];

        if (v.p[0] == '"')
                return scan_quoted(s, v);
        if (v.p[0] == '|') {
                s->in_block = true;
                s->block_has_text = false;
                s->block_line = s->line;
                s->block_column = column + 2;
                return v.n == 1 || refuse(s, "pack.scan.block", "");
        }
        if (v.p[0] == '\'')
                return refuse(s, "pack.scan.single-quote", "");
        if (v.p[0] == '#')
                return refuse(s, "pack.scan.comment", "");
        if (v.p[0] == '>')
                return refuse(s, "pack.scan.block", "");
        if (strchr("&*!{}[]%@`?,", v.p[0]))
                return refuse(s, "pack.scan.yaml", first_char(what, v));
        if (char_is_wide_quote(char_next(&(struct str){ v.p, v.n })))
                return refuse(s, "pack.scan.wide-quote", first_char(what, v));
        return scan_plain(s, v);
}

/* Not `key:`. The first character that is not one of a key tells which slip it was. */
static bool refuse_line(struct scan *s, struct str line)
{
        size_t n = 0;
        struct str rest;
        const char *key;
        uint32_t c;
        char what[8];

        while (n < line.n && is_key_char(line.p[n]))
                n++;
        rest = skip(line, n);
        (void)first_char(what, rest);
        c = rest.n ? char_next(&rest) : 0;
        if (c == 0xff1a || c == 0xfe55 || c == 0xa789)
                return refuse(s, "pack.scan.wide-colon", what);
        key = c >= 0x80 ? wide_key(c) : NULL;
        if (key)
                return refuse(s, key, what);
        if (n == 0 && c && strchr("&*!{}[]%@`?,<", (int)c))
                return refuse(s, "pack.scan.yaml", what);
        if (s->quiet)
                return false;
        return refuse(s, "pack.scan.line", "");
}

/* Does a key at `column` (its dash two before, for the first key of a record) fit what is open? */
static bool structure_ok(struct scan *s, size_t column, bool dash)
{
        size_t at = dash ? column - 2 : column;
        size_t deepest = s->depth ? s->levels[s->depth - 1].column : 0;

        if (s->opened) {
                if (at != deepest + 2 || s->depth + 2 > LEVELS_MAX)
                        return false;
                s->levels[s->depth++] = (struct level){ at, dash };
        } else {
                while (s->depth && s->levels[s->depth - 1].column > at)
                        s->depth--;
                if (!s->depth || s->levels[s->depth - 1].column != at || s->levels[s->depth - 1].is_list != dash)
                        return false;
        }
        if (dash)
                s->levels[s->depth++] = (struct level){ column, false };
        return true;
}

static bool scan_structure(struct scan *s, size_t column, bool dash)
{
        size_t deepest = s->depth ? s->levels[s->depth - 1].column : 0;

        if (s->lost)
                return true;
        if (s->opened && (dash ? column - 2 : column) <= deepest) {
                refuse_at(s, s->opened_line, "pack.scan.empty-value", "");
                return false;
        }
        if (!structure_ok(s, column, dash))
                return refuse(s, "pack.scan.indent", "");
        return true;
}

/* "- " and what it stands for. */
static bool scan_dash(struct scan *s, struct str *line, size_t *column)
{
        if (line->n < 2 || line->p[1] != ' ' || !str_starts(skip(*line, 2), "id:"))
                return refuse(s, "pack.scan.record", "");
        *line = skip(*line, 2);
        *column += 2;
        return true;
}

static bool scan_entry(struct scan *s, struct str line, size_t column)
{
        bool dash = line.n && line.p[0] == '-';
        size_t n = 0, gap;

        if (str_is(line, "---") || str_is(line, "..."))
                return refuse(s, "pack.scan.yaml", line.p[0] == '-' ? "---" : "...");
        if (dash && !scan_dash(s, &line, &column))
                return false;
        while (n < line.n && is_key_char(line.p[n]))
                n++;
        if (!n || n == line.n || line.p[n] != ':')
                return refuse_line(s, line);
        if (!scan_structure(s, column, dash))
                return false;

        line = skip(line, n + 1);
        gap = spaces(line);
        s->opened = gap == line.n;
        s->opened_line = s->line;
        if (s->opened)
                return !dash || refuse(s, "pack.scan.record", "");
        if (!gap) {
                char what[8];
                const char *key = wide_key(char_next(&(struct str){ line.p, line.n }));

                return refuse(s, key ? key : "pack.scan.colon-space", first_char(what, line));
        }
        return scan_value(s, skip(line, gap), column);
}

/* True while the line belongs to the text behind a `|`. */
static bool scan_block(struct scan *s, struct str line, size_t indent)
{
        if (!s->in_block)
                return false;
        if (indent == line.n) {
                if (!s->block_has_text && indent > s->block_column)     /* YAML would take this line's indent for the text's */
                        (void)refuse(s, "pack.scan.block-indent", "");
                return true;
        }
        if (indent >= s->block_column) {
                if (!s->block_has_text && indent != s->block_column)
                        (void)refuse(s, "pack.scan.block-indent", "");
                s->block_has_text = true;
                return true;
        }
        s->in_block = false;
        if (!s->block_has_text)
                refuse_at(s, s->block_line, "pack.scan.empty-value", "");
        return false;
}

/* What may stand on no line at all, not even within text. */
static bool scan_chars(struct scan *s, struct str line)
{
        char what[16];

        for (struct str rest = line; rest.n;) {
                uint32_t c = char_next(&rest);

                if (c == '\t')
                        return refuse(s, "pack.scan.tab", "");
                if (char_is_hidden(c)) {
                        (void)snprintf(what, sizeof(what), "U+%04X", c);
                        return refuse(s, "pack.scan.hidden", what);
                }
        }
        return true;
}

static bool scan_line(struct scan *s, struct str line)
{
        size_t indent;

        if (!scan_chars(s, line))
                return false;
        indent = spaces(line);
        if (scan_block(s, line, indent))
                return true;
        while (line.n && line.p[line.n - 1] == ' ')
                line.n--;
        if (indent >= line.n || line.p[indent] == '#')
                return true;
        return scan_entry(s, skip(line, indent), indent);
}

static bool first_line_ok(struct scan *s, struct str line)
{
        uint64_t version;
        bool other;

        if (str_is(line, FIRST_LINE))
                return true;
        other = str_starts(line, FORMAT_KEY) && str_u64(skip(line, sizeof(FORMAT_KEY) - 1), UINT32_MAX, &version);
        return refuse(s, other ? "pack.scan.version" : "pack.scan.first-line", FIRST_LINE);
}

void scan_file(struct mistakes *m, const struct pack_file *file)
{
        struct scan s = { .mistakes = m, .file = file->name, .line = 1, .levels = { { 0, false } }, .depth = 1 };
        struct str rest = file->bytes, line;

        if (str_starts(rest, "\xef\xbb\xbf")) {
                (void)refuse(&s, "pack.scan.bom", "");
                rest = skip(rest, 3);
        }
        for (; rest.n || s.line == 1; s.line++) {
                if (!str_cut(rest, '\n', &line, &rest)) {
                        line = rest;
                        rest = (struct str){ "", 0 };
                }
                if (!utf8_ok(line)) {
                        (void)refuse(&s, "pack.scan.utf8", "");     /* in Shift_JIS every line would follow */
                        return;
                }
                if (line.n && line.p[line.n - 1] == '\r') {
                        if (!s.said_cr)
                                (void)refuse(&s, "pack.scan.cr", "");
                        s.said_cr = true;
                        line.n--;
                }
                s.quiet = !(s.line == 1 ? first_line_ok(&s, line) : scan_line(&s, line)) || (s.quiet && !line.n);
        }
        if (!s.lost && ((s.in_block && !s.block_has_text) || (!s.in_block && s.opened)))
                refuse_at(&s, s.in_block ? s.block_line : s.opened_line, "pack.scan.empty-value", "");
}
