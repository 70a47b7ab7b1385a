/* effect_rows.c - answers become rows of a register about the service: certificates, the contract, who keeps what; see effect.h.
 *
 * A line that the register has already (by its key columns, on the same service) changes that row; a certificate of a kind that is shown
 * anew under another number is replaced. What the answers do not speak of stays as it is.
 */
#include "core/procedure/effect.h"

#include "core/register/record.h"

enum { LINES_MAX = EFFECT_ROWS_MAX };

struct filling {
        struct doing               *d;
        const struct register_info *r;
        const struct row           *service, *provider;      /* provider NULL: not known here */
        const struct row           *seen[LINES_MAX];         /* rows that a line has changed */
        size_t                      seen_count;
};

/* ---- one cell ---- */

static const struct register_column *column_of(const struct filling *f, const struct pack_filled *c)
{
        return register_column_find(f->r, str_of(c->id));
}

static bool int_of(int64_t *out, enum register_type type, struct str s)
{
        struct date day;
        uint64_t n;

        switch (type) {
        case REGISTER_DAY:
        case REGISTER_LAST_DAY:
                if (!date_parse(s, &day))
                        return false;
                *out = utime_from_jst(day) + (type == REGISTER_LAST_DAY ? UTIME_DAY : 0);
                return true;
        case REGISTER_YES_NO:
                *out = str_is(s, "true");
                return true;
        default:
                if (!str_u64(s, FORM_INTEGER_MAX, &n))
                        return false;
                *out = (int64_t)n;
                return true;
        }
}

/* The pack's check saw to it that the types fit. A text that stays the same keeps its commitment. */
static int put_cell(struct row *row, const struct register_column *c, struct str s, struct err *e)
{
        bool is_text = table_infos[row->table].cols[c->col].type == COLUMN_TEXT;
        struct row after = *row;
        int64_t i;

        if (!s.n)
                return ERR_OK;
        if (!is_text && !int_of(&i, c->type, s))
                return effect_gone(e);
        if (!is_text)
                row_int(&after, c->col, i);
        else if (c->type == REGISTER_TEXT || c->type == REGISTER_LINES)
                row_personal(&after, c->col, s);
        else
                row_text(&after, c->col, s);
        if (!record_same(&after.v[c->col], &row->v[c->col]))
                row->v[c->col] = after.v[c->col];
        return ERR_OK;
}

/* ---- one line ---- */

static int column_named(enum table t, const char *name)
{
        for (size_t i = 0; i < table_infos[t].cols_count; i++)
                if (strcmp(table_infos[t].cols[i].name, name) == 0)
                        return (int)i;
        return -1;
}

static bool is_over(const struct filling *f, const struct row *row)
{
        return f->r->state_col >= 0 && register_is_over(row_get_text(row, f->r->state_col));
}

/* On this service; a certificate may be the provider's for all of its services. */
static bool is_ours(const struct filling *f, const struct row *row)
{
        if (row->table != f->r->table || is_over(f, row))
                return false;
        if (row_is(row, f->r->of_col, f->service->id))
                return true;
        return row->table == TABLE_CERTIFICATE && !row_get_text(row, CERTIFICATE_service).n &&
               str_eq(row_get_text(row, CERTIFICATE_provider), row_get_text(f->service, SERVICE_provider));
}

static bool same_keys(const struct filling *f, const struct row *a, const struct row *b)
{
        for (size_t i = 0; i < f->r->columns_count; i++)
                if ((f->r->columns[i].flags & REGISTER_KEY) && !record_same(&a->v[f->r->columns[i].col], &b->v[f->r->columns[i].col]))
                        return false;
        return f->r->table != TABLE_SUBCONTRACTOR || !row_get_text(a, SUBCONTRACTOR_parent).n;
}

static const struct row *known_row(const struct filling *f, const struct row *line)
{
        struct row_list lists[] = { f->d->w->facts->hanging, f->d->w->facts->subcontractors };

        for (size_t k = 0; k < countof(lists); k++)
                for (size_t i = 0; i < lists[k].n; i++)
                        if (is_ours(f, &lists[k].rows[i]) && same_keys(f, &lists[k].rows[i], line))
                                return &lists[k].rows[i];
        return NULL;
}

static bool was_seen(const struct filling *f, const struct row *row)
{
        for (size_t i = 0; i < f->seen_count; i++)
                if (strcmp(f->seen[i]->id, row->id) == 0)
                        return true;
        return false;
}

/* A certificate shown again without its number is the one of that kind. */
static const struct row *same_kind(const struct filling *f, const struct row *line)
{
        struct row_list list = f->d->w->facts->hanging;

        for (size_t i = 0; f->r->table == TABLE_CERTIFICATE && !row_get_text(line, CERTIFICATE_number).n && i < list.n; i++)
                if (is_ours(f, &list.rows[i]) && !was_seen(f, &list.rows[i]) && str_eq(row_get_text(&list.rows[i], CERTIFICATE_kind), row_get_text(line, CERTIFICATE_kind)))
                        return &list.rows[i];
        return NULL;
}

/* Two lines that say the same row: the later one counts. */
static const struct row *made_row(const struct filling *f, const struct row *line)
{
        for (size_t i = 0; i < f->d->out->rows_count; i++)
                if (is_ours(f, &f->d->out->rows[i]) && same_keys(f, &f->d->out->rows[i], line))
                        return &f->d->out->rows[i];
        return NULL;
}

/* What an approval says of any row it makes or confirms. */
static void put_marks(struct filling *f, struct row *row, bool fresh)
{
        int application = column_named(row->table, "application"), from = column_named(row->table, "from_at");

        if (application >= 0)
                row_text(row, application, str_of(f->d->app->id));
        if (row->table == TABLE_CERTIFICATE)
                row_int(row, CERTIFICATE_checked_at, f->d->w->now);
        if (!fresh)
                return;
        row_text(row, f->r->of_col, effect_id(f->d, f->service->id));
        row_text(row, f->r->state_col, str_of(f->r->live));
        if (row->table == TABLE_CERTIFICATE)
                row_text(row, CERTIFICATE_provider, effect_id(f->d, row_get_text(f->service, SERVICE_provider).p));
        if (from >= 0 && row->table != TABLE_CERTIFICATE && row->v[from].kind == VALUE_NULL)
                row_int(row, from, f->d->w->now);
}

/* `line`: the cells that answers give, without an id. */
static int put_line(struct filling *f, const struct row *line, struct err *e)
{
        const struct row *known = made_row(f, line);
        struct row row;
        int r = ERR_OK;

        if (row_get_text(line, register_name_column(f->r)->col).n == 0)
                return effect_gone(e);
        if (!known)
                known = known_row(f, line) ? known_row(f, line) : same_kind(f, line);
        if (known)
                row = *known;
        else
                r = fresh_row(&row, f->d->ids, f->r->table, e);
        if (r < 0)
                return r;
        for (size_t i = 0; i < f->d->fx->columns_count; i++) {
                int col = column_of(f, &f->d->fx->columns[i])->col;

                if (!record_same(&row.v[col], &line->v[col]) && line->v[col].kind != VALUE_NULL)
                        row.v[col] = line->v[col];
        }
        put_marks(f, &row, !known);
        if (known && f->seen_count < LINES_MAX)
                f->seen[f->seen_count++] = known;
        return effect_put(f->d, &row, e);
}

/* ---- tables ---- */

static const struct register_column *filled_by(const struct filling *f, struct str field)
{
        for (size_t i = 0; i < f->d->fx->columns_count; i++)
                if (str_is(field, f->d->fx->columns[i].field))
                        return column_of(f, &f->d->fx->columns[i]);
        return NULL;
}

/* Columns that the whole case fills, the same in each line. */
static int begin_line(struct row *line, struct filling *f, struct err *e)
{
        int r = ERR_OK;

        *line = (struct row){ .table = f->r->table };
        for (size_t i = 0; r == ERR_OK && i < f->d->fx->columns_count; i++)
                r = put_cell(line, column_of(f, &f->d->fx->columns[i]), effect_answer(f->d, f->d->fx->columns[i].field), e);
        return r;
}

static int put_table(struct filling *f, struct err *e)
{
        struct table_walk walk = { .rest = effect_answer(f->d, f->d->fx->table_field) };
        struct table_cell cell;
        struct row line;
        size_t at = SIZE_MAX;
        int r = ERR_OK;

        while (r == ERR_OK && table_next(&walk, &cell)) {
                const struct register_column *c = filled_by(f, cell.column);
                char *room = arena_alloc(f->d->out->arena, cell.raw.n + 1);

                if (!room)
                        return err_set(e, ERR_NOMEM, "effect");
                if (cell.row != at) {
                        if (at != SIZE_MAX)
                                r = put_line(f, &line, e);
                        if (r == ERR_OK)
                                r = begin_line(&line, f, e);
                        at = cell.row;
                }
                if (r == ERR_OK && c)
                        r = put_cell(&line, c, table_text(cell.raw, room), e);
        }
        return r == ERR_OK && at != SIZE_MAX ? put_line(f, &line, e) : r;
}

/* ---- certificates that others have taken the place of ---- */

static bool kind_is_new(const struct filling *f, struct str kind)
{
        for (size_t i = 0; i < f->d->out->rows_count; i++)
                if (f->d->out->rows[i].table == TABLE_CERTIFICATE && f->d->out->rows[i].rev == 1 && str_eq(row_get_text(&f->d->out->rows[i], CERTIFICATE_kind), kind))
                        return true;
        return false;
}

static int replace_older(struct filling *f, struct err *e)
{
        struct row_list list = f->d->w->facts->hanging;
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < list.n; i++) {
                struct row row = list.rows[i];

                if (!is_ours(f, &row) || was_seen(f, &row) || !kind_is_new(f, row_get_text(&row, CERTIFICATE_kind)))
                        continue;
                row_text(&row, CERTIFICATE_state, STR("replaced"));
                r = effect_put(f->d, &row, e);
        }
        return r;
}

/* ---- the service and its provider themselves ---- */

static int put_own(struct filling *f, const struct row *own, struct err *e)
{
        struct row row = *own;
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < f->d->fx->columns_count; i++)
                r = put_cell(&row, column_of(f, &f->d->fx->columns[i]), effect_answer(f->d, f->d->fx->columns[i].field), e);
        return r < 0 ? r : effect_put(f->d, &row, e);
}

/* The provider as this approval has it, or as it stood before. */
static const struct row *provider_of(const struct filling *f)
{
        struct str id = row_get_text(f->service, SERVICE_provider);
        const struct row *made = id.n ? effect_made(f->d, TABLE_PROVIDER, id.p) : NULL;

        for (size_t i = 0; id.n && !made && i < f->d->w->facts->providers.n; i++)
                if (str_is(id, f->d->w->facts->providers.rows[i].id))
                        made = &f->d->w->facts->providers.rows[i];
        return made;
}

/* The service this approval registers, else the one that the case is about. */
static const struct row *service_of(const struct doing *d)
{
        for (size_t i = 0; i < d->out->rows_count; i++)
                if (d->out->rows[i].table == TABLE_SERVICE)
                        return &d->out->rows[i];
        return d->w->facts->service.rev ? &d->w->facts->service : NULL;
}

int effect_register_rows(struct doing *d, struct err *e)
{
        struct filling *f = arena_new(d->out->arena, struct filling);
        struct row line, service;
        int r;

        if (!f)
                return err_set(e, ERR_NOMEM, "effect");
        *f = (struct filling){ .d = d, .r = register_find(str_of(effect_register_names[d->fx->reg])), .service = service_of(d) };
        if (!f->service)
                return err_key(e, ERR_CONFLICT, "effect.rows.service", "", (char *)NULL);
        service = *f->service;                               /* the changes may move while rows are added */
        f->service = &service;
        if (f->r->table == TABLE_SERVICE)
                return put_own(f, &service, e);
        if (f->r->table == TABLE_PROVIDER)
                return provider_of(f) ? put_own(f, provider_of(f), e) : ERR_OK;
        r = d->fx->table_field ? put_table(f, e) : begin_line(&line, f, e);
        if (r == ERR_OK && !d->fx->table_field)
                r = put_line(f, &line, e);
        return r == ERR_OK && f->r->table == TABLE_CERTIFICATE ? replace_older(f, e) : r;
}
