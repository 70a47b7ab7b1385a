/* value.c - see value.h. */
#include "core/form/value.h"

static const struct expr_value open_value = { .state = EXPR_OPEN };
static const struct expr_value blank_value = { .state = EXPR_BLANK };

static struct expr_value known_number(int64_t number)
{
        return (struct expr_value){ .state = EXPR_KNOWN, .number = number };
}

/* ---- one value ---- */

static struct expr_value bool_value(struct str s)
{
        return str_is(s, "true") ? known_number(1) : str_is(s, "false") ? known_number(0) : open_value;
}

static struct expr_value integer_value(struct str s)
{
        uint64_t n;

        return str_u64(s, (uint64_t)EXPR_INT_MAX, &n) ? known_number((int64_t)n) : open_value;
}

static struct expr_value date_value(struct str s)
{
        struct date d;

        return date_parse(s, &d) ? known_number(date_days(d)) : open_value;
}

/* People typed the last day of a term; what is stored is the half-open end. */
static struct expr_value moment_value(struct str s)
{
        utime_t t;

        return utime_parse(s, &t) ? known_number(date_days(period_last_day(t))) : open_value;
}

static struct expr_value text_value(struct str s)
{
        return (struct expr_value){ .state = EXPR_KNOWN, .text = s };
}

typedef struct expr_value read_fn(struct str s);

static read_fn *const readers[FIELD_TYPES_COUNT] = {
        [FIELD_YES_NO] = bool_value,     [FIELD_PLEDGE] = bool_value, [FIELD_INTEGER] = integer_value,
        [FIELD_MOMENT] = moment_value,   [FIELD_DATE] = date_value,
};

static struct expr_value scalar(const struct pack_field *f, struct str s)
{
        return (readers[f->type] ? readers[f->type] : text_value)(s);
}

/* ---- lists ---- */

static struct expr_value list_value(struct value_room *room, size_t n)
{
        return (struct expr_value){ .state = EXPR_KNOWN, .items = room->items, .n = n };
}

static struct expr_value split(struct str s, char at, struct value_room *room)
{
        struct str word = s, rest = { "", 0 };
        size_t n = 0;

        for (bool more = true; more; s = rest) {
                more = str_cut(s, at, &word, &rest);
                if (!more)
                        word = s;
                if (n == VALUE_ITEMS_MAX)
                        return open_value;
                room->items[n++] = text_value(word);
        }
        return list_value(room, n);
}

/* A condition may ask whether there are rows and how many, no more. */
static struct expr_value rows_value(struct str stored, struct value_room *room)
{
        size_t n = table_rows(stored);

        if (n > VALUE_ITEMS_MAX)
                return open_value;
        for (size_t i = 0; i < n; i++)
                room->items[i] = open_value;
        return list_value(room, n);
}

struct expr_value value_of(const struct pack_field *f, bool is_list, struct str stored, struct value_room *room)
{
        if (f->type == FIELD_TABLE)
                return rows_value(stored, room);
        if (!stored.n)
                return blank_value;
        return is_list ? split(stored, f->type == FIELD_DOMAINS ? '\n' : ' ', room) : scalar(f, stored);
}

struct expr_value value_of_column(const struct pack_field *column, struct str stored, struct value_room *room)
{
        struct table_walk w = { stored, 0 };
        struct table_cell cell;
        size_t n = table_rows(stored), used = 0;

        if (n > VALUE_ITEMS_MAX)
                return open_value;
        for (size_t i = 0; i < n; i++)
                room->items[i] = blank_value;
        while (table_next(&w, &cell)) {
                if (!str_is(cell.column, column->id))
                        continue;
                if (cell.raw.n > VALUE_TEXT_MAX - used) {
                        room->items[cell.row] = open_value;
                        continue;
                }
                room->items[cell.row] = scalar(column, table_text(cell.raw, room->text + used));
                used += cell.raw.n;
        }
        return list_value(room, n);
}

/* ---- stored tables ---- */

/* Takes a quoted word off the front, quotes away, escapes left in. */
static bool cut_quoted(struct str *out, struct str *s)
{
        size_t end = 1;

        if (!s->n || s->p[0] != '"')
                return false;
        while (end < s->n && s->p[end] != '"')
                end += s->p[end] == '\\' ? 2 : 1;
        if (end >= s->n)
                return false;
        *out = (struct str){ s->p + 1, end - 1 };
        *s = (struct str){ s->p + end + 1, s->n - end - 1 };
        return true;
}

static bool cut_char(struct str *s, char c)
{
        if (!s->n || s->p[0] != c)
                return false;
        *s = (struct str){ s->p + 1, s->n - 1 };
        return true;
}

/* Between two cells stands a comma, between two rows },{ ; an object begins a row. */
bool table_next(struct table_walk *w, struct table_cell *out)
{
        struct table_cell cell;

        while (w->rest.n && w->rest.p[0] != '"') {
                w->rows += w->rest.p[0] == '{';
                w->rest = (struct str){ w->rest.p + 1, w->rest.n - 1 };
        }
        if (!w->rows || !cut_quoted(&cell.column, &w->rest) || !cut_char(&w->rest, ':') || !cut_quoted(&cell.raw, &w->rest)) {
                w->rest.n = 0;
                return false;
        }
        cell.row = w->rows - 1;
        *out = cell;
        return true;
}

size_t table_rows(struct str stored)
{
        struct table_walk w = { stored, 0 };
        struct table_cell cell;
        size_t n = 0;

        while (table_next(&w, &cell))
                n = cell.row + 1;
        return n;
}

struct str table_text(struct str raw, char *to)
{
        size_t n = 0;

        if (!raw.n || !memchr(raw.p, '\\', raw.n))
                return raw;
        for (size_t i = 0; i < raw.n; i++) {
                if (raw.p[i] == '\\' && i + 1 < raw.n)
                        to[n++] = raw.p[++i] == 'n' ? '\n' : raw.p[i];
                else
                        to[n++] = raw.p[i];
        }
        return (struct str){ to, n };
}
