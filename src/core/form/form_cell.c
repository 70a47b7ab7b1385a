/* form_cell.c - one cell of a sheet as an answer to a field, and an answer as people read it. */
#include "core/calendar/calendar.h"
#include "core/form/form_sheet_inside.h"
#include "core/pack/chars.h"
#include "core/text/fold.h"

/* A list of choices is cut where it may be cut; the longest piece that is a choice counts, since labels have commas and blanks too. */
enum { PIECES_MAX = 300, PIECE_SPAN = 12 };

/* ---- words ---- */

static int fold(struct str *out, struct str s, struct arena *a, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        const char *copy;

        fold_word(&b, s);
        copy = buf_bad(&b) ? NULL : arena_copy(a, b.p ? b.p : "", b.n);
        if (!copy)
                return err_set(e, ERR_NOMEM, "form: no memory for a word");
        *out = (struct str){ copy, b.n };
        return ERR_OK;
}

static bool is_country(const struct pack_field *f)
{
        return f->type == FIELD_COUNTRY || f->type == FIELD_COUNTRIES;
}

static size_t choices_count(const struct pack_field *f, const struct pack *pack)
{
        return is_country(f) ? pack->countries_count : f->choices_count;
}

static const char *choice_id(const struct pack_field *f, const struct pack *pack, size_t i)
{
        return is_country(f) ? pack->countries[i].id : f->choices[i].id;
}

static const char *choice_label(const struct pack_field *f, const struct pack *pack, size_t i, enum lang lang)
{
        return is_country(f) ? pack->countries[i].name.in[lang] : f->choices[i].label.in[lang];
}

int form_words_of(struct form_words *out, const struct pack_field *f, const struct pack *pack, struct arena *a, struct err *e)
{
        size_t n = choices_count(f, pack);
        struct form_word *words = arena_array(a, n + 1, sizeof(*words));
        int r = words ? ERR_OK : err_set(e, ERR_NOMEM, "form: no memory for choices");

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                words[i].id = choice_id(f, pack, i);
                r = fold(&words[i].called[0], str_of(words[i].id), a, e);
                for (int lang = 0; r == ERR_OK && lang < LANG_COUNT; lang++)
                        r = fold(&words[i].called[1 + lang], str_of(choice_label(f, pack, i, (enum lang)lang)), a, e);
        }
        *out = (struct form_words){ words, n };
        return r;
}

/* An id is one choice; a label that two choices have is none. NULL: none. */
static const char *word_find(const struct form_words *w, struct str folded)
{
        const char *found = NULL;

        if (!folded.n)
                return NULL;
        for (size_t i = 0; i < w->n; i++)
                if (str_eq(w->words[i].called[0], folded))
                        return w->words[i].id;
        for (size_t i = 0; i < w->n; i++)
                for (int lang = 0; lang < LANG_COUNT; lang++) {
                        if (!str_eq(w->words[i].called[1 + lang], folded) || found == w->words[i].id)
                                continue;
                        if (found)
                                return NULL;
                        found = w->words[i].id;
                }
        return found;
}

/* ---- in ---- */

struct reading { const struct form_words *words; const struct pack *pack; struct arena *a; };

typedef int read_fn(struct str *out, struct str cell, const struct reading *x, struct err *e);

/* Nothing but what is left out is no empty answer: it stays as it was, to be refused. */
static int keep(struct str *out, const struct buf *b, const struct reading *x, struct err *e)
{
        const char *copy = buf_bad(b) ? NULL : arena_copy(x->a, b->p ? b->p : "", b->n);

        if (!copy)
                return err_set(e, ERR_NOMEM, "form: no memory for an answer");
        if (b->n)
                *out = (struct str){ copy, b->n };
        return ERR_OK;
}

static int read_choice(struct str *out, struct str cell, const struct reading *x, struct err *e)
{
        struct str folded;
        const char *id;
        int r = fold(&folded, cell, x->a, e);

        if (r < 0)
                return r;
        id = word_find(x->words, folded);
        *out = id ? str_of(id) : cell;
        return ERR_OK;
}

static bool is_apart(uint32_t c)
{
        return c == '\n' || c == '\r' || c == '\t' || c == ' ' || c == ',' || c == ';' || c == '/' || c == 0x3001 || c == 0xff0c || c == 0xff1b || c == 0xff0f || c == 0x30fb ||
               c == 0xff65 || char_is_wide_space(c);
}

/* The pieces between what keeps them apart; more than there is room for: 0. */
static size_t cut_pieces(struct str *pieces, struct str cell)
{
        size_t n = 0;
        bool inside = false;

        for (struct str rest = cell; rest.n;) {
                const char *at = rest.p;

                if (is_apart(char_next(&rest))) {
                        inside = false;
                        continue;
                }
                if (!inside && n == PIECES_MAX)
                        return 0;
                if (!inside)
                        pieces[n++] = (struct str){ at, 0 };
                pieces[n - 1].n = (size_t)(rest.p - pieces[n - 1].p);
                inside = true;
        }
        return n;
}

static int read_choices(struct str *out, struct str cell, const struct reading *x, struct err *e)
{
        struct str *pieces = arena_array(x->a, PIECES_MAX, sizeof(*pieces));
        scoped(buf_done) struct buf b = BUF_INIT;
        size_t n = pieces ? cut_pieces(pieces, cell) : 0;

        if (!pieces)
                return err_set(e, ERR_NOMEM, "form: no memory for choices");
        *out = cell;
        for (size_t i = 0; i < n;) {
                size_t end = i + PIECE_SPAN < n ? i + PIECE_SPAN : n;
                const char *id = NULL;

                for (; end > i && !id; end--) {
                        struct str folded, span = { pieces[i].p, (size_t)(pieces[end - 1].p + pieces[end - 1].n - pieces[i].p) };
                        int r = fold(&folded, span, x->a, e);

                        if (r < 0)
                                return r;
                        id = word_find(x->words, folded);
                }
                if (!id)
                        return ERR_OK;
                buf_printf(&b, "%s%s", b.n ? " " : "", id);
                i = end + 1;
        }
        return keep(out, &b, x, e);
}

static int read_yes_no(struct str *out, struct str cell, const struct reading *x, struct err *e)
{
        bool yes;

        *out = cell;
        if (fold_yes_no(&yes, cell))
                *out = yes ? STR("true") : STR("false");
        return ERR_OK;
}

/* 1,000 as spreadsheets write it. */
static int read_integer(struct str *out, struct str cell, const struct reading *x, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        *out = cell;
        for (struct str rest = cell; rest.n;) {
                const char *at = rest.p;
                uint32_t c = char_next(&rest);

                if (c != ',' && c != 0xff0c)
                        buf_add(&b, at, (size_t)(rest.p - at));
        }
        return keep(out, &b, x, e);
}

/* The day of a moment in any calendar; a moment itself stays. */
static int read_moment(struct str *out, struct str cell, const struct reading *x, struct err *e)
{
        struct era rows[CALENDAR_ERAS_MAX];
        struct eras eras = calendar_eras(rows, x->pack);
        scoped(buf_done) struct buf b = BUF_INIT;
        struct wareki_date w;
        utime_t t;

        *out = cell;
        if (utime_parse(cell, &t) || wareki_parse(&w, cell, &eras, NULL) < 0)
                return ERR_OK;
        buf_printf(&b, "%04d-%02d-%02d", w.date.year, w.date.month, w.date.day);
        return keep(out, &b, x, e);
}

static int read_domains(struct str *out, struct str cell, const struct reading *x, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        *out = cell;
        for (struct str rest = cell; rest.n;) {
                const char *at = rest.p;
                uint32_t c = char_next(&rest);

                if (is_apart(c) && c != '/')
                        buf_char(&b, '\n');
                else
                        buf_add(&b, at, (size_t)(rest.p - at));
        }
        return keep(out, &b, x, e);
}

static read_fn *const readers[FIELD_TYPES_COUNT] = {
        [FIELD_CHOICE] = read_choice,  [FIELD_COUNTRY] = read_choice,   [FIELD_CHOICES] = read_choices, [FIELD_COUNTRIES] = read_choices, [FIELD_YES_NO] = read_yes_no,
        [FIELD_PLEDGE] = read_yes_no,  [FIELD_INTEGER] = read_integer,  [FIELD_MOMENT] = read_moment,   [FIELD_DOMAINS] = read_domains,
};

int form_cell_read(struct str *out, const struct pack_field *f, const char *cell, const struct form_words *words, const struct pack *pack, struct arena *a,
                   struct err *e)
{
        const struct reading x = { words, pack, a };
        struct str said = chars_trim(str_of(cell));

        *out = said;
        return said.n && readers[f->type] ? readers[f->type](out, said, &x, e) : ERR_OK;
}

/* ---- out ---- */

static void write_choice(struct buf *out, const struct pack_field *f, struct str id, const struct pack *pack, enum lang lang)
{
        for (size_t i = 0; i < choices_count(f, pack); i++) {
                const char *label = choice_label(f, pack, i, lang);

                if (!str_is(id, choice_id(f, pack, i)))
                        continue;
                buf_text(out, label && *label ? label : choice_id(f, pack, i));
                return;
        }
        buf_str(out, id);
}

/* Stored is the half-open end; people type the last day. */
static void write_moment(struct buf *out, struct str stored)
{
        struct date d;
        utime_t t;

        if (!utime_parse(stored, &t)) {
                buf_str(out, stored);
                return;
        }
        d = period_last_day(t);
        if (utime_from_jst(d) + UTIME_DAY == t)
                buf_printf(out, "%04d-%02d-%02d", d.year, d.month, d.day);
        else
                buf_str(out, stored);
}

void form_cell_write(struct buf *out, const struct pack_field *f, struct str stored, const struct pack *pack, enum lang lang)
{
        switch (f->type) {
        case FIELD_CHOICE:
        case FIELD_COUNTRY:
                write_choice(out, f, stored, pack, lang);
                break;
        case FIELD_CHOICES:
        case FIELD_COUNTRIES:
                for (struct str id, rest = stored; rest.n;) {
                        if (!str_cut(rest, ' ', &id, &rest)) {
                                id = rest;
                                rest.n = 0;
                        }
                        if (out->n)
                                buf_char(out, '\n');
                        write_choice(out, f, id, pack, lang);
                }
                break;
        case FIELD_YES_NO:
        case FIELD_PLEDGE:
                buf_text(out, str_is(stored, "true") ? text_get(lang, "field.yes") : str_is(stored, "false") ? text_get(lang, "field.no") : "");
                break;
        case FIELD_MOMENT:
                write_moment(out, stored);
                break;
        default:
                buf_str(out, stored);
        }
}
