/* change.c - see change.h. */
#include "core/register/change.h"

static int refuse(struct err *e, int code, const char *key, const char *field)
{
        return err_key(e, code, key, field, (char *)NULL);
}

int change_cells(struct row *row, const struct register_info *r, const struct change_cell *cells, size_t n, const struct record_env *env, struct err *e)
{
        struct row after = *row;

        for (size_t i = 0; i < n; i++) {
                const struct register_column *c = register_column_find(r, cells[i].column);
                char id[PACK_ID_MAX];
                int err;

                (void)snprintf(id, sizeof(id), "%.*s", (int)cells[i].column.n, cells[i].column.n ? cells[i].column.p : "");
                if (!c)
                        return err_key(e, ERR_INPUT, "record.column.absent", id, id, (char *)NULL);
                err = record_take(&after, r, c, cells[i].text, env, e);
                if (err < 0)
                        return err;
        }
        *row = after;
        return ERR_OK;
}

static bool is_over(const struct change_scene *s, const struct row *row)
{
        return s->r->state_col >= 0 && register_is_over(row_get_text(row, s->r->state_col));
}

/* A column of this name, if the table has one; -1. */
static int column_of(const struct row *row, const char *name)
{
        const struct table_info *t = &table_infos[row->table];

        for (size_t i = 0; i < t->cols_count; i++)
                if (strcmp(t->cols[i].name, name) == 0)
                        return (int)i;
        return -1;
}

static void put_reason(struct row *row, struct str reason)
{
        int col = column_of(row, "reason");

        if (col >= 0 && reason.n)
                row_personal(row, col, reason);
}

/* ---- adding ---- */

/* What it is from its first day on. */
static const char *first_state(const struct register_info *r, const struct row *row, utime_t now)
{
        int from = column_of(row, "from_at");

        if (r->table == TABLE_SERVICE)
                return "transitional";
        if ((r->table == TABLE_PERSON || r->table == TABLE_POSTING) && from >= 0 && row_get_int(row, from) > now)
                return "coming";
        return r->live;
}

int change_add(struct changes *out, const struct change_scene *s, const struct row *row, struct err *e)
{
        struct row after = *row;
        int r;

        if (!s->r->adds || !access_writes(s->r, s->who, s->manages))
                return refuse(e, ERR_FORBIDDEN, "record.add.role", "");
        r = record_complete(row, s->r, e);
        if (r < 0)
                return r;
        if (s->r->table == TABLE_SERVICE && !row_get_int(row, SERVICE_apply_by_at))
                return refuse(e, ERR_INPUT, "record.service.apply-by", "apply_by_at");
        if (s->same_name)
                return refuse(e, ERR_CONFLICT, "record.twice", register_name_column(s->r)->id);

        out->actor = s->who->person;
        if (s->r->state_col >= 0)
                row_text(&after, s->r->state_col, str_of(first_state(s->r, row, s->now)));
        return changes_add(out, &after, e);
}

/* ---- changing ---- */

bool change_may(const struct change_scene *s, const struct row *row)
{
        return access_writes(s->r, s->who, s->manages) && !is_over(s, row);
}

static bool differs(const struct row *a, const struct row *b)
{
        for (size_t i = 0; i < table_infos[a->table].cols_count; i++)
                if (!record_same(&a->v[i], &b->v[i]))
                        return true;
        return false;
}

/* What everything but an added row must be. */
static int check_there(const struct change_scene *s, const struct row *row, int64_t seen_rev, struct err *e)
{
        if (!access_writes(s->r, s->who, s->manages))
                return refuse(e, ERR_FORBIDDEN, "record.change.role", "");
        if (row->rev != seen_rev)
                return refuse(e, ERR_CONFLICT, "common.rev.moved", "");
        return is_over(s, row) ? refuse(e, ERR_CONFLICT, "record.over", "") : ERR_OK;
}

int change_row(struct changes *out, const struct change_scene *s, const struct row *before, const struct row *after, int64_t seen_rev, struct str reason,
               struct err *e)
{
        int name = register_name_column(s->r)->col;
        struct row row = *after;
        int r = check_there(s, before, seen_rev, e);

        if (r < 0)
                return r;
        if (!differs(before, after))
                return refuse(e, ERR_INPUT, "record.same", "");
        if (s->r->table == TABLE_SERVICE && !reason.n)                        /* who answers for it from now on, and why */
                return refuse(e, ERR_INPUT, "common.reason.missing", "reason");
        if (s->same_name && !record_same(&before->v[name], &after->v[name]))
                return refuse(e, ERR_CONFLICT, "record.twice", register_name_column(s->r)->id);
        r = record_decided(before, after, s->r, e);
        if (r == ERR_OK)
                r = record_period(after, s->r, e);
        if (r < 0)
                return r;

        out->actor = s->who->person;
        put_reason(&row, reason);
        return changes_add(out, &row, e);
}

/* ---- ending ---- */

/* Files are removed, findings closed and approved services ended by acts of their own. */
static bool ends_here(const struct change_scene *s, const struct row *row)
{
        if (s->r->state_col < 0 || s->r->table == TABLE_ATTACHMENT || s->r->table == TABLE_FINDING)
                return false;
        return s->r->table != TABLE_SERVICE || row_is(row, SERVICE_state, "transitional");
}

bool change_may_end(const struct change_scene *s, const struct row *row)
{
        return change_may(s, row) && ends_here(s, row);
}

int change_end(struct changes *out, const struct change_scene *s, const struct row *row, int64_t seen_rev, struct str reason, struct err *e)
{
        struct row after = *row;
        int r = check_there(s, row, seen_rev, e);

        if (r < 0)
                return r;
        if (!ends_here(s, row))
                return refuse(e, ERR_RULE, s->r->table == TABLE_SERVICE ? "record.end.procedure" : "record.end.other", "");
        if (!reason.n)
                return refuse(e, ERR_INPUT, "common.reason.missing", "reason");

        out->actor = s->who->person;
        row_text(&after, s->r->state_col, register_end_state(s->r));
        if (s->r->table == TABLE_SERVICE)
                row_int(&after, SERVICE_closed_at, s->now);
        if (s->r->table == TABLE_ACCOUNT && (!row_get_int(row, ACCOUNT_until_at) || row_get_int(row, ACCOUNT_until_at) > s->now))
                row_int(&after, ACCOUNT_until_at, s->now);
        put_reason(&after, reason);
        return changes_add(out, &after, e);
}
