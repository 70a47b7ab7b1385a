/* rows.c - see rows.h. */
#include "core/register/rows.h"

#include <assert.h>

#define C_INT  COLUMN_INT
#define C_TEXT COLUMN_TEXT
#define X(table, col, type, comment) { #col, C_##type },
#define T(id, name) static const struct column cols_##id[] = { COLS_##id(X) }; static_assert(countof(cols_##id) <= ROW_COLS_MAX, name);
TABLES(T)
#undef T
#undef X

const struct table_info table_infos[TABLE_COUNT] = {
#define T(id, name) [TABLE_##id] = { name, cols_##id, countof(cols_##id) },
        TABLES(T)
#undef T
};

int table_find(struct str name)
{
        for (int t = 0; t < TABLE_COUNT; t++)
                if (str_is(name, table_infos[t].name))
                        return t;
        return -1;
}

struct row row_new(enum table t, struct uuid id, const char *k)
{
        struct row r = { .table = t };

        uuid_text(r.id, id);
        (void)snprintf(r.k, sizeof(r.k), "%s", k ? k : "");
        return r;
}

void row_int(struct row *r, int col, int64_t i)
{
        r->v[col] = (struct value){ .kind = VALUE_INT, .i = i };
}

void row_text(struct row *r, int col, struct str s)
{
        r->v[col] = (struct value){ .kind = VALUE_TEXT, .s = s };
}

void row_personal(struct row *r, int col, struct str s)
{
        r->v[col] = s.n ? (struct value){ .kind = VALUE_TEXT, .s = s, .personal = true } : (struct value){ .kind = VALUE_NULL };
}

int64_t row_get_int(const struct row *r, int col)
{
        return r->v[col].kind == VALUE_INT ? r->v[col].i : 0;
}

struct str row_get_text(const struct row *r, int col)
{
        return r->v[col].kind == VALUE_TEXT ? r->v[col].s : STR("");
}

bool row_is(const struct row *r, int col, const char *text)
{
        return r->v[col].kind == VALUE_TEXT && str_is(r->v[col].s, text);
}

void changes_init(struct changes *c, struct arena *a, const char *type, const char *ref)
{
        *c = (struct changes){ .type = type, .arena = a };
        (void)snprintf(c->ref, sizeof(c->ref), "%s", ref ? ref : "");
}

int changes_mark(struct changes *c, const struct row *after, struct err *e)
{
        if (c->rows_count == CHANGES_MAX)
                return err_set(e, ERR_TOO_BIG, "one act changes more than %d rows", CHANGES_MAX);
        if (c->rows_count == c->rows_room) {
                size_t room = c->rows_room ? c->rows_room * 2 : 8;
                struct row *rows = arena_array(c->arena, room, sizeof(*rows));

                if (!rows)
                        return err_set(e, ERR_NOMEM, "changes");
                if (c->rows_count)
                        memcpy(rows, c->rows, c->rows_count * sizeof(*rows));
                c->rows = rows;
                c->rows_room = room;
        }
        c->rows[c->rows_count++] = *after;
        return ERR_OK;
}

int changes_add(struct changes *c, const struct row *after, struct err *e)
{
        int r = changes_mark(c, after, e);

        if (r == ERR_OK)
                c->rows[c->rows_count - 1].rev++;
        return r;
}

static struct note_item *note_slot(struct changes *c, const char *key)
{
        assert(c->notes_count < NOTES_MAX); /* our bug: notes are written by our own code, a handful an act */
        c->notes[c->notes_count].key = key;
        return &c->notes[c->notes_count++];
}

void changes_note(struct changes *c, const char *key, struct str text)
{
        note_slot(c, key)->text = text;
}

void changes_note_int(struct changes *c, const char *key, int64_t i)
{
        struct note_item *n = note_slot(c, key);

        n->i = i;
        n->is_int = true;
}
