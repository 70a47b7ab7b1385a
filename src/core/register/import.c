/* import.c - any register but people: line by line; see import.h. */
#include "core/register/import.h"

#include "core/register/import_inside.h"
#include "core/register/import_names.h"

enum { IDS_A_LINE = 3 };      /* a person, a posting, a section; and once the sections of all who are here */

/* ---- which row a line is ---- */

static bool is_key(const struct register_column *c)
{
        return c->flags & REGISTER_KEY;
}

/* What the key columns say, in one spelling; empty when they say nothing. */
static struct str key_of(struct importing *x, const struct row *row)
{
        const struct register_info *reg = x->in->reg;
        scoped(buf_done) struct buf b = BUF_INIT;
        const char *copy;
        bool any = false;

        for (size_t i = 0; i < reg->columns_count; i++) {
                scoped(buf_done) struct buf shown = BUF_INIT;
                struct str folded;

                if (!is_key(&reg->columns[i]))
                        continue;
                record_show(&shown, row, &reg->columns[i], &x->env, LANG_JA);
                folded = import_folded(x, buf_view(&shown));
                any |= folded.n > 0;
                buf_str(&b, folded);
                buf_char(&b, 0x1f);
        }
        if (reg->of_col >= 0)
                buf_str(&b, row_get_text(row, reg->of_col));
        copy = any && !buf_bad(&b) ? arena_copy(x->a, b.p, b.n) : NULL;
        return (struct str){ copy ? copy : "", copy ? b.n : 0 };
}

struct lines {
        struct import_index keys;      /* into in->rows, those that have not ended */
        struct import_index ids;       /* all of them */
        size_t             *seen;      /* line that was this row, by its place in in->rows */
        struct import_index fresh;     /* keys of lines that are new; `at` is the line */
};

static int lines_init(struct lines *l, struct importing *x, struct err *e)
{
        const struct import_rows *rows = &x->in->rows;
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < rows->n; i++) {
                r = import_index_add(&l->ids, str_of(rows->rows[i].id), i, x->a, e);
                if (r == ERR_OK && !import_row_over(x->in->reg, &rows->rows[i]))
                        r = import_index_add(&l->keys, key_of(x, &rows->rows[i]), i, x->a, e);
        }
        import_index_sort(&l->ids);
        import_index_sort(&l->keys);
        l->seen = arena_array(x->a, rows->n + 1, sizeof(*l->seen));
        return r == ERR_OK && !l->seen ? err_set(e, ERR_NOMEM, "import: no memory for lines") : r;
}

static int slip(struct importing *x, size_t column, const char *target, struct str value, const char *key, const char *a, struct err *e)
{
        struct err what = { 0 };

        (void)err_key(&what, ERR_INPUT, key, target, a, (char *)NULL);
        return import_slip(x, x->line, column, target, value, &what, e);
}

/* Two companies may offer services of one name: then the provider says which is meant. */
static size_t by_provider(struct importing *x, const struct import_item **first, size_t n)
{
        const struct register_column *c = register_column_find(x->in->reg, STR("provider"));
        size_t at, hits = 0;
        struct str said = import_folded(x, import_said(x, x->line, IMPORT_AS_COLUMN, c, &at));
        const struct import_item *hit = NULL;

        for (size_t i = 0; i < n; i++) {
                scoped(buf_done) struct buf shown = BUF_INIT;

                record_show(&shown, &x->in->rows.rows[(*first)[i].at], c, &x->env, LANG_JA);
                if (!str_eq(import_folded(x, buf_view(&shown)), said))
                        continue;
                hit = &(*first)[i];
                hits++;
        }
        *first = hit ? hit : *first;
        return hits ? hits : n;
}

/* "That line and this say the same": at the name, which is what people look at. */
static int slip_twice(struct importing *x, size_t other_line, struct err *e)
{
        const struct register_column *name = register_name_column(x->in->reg);
        char other[24];
        size_t column;
        struct str value = import_said(x, x->line, IMPORT_AS_COLUMN, name, &column);

        (void)snprintf(other, sizeof(other), "%zu", other_line);
        return slip(x, column, name->id, value, "import.line.twice", other, e);
}

/* The row that the line is: *before NULL when it is new. *bad: it cannot be said, and a slip tells why. */
static int identify(struct lines *l, struct importing *x, const struct row **before, bool *by_id, bool *bad, struct err *e)
{
        const struct register_info *reg = x->in->reg;
        struct row probe = row_new(reg->table, (struct uuid){ { 0 } }, NULL);
        const struct import_item *first;
        size_t column, n, at = 0;
        struct str id = import_said(x, x->line, IMPORT_AS_ID, NULL, &column);

        *before = NULL;
        *by_id = id.n > 0;
        if (*by_id) {
                n = import_index_find(&l->ids, id, &first);
                *bad = !n;
                if (!n)
                        return slip(x, column, "id", id, "import.id.absent", "", e);
        } else {
                for (size_t i = 0; i < reg->columns_count; i++)
                        if (is_key(&reg->columns[i])) {
                                struct str cell = import_said(x, x->line, IMPORT_AS_COLUMN, &reg->columns[i], &at);

                                (void)record_take(&probe, reg, &reg->columns[i], cell, &x->env, NULL);      /* what is wrong with it is told when the row is taken */
                        }
                if (reg->of_col >= 0 && x->in->of)
                        row_text(&probe, reg->of_col, str_of(x->in->of));
                n = import_index_find(&l->keys, key_of(x, &probe), &first);
                if (n > 1 && reg->table == TABLE_SERVICE)
                        n = by_provider(x, &first, n);
                *bad = n > 1;
                if (n > 1)
                        return slip(x, at, register_name_column(reg)->id, STR(""), "import.line.several", "", e);
        }
        if (!n)
                return ERR_OK;
        *before = &x->in->rows.rows[first->at];
        *bad = l->seen[first->at] > 0;
        if (*bad)
                return slip_twice(x, l->seen[first->at], e);
        l->seen[first->at] = x->line;
        return ERR_OK;
}

/* ---- one line ---- */

static struct row fresh_row(struct importing *x)
{
        const struct register_info *reg = x->in->reg;
        struct row row = row_new(reg->table, import_fresh(x), NULL);

        if (reg->of_col >= 0 && x->in->of)
                row_text(&row, reg->of_col, str_of(x->in->of));
        if (reg->state_col >= 0)
                row_text(&row, reg->state_col, str_of(reg->table == TABLE_SERVICE ? "transitional" : reg->live));
        return row;
}

/* Services that were there before the register: with the day by which somebody applies for them. */
static int transitional(struct importing *x, struct row *row, bool *bad, struct err *e)
{
        if (x->in->reg->table != TABLE_SERVICE || row->v[SERVICE_apply_by_at].kind == VALUE_INT)
                return ERR_OK;
        if (x->in->apply_by) {
                row_int(row, SERVICE_apply_by_at, x->in->apply_by);
                return ERR_OK;
        }
        *bad = true;
        if (x->told[SERVICE_apply_by_at])
                return ERR_OK;
        x->told[SERVICE_apply_by_at] = true;
        return slip(x, IMPORT_WHOLE_LINE, "apply_by_at", STR(""), "import.apply-by.missing", "", e);
}

static int take_line(struct importing *x, struct row *row, bool by_id, bool fresh, bool *bad, struct err *e)
{
        const struct register_info *reg = x->in->reg;
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < reg->columns_count; i++) {
                const struct register_column *c = &reg->columns[i];

                if (!by_id && ((c->flags & REGISTER_FIXED) || (!fresh && is_key(c))))
                        continue;      /* somebody's own column of that name; or what the row is known by, in another width */
                r = import_take(x, row, reg, c, (c->flags & REGISTER_FIXED) || !(by_id || (fresh && (c->flags & REGISTER_REQUIRED))), bad, e);
        }
        return r;
}

static bool same_row(const struct register_info *reg, const struct row *a, const struct row *b)
{
        for (size_t i = 0; i < reg->columns_count; i++)
                if (!record_same(&a->v[reg->columns[i].col], &b->v[reg->columns[i].col]))
                        return false;
        return true;
}

/* Two new lines of one key are one row typed twice. */
static int twice(struct lines *l, struct importing *x, const struct row *row, bool *bad, struct err *e)
{
        struct str key = key_of(x, row);

        for (size_t i = 0; key.n && i < l->fresh.n; i++)
                if (str_eq(l->fresh.items[i].key, key)) {
                        *bad = true;
                        return slip_twice(x, l->fresh.items[i].at, e);
                }
        return import_index_add(&l->fresh, key, x->line, x->a, e);
}

int import_complete(struct importing *x, const struct row *row, struct err *e)
{
        struct err what = { 0 };
        const struct register_column *c;
        size_t column = IMPORT_WHOLE_LINE;
        char key[ERR_ARG_MAX];

        if (record_complete(row, x->in->reg, &what) == ERR_OK)
                return ERR_OK;
        c = register_column_find(x->in->reg, str_of(what.field));
        if (c)
                (void)import_said(x, x->line, IMPORT_AS_COLUMN, c, &column);
        if (c && column == IMPORT_WHOLE_LINE && strcmp(what.key, "record.required") == 0) {      /* the same for all lines: told once */
                if (x->told[c->col])
                        return ERR_OK;
                x->told[c->col] = true;
                (void)snprintf(key, sizeof(key), "register.%s.%s", x->in->reg->id, c->id);
                (void)err_key(&what, ERR_INPUT, "import.column.missing", c->id, text_get(x->env.lang, key), (char *)NULL);
                return import_slip(x, x->out->layout.header, column, c->id, STR(""), &what, e);
        }
        return import_slip(x, x->line, column, c ? c->id : "", STR(""), &what, e);
}

/* A slip at the cell when a line would change what an approval decided. */
static int check_decided(struct importing *x, const struct row *before, const struct row *after, bool *bad, struct err *e)
{
        const struct register_column *c;
        size_t column = IMPORT_WHOLE_LINE;
        struct err what = { 0 };
        struct str said;

        if (record_decided(before, after, x->in->reg, &what) == ERR_OK)
                return ERR_OK;
        *bad = true;
        c = register_column_find(x->in->reg, str_of(what.field));
        said = c ? import_said(x, x->line, IMPORT_AS_COLUMN, c, &column) : STR("");
        return import_slip(x, x->line, column, what.field, said, &what, e);
}

static int plain_line(struct lines *l, struct importing *x, struct err *e)
{
        const struct register_info *reg = x->in->reg;
        const struct row *before;
        struct row after;
        bool by_id, bad = false;
        int r = identify(l, x, &before, &by_id, &bad, e);

        if (r < 0 || bad)
                return r;
        if (!before && !reg->adds)
                return slip(x, IMPORT_WHOLE_LINE, "", STR(""), "import.line.adds-none", "", e);
        if (!before && reg->of_col >= 0 && !x->in->of)
                return slip(x, IMPORT_WHOLE_LINE, "", STR(""), "import.of.missing", "", e);
        after = before ? *before : fresh_row(x);
        r = take_line(x, &after, by_id, !before, &bad, e);
        if (r == ERR_OK && !before)
                r = transitional(x, &after, &bad, e);
        if (r == ERR_OK && !bad && !before)
                r = twice(l, x, &after, &bad, e);
        if (r < 0 || bad)
                return r;
        if (before && same_row(reg, before, &after)) {
                x->out->counts.same++;
                return ERR_OK;
        }
        if (before && import_row_over(reg, before))
                return slip(x, IMPORT_WHOLE_LINE, "", STR(""), "record.over", "", e);
        r = before ? check_decided(x, before, &after, &bad, e) : ERR_OK;
        if (r < 0 || bad)
                return r;
        *(before ? &x->out->counts.changed : &x->out->counts.fresh) += 1;
        r = import_complete(x, &after, e);
        if (r == ERR_OK)
                r = import_entry(x, reg, before ? "changed" : "recorded", e);
        return r == ERR_OK ? import_row(x, &after, e) : r;
}

int import_plain(struct importing *x, struct err *e)
{
        struct lines l = { 0 };
        int r = lines_init(&l, x, e);

        for (size_t line = x->out->layout.header + 1; r == ERR_OK && line <= import_lines(x->in->sheet); line++) {
                enum import_why why;
                bool blank;

                x->line = line;
                if (import_skips(x, line, &blank, &why))
                        x->out->skipped[x->out->skipped_n++] = (struct import_skipped){ line, why };
                else if (!blank) {
                        x->out->counts.lines++;
                        r = plain_line(&l, x, e);
                }
        }
        return r;
}

/* ---- the whole ---- */

/* What can be read of a block at all: a header, and each column that a new row must have. */
static int check_layout(struct importing *x, struct err *e)
{
        struct err what = { 0 };

        if (import_layout(&x->out->layout, x->in->reg, x->in->sheet, x->in->mapping, x->in->header))
                return ERR_OK;
        (void)err_key(&what, ERR_INPUT, "import.header.absent", "", (char *)NULL);
        return import_slip(x, 1, IMPORT_WHOLE_LINE, "", STR(""), &what, e);
}

int import_plan(struct import_plan *out, const struct import_in *in, struct err *e)
{
        struct importing x = { .in = in, .out = out, .a = in->env->arena };
        size_t lines = import_lines(in->sheet);
        char most[24];
        int r;

        *out = (struct import_plan){ 0 };
        (void)snprintf(most, sizeof(most), "%d", IMPORT_LINES_MAX);
        if (lines > IMPORT_LINES_MAX)
                return err_key(e, ERR_TOO_BIG, "import.too-many", "", most, (char *)NULL);
        if (in->ids_count < IDS_A_LINE * lines + in->people.n)
                return err_set(e, ERR_BUG, "import: %zu fresh ids for %zu lines", in->ids_count, lines);
        out->skipped = arena_array(x.a, lines, sizeof(*out->skipped));
        if (!out->skipped)
                return err_set(e, ERR_NOMEM, "import: no memory for a plan");
        r = import_env_init(&x, e);
        if (r == ERR_OK)
                r = check_layout(&x, e);
        if (r < 0 || out->mistakes_total)
                return r;
        return in->reg->table == TABLE_PERSON ? import_people(&x, e) : import_plain(&x, e);
}

/* ---- what was shown ---- */

static void add_text(struct hash *chain, struct str s)
{
        uint64_t n = s.n;
        const struct str runs[] = { { (const char *)chain->b, HASH_SIZE }, { (const char *)&n, sizeof(n) }, s };

        *chain = hash_runs(runs, countof(runs));
}

/* Rows that are new go by their place in the plan: their ids are other ones each time. */
static void add_value(struct hash *chain, const struct value *v, const struct import_index *fresh)
{
        const struct import_item *first;
        char number[32];

        if (v->kind == VALUE_INT)
                (void)snprintf(number, sizeof(number), "%lld", (long long)v->i);
        else if (v->kind == VALUE_TEXT && import_index_find(fresh, v->s, &first))
                (void)snprintf(number, sizeof(number), "#%zu", first->at);
        else
                return add_text(chain, v->kind == VALUE_TEXT ? v->s : STR(""));
        add_text(chain, str_of(number));
}

int import_digest(struct hash *out, const struct import_plan *p, const struct import_in *in, struct err *e)
{
        struct import_index fresh = { 0 };
        struct hash chain = { { 0 } };
        char where[96];
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < p->rows_n; i++)
                if (!p->rows[i].rev)
                        r = import_index_add(&fresh, str_of(p->rows[i].id), i, in->env->arena, e);
        if (r < 0)
                return r;
        import_index_sort(&fresh);
        for (const struct import_entry *n = p->entries; n < p->entries + p->entries_n; n++) {
                (void)snprintf(where, sizeof(where), "%s.%s %zu", n->reg->id, n->verb, n->line);
                add_text(&chain, str_of(where));
                for (const struct row *row = p->rows + n->first; row < p->rows + n->first + n->n; row++) {
                        (void)snprintf(where, sizeof(where), "%s %s %lld", table_infos[row->table].name, row->rev ? row->id : "", (long long)row->rev);
                        add_text(&chain, str_of(where));
                        for (size_t c = 0; c < table_infos[row->table].cols_count; c++)
                                add_value(&chain, &row->v[c], &fresh);
                }
        }
        *out = chain;
        return ERR_OK;
}
