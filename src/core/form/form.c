/* form.c - see form.h. Each field type has one function that brings a trimmed answer into its stored spelling. */
#include "core/form/form.h"

#include "core/pack/chars.h"

typedef int normalise_fn(struct str *out, const struct pack_field *f, struct str s, struct arena *a, struct err *e);

static int refuse(struct err *e, const struct pack_field *f, const char *key, const char *what)
{
        return err_key(e, ERR_INPUT, key, f->id, what, (char *)NULL);
}

static int keep(struct str *out, const char *p, size_t n, struct arena *a, struct err *e)
{
        const char *copy = arena_copy(a, p, n);

        if (!copy)
                return err_set(e, ERR_NOMEM, "form: no memory for an answer");
        *out = (struct str){ copy, n };
        return 0;
}

/* What the eye does not see must not stand in a record that people sign. LF is only for lines. */
static int text_check(const struct pack_field *f, struct str s, size_t limit, struct err *e)
{
        char what[24];
        size_t n = 0;

        if (f->max_chars && f->max_chars < limit)
                limit = f->max_chars;
        for (; s.n; n++) {
                uint32_t c = char_next(&s);

                if (c == '\n' && f->type == FIELD_LINES)
                        continue;
                if (c == '\n')
                        return refuse(e, f, "form.one-line", "");
                if (char_is_hidden(c)) {
                        (void)snprintf(what, sizeof(what), "U+%04X", c == CHAR_BROKEN ? 0xfffd : c);
                        return refuse(e, f, "form.hidden-character", what);
                }
        }
        if (n > limit) {
                (void)snprintf(what, sizeof(what), "%zu", limit);
                return refuse(e, f, "form.too-long", what);
        }
        return 0;
}

static int text_normalise(struct str *out, const struct pack_field *f, struct str s, struct arena *a, struct err *e)
{
        int r = text_check(f, s, FORM_TEXT_CHARS_MAX, e);

        return r < 0 ? r : keep(out, s.p, s.n, a, e);
}

/* A text area sends CR LF; what is stored has LF. */
static int lines_normalise(struct str *out, const struct pack_field *f, struct str s, struct arena *a, struct err *e)
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

static int mac_normalise(struct str *out, const struct pack_field *f, struct str s, struct arena *a, struct err *e)
{
        uint8_t mac[6];
        char text[18];

        if (!mac_parse(mac, s))
                return refuse(e, f, "form.mac", "");
        if (!mac_is_host(mac))
                return refuse(e, f, "form.mac-host", "");
        mac_text(text, mac);
        return keep(out, text, sizeof(text) - 1, a, e);
}

static int moment_normalise(struct str *out, const struct pack_field *f, struct str s, struct arena *a, struct err *e)
{
        char text[UTIME_TEXT];
        utime_t t;

        if (!moment_parse(&t, s))
                return refuse(e, f, "form.moment", "");
        utime_text(text, t);
        return keep(out, text, strlen(text), a, e);
}

static int choice_normalise(struct str *out, const struct pack_field *f, struct str s, struct arena *a, struct err *e)
{
        for (size_t i = 0; i < f->choices_count; i++)
                if (str_is(s, f->choices[i].id)) {
                        *out = str_of(f->choices[i].id);
                        return 0;
                }
        return refuse(e, f, "form.choice", "");
}

static normalise_fn *const normalise[FIELD_TYPES_COUNT] = {
        [FIELD_TEXT] = text_normalise,     [FIELD_LINES] = lines_normalise,   [FIELD_MAC] = mac_normalise,
        [FIELD_MOMENT] = moment_normalise, [FIELD_CHOICE] = choice_normalise,
};

/* The field's name came from outside: it is shown again only when it is one. */
static int refuse_given(struct err *e, const char *key, struct str field)
{
        char name[PACK_ID_MAX + 1] = "?";

        if (pack_id_ok(field)) {
                memcpy(name, field.p, field.n);
                name[field.n] = 0;
        }
        return err_key(e, ERR_INPUT, key, "", name, (char *)NULL);
}

static const struct pack_field *field_of(const struct pack_form *form, struct str id)
{
        for (size_t i = 0; i < form->fields_count; i++)
                if (str_is(id, form->fields[i].id))
                        return &form->fields[i];
        return NULL;
}

/* Each given answer has a field, and no field has two. */
static int given_check(const struct pack_form *form, const struct given *given, size_t n, struct err *e)
{
        if (n > FORM_ANSWERS_MAX)
                return err_key(e, ERR_INPUT, "form.too-many", "", (char *)NULL);
        for (size_t i = 0; i < n; i++) {
                if (!field_of(form, given[i].field))
                        return refuse_given(e, "form.unknown-field", given[i].field);
                for (size_t j = 0; j < i; j++)
                        if (str_eq(given[i].field, given[j].field))
                                return refuse_given(e, "form.twice", given[i].field);
        }
        return 0;
}

static struct str given_find(const struct given *given, size_t n, const char *id)
{
        for (size_t i = 0; i < n; i++)
                if (str_is(given[i].field, id))
                        return chars_trim(given[i].value);
        return (struct str){ "", 0 };
}

int form_check(struct answer *out, const struct pack_form *form, const struct given *given, size_t n, struct arena *a, struct err *e)
{
        struct answer *answers;
        int r = given_check(form, given, n, e);

        if (r < 0)
                return r;
        answers = arena_array(a, form->fields_count, sizeof(*answers));
        if (!answers)
                return err_set(e, ERR_NOMEM, "form: no memory for %zu answers", form->fields_count);

        for (size_t i = 0; i < form->fields_count; i++) {
                const struct pack_field *f = &form->fields[i];
                struct str s = given_find(given, n, f->id);

                answers[i] = (struct answer){ f, { "", 0 } };
                if (!s.n && f->required)
                        return refuse(e, f, "form.required", "");
                if (!s.n)
                        continue;
                r = normalise[f->type](&answers[i].value, f, s, a, e);
                if (r < 0)
                        return r;
        }
        memcpy(out, answers, form->fields_count * sizeof(*answers));
        return 0;
}

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
