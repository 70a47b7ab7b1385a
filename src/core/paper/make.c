/* make.c - see make.h. */
#include "core/paper/make.h"

static json_t *text_json(struct paper_maker *m, struct str s)
{
        json_t *j = json_stringn(s.p ? s.p : "", s.n);

        m->bad |= !j;
        return j;
}

static void append(struct paper_maker *m, json_t *list, json_t *j)
{
        m->bad |= !j || json_array_append_new(list, j) < 0;
}

/* The block stays the maker's: borrowed from the document. */
static json_t *begin(struct paper_maker *m, enum paper_kind kind)
{
        json_t *b = json_pack("{s:s}", "kind", paper_kind_names[kind]);

        append(m, m->blocks, b);
        m->rows = m->row = m->columns = NULL;
        return m->bad ? NULL : b;
}

static void member(struct paper_maker *m, json_t *o, const char *key, json_t *value)
{
        m->bad |= !o || !value || json_object_set_new(o, key, value) < 0;
}

/* An empty list in `o`, borrowed. */
static json_t *list_in(struct paper_maker *m, json_t *o, const char *key)
{
        json_t *list = json_array();

        member(m, o, key, list);
        return m->bad ? NULL : list;
}

void paper_make(struct paper_maker *m)
{
        *m = (struct paper_maker){ .doc = json_pack("{s:i}", "sekisho-paper", 1) };
        m->bad = !m->doc;
        m->blocks = list_in(m, m->doc, "blocks");
}

void paper_put(struct paper_maker *m, const char *key, struct str text)
{
        if (text.n)
                member(m, m->doc, key, text_json(m, text));
}

void paper_landscape(struct paper_maker *m)
{
        member(m, m->doc, "landscape", json_true());
}

void paper_head(struct paper_maker *m, const char *label, struct str text)
{
        json_t *head = json_object_get(m->doc, "head");

        if (!head)
                head = list_in(m, m->doc, "head");
        append(m, head, json_pack("[s, o]", label, text_json(m, text)));
}

void paper_heading(struct paper_maker *m, int level, struct str text)
{
        json_t *b = text.n ? begin(m, PAPER_HEADING) : NULL;

        if (!text.n)
                return;
        member(m, b, "text", text_json(m, text));
        member(m, b, "level", json_integer(level));
}

void paper_text(struct paper_maker *m, struct str text, enum paper_align align, int indent)
{
        static const char *const names[] = { [PAPER_LEFT] = "left", [PAPER_CENTER] = "center", [PAPER_RIGHT] = "right" };
        json_t *b = text.n ? begin(m, PAPER_TEXT) : NULL;

        if (!text.n)
                return;
        member(m, b, "text", text_json(m, text));
        member(m, b, "align", json_string(names[align]));
        member(m, b, "indent", json_integer(indent));
}

void paper_note(struct paper_maker *m, struct str text)
{
        if (text.n)
                member(m, begin(m, PAPER_NOTE), "text", text_json(m, text));
}

void paper_seals(struct paper_maker *m, const char *text)
{
        json_t *b = begin(m, PAPER_SEALS);

        member(m, b, "text", json_string(text));
        m->rows = list_in(m, b, "titles");
}

void paper_seal(struct paper_maker *m, const char *title)
{
        append(m, m->rows, json_string(title));
}

void paper_break(struct paper_maker *m)
{
        (void)begin(m, PAPER_BREAK);
}

void paper_rows(struct paper_maker *m, enum paper_kind kind, const char *text)
{
        json_t *b = begin(m, kind);

        if (text)
                member(m, b, "text", json_string(text));
        m->rows = list_in(m, b, "rows");
}

void paper_row2(struct paper_maker *m, const char *label, struct str text)
{
        append(m, m->rows, json_pack("[s, o]", label, text_json(m, text)));
}

void paper_table(struct paper_maker *m)
{
        json_t *b = begin(m, PAPER_TABLE), *columns = list_in(m, b, "columns");

        m->rows = list_in(m, b, "rows");
        m->columns = columns;
}

void paper_column(struct paper_maker *m, const char *title, int width, enum paper_align align)
{
        static const char *const names[] = { [PAPER_LEFT] = "left", [PAPER_CENTER] = "center", [PAPER_RIGHT] = "right" };

        append(m, m->columns, json_pack("{s:s, s:i, s:s}", "title", title, "width", width, "align", names[align]));
}

void paper_row(struct paper_maker *m)
{
        json_t *row = json_array();

        append(m, m->rows, row);
        m->row = m->bad ? NULL : row;
}

void paper_cell(struct paper_maker *m, struct str text)
{
        append(m, m->row, text_json(m, text));
}

size_t paper_rows_made(const struct paper_maker *m)
{
        return json_array_size(m->rows);
}

json_t *paper_make_end(struct paper_maker *m)
{
        json_t *doc = m->bad ? NULL : m->doc;

        if (!doc)
                json_decref(m->doc);
        *m = (struct paper_maker){ .bad = true };
        return doc;
}

void paper_make_done(struct paper_maker *m)
{
        json_decref(m->doc);
        *m = (struct paper_maker){ .bad = true };
}
