/* record_take.c - each column type has one function that reads a trimmed cell, not empty; see record.h. */
#include "core/register/record.h"

#include "core/calendar/calendar.h"
#include "core/form/form.h"
#include "core/pack/chars.h"
#include "core/period/wareki.h"
#include "core/register/record_type.h"
#include "core/text/fold.h"

enum { LABELS_SHOWN_MAX = ERR_ARG_MAX - 8 };

struct taking {
        struct row                   *to;
        const struct register_column *c;
        const struct record_env      *env;
};

/* The beginning of a word from outside, cut between characters. */
static void show(char to[ERR_ARG_MAX], struct str s)
{
        struct str rest = s;
        size_t n = 0;

        while (rest.n && s.n - rest.n < LABELS_SHOWN_MAX) {
                n = s.n - rest.n;
                (void)char_next(&rest);
        }
        if (!rest.n && s.n < ERR_ARG_MAX)
                n = s.n;
        (void)snprintf(to, ERR_ARG_MAX, "%.*s", (int)n, n ? s.p : "");
}

static int refuse(struct err *e, const struct taking *t, const char *key, struct str cell, const char *more)
{
        char word[ERR_ARG_MAX];

        show(word, cell);
        return err_key(e, ERR_INPUT, key, t->c->id, word, more, (char *)NULL);
}

static int keep(struct taking *t, struct str s, bool personal, struct err *e)
{
        const char *copy = arena_copy(t->env->arena, s.p, s.n);

        if (!copy)
                return err_set(e, ERR_NOMEM, "record: no memory for a cell");
        if (personal)
                row_personal(t->to, t->c->col, (struct str){ copy, s.n });
        else
                row_text(t->to, t->c->col, (struct str){ copy, s.n });
        return ERR_OK;
}

/* ---- text ---- */

static int take_text(struct taking *t, struct str cell, struct err *e)
{
        bool lines = t->c->type == REGISTER_LINES;
        size_t n = 0, limit = lines ? FORM_LINES_CHARS_MAX : FORM_TEXT_CHARS_MAX;
        scoped(buf_done) struct buf b = BUF_INIT;
        char what[24];

        for (struct str rest = cell; rest.n; n++) {
                struct str at = rest;
                uint32_t c = char_next(&rest);

                if (c == '\r' && rest.n && rest.p[0] == '\n')
                        continue;
                if (c == '\n' && !lines)
                        return refuse(e, t, "record.one-line", cell, "");
                if (c != '\n' && char_is_hidden(c)) {
                        (void)snprintf(what, sizeof(what), "U+%04X", c == CHAR_BROKEN ? 0xfffd : c);
                        return refuse(e, t, "record.hidden-character", str_of(what), "");
                }
                buf_add(&b, at.p, at.n - rest.n);
        }
        if (n > limit) {
                (void)snprintf(what, sizeof(what), "%zu", limit);
                return refuse(e, t, "record.too-long", str_of(what), "");
        }
        return buf_bad(&b) ? err_set(e, ERR_NOMEM, "record: no memory for a cell") : keep(t, buf_view(&b), true, e);
}

/* ---- numbers and days ---- */

static int take_integer(struct taking *t, struct str cell, struct err *e)
{
        uint64_t n = 0;
        bool any = false;
        char most[24];

        (void)snprintf(most, sizeof(most), "%d", FORM_INTEGER_MAX);
        for (struct str rest = cell; rest.n;) {
                uint32_t c = char_next(&rest);

                if (c == ',' || c == 0xff0c)                              /* 1,000 as spreadsheets write it */
                        continue;
                if (char_is_wide_digit(c))
                        c -= 0xff10 - '0';
                if (c < '0' || c > '9' || n > FORM_INTEGER_MAX)
                        return refuse(e, t, "record.integer", cell, most);
                n = n * 10 + (c - '0');
                any = true;
        }
        if (!any || n > FORM_INTEGER_MAX)
                return refuse(e, t, "record.integer", cell, most);
        row_int(t->to, t->c->col, (int64_t)n);
        return ERR_OK;
}

static int read_date(struct date *out, const struct taking *t, struct str cell, struct err *e)
{
        struct era rows[CALENDAR_ERAS_MAX];
        struct eras eras = calendar_eras(rows, t->env->pack);
        struct wareki_date w;
        int r = wareki_parse(&w, cell, &eras, e);

        if (r < 0) {
                if (e)
                        (void)snprintf(e->field, sizeof(e->field), "%s", t->c->id);
                return r;
        }
        *out = w.date;
        return ERR_OK;
}

static int take_day(struct taking *t, struct str cell, struct err *e)
{
        struct date d;
        int r = read_date(&d, t, cell, e);

        if (r == ERR_OK)
                row_int(t->to, t->c->col, utime_from_jst(d) + (t->c->type == REGISTER_LAST_DAY ? UTIME_DAY : 0));
        return r;
}

static int take_date(struct taking *t, struct str cell, struct err *e)
{
        char text[UTIME_TEXT];
        struct date d;
        int r = read_date(&d, t, cell, e);

        if (r < 0)
                return r;
        (void)snprintf(text, sizeof(text), "%04d-%02d-%02d", d.year, d.month, d.day);
        return keep(t, str_of(text), false, e);
}

/* "13:05"; minutes of the day. */
static bool read_clock(int64_t *out, struct str s)
{
        struct str hours, minutes;
        uint64_t h, m;

        if (!str_cut(s, ':', &hours, &minutes) || minutes.n != 2 || hours.n < 1 || hours.n > 2)
                return false;
        if (hours.n == 2 && hours.p[0] == '0')
                hours = (struct str){ hours.p + 1, 1 };
        if (minutes.p[0] == '0')
                minutes = (struct str){ minutes.p + 1, 1 };
        if (!str_u64(hours, 23, &h) || !str_u64(minutes, 59, &m))
                return false;
        *out = (int64_t)(h * 60 + m);
        return true;
}

/* A day alone is its first instant. */
static int take_moment(struct taking *t, struct str cell, struct err *e)
{
        struct str day, clock = STR("");
        int64_t minutes = 0;
        struct date d;
        utime_t at;

        if (utime_parse(cell, &at)) {
                row_int(t->to, t->c->col, at);
                return ERR_OK;
        }
        if (!str_cut(cell, ' ', &day, &clock) || !read_clock(&minutes, str_trim(clock))) {
                day = cell;
                minutes = 0;
        }
        if (read_date(&d, t, day, NULL) < 0)
                return refuse(e, t, "record.moment", cell, "");
        row_int(t->to, t->c->col, utime_from_jst(d) + minutes * UTIME_MIN);
        return ERR_OK;
}

/* ---- one of several ---- */

static bool is_called(struct str cell, const char *id, const char *const label[LANG_COUNT])
{
        bool hit = fold_same(cell, str_of(id));

        for (int lang = 0; lang < LANG_COUNT; lang++)
                hit = hit || (label[lang] && fold_same(cell, str_of(label[lang])));
        return hit;
}

static void add_label(struct buf *b, const char *label)
{
        if (b->n + strlen(label) < LABELS_SHOWN_MAX)
                buf_printf(b, "%s%s", b->n ? " / " : "", label);
        else if (b->n && b->p[b->n - 1] != '.')
                buf_text(b, " ...");
}

static int take_yes_no(struct taking *t, struct str cell, struct err *e)
{
        bool yes;

        if (!fold_yes_no(&yes, cell))
                return refuse(e, t, "record.yes-no", cell, "");
        row_int(t->to, t->c->col, yes);
        return ERR_OK;
}

static int take_word(struct taking *t, struct str cell, struct err *e)
{
        scoped(buf_done) struct buf labels = BUF_INIT;
        struct str word, rest = str_of(t->c->words);

        while (rest.n) {
                char key[RECORD_KEY_MAX], id[PACK_ID_MAX];
                const char *label[LANG_COUNT];

                if (!str_cut(rest, ' ', &word, &rest)) {
                        word = rest;
                        rest = STR("");
                }
                record_word_key(key, t->to, t->c, word);
                for (int lang = 0; lang < LANG_COUNT; lang++)
                        label[lang] = text_get((enum lang)lang, key);
                (void)snprintf(id, sizeof(id), "%.*s", (int)word.n, word.p);
                if (is_called(cell, id, label))
                        return keep(t, word, false, e);
                add_label(&labels, label[t->env->lang]);
        }
        return buf_bad(&labels) ? err_set(e, ERR_NOMEM, "record: no memory for a message") : refuse(e, t, "record.choice", cell, labels.p);
}

static int take_list(struct taking *t, struct str cell, struct err *e)
{
        const struct pack_list *list = record_list(t->env->pack, t->c->words);
        scoped(buf_done) struct buf labels = BUF_INIT;

        for (size_t i = 0; list && i < list->choices_count; i++) {
                if (is_called(cell, list->choices[i].id, list->choices[i].label.in))
                        return keep(t, str_of(list->choices[i].id), false, e);
                add_label(&labels, list->choices[i].label.in[t->env->lang]);
        }
        if (!list)
                return refuse(e, t, "record.no-list", cell, t->c->words);
        return buf_bad(&labels) ? err_set(e, ERR_NOMEM, "record: no memory for a message") : refuse(e, t, "record.choice", cell, labels.p);
}

static int take_country(struct taking *t, struct str cell, struct err *e)
{
        for (size_t i = 0; t->env->pack && i < t->env->pack->countries_count; i++) {
                const struct pack_country *country = &t->env->pack->countries[i];

                if (is_called(cell, country->id, country->name.in))
                        return keep(t, str_of(country->id), false, e);
        }
        return refuse(e, t, "record.country", cell, "");
}

/* ---- rows ---- */

static int take_row(struct taking *t, struct str cell, struct err *e)
{
        const struct register_info *other = register_find(str_of(t->c->words)), *own = register_of_table(t->to->table);
        struct record_found found = { 0 };
        bool beside = own && own->of && other->of && strcmp(own->of, other->of) == 0;
        struct str of = beside ? row_get_text(t->to, own->of_col) : STR(""), name;
        struct uuid id;
        char caption[RECORD_KEY_MAX];
        bool is_id = uuid_parse(cell, &id);
        int r = ERR_OK;

        (void)snprintf(caption, sizeof(caption), "register.%s.caption", other->id);
        if (is_id) {
                found.id = cell;
                r = t->env->name ? t->env->name(t->env->ctx, other, cell, &name, &found.ended, e) : ERR_OK;
                found.n = r == ERR_OK;
        } else if (t->env->find) {
                r = t->env->find(t->env->ctx, other, of, cell, &found, e);
        }
        if (r < 0 && r != ERR_ABSENT)
                return r;
        if (r == ERR_ABSENT || !found.n)
                return refuse(e, t, "record.row.absent", cell, text_get(t->env->lang, caption));
        if (found.n > 1)
                return refuse(e, t, "record.row.several", cell, text_get(t->env->lang, caption));
        if (found.ended)
                return refuse(e, t, "record.row.ended", cell, text_get(t->env->lang, caption));
        return keep(t, found.id, false, e);
}

static int take_section(struct taking *t, struct str cell, struct err *e)
{
        const struct register_info *sections = register_of_table(TABLE_SECTION);
        struct record_found found = { .n = 1 };
        int r = ERR_OK;

        if (t->env->find && !t->env->any_section)
                r = t->env->find(t->env->ctx, sections, STR(""), cell, &found, e);
        if (r < 0)
                return r;
        if (!found.n)
                return refuse(e, t, "record.section", cell, "");
        return found.ended ? refuse(e, t, "record.row.ended", cell, text_get(t->env->lang, "register.section.caption")) : take_text(t, cell, e);
}

typedef int take_fn(struct taking *t, struct str cell, struct err *e);

static take_fn *const take_type[] = {
        [REGISTER_TEXT] = take_text,       [REGISTER_LINES] = take_text,   [REGISTER_INTEGER] = take_integer, [REGISTER_YES_NO] = take_yes_no,
        [REGISTER_DAY] = take_day,         [REGISTER_LAST_DAY] = take_day, [REGISTER_MOMENT] = take_moment,   [REGISTER_DATE] = take_date,
        [REGISTER_WORD] = take_word,       [REGISTER_LIST] = take_list,    [REGISTER_COUNTRY] = take_country, [REGISTER_SECTION] = take_section,
        [REGISTER_ROW] = take_row,
};

/* What people were shown and gave back as it was. */
static bool shown_so(const struct row *row, const struct register_column *c, struct str cell, const struct record_env *env)
{
        bool same = false;

        for (int lang = 0; lang < LANG_COUNT && !same; lang++) {
                scoped(buf_done) struct buf b = BUF_INIT;

                record_show(&b, row, c, env, (enum lang)lang);
                same = !buf_bad(&b) && str_eq(chars_trim(buf_view(&b)), cell);
        }
        return same;
}

int record_take(struct row *to, const struct register_info *r, const struct register_column *c, struct str cell, const struct record_env *env, struct err *e)
{
        struct row after = *to;
        struct taking t = { &after, c, env };
        int err = ERR_OK;

        cell = chars_trim(cell);
        if (!cell.n && (c->flags & REGISTER_REQUIRED) && (!to->rev || to->v[c->col].kind != VALUE_NULL))
                return refuse(e, &t, "record.required", cell, "");
        if (shown_so(to, c, cell, env))
                return ERR_OK;
        if (c->flags & REGISTER_FIXED)
                return refuse(e, &t, "record.fixed", cell, "");
        if (cell.n)
                err = take_type[c->type](&t, cell, e);
        else
                after.v[c->col] = (struct value){ .kind = VALUE_NULL };
        if (err == ERR_OK && !record_same(&after.v[c->col], &to->v[c->col]))
                to->v[c->col] = after.v[c->col];
        return err;
}
