/* import_env.c - what a cell may name: people by name, number or login, sections, providers; and those that the import makes. */
#include <assert.h>
#include <stdlib.h>

#include "core/register/import_inside.h"
#include "core/text/fold.h"

/* ---- an index ---- */

int import_index_add(struct import_index *x, struct str key, size_t at, struct arena *a, struct err *e)
{
        if (!key.n)
                return ERR_OK;
        if (x->n == x->room) {
                size_t room = x->room ? x->room * 2 : 64;
                struct import_item *items = arena_array(a, room, sizeof(*items));

                if (!items)
                        return err_set(e, ERR_NOMEM, "import: no memory for an index");
                if (x->n)
                        memcpy(items, x->items, x->n * sizeof(*items));
                x->items = items;
                x->room = room;
        }
        x->items[x->n++] = (struct import_item){ key, at };
        return ERR_OK;
}

static int item_cmp(const void *a, const void *b)
{
        const struct import_item *x = a, *y = b;
        int r = str_cmp(x->key, y->key);

        return r ? r : x->at < y->at ? -1 : x->at > y->at;
}

void import_index_sort(struct import_index *x)
{
        if (x->n)
                qsort(x->items, x->n, sizeof(*x->items), item_cmp);
}

size_t import_index_find(const struct import_index *x, struct str key, const struct import_item **first)
{
        size_t low = 0, high = x->n, n = 0;

        while (low < high) {
                size_t mid = low + (high - low) / 2;

                if (str_cmp(x->items[mid].key, key) < 0)
                        low = mid + 1;
                else
                        high = mid;
        }
        while (low + n < x->n && str_eq(x->items[low + n].key, key))
                n++;
        *first = n ? &x->items[low] : NULL;
        return n;
}

struct str import_folded(struct importing *x, struct str s)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        const char *copy;

        fold_word(&b, s);
        copy = buf_bad(&b) ? NULL : arena_copy(x->a, b.p ? b.p : "", b.n);
        if (!copy)
                x->a->refused = true;      /* whoever owns the arena asks it at the end */
        return (struct str){ copy ? copy : "", copy ? b.n : 0 };
}

bool import_row_over(const struct register_info *r, const struct row *row)
{
        static const char *const over[] = { "ended", "closed", "left", "replaced", "withdrawn", "removed" };

        for (size_t i = 0; r->state_col >= 0 && i < countof(over); i++)
                if (row_is(row, r->state_col, over[i]))
                        return true;
        return false;
}

struct uuid import_fresh(struct importing *x)
{
        assert(x->ids_used < x->in->ids_count); /* import_plan() has counted them */
        return x->in->ids[x->ids_used++];
}

/* ---- finding ---- */

static const struct import_rows *rows_of(const struct importing *x, enum table t, const struct import_index **index)
{
        const struct { enum table table; const struct import_rows *rows; const struct import_index *index; } kept[] = {
                { TABLE_PERSON, &x->in->people, &x->people }, { TABLE_PROVIDER, &x->in->providers, &x->providers }, { TABLE_SECTION, &x->in->sections, &x->sections },
        };

        for (size_t i = 0; i < countof(kept); i++)
                if (kept[i].table == t) {
                        *index = kept[i].index;
                        return kept[i].rows;
                }
        return NULL;
}

static const struct row *made_named(struct importing *x, enum table t, struct str folded)
{
        const struct register_info *r = register_of_table(t);

        for (size_t i = 0; i < x->made_n; i++)
                if (x->made[i].table == t && str_eq(import_folded(x, row_get_text(&x->made[i], register_name_column(r)->col)), folded))
                        return &x->made[i];
        return NULL;
}

static int keep_made(struct importing *x, const struct row *row, struct err *e)
{
        if (x->made_n == x->made_room) {
                size_t room = x->made_room ? 2 * x->made_room : 16;
                struct row *made = arena_array(x->a, room, sizeof(*made));

                if (!made)
                        return err_set(e, ERR_NOMEM, "import: no memory for a row");
                if (x->made_n)
                        memcpy(made, x->made, x->made_n * sizeof(*made));
                x->made = made;
                x->made_room = room;
        }
        x->made[x->made_n++] = *row;
        return ERR_OK;
}

/* A provider or section that nobody has yet: an entry of its own, before the line that names it. */
static int make(struct importing *x, const struct register_info *r, struct str name, struct record_found *out, struct err *e)
{
        struct row row = row_new(r->table, import_fresh(x), NULL);
        const char *id = arena_text(x->a, row.id);
        int no;

        if (!id)
                return err_set(e, ERR_NOMEM, "import: no memory for an id");
        row_personal(&row, register_name_column(r)->col, name);
        if (r->state_col >= 0)
                row_text(&row, r->state_col, str_of(r->live));
        no = keep_made(x, &row, e);
        if (no == ERR_OK)
                no = import_entry(x, r, "recorded", e);
        if (no == ERR_OK)
                no = import_row(x, &row, e);
        if (no == ERR_OK)
                no = import_tell(x, r->table == TABLE_SECTION ? IMPORT_MADE_SECTION : IMPORT_MADE_PROVIDER, id, name, STR(""), e);
        if (no < 0)
                return no;
        *out = (struct record_found){ .n = 1, .id = str_of(id) };
        *(r->table == TABLE_SECTION ? &x->out->counts.sections : &x->out->counts.providers) += 1;
        return ERR_OK;
}

/* Of those of one name, who is still there; whoever has ended only when nobody else is. */
static void among(struct record_found *out, const struct register_info *r, const struct import_rows *rows, const struct import_item *items, size_t n)
{
        for (int ended = 0; ended < 2 && !out->n; ended++)
                for (size_t i = 0; i < n; i++) {
                        const struct row *row = &rows->rows[items[i].at];

                        if (import_row_over(r, row) != (bool)ended || (out->n && str_is(out->id, row->id)))
                                continue;
                        out->n++;
                        out->id = str_of(row->id);
                        out->ended = ended;
                }
        out->n = out->n > 2 ? 2 : out->n;
}

static int find(void *ctx, const struct register_info *r, struct str of, struct str name, struct record_found *out, struct err *e)
{
        struct importing *x = ctx;
        const struct import_index *index = NULL;
        const struct import_rows *rows = rows_of(x, r->table, &index);
        struct str folded = import_folded(x, name);
        const struct import_item *first;
        const struct row *made;
        size_t n;

        *out = (struct record_found){ 0 };
        if (!rows)
                return x->in->env->find ? x->in->env->find(x->in->env->ctx, r, of, name, out, e) : ERR_OK;
        n = import_index_find(index, folded, &first);
        if (n)
                among(out, r, rows, first, n);
        if (out->n && !out->ended)
                return ERR_OK;
        made = made_named(x, r->table, folded);
        if (made) {
                *out = (struct record_found){ .n = 1, .id = str_of(arena_text(x->a, made->id)) };
                return ERR_OK;
        }
        if (r->table == TABLE_PROVIDER || (r->table == TABLE_SECTION && x->makes_sections))
                return make(x, r, name, out, e);
        return ERR_OK;
}

static int name_of(void *ctx, const struct register_info *r, struct str id, struct str *name, bool *ended, struct err *e)
{
        struct importing *x = ctx;
        const struct import_index *index = NULL;
        const struct import_rows *rows = rows_of(x, r->table, &index);
        int col = register_name_column(r)->col;

        for (size_t i = 0; i < x->made_n; i++)
                if (x->made[i].table == r->table && str_is(id, x->made[i].id)) {
                        *name = row_get_text(&x->made[i], col);
                        *ended = false;
                        return ERR_OK;
                }
        for (size_t i = 0; rows && i < rows->n; i++)
                if (str_is(id, rows->rows[i].id)) {
                        *name = row_get_text(&rows->rows[i], col);
                        *ended = import_row_over(r, &rows->rows[i]);
                        return ERR_OK;
                }
        return x->in->env->name ? x->in->env->name(x->in->env->ctx, r, id, name, ended, e) : ERR_ABSENT;
}

static int index_rows(struct importing *x, struct import_index *index, const struct import_rows *rows, const int *cols, size_t n, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; i < rows->n; i++)
                for (size_t k = 0; r == ERR_OK && k < n; k++)
                        r = import_index_add(index, import_folded(x, row_get_text(&rows->rows[i], cols[k])), i, x->a, e);
        import_index_sort(index);
        return r;
}

int import_env_init(struct importing *x, struct err *e)
{
        static const int people[] = { PERSON_name, PERSON_number, PERSON_login }, providers[] = { PROVIDER_name }, sections[] = { SECTION_name };
        int r = index_rows(x, &x->people, &x->in->people, people, countof(people), e);

        if (r == ERR_OK)
                r = index_rows(x, &x->providers, &x->in->providers, providers, countof(providers), e);
        if (r == ERR_OK)
                r = index_rows(x, &x->sections, &x->in->sections, sections, countof(sections), e);
        x->env = *x->in->env;
        x->env.find = find;
        x->env.name = name_of;
        x->env.ctx = x;
        return r;
}
