/* import_cell.c - one cell of the block into one column of a row, in whatever words; slips; entries and rows of the plan. */
#include "core/register/import_inside.h"
#include "core/register/import_names.h"
#include "core/text/fold.h"

enum { CANDIDATES_MAX = 6 };

/* ---- the plan grows ---- */

int import_slip(struct importing *x, size_t line, size_t column, const char *target, struct str value, const struct err *what, struct err *e)
{
        struct import_plan *p = x->out;

        p->mistakes_total++;
        if (!p->mistakes && !(p->mistakes = arena_array(x->a, IMPORT_MISTAKES_MAX, sizeof(*p->mistakes))))
                return err_set(e, ERR_NOMEM, "import: no memory for mistakes");
        if (p->mistakes_n < IMPORT_MISTAKES_MAX)
                p->mistakes[p->mistakes_n++] = (struct import_mistake){ line, column, target, value, *what };
        return ERR_OK;
}

int import_tell(struct importing *x, enum import_note_kind kind, const char *id, struct str name, struct str more, struct err *e)
{
        struct import_plan *p = x->out;

        p->notes_total++;
        if (!p->notes && !(p->notes = arena_array(x->a, IMPORT_LISTED_MAX, sizeof(*p->notes))))
                return err_set(e, ERR_NOMEM, "import: no memory for notes");
        if (p->notes_n < IMPORT_LISTED_MAX)
                p->notes[p->notes_n++] = (struct import_note){ kind, x->line, id, name, more };
        return ERR_OK;
}

/* Room for one more in an array that doubles. */
static void *grown(struct importing *x, void *items, size_t n, size_t *room, size_t size, struct err *e)
{
        size_t more = *room ? *room * 2 : 64;
        void *bigger;

        if (n < *room)
                return items;
        bigger = arena_array(x->a, more, size);
        if (!bigger) {
                (void)err_set(e, ERR_NOMEM, "import: no memory for a plan");
                return NULL;
        }
        if (n)
                memcpy(bigger, items, n * size);
        *room = more;
        return bigger;
}

int import_entry(struct importing *x, const struct register_info *reg, const char *verb, struct err *e)
{
        struct import_plan *p = x->out;
        struct import_entry *entries = grown(x, p->entries, p->entries_n, &x->entries_room, sizeof(*entries), e);

        if (!entries)
                return ERR_NOMEM;
        p->entries = entries;
        entries[p->entries_n++] = (struct import_entry){ .reg = reg, .verb = verb, .line = x->line, .first = p->rows_n };
        return ERR_OK;
}

int import_row(struct importing *x, const struct row *row, struct err *e)
{
        struct import_plan *p = x->out;
        struct row *rows = grown(x, p->rows, p->rows_n, &x->rows_room, sizeof(*rows), e);

        if (!rows)
                return ERR_NOMEM;
        p->rows = rows;
        rows[p->rows_n++] = *row;
        p->entries[p->entries_n - 1].n++;
        return ERR_OK;
}

/* ---- a cell ---- */

/* The cell of a column, tidied; *column: where it stands. Empty, and IMPORT_WHOLE_LINE, when the block has no such column. */
struct str import_said(struct importing *x, size_t line, enum import_as as, const struct register_column *c, size_t *column)
{
        const struct import_layout *l = &x->out->layout;
        scoped(buf_done) struct buf b = BUF_INIT;
        const char *copy;
        size_t i = 0;

        while (i < l->n && (l->columns[i].as != as || l->columns[i].column != c))
                i++;
        *column = i < l->n ? i : IMPORT_WHOLE_LINE;
        if (i == l->n)
                return STR("");
        fold_cell(&b, str_of(import_cell(x->in->sheet, line, i)));
        copy = buf_bad(&b) ? NULL : arena_copy(x->a, b.p ? b.p : "", b.n);
        if (!copy)
                x->a->refused = true;
        return (struct str){ copy ? copy : "", copy ? b.n : 0 };
}

/* "税務課 000123 / 福祉課 000456": who is meant when several are called so. */
static void candidates(struct importing *x, struct buf *out, struct str name)
{
        const struct import_item *first;
        size_t n = import_index_find(&x->people, import_folded(x, name), &first), said = 0;

        for (size_t i = 0; i < n && said < CANDIDATES_MAX; i++) {
                const struct row *p = &x->in->people.rows[first[i].at];
                struct str section = row_get_text(p, PERSON_section), number = row_get_text(p, PERSON_number), known = number.n ? number : row_get_text(p, PERSON_login);

                if (import_row_over(register_of_table(TABLE_PERSON), p))
                        continue;
                if (out->n + section.n + known.n + 12 >= ERR_ARG_MAX)
                        break;
                buf_printf(out, "%s%.*s %.*s", said++ ? " / " : "", (int)section.n, section.p, (int)known.n, known.p);
        }
}

/* Several people of one name: say who they are, so that a number can be typed instead. */
static void name_them(struct importing *x, const struct register_column *c, struct str cell, struct err *what)
{
        scoped(buf_done) struct buf who = BUF_INIT;
        char word[ERR_ARG_MAX];

        if (c->type != REGISTER_ROW || strcmp(c->words, "person") != 0 || strcmp(what->key, "record.row.several") != 0)
                return;
        candidates(x, &who, cell);
        (void)snprintf(word, sizeof(word), "%s", what->args[0]);
        if (!buf_bad(&who) && who.n)
                (void)err_key(what, ERR_INPUT, "import.person.several", c->id, word, who.p, (char *)NULL);
}

static bool has_word(const char *words, struct str word)
{
        struct str rest = str_of(words), one;

        while (str_cut(rest, ' ', &one, &rest))
                if (str_eq(one, word))
                        return true;
        return str_eq(rest, word);
}

struct str import_other_word(struct importing *x, const struct register_info *reg, const struct register_column *c, struct str cell)
{
        struct str folded = import_folded(x, cell);

        for (size_t i = 0; i < import_words_count; i++)
                if (strcmp(import_words[i].reg, reg->id) == 0 && strcmp(import_words[i].column, c->id) == 0 && has_word(import_words[i].words, folded))
                        return str_of(import_words[i].id);
        return cell;
}

/* The section as it is called in our list, whatever width and blanks it was typed with. */
static struct str our_section(struct importing *x, struct str folded, struct str cell)
{
        const struct import_item *first;

        return import_index_find(&x->sections, folded, &first) ? row_get_text(&x->in->sections.rows[first->at], SECTION_name) : cell;
}

/* A date of a program that exports times too: "2026/04/01 0:00:00". */
static struct str without_midnight(struct str cell)
{
        struct str day, clock;

        return str_cut(cell, ' ', &day, &clock) && (str_is(clock, "0:00") || str_is(clock, "00:00") || str_is(clock, "0:00:00") || str_is(clock, "00:00:00")) ? day : cell;
}

/* What people write for a value that our function spells otherwise; "-" for nothing. */
static struct str in_our_words(struct importing *x, const struct register_info *reg, const struct register_column *c, struct str cell)
{
        struct str folded = import_folded(x, cell);
        bool dash = str_is(folded, "-") || str_is(folded, "ー") || str_is(folded, "―") || str_is(folded, "—") || str_is(folded, "−");

        switch (c->type) {
        case REGISTER_WORD:
                return dash ? STR("") : import_other_word(x, reg, c, cell);
        case REGISTER_SECTION:
                return dash ? STR("") : our_section(x, folded, cell);
        case REGISTER_DAY:
        case REGISTER_LAST_DAY:
        case REGISTER_DATE:
                return dash ? STR("") : without_midnight(cell);
        case REGISTER_TEXT:
        case REGISTER_LINES:
                return cell;
        default:
                return dash ? STR("") : cell;
        }
}

static bool shown_so(struct importing *x, const struct row *row, const struct register_column *c, struct str cell)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        record_show(&b, row, c, &x->env, x->env.lang);
        return !buf_bad(&b) && str_eq(buf_view(&b), cell);
}

int import_take(struct importing *x, struct row *row, const struct register_info *reg, const struct register_column *c, bool keeps, bool *bad, struct err *e)
{
        size_t column;
        struct str cell = import_said(x, x->line, IMPORT_AS_COLUMN, c, &column), ours;
        struct err what = { 0 };
        int r;

        if (column == IMPORT_WHOLE_LINE)
                return ERR_OK;
        if (row->rev && shown_so(x, row, c, str_of(import_cell(x->in->sheet, x->line, column))))
                return ERR_OK;      /* given back as it was, with blanks that tidying would change */
        ours = in_our_words(x, reg, c, cell);
        if (!ours.n && keeps)
                return ERR_OK;
        r = record_take(row, reg, c, ours, &x->env, &what);
        if (r == ERR_OK)
                return ERR_OK;
        if (r != ERR_INPUT) {
                if (e)
                        *e = what;
                return r;
        }
        *bad = true;
        name_them(x, c, cell, &what);
        return import_slip(x, x->line, column, c->id, cell, &what, e);
}
