/* types.c - each field type has one function that brings a trimmed answer into its stored spelling. */
#include "core/form/types.h"

#include "base/uuid.h"
#include "core/calendar/calendar.h"
#include "core/pack/chars.h"

enum { HOST_BYTES_MAX = 253, LABEL_BYTES_MAX = 63 };

int field_refuse(struct err *e, const struct pack_field *f, const char *key, const char *first, const char *second)
{
        return err_key(e, ERR_INPUT, key, f->id, first, second, (char *)NULL);
}

static int keep(struct str *out, const char *p, size_t n, struct arena *a, struct err *e)
{
        const char *copy = arena_copy(a, p, n);

        if (!copy)
                return err_set(e, ERR_NOMEM, "form: no memory for an answer");
        *out = (struct str){ copy, n };
        return 0;
}

static int keep_buf(struct str *out, const struct buf *b, struct arena *a, struct err *e)
{
        return buf_bad(b) ? err_set(e, ERR_NOMEM, "form: no memory for an answer") : keep(out, b->p ? b->p : "", b->n, a, e);
}

/* ---- text ---- */

static int length_check(const struct pack_field *f, size_t chars, size_t limit, struct err *e)
{
        char what[24];

        if (f->max_chars && f->max_chars < limit)
                limit = f->max_chars;
        if (chars <= limit)
                return 0;
        (void)snprintf(what, sizeof(what), "%zu", limit);
        return field_refuse(e, f, "form.too-long", what, "");
}

/* What the eye does not see must not stand in a record that people sign. LF is only for lines. */
static int text_check(const struct pack_field *f, struct str s, size_t limit, struct err *e)
{
        char what[24];
        size_t n = 0;

        for (; s.n; n++) {
                uint32_t c = char_next(&s);

                if (c == '\n' && f->type == FIELD_LINES)
                        continue;
                if (c == '\n')
                        return field_refuse(e, f, "form.one-line", "", "");
                if (char_is_hidden(c)) {
                        (void)snprintf(what, sizeof(what), "U+%04X", c == CHAR_BROKEN ? 0xfffd : c);
                        return field_refuse(e, f, "form.hidden-character", what, "");
                }
        }
        return length_check(f, n, limit, e);
}

static int text_normalise(struct str *out, const struct pack_field *f, struct str s, const struct form_context *ctx, struct arena *a, struct err *e)
{
        int r = text_check(f, s, FORM_TEXT_CHARS_MAX, e);

        return r < 0 ? r : keep(out, s.p, s.n, a, e);
}

/* A text area sends CR LF; what is stored has LF. */
static int lines_normalise(struct str *out, const struct pack_field *f, struct str s, const struct form_context *ctx, struct arena *a, struct err *e)
{
        char *copy = arena_copy(a, s.p, s.n);
        size_t n = 0;
        int r;

        if (!copy)
                return err_set(e, ERR_NOMEM, "form: no memory for an answer");

        for (size_t i = 0; i < s.n; i++)
                if (s.p[i] != '\r' || i + 1 == s.n || s.p[i + 1] != '\n')
                        copy[n++] = s.p[i];
        copy[n] = 0;
        r = text_check(f, (struct str){ copy, n }, FORM_LINES_CHARS_MAX, e);
        if (r < 0)
                return r;

        *out = (struct str){ copy, n };
        return 0;
}

/* ---- single values ---- */

static int mac_normalise(struct str *out, const struct pack_field *f, struct str s, const struct form_context *ctx, struct arena *a, struct err *e)
{
        uint8_t mac[6];
        char text[18];

        if (!mac_parse(mac, s))
                return field_refuse(e, f, "form.mac", "", "");
        if (!mac_is_host(mac))
                return field_refuse(e, f, "form.mac-host", "", "");
        mac_text(text, mac);
        return keep(out, text, sizeof(text) - 1, a, e);
}

static int moment_normalise(struct str *out, const struct pack_field *f, struct str s, const struct form_context *ctx, struct arena *a, struct err *e)
{
        char text[UTIME_TEXT];
        utime_t t;

        if (!moment_parse(&t, s))
                return field_refuse(e, f, "form.moment", "", "");
        utime_text(text, t);
        return keep(out, text, strlen(text), a, e);
}

static int yes_no_normalise(struct str *out, const struct pack_field *f, struct str s, const struct form_context *ctx, struct arena *a, struct err *e)
{
        bool yes = str_is(s, "true");

        if (!yes && !str_is(s, "false"))
                return field_refuse(e, f, "form.yes-no", "", "");
        if (!yes && f->type == FIELD_PLEDGE)
                return field_refuse(e, f, "form.pledge", "", "");
        *out = yes ? STR("true") : STR("false");
        return 0;
}

/* Digits of either width; the number itself only when it has no more digits than any limit has. */
static bool digits_parse(uint64_t *out, struct str s)
{
        uint64_t n = 0;
        bool any = s.n > 0;

        while (s.n) {
                uint32_t c = char_next(&s);

                if (char_is_wide_digit(c))
                        c -= 0xff10 - '0';
                if (c < '0' || c > '9')
                        return false;
                n = n > FORM_INTEGER_MAX ? n : n * 10 + (c - '0');
        }
        *out = n;
        return any;
}

static int integer_normalise(struct str *out, const struct pack_field *f, struct str s, const struct form_context *ctx, struct arena *a, struct err *e)
{
        uint32_t high = f->high ? f->high : FORM_INTEGER_MAX;
        char low_text[16], text[24];
        uint64_t n;

        if (!digits_parse(&n, s))
                return field_refuse(e, f, "form.integer", "", "");
        if (n < f->low || n > high) {
                (void)snprintf(low_text, sizeof(low_text), "%u", f->low);
                (void)snprintf(text, sizeof(text), "%u", high);
                return field_refuse(e, f, "form.integer-range", low_text, text);
        }
        (void)snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
        return keep(out, text, strlen(text), a, e);
}

static int date_normalise(struct str *out, const struct pack_field *f, struct str s, const struct form_context *ctx, struct arena *a, struct err *e)
{
        struct era rows[CALENDAR_ERAS_MAX];
        struct eras eras = calendar_eras(rows, ctx->pack);
        struct wareki_date w;
        char text[UTIME_TEXT];
        int r = wareki_parse(&w, s, &eras, e);

        if (r < 0) {
                if (e)
                        (void)snprintf(e->field, sizeof(e->field), "%s", f->id);
                return r;
        }
        (void)snprintf(text, sizeof(text), "%04d-%02d-%02d", w.date.year, w.date.month, w.date.day);
        return keep(out, text, strlen(text), a, e);
}

static int id_normalise(struct str *out, const struct pack_field *f, struct str s, const struct form_context *ctx, struct arena *a, struct err *e)
{
        struct uuid id;
        int r = uuid_parse(s, &id) ? ERR_OK : ERR_ABSENT;

        if (r == ERR_OK && ctx->lookup)
                r = ctx->lookup(ctx->lookup_ctx, f, s, e);
        if (r == ERR_ABSENT)
                return field_refuse(e, f, f->type == FIELD_PERSON ? "form.person" : f->type == FIELD_SERVICE ? "form.service" : "form.application", "", "");
        return r < 0 ? r : keep(out, s.p, s.n, a, e);
}

/* ---- one or several of a list ---- */

static bool is_country(const struct pack_field *f)
{
        return f->type == FIELD_COUNTRY || f->type == FIELD_COUNTRIES;
}

static size_t ids_count(const struct pack_field *f, const struct form_context *ctx)
{
        return !is_country(f) ? f->choices_count : ctx->pack ? ctx->pack->countries_count : 0;
}

static const char *ids_at(const struct pack_field *f, const struct form_context *ctx, size_t i)
{
        return is_country(f) ? ctx->pack->countries[i].id : f->choices[i].id;
}

static size_t ids_find(const struct pack_field *f, const struct form_context *ctx, struct str id)
{
        size_t n = ids_count(f, ctx), i = 0;

        while (i < n && !str_is(id, ids_at(f, ctx, i)))
                i++;
        return i;
}

static int choice_normalise(struct str *out, const struct pack_field *f, struct str s, const struct form_context *ctx, struct arena *a, struct err *e)
{
        size_t i = ids_find(f, ctx, s);

        if (i == ids_count(f, ctx))
                return field_refuse(e, f, "form.choice", "", "");
        *out = str_of(ids_at(f, ctx, i));
        return 0;
}

/* Takes the next word off the front of a text whose words stand apart by blanks or line ends. */
static struct str cut_word(struct str *s)
{
        struct str word;

        *s = str_trim(*s);
        word = (struct str){ s->p, 0 };
        while (word.n < s->n && !strchr(" \t\r\n", s->p[word.n]))
                word.n++;
        *s = (struct str){ s->p + word.n, s->n - word.n };
        return word;
}

/* Stored in the list's order, each once: the same answer has one spelling. */
static int choices_normalise(struct str *out, const struct pack_field *f, struct str s, const struct form_context *ctx, struct arena *a, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        size_t n = ids_count(f, ctx);
        bool *chosen = arena_array(a, n ? n : 1, sizeof(*chosen));

        if (!chosen)
                return err_set(e, ERR_NOMEM, "form: no memory for %zu choices", n);
        for (struct str word = cut_word(&s); word.n; word = cut_word(&s)) {
                size_t i = ids_find(f, ctx, word);

                if (i == n)
                        return field_refuse(e, f, "form.choice", "", "");
                chosen[i] = true;
        }
        for (size_t i = 0; i < n; i++)
                if (chosen[i])
                        buf_printf(&b, "%s%s", b.n ? " " : "", ids_at(f, ctx, i));
        return keep_buf(out, &b, a, e);
}

/* ---- hosts ---- */

static bool label_ok(struct str s)
{
        for (size_t i = 0; i < s.n; i++) {
                char c = s.p[i];

                if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && i && i + 1 < s.n)))
                        return false;
        }
        return s.n && s.n <= LABEL_BYTES_MAX;
}

/* RFC 1123 2.1, with two labels at least and a last one that is no number, so that no address is taken for a name. */
static bool host_ok(struct str s)
{
        struct str label, rest = s;
        size_t labels = 1;

        if (str_starts(s, "*."))
                rest = (struct str){ s.p + 2, s.n - 2 };
        for (; str_cut(rest, '.', &label, &rest); labels++)
                if (!label_ok(label))
                        return false;
        return s.n <= HOST_BYTES_MAX && labels >= 2 && label_ok(rest) && (rest.p[0] < '0' || rest.p[0] > '9');
}

static bool has_line(const struct buf *b, struct str line)
{
        struct str left, rest = buf_view(b);

        while (str_cut(rest, '\n', &left, &rest))
                if (str_eq(left, line))
                        return true;
        return rest.n && str_eq(rest, line);
}

/* A word from outside, as far as it can be shown again. */
static void show(char *to, size_t size, struct str s)
{
        size_t n = 0;

        for (struct str rest = s; rest.n && !char_is_hidden(char_next(&rest)) && s.n - rest.n < size;)
                n = s.n - rest.n;
        (void)snprintf(to, size, "%.*s", (int)n, s.p);
}

static int host_add(struct buf *b, const struct pack_field *f, struct str line, size_t *n, struct arena *a, struct err *e)
{
        char what[ERR_ARG_MAX], *host = arena_copy(a, line.p, line.n);

        if (!host)
                return err_set(e, ERR_NOMEM, "form: no memory for an answer");
        for (size_t i = 0; i < line.n; i++)
                host[i] = (char)(host[i] >= 'A' && host[i] <= 'Z' ? host[i] | 0x20 : host[i]);
        line.p = host;
        if (line.n && line.p[line.n - 1] == '.')
                line.n--;                                  /* the root's own point, as DNS tools print it */
        if (!host_ok(line)) {
                show(what, sizeof(what), line);
                return field_refuse(e, f, "form.domain", what, "");
        }
        if (has_line(b, line))
                return 0;
        if (++*n > FORM_DOMAINS_MAX)
                return field_refuse(e, f, "form.domains-many", "50", "");
        buf_printf(b, "%s%.*s", b->n ? "\n" : "", (int)line.n, line.p);
        return 0;
}

static int domains_normalise(struct str *out, const struct pack_field *f, struct str s, const struct form_context *ctx, struct arena *a, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        int r = length_check(f, chars_count(s), FORM_LINES_CHARS_MAX, e);
        size_t n = 0;

        for (struct str word = cut_word(&s); r == 0 && word.n; word = cut_word(&s))
                r = host_add(&b, f, word, &n, a, e);
        return r < 0 ? r : keep_buf(out, &b, a, e);
}

typedef int normalise_fn(struct str *out, const struct pack_field *f, struct str s, const struct form_context *ctx, struct arena *a, struct err *e);

static normalise_fn *const normalise[FIELD_TYPES_COUNT] = {
        [FIELD_TEXT] = text_normalise,       [FIELD_LINES] = lines_normalise,     [FIELD_MAC] = mac_normalise,
        [FIELD_MOMENT] = moment_normalise,   [FIELD_CHOICE] = choice_normalise,   [FIELD_CHOICES] = choices_normalise,
        [FIELD_YES_NO] = yes_no_normalise,   [FIELD_PLEDGE] = yes_no_normalise,   [FIELD_INTEGER] = integer_normalise,
        [FIELD_DATE] = date_normalise,       [FIELD_COUNTRY] = choice_normalise,  [FIELD_COUNTRIES] = choices_normalise,
        [FIELD_PERSON] = id_normalise,       [FIELD_DOMAINS] = domains_normalise, [FIELD_SERVICE] = id_normalise,
        [FIELD_APPLICATION] = id_normalise,  [FIELD_TABLE] = table_normalise,
};

int field_normalise(struct str *out, const struct pack_field *f, struct str s, const struct form_context *ctx, struct arena *a, struct err *e)
{
        return normalise[f->type](out, f, s, ctx, a, e);
}

/* ---- spellings ---- */

static int hex_value(char c)
{
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* A separator stands after every `group` digits, everywhere the same one, or nowhere. */
bool mac_parse(uint8_t out[6], struct str s)
{
        size_t group = s.n == 17 ? 2 : s.n == 14 ? 4 : s.n == 12 ? 12 : 0, digits = 0;
        char between = group == 2 ? s.p[2] : '.';
        uint8_t mac[6] = { 0 };

        if (!group || (group == 2 && between != ':' && between != '-'))
                return false;
        for (size_t i = 0; i < s.n; i++) {
                int v = hex_value(s.p[i]);

                if (i % (group + 1) == group && s.p[i] != between)
                        return false;
                if (i % (group + 1) == group)
                        continue;
                if (v < 0)
                        return false;
                mac[digits / 2] = (uint8_t)(mac[digits / 2] << 4 | v);
                digits++;
        }
        memcpy(out, mac, sizeof(mac));
        return true;
}

void mac_text(char to[18], const uint8_t mac[6])
{
        (void)snprintf(to, 18, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}

bool mac_is_host(const uint8_t mac[6])
{
        static const uint8_t zero[6];

        return !(mac[0] & 1) && memcmp(mac, zero, sizeof(zero)) != 0;
}

/* The stored spelling knows the years 1900 to 9999 of UTC only. */
bool moment_parse(utime_t *out, struct str s)
{
        const utime_t first = date_days((struct date){ 1900, 1, 1 }) * UTIME_DAY;
        const utime_t last = (date_days((struct date){ 9999, 12, 31 }) + 1) * UTIME_DAY;
        struct date d;
        utime_t t;

        if (date_parse(s, &d))
                t = utime_from_jst(d) + UTIME_DAY;
        else if (!utime_parse(s, &t))
                return false;
        if (t < first || t >= last)
                return false;
        *out = t;
        return true;
}
