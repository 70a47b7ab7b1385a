/* gist_said.c - answers in words, and which of them are not what they were; see gist.h. */
#include "core/form/form_sheet.h"
#include "core/procedure/gist_inside.h"

/* ---- one answer ---- */

static struct gist_text cell(const struct pack_field *f, struct str stored, const struct gist_env *env)
{
        scoped(buf_done) struct buf ja = BUF_INIT, en = BUF_INIT;
        struct date day;
        utime_t until;

        if (f->type == FIELD_PERSON || f->type == FIELD_SERVICE || f->type == FIELD_APPLICATION)
                return gist_named(f->type, stored, env);
        if (f->type == FIELD_DATE && date_parse(stored, &day))
                return gist_day(day, env);
        if (f->type == FIELD_MOMENT && utime_parse(stored, &until))
                return gist_day(period_last_day(until), env);
        form_cell_write(&ja, f, stored, env->pack, LANG_JA);
        form_cell_write(&en, f, stored, env->pack, LANG_EN);
        return gist_buf((struct buf[LANG_COUNT]){ ja, en }, env);
}

/* One line of a table: its cells as they are stored, and its words. */
struct table_line { struct str raw; struct gist_text said; bool matched; };

static const struct pack_field *column_of(const struct pack_field *f, struct str id)
{
        for (size_t i = 0; i < f->columns_count; i++)
                if (str_is(id, f->columns[i].id))
                        return &f->columns[i];
        return NULL;
}

static struct gist_text join(const struct gist_text *a, const struct gist_text *b, const char *between[LANG_COUNT], const struct gist_env *env)
{
        struct gist_text t;

        for (int l = 0; l < LANG_COUNT; l++)
                t.in[l] = !a->in[l] || !b->in[l] ? NULL : !*a->in[l] ? b->in[l] : arena_printf(env->arena, "%s%s%s", a->in[l], between[l], b->in[l]);
        return t;
}

/* `other`: only columns that this table has too, of the same type. */
static int lines_of(struct table_line **out, size_t *n, const struct pack_field *f, const struct pack_field *other, struct str stored, const struct gist_env *env,
                    struct err *e)
{
        static const char *between[LANG_COUNT] = { [LANG_JA] = "、", [LANG_EN] = ", " };
        struct table_walk walk = { stored, 0 };
        struct table_line *lines = arena_array(env->arena, FORM_ROWS_MAX + 1, sizeof(*lines));
        struct table_cell c;
        size_t have = 0;

        while (lines && table_next(&walk, &c) && c.row < FORM_ROWS_MAX) {
                const struct pack_field *column = column_of(f, c.column), *its = column_of(other, c.column);
                char *to = arena_alloc(env->arena, c.raw.n + 1), *raw;
                struct table_line *x = &lines[c.row];
                struct gist_text said;

                if (c.row >= have) {
                        *x = (struct table_line){ { "", 0 }, { { "", "" } }, false };
                        have = c.row + 1;
                }
                if (!column || !its || its->type != column->type)
                        continue;
                raw = arena_printf(env->arena, "%.*s%s\"%.*s\"", (int)x->raw.n, x->raw.p, column->id, (int)c.raw.n, c.raw.p);
                if (!to || !raw)
                        return err_set(e, ERR_NOMEM, "gist");
                x->raw = str_of(raw);
                said = cell(column, table_text(c.raw, to), env);
                x->said = join(&x->said, &said, between, env);
        }
        *out = lines;
        *n = have;
        return lines ? ERR_OK : err_set(e, ERR_NOMEM, "gist");
}

static struct gist_text lines_said(const struct table_line *lines, size_t n, const struct gist_env *env)
{
        static const char *between[LANG_COUNT] = { "\n", "\n" };
        struct gist_text t = { { "", "" } };

        for (size_t i = 0; i < n; i++)
                if (!lines[i].matched)
                        t = join(&t, &lines[i].said, between, env);
        return t;
}

int gist_say(struct gist_text *out, const struct pack_field *f, struct str stored, const struct gist_env *env, struct err *e)
{
        struct table_line *lines;
        size_t n;
        int r = ERR_OK;

        if (!stored.n)
                *out = gist_fill("field.unanswered", NULL, 0, env);
        else if (f->type != FIELD_TABLE)
                *out = cell(f, stored, env);
        else if ((r = lines_of(&lines, &n, f, f, stored, env, e)) == ERR_OK)
                *out = lines_said(lines, n, env);
        return r < 0 ? r : gist_ok(out) ? ERR_OK : err_set(e, ERR_NOMEM, "gist");
}

/* ---- two cases ---- */

static const struct row *stored_row(const struct case_facts *f, const char *field)
{
        return facts_row((struct row_list){ f->answer_rows, f->answer_rows_count }, field);
}

static bool is_erased(const struct case_facts *f, const char *field)
{
        const struct row *row = stored_row(f, field);

        return row && row->v[ANSWER_value].kind == VALUE_ERASED;
}

/* A form is handed in from the start, a sheet when its mark is stored. */
static bool handed_in(const struct gist_case *c, const struct pack_field *field)
{
        for (size_t i = 0; i < c->pack->forms_count; i++) {
                const struct pack_form *form = &c->pack->forms[i];
                char mark[SHEET_MARK_MAX];

                if (field < form->fields || field >= form->fields + form->fields_count)
                        continue;
                flow_sheet_mark(mark, form);
                return !form->sheet || stored_row(c->facts, mark);
        }
        return false;
}

/* What one of them has and the other has not: a line for a line, wherever it stands. */
static bool match_lines(struct table_line *a, size_t n, struct table_line *b, size_t m)
{
        size_t left = n + m;

        for (size_t i = 0; i < n; i++)
                for (size_t k = 0; k < m && !a[i].matched; k++)
                        if (!b[k].matched && str_eq(a[i].raw, b[k].raw)) {
                                a[i].matched = b[k].matched = true;
                                left -= 2;
                        }
        return left > 0;
}

static int table_differs(struct gist_differ *out, bool *differs, const struct answer *before, const struct answer *now, const struct gist_env *old,
                         const struct gist_env *env, struct err *e)
{
        struct table_line *a, *b;
        size_t n, m;
        int r = lines_of(&a, &n, before->field, now->field, before->value, old, e);

        if (r == ERR_OK)
                r = lines_of(&b, &m, now->field, before->field, now->value, env, e);
        if (r < 0)
                return r;
        *differs = match_lines(a, n, b, m);
        out->before = lines_said(a, n, old);
        out->now = lines_said(b, m, env);
        return ERR_OK;
}

static int differ(struct gist_differ *out, bool *differs, const struct answer *before, const struct answer *now, const struct gist_env *old,
                  const struct gist_env *env, struct err *e)
{
        int r;

        *out = (struct gist_differ){ .field = now->field };
        *differs = !str_eq(before->value, now->value);
        if (!*differs)
                return ERR_OK;
        if (now->field->type == FIELD_TABLE) {
                r = table_differs(out, differs, before, now, old, env, e);
        } else {
                r = gist_say(&out->before, before->field, before->value, old, e);
                if (r == ERR_OK)
                        r = gist_say(&out->now, now->field, now->value, env, e);
        }
        return r < 0 || !*differs || (gist_ok(&out->before) && gist_ok(&out->now)) ? r : err_set(e, ERR_NOMEM, "gist");
}

int gist_differs(struct gist_differs *out, const struct gist_case *before, const struct gist_case *now, const struct gist_env *env, struct err *e)
{
        struct gist_env old = *env;
        struct gist_differ *items = arena_array(env->arena, now->facts->answers_count + 1, sizeof(*items));
        size_t n = 0, compared = 0;
        int r = items ? ERR_OK : err_set(e, ERR_NOMEM, "gist");

        old.pack = before->pack;
        for (size_t i = 0; r == ERR_OK && i < now->facts->answers_count; i++) {
                const struct answer *a = &now->facts->answers[i], *b = facts_answer(before->facts, a->field->id);
                bool differs = false;

                if (!b || b->field->type != a->field->type || is_erased(now->facts, a->field->id) || is_erased(before->facts, a->field->id) ||
                    !handed_in(now, a->field) || !handed_in(before, b->field))
                        continue;
                r = differ(&items[n], &differs, b, a, &old, env, e);
                n += differs;
                compared += a->field->type != FIELD_SERVICE;       /* that it is about the same service goes without saying */
        }
        if (r == ERR_OK)
                *out = (struct gist_differs){ items, n, compared };
        return r;
}

/* ---- opinions ---- */

int gist_opinions(struct gist_opinions *out, const struct gist_case *c, const struct gist_env *env, struct err *e)
{
        struct gist_opinion *items = arena_array(env->arena, c->facts->answers_count + 1, sizeof(*items));
        size_t n = 0;
        int r = items ? ERR_OK : err_set(e, ERR_NOMEM, "gist");

        for (size_t i = 0; r == ERR_OK && i < c->facts->answers_count; i++) {
                const struct answer *a = &c->facts->answers[i];

                if (!a->field->opinion || !a->value.n)
                        continue;
                items[n].field = a->field;
                r = gist_say(&items[n].said, a->field, a->value, env, e);
                n++;
        }
        if (r == ERR_OK)
                *out = (struct gist_opinions){ items, n };
        return r;
}
